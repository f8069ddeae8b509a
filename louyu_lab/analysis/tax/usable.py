"""The tax a forecast may rest on: of whole years, in one unit, up to the last year that has any."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from louyu_lab.analysis.study_year import StudyYear
from louyu_lab.analysis.tax.history import RECURRING
from louyu_lab.analysis.tax.unit_errors import unit_errors, without_years
from louyu_lab.ledgers.model import Ledgers
from louyu_lab.ledgers.part_years import part_years, whole_tax_years


@dataclass(frozen=True)
class UsableTaxes:
    """What is known of tax, and what was set aside.

    ``panel`` and ``tenants`` as ``panel.building_years`` and ``panel.enterprise_years``, up to ``base_year``,
    tax of part years and in a wrong unit not known in them. ``year`` is the study's; ``base_year`` the last
    one in which the recurring tax of any building of its stock is known: forecasts start from there.
    ``part_years`` (``level, year, months``) up to ``year``, see ``ledgers.part_years``; ``unit_errors`` see
    ``unit_errors.unit_errors``.
    """

    panel: pd.DataFrame
    tenants: pd.DataFrame
    year: int
    base_year: int
    part_years: pd.DataFrame
    unit_errors: pd.DataFrame

    def horizon(self, years: int) -> int:
        """Return the years to forecast from ``base_year`` so that the ``years`` after ``year`` are told."""
        return years + self.year - self.base_year

    @property
    def known_yuan(self) -> pd.Series:
        """Return the known recurring tax of the stock of ``base_year``, all years of it."""
        standing = self.panel.loc[self.panel["year"] == self.base_year, "building_id"]
        return self.panel.loc[self.panel["building_id"].isin(standing), RECURRING].dropna()


def usable_taxes(ledgers: Ledgers, year: int) -> UsableTaxes:
    """Return the tax that chapter 04 forecasts from, as ``ledgers`` know it in ``year``."""
    study = StudyYear(whole_tax_years(ledgers), year)
    part = part_years(ledgers["taxes"])
    return _usable(study.panel, study.tenants, year, part[part["year"] <= year].reset_index(drop=True))


def _usable(panel: pd.DataFrame, tenants: pd.DataFrame, year: int, part: pd.DataFrame) -> UsableTaxes:
    errors = unit_errors(panel)
    panel, tenants = without_years(panel, errors), without_years(tenants, errors)
    stock = panel.loc[panel["year"] == year, "building_id"]
    known = panel[panel["building_id"].isin(stock) & panel[RECURRING].notna()]
    base = int(known["year"].max()) if len(known) else year
    # What has left the stock since is not forecast; its earlier years still teach.
    is_kept = (panel["year"] < base) | ((panel["year"] == base) & panel["building_id"].isin(stock))
    tenants = tenants[tenants["year"] <= base].reset_index(drop=True)
    return UsableTaxes(panel[is_kept].reset_index(drop=True), tenants, year, base, part, errors)
