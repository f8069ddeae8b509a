"""The stock of buildings: who belongs to it, size and occupancy bands, places, the three-level roll-up.

Every table is a sum over one year of ``panel.building_years``, by the same ``totals``, so that
building, street and district agree.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from louyu_lab.analysis.bands import Bands, spread_over
from louyu_lab.analysis.outputs import declared
from louyu_lab.ledgers.model import Ledgers

#: Building states that do not belong to the stock in operation.
NOT_OPERATING = ("在建", "停建", "未投用", "停用", "拆除", "规划")

#: Descriptive columns of a building that the panel carries along.
TRAITS = ("building", "street", "zone", "area", "grade", "carrier_type")

#: 楼宇规模 by gross area (㎡).
SIZE_BANDS = Bands(
    labels=("1万㎡以下", "1–3万㎡", "3–5万㎡", "5–10万㎡", "10万㎡以上"),
    lows=(-np.inf, 1e4, 3e4, 5e4, 1e5),
)

#: 入驻率 by occupied ÷ rentable area, the bands of 和平区's plan.
OCCUPANCY_BANDS = Bands(
    labels=("85%以上", "70%–85%", "50%–70%", "50%以下"),
    lows=(0.85, 0.70, 0.50, -np.inf),
)

#: Where a building without a place goes, by level.
UNPLACED = {"zone": "未填片区", "street": "未填街道", "area": "未填地区"}

_ADDED = (
    *("gross_area_sqm", "rentable_area_sqm", "occupied_area_sqm", "vacant_area_sqm"),
    *("firms", "tax_yuan"),
)


def stock_years(ledgers: Ledgers, years: Sequence[int]) -> pd.DataFrame:
    """Return the buildings in operation by year with their traits and areas (㎡)."""
    buildings = ledgers["buildings"]
    operating = ~buildings["status"].fillna("").str.contains("|".join(NOT_OPERATING))
    buildings = buildings[operating]
    grid = buildings.merge(pd.DataFrame({"year": sorted(years)}), how="cross", suffixes=("_listed", ""))
    # A building listed year by year is in the stock of the years that list it, whatever its completion.
    built = grid["completion_year"].mask(grid["building_id"].isin(ledgers["stock"]["building_id"]))
    since = grid["since_year"].fillna(built).astype("float64").fillna(-np.inf)
    until = grid["until_year"].astype("float64").fillna(np.inf)
    grid = grid[(since <= grid["year"]) & (grid["year"] <= until)]
    grid = grid[["building_id", "year", *TRAITS, "gross_area_sqm", "rentable_area_sqm"]]
    dated = ledgers["stock"][["building_id", "year", "gross_area_sqm", "rentable_area_sqm"]]
    if len(dated) == 0:
        return grid.reset_index(drop=True)
    grid = grid.merge(
        dated.astype({"year": "int64"}), on=["building_id", "year"], how="left", suffixes=("_last", "")
    )
    for area in ("gross_area_sqm", "rentable_area_sqm"):
        grid[area] = grid[area].fillna(grid.pop(f"{area}_last"))
    return grid


def of_year(panel: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return the rows of one year; ValueError naming the years there are, when there is none."""
    rows = panel[panel["year"] == year]
    if len(rows) == 0:
        held = "、".join(str(held) for held in sorted(panel["year"].unique())) or "无"
        raise ValueError(f"{year} 年没有在册楼宇；可选年份：{held}")
    return rows


def size_bands(panel: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return table ``size_bands`` (T2): buildings and gross area (㎡) by size."""
    spread = spread_over(SIZE_BANDS, of_year(panel, year), "gross_area_sqm", "gross_area_sqm")
    return declared("size_bands", spread.rename(columns={"share_amount": "share_area"}))


def occupancy_bands(panel: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return table ``occupancy_bands`` (T4): buildings and rentable area (㎡) by occupancy rate.

    A building without occupancy data is counted in the row 无数据; shares are of all buildings.
    """
    spread = spread_over(OCCUPANCY_BANDS, of_year(panel, year), "occupancy_rate", "rentable_area_sqm")
    return declared("occupancy_bands", spread.rename(columns={"share_amount": "share_area"}))


def places(panel: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return table ``places`` (T3): ``totals`` by zone, street and area.

    A level that no building fills in is left out; otherwise buildings without a place stand in a row
    of their own, so that each level adds up to the district. Rows fall by gross area.
    """
    rows = placed(of_year(panel, year))
    parts = []
    for level, unplaced in UNPLACED.items():
        if (rows[level] == unplaced).all():
            continue
        part = totals(rows, level).rename(columns={level: "id"})
        parts.append(part.sort_values(["gross_area_sqm", "id"], ascending=[False, True]).assign(level=level))
    if not parts:
        parts = [totals(rows, "street").rename(columns={"street": "id"}).assign(level="street")]
    return declared("places", pd.concat(parts, ignore_index=True))


def rollup(panel: pd.DataFrame, year: int, district: str) -> pd.DataFrame:
    """Return table ``rollup`` (T3): district, streets and buildings, each with its ``parent``.

    Streets are the sums of their buildings and the district the sum of its streets, so the levels
    agree. Firms are counted once in each building they stand in. The district has no parent.
    """
    rows = placed(of_year(panel, year)).assign(district=district)
    by_building = _addends(rows, ["district", "street", "building_id"])
    by_street = _summed(by_building, ["district", "street"])
    by_district = _summed(by_street, ["district"])
    levels = (
        ("district", by_district, "district", None),
        ("street", by_street, "street", "district"),
        ("building", by_building, "building_id", "street"),
    )
    parts = [
        _rated(part).assign(level=level, id=part[own], parent=part[above] if above else None)
        for level, part, own, above in levels
    ]
    whole = pd.concat(parts, ignore_index=True)
    return declared("rollup", whole.drop(columns=["district", "street", "building_id"]))


def placed(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with a name for every missing zone, street and area, so that none is dropped."""
    return rows.assign(**{level: rows[level].fillna(name) for level, name in UNPLACED.items()})


def totals(rows: pd.DataFrame, by: str) -> pd.DataFrame:
    """Return buildings added up by one column of the panel.

    Columns: ``by, buildings, gross_area_sqm, rentable_area_sqm, occupied_area_sqm, vacant_area_sqm``
    (㎡), ``firms, tax_yuan`` (元), ``occupancy_rate`` (0–1; Σ occupied ÷ Σ rentable over the buildings
    where both are known), ``tax_per_sqm_yuan`` (元 per ㎡ of gross area, over the buildings where both
    are known). A sum leaves out what is unknown and is NaN when nothing is known.
    """
    return _rated(_addends(rows, [by]))


def _addends(rows: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Sum what may be added up, with the bases of the two rates restricted to their own population."""
    measured = rows["occupied_area_sqm"].notna() & rows["rentable_area_sqm"].notna()
    taxed = rows["tax_yuan"].notna() & rows["gross_area_sqm"].notna()
    work = rows.assign(
        buildings=1,
        measured_occupied=rows["occupied_area_sqm"].where(measured),
        measured_rentable=rows["rentable_area_sqm"].where(measured),
        measured_tax=rows["tax_yuan"].where(taxed),
        measured_gross=rows["gross_area_sqm"].where(taxed),
    )
    bases = ["measured_occupied", "measured_rentable", "measured_tax", "measured_gross"]
    return _summed(work[[*by, "buildings", *_ADDED, *bases]], by)


def _summed(rows: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    return rows.groupby(by, as_index=False).sum(min_count=1, numeric_only=True)


def _rated(sums: pd.DataFrame) -> pd.DataFrame:
    """Turn the bases into the two rates."""
    rentable, gross = sums["measured_rentable"], sums["measured_gross"]
    rated = sums.assign(
        occupancy_rate=sums["measured_occupied"] / rentable.where(rentable > 0),
        tax_per_sqm_yuan=sums["measured_tax"] / gross.where(gross > 0),
    )
    return rated.drop(columns=[name for name in sums.columns if name.startswith("measured_")])
