"""Scenario files: ``scenarios/*.yaml`` in the data folder, each saying only what differs from the baseline.

A file that cannot be right is refused with every problem at once; nothing of it is used.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from louyu_lab.analysis.scenarios.levers import Setting, lever_called, levers, read_setting, unknown_lever
from louyu_lab.ledgers.beside import scenario_files
from louyu_lab.ledgers.lined_yaml import (
    LinedValue,
    UnreadableYaml,
    entries,
    mapping_of,
    named_entries,
    text_of,
)
from louyu_lab.ledgers.texts import nearest

#: Key of a scenario file -> its Chinese name, which may be written instead.
KEYS = {"title": "标题", "author": "编制人", "reason": "理由", "base": "基础情景", "changes": "改变"}

_EXAMPLE = "“title: …”“changes: …”"


class ScenarioError(ValueError):
    """A scenario that cannot be computed: ``file`` names it, ``problems`` says everything that is wrong."""

    def __init__(self, file: str, problems: list[str]) -> None:
        """Make one message of all problems."""
        self.file, self.problems = file, tuple(problems)
        super().__init__(f"情景文件 {file} 没有计算：{'；'.join(problems)}。")


@dataclass(frozen=True)
class Scenario:
    """One scenario: ``changes`` maps levers to their values in stored units, those of ``base`` included.

    ``file`` is the file's name; ``author`` is for the file alone and stands in no result.
    """

    file: str
    title: str
    author: str
    reason: str
    base: str
    changes: Mapping[str, Setting]


def load_scenarios(folder: Path) -> tuple[list[Scenario], list[ScenarioError]]:
    """Return the scenarios of a data folder by file name, and the errors of those refused.

    Of two scenarios with one title the second is refused: their rows could not be told apart.
    """
    scenarios: list[Scenario] = []
    refused: list[ScenarioError] = []
    files = scenario_files(folder)
    for path in files:
        try:
            scenario = _load(path, files, ())
            same = next((other.file for other in scenarios if other.title == scenario.title), "")
            if same:
                raise ScenarioError(path.name, [f"标题与 {same} 相同，请改一个"])
            scenarios.append(scenario)
        except ScenarioError as error:
            refused.append(error)
    return scenarios, refused


def load_scenario(path: Path) -> Scenario:
    """Read one scenario file of a data folder, and the one it builds on.

    ``base`` names another of the folder's ``scenario_files``, with or without ending: only these are
    inputs of a run.

    Keys: ``title`` (needed), ``author``, ``reason``, ``base`` and ``changes``: ``{lever: value}`` or
    ``{lever: {year: value}}``; its own changes replace those of the base. Raises ScenarioError.
    """
    return _load(path, scenario_files(path.parent.parent), ())


def _load(path: Path, files: Sequence[Path], above: tuple[str, ...]) -> Scenario:
    problems: list[str] = []
    top = _top(path, problems)
    keys = ("title", "author", "reason", "base")
    texts = {key: text_of(f"{key}（{KEYS[key]}）", top.get(key), problems) for key in keys}
    if not texts["title"] and "title" not in top:
        problems.append("缺 title（标题）")
    changes = _changes(top.get("changes"), problems) if "changes" in top else {}
    if "changes" not in top:
        problems.append("缺 changes（改变）；什么都不改写成 changes: {}")
    inherited = _inherited(texts["base"], files, (*above, path.name), problems)
    changes = {**_without_rivals(inherited, changes), **changes}
    problems += _contradictions(changes)
    if problems:
        raise ScenarioError(path.name, list(dict.fromkeys(problems)))
    ordered = {name: changes[name] for name in levers() if name in changes}
    return Scenario(path.name, changes=ordered, **texts)


def _inherited(
    base: str, files: Sequence[Path], above: tuple[str, ...], problems: list[str]
) -> Mapping[str, Setting]:
    """Return the changes of the base; ``above`` are the files that lead to it, the last the one read."""
    if not base:
        return {}
    stems = {other.stem: other for other in files}
    found = {other.name: other for other in files}.get(base) or stems.get(base)
    if found is None:
        names = sorted(stem for stem in stems if stem != Path(above[-1]).stem)
        problems.append(f"没有基础情景“{base}”{nearest(base, names)}；可用的：{'、'.join(names) or '无'}")
        return {}
    if found.name in above:
        problems.append(f"基础情景绕成了圈：{' → '.join([*above, found.name])}")
        return {}
    try:
        return _load(found, files, above).changes
    except ScenarioError as error:
        problems.append(f"基础情景 {found.name} 有误：{'；'.join(error.problems)}")
        return {}


def _without_rivals(inherited: Mapping[str, Setting], own: Mapping[str, Setting]) -> dict[str, Setting]:
    """Drop what the base says of a lever that an own change takes the place of."""
    rivals = {levers()[name].excludes for name in own}
    return {name: value for name, value in inherited.items() if name not in rivals}


def _contradictions(changes: Mapping[str, Setting]) -> list[str]:
    problems = []
    for name in changes:
        lever = levers()[name]
        if lever.excludes in changes and name < lever.excludes:
            problems.append(f"{lever.title}与{levers()[lever.excludes].title}不能同时写")
        if lever.refines and not set(lever.refines) & set(changes):
            wanted = "或".join(levers()[other].title for other in lever.refines)
            problems.append(f"写了{lever.title}，但没有写{wanted}，不会有作用")
    return problems


def _changes(entry: LinedValue | None, problems: list[str]) -> dict[str, Setting]:
    if entry is None or entry.value is None:
        return {}
    if not isinstance(entry.node, yaml.MappingNode):
        problems.append(f"第 {entry.line} 行：changes（改变）下应是“杠杆: 值”，现为 {entry.value!r}")
        return {}
    changes: dict[str, Setting] = {}
    for name, written in entries(entry.node, problems):
        lever = lever_called(str(name.value))
        if lever is None:
            problems.append(f"第 {written.line} 行：{unknown_lever(str(name.value))}")
            continue
        if isinstance(written.node, yaml.MappingNode):
            entries(written.node, problems)
        value, wrong = read_setting(lever, written.value)
        problems += [f"第 {written.line} 行：{text}" for text in wrong]
        if lever.name in changes:
            problems.append(f"第 {written.line} 行：{lever.title}写了两次")
        if value is not None:
            changes[lever.name] = value
    return changes


def _top(path: Path, problems: list[str]) -> dict[str, LinedValue]:
    """Return the file's known keys; what is no mapping at all raises ScenarioError at once."""
    try:
        node = mapping_of(path, _EXAMPLE)
    except UnreadableYaml as broken:
        raise ScenarioError(path.name, [str(broken)]) from broken
    return named_entries(node, KEYS, problems)
