"""What an industry would bring to vacant space: tax per ㎡, the chance of letting, the share that registers.

Every figure leans to the careful side: the middle enterprise instead of the mean, taxes without one-off
amounts, space that can be let only, and letting as the district really did it in the last years.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from louyu_lab.analysis.industry.scorecards.tenant_yields import ELSEWHERE
from louyu_lab.analysis.industry.sections import UNRECOGNISED
from louyu_lab.analysis.vacancy.circulation import circulation

#: Enterprises below which an industry's middle tax per ㎡ says too little.
ENOUGH_FIRMS = 10

#: Years over which the district's letting is averaged.
LETTING_YEARS = 3

#: Letting is told by occupied areas alone.
_NO_MOVES = pd.DataFrame(
    {
        "level": pd.Series(dtype="str"),
        "id": pd.Series(dtype="str"),
        "year": pd.Series(dtype="int64"),
        "churn_rate": pd.Series(dtype="float64"),
    }
)


@dataclass(frozen=True)
class Prospects:
    """Tax per ㎡ by industry (元/㎡ a year; only where known), and the rates of letting and registering.

    Rates are 0–1, NaN where the ledgers do not tell.
    """

    tax_per_sqm_yuan: pd.Series
    let_rate: float
    registered_rate: float

    def tax_if_let(self, industry: pd.Series, area_sqm: pd.Series) -> pd.Series:
        """Return ``area × tax per ㎡ × registered_rate`` (元 a year), NaN where any of them is not known."""
        yields = industry.map(self.tax_per_sqm_yuan).astype("float64")
        return area_sqm * yields * self.registered_rate


def prospects(yields: pd.DataFrame, tenants: pd.DataFrame, panel: pd.DataFrame, year: int) -> Prospects:
    """Return what tenants at the end of ``year`` pay, how space was let, and how many tenants register.

    ``yields``: ``scorecards.tenant_yields``; ``tenants``: ``panel.enterprise_years``; ``panel``:
    ``panel.building_years`` of several years.
    """
    present = tenants[(tenants["year"] == year) & tenants["at_year_end"] & tenants["building_id"].notna()]
    registered = present["is_registered"].dropna().astype("float64")
    return Prospects(
        tax_per_sqm_yuan=industry_yields(yields),
        let_rate=let_rate(panel, year),
        registered_rate=float(registered.mean()) if len(registered) else np.nan,
    )


def industry_yields(yields: pd.DataFrame) -> pd.Series:
    """Return the median tax per ㎡ (元/㎡ a year) by industry, of ``ENOUGH_FIRMS`` tenants and more.

    ``yields``: ``scorecards.tenant_yields``; all whose tax and area are known, new ones and those that pay
    nothing too, but for those taxed in another district: what they take away is the registered rate's.
    Industries with fewer tenants, and 未识别, are not listed.
    """
    known = yields[yields["tax_per_sqm_yuan"].notna() & (yields["left_out"].fillna("") != ELSEWHERE)]
    grouped = known.groupby("industry")["tax_per_sqm_yuan"]
    enough = grouped.size() >= ENOUGH_FIRMS
    return grouped.median()[enough].drop(UNRECOGNISED, errors="ignore").astype("float64")


def let_rate(panel: pd.DataFrame, year: int) -> float:
    """Return the share of vacant area that the district let up in a year (消化率, 0–1), or NaN.

    Σ 消化面积 ÷ Σ 期初空置面积 over the last ``LETTING_YEARS`` years up to ``year``, both as in table
    ``vacancy_circulation``.
    """
    if not len(panel):
        return np.nan
    rows = circulation(panel, _NO_MOVES, pd.DataFrame(), "")
    recent = rows["year"].between(year - LETTING_YEARS + 1, year)
    rows = rows[(rows["level"] == "district") & recent].dropna(
        subset=["absorbed_area_sqm", "opening_vacant_area_sqm"]
    )
    opening = rows["opening_vacant_area_sqm"].sum()
    return float(rows["absorbed_area_sqm"].sum() / opening) if opening > 0 else np.nan
