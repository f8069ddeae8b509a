"""How vacant area turns over: what is let up (消化), net absorption, churn, turnover and age."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.analysis.absorption import occupied_at_ends, occupied_changes
from louyu_lab.analysis.idle_ages import idle_in_stock, mean_idle_months
from louyu_lab.analysis.outputs import TABLES, declared
from louyu_lab.analysis.stock import placed

#: Level -> the column that identifies it.
_LEVELS = {"district": "district", "street": "street", "building": "building_id"}

#: A building with fewer firms at the year's start has too few for a turnover rate of its own. Firms, not
#: exits: choosing by exits would keep the buildings that happened to lose tenants.
ENOUGH_FIRMS = 20


def turnover_rates(moves: pd.DataFrame, panel: pd.DataFrame, tenancies: pd.DataFrame) -> pd.DataFrame:
    """Return ``building_id, year, turnover_rate, occupied_area_sqm, is_own``, one row a building and year.

    From table ``moves`` and the ledgers behind it. ``turnover_rate`` (0–1 a year) = area of the firms
    that left the building ÷ its ``occupied_area_sqm``, the mean of both year ends (the last one where
    only that is known). A building of fewer than ``ENOUGH_FIRMS`` firms at the year's start, or without
    these areas, has the district's rate: Σ area left ÷ Σ mean occupied area over the buildings where
    both are known (``is_own`` False). Only for years whose year before the enterprise ledger speaks of;
    no rows where no rate is known.
    """
    left = moves.loc[moves["level"] == "building", ["id", "year", "area_out_sqm"]]
    left = left.rename(columns={"id": "building_id"})
    parts = [_turnover(left, panel, year) for year in _followed_years(left, tenancies)]
    columns = ["building_id", "year", "turnover_rate", "occupied_area_sqm", "is_own"]
    if not parts:
        return pd.DataFrame({name: [] for name in columns})
    return pd.concat(parts, ignore_index=True).dropna(subset=["turnover_rate", "occupied_area_sqm"])[columns]


def district_turnover(turnover: pd.DataFrame, year: int) -> float:
    """Return the district's turnover of the year from ``turnover_rates``, by occupied area, or NaN."""
    rows = turnover[turnover["year"] == year]
    occupied = rows["occupied_area_sqm"].sum()
    left = (rows["turnover_rate"] * rows["occupied_area_sqm"]).sum()
    return float(left / occupied) if occupied > 0 else float("nan")


def circulation(panel: pd.DataFrame, moves: pd.DataFrame, idle: pd.DataFrame, district: str) -> pd.DataFrame:
    """Return table ``vacancy_circulation`` of district, streets and buildings by year.

    From ``panel.building_years``, table ``moves`` and the idle ledger; either of the latter may be
    empty. ``absorbed_area_sqm`` (消化面积) is the growth of a building's occupied area since the year end
    before (``absorption.occupied_changes``), none where it fell, at most what was vacant then;
    ``opening_vacant_area_sqm`` (期初空置面积) is Σ of that vacancy over the buildings where both are
    known; ``absorption_rate`` (消化率) = 消化面积 ÷ 期初空置面积 (0–1). A building that opened in the year
    had nothing to absorb. ``net_absorption_sqm`` is Σ Δ occupied area, ``churn_rate`` that of ``moves``;
    ``mean_idle_months`` is weighted by area, over the dated spaces of the census valid for the year
    inside the buildings. A row only where one of them is known.
    """
    streets = placed(panel).sort_values("year").groupby("building_id")["street"].last()
    flows = _located(_absorbed(panel), streets, district)
    years = sorted(panel["year"].unique())
    aged = [idle_in_stock(idle, panel, year).assign(year=year) for year in years] if len(idle) else []
    parts = []
    for level, own in _LEVELS.items():
        part = flows.groupby([own, "year"])[["opening_vacant", "absorbed", "net"]].sum(min_count=1)
        churn = moves[moves["level"] == level].set_index(["id", "year"])["churn_rate"]
        ages = {
            year: mean_idle_months(_located(rows, streets, district), own)
            for year, rows in zip(years, aged, strict=False)
        }
        part = part.rename_axis(["id", "year"]).join(churn.astype("float64"), how="outer")
        part = part.join(_by_year(ages), how="outer")
        parts.append(part.reset_index().assign(level=level))
    table = pd.concat(parts, ignore_index=True).rename(
        columns={
            "opening_vacant": "opening_vacant_area_sqm",
            "absorbed": "absorbed_area_sqm",
            "net": "net_absorption_sqm",
        }
    )
    opening = table["opening_vacant_area_sqm"]
    table["absorption_rate"] = table["absorbed_area_sqm"] / opening.where(opening > 0)
    measures = [name for name in TABLES["vacancy_circulation"].columns if name not in ("level", "id", "year")]
    table = table.dropna(subset=measures, how="all").astype({"year": "int64"})
    return declared("vacancy_circulation", table)


def _absorbed(panel: pd.DataFrame) -> pd.DataFrame:
    """Return ``building_id, year, net, opening_vacant, absorbed`` (㎡) by building and year."""
    flows = occupied_changes(panel).rename(columns={"net_absorption_sqm": "net"})
    key = ["building_id", "year"]
    before = panel[[*key, "vacant_area_sqm"]].assign(year=panel["year"] + 1, was_there=True)
    flows = flows.merge(before, on=key, how="left")
    vacant = flows["vacant_area_sqm"].clip(lower=0.0).mask(flows["was_there"].isna(), 0.0)
    known = flows["net"].notna() & vacant.notna()
    absorbed = np.minimum(flows["net"].clip(lower=0.0), vacant)
    return flows[[*key, "net"]].assign(opening_vacant=vacant.where(known), absorbed=absorbed.where(known))


def _by_year(ages: dict[int, pd.Series]) -> pd.Series:
    """Join mean ages by place of several years into one series by ``id, year``."""
    rows = [(place, year, age) for year, means in ages.items() for place, age in means.items()]
    index = (
        pd.MultiIndex.from_tuples([row[:2] for row in rows], names=["id", "year"])
        if rows
        else (
            pd.MultiIndex.from_arrays(
                [pd.Series([], dtype="str"), pd.Series([], dtype="int64")], names=["id", "year"]
            )
        )
    )
    return pd.Series([row[2] for row in rows], index=index, dtype="float64", name="mean_idle_months")


def _located(rows: pd.DataFrame, streets: pd.Series, district: str) -> pd.DataFrame:
    return rows.assign(street=rows["building_id"].map(streets), district=district)


def _followed_years(left: pd.DataFrame, tenancies: pd.DataFrame) -> list[int]:
    """Years with moves whose year before the enterprise ledger speaks of; stays speak of every year."""
    years = sorted(int(year) for year in left["year"].unique())
    if tenancies["year"].isna().any():
        return years
    told = set(tenancies["year"].dropna().astype(int))
    return [year for year in years if year - 1 in told]


def _turnover(left: pd.DataFrame, panel: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return the turnover of one year for every building in the stock at its end."""
    now = panel[panel["year"] == year].set_index("building_id")
    start = panel[panel["year"] == year - 1].set_index("building_id")
    ends = occupied_at_ends(panel, year - 1, year).set_index("building_id")
    mean = (ends["occupied_before"] + ends["occupied_after"]) / 2
    out = left[left["year"] == year].set_index("building_id")["area_out_sqm"].reindex(mean.index)
    known = out.notna() & (mean > 0)
    own = (out / mean).where(known)
    district = out[known].sum() / mean[known].sum() if known.any() else np.nan
    table = pd.DataFrame({"occupied_area_sqm": mean.reindex(now.index).fillna(now["occupied_area_sqm"])})
    enough = start["firms"].reindex(now.index) >= ENOUGH_FIRMS
    table["turnover_rate"] = own.reindex(now.index).where(enough)
    table["is_own"] = table["turnover_rate"].notna()
    table["turnover_rate"] = table["turnover_rate"].fillna(district)
    return table.rename_axis("building_id").reset_index().assign(year=year)
