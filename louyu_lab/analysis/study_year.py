"""One study's year: the panels and mixes its chapters share, each computed once and when first asked for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from louyu_lab.analysis.district_tax import district_taxes
from louyu_lab.analysis.indicators import indicators
from louyu_lab.analysis.industry.classification import yearly_classes
from louyu_lab.analysis.industry.comparison import (
    ListedStreets,
    MixComparison,
    compared_mixes,
    listed_streets,
)
from louyu_lab.analysis.industry.concentration import concentration, industry_concentration
from louyu_lab.analysis.industry.mix import industry_mix, industry_summary, tenants_by_industry
from louyu_lab.analysis.industry.sections import IndustryMap, industry_map_of
from louyu_lab.analysis.panel import building_years, enterprise_years
from louyu_lab.ledgers.model import Ledgers


@dataclass(frozen=True)
class StudyYear:
    """The ledgers seen from one year; ``seed`` starts the random draws of the chance expectations."""

    ledgers: Ledgers
    year: int
    seed: int = 0

    @property
    def district(self) -> str:
        """Name of the district."""
        return self.ledgers.district

    @property
    def years(self) -> list[int]:
        """Years up to the study's that the ledgers report on, ascending; at least the study's own."""
        return sorted({year for year in self.ledgers.years if year <= self.year} | {self.year})

    @property
    def before(self) -> int | None:
        """The year before, where the ledgers report on it."""
        return self.year - 1 if self.year - 1 in self.years else None

    @cached_property
    def industries(self) -> IndustryMap:
        """The industries the district counts in: its own 行业对照.yaml, or the 15 of the workbench."""
        return industry_map_of(self.ledgers)

    @cached_property
    def panel(self) -> pd.DataFrame:
        """Buildings by year, see ``panel.building_years``."""
        return building_years(self.ledgers, self.years, self._enterprises)

    @cached_property
    def tenants(self) -> pd.DataFrame:
        """Enterprises by building and year, see ``panel.enterprise_years``, with their ``sector``.

        That is the district industry of each enterprise in the year (``yearly_classes``), the one definition
        that mixes, targets and yields read; where one enterprise may have but one, over its years, that of
        its latest counts (``exits.spells.sectors_of``).
        """
        rows = self._enterprises
        return rows.assign(sector=yearly_classes(rows, self.industries)["industry"])

    @cached_property
    def _enterprises(self) -> pd.DataFrame:
        return enterprise_years(self.ledgers, self.years)

    @cached_property
    def mixes(self) -> dict[int, pd.DataFrame]:
        """Industry mix by year, of every year; empty without an enterprise ledger.

        A year whose list of tenants is missing has no firms in it, perhaps their taxes: see ``listed_mixes``.
        """
        if not self.ledgers.has("tenancies"):
            return {}
        return {year: self.mix(year) for year in self.years}

    def mix(self, year: int) -> pd.DataFrame:
        """Industry mix of one year, see ``industry.industry_mix``."""
        if year not in self._made_mixes:
            stock = self.panel[self.panel["year"] == year]
            self._made_mixes[year] = industry_mix(
                self.tenants, stock, year, district=self.district, industries=self.industries
            )
        return self._made_mixes[year]

    @cached_property
    def _made_mixes(self) -> dict[int, pd.DataFrame]:
        return {}

    @cached_property
    def listed(self) -> ListedStreets:
        """Of which streets the tenants are known at which year's end."""
        return listed_streets(self.ledgers["tenancies"], self.panel, self.years, self.district)

    @cached_property
    def listed_mixes(self) -> dict[int, pd.DataFrame]:
        """``mixes`` of the years whose tenants somebody lists; the study's year is always in it.

        That is empty where nobody lists the study's year. A ledger of today's tenants alone tells of no
        other year.
        """
        told = {at: mix for at, mix in self.mixes.items() if (mix["firms"] > 0).any()}
        told = {at: mix for at, mix in told.items() if at in self.listed.known or at == self.year}
        return told if self.year in told else {**told, self.year: self.mix(self.year).iloc[:0]}

    @property
    def mix_by_year(self) -> pd.DataFrame:
        """``mixes`` of the years in which every street is listed, one below the other, with ``year``."""
        whole = sorted(self.listed.complete_years & self.listed_mixes.keys())
        parts = [self.listed_mixes[at].assign(year=at) for at in whole]
        return pd.concat(parts, ignore_index=True) if parts else self.mix(self.year).iloc[:0].assign(year=0)

    @cached_property
    def comparison(self) -> MixComparison:
        """The mix of the study's year beside that of the year before, like with like."""
        mixes = {at: self.mix(at) for at in (self.before, self.year) if at is not None}
        return compared_mixes(mixes, self.listed, self.before, self.year)

    @cached_property
    def industry_summary(self) -> pd.DataFrame:
        """Table ``industry_summary`` (T12) of the study's year, empty where nobody lists its tenants."""
        compared = self.comparison
        alike = None if compared.is_whole else compared.now
        return industry_summary(self.listed_mixes[self.year], compared.before, alike)

    @cached_property
    def concentration(self) -> pd.DataFrame | None:
        """Table ``industry_concentration`` of the study's year, see ``indices``; None without a mix."""
        if self.indices is None:
            return None
        return industry_concentration(self.mixes[self.year], self.ledgers["buildings"], self.indices)

    @cached_property
    def indices(self) -> pd.DataFrame | None:
        """Table ``concentration`` of the study's year, drawn from the seed; None without a mix."""
        if self.year not in self.mixes:
            return None
        return concentration(
            self.tenants_of_year,
            self.ledgers["buildings"],
            rng=np.random.default_rng(self.seed),
            district=self.district,
            industries=self.industries,
        )

    @cached_property
    def tenants_of_year(self) -> pd.DataFrame:
        """Whom the mix of the study's year counts, see ``industry.mix.tenants_by_industry``."""
        stock = self.panel[self.panel["year"] == self.year]
        return tenants_by_industry(self.tenants, stock, self.year, self.industries)

    @cached_property
    def indicators(self) -> pd.DataFrame:
        """Table ``indicators`` for every year up to the study's."""
        return indicators(self.ledgers, self.years, self.mixes)

    @property
    def district_tax_yuan(self) -> float | None:
        """全区税收 of the study's year (元); None where the ledgers do not say."""
        totals = district_taxes(self.ledgers)
        rows = totals[totals["year"] == self.year]
        return float(rows["district_tax_yuan"].iloc[0]) if len(rows) else None
