"""One study's year: the panels and mixes its chapters share, each computed once and when first asked for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from louyu_lab.analysis.district_tax import district_taxes
from louyu_lab.analysis.indicators import indicators
from louyu_lab.analysis.industry.classification import enterprise_industries
from louyu_lab.analysis.industry.concentration import industry_concentration
from louyu_lab.analysis.industry.mix import industry_mix
from louyu_lab.analysis.industry.sections import UNRECOGNISED, IndustryMap, industry_map_of
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
        return building_years(self.ledgers, self.years)

    @cached_property
    def tenants(self) -> pd.DataFrame:
        """Enterprises by building and year, see ``panel.enterprise_years``, with their ``sector``.

        That is the district industry of each enterprise, one for all years (``enterprise_industries``).
        """
        rows = enterprise_years(self.ledgers, self.years)
        sector = rows["enterprise_id"].map(enterprise_industries(rows, self.industries))
        return rows.assign(sector=sector.fillna(UNRECOGNISED).astype("str"))

    @cached_property
    def mixes(self) -> dict[int, pd.DataFrame]:
        """Industry mix by year; empty without an enterprise ledger."""
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
    def concentration(self) -> pd.DataFrame | None:
        """Table ``industry_concentration`` of the study's year, drawn from the seed; None without a mix."""
        if self.year not in self.mixes:
            return None
        rng = np.random.default_rng(self.seed)
        return industry_concentration(self.mixes[self.year], self.ledgers["buildings"], rng=rng)

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
