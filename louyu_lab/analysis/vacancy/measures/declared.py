"""The drivers of vacancy as data: what each one is, its unit, its cause and what may be said of it.

``drivers.yaml`` is the only place a driver is described; the frame, the choice of drivers, the
attribution and every text read it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import pandas as pd
import yaml

#: How a driver varies, see the head of ``drivers.yaml``.
KINDS = ("between", "within", "lagged", "exposure", "year")


#: What the frame's own columns are called.
_COLUMNS_ZH = {"vacancy_rate": "可招商空置率", "building_id": "楼宇", "marketable_area_sqm": "可招商面积"}


@dataclass(frozen=True)
class Driver:
    """One driver; the fields are explained at the head of ``drivers.yaml``.

    ``sign`` is +1, −1 or 0 where practice expects either; ``good`` is None where good practice is not told.
    """

    name: str
    zh: str
    group: str
    kind: str
    unit: str
    contrast: str
    sign: int
    columns: tuple[str, ...]
    source: str
    good: float | None = None
    movable: str = ""
    instead_of: str = ""
    caution: str = ""
    axis: str = ""
    axis_base: float = 0.0
    axis_times: float = 1.0

    def shown(self, value: float) -> float:
        """Return a value as the axis of a figure shows it."""
        return self.axis_base**value if self.axis_base else value * self.axis_times

    @property
    def is_text(self) -> bool:
        """Whether the driver is a set of levels rather than a number."""
        return self.kind == "year"


@dataclass(frozen=True)
class Shock:
    """A shock common to all buildings: its years, and the industries hit."""

    first_year: int
    last_year: int
    industries: tuple[str, ...]


@cache
def declared_drivers() -> dict[str, Driver]:
    """Return every driver by its name, in the order of priority."""
    return {name: _driver(name, entry) for name, entry in _content()["drivers"].items()}


@cache
def declared_shock() -> Shock:
    """Return the shock whose exposure is a driver."""
    entry = _content()["shock"]
    return Shock(entry["first_year"], entry["last_year"], tuple(entry["industries"]))


def scales(trait: str) -> tuple[tuple[str, ...], ...]:
    """Return the scales of an ordered trait, each from its lowest label up."""
    return tuple(tuple(scale) for scale in _content()["scales"][trait])


@cache
def spellings(trait: str) -> dict[str, str]:
    """Return how else a label of an ordered trait is written -> the label."""
    told = _content()["spellings"][trait]
    return {other: label for label, others in told.items() for other in others}


@cache
def ordered_traits() -> tuple[str, ...]:
    """Return the building ledger's columns that are labels on a scale."""
    return tuple(_content()["scales"])


def cause_groups(names: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return cause -> its drivers among ``names``, both in the order of the file."""
    wanted = set(names)
    groups: dict[str, tuple[str, ...]] = {}
    for name, driver in declared_drivers().items():
        if name in wanted:
            groups[driver.group] = (*groups.get(driver.group, ()), name)
    return groups


def good_practice(names: Iterable[str]) -> dict[str, float]:
    """Return driver -> its value of good practice, for those of ``names`` that have one."""
    drivers = declared_drivers()
    told = {name: drivers[name].good for name in names if name in drivers}
    return {name: value for name, value in told.items() if value is not None}


def without_years(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a table by ``driver`` without the years, which all buildings share."""
    years = [name for name, driver in declared_drivers().items() if driver.is_text]
    return table[~table["driver"].isin(years)]


def in_words(text: str) -> str:
    """Return what the model says with columns called by their printed names."""
    titles = {name: driver.zh for name, driver in declared_drivers().items()}
    for name, title in (titles | _COLUMNS_ZH).items():
        text = text.replace(f"“{name}”", f"“{title}”")
    return text


def _driver(name: str, entry: dict[str, Any]) -> Driver:
    if entry["kind"] not in KINDS:
        raise ValueError(f"driver {name}: kind {entry['kind']!r} is none of {KINDS}")
    sign = {"+": 1, "-": -1, "±": 0}[entry["sign"]]
    good = entry.get("good")
    changed = {
        "sign": sign,
        "columns": tuple(entry["columns"]),
        "good": None if good is None else float(good),
    }
    return Driver(name=name, **{**entry, **changed})


@cache
def _content() -> dict[str, Any]:
    text = (resources.files(__package__) / "drivers.yaml").read_text(encoding="utf-8")
    return yaml.safe_load(text)
