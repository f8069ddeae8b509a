"""Reading the value of a lever: a number, numbers by year, clauses, or names; every fault with its line."""

from __future__ import annotations

import re

import yaml

from louyu_lab.analysis.scenarios.levers.quantities import WRITTEN, has_unit, number_of
from louyu_lab.analysis.scenarios.levers.schema import Lever, levers
from louyu_lab.analysis.scenarios.levers.setting import SCOPES, Clause, Setting
from louyu_lab.ledgers.lined_yaml import LinedValue, entries, items, named_entries

#: Key of a clause -> its Chinese name, which may be written instead.
CLAUSE_KEYS = {"value": "值", "years": "年份", **SCOPES, "interval": "区间"}

_ASKED = {*CLAUSE_KEYS, *CLAUSE_KEYS.values()}
_SPAN = re.compile(r"(\d{4})\s*(?:-|–|—|~|至|到)\s*(\d{4})")


#: Lever of names -> the lever that says when; both may be written in one: ``{名称: [...], 年份: 2022}``.
_YEARS_OF = {"leaving_enterprises": "leaving_year", "refit_buildings": "refit_year"}
_DATED_KEYS = {"names": "名称", "year": "年份"}


def read_settings(lever: Lever, entry: LinedValue, problems: list[str]) -> dict[str, Setting | None]:
    """Return what is written behind a lever: its setting, and that of its year where both are in one."""
    if lever.name not in _YEARS_OF or not isinstance(entry.node, yaml.MappingNode):
        return {lever.name: read_setting(lever, entry, problems)}
    keys = named_entries(entry.node, _DATED_KEYS, problems)
    if "names" not in keys:
        problems.append(f"第 {entry.line} 行：{lever.title}缺 names（名称）")
        return {lever.name: None}
    found = {lever.name: read_setting(lever, keys["names"], problems)}
    if "year" in keys:
        year = levers()[_YEARS_OF[lever.name]]
        found[year.name] = read_setting(year, keys["year"], problems)
    return found


def read_setting(lever: Lever, entry: LinedValue, problems: list[str]) -> Setting | None:
    """Return the setting written behind a lever; what is wrong is added to ``problems``, then None.

    ``0.2`` | ``{2021: 5万㎡, 2022: 10万㎡}`` | ``[{值: 2, 年份: 2021, 行业: [金融业]}, …]`` (or one such
    mapping) | for levers that take names, a name or a list of them.
    """
    before = len(problems)
    if lever.kind == "names":
        setting: Setting = _names(lever.title, entry, problems)
    elif isinstance(entry.node, yaml.SequenceNode):
        setting = _clauses(lever, entry, problems)
    elif not isinstance(entry.node, yaml.MappingNode):
        value = read_number(lever, entry, problems)
        setting = () if value is None else (Clause(value),)
    elif any(getattr(key, "value", None) in _ASKED for key, _ in entry.node.value):
        setting = _clause(lever, entry, problems)
    else:
        setting = _by_year(lever, entry, problems)
    return setting if len(problems) == before else None


def read_number(lever: Lever, entry: LinedValue, problems: list[str], what: str = "") -> float | None:
    """Return one number of the lever's kind within its range, or None with the fault in ``problems``.

    ``what`` says in the message which number of the lever it is.
    """
    shown = shown_of(entry)
    title = f"第 {entry.line} 行：{lever.title}{what}"
    value = number_of(lever.kind, shown) if is_plain(entry) else None
    if value is None or ((lever.whole or lever.kind == "year") and value != int(value)):
        whole = "整" if lever.whole else ""
        problems.append(f"{title}应为{whole}{WRITTEN[lever.kind]}，现为 {shown}")
        return None
    if lever.kind == "year" and not 1900 <= value <= 2200:
        problems.append(f"{title}应为{WRITTEN['year']}，现为 {shown}")
        return None
    if not lever.low <= value <= lever.high:
        problems.append(f"{title}应在{lever.range_zh}之间，现为 {shown}{_meant_percent(lever, value, shown)}")
        return None
    return value


def is_plain(entry: LinedValue) -> bool:
    """Whether the entry is one number or text, and no yes/no, date, list or blank."""
    return isinstance(entry.value, (int, float, str)) and not isinstance(entry.value, bool)


def shown_of(entry: LinedValue) -> str:
    """Return the value as it was written, for a message; lists and mappings as Python shows them."""
    written = entry.node.value if isinstance(entry.node, yaml.ScalarNode) else repr(entry.value)
    return str(written) or "空"


def year_of(text: str) -> int | None:
    """Return a year of four digits, with or without 年; None for anything else."""
    bare = text.strip().removesuffix("年").strip()
    return int(bare) if re.fullmatch(r"[12]\d{3}", bare) else None


def _meant_percent(lever: Lever, value: float, shown: str) -> str:
    if lever.kind not in ("rate", "points") or not abs(value) > 1 or has_unit(shown):
        return ""
    percent = f"{value:g}%" if lever.kind == "rate" else f"{value:g}个百分点"
    return (
        f"；若是 {value:g}%，写成 {percent} 或 {value / 100:g}"
        if lever.low <= value / 100 <= lever.high
        else ""
    )


def _names(title: str, entry: LinedValue, problems: list[str]) -> tuple[str, ...]:
    listed = items(entry.node, problems) if isinstance(entry.node, yaml.SequenceNode) else [entry]
    names = [shown_of(name).strip() for name in listed if is_plain(name) and str(name.value).strip()]
    if not names or len(names) < len(listed):
        problems.append(f"第 {entry.line} 行：{title}应为{WRITTEN['names']}，现为 {shown_of(entry)}")
    return tuple(dict.fromkeys(names))


def _by_year(lever: Lever, entry: LinedValue, problems: list[str]) -> tuple[Clause, ...]:
    written = entries(entry.node, problems)
    if not lever.by_year:
        problems.append(f"第 {entry.line} 行：{lever.title}不能分年写，只写一个值")
        return ()
    if not written:
        problems.append(f"第 {entry.line} 行：{lever.title}分年写，却没有写年份")
    values: dict[int, float] = {}
    for key, number in written:
        year = year_of(str(key.value))
        if year is None:
            problems.append(f"第 {key.line} 行：{lever.title}：{_no_year(str(key.value))}")
            continue
        value = read_number(lever, number, problems, f"（{year} 年）")
        if value is not None:
            values[year] = value
    return tuple(Clause(values[year], years=(year,)) for year in sorted(values))


def _clauses(lever: Lever, entry: LinedValue, problems: list[str]) -> tuple[Clause, ...]:
    found: list[Clause] = []
    members = items(entry.node, problems)
    if not members:
        problems.append(f"第 {entry.line} 行：{lever.title}是空的列表")
    for member in members:
        if isinstance(member.node, yaml.MappingNode):
            found += _clause(lever, member, problems)
        else:
            problems.append(
                f"第 {member.line} 行：{lever.title}的列表里应是“值: …, 年份: …”这样的几项，"
                f"现为 {shown_of(member)}"
            )
    return tuple(found)


def _clause(lever: Lever, entry: LinedValue, problems: list[str]) -> tuple[Clause, ...]:
    """Return one clause of a list, or none where its value cannot be read."""
    keys = named_entries(entry.node, CLAUSE_KEYS, problems)
    value = read_number(lever, keys["value"], problems) if "value" in keys else None
    if "value" not in keys:
        problems.append(f"第 {entry.line} 行：{lever.title}的这一条缺 value（值）")
    years = _years(lever, keys["years"], problems) if "years" in keys else ()
    scope = {}
    for name in SCOPES:
        if name not in keys:
            continue
        if name in lever.scopes:
            scope[name] = _names(f"{lever.title}的{SCOPES[name]}", keys[name], problems)
        else:
            allowed = (
                f"可限{'、'.join(SCOPES[one] for one in lever.scopes)}" if lever.scopes else "不能限定范围"
            )
            problems.append(f"第 {keys[name].line} 行：{lever.title}不能按{SCOPES[name]}写；{allowed}")
    low, high = _interval(lever, value, keys.get("interval"), problems)
    return () if value is None else (Clause(value, years, scope, low, high),)


def _years(lever: Lever, entry: LinedValue, problems: list[str]) -> tuple[int, ...]:
    if not lever.by_year:
        problems.append(f"第 {entry.line} 行：{lever.title}不能分年写，只写一个值")
        return ()
    listed = items(entry.node, problems) if isinstance(entry.node, yaml.SequenceNode) else [entry]
    years: list[int] = []
    for member in listed:
        span = _SPAN.fullmatch(shown_of(member).strip())
        year = year_of(shown_of(member))
        if span is not None and int(span[1]) <= int(span[2]):
            years += range(int(span[1]), int(span[2]) + 1)
        elif year is not None:
            years.append(year)
        else:
            problems.append(f"第 {member.line} 行：{lever.title}：{_no_year(shown_of(member))}")
    if not listed:
        problems.append(f"第 {entry.line} 行：{lever.title}分年写，却没有写年份")
    return tuple(sorted(set(years)))


def _no_year(text: str) -> str:
    """Say that a text is no year, and what was probably meant by it."""
    hint = ""
    if wide := "".join(sign for sign in "：，" if sign in text):
        hint = f"；{wide} 要用半角，后面空一格"
    elif _SPAN.fullmatch(text.strip()):
        hint = "；几年一样的写成 {值: …, 年份: 2021-2023}，年份由早到晚"
    return f"“{text}”不是年份{hint}"


def _interval(
    lever: Lever, value: float | None, entry: LinedValue | None, problems: list[str]
) -> tuple[float | None, float | None]:
    """Return the 80 % interval around ``value``; None twice where none is written."""
    if entry is None:
        return None, None
    if not lever.may_vary:
        problems.append(
            f"第 {entry.line} 行：{lever.title}不能写区间，只写一个值；想看高低两种，可写成两个情景或 sweep"
        )
        return None, None
    members = items(entry.node, problems) if isinstance(entry.node, yaml.SequenceNode) else []
    if len(members) != 2:
        problems.append(
            f"第 {entry.line} 行：{lever.title}的区间应是两个值，如 [低值, 高值]，现为 {shown_of(entry)}"
        )
        return None, None
    low, high = (read_number(lever, member, problems, "的区间") for member in members)
    if low is None or high is None or value is None:
        return None, None
    if not low <= value <= high or low == high:
        problems.append(
            f"第 {entry.line} 行：{lever.title}的区间 {lever.printed(low)}至{lever.printed(high)}"
            f"应从低到高，并包住所写的值 {lever.printed(value)}"
        )
    return low, high
