"""Whom the rows speak of that faults name (对象), and in which 街道 they are.

Faults are told by file, sheet and row; the person who mends them knows buildings and firms. Only rows
that faults name are looked up: in the cells while a sheet is read, later in the rows read from it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from louyu_lab.ledgers import texts
from louyu_lab.ledgers.catalogue import catalogue, header_names
from louyu_lab.ledgers.headings import columns_of
from louyu_lab.ledgers.model import SUBJECT_COLUMNS, listed
from louyu_lab.ledgers.origins import fallback_year, row_periods, street_around
from louyu_lab.ledgers.places import directory
from louyu_lab.ledgers.rows import DataRows
from louyu_lab.ledgers.texts import folded

#: Columns that name what a row speaks of, the first one filled counting.
_NAMES = {
    "buildings": ("building", "building_id"),
    "occupancy": ("building", "building_id"),
    "tenancies": ("enterprise", "credit_code"),
    "taxes": ("enterprise", "credit_code", "building", "building_id", "band", "region"),
    "registrations": ("enterprise", "credit_code"),
    "idle": ("idle_name", "idle_id", "building", "building_id"),
    "pipeline": ("project", "project_id"),
    "district": ("indicator", "region"),
    "policies": ("beneficiary", "policy"),
    "projects": ("project",),
}

_BUILDING = ("building_id", "building")
_PLACE = ["file", "sheet", "row"]

#: Every column that is looked at.
_CELLS = sorted({name for group in _NAMES.values() for name in group} | {*_BUILDING, "street"})


@dataclass(frozen=True)
class _Sheet:
    """What a sheet says: its ledger, the 街道 its names tell, those of its rows as codes into ``streets``.

    ``periods`` are those of the rows, in their order.
    """

    ledger: str
    around: str
    numbers: np.ndarray
    codes: np.ndarray
    streets: np.ndarray
    periods: np.ndarray

    def streets_of(self, rows: pd.Series) -> pd.Series:
        """Return the 街道 that a column of the sheet gives its rows, missing where there is none."""
        told = self._of(rows, self.codes, -1).astype(int).to_numpy()
        return pd.Series([self.streets[code] if code >= 0 else None for code in told], index=rows.index)

    def periods_of(self, rows: pd.Series) -> pd.Series:
        """Return the period of its rows, "" where there is none."""
        return self._of(rows, self.periods, "").set_axis(rows.index)

    def _of(self, rows: pd.Series, values: np.ndarray, absent: object) -> pd.Series:
        return pd.Series(values, index=self.numbers).reindex(rows).fillna(absent)


@dataclass
class SubjectNotes:
    """Collects, sheet by sheet, what is needed to name the rows of faults."""

    assumed_year: int | None = None
    _sheets: dict[tuple[str, str], _Sheet] = field(default_factory=dict)
    _read: list[pd.DataFrame] = field(default_factory=list)

    def note(self, rows: DataRows, faulty: Iterable[int]) -> None:
        """Remember a sheet, and whom those of its rows speak of in which faults were found on reading."""
        file, sheet = rows.raw.file, rows.raw.sheet
        self._sheets[file, sheet] = _sheet(rows, self.assumed_year)
        found = np.flatnonzero(np.isin(rows.numbers, list(faulty)))
        if len(found):
            names = columns_of(rows.ledger, rows.header.headings)
            # Of two columns that mean the same the reader uses the left one.
            cells = {
                name: texts.read_texts([rows.cells[place][heading.index] for place in found]).values
                for heading, name in reversed(list(zip(rows.header.headings, names, strict=True)))
                if name in _CELLS
            }
            where = {"file": file, "sheet": sheet, "row": rows.numbers[found]}
            self._read.append(pd.DataFrame(cells | where))

    def subjects(
        self, faults: pd.DataFrame, parts: dict[str, list[pd.DataFrame]], buildings: pd.DataFrame
    ) -> pd.DataFrame:
        """Return ``SUBJECT_COLUMNS`` for every row of a ledger that ``faults`` name."""
        asked = faults.loc[faults["row"].notna(), _PLACE].drop_duplicates().sort_values(_PLACE)
        asked = [part for place, part in asked.groupby(["file", "sheet"]) if place in self._sheets]
        if not asked:
            return listed(SUBJECT_COLUMNS)
        rows = pd.concat([self._with_sheet(part) for part in asked], ignore_index=True)
        found = [listed(_PLACE), *self._read, *_later(parts, rows)]
        cells = pd.concat(found).reindex(columns=[*_PLACE, *_CELLS])
        cells = cells.astype({"row": "Int64"} | dict.fromkeys(_CELLS, "str")).drop_duplicates(_PLACE)
        rows = rows.merge(cells, how="left", on=_PLACE)
        own = rows["own"].fillna(rows["street"])
        region = own.fillna(_streets(rows, buildings)).fillna(rows["around"])
        return listed(SUBJECT_COLUMNS, rows.assign(key=_keys(rows), region=region).fillna({"region": ""}))

    def _with_sheet(self, rows: pd.DataFrame) -> pd.DataFrame:
        known = self._sheets[rows["file"].iloc[0], rows["sheet"].iloc[0]]
        own = known.streets_of(rows["row"]).astype("str")
        periods = known.periods_of(rows["row"]).astype("str")
        return rows.assign(ledger=known.ledger, around=known.around, own=own, period=periods)


def _keys(rows: pd.DataFrame) -> pd.Series:
    """Return the first filled cell of those that name what each row's ledger speaks of."""
    keys = pd.Series("", index=rows.index, dtype="str")
    for ledger, names in _NAMES.items():
        own = rows[rows["ledger"] == ledger]
        for name in names:
            keys[own.index] = keys[own.index].mask(keys[own.index] == "", own[name].fillna(""))
    return keys


def _streets(rows: pd.DataFrame, buildings: pd.DataFrame) -> pd.Series:
    """Return the 街道 of each row's building, by its number, name or alias."""
    known = directory(buildings, pd.DataFrame({"building_id": [], "building": []}))
    ids = {**known.aliases, **known.names, **known.ids}
    street = dict(zip(buildings["building_id"], buildings["street"], strict=True))
    found = pd.Series(None, index=rows.index, dtype="str")
    for name in _BUILDING:
        spelled = rows[name].dropna().unique()
        told = {text: street[ids[folded(text)]] for text in spelled if folded(text) in ids}
        found = found.fillna(rows[name].map(told).astype("str"))
    return found


def _sheet(rows: DataRows, assumed_year: int | None) -> _Sheet:
    """Return what a sheet says; a column headed 街道 counts in any ledger."""
    names = header_names("buildings")
    index = next(
        (
            heading.index
            for heading in rows.header.headings
            if any(names.get(name) == "street" for name in heading.names)
        ),
        None,
    )
    stated, fallback = row_periods(rows), fallback_year(rows, assumed_year)
    periods = np.array(stated if any(stated) else [fallback] * len(stated), dtype=object)
    cells = [None if index is None else row[index] for row in rows.cells]
    codes, streets = pd.factorize(texts.read_texts(cells).values)
    return _Sheet(
        rows.ledger, street_around(rows), rows.numbers, codes, np.asarray(streets, dtype=object), periods
    )


def _later(parts: dict[str, list[pd.DataFrame]], wanted: pd.DataFrame) -> Iterable[pd.DataFrame]:
    """Yield the naming columns of the wanted rows of what was read, each sheet's own ledger first."""
    of_sheet = {place: part for place, part in wanted.groupby(["file", "sheet"])}
    for is_own in (True, False):
        for ledger in catalogue():
            for piece in parts.get(ledger, []):
                part = of_sheet.get((piece["file"].iloc[0], piece["sheet"].iloc[0])) if len(piece) else None
                if part is not None and (part["ledger"].iloc[0] == ledger) is is_own:
                    kept = piece[piece["row"].isin(part["row"])]
                    yield kept[[*kept.columns.intersection([*_CELLS, *_PLACE])]]
