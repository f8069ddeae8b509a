"""What an industry would bring to vacant space: tax per ㎡, the chance of letting, the share taxed here.

Tax is very unequal: of ㎡ to be let the sum of taxes ÷ the sum of areas is to be expected, while the middle
enterprise pays a small part of that. And who came lately pays far less per ㎡ than who has long been there
(headquarters seldom move in): the expectation is of newcomers where the ledgers tell them. Taxes without
one-off amounts, space that can be let only, and letting as the district really did it in the last years.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from louyu_lab.analysis.industry.scorecards.entry_thresholds import MIN_TENANTS
from louyu_lab.analysis.industry.sections import UNRECOGNISED
from louyu_lab.analysis.industry.targets.holdout import DRAWS, LEVEL
from louyu_lab.analysis.vacancy.circulation import circulation

#: A newcomer was not in the district this many years ago, and has been for a whole year.
NEWCOMER_YEARS = 5

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


def _nothing() -> pd.Series:
    return pd.Series(dtype="float64")


@dataclass(frozen=True)
class Prospects:
    """Tax per ㎡ by industry (元/㎡ a year; only where known), and the rates of letting and being taxed here.

    Rates are 0–1, NaN where the ledgers do not tell. ``tax_per_sqm_yuan`` is to be expected (Σ tax ÷ Σ area),
    ``middle_tax_per_sqm_yuan`` the middle enterprise's, no basis for sums; ``drawn`` redraws the former
    (draws × industries). ``of_newcomers``: they are of newcomers, else of all tenants.
    """

    tax_per_sqm_yuan: pd.Series
    let_rate: float
    taxed_here_rate: float
    middle_tax_per_sqm_yuan: pd.Series = field(default_factory=_nothing)
    drawn: pd.DataFrame = field(default_factory=pd.DataFrame)
    of_newcomers: bool = False

    def tax_if_let(self, industry: pd.Series, area_sqm: pd.Series) -> pd.Series:
        """Return ``area × tax per ㎡ × taxed_here_rate`` (元 a year), NaN where any of them is not known."""
        yields = industry.map(self.tax_per_sqm_yuan).astype("float64")
        return area_sqm * yields * self.taxed_here_rate

    def yearly_total(self, industry: pd.Series, area_sqm: pd.Series) -> dict[str, float]:
        """Return what a year's letting of these spaces to these industries would bring (元 a year).

        Keys ``total``, ``lo, hi`` (bootstrap at ``LEVEL`` over enterprises, NaN without draws) and
        ``middle`` (were all of them middle enterprises). NaN where no space has a figure.
        """
        taxed = (area_sqm * self.let_rate * self.taxed_here_rate).groupby(industry.to_numpy()).sum()
        taxed = taxed[taxed.index.isin(self.tax_per_sqm_yuan.index)]
        told = dict.fromkeys(("total", "lo", "hi", "middle"), np.nan)
        if not taxed.sum() > 0:
            return told
        told["total"] = float(taxed @ self.tax_per_sqm_yuan[taxed.index])
        told["middle"] = float((taxed * self.middle_tax_per_sqm_yuan.reindex(taxed.index)).sum(min_count=1))
        if len(self.drawn):
            totals = self.drawn[taxed.index].to_numpy() @ taxed.to_numpy()
            told["lo"], told["hi"] = map(float, np.quantile(totals, [(1 - LEVEL) / 2, (1 + LEVEL) / 2]))
        return told


def prospects(
    yields: pd.DataFrame,
    tenants: pd.DataFrame,
    panel: pd.DataFrame,
    year: int,
    *,
    rng: np.random.Generator,
) -> Prospects:
    """Return what tenants at the end of ``year`` pay, how space was let, and how much of it is taxed here.

    ``yields``: ``scorecards.tenant_yields``; ``tenants``: ``panel.enterprise_years``; ``panel``:
    ``panel.building_years`` of several years. ``taxed_here_rate`` is the share of the tenants' area whose
    tenant is taxed in the district (``taxed_here``), tax per ㎡ that of these tenants alone, so that the
    product is the tax of a ㎡ let to whomsoever; who tells neither is in neither. Newcomers where an
    industry has ``MIN_TENANTS`` of them, else everybody.
    """
    here = taxed_here(yields, tenants, year)
    area = yields["area_sqm"].where(yields["area_sqm"] > 0)[here.notna()]
    told = area.sum() > 0
    taxed = yields[here.fillna(False).astype(bool)]
    new = newcomers(tenants, panel, year)
    found = industry_yields(taxed[taxed["enterprise_id"].isin(new)], rng)
    of_newcomers = len(found[0]) > 0
    table, drawn = found if of_newcomers else industry_yields(taxed, rng)
    return Prospects(
        tax_per_sqm_yuan=table["mean"],
        let_rate=let_rate(panel, year),
        taxed_here_rate=float(area[here.fillna(False).astype(bool)].sum() / area.sum()) if told else np.nan,
        middle_tax_per_sqm_yuan=table["middle"],
        drawn=drawn,
        of_newcomers=of_newcomers,
    )


def taxed_here(yields: pd.DataFrame, tenants: pd.DataFrame, year: int) -> pd.Series:
    """Return for each row of ``yields`` whether the tenant is taxed in the district (boolean, or missing).

    As the ledger says (纳税地); where it does not, whether the tenant is registered in the district.
    """
    pair = ["enterprise_id", "building_id"]
    rows = tenants[(tenants["year"] == year) & tenants["at_year_end"]].drop_duplicates(pair)
    flags = yields[pair].merge(rows[[*pair, "is_taxed_here", "is_registered"]], on=pair, how="left")
    flags = flags.set_axis(yields.index)
    told = flags["is_taxed_here"].astype("boolean")
    return told.fillna(flags["is_registered"].astype("boolean"))


def newcomers(tenants: pd.DataFrame, panel: pd.DataFrame, year: int) -> set:
    """Return the enterprises in the district at the ends of ``year`` and the year before, not earlier.

    Not at the end of ``year`` − ``NEWCOMER_YEARS`` that is, or, where nobody is listed then, of the first
    year since then with a list, two years back at least. Only in streets that have tenants listed then:
    elsewhere everybody would look new. None without such a year.
    """
    street = panel.drop_duplicates("building_id", keep="last").set_index("building_id")["street"]
    there = tenants[tenants["at_year_end"] & tenants["building_id"].notna()]
    home = there["building_id"].map(street).fillna("")
    listed = there["year"][there["year"].between(year - NEWCOMER_YEARS, year - 2)]
    if not len(listed):
        return set()
    past = there["year"] == listed.min()
    known = home.isin(home[past].unique())
    now, before = (set(there.loc[known & (there["year"] == at), "enterprise_id"]) for at in (year, year - 1))
    return (now & before) - set(there.loc[past, "enterprise_id"])


def industry_yields(yields: pd.DataFrame, rng: np.random.Generator) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return tax per ㎡ (元/㎡ a year) by industry, and the redrawn ``mean`` (``DRAWS`` × industries).

    ``yields``: rows of ``scorecards.tenant_yields`` taxed here; all whose tax and area are known, those that
    pay nothing too. Columns ``mean`` (Σ tax ÷ Σ area) and ``middle`` (the median enterprise), of industries
    with ``MIN_TENANTS`` enterprises and more, 未识别 left out. Enterprises are drawn, not their buildings.
    """
    known = yields[yields["tax_per_sqm_yuan"].notna() & (yields["industry"] != UNRECOGNISED)]
    firms = known.groupby(["industry", "enterprise_id"])[["tax_yuan", "area_sqm"]].sum()
    table, drawn = {}, {}
    for industry, rows in firms.groupby(level="industry"):
        if len(rows) < MIN_TENANTS:
            continue
        tax, area = rows["tax_yuan"].to_numpy("float64"), rows["area_sqm"].to_numpy("float64")
        times = rng.multinomial(len(rows), np.full(len(rows), 1 / len(rows)), size=DRAWS)
        table[industry] = (tax.sum() / area.sum(), float(np.median(tax / area)))
        drawn[industry] = (times @ tax) / (times @ area)
    found = pd.DataFrame.from_dict(table, orient="index", columns=["mean", "middle"], dtype="float64")
    return found, pd.DataFrame(drawn)


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
