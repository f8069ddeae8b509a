"""The value of a lever as a scenario sets it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Clause:
    """One value of a lever and where it holds.

    ``value`` in stored units (㎡, 元, rates 0–1). ``years`` it holds in, empty for all. ``scope`` one of
    ``SCOPES`` → the names it holds for, as the ledgers write them; a dimension that is not named is not
    narrowed. ``low, high`` 80 % interval where the value is uncertain, None where it is given.
    """

    value: float
    years: tuple[int, ...] = ()
    scope: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    low: float | None = None
    high: float | None = None


#: What a clause may be narrowed by -> its Chinese name, which may be written instead.
SCOPES = {
    "streets": "街道",
    "grades": "等级",
    "buildings": "楼宇",
    "industries": "行业",
    "tax_types": "税种",
}

#: Clauses in the order written, or names, for levers that take names. Where two clauses meet the later one
#: holds; but amounts (``Lever.adds_up``) of different scope add up, only of the same scope the later holds.
Setting = tuple[Clause, ...] | tuple[str, ...]
