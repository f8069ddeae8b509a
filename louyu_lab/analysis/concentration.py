"""How much of the tax hangs on how few: inside buildings and among the district's key taxpayers."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from louyu_lab.analysis.outputs import TABLES, declared
from louyu_lab.analysis.stock import of_year

#: Share of the largest taxpayer from which a building lives on a single source (单一税源; our convention).
SINGLE_SOURCE = 0.8

#: Least share of a building's reported total that its listed enterprises must cover to speak for it.
MIN_COVERAGE = 0.8

INSIDE, OUTSIDE, ALL = "楼内", "楼外", "全区"


def tax_concentration(
    tenants: pd.DataFrame,
    panel: pd.DataFrame,
    year: int,
    district: str,
    single_source: float = SINGLE_SOURCE,
) -> pd.DataFrame:
    """Return table ``tax_concentration``: the district's buildings together, then each of the year.

    ``tenants`` comes from ``panel.enterprise_years``, ``panel`` from ``panel.building_years``.
    ``tax_yuan`` is the building's tax as everywhere else. The shares are of enterprise taxes above
    0: refunds and zeros are left out, so that shares stay within 0–1. ``hhi_tax`` = Σ share²,
    ``effective_taxpayers`` = 1 ÷ HHI. Where only a total is known, or the listed enterprises make
    up less than ``MIN_COVERAGE`` of it, the measures are missing. In the district an enterprise in
    several buildings counts once.
    """
    buildings = of_year(panel, year)[["building_id", "tax_yuan"]]
    paid = tenants[(tenants["year"] == year) & (tenants["tax_yuan"] > 0)]
    paid = paid[paid["building_id"].isin(buildings["building_id"])]
    whole = pd.DataFrame({"id": [district], "tax_yuan": [buildings["tax_yuan"].sum(min_count=1)]})
    rows = [
        _measured(whole, paid.assign(id=district)).assign(level="district"),
        _measured(
            buildings.rename(columns={"building_id": "id"}), paid.assign(id=paid["building_id"])
        ).assign(level="building"),
    ]
    table = pd.concat(rows, ignore_index=True)
    is_single = (table["top1_rate"] >= single_source).astype("boolean").where(table["top1_rate"].notna())
    table = table.assign(is_single_source=is_single)
    return declared("tax_concentration", table[list(TABLES["tax_concentration"].columns)])


def key_taxpayers(tenants: pd.DataFrame, year: int, thresholds: Sequence[float] = (1e7, 5e6)) -> pd.DataFrame:
    """Return table ``key_taxpayers`` (T11): enterprises paying a threshold (元) or more.

    Groups 楼内, 楼外 and 全区 for each threshold, highest first. An enterprise with several places
    counts once, with its whole tax, and as 楼内 if any of them is in a building. Shares are of 全区 at
    the same threshold, NaN where nobody reaches it. 全区 means every enterprise that the tax ledger lists
    by name. Where it lists nobody outside (or the ledgers place nobody inside) the buildings, the other
    side is unknown and only the side known, or 全区, has rows. Without taxes by enterprise there are none.
    """
    rows = tenants[(tenants["year"] == year) & tenants["in_taxes"]]
    if rows.empty:
        return declared("key_taxpayers", pd.DataFrame(columns=list(TABLES["key_taxpayers"].columns)))
    by_firm = rows.assign(inside=rows["building_id"].notna()).groupby("enterprise_id")
    firms = pd.DataFrame(
        {"tax_yuan": by_firm["tax_yuan"].sum(min_count=1), "inside": by_firm["inside"].max()}
    )
    if not firms["inside"].any():
        told = [ALL]
    else:
        told = [INSIDE] if firms["inside"].all() else [INSIDE, OUTSIDE, ALL]
    parts = [
        _groups(firms[firms["tax_yuan"] >= low], low, told) for low in sorted(set(thresholds), reverse=True)
    ]
    return declared("key_taxpayers", pd.concat(parts, ignore_index=True).assign(year=year))


def _measured(totals: pd.DataFrame, paid: pd.DataFrame) -> pd.DataFrame:
    """Add the measures of concentration to ``id, tax_yuan``, highest tax first."""
    firms = paid.groupby(["id", "enterprise_id"], as_index=False).agg(
        paid=("tax_yuan", "sum"), enterprise=("enterprise", "first")
    )
    firms = firms.sort_values(["id", "paid", "enterprise_id"], ascending=[True, False, True])
    listed = firms.groupby("id")["paid"].transform("sum")
    firms = firms.assign(share=firms["paid"] / listed, squared=(firms["paid"] / listed) ** 2)
    grouped = firms.groupby("id")
    measures = pd.DataFrame(
        {
            "taxpayers": grouped.size().astype("Int64"),
            "listed": grouped["paid"].sum(),
            "top1_enterprise": grouped["enterprise"].first(),
            "top1_rate": grouped["share"].max(),
            "cr5_rate": grouped["share"].apply(lambda shares: shares.head(5).sum()),
            "hhi_tax": grouped["squared"].sum(),
            "loss_if_top_leaves_yuan": grouped["paid"].max(),
        }
    )
    both = totals.merge(measures, left_on="id", right_index=True, how="left")
    covered = both["listed"] >= MIN_COVERAGE * both["tax_yuan"]
    told = [column for column in measures if column != "listed"]
    both[told] = both[told].where(covered)
    both["effective_taxpayers"] = 1 / both["hhi_tax"]
    return both.sort_values(["tax_yuan", "id"], ascending=[False, True])


def _groups(firms: pd.DataFrame, threshold: float, told: Sequence[str]) -> pd.DataFrame:
    """Count the groups ``told``; shares need the whole district among them."""
    members = {INSIDE: firms[firms["inside"]], OUTSIDE: firms[~firms["inside"]], ALL: firms}
    table = pd.DataFrame(
        {
            "threshold_yuan": threshold,
            "group": list(told),
            "firms": [len(members[group]) for group in told],
            "tax_yuan": [float(members[group]["tax_yuan"].sum()) for group in told],
        }
    )
    firms_in_all, tax_in_all = table["firms"].iloc[-1], table["tax_yuan"].iloc[-1]
    has_all = ALL in told and firms_in_all > 0
    return table.assign(
        share_firms=table["firms"] / firms_in_all if has_all else float("nan"),
        share_tax=table["tax_yuan"] / tax_in_all if has_all else float("nan"),
    )
