"""From a raw sheet to typed rows: which rows are data, each column read by its kind, wide years stacked."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import PurePosixPath

import numpy as np
import pandas as pd

from louyu_lab.ledgers.catalogue import Column, catalogue
from louyu_lab.ledgers.columns import ReadColumn, read_column
from louyu_lab.ledgers.faults import FaultLog
from louyu_lab.ledgers.files import RawSheet
from louyu_lab.ledgers.headings import Header, Heading, columns_of, find_header
from louyu_lab.ledgers.quantities import read_quantities
from louyu_lab.ledgers.recognition import UserMapping, recognise
from louyu_lab.ledgers.texts import folded

#: Name under which the building rows set aside travel, so that their tenants are not called unknown.
SET_ASIDE = "buildings set aside"

_TOTAL = re.compile(
    r"^(全区|全市|本区|全部|本表|各?街道|.{1,8}(?:街道|镇|片区|地区))?(合计|小计|总计|共计|累计|总和|合\s*计)[::]?$"
)
_GRAND = re.compile(r"^(全区|全市|本区|全部|本表)?(合计|总计|共计|总和)[::]?$")
_NOTE = re.compile(r"^(注|备注|说明|填表|制表|审核|填报|单位负责人|统计负责人|联系|数据来源|资料来源)")
_YEAR_IN_NAME = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")


@dataclass
class SheetRows:
    """A sheet's data rows and what was found out about them."""

    raw: RawSheet
    header: Header
    ledger: str
    numbers: np.ndarray  # Excel row numbers of the data rows
    cells: list[list[object]]
    totals: list[list[object]] = field(default_factory=list)
    total_number: int = 0


def read_sheet(
    raw: RawSheet, mapping: UserMapping, log: FaultLog, assumed_year: int | None
) -> dict[str, pd.DataFrame]:
    """Return ledger -> rows of one sheet; borrowed columns leave as rows of the ledger they belong to.

    Frames carry the catalogue's columns that the sheet has, ``year`` and ``period`` where the ledger
    knows them, and ``file, sheet, row``; rows with an error are already set aside.
    """
    header = find_header(raw, mapping.for_sheet(raw))
    ledger = recognise(raw, header, mapping.ledger(raw)) if header else None
    if header is None or ledger is None:
        log.add("sheet-unknown", raw.file, raw.sheet, values=_glimpse(raw))
        return {}
    rows = _data_rows(raw, header, ledger)
    if not rows.cells:
        log.add("sheet-no-rows", raw.file, raw.sheet)
        return {}
    named = _named_columns(rows, log)
    _compare_totals(rows, named, log)
    blocks = _year_blocks(named)
    years = {year for year in blocks if year is not None}
    if years and (len(years) > 1 or not _has_period(named)):
        log.convert(
            raw.file, raw.sheet, "", f"宽表按年份展开（{min(years)}–{max(years)}）", len(rows.cells), ""
        )
    parts: dict[str, list[pd.DataFrame]] = {}
    read: dict[int, ReadColumn] = {}
    for year, block in blocks.items():
        for owner, frame in _block_frames(rows, block, year, read, log, assumed_year).items():
            parts.setdefault(owner, []).append(frame)
    return {owner: pd.concat(frames, ignore_index=True) for owner, frames in parts.items()}


def _data_rows(raw: RawSheet, header: Header, ledger: str) -> SheetRows:
    """Sort the rows below the header into data, totals and notes; fill merged texts downwards."""
    cells = _merged_down(raw, header.first_data_row)
    rows = SheetRows(raw, header, ledger, np.empty(0, int), [])
    width = len(header.headings)
    title = {folded(heading.text.rsplit("/", 1)[-1]) for heading in header.headings}
    numbers = []
    for offset, row in enumerate(cells):
        leading = _leading_texts(row)
        if leading is None:
            continue
        number = header.first_data_row + offset + 1
        if leading:
            if any(_TOTAL.match(text) for text in leading):
                if any(_GRAND.match(text) for text in leading):
                    rows.totals, rows.total_number = [row], number
                continue
            if _NOTE.match(leading[0]) and sum(cell not in ("", None) for cell in row) <= 2:
                continue
            if len(title & set(leading)) == len(leading) >= min(2, width):
                continue
        numbers.append(number)
        rows.cells.append(row)
    rows.numbers = np.array(numbers, dtype=int)
    return rows


def _leading_texts(row: list[object]) -> list[str] | None:
    """First two filled cells where they are texts (folded); None for an empty row."""
    texts: list[str] = []
    filled = 0
    for cell in row:
        if cell is None or cell == "" or (isinstance(cell, str) and not cell.strip()):
            continue
        filled += 1
        if isinstance(cell, str) and len(cell) < 40:
            texts.append(folded(cell))
        if filled == 2:
            break
    return texts if filled else None


def _merged_down(raw: RawSheet, first: int) -> list[list[object]]:
    """Rows from ``first`` on, a text merged over several rows repeated in each; numbers never are."""
    cells = raw.cells[first:]
    for top, left, bottom, _ in raw.merges:
        if top < first or top == bottom:
            continue
        value = raw.cells[top][left]
        if not isinstance(value, str):
            continue
        for row in range(top - first + 1, min(bottom - first + 1, len(cells))):
            if any(cell not in ("", None) for cell in cells[row]):
                cells[row][left] = value
    return cells


@dataclass(frozen=True)
class _Named:
    heading: Heading
    owner: str
    column: Column


def _named_columns(rows: SheetRows, log: FaultLog) -> list[_Named]:
    """Match headings with columns; note what is unknown or said twice."""
    raw, taken, named = rows.raw, {}, []
    for heading, name in zip(
        rows.header.headings, columns_of(rows.ledger, rows.header.headings), strict=True
    ):
        if name is None:
            if not _is_ordinal(heading) and any(row[heading.index] not in ("", None) for row in rows.cells):
                log.add("column-unknown", raw.file, raw.sheet, column=heading.text)
            continue
        owner, _, column = name.rpartition(".")
        owner = owner or rows.ledger
        place = (owner, column, heading.year)
        if place in taken:
            log.add(
                "column-twice", raw.file, raw.sheet, column=heading.text, values=f"与“{taken[place]}”重复"
            )
            continue
        taken[place] = heading.text
        log.heading(raw.file, raw.sheet, catalogue()[owner][column].zh, heading.text)
        named.append(_Named(heading, owner, catalogue()[owner][column]))
    return named


def _is_ordinal(heading: Heading) -> bool:
    return bool(heading.names) and heading.names[0] in ("序号", "编号", "no", "no.", "备注", "#")


def _has_period(named: list[_Named]) -> bool:
    return any(entry.column.kind == "period" for entry in named)


def _year_blocks(named: list[_Named]) -> dict[int | None, list[_Named]]:
    """Group the columns by the year in their heading, each year with the columns that have none."""
    steady = [entry for entry in named if entry.heading.year is None or _has_period(named)]
    dated = [entry for entry in named if entry not in steady]
    years = sorted({entry.heading.year for entry in dated if entry.heading.year})
    if not years:
        return {None: steady}
    return {year: steady + [entry for entry in dated if entry.heading.year == year] for year in years}


def _block_frames(
    rows: SheetRows,
    block: list[_Named],
    year: int | None,
    read: dict[int, ReadColumn],
    log: FaultLog,
    assumed_year: int | None,
) -> dict[str, pd.DataFrame]:
    """Read one year's columns and split them by the ledger they belong to."""
    raw = rows.raw
    own: dict[str, dict[str, np.ndarray]] = {}
    aside: dict[str, np.ndarray] = {}
    for entry in block:
        if entry.heading.index not in read:
            cells = [row[entry.heading.index] for row in rows.cells]
            essential = entry.column.name in catalogue()[entry.owner].essential
            units = (entry.heading.unit, *rows.header.title_units)
            read[entry.heading.index] = read_column(cells, entry.column, units, essential)
            read[entry.heading.index].report(log, raw, rows.numbers, entry.heading.text)
        column = read[entry.heading.index]
        own.setdefault(entry.owner, {}).update(column.frame_columns(entry.column))
        aside[entry.owner] = aside.get(entry.owner, False) | column.aside
    shared = {
        name: own.get(rows.ledger, {})[name]
        for name in ("building_id", "building", "year", "period")
        if name in own.get(rows.ledger, {})
    }
    frames = {}
    for owner, columns in own.items():
        columns = {**(shared if owner != rows.ledger else {}), **columns}
        frame = pd.DataFrame(columns).assign(file=raw.file, sheet=raw.sheet, row=rows.numbers)
        lost = aside[owner]
        if owner == "buildings" and lost.any():
            frames[SET_ASIDE] = frame.loc[
                lost, [name for name in ("building_id", "building") if name in frame]
            ]
        frames[owner] = _dated(frame[~lost], owner, year, rows, log, assumed_year)
    return frames


def _dated(
    frame: pd.DataFrame,
    ledger: str,
    year: int | None,
    rows: SheetRows,
    log: FaultLog,
    assumed_year: int | None,
) -> pd.DataFrame:
    """Give rows without a year the heading's, the sheet's, the file's or the title's, in that order."""
    if "year" not in catalogue()[ledger].by_name:
        return frame
    if year is None and "year" in frame and frame["year"].notna().any():
        return frame
    stated = year or _stated_year(rows)
    if stated is None and catalogue()[ledger]["year"].is_key:
        stated = assumed_year
        log.add(
            "year-unstated", rows.raw.file, rows.raw.sheet, values=f"按 {stated} 年读取" if stated else ""
        )
    return frame.assign(
        year=pd.array([stated] * len(frame), dtype="Int64"),
        period=None if stated is None else str(stated),
    )


def _stated_year(rows: SheetRows) -> int | None:
    """A single year in the sheet name, the file's path (from its name upwards) or the title."""
    path = PurePosixPath(rows.raw.file)
    for text in (rows.raw.sheet, path.stem, *reversed(path.parent.parts), rows.header.title):
        years = {int(found) for found in _YEAR_IN_NAME.findall(text)}
        if len(years) == 1:
            return years.pop()
    return None


def _compare_totals(rows: SheetRows, named: list[_Named], log: FaultLog) -> None:
    """Hold the sheet's own 合计 row against the sum of its rows; the row itself is never used."""
    if not rows.totals:
        return
    raw = rows.raw
    log.convert(raw.file, raw.sheet, "", "合计、小计行不参与计算", 1, f"第 {rows.total_number} 行")
    for entry in named:
        if entry.column.kind not in ("area", "money", "count") or entry.column.name == "star":
            continue
        stated = read_quantities([rows.totals[0][entry.heading.index]], entry.column, "").values[0]
        cells = [row[entry.heading.index] for row in rows.cells]
        added = np.nansum(read_quantities(cells, entry.column, "").values)
        # Printed totals are rounded: half a per cent or one unit is no fault.
        if np.isfinite(stated) and abs(stated - added) > max(0.005 * abs(added), 1.0):
            found = f"合计 {stated:,.6g}，明细之和 {added:,.6g}"
            log.add("total-differs", raw.file, raw.sheet, rows.total_number, entry.heading.text, found)


def _glimpse(raw: RawSheet) -> str:
    """The first filled row, so that the person recognises the sheet."""
    for row in raw.cells:
        texts = [str(cell) for cell in row if cell not in ("", None)]
        if texts:
            return "、".join(texts)[:60]
    return ""
