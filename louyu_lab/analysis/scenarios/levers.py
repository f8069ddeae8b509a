"""The levers a scenario may move: their schema, and the reading of one value of a scenario file."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

import pandas as pd
import yaml

from louyu_lab.analysis.outputs import declared
from louyu_lab.ledgers.quantities import FACTORS
from louyu_lab.ledgers.texts import nearest

#: Value of a lever: one number, a number by year, or names.
Setting = float | Mapping[int, float] | tuple[str, ...]

#: Kind of a lever -> (unit as printed, how the value may be written).
_KINDS = {
    "area": ("㎡", "平方米数，如 50000 或 5万㎡"),
    "rate": ("%", "0–1 的小数或百分数，如 0.2 或 20%"),
    "ratio": ("倍", "数字，如 0.5"),
    "years": ("年", "整数年，如 1"),
    "names": ("", "名称或一列名称，如 [南门街道]"),
}

_WRITTEN = re.compile(r"([-+]?\d[\d,，]*\.?\d*)\s*(\D*)")


@dataclass(frozen=True)
class Lever:
    """One lever as ``levers.yaml`` declares it; ``value`` is its default where that is one number."""

    name: str
    title: str
    kind: str
    by_year: bool
    default: str
    provenance: str
    source: str
    meaning: str
    low: float = -math.inf
    high: float = math.inf
    value: float | None = None
    refines: tuple[str, ...] = ()
    excludes: str = ""

    @property
    def unit(self) -> str:
        """Unit in which it is printed; empty for names."""
        return _KINDS[self.kind][0]

    @property
    def range_zh(self) -> str:
        """The allowed values, as a person reads them."""
        if self.kind == "names":
            return "台账里有的名称"
        return f"{self.printed(self.low)}至{self.printed(self.high)}"

    def printed(self, value: Setting) -> str:
        """Return a value with its unit."""
        if isinstance(value, tuple):
            return "、".join(value)
        if isinstance(value, Mapping):
            return "；".join(f"{year} 年 {self.printed(value[year])}" for year in sorted(value))
        shown, unit = (value * 100, "%") if self.kind == "rate" else (value, self.unit)
        if self.kind == "area" and abs(value) >= 1e4:
            shown, unit = value / 1e4, "万㎡"
        return f"{shown:,.6g}{'' if unit == '%' else ' '}{unit}"


@cache
def levers() -> dict[str, Lever]:
    """Return every lever by its name, in the order of the file."""
    text = (resources.files(__package__) / "levers.yaml").read_text(encoding="utf-8")
    raw = yaml.safe_load(text)
    return {
        name: Lever(name=name, **{**entry, "refines": tuple(entry.get("refines", ()))})
        for name, entry in raw.items()
    }


def lever_called(name: str) -> Lever | None:
    """Return the lever of that name or Chinese title; None for any other."""
    by_title = {lever.title: lever for lever in levers().values()}
    return levers().get(name) or by_title.get(name)


def lever_table() -> pd.DataFrame:
    """Return table ``scenario_levers``: what each lever is, its range, default and provenance."""
    rows = [
        {
            "lever": lever.name,
            "title": lever.title,
            "allowed": lever.range_zh,
            "default": lever.default,
            "meaning": lever.meaning,
            "provenance": f"{lever.provenance}：{lever.source}",
        }
        for lever in levers().values()
    ]
    return declared("scenario_levers", pd.DataFrame(rows))


def unknown_lever(name: str) -> str:
    """Say that there is no such lever, which was probably meant, and which there are."""
    meant = nearest(name, [*levers(), *(lever.title for lever in levers().values())])
    allowed = "、".join(f"{lever.name}（{lever.title}）" for lever in levers().values())
    return f"没有杠杆“{name}”{meant}；可用的杠杆：{allowed}"


def read_setting(lever: Lever, raw: object) -> tuple[Setting | None, list[str]]:
    """Return the value of a lever in stored units, and what is wrong with it in Chinese."""
    if lever.kind == "names":
        return _names(lever, raw)
    if not isinstance(raw, dict):
        value, wrong = _number(lever, raw)
        return value, [wrong] if wrong else []
    if not lever.by_year:
        return None, [f"{lever.title}不能分年写，只写一个值"]
    settings, problems = {}, [] if raw else [f"{lever.title}分年写，却没有写年份"]
    for year, entry in raw.items():
        if not isinstance(year, int) or isinstance(year, bool):
            problems.append(f"{lever.title}：“{year}”不是年份")
            continue
        value, wrong = _number(lever, entry)
        if wrong:
            problems.append(f"{wrong}（{year} 年）")
        elif value is not None:
            settings[year] = value
    return settings, problems


def _names(lever: Lever, raw: object) -> tuple[Setting | None, list[str]]:
    listed = [raw] if isinstance(raw, str) else raw
    if not isinstance(listed, list) or not listed or not all(isinstance(name, str) for name in listed):
        return None, [f"{lever.title}应为{_KINDS['names'][1]}，现为 {raw!r}"]
    return tuple(dict.fromkeys(name.strip() for name in listed)), []


def _number(lever: Lever, raw: object) -> tuple[float | None, str]:
    """Return one number in stored units, or what is wrong with it."""
    value = _quantity(lever.kind, raw)
    if value is None or (lever.kind == "years" and value != int(value)):
        return None, f"{lever.title}应为{_KINDS[lever.kind][1]}，现为 {raw!r}"
    if not lever.low <= value <= lever.high:
        return None, f"{lever.title}应在{lever.range_zh}之间，现为 {raw!r}"
    return value, ""


def _quantity(kind: str, raw: object) -> float | None:
    """Read a number, or a text of digits and a unit of the kind; None where it is neither."""
    if isinstance(raw, bool):
        return None
    if isinstance(raw, (int, float)):
        return float(raw) if math.isfinite(raw) else None
    written = _WRITTEN.fullmatch(raw.strip()) if isinstance(raw, str) else None
    if written is None:
        return None
    factors = (
        {"": 1.0, **FACTORS.get(kind, {})} if kind in ("area", "rate") else {"": 1.0, _KINDS[kind][0]: 1.0}
    )
    factor = factors.get(written[2].strip())
    return None if factor is None else float(re.sub("[,，]", "", written[1])) * factor
