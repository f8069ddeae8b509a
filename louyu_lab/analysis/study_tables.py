"""The tables of the study by name, each made for one study year as its chapter makes it.

What a published figure can be bound to; see ``published_places``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from louyu_lab.analysis import concentration, growth, idle, moves, stock, tiers, yields
from louyu_lab.analysis.indicator_catalogue import indicator_catalogue
from louyu_lab.analysis.indicators import indicators
from louyu_lab.analysis.study_year import StudyYear
from louyu_lab.analysis.supply import supply
from louyu_lab.ledgers.catalogue import catalogue


class NotComputable(ValueError):
    """A table that the ledgers do not allow for a year, with the reason in Chinese."""


@dataclass(frozen=True)
class StudyTable:
    """How a table is made, the ledgers without which it says nothing, and what they must tell of the year.

    Each of ``told`` returns the reason (in Chinese) why the year cannot be told, empty where it can.
    """

    make: Callable[[StudyYear], pd.DataFrame]
    needs: tuple[str, ...] = ("buildings",)
    told: tuple[Callable[[StudyYear], str], ...] = ()

    def lacking(self, study: StudyYear) -> str:
        """Say (in Chinese) which ledgers are missing, or say nothing of the year; empty where none is."""
        missing = "、".join(catalogue()[name].zh for name in self.needs if not study.ledgers.has(name))
        if missing:
            return f"缺{missing}"
        return next((reason for told in self.told if (reason := told(study))), "")


@dataclass
class TablesOfYear:
    """The tables of one study year, each made when first asked for."""

    study: StudyYear
    _made: dict[str, pd.DataFrame] = field(default_factory=dict)

    def __getitem__(self, name: str) -> pd.DataFrame:
        """Return a table; NotComputable where ledgers or the year are missing."""
        self._check_year()
        if name not in self._made:
            entry = STUDY_TABLES[name]
            lacking = entry.lacking(self.study)
            if lacking:
                raise NotComputable(lacking)
            try:
                self._made[name] = entry.make(self.study)
            except ValueError as refused:
                raise NotComputable(str(refused)) from refused
        return self._made[name]

    def indicator(self, code: str) -> float:
        """Return the value of an indicator in the stored unit; NotComputable where the ledgers lack it."""
        return float(self._indicator_row(code)["value"])

    def indicator_scope(self, code: str) -> str:
        """Return what an indicator rests on where that is not all of its population; else empty."""
        return "".join(re.findall(r"\d+ \S+中 \d+ .*", str(self._indicator_row(code)["scope"])))

    def _indicator_row(self, code: str) -> pd.Series:
        self._check_year()
        # The few that rest on industries take much longer than the others.
        for values in (self._plain_indicators, lambda: self.study.indicators):
            table = values()
            found = table[(table["indicator"] == code) & (table["year"] == self.study.year)]
            if len(found):
                return found.iloc[0]
        raise NotComputable(f"缺少{indicator_catalogue()[code].lacking}")

    def _plain_indicators(self) -> pd.DataFrame:
        if "indicators" not in self._made:
            self._made["indicators"] = indicators(self.study.ledgers, [self.study.year])
        return self._made["indicators"]

    @cached_property
    def _is_held(self) -> bool:
        return self.study.ledgers.holds(self.study.year)

    def _check_year(self) -> None:
        if not self._is_held:
            raise NotComputable(f"台账没有 {self.study.year} 年")


def _tax_concentration(study: StudyYear) -> pd.DataFrame:
    return concentration.tax_concentration(study.tenants, study.panel, study.year, study.district)


def _growth_parts(study: StudyYear) -> pd.DataFrame:
    if study.before is None:
        raise ValueError(f"台账没有 {study.year - 1} 年")
    return growth.growth_parts(study.panel, study.before, study.year, study.district)


def _tier_transitions(study: StudyYear) -> pd.DataFrame:
    if study.before is None:
        raise ValueError(f"台账没有 {study.year - 1} 年")
    return tiers.tier_transitions(study.panel, study.before, study.year)


def _moves(study: StudyYear) -> pd.DataFrame:
    rows = moves.moves(study.ledgers["tenancies"], study.panel, study.district, [study.year])
    if rows.empty:
        raise ValueError(f"企业台账看不出 {study.year} 年的迁入迁出")
    return rows


def _buildings(study: StudyYear) -> pd.DataFrame:
    return study.panel[study.panel["year"] == study.year]


def _has_building_tax(study: StudyYear) -> str:
    return "" if _buildings(study)["tax_yuan"].notna().any() else f"税收台账没有 {study.year} 年的楼宇税收"


def _has_building_tax_before(study: StudyYear) -> str:
    rows = study.panel[study.panel["year"] == study.year - 1]
    is_told = study.before is None or rows["tax_yuan"].notna().any()
    return "" if is_told else f"税收台账没有 {study.year - 1} 年的楼宇税收"


def _has_taxes_by_firm(study: StudyYear) -> str:
    rows = study.tenants[(study.tenants["year"] == study.year) & study.tenants["in_taxes"]]
    return "" if rows["tax_yuan"].notna().any() else f"税收台账没有 {study.year} 年的分户税收"


def _has_occupied_area(study: StudyYear) -> str:
    is_told = _buildings(study)["occupied_area_sqm"].notna().any()
    return "" if is_told else f"台账没有 {study.year} 年的入驻面积"


def _has_tenants(study: StudyYear) -> str:
    rows = study.tenants[(study.tenants["year"] == study.year) & study.tenants["at_year_end"]]
    return "" if len(rows) else f"企业台账没有 {study.year} 年"


def _has_census(study: StudyYear) -> str:
    census = idle.census_year(study.ledgers["idle"])
    is_told = (census.isna() | (census <= study.year)).any()
    return "" if is_told else f"闲置资源台账没有 {study.year} 年及以前的普查"


#: Name of the table -> how it is made; headings, units and Chinese names stand in ``outputs.yaml``.
STUDY_TABLES: dict[str, StudyTable] = {
    "size_bands": StudyTable(lambda s: stock.size_bands(s.panel, s.year)),
    "places": StudyTable(lambda s: stock.places(s.panel, s.year)),
    "rollup": StudyTable(lambda s: stock.rollup(s.panel, s.year, s.district)),
    "occupancy_bands": StudyTable(
        lambda s: stock.occupancy_bands(s.panel, s.year), told=(_has_occupied_area,)
    ),
    "idle_by_type": StudyTable(
        lambda s: idle.idle_by_type(s.ledgers["idle"], s.year), ("idle",), (_has_census,)
    ),
    "idle_by_place": StudyTable(
        lambda s: idle.idle_by_place(s.ledgers["idle"], _buildings(s), s.year), ("idle",), (_has_census,)
    ),
    "idle_key": StudyTable(
        lambda s: idle.idle_key(s.ledgers["idle"], _buildings(s), s.year), ("idle",), (_has_census,)
    ),
    "tax_bands": StudyTable(
        lambda s: tiers.tax_bands(s.panel, s.year, s.district_tax_yuan),
        ("buildings", "taxes"),
        (_has_building_tax,),
    ),
    "tax_ladder": StudyTable(
        lambda s: tiers.tax_ladder(s.panel, s.year, _tax_concentration(s)),
        ("buildings", "taxes"),
        (_has_building_tax,),
    ),
    "tier_transitions": StudyTable(
        _tier_transitions, ("buildings", "taxes"), (_has_building_tax, _has_building_tax_before)
    ),
    "tax_concentration": StudyTable(_tax_concentration, ("buildings", "taxes"), (_has_building_tax,)),
    "key_taxpayers": StudyTable(
        lambda s: concentration.key_taxpayers(s.tenants, s.year), ("taxes",), (_has_taxes_by_firm,)
    ),
    "industry_mix": StudyTable(lambda s: s.mix(s.year), ("tenancies",), (_has_tenants,)),
    "industry_summary": StudyTable(lambda s: s.industry_summary, ("tenancies",), (_has_tenants,)),
    "industry_concentration": StudyTable(lambda s: s.concentration, ("tenancies",), (_has_tenants,)),
    "unit_tax": StudyTable(
        lambda s: yields.unit_tax(s.panel, s.year), ("buildings", "taxes"), (_has_building_tax,)
    ),
    "growth_parts": StudyTable(
        _growth_parts, ("buildings", "taxes"), (_has_building_tax, _has_building_tax_before)
    ),
    "supply": StudyTable(lambda s: supply(s.ledgers["pipeline"], s.panel, s.year), ("buildings", "pipeline")),
    "moves": StudyTable(_moves, ("buildings", "tenancies")),
}
