"""Scenario files: each says only what differs from the baseline, or from another file beside it.

A file that cannot be right is refused with every problem at once; nothing of it is used.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import yaml

from louyu_lab.analysis.scenarios.levers.questions import read_costs, read_goal, read_sweep
from louyu_lab.analysis.scenarios.levers.reading import read_settings, shown_of
from louyu_lab.analysis.scenarios.levers.scenario import Goal, Scenario, ScenarioError
from louyu_lab.analysis.scenarios.levers.schema import lever_called, levers, unknown_lever
from louyu_lab.analysis.scenarios.levers.setting import Setting
from louyu_lab.analysis.scenarios.levers.together import contradictions, without_rivals
from louyu_lab.analysis.scenarios.levers.wording import allowed_names
from louyu_lab.ledgers.beside import scenario_files, yaml_files
from louyu_lab.ledgers.lined_yaml import (
    LinedValue,
    UnreadableYaml,
    entries,
    mapping_of,
    named_entries,
    text_of,
)
from louyu_lab.ledgers.texts import nearest

__all__ = ["KEYS", "Goal", "Scenario", "ScenarioError", "load_scenario", "load_scenarios"]

#: Key of a scenario file -> its Chinese name, which may be written instead.
KEYS = {
    "title": "标题",
    "author": "编制人",
    "reason": "理由",
    "base": "基础情景",
    "changes": "改变",
    "costs": "单价",
    "sweep": "扫描",
    "goal": "目标倒推",
}

_TEXTS = ("title", "author", "reason", "base")
_EXAMPLE = "“title: …”“changes: …”"


def load_scenarios(folder: Path) -> tuple[list[Scenario], list[ScenarioError]]:
    """Return the scenarios of a data folder, ``scenarios/*.yaml``, and the errors of those refused.

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


def load_scenario(path: Path | str) -> Scenario:
    """Read one scenario file, wherever it lies, and the one beside it that it builds on.

    Keys: ``title`` (needed), ``author``, ``reason``, ``base``, ``changes`` (needed): ``{lever: value}`` or
    ``{lever: {year: value}}`` or ``{lever: [clause, …]}``; its own changes replace those of the base; and
    ``costs``, ``sweep``, ``goal``. ``base`` names another YAML file of the folder, with or without ending.
    Raises ScenarioError.
    """
    path = Path(path)
    if not path.is_file():
        raise ScenarioError(path.name, ["没有这个文件"])
    return _load(path, yaml_files(path.parent), ())


def _load(path: Path, files: Sequence[Path], above: tuple[str, ...]) -> Scenario:
    problems: list[str] = []
    top = _top(path, problems)
    texts = _texts(top, problems)
    own, lines = _changes(top.get("changes"), problems)
    if "changes" not in top:
        problems.append("缺 changes（改变）；什么都不改写成 changes: {}")
    base, wrong = _base(top.get("base"), texts["base"], files, (*above, path.name))
    changes = {**without_rivals(base.changes, lines), **own}
    costs, priced = read_costs(top.get("costs"), problems)
    sweep, goal = read_sweep(top.get("sweep"), problems), read_goal(top.get("goal"), problems)
    moved = dict.fromkeys(without_rivals(base.changes, lines)) | lines
    for key, asked in (("goal", goal.bounds if goal else ()), ("sweep", sweep[:1] if sweep else ())):
        moved = dict.fromkeys(asked, top[key].line if asked else None) | moved
        lines = lines | ({key: top[key].line} if asked else {})
    # Of a base that cannot be read it is not known what its levers go with.
    problems += wrong or contradictions(moved, priced)
    if problems:
        raise ScenarioError(path.name, list(dict.fromkeys(problems)))
    ordered = {name: changes[name] for name in levers() if name in changes}
    return Scenario(
        path.name,
        **texts,
        changes=ordered,
        costs={**base.costs, **costs},
        sweep=sweep,
        goal=goal,
        lines=lines,
    )


def _texts(top: Mapping[str, LinedValue], problems: list[str]) -> dict[str, str]:
    wrong: list[str] = []
    texts = {key: text_of(f"{key}（{KEYS[key]}）", top.get(key), wrong) for key in _TEXTS}
    problems += wrong
    if not texts["title"] and (top.get("title") is None or top["title"].value is None):
        problems.append("缺 title（标题）")
    return texts


def _base(
    entry: LinedValue | None, base: str, files: Sequence[Path], above: tuple[str, ...]
) -> tuple[Scenario, list[str]]:
    """Return the base, an empty one where there is none, and what is wrong with it.

    ``above`` are the files that lead to it, the last the one read.
    """
    nothing = Scenario("", "", "", "", "", {})
    if entry is None or not base:
        return nothing, []
    stems = {other.stem: other for other in files}
    found = {other.name: other for other in files}.get(base) or stems.get(base)
    where = f"第 {entry.line} 行："
    if found is None:
        names = sorted(stem for stem in stems if stem != Path(above[-1]).stem)
        allowed = allowed_names(names) or "；同一文件夹里没有别的情景文件"
        return nothing, [f"{where}没有基础情景“{base}”{nearest(base, names)}{allowed}"]
    if found.name in above:
        return nothing, [f"{where}基础情景绕成了圈：{' → '.join([*above, found.name])}"]
    try:
        return _load(found, files, above), []
    except ScenarioError as error:
        return nothing, [f"{where}基础情景 {found.name} 有误：{'；'.join(error.problems)}"]


def _changes(entry: LinedValue | None, problems: list[str]) -> tuple[dict[str, Setting], dict[str, int]]:
    """Return the settings that can be read, and the line of every lever named, by lever."""
    changes: dict[str, Setting] = {}
    lines: dict[str, int] = {}
    if entry is None or entry.value is None:
        return changes, lines
    if not isinstance(entry.node, yaml.MappingNode):
        problems.append(f"第 {entry.line} 行：changes（改变）下应是“杠杆: 值”，现为 {shown_of(entry)}")
        return changes, lines
    for key, written in entries(entry.node, problems):
        lever = lever_called(str(key.value))
        if lever is None:
            problems.append(f"第 {key.line} 行：{unknown_lever(str(key.value))}")
            continue
        for name, setting in read_settings(lever, written, problems).items():
            if name in lines:
                problems.append(f"第 {key.line} 行：{levers()[name].title}写了两次")
            lines[name] = key.line
            if setting is not None:
                changes[name] = setting
    return changes, lines


def _top(path: Path, problems: list[str]) -> dict[str, LinedValue]:
    """Return the file's known keys; what is no mapping at all raises ScenarioError at once."""
    try:
        node = mapping_of(path, _EXAMPLE)
    except UnreadableYaml as broken:
        raise ScenarioError(path.name, [str(broken)]) from broken
    return named_entries(node, KEYS, problems)
