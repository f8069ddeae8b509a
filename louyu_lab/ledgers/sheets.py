"""From a raw sheet to typed rows: headings matched, each column read by its kind, wide years stacked."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from louyu_lab.ledgers.catalogue import Column, catalogue
from louyu_lab.ledgers.columns import ReadColumn, read_column
from louyu_lab.ledgers.faults import FaultLog
from louyu_lab.ledgers.files import RawSheet, is_blank
from louyu_lab.ledgers.headings import Heading, columns_of, find_header
from louyu_lab.ledgers.mapping import UserMapping
from louyu_lab.ledgers.origins import with_origin
from louyu_lab.ledgers.recognition import recognise
from louyu_lab.ledgers.rows import DataRows, data_rows
from louyu_lab.ledgers.second_tables import without_neighbour
from louyu_lab.ledgers.totals import compare_totals

#: Name under which the building rows set aside travel, so that their tenants are not called unknown.
SET_ASIDE = "buildings set aside"

#: Columns of a sheet that rows of another ledger in the same sheet share.
_SHARED = ("building_id", "building", "credit_code", "enterprise", "year", "period")

#: Headings that number or annotate rows.
_ORDINALS = ("序号", "no", "no.", "备注", "#")


@dataclass(frozen=True)
class _Named:
    """A heading matched with a column of the sheet's ledger, or of the ledger it is borrowed from."""

    heading: Heading
    owner: str
    column: Column


@dataclass(frozen=True)
class _Block:
    """Columns of one year, or of none, and the ledgers whose rows they make.

    ``latest`` dates rows that must have a year and are told none: the last year of the wide columns.
    """

    year: int | None
    entries: list[_Named]
    owners: frozenset[str]
    latest: int | None = None


def sheet_rows(raw: RawSheet, mapping: UserMapping, log: FaultLog) -> DataRows | None:
    """Return the data rows of a sheet, cells as they lie in the file; None, listed, for a sheet without."""
    header = find_header(raw, mapping.for_sheet(raw))
    if header:
        raw, header = without_neighbour(raw, header, log)
    ledger = recognise(raw, header, mapping.ledger(raw)) if header else None
    if header is None or ledger is None:
        log.add("sheet-unknown", raw.file, raw.sheet, values=_glimpse(raw))
        return None
    return data_rows(raw, header, ledger, log)


def read_rows(rows: DataRows, log: FaultLog, assumed_year: int | None) -> dict[str, pd.DataFrame]:
    """Return ledger -> typed rows; borrowed columns leave as rows of the ledger they belong to.

    Frames carry the catalogue's columns that the sheet has, ``year`` and ``period`` where the ledger
    knows them, and ``file, sheet, row``; rows with an error are already set aside.
    """
    if not rows.cells:
        log.add("sheet-no-rows", rows.raw.file, rows.raw.sheet)
        return {}
    named = _named_columns(rows, log)
    compare_totals(rows, [(entry.heading, entry.column) for entry in named], log)
    read = {entry.heading.index: _read(rows, entry, log) for entry in named}
    parts: dict[str, list[pd.DataFrame]] = {}
    for block in _year_blocks(rows, named, log):
        assumed = block.latest or assumed_year
        for owner, frame in _block_frames(rows, block, read).items():
            whole = frame if owner == SET_ASIDE else with_origin(frame, owner, block.year, rows, log, assumed)
            parts.setdefault(owner, []).append(whole)
    return {owner: pd.concat(frames, ignore_index=True) for owner, frames in parts.items()}


def _named_columns(rows: DataRows, log: FaultLog) -> list[_Named]:
    """Match headings with columns; note what is unknown or said twice."""
    raw, taken, named = rows.raw, {}, []
    names = columns_of(rows.ledger, rows.header.headings)
    for heading, name in zip(rows.header.headings, names, strict=True):
        if name is None:
            if not _is_ordinal(heading) and any(not is_blank(row[heading.index]) for row in rows.cells):
                log.add("column-unknown", raw.file, raw.sheet, column=heading.text)
            continue
        owner, _, column_name = name.rpartition(".")
        owner = owner or rows.ledger
        column = catalogue()[owner][column_name]
        earlier = taken.setdefault((owner, column_name, heading.year), heading)
        if earlier is heading:
            log.heading(raw.file, raw.sheet, column.zh, heading.text)
            named.append(_Named(heading, owner, column))
        elif column.kind == "pii":
            log.convert(raw.file, raw.sheet, heading.text, "个人信息已丢弃", len(rows.cells), "***")
        else:
            log.add(
                "column-twice", raw.file, raw.sheet, column=heading.text, values=f"与“{earlier.text}”重复"
            )
    return named


def _is_ordinal(heading: Heading) -> bool:
    return bool(heading.names) and heading.names[0] in _ORDINALS


def _read(rows: DataRows, entry: _Named, log: FaultLog) -> ReadColumn:
    cells = [row[entry.heading.index] for row in rows.cells]
    essential = entry.column.name in catalogue()[entry.owner].essential
    units = (entry.heading.unit, *rows.header.title_units)
    column = read_column(cells, entry.column, units, essential)
    column.report(log, rows.raw, rows.numbers, entry.heading.text)
    return column


def _year_blocks(rows: DataRows, named: list[_Named], log: FaultLog) -> list[_Block]:
    """Group the columns by the year in their heading.

    Each year takes along the undated columns of the same ledger. What belongs to another ledger is
    known once, not in every year of its neighbour, and forms a block without a year of its own. A
    column of periods dates its rows itself, unless one column stands under several years.
    """
    periods = [entry for entry in named if entry.column.kind == "period"]
    dated = [entry for entry in named if entry.heading.year is not None and entry not in periods]
    columns = [(entry.owner, entry.column.name) for entry in dated]
    if not dated or (periods and len(set(columns)) == len(columns)):
        return [_Block(None, named, frozenset(entry.owner for entry in named))]
    _note_wide(rows, periods, dated, log)
    years = sorted({entry.heading.year for entry in dated if entry.heading.year})
    steady = [entry for entry in named if entry not in dated and entry not in periods]
    owners = frozenset(entry.owner for entry in dated)
    shared = [entry for entry in steady if entry.owner == rows.ledger and entry.column.name in _SHARED]
    once = [entry for entry in steady if entry.owner not in owners and entry not in shared]
    blocks = [
        _Block(year, [*shared, *_of(steady, owners), *(e for e in dated if e.heading.year == year)], owners)
        for year in years
    ]
    if once:
        rest = frozenset(entry.owner for entry in once)
        blocks.append(_Block(None, [*shared, *once], rest, latest=years[-1]))
    return blocks


def _of(entries: list[_Named], owners: frozenset[str]) -> list[_Named]:
    return [entry for entry in entries if entry.owner in owners]


def _note_wide(rows: DataRows, periods: list[_Named], dated: list[_Named], log: FaultLog) -> None:
    raw = rows.raw
    for entry in periods:
        said = "表头已写年份，用表头的年份"
        log.add("column-twice", raw.file, raw.sheet, column=entry.heading.text, values=said)
    years = sorted({entry.heading.year for entry in dated if entry.heading.year})
    log.convert(raw.file, raw.sheet, "", f"宽表按年份展开（{years[0]}–{years[-1]}）", len(rows.cells), "")


def _block_frames(rows: DataRows, block: _Block, read: dict[int, ReadColumn]) -> dict[str, pd.DataFrame]:
    """Join a block's columns into a frame for each of its ledgers, rows with an error left out."""
    raw = rows.raw
    own: dict[str, dict[str, object]] = {}
    aside: dict[str, np.ndarray] = {}
    for entry in block.entries:
        column = read[entry.heading.index]
        own.setdefault(entry.owner, {}).update(column.frame_columns(entry.column))
        aside[entry.owner] = aside.get(entry.owner, False) | column.aside
    shared = {name: own.get(rows.ledger, {}).get(name) for name in _SHARED}
    shared = {name: values for name, values in shared.items() if values is not None}
    frames = {}
    for owner in (name for name in own if name in block.owners):
        frame = pd.DataFrame({**shared, **own[owner]}).assign(
            file=raw.file, sheet=raw.sheet, row=rows.numbers
        )
        lost = aside[owner]
        if owner == "buildings" and lost.any():
            frames[SET_ASIDE] = frame.loc[lost, frame.columns.intersection(["building_id", "building"])]
        frames[owner] = frame[~lost]
    return frames


def _glimpse(raw: RawSheet) -> str:
    """The first filled row, so that the person recognises the sheet; long numbers may be personal."""
    for row in raw.cells:
        texts = [str(cell) for cell in row if not is_blank(cell)]
        if texts:
            return re.sub(r"\d{7,}", "***", "、".join(texts))[:60]
    return ""
