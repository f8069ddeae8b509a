"""The baseline: the last year's stock, occupancy and tax, from which every scenario starts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from louyu_lab.analysis.indicator_catalogue import indicator_catalogue
from louyu_lab.analysis.tax.history import RECURRING, TaxHistory, carried, last_known, tax_history
from louyu_lab.analysis.vacancy.accounting import split_vacancy
from louyu_lab.analysis.yields import unit_tax

#: Indicators a scenario is judged by, in the order of the tables.
JUDGED = (
    *("gross_area_sqm", "rentable_area_sqm", "occupancy_rate", "vacancy_rate"),
    *("tax_yuan", "tax_per_sqm_yuan", "tax_per_occupied_yuan_sqm"),
)


@dataclass(frozen=True)
class Baseline:
    """What holds if nothing is done: the base year's areas kept, its tax as forecast or unchanged.

    ``sums`` maps each indicator of ``JUDGED`` that the ledgers know to its numerator and denominator in
    the base year (denominator 1 for totals). ``space`` has a row a building with known vacancy:
    ``building_id, street, grade, marketable_sqm`` (㎡, vacant less 不可招商). ``tax_growth`` is the tax of
    each year of the horizon ÷ the last known tax of the same buildings; ``is_forecast`` tells whether
    chapter 04 gave it. ``carried`` has a row a building which that forecast holds and ``sums`` does not,
    as its tax of the base year is not known, see ``tax.history.carried``.
    ``mean_yield_yuan_sqm`` is tax ÷ occupied area, ``median_yield_yuan_sqm`` the median over buildings
    (元/㎡), ``registration_rate`` of today's tenants (0–1); NaN where not known. ``supply`` has a row a
    project: ``planned_completion_year, office_area_sqm``.
    """

    year: int
    sums: Mapping[str, tuple[float, float]]
    space: pd.DataFrame
    tax_growth: pd.Series
    is_forecast: bool
    carried: pd.DataFrame
    mean_yield_yuan_sqm: float
    median_yield_yuan_sqm: float
    registration_rate: float
    supply: pd.DataFrame

    @property
    def years(self) -> list[int]:
        """The years of the horizon, without the base year."""
        return [int(year) for year in self.tax_growth.index]

    @property
    def marketable_sqm(self) -> float:
        """Vacant area that can be let (㎡)."""
        return float(self.space["marketable_sqm"].sum())

    @property
    def yield_ratio(self) -> float:
        """Default of ``new_tenant_yield_ratio``: median ÷ mean yield."""
        return self.median_yield_yuan_sqm / self.mean_yield_yuan_sqm

    @property
    def rentable_rate(self) -> float:
        """Rentable ÷ gross area of the stock (0–1), taken for new buildings too."""
        return self.sums["rentable_area_sqm"][0] / self.sums["gross_area_sqm"][0]


def baseline_of(
    indicators: pd.DataFrame,
    panel: pd.DataFrame,
    year: int,
    horizon_years: int,
    supply: pd.DataFrame,
    tax_forecast: pd.DataFrame | None = None,
) -> Baseline:
    """Return the baseline of ``year`` over the ``horizon_years`` that follow.

    ``indicators``, ``supply`` and ``tax_forecast`` are the tables of those names (元, ㎡, 0–1), ``panel``
    comes from ``panel.building_years`` and holds the years that the forecast rests on. Without a forecast
    of the district's tax it stays as it is. Supply without a year or without its office area cannot be
    counted and is left out.
    """
    now = indicators[indicators["year"] == year].set_index("indicator")
    known = [code for code in JUDGED if code in now.index]
    years = pd.RangeIndex(year + 1, year + horizon_years + 1, name="year")
    history = tax_history(panel, year)
    former = carried(history, panel)
    growth = pd.Series(np.nan, index=years)
    if tax_forecast is not None and _value(now, "tax_yuan") > 0:
        # Beyond the forecast's last year its level is kept.
        growth = _tax_growth(tax_forecast, tax_history(panel, year, RECURRING)).reindex(years).ffill()
    is_forecast = bool(growth.notna().any())
    registered = [code for code in ("registration_rate_area", "registration_rate") if code in now.index]
    dated = supply.dropna(subset=["planned_completion_year", "office_area_sqm"])
    return Baseline(
        year=year,
        sums={code: _sums(now.loc[code], code) for code in known},
        space=_space(panel[panel["year"] == year]),
        tax_growth=growth.fillna(1.0),
        is_forecast=is_forecast,
        carried=former if is_forecast else former.head(0),
        mean_yield_yuan_sqm=_value(now, "tax_per_occupied_yuan_sqm"),
        median_yield_yuan_sqm=float(unit_tax(panel, year)["tax_per_occupied_yuan_sqm"].median()),
        registration_rate=_value(now, registered[0]) if registered else float("nan"),
        supply=dated[["planned_completion_year", "office_area_sqm"]].astype("float64").reset_index(drop=True),
    )


def _value(now: pd.DataFrame, code: str) -> float:
    return float(now["value"].get(code, np.nan))


def _sums(row: pd.Series, code: str) -> tuple[float, float]:
    is_total = not indicator_catalogue()[code].denominator
    return float(row["numerator"]), 1.0 if is_total else float(row["denominator"])


def _space(stock: pd.DataFrame) -> pd.DataFrame:
    """Marketable vacancy by building, where the vacant area is known."""
    space = stock[["building_id", "street", "grade"]].assign(
        marketable_sqm=split_vacancy(stock)["marketable"]
    )
    return space.dropna(subset=["marketable_sqm"]).sort_values("building_id", ignore_index=True)


def _tax_growth(forecast: pd.DataFrame, history: TaxHistory) -> pd.Series:
    """Return the forecast tax by year ÷ the last known recurring tax of the very buildings it is made of.

    Buildings whose tax of the base year is not known are thus on both sides: they make no jump. NaN
    where the histories lack one of them, or their tax is not positive.
    """
    buildings = forecast[forecast["level"] == "building"]
    last = pd.Series(last_known(history.tax_yuan), index=history.building_id)
    base_yuan = last.reindex(buildings["id"].unique()).sum(skipna=False)
    by_year = buildings.astype({"mean_yuan": "float64"}).groupby("year")["mean_yuan"].sum()
    return by_year / base_yuan if base_yuan > 0 else by_year * np.nan
