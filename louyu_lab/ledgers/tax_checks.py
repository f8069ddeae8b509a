"""Checks of the tax ledger and the district's series: repeats, overlapping periods and levels, units."""

from __future__ import annotations

import pandas as pd

from louyu_lab.ledgers import series
from louyu_lab.ledgers.faults import FaultLog
from louyu_lab.ledgers.part_years import part_years
from louyu_lab.ledgers.periods import longer_periods

#: Share by which a building's tenants may pay more than its reported total before it is listed.
_TAX_SLACK = 0.05

#: No enterprise or building of a district pays 1000 亿元 a year: the unit is wrong.
_VAST_TAX_YUAN = 1e11

#: An enterprise's jump counts when both amounts exceed this; growth from next to nothing is no unit error.
_NOTABLE_TAX_YUAN = 1e4

#: Share of a sheet's enterprises that must jump together for the sheet to be blamed, and how many at least.
_TOGETHER, _AT_LEAST = 0.5, 3

#: Column that names the taxpayer at each level.
_TAXPAYER = {"enterprise": "enterprise_id", "building": "building_id", "band": "band"}

Frames = dict[str, pd.DataFrame]


def taxes_repeated(frames: Frames, log: FaultLog) -> pd.DataFrame:
    """Set aside rows that repeat another; list taxpayers with several amounts for one period."""
    taxes = frames["taxes"]
    place = ["level", "enterprise_id", "building_id", "building", "band"]
    key = [*place, "year", "period", "tax_type", "is_one_off"]
    repeated = taxes.duplicated([*key, "tax_yuan", "retained_yuan"])
    shown = taxes["enterprise"].fillna(taxes["building"]).fillna(taxes["building_id"]).fillna(taxes["band"])
    remedy = "删去一行；若确是两笔，请写明各自的税种或期间"
    log.add_rows("row-duplicate", taxes[repeated], "全口径税收", shown[repeated], remedy)
    taxes = taxes[~repeated]
    several = taxes.duplicated(key)
    log.add_rows("tax-repeated", taxes[several], "全口径税收", shown[taxes.index][several])
    return taxes


def tax_periods(frames: Frames, log: FaultLog) -> pd.DataFrame:
    """Where a longer period stands beside its own parts, only the longer one counts."""
    taxes = frames["taxes"]
    period, year = taxes["period"], taxes["year"].astype("str")
    if (period == year).all():
        return taxes
    names = ("level", "enterprise_id", "building_id", "building", "band", "tax_type")
    key = taxes[list(names)].fillna("").astype(str).agg("\x1f".join, axis=1)
    present = set(zip(key, period, strict=True))
    inside = pd.Series(False, index=taxes.index)
    for longer in longer_periods(period, year):
        found = [pair in present for pair in zip(key, longer, strict=True)]
        inside |= (longer != period) & pd.Series(found, index=taxes.index)
    log.add_rows("tax-periods-overlap", taxes[inside], "期间", period[inside])
    return taxes[~inside]


def tax_part_years(frames: Frames, log: FaultLog) -> pd.DataFrame:
    """List the years of which only some months' taxes are there, at each level."""
    taxes = frames["taxes"]
    for level, year, months in part_years(taxes).itertuples(index=False):
        first = taxes[(taxes["level"] == level) & (taxes["year"] == year)].iloc[0]
        said = f"{year} 年只有 {months} 个月"
        log.add("tax-part-year", first["file"], first["sheet"], column="期间", values=said)
    return taxes


def taxes_vast(frames: Frames, log: FaultLog) -> pd.DataFrame:
    """Set aside amounts that no single taxpayer pays."""
    taxes = frames["taxes"]
    vast = (taxes["tax_yuan"] > _VAST_TAX_YUAN) & taxes["level"].isin(["enterprise", "building"])
    log.add_rows(
        "unit-suspect",
        taxes[vast],
        "全口径税收",
        [f"{v / 1e8:,.0f}亿元" for v in taxes.loc[vast, "tax_yuan"]],
    )
    return taxes[~vast]


def tax_breaks(frames: Frames, log: FaultLog) -> pd.DataFrame:
    """Set aside the years before or after a level of the ledger changed its unit; list other jumps."""
    taxes = frames["taxes"]
    lost = pd.Series(False, index=taxes.index)
    for level, column in _TAXPAYER.items():
        part = taxes[taxes["level"] == level]
        broken = series.broken_years(_by_year(part, column), [column], "tax_yuan")
        if broken:
            aside = series.shorter_side(part["year"], broken)
            for year in broken:
                first = part[part["year"] == year].head(1)
                text = f"{year} 年起整体相差千倍以上，搁置 {int(aside.sum())} 行"
                log.add_rows("unit-break", first, "全口径税收", [text])
            lost |= aside.reindex(lost.index, fill_value=False)
            part = part[~aside]
        _note_jumps(_by_year(part, column), column, log)
    return taxes[~lost]


def tax_levels(frames: Frames, log: FaultLog) -> pd.DataFrame:
    """List building totals that are less than what their own enterprises paid."""
    taxes = frames["taxes"]
    key = ["building_id", "year"]
    buildings = taxes[(taxes["level"] == "building") & taxes["building_id"].notna()]
    totals = buildings.drop_duplicates(key).drop(columns="tax_yuan")
    totals = totals.merge(buildings.groupby(key, as_index=False)["tax_yuan"].sum(min_count=1), on=key)
    firms = taxes[(taxes["level"] == "enterprise") & taxes["building_id"].notna()]
    added = firms.groupby(key, as_index=False)["tax_yuan"].sum().rename(columns={"tax_yuan": "added"})
    joined = totals.merge(added, on=key, how="inner")
    less = joined[joined["added"] > joined["tax_yuan"] * (1 + _TAX_SLACK)]
    values = [
        f"总额 {total / 1e4:,.0f}万元，企业之和 {firms / 1e4:,.0f}万元"
        for total, firms in zip(less["tax_yuan"], less["added"], strict=True)
    ]
    log.add_rows("tax-levels-differ", less, "全口径税收", values)
    return taxes


def district_breaks(frames: Frames, log: FaultLog) -> pd.DataFrame:
    """Set aside the shorter stretch of every district series that changed its unit; drop repeated rows."""
    frame = frames["district"]
    if frame["region"].nunique() > 1:
        nameless = frame["region"].isna()
        log.add_rows("key-missing", frame[nameless], "区县", frame.loc[nameless, "year"])
        frame = frame[~nameless]
    key = ["region", "indicator", "scope"]
    repeated = frame.duplicated([*key, "year", "period"])
    log.add_rows("row-duplicate", frame[repeated], "指标|区县", frame.loc[repeated, "indicator"])
    frame = frame[~repeated]
    found = series.jumps(frame, key, "value")
    if found.empty:
        return frame
    log.add_rows("unit-break", frame.loc[found.index], "数值|全区税收|全口径税收", series.jump_texts(found))
    lost = pd.Series(False, index=frame.index)
    groups = frame[key].fillna("").agg("\x1f".join, axis=1)
    for group, breaks in found["year"].groupby(groups[found.index]):
        aside = series.shorter_side(frame.loc[groups == group, "year"], breaks.astype(int).tolist())
        lost[aside[aside].index] = True
    return frame[~lost]


def _by_year(part: pd.DataFrame, column: str) -> pd.DataFrame:
    """One row a taxpayer and year: the sum, and where the first amount stands."""
    yearly = part.groupby([column, "year"])
    # Two passes over built-in aggregations: one with a function of ours would call it for every group.
    totals = yearly["tax_yuan"].sum(min_count=1).to_frame()
    return totals.join(yearly[["file", "sheet", "row"]].first()).reset_index()


def _note_jumps(yearly: pd.DataFrame, column: str, log: FaultLog) -> None:
    """List jumps of single taxpayers; where most of a sheet's jump, the sheet once."""
    found = series.jumps(yearly, [column], "tax_yuan")
    if found.empty:
        return
    observed = yearly[yearly["tax_yuan"] > 0].sort_values([column, "year"])
    compared = observed[observed.duplicated(column)]
    sheets = ["file", "sheet", "year"]
    place = yearly.loc[found.index, sheets].apply(tuple, axis=1)
    counts, all_counts = place.value_counts(), compared[sheets].apply(tuple, axis=1).value_counts()
    blamed = {key for key, n in counts.items() if n >= _AT_LEAST and n >= _TOGETHER * all_counts[key]}
    for key in sorted(blamed):
        log.add(
            "tax-sheet-jump",
            key[0],
            key[1],
            values=f"{key[2]} 年：{counts[key]} 个，可比 {all_counts[key]} 个",
        )
    single = ~place.isin(blamed)
    if column == "enterprise_id":
        single &= found[["before", "after"]].min(axis=1) >= _NOTABLE_TAX_YUAN
    log.add_rows(
        "series-jump", yearly.loc[found.index[single]], "全口径税收", series.jump_texts(found[single])
    )
