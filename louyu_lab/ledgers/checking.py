"""Checks that look at whole ledgers: duplicates, contradictions between columns and ledgers, unit breaks.

Each check takes a typed frame and returns it without the rows set aside; what it finds goes to the log.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from louyu_lab.ledgers import series
from louyu_lab.ledgers.catalogue import catalogue
from louyu_lab.ledgers.faults import FaultLog
from louyu_lab.ledgers.stay_checks import (
    lists_missing,
    no_exits,
    stay_dates,
    stays_nowhere,
    stays_repeated,
    tiny_exits,
)
from louyu_lab.ledgers.tax_checks import (
    district_breaks,
    tax_breaks,
    tax_levels,
    tax_part_years,
    tax_periods,
    taxes_repeated,
    taxes_vast,
)

#: Occupied area may exceed the rentable one by rounding of the printed figures.
_AREA_SLACK = 0.001

#: Points by which a stated occupancy rate may differ from the one its areas give.
_RATE_SLACK = 0.01

#: Ledgers of which only whole rows can be compared.
_REPEATABLE = ("idle", "registrations", "pipeline", "policies", "projects")

Frames = dict[str, pd.DataFrame]


def check_ledgers(frames: Frames, log: FaultLog) -> Frames:
    """Run every check and return the frames without the rows set aside."""
    checks: dict[str, tuple[Callable[[Frames, FaultLog], pd.DataFrame], ...]] = {
        "buildings": (_building_areas,),
        "stock": (_stock_breaks,),
        "occupancy": (_occupancy_repeated, _occupied_areas),
        "tenancies": (stays_nowhere, stay_dates, stays_repeated, no_exits, lists_missing, tiny_exits),
        "taxes": (taxes_repeated, tax_periods, tax_part_years, taxes_vast, tax_breaks, tax_levels),
        "district": (district_breaks,),
        **{ledger: (_rows_repeated(ledger),) for ledger in _REPEATABLE},
    }
    frames = dict(frames)
    for ledger, steps in checks.items():
        for step in steps:
            if ledger in frames:
                frames[ledger] = step(frames, log).reset_index(drop=True)
    return {ledger: frame for ledger, frame in frames.items() if len(frame)}


def _rows_repeated(ledger: str) -> Callable[[Frames, FaultLog], pd.DataFrame]:
    """Return the check that sets aside rows of ``ledger`` equal to another in every column."""
    columns = [column for column in catalogue()[ledger].columns if column.kind != "pii"]
    names = [column.name for column in columns]
    names += ["period"] if "year" in names else []
    named = next(column for column in columns if column.kind == "name" or column.name == "policy")

    def check(frames: Frames, log: FaultLog) -> pd.DataFrame:
        frame = frames[ledger]
        repeated = frame.duplicated(names)
        log.add_rows("row-duplicate", frame[repeated], named.zh, frame.loc[repeated, named.name].fillna(""))
        return frame[~repeated]

    return check


def _building_areas(frames: Frames, log: FaultLog) -> pd.DataFrame:
    buildings = frames["buildings"]
    over = buildings["rentable_area_sqm"] > buildings["gross_area_sqm"] * (1 + _AREA_SLACK)
    values = _above(buildings.loc[over, "rentable_area_sqm"], buildings.loc[over, "gross_area_sqm"])
    log.add_rows("rentable-over-gross", buildings[over], "可租售面积", values)
    missing = buildings["rentable_area_sqm"].isna() & buildings["gross_area_sqm"].notna()
    log.add_rows("rentable-missing", buildings[missing], "可租售面积", [""] * int(missing.sum()))
    return buildings


def _stock_breaks(frames: Frames, log: FaultLog) -> pd.DataFrame:
    stock = frames["stock"]
    found = series.jumps(stock, ["building_id"], "gross_area_sqm")
    log.add_rows("series-jump", stock.loc[found.index], "建筑面积", series.jump_texts(found))
    return stock


def _occupancy_repeated(frames: Frames, log: FaultLog) -> pd.DataFrame:
    frame = frames["occupancy"]
    key = ["building_id", "building", "year", "period"]
    repeated = frame.duplicated(key)
    log.add_rows(
        "row-duplicate",
        frame[repeated],
        "楼宇名称",
        frame.loc[repeated, "building"].fillna(frame["building_id"]),
        "一幢楼一期只留一行；不是同一期的，请写明年份或期间",
    )
    return frame[~repeated]


def _occupied_areas(frames: Frames, log: FaultLog) -> pd.DataFrame:
    """Fill occupied area and rate from each other; set aside rows that let or seal more than is rentable."""
    frame = frames["occupancy"].reset_index(drop=True)
    rentable = _rentable(frame, frames)
    by_vacancy = (rentable - frame["vacant_area_sqm"]).where(lambda area: area >= 0)
    measured = frame["occupied_area_sqm"].fillna(by_vacancy.where(frame["occupancy_rate"].isna()))
    implied = measured / rentable
    over = measured > rentable * (1 + _AREA_SLACK)
    log.add_rows(
        "occupied-over-rentable", frame[over], "入驻面积|空置面积", _above(measured[over], rentable[over])
    )
    sealed = frame["unmarketable_area_sqm"]
    is_sealed_over = sealed > rentable * (1 + _AREA_SLACK)
    values = _above(sealed[is_sealed_over], rentable[is_sealed_over])
    log.add_rows("unmarketable-over-rentable", frame[is_sealed_over], "不可招商面积", values)
    differs = ~over & ((implied - frame["occupancy_rate"]).abs() > _RATE_SLACK)
    values = [
        f"{a:.1%}，面积算出 {b:.1%}"
        for a, b in zip(frame.loc[differs, "occupancy_rate"], implied[differs], strict=True)
    ]
    log.add_rows("occupancy-disagrees", frame[differs], "入驻率", values)
    area = measured.fillna(frame["occupancy_rate"] * rentable).clip(upper=rentable)
    return frame.assign(occupied_area_sqm=area, occupancy_rate=implied.fillna(frame["occupancy_rate"]))[
        ~(over | is_sealed_over)
    ]


def _above(areas: pd.Series, limits: pd.Series) -> list[str]:
    """Say of each area which one it exceeds."""
    return [f"{area:,.0f}㎡ > {limit:,.0f}㎡" for area, limit in zip(areas, limits, strict=True)]


def _rentable(frame: pd.DataFrame, frames: Frames) -> pd.Series:
    """Rentable area of each row's building: that year's where the ledger is dated, else the latest."""
    area = pd.Series(np.nan, index=frame.index)
    if "buildings" in frames:
        latest = frames["buildings"].set_index("building_id")["rentable_area_sqm"]
        area = frame["building_id"].map(latest).astype("float64")
    if "stock" in frames:
        dated = frames["stock"].drop_duplicates(["building_id", "year"])
        joined = frame[["building_id", "year"]].merge(dated, on=["building_id", "year"], how="left")
        area = joined["rentable_area_sqm"].set_axis(frame.index).fillna(area)
    return area
