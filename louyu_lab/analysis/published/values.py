"""The value at the place of a published figure, and what part of it the ledgers do not tell."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from louyu_lab.analysis.bands import NO_DATA
from louyu_lab.analysis.outputs import TABLES
from louyu_lab.analysis.published.places import Place
from louyu_lab.analysis.published.rows import Unplaced, rows_meeting, unheld, unheld_year, unknown_cells
from louyu_lab.analysis.stock import placed
from louyu_lab.analysis.study_tables import NotComputable, TablesOfYear
from louyu_lab.ledgers.published.reading import COUNT, SUM, VALUE

#: Columns along which the rows of a table overlap: adding over several of their values counts twice.
_OVERLAPPING = ("level", "threshold_yuan", "group")

#: Column of a roll-up -> the column of its buildings that must be known for it.
_ADDED_FROM = {"tax_per_sqm_yuan": "tax_yuan"}

#: Columns whose values each make a whole of their own: shares of several do not add up.
_WHOLES = ("id", "building_id", "side", "year", "from_year")


@dataclass(frozen=True)
class Found:
    """A value in the stored unit, and what part of it the ledgers do not tell (empty where they tell all)."""

    value: float
    remark: str = ""


def found_at(place: Place, tables: TablesOfYear) -> Found:
    """Return the value at a place; Unplaced where the ledgers do not tell it."""
    try:
        if place.indicator:
            return Found(tables.indicator(place.indicator), tables.indicator_scope(place.indicator))
        frame = tables[place.table]
    except NotComputable as lacking:
        raise Unplaced(str(lacking)) from None
    zh = TABLES[place.table].zh
    if (year := unheld_year(place.tests, frame)) is not None:
        raise Unplaced(f"表“{zh}”里没有 {year} 年；要哪一年请写在“年份”里", "条件")
    rows = rows_meeting(place.tests, frame)
    heading, unknown, among = unknown_cells(place.tests, frame)
    if unknown and unknown == among:
        raise Unplaced(f"台账里没有“{heading}”")
    remarks = [f"另有 {unknown} 行的“{heading}”没有数"] if unknown else []
    if place.method == VALUE and len(rows) != 1:
        several = f"表“{zh}”里有 {len(rows)} 行符合条件；只取一行请加条件，相加请写取法: 合计"
        unseen = unheld(place.tests, frame)
        none = f"表“{zh}”里没有这一行：" + (f"没有“{unseen}”" if unseen else "几个条件不同时成立")
        raise Unplaced(several if len(rows) else none, "条件")
    for column in _OVERLAPPING:
        if place.method != VALUE and column in rows and rows[column].nunique() > 1:
            heading = TABLES[place.table].headings[column][0]
            raise Unplaced(f"各{heading}的行有重复，相加前请在条件里写明{heading}", "条件")
    wholes = _WHOLES if place.method == SUM and place.column.startswith("share_") else ()
    for column in wholes:
        if column in rows and rows[column].nunique() > 1:
            heading = TABLES[place.table].headings[column][0]
            raise Unplaced(f"各{heading}的占比不是同一个整体，不能相加；请在条件里写明{heading}", "取法")
    if place.method == COUNT:
        return Found(float(len(rows)), "；".join(remarks))
    values = rows[place.column].astype("float64")
    known = int(values.notna().sum())
    if len(values) and not known:
        raise Unplaced("台账里没有这个数")
    remarks += [f"{len(values)} 行中 {len(values) - known} 行没有数"] if known < len(values) else []
    remarks += _banded_remark(frame, rows) + _placed_remark(place, rows, tables)
    return Found(float(values.sum()), "；".join(remarks))


def _banded_remark(frame: pd.DataFrame, rows: pd.DataFrame) -> list[str]:
    """Say how many buildings stand in no band for want of data, where ``rows`` are bands."""
    if "band" not in frame:
        return []
    without = frame[frame["band"].astype("str") == NO_DATA]
    count = int(without["buildings"].sum())
    inside = "其中" if without.index.isin(rows.index).any() else "另有"
    return [f"{inside} {count} 幢无数据"] if count else []


def _placed_remark(place: Place, rows: pd.DataFrame, tables: TablesOfYear) -> list[str]:
    """Say how many buildings of the places in ``rows`` their sums leave out for want of data."""
    column = _ADDED_FROM.get(place.column, place.column)
    panel = placed(tables.study.panel[tables.study.panel["year"] == tables.study.year])
    if place.table not in ("rollup", "places") or column not in panel:
        return []
    panel = panel.assign(district=tables.study.district)
    inside = pd.Series(False, index=panel.index)
    for row in rows[rows["level"] != "building"].itertuples():
        inside |= panel[row.level] == row.id
    unknown = int(panel.loc[inside, column].isna().sum())
    return [f"{int(inside.sum())} 幢中 {unknown} 幢没有数"] if unknown else []


def remark_on(place: Place, tables: TablesOfYear) -> str:
    """Name a text that the place asks for and its table does not hold; empty where there is none."""
    lacking = unheld(place.tests, tables[place.table]) if place.table else ""
    return f"表里没有“{lacking}”" if lacking else ""
