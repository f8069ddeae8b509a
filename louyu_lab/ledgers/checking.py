"""Checks that look at whole ledgers: duplicates, contradictions between columns and ledgers, unit breaks.

Each check takes a typed frame and returns it without the rows set aside; what it finds goes to the log.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from louyu_lab.ledgers import series
from louyu_lab.ledgers.faults import FaultLog

#: Below this a departing firm's area is taken for a unit error (the source's “1.2平方米”).
TINY_EXIT_SQM = 5.0

#: Occupied area may exceed the rentable one by rounding of the printed figures.
_AREA_SLACK = 0.001

#: Points by which a stated occupancy rate may differ from the one its areas give.
_RATE_SLACK = 0.01

#: Share by which a building's tenants may pay more than its reported total before it is listed.
_TAX_SLACK = 0.05

Frames = dict[str, pd.DataFrame]


def check_ledgers(frames: Frames, log: FaultLog) -> Frames:
    """Run every check and return the frames without the rows set aside."""
    checks: dict[str, tuple[Callable[[Frames, FaultLog], pd.DataFrame], ...]] = {
        "buildings": (_building_areas,),
        "stock": (_stock_breaks,),
        "occupancy": (_occupancy_repeated, _occupied_areas),
        "tenancies": (_stay_dates, _stays_repeated, _tiny_exits),
        "taxes": (_taxes_repeated, _tax_periods, _tax_breaks, _tax_levels),
        "district": (_district_breaks,),
    }
    frames = dict(frames)
    for ledger, steps in checks.items():
        for step in steps:
            if ledger in frames:
                frames[ledger] = step(frames, log).reset_index(drop=True)
    return {ledger: frame for ledger, frame in frames.items() if len(frame)}


def _building_areas(frames: Frames, log: FaultLog) -> pd.DataFrame:
    buildings = frames["buildings"]
    over = buildings["rentable_area_sqm"] > buildings["gross_area_sqm"] * (1 + _AREA_SLACK)
    values = [
        f"{rentable:,.0f}㎡ > {gross:,.0f}㎡"
        for rentable, gross in zip(
            buildings.loc[over, "rentable_area_sqm"], buildings.loc[over, "gross_area_sqm"], strict=True
        )
    ]
    log.add_rows("rentable-over-gross", buildings[over], "可租售面积", values)
    missing = buildings["rentable_area_sqm"].isna() & buildings["gross_area_sqm"].notna()
    log.add_rows("rentable-missing", buildings[missing], "可租售面积", [""] * int(missing.sum()))
    return buildings


def _stock_breaks(frames: Frames, log: FaultLog) -> pd.DataFrame:
    stock = frames["stock"]
    found = series.jumps(stock, ["building_id"], "gross_area_sqm")
    log.add_rows("series-jump", stock.loc[found.index], "建筑面积", _jump_texts(found))
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
    )
    return frame[~repeated]


def _occupied_areas(frames: Frames, log: FaultLog) -> pd.DataFrame:
    """Fill occupied area and rate from each other; set aside what exceeds the rentable area."""
    frame = frames["occupancy"].reset_index(drop=True)
    rentable = _rentable(frame, frames)
    by_vacancy = (rentable - frame["vacant_area_sqm"]).where(lambda area: area >= 0)
    measured = frame["occupied_area_sqm"].fillna(by_vacancy.where(frame["occupancy_rate"].isna()))
    implied = measured / rentable
    over = measured > rentable * (1 + _AREA_SLACK)
    values = [f"{a:,.0f}㎡ > {b:,.0f}㎡" for a, b in zip(measured[over], rentable[over], strict=True)]
    log.add_rows("occupied-over-rentable", frame[over], "入驻面积|空置面积", values)
    differs = ~over & ((implied - frame["occupancy_rate"]).abs() > _RATE_SLACK)
    values = [
        f"{a:.1%}，面积算出 {b:.1%}"
        for a, b in zip(frame.loc[differs, "occupancy_rate"], implied[differs], strict=True)
    ]
    log.add_rows("occupancy-disagrees", frame[differs], "入驻率", values)
    area = measured.fillna(frame["occupancy_rate"] * rentable).clip(upper=rentable)
    return frame.assign(occupied_area_sqm=area, occupancy_rate=implied.fillna(frame["occupancy_rate"]))[~over]


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


def _stay_dates(frames: Frames, log: FaultLog) -> pd.DataFrame:
    stays = frames["tenancies"]
    reversed_ = stays["move_out_date"] < stays["move_in_date"]
    values = [
        f"{a:%Y-%m-%d} → {b:%Y-%m-%d}"
        for a, b in zip(
            stays.loc[reversed_, "move_in_date"], stays.loc[reversed_, "move_out_date"], strict=True
        )
    ]
    log.add_rows("dates-reversed", stays[reversed_], "迁出日期", values)
    return stays[~reversed_]


def _stays_repeated(frames: Frames, log: FaultLog) -> pd.DataFrame:
    """Set aside rows that repeat another; list enterprises with several stays at once."""
    stays = frames["tenancies"]
    place = ["building_id", "building", "address", "floor", "area_sqm"]
    when = ["year", "move_in_date", "move_out_date"]
    repeated = stays.duplicated(["enterprise_id", *place, *when])
    log.add_rows(
        "row-duplicate",
        stays[repeated],
        "企业名称",
        stays.loc[repeated, "enterprise"].fillna(stays["credit_code"]),
    )
    stays = stays[~repeated]
    several = _overlapping(stays)
    log.add_rows(
        "code-repeated",
        stays[several],
        "企业名称",
        stays.loc[several, "enterprise"].fillna(stays["credit_code"]),
    )
    return stays


def _overlapping(stays: pd.DataFrame) -> pd.Series:
    """Whether a stay begins while the enterprise's previous one still lasts, or repeats in a snapshot."""
    shared = stays.duplicated("enterprise_id", keep=False)
    ordered = stays[shared].sort_values(
        ["enterprise_id", "year", "move_in_date"], kind="stable", na_position="first"
    )
    previous = ordered.shift(1)
    same = ordered["enterprise_id"] == previous["enterprise_id"]
    same_snapshot = (ordered["year"] == previous["year"]).fillna(False).astype(bool)
    both_spells = ordered["year"].isna() & previous["year"].isna()
    lasted = previous["move_out_date"].isna() | ~(ordered["move_in_date"] >= previous["move_out_date"])
    found = same & (same_snapshot | (both_spells & lasted))
    return found.reindex(stays.index, fill_value=False)


def _tiny_exits(frames: Frames, log: FaultLog) -> pd.DataFrame:
    """A departing firm below 5 ㎡ has probably lost its 万; a firm absent from the next snapshot departs."""
    stays = frames["tenancies"]
    departing = stays["move_out_date"].notna()
    snapshots = stays[stays["year"].notna()]
    if snapshots["year"].nunique() > 1:
        last_year = snapshots.groupby("enterprise_id")["year"].transform("max")
        gone = (snapshots["year"] == last_year) & (last_year < snapshots["year"].max())
        departing = departing | gone.reindex(stays.index, fill_value=False).astype(bool)
    tiny = departing & (stays["area_sqm"] < TINY_EXIT_SQM)
    log.add_rows("area-tiny-exit", stays[tiny], "租用面积", stays.loc[tiny, "area_sqm"])
    return stays.assign(area_sqm=stays["area_sqm"].mask(tiny))


def _taxes_repeated(frames: Frames, log: FaultLog) -> pd.DataFrame:
    taxes = frames["taxes"]
    key = [
        "level",
        "enterprise_id",
        "building_id",
        "building",
        "band",
        "year",
        "period",
        "tax_type",
        "is_one_off",
    ]
    repeated = taxes.duplicated([*key, "tax_yuan", "retained_yuan"])
    shown = taxes["enterprise"].fillna(taxes["building"]).fillna(taxes["building_id"])
    log.add_rows("row-duplicate", taxes[repeated], "全口径税收", shown[repeated])
    taxes = taxes[~repeated]
    several = taxes.duplicated(key)
    log.add_rows("tax-repeated", taxes[several], "全口径税收", shown[taxes.index][several])
    return taxes


def _tax_periods(frames: Frames, log: FaultLog) -> pd.DataFrame:
    """Where a whole year stands beside its quarters or months, the year alone counts."""
    taxes = frames["taxes"]
    whole = taxes["period"] == taxes["year"].astype("str")
    if whole.all():
        return taxes
    by = [
        taxes[name].fillna("").astype(str)
        for name in ("level", "enterprise_id", "building_id", "band", "year", "tax_type")
    ]
    both = ~whole & whole.groupby(by).transform("any")
    log.add_rows("tax-periods-overlap", taxes[both], "期间", taxes.loc[both, "period"])
    return taxes[~both]


def _tax_breaks(frames: Frames, log: FaultLog) -> pd.DataFrame:
    """Set aside the years before or after the tax ledger as a whole changed its unit."""
    taxes = frames["taxes"]
    lost = pd.Series(False, index=taxes.index)
    for level, column in (("enterprise", "enterprise_id"), ("building", "building_id")):
        part = taxes[taxes["level"] == level]
        yearly = part.groupby([column, "year"], as_index=False)["tax_yuan"].sum(min_count=1)
        broken = series.broken_years(yearly, [column], "tax_yuan")
        if not broken:
            continue
        aside = series.shorter_side(part["year"], broken)
        for year in broken:
            first = part[part["year"] == year].head(1)
            log.add_rows(
                "unit-break",
                first,
                "全口径税收",
                [f"{year} 年起整体相差千倍以上，搁置 {int(aside.sum())} 行"],
            )
        lost |= aside.reindex(lost.index, fill_value=False)
    return taxes[~lost]


def _tax_levels(frames: Frames, log: FaultLog) -> pd.DataFrame:
    """List building totals that are less than what their own enterprises paid."""
    taxes = frames["taxes"]
    key = ["building_id", "year"]
    totals = taxes[taxes["level"] == "building"].drop_duplicates(key)
    firms = taxes[(taxes["level"] == "enterprise") & taxes["building_id"].notna()]
    added = firms.groupby(key, as_index=False)["tax_yuan"].sum().rename(columns={"tax_yuan": "added"})
    joined = totals.merge(added, on=key, how="inner")
    less = joined[joined["added"] > joined["tax_yuan"] * (1 + _TAX_SLACK)]
    values = [
        f"总额 {a / 1e4:,.0f}万元，企业之和 {b / 1e4:,.0f}万元"
        for a, b in zip(less["tax_yuan"], less["added"], strict=True)
    ]
    log.add_rows("tax-levels-differ", less, "全口径税收", values)
    return taxes


def _district_breaks(frames: Frames, log: FaultLog) -> pd.DataFrame:
    """Set aside the shorter stretch of every district series that changed its unit; drop repeated rows."""
    frame = frames["district"]
    if frame["region"].nunique() > 1:
        nameless = frame["region"].isna()
        log.add_rows("key-missing", frame[nameless], "区县", frame.loc[nameless, "year"])
        frame = frame[~nameless]
    key = ["region", "indicator", "scope"]
    repeated = frame.duplicated([*key, "year"])
    log.add_rows("row-duplicate", frame[repeated], "指标|区县", frame.loc[repeated, "indicator"])
    frame = frame[~repeated]
    found = series.jumps(frame, key, "value")
    if found.empty:
        return frame
    texts = _jump_texts(found)
    log.add_rows("unit-break", frame.loc[found.index], "数值|全区税收|全口径税收", texts)
    lost = pd.Series(False, index=frame.index)
    groups = frame[key].fillna("").agg("\x1f".join, axis=1)
    for group, breaks in found["year"].groupby(groups[found.index]):
        years = frame.loc[groups == group, "year"]
        aside = series.shorter_side(years, breaks.astype(int).tolist())
        lost[aside[aside].index] = True
    return frame[~lost]


def _jump_texts(found: pd.DataFrame) -> list[str]:
    return [
        f"{int(row.before_year)} 年 {row.before:,.6g} → {int(row.year)} 年 {row.after:,.6g}（{row.ratio:,.3g} 倍）"
        for row in found.itertuples()
    ]
