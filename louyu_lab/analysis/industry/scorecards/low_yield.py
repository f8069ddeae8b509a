"""腾笼换鸟: tenants that pay little for their space, against their own industry and grade of building."""

from __future__ import annotations

import pandas as pd

from louyu_lab.analysis.industry.scorecards.entry_thresholds import MIN_TENANTS, reference_yields
from louyu_lab.analysis.industry.scorecards.tenant_yields import tenant_yields
from louyu_lab.analysis.outputs import TABLES, declared
from louyu_lab.analysis.study_year import StudyYear

#: Quantile of its own group below which a tenant is listed.
QUANTILE = 0.25

#: Reasons why a tenant of a sound yield is not compared, and is not listed.
FEW_PEERS = f"同行业纳税企业不足 {MIN_TENANTS} 家"

#: What a listed tenant is.
NO_TAX, LOW_TAX = "无经常性税收", "低于分位线"


def low_yield(study: StudyYear, yields: pd.DataFrame, quantile: float = QUANTILE) -> pd.DataFrame:
    """Return table ``low_yield``: tenants that pay less per ㎡ than the quantile of their group.

    ``yields`` from ``tenant_yields``. The group is industry × grade with at least ``MIN_TENANTS`` paying
    tenants, else the industry; ``compared_with`` names it. ``line_yuan_sqm, median_yuan_sqm`` are the
    group's quantile and median; ``gain_yuan`` = median × area − tax, what the space would bring more were it
    let to a tenant at the median of the group: an upper bound, as no vacancy, no fit-out and no ramp-up are
    counted. The largest gain stands first.
    ``is_repeated``: listed by the same rule the year before too (missing where that year tells nothing).
    """
    listed = _listed(yields, quantile)
    before = study.before
    if before is not None:
        earlier = tenant_yields(study, before)
        told = set(earlier.loc[earlier["tax_yuan"].notna(), "enterprise_id"])
        again = set(_listed(earlier, quantile)["enterprise_id"])
        repeated = listed["enterprise_id"].isin(again).astype("boolean")
        listed["is_repeated"] = repeated.mask(~listed["enterprise_id"].isin(told))
    else:
        listed["is_repeated"] = pd.Series(pd.NA, index=listed.index, dtype="boolean")
    listed = listed.sort_values(["gain_yuan", "enterprise_id", "building_id"], ascending=[False, True, True])
    return declared("low_yield", listed[list(TABLES["low_yield"].columns)])


def low_yield_left_out(yields: pd.DataFrame, listed: pd.DataFrame) -> pd.DataFrame:
    """Return table ``low_yield_left_out``: every tenant by what became of it, with firms and area (㎡).

    ``outcome``: listed, not below the line, or the reason for which it was not compared. The rows add up
    to all tenants at the year's end.
    """
    peers = _with_peers(yields, QUANTILE)
    key = ["enterprise_id", "building_id"]
    is_listed = pd.MultiIndex.from_frame(yields[key]).isin(pd.MultiIndex.from_frame(listed[key]))
    outcome = peers["left_out"].fillna("达到分位线").mask(is_listed, "列入清单")
    grouped = yields.assign(outcome=outcome.astype("str"), firms=1).groupby("outcome", as_index=False)
    table = grouped[["firms", "area_sqm"]].sum(min_count=1)
    return declared("low_yield_left_out", table.sort_values(["firms", "outcome"], ascending=[False, True]))


def _listed(yields: pd.DataFrame, quantile: float) -> pd.DataFrame:
    """Return the tenants below the line of their group."""
    rows = _with_peers(yields, quantile)
    rows = rows[rows["left_out"].isna() & (rows["tax_per_sqm_yuan"] < rows["line_yuan_sqm"])]
    return rows.assign(
        finding=pd.Series(LOW_TAX, index=rows.index, dtype="str").mask(rows["tax_yuan"] == 0, NO_TAX),
        gain_yuan=rows["median_yuan_sqm"] * rows["area_sqm"] - rows["tax_yuan"],
    )


def _with_peers(yields: pd.DataFrame, quantile: float) -> pd.DataFrame:
    """Return ``yields`` with the line and median of each tenant's group; ``FEW_PEERS`` where it has none."""
    paying = reference_yields(yields)
    rows = yields.assign(compared_with=pd.Series(pd.NA, index=yields.index, dtype="str"))
    rows = rows.assign(line_yuan_sqm=float("nan"), median_yuan_sqm=float("nan"))
    # The narrower group is written last, over the wider one.
    for by in (["industry"], ["industry", "grade"]):
        found = paying.groupby(by)["tax_per_sqm_yuan"].agg(
            n="size", line=lambda values: values.quantile(quantile), median="median"
        )
        own = rows[by].merge(found[found["n"] >= MIN_TENANTS].reset_index(), on=by, how="left")
        own = own.set_axis(rows.index)
        known = own["n"].notna()
        name = rows["industry"].str.cat([rows[column] for column in by[1:]], sep="·")
        rows["compared_with"] = rows["compared_with"].mask(known, name)
        rows["line_yuan_sqm"] = rows["line_yuan_sqm"].mask(known, own["line"])
        rows["median_yuan_sqm"] = rows["median_yuan_sqm"].mask(known, own["median"])
    lonely = rows["left_out"].isna() & rows["line_yuan_sqm"].isna()
    return rows.assign(left_out=rows["left_out"].mask(lonely, FEW_PEERS))
