"""Every lever explained on a console, grouped by theme."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from louyu_lab.analysis.scenarios.levers.schema import Lever, levers
from louyu_lab.ledgers.texts import nearest
from louyu_lab.run.parameters import InputError

_HOW = (
    "写在情景文件的 changes（改变）下，名称用中文英文都可以；"
    "值写一个数、“年份: 值”，或写明年份、街道、行业的几条。"
)


def lever_list(word: str = "") -> str:
    """Return the levers that ``word`` occurs in, all for "", each with default, range and source.

    Raises InputError for a word that occurs in none.
    """
    found = [lever for lever in levers().values() if word.lower() in _searched(lever)]
    if not found:
        names = [name for lever in levers().values() for name in (lever.title, lever.name)]
        raise InputError(f"没有哪个杠杆提到“{word}”{nearest(word, names)}。全部杠杆见 louyu what-if --list")
    blocks = ["\n".join(_theme(theme, group)) for theme, group in groupby(found, lambda lever: lever.theme)]
    return "\n\n".join([*blocks, f"共 {len(found)} 个杠杆。{_HOW}"])


def _searched(lever: Lever) -> str:
    return " ".join((lever.theme, lever.name, lever.title, lever.meaning, lever.provenance)).lower()


def _theme(theme: str, group: Iterable[Lever]) -> Iterator[str]:
    yield f"【{theme}】"
    for lever in group:
        yield f"{lever.title}　{lever.name}"
        yield f"    {lever.meaning}"
        yield f"    默认 {lever.default}（{lever.provenance}：{lever.source}）"
        yield f"    {'；'.join(_allowed(lever))}"


def _allowed(lever: Lever) -> Iterator[str]:
    """What may be written, and beside what."""
    yield f"范围 {lever.range_zh}"
    yield lever.form_zh
    if lever.cost_unit:
        yield f"单价 {lever.cost_unit}"
    beside = (
        ("须同时写其一", lever.refines),
        ("须同时写", lever.completed_by),
        ("不能同时写", lever.excludes),
    )
    for words, names in beside:
        if names:
            yield f"{words} {'、'.join(levers()[name].title for name in names)}"
    if lever.is_tied_to_tax:
        yield "与纳税额挂钩，提示公平竞争审查"
