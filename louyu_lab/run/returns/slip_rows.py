"""Which rows go to which 街道: the faults found, sorted into one slip a street."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from louyu_lab.ledgers.catalogue import catalogue
from louyu_lab.ledgers.faults import SEVERITIES
from louyu_lab.ledgers.model import Ledgers
from louyu_lab.ledgers.source_rows import SourceColumn, SourceSheet, is_personal, source_sheets, street_named
from louyu_lab.ledgers.texts import folded
from louyu_lab.run.returns.slip_cells import clean
from louyu_lab.run.returns.slip_faults import sent_out
from louyu_lab.run.returns.slip_headings import told_apart

#: Name of the slip of what no street keeps: tax, registrations, the district's totals.
NO_STREET = "区级"


@dataclass(frozen=True)
class RowFault:
    """One fault of a row; ``rule`` and ``remedy`` in Chinese, ``column`` as the user spells it."""

    severity: str
    rule: str
    column: str
    value: str
    remedy: str


@dataclass(frozen=True)
class SlipRow:
    """A row with its faults, worst first; ``cells`` go with the columns of its sheet.

    ``period`` is the one it reports on, "" for none; ``has_followers`` tells that rows elsewhere are doubtful
    only because of this one.
    """

    id: str
    row: int
    key: str
    cells: tuple[object, ...]
    faults: tuple[RowFault, ...]
    period: str = ""
    has_followers: bool = False

    @property
    def severity(self) -> str:
        """The worst of its faults."""
        return self.faults[0].severity


@dataclass(frozen=True)
class SlipSheet:
    """The faulty rows of one ledger sheet that belong to one street; ``ledger`` is the 中文名."""

    file: str
    sheet: str
    ledger: str
    columns: tuple[SourceColumn, ...]
    rows: tuple[SlipRow, ...]


@dataclass(frozen=True)
class Slip:
    """What one street is asked: rows, and faults of whole files, sheets or columns (``FAULT_COLUMNS``)."""

    region: str
    sheets: tuple[SlipSheet, ...]
    loose: pd.DataFrame

    @property
    def name(self) -> str:
        """The street, or what stands for none."""
        return self.region or NO_STREET

    @property
    def row_count(self) -> int:
        """Rows asked about."""
        return sum(len(sheet.rows) for sheet in self.sheets)

    def fault_count(self, severity: str) -> int:
        """Faults of its rows with this severity."""
        rows = (row for sheet in self.sheets for row in sheet.rows)
        return sum(fault.severity == severity for row in rows for fault in row.faults)


def slips_of(ledgers: Ledgers, folder: Path) -> list[Slip]:
    """Return a slip for every street with faults, by name, the one without a street last.

    Every row with a fault that a clerk can answer is on exactly one slip, with all of these.
    """
    faults, followers = sent_out(ledgers)
    subjects = _subjects(ledgers)
    in_rows = faults[faults["row"].notna()]
    wanted = {
        place: set(part["row"].astype(int)) for place, part in in_rows.groupby(["file", "sheet"], sort=True)
    }
    sources = source_sheets(folder, wanted, ledgers.corrections)
    listed = _row_faults(in_rows)
    streets = _streets_of_buildings(ledgers)
    by_region: dict[str, list[SlipSheet]] = {}
    for source in sources:
        for region, sheet in _by_region(source, listed, subjects, streets, followers).items():
            by_region.setdefault(region, []).append(sheet)
    loose = _loose(faults, sources, subjects)
    regions = sorted({*by_region, *loose["region"]}, key=lambda region: (region == "", region))
    return [
        Slip(
            region, tuple(by_region.get(region, ())), loose[loose["region"] == region].drop(columns="region")
        )
        for region in regions
    ]


def _subjects(ledgers: Ledgers) -> dict[tuple[str, str, int], tuple[str, str, str]]:
    """(file, sheet, row) -> (key, region, period)."""
    known = ledgers.subjects.dropna(subset=["row"]).drop_duplicates(["file", "sheet", "row"])
    places = zip(known["file"], known["sheet"], known["row"].astype(int), strict=True)
    told = (known[name].fillna("") for name in ("key", "region", "period"))
    return dict(zip(places, zip(*told, strict=True), strict=True))


def _streets_of_buildings(ledgers: Ledgers) -> dict[str, str]:
    """Name (folded) -> street of the buildings with faults: one set aside is in no frame, its tenants are."""
    subjects = ledgers.subjects
    faulty = subjects[(subjects["ledger"] == "buildings") & (subjects["key"] != "")]
    return {folded(key): region for key, region in zip(faulty["key"], faulty["region"], strict=True)}


def _row_faults(faults: pd.DataFrame) -> dict[tuple[str, str, int], tuple[RowFault, ...]]:
    """(file, sheet, row) -> its faults, worst first."""
    listed: dict[tuple[str, str, int], list[RowFault]] = {}
    for fault in faults.itertuples(index=False):
        entry = RowFault(*(str(getattr(fault, name)) for name in RowFault.__dataclass_fields__))
        listed.setdefault((fault.file, fault.sheet, int(fault.row)), []).append(entry)
    rank = {severity: place for place, severity in enumerate(SEVERITIES)}
    return {
        place: tuple(sorted(some, key=lambda fault: rank[fault.severity])) for place, some in listed.items()
    }


def _by_region(
    source: SourceSheet,
    listed: Mapping[tuple[str, str, int], Sequence[RowFault]],
    subjects: Mapping[tuple[str, str, int], tuple[str, str, str]],
    streets: Mapping[str, str],
    followers: frozenset[str],
) -> dict[str, SlipSheet]:
    """Split a sheet's faulty rows by street, errors before warnings, then in the ledger's order."""
    rows: dict[str, list[SlipRow]] = {}
    for number, cells in source.rows.items():
        place = source.file, source.sheet, number
        key, region, period = subjects.get(place, ("", "", ""))
        named = (streets.get(folded(cell)) for cell in cells if isinstance(cell, str))
        region = region or next((street for street in named if street), "")
        faults = tuple(map(_discreet, listed[place]))
        behind = source.ledger == "buildings" and folded(key) in followers
        row = SlipRow(_row_id(place, cells), number, key, cells, faults, period, behind)
        rows.setdefault(region, []).append(row)
    rank = {severity: place for place, severity in enumerate(SEVERITIES)}
    zh = catalogue()[source.ledger].zh
    return {
        region: SlipSheet(
            source.file,
            source.sheet,
            zh,
            told_apart(source.columns),
            tuple(sorted(some, key=lambda row: (rank[row.severity], row.row))),
        )
        for region, some in rows.items()
    }


def _discreet(fault: RowFault) -> RowFault:
    """Leave out what stands in a column about persons."""
    if not is_personal(fault.column):
        return fault
    return RowFault(fault.severity, fault.rule, fault.column, "", fault.remedy)


def _row_id(place: tuple[str, str, int], cells: Sequence[object]) -> str:
    """Return a short name of a row as it stands: a letter first, so that no program makes a number of it."""
    content = json.dumps([*place, *map(clean, cells)], ensure_ascii=False).encode()
    return "H" + base64.b32encode(hashlib.sha256(content).digest())[:9].decode()


def _loose(
    faults: pd.DataFrame,
    sources: Sequence[SourceSheet],
    subjects: Mapping[tuple[str, str, int], tuple[str, str, str]],
) -> pd.DataFrame:
    """Faults that no row of a slip shows, with the street the file names, or all its known rows share."""
    shown = {(source.file, source.sheet, number) for source in sources for number in source.rows}
    numbers = faults["row"].fillna(0).astype(int)
    places = list(zip(faults["file"], faults["sheet"], numbers, strict=True))
    rest = faults[pd.Series([place not in shown for place in places], index=faults.index, dtype="bool")]
    of_file: dict[str, set[str]] = {}
    for (file, _, _), (_, region, _) in subjects.items():
        of_file.setdefault(file, set()).add(region)
    shared = {file: min(some) for file, some in of_file.items() if len(some) == 1}
    regions = [
        street_named(file, sheet) or shared.get(file, "")
        for file, sheet in zip(rest["file"], rest["sheet"], strict=True)
    ]
    return rest.assign(region=pd.Series(regions, index=rest.index, dtype="str"))
