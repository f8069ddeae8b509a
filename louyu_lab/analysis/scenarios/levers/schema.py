"""The levers a scenario may move, as ``levers.yaml`` declares them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml

from louyu_lab.analysis.scenarios.levers.quantities import UNITS, printed_number
from louyu_lab.analysis.scenarios.levers.setting import SCOPES, Setting
from louyu_lab.analysis.scenarios.levers.wording import printed_setting
from louyu_lab.ledgers.texts import nearest

#: Level of a lever -> whether it may be given by year, and what a clause of it may be narrowed by.
_PLACES = ("streets", "grades", "buildings")
_LEVELS: dict[str, tuple[bool, tuple[str, ...]]] = {
    "building-year": (True, _PLACES),
    "unit-year": (True, (*_PLACES, "industries")),
    "district-year": (True, ()),
    "single": (False, ()),
}


@dataclass(frozen=True)
class Lever:
    """One lever; ``value`` is its default where that is one number, ``value_low, value_high`` 80 % interval.

    ``scopes`` names of ``SCOPES`` a clause may be narrowed by. ``low, high`` allowed range, stored units.
    ``refines`` one of these must be given too; ``completed_by`` all of these; ``excludes`` none of these.
    ``may_vary``: given with an interval it is drawn. ``needs`` what the ledgers must hold, see
    ``NEEDS``. ``cost_unit`` empty: no unit cost.
    """

    name: str
    theme: str
    title: str
    kind: str
    by_year: bool
    scopes: tuple[str, ...]
    default: str
    provenance: str
    source: str
    meaning: str
    low: float = -math.inf
    high: float = math.inf
    whole: bool = False
    value: float | None = None
    value_low: float | None = None
    value_high: float | None = None
    refines: tuple[str, ...] = ()
    completed_by: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    cost_unit: str = ""
    may_vary: bool = False
    is_tied_to_tax: bool = False

    @property
    def unit(self) -> str:
        """Unit in which it is printed; empty for names."""
        return UNITS[self.kind]

    @property
    def interval(self) -> tuple[float, float] | None:
        """80 % interval of the default; None where there is none."""
        if self.value_low is None or self.value_high is None:
            return None
        return self.value_low, self.value_high

    @property
    def adds_up(self) -> bool:
        """Whether clauses of different scope add up: amounts that a clause gives for its places together."""
        return self.kind == "area" and bool(self.scopes)

    @property
    def range_zh(self) -> str:
        """The allowed values, as a person reads them."""
        if self.kind == "names":
            return "台账里有的名称"
        if self.kind == "year":
            return "推演年份之一"
        return f"{self.printed(self.low)}至{self.printed(self.high)}"

    @property
    def form_zh(self) -> str:
        """Whether it may be given year by year, and what it may be narrowed by, as a person reads it."""
        if self.kind == "names":
            return "名称"
        narrowed = f"可限{'、'.join(SCOPES[scope] for scope in self.scopes)}" if self.scopes else ""
        met = "范围不同的几条相加" if self.adds_up else "几条都管到的以后写的为准" if self.scopes else ""
        parts = ("可分年" if self.by_year else "", narrowed, met)
        return "；".join(part for part in parts if part) or "一个值"

    def printed(self, value: float | Setting) -> str:
        """Return a number, or a whole setting, with its unit."""
        if isinstance(value, tuple):
            return printed_setting(self.kind, value, self.adds_up)
        return printed_number(self.kind, value)


@cache
def levers() -> dict[str, Lever]:
    """Return every lever by its name, in the order of the file."""
    text = (resources.files(__package__) / "levers.yaml").read_text(encoding="utf-8")
    themes: dict[str, dict[str, dict[str, Any]]] = yaml.safe_load(text)
    return {
        name: _lever(name, theme, entry) for theme, inside in themes.items() for name, entry in inside.items()
    }


def lever_called(name: str) -> Lever | None:
    """Return the lever of that name or Chinese title; None for any other."""
    by_title = {lever.title: lever for lever in levers().values()}
    return levers().get(name) or by_title.get(name)


def unknown_lever(name: str) -> str:
    """Say that there is no such lever, which was probably meant, and where all of them are listed."""
    meant = nearest(name, [*levers(), *(lever.title for lever in levers().values())])
    return f"没有杠杆“{name}”{meant}；全部杠杆见 louyu what-if --list"


def _lever(name: str, theme: str, entry: dict[str, Any]) -> Lever:
    fields = dict(entry)
    by_year, scopes = _LEVELS[fields.pop("level")]
    fields = {"by_year": by_year, "scopes": scopes, **fields, "default": str(fields["default"])}
    lists = ("scopes", "refines", "completed_by", "excludes", "needs")
    return Lever(name=name, theme=theme, **{**fields, **{key: tuple(fields.get(key, ())) for key in lists}})
