"""The populations indicators are summed over: buildings, tenants, industries, the district.

Each is a frame with one row a member and year, and the columns that ``indicator_catalogue.yaml``
names as numerator, denominator or condition. A flag is 1, 0 or NaN, so that sums count it.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from louyu_lab.analysis.district_tax import district_taxes
from louyu_lab.analysis.industry.concentration import dominant_industries
from louyu_lab.analysis.industry.sections import IndustryMap, industry_map
from louyu_lab.analysis.tiers import YI_BUILDING, tier_of
from louyu_lab.ledgers.model import Ledgers

#: Self-held share below which a building of several owners counts as dispersed (分散产权).
DISPERSED_BELOW = 0.5

#: Section of real estate in GB/T 4754-2017.
REAL_ESTATE = ("K",)

_WEIGHTED = pd.DataFrame(
    {"year": pd.Series(dtype="int64")}
    | {
        name: pd.Series(dtype="float64")
        for name in ("firms", "weighted_firms", "weighted_area", "weighted_tax")
    }
)

_FLAGS = ("has_party_org", "has_intermediary", "has_smart_platform")


def building_population(
    buildings: pd.DataFrame,
    panel: pd.DataFrame,
    mixes: Mapping[int, pd.DataFrame],
    industries: IndustryMap | None = None,
) -> pd.DataFrame:
    """Return the panel of buildings by year with what the indicators sum.

    ``buildings`` is the building ledger, ``panel`` comes from ``panel.building_years``, ``mixes`` are
    tables ``industry_mix`` by year in ``industries``. Added: ``one, is_yi, is_yi_recurring,
    tax_other_yuan`` (without real-estate enterprises), ``self_held_area_sqm, is_unified, is_star,
    is_feature`` and the coverage flags.
    """
    traits = ["self_held_rate", "owners", "star", "feature_year", *_FLAGS]
    known = buildings.drop_duplicates("building_id").set_index("building_id")[traits]
    joined = panel.join(known.astype("float64"), on="building_id")
    joined = joined.join(_real_estate_taxes(mixes, industries or industry_map()), on=["building_id", "year"])
    return joined.assign(
        one=1.0,
        is_yi=_is_yi(joined["tax_yuan"]),
        is_yi_recurring=_is_yi(joined["recurring_tax_yuan"]),
        tax_other_yuan=joined["tax_yuan"] - joined["real_estate_tax_yuan"],
        self_held_area_sqm=joined["gross_area_sqm"] * joined["self_held_rate"],
        is_unified=_is_unified(joined["owners"], joined["self_held_rate"]),
        is_star=(joined["star"] > 0).astype("float64"),
        is_feature=(joined["feature_year"] <= joined["year"]).astype("float64"),
    )


def tenant_population(
    tenants: pd.DataFrame, panel: pd.DataFrame, registrations: pd.DataFrame
) -> pd.DataFrame:
    """Return the enterprises in operating buildings at the year's end, one row a firm and building.

    ``tenants`` comes from ``panel.enterprise_years``. The ledger's own registration flag counts
    first; where it is blank, the list of registrations decides, if there is one. A firm pays tax
    when its tax of the year is above 0; in a year with taxes by enterprise a firm without any entry
    pays none. In other years, and for an entry without the amount, it is unknown.
    """
    present = tenants[tenants["at_year_end"] & tenants["building_id"].notna()]
    present = present.merge(panel[["building_id", "year"]], on=["building_id", "year"])
    taxed_years = set(tenants.loc[tenants["in_taxes"] & tenants["tax_yuan"].notna(), "year"])
    told = present["year"].isin(taxed_years) & (present["tax_yuan"].notna() | ~present["in_taxes"])
    pays = (present["tax_yuan"] > 0).astype("float64").where(told)
    registered = present["is_registered"].astype("float64").fillna(_listed(present, registrations))
    return present.assign(
        one=1.0,
        is_registered=registered,
        registered_area_sqm=registered * present["area_sqm"],
        is_taxed_here=present["is_taxed_here"].astype("float64"),
        is_taxpayer=pays,
    )


def industry_population(mixes: Mapping[int, pd.DataFrame]) -> pd.DataFrame:
    """Return one row a building and year from the tables ``industry_mix`` by year.

    Columns: ``firms``, the weight of a building, and ``weighted_firms, weighted_area, weighted_tax``:
    its leading industry's share by each, times the weight.
    """
    parts = [_WEIGHTED.copy()]
    for year, mix in sorted(mixes.items()):
        table = dominant_industries(mix).reset_index(drop=True)
        weighted = {
            f"weighted_{by}": table[f"share_industry_{by}"].astype("float64") * table["firms"]
            for by in ("firms", "area", "tax")
        }
        parts.append(pd.DataFrame({"year": year, "firms": table["firms"].astype("float64"), **weighted}))
    return pd.concat(parts, ignore_index=True)


def district_population(ledgers: Ledgers, panel: pd.DataFrame) -> pd.DataFrame:
    """Return one row a year: the buildings' ``tax_yuan``, ``district_tax_yuan`` and their ``scope``."""
    by_year = panel.groupby("year")["tax_yuan"]
    totals = pd.DataFrame(
        {"tax_yuan": by_year.sum(min_count=1), "known": by_year.count(), "all": by_year.size()}
    )
    totals = totals.reset_index().merge(district_taxes(ledgers), on="year", how="left")
    coverage = totals["all"].astype(str) + " 幢中 " + totals["known"].astype(str) + " 幢有税收数据"
    return totals.assign(scope="全区税收为" + totals["scope"].fillna("") + "；" + coverage)


def _is_yi(tax_yuan: pd.Series) -> pd.Series:
    return (tier_of(tax_yuan) == YI_BUILDING).astype("float64").where(tax_yuan.notna())


def _real_estate_taxes(mixes: Mapping[int, pd.DataFrame], industries: IndustryMap) -> pd.Series:
    """Tax of each building's real-estate enterprises by year (元); missing without enterprise taxes.

    Missing too where the district counts real estate and other sections as one industry: the mix does not
    tell them apart.
    """
    empty = pd.DataFrame({"level": [], "id": [], "industry": [], "tax_yuan": [], "year": []})
    mix = pd.concat([empty, *(mix.assign(year=year) for year, mix in mixes.items())])
    rows = mix[(mix["level"] == "building") & mix["tax_yuan"].notna()]
    if industries.mixed_with(REAL_ESTATE):
        rows = rows.iloc[:0]
    is_real_estate = rows["industry"].isin(industries.made_of(REAL_ESTATE))
    own = rows["tax_yuan"].astype("float64").where(is_real_estate, 0.0)
    keys = [rows["id"].astype("str").rename("building_id"), rows["year"].astype("int64")]
    return own.groupby(keys).sum().rename("real_estate_tax_yuan")


def _is_unified(owners: pd.Series, self_held_rate: pd.Series) -> pd.Series:
    """1 unless several owners hold most of the building; NaN where neither column decides."""
    single = (owners == 1) | (self_held_rate >= DISPERSED_BELOW)
    dispersed = (owners > 1) & (self_held_rate < DISPERSED_BELOW)
    return pd.Series(np.select([single, dispersed], [1.0, 0.0], np.nan), index=owners.index)


def _listed(present: pd.DataFrame, registrations: pd.DataFrame) -> pd.Series:
    """1 for firms on the list of registrations at the year's end, else 0; NaN without a list."""
    if registrations.empty:
        return pd.Series(np.nan, index=present.index)
    spans = registrations[["enterprise_id", "registered_date", "cancelled_date"]]
    both = present[["enterprise_id", "year"]].reset_index().merge(spans, on="enterprise_id")
    begun = both["registered_date"].isna() | (both["registered_date"].dt.year <= both["year"])
    ended = both["cancelled_date"].dt.year <= both["year"]
    on_list = both.loc[begun & ~ended, "index"]
    return pd.Series(present.index.isin(on_list).astype("float64"), index=present.index)
