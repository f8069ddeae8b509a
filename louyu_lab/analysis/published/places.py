"""Where a published figure stands in the study: an indicator, or a cell, sum or count of a table.

Tables and columns go by the names the user reads in 表格.xlsx, or by their canonical ones.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from louyu_lab.analysis.indicator_catalogue import codes_by_name, indicator_catalogue
from louyu_lab.analysis.outputs import TABLES
from louyu_lab.analysis.published.labels import misspelt
from louyu_lab.analysis.published.rows import (
    KINDS,
    RowTest,
    Unplaced,
    column_named,
    folded,
    row_test,
)
from louyu_lab.analysis.study_tables import STUDY_TABLES
from louyu_lab.ledgers.faults import SEVERITIES, FaultLog
from louyu_lab.ledgers.model import Ledgers
from louyu_lab.ledgers.published.conditions import from_text
from louyu_lab.ledgers.published.printed import PrintedFigure, read_printed, tells_rise
from louyu_lab.ledgers.published.reading import COUNT, SUM, VALUE
from louyu_lab.ledgers.texts import nearest

#: Stored unit of an indicator -> kind of its unit.
_INDICATOR_KINDS = {
    "比例": "rate",
    "㎡": "area",
    "元": "money",
    "元/㎡": "yield",
    "幢": "count",
    "家": "count",
}
_KIND_ZH = {
    **{"rate": "比例", "points": "百分点", "times": "倍数", "area": "面积", "money": "金额"},
    **{"yield": "单位面积金额", "count": "个数"},
}

#: Tables whose rows are sums -> the column that counts what is in them.
_COUNTED_IN = {"supply": "projects", "idle_by_place": "spaces"}

#: What a column or indicator that is a change has in its name, and the tables of changes.
_CHANGES, _OF_CHANGES = ("change", "growth", "absorption"), ("growth_parts", "idle_changes", "moves")

#: Columns of numbers whose sum means nothing.
_NEVER_ADDED = ("rank", "idle_months", "hhi_tax", "effective_taxpayers")


@dataclass(frozen=True)
class Place:
    """Where a figure stands: the code of an indicator, or a table with conditions, column and method.

    ``tests`` are its conditions, ``kind`` that of the value found there, ``year`` None where unsaid.
    """

    kind: str
    indicator: str = ""
    table: str = ""
    tests: tuple[RowTest, ...] = ()
    column: str = ""
    method: str = VALUE
    year: int | None = None


def place_of(figure: Mapping[str, str]) -> Place | None:
    """Return a figure's place, None where it has none; Unplaced for names that nothing is called by."""
    if figure["indicator"]:
        code = codes_by_name().get(figure["indicator"], figure["indicator"])
        if code not in indicator_catalogue():
            raise Unplaced(f"没有指标“{figure['indicator']}”{nearest(code, codes_by_name())}", "指标")
        return Place(_INDICATOR_KINDS[indicator_catalogue()[code].unit], indicator=code)
    if not figure["table"]:
        return None
    names = {folded(TABLES[name].zh): name for name in STUDY_TABLES}
    asked = folded(figure["table"])
    table = asked if asked in STUDY_TABLES else names.get(asked)
    if table is None:
        raise Unplaced(f"没有表“{figure['table']}”{nearest(asked, names)}", "表")
    tests = tuple(row_test(table, condition) for condition in from_text(figure["conditions"]))
    if figure["method"] == COUNT:
        if table in _COUNTED_IN:
            column = TABLES[table].headings[_COUNTED_IN[table]][0]
            raise Unplaced(
                f"表“{TABLES[table].zh}”的行是汇总的，不能数行；请写 列: {column}，取法: 合计", "取法"
            )
        return Place("count", "", table, tests, "", COUNT)
    column = column_named(table, figure["column"], "列")
    kind = KINDS.get(TABLES[table].headings[column][1], "")
    if not kind:
        raise Unplaced(f"“{figure['column']}”列不是数字", "列")
    if figure["method"] == SUM and column in _NEVER_ADDED:
        raise Unplaced(f"“{figure['column']}”不能相加", "取法")
    # Shares of one whole may be added up, no other rates.
    if figure["method"] == SUM and kind in ("rate", "points", "yield") and not column.startswith("share_"):
        raise Unplaced(f"“{figure['column']}”是比率，不能相加", "取法")
    return Place(kind, "", table, tests, column, figure["method"])


def ratio_kind(figure: Mapping[str, str], places: Mapping[str, Place]) -> str:
    """Return the kind of what stands at a figure's place, or of its ratio; Unplaced without such."""
    kind = places[figure["id"]].kind
    if not figure["divisor"]:
        return kind
    if figure["divisor"] not in places:
        raise Unplaced(f"除数“{figure['divisor']}”没有写指标或表，或写得不对", "除以")
    below = places[figure["divisor"]].kind
    ratios = {(kind, kind): "rate", ("money", "area"): "yield"}
    ratios |= {} if kind == "count" else {(kind, "count"): kind}
    if (kind, below) not in ratios:
        raise Unplaced("这两个数相除没有单位可写", "除以")
    return ratios[kind, below]


def kind_of(figure: Mapping[str, str], places: Mapping[str, Place]) -> str:
    """Return the kind of what is computed for a figure: of its place, its ratio or its change.

    A rate changes by points (which may be written %), an amount by an amount or, in %, by its rate of
    growth. Raises Unplaced where the figure's unit does not suit it.
    """
    kind, unit = ratio_kind(figure, places), printed_of(figure).kind
    suiting = {kind}
    if pd.notna(figure["since"]):
        suiting |= {"points", "rate"} if kind in ("rate", "points") else {"rate"}
    elif kind == "points":
        suiting |= {"rate"}
    elif kind == "rate" and figure["divisor"]:
        suiting |= {"times"}
        # Enterprises per building are told in 家.
        suiting |= {"count"} if places[figure["id"]].kind == "count" else set()
    if unit not in suiting:
        said = printed_of(figure).unit or "（空）"
        raise Unplaced(f"单位“{said}”与要核对的{_KIND_ZH[kind]}不合", "单位")
    return unit


def printed_of(figure: Mapping[str, str]) -> PrintedFigure:
    """Return the figure as printed; the reader has seen that it can be read."""
    return read_printed(figure["printed"], figure["unit"], figure["qualifier"])


def placed(ledgers: Ledgers) -> tuple[dict[str, Place], dict[str, Unplaced]]:
    """Return the places of the figures that have one, and what is wrong with the others that should."""
    places: dict[str, Place] = {}
    wrong: dict[str, Unplaced] = {}
    rows = ledgers.published.to_dict("records")
    for figure in rows:
        try:
            place = place_of(figure)
            _check_labels(place, ledgers)
            _check_rise(figure, place)
        except Unplaced as slip:
            wrong[figure["id"]] = slip
        else:
            at = int(figure["year"]) if pd.notna(figure["year"]) else None
            places |= {figure["id"]: dataclasses.replace(place, year=at)} if place else {}
    read = set(ledgers.published["id"])
    for figure in rows:
        if figure["id"] in places:
            try:
                if figure["divisor"] and figure["divisor"] not in read:
                    raise Unplaced(f"除数“{figure['divisor']}”没有读懂", "除以")
                kind_of(figure, places)
            except Unplaced as slip:
                wrong[figure["id"]] = slip
    return places, wrong


def _check_labels(place: Place | None, ledgers: Ledgers) -> None:
    """Raise Unplaced for a text that no row of the place's table could ever hold."""
    if place is None or not place.table or not all(map(ledgers.has, STUDY_TABLES[place.table].needs)):
        return
    if slip := misspelt(place.tests, ledgers):
        raise Unplaced(slip, "条件")


def _check_rise(figure: Mapping[str, str], place: Place | None) -> None:
    """Raise Unplaced for 增长, 上升 … of a level: the number is a change, which needs another year."""
    if place is None or pd.notna(figure["since"]) or not tells_rise(figure["printed"]):
        return
    name = place.indicator or place.column
    if place.table not in _OF_CHANGES and not any(sign in name for sign in _CHANGES):
        raise Unplaced(f"“{figure['printed']}”是增长的数，请写“较”哪一年", "较")


def with_places_checked(ledgers: Ledgers) -> Ledgers:
    """Return the ledgers with a fault added for every published figure whose place nothing is called by."""
    _, wrong = placed(ledgers)
    log = FaultLog()
    for figure in ledgers.published.to_dict("records"):
        slip = wrong.get(figure["id"])
        if slip:
            place = figure["file"], figure["sheet"], int(figure["row"]), slip.field
            log.add("published-place", *place, f"{figure['id']}：{slip}")
    if not wrong:
        return ledgers
    faults = pd.concat([ledgers.faults, log.faults()])
    rank = faults["severity"].map({name: place for place, name in enumerate(SEVERITIES)})
    return dataclasses.replace(
        ledgers, faults=faults.iloc[rank.argsort(kind="stable")].reset_index(drop=True)
    )
