"""Changed cells and rows of a table as a person reads them: headings, print units, objects by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from louyu_lab.analysis.changes import TableChanges
from louyu_lab.analysis.outputs import TABLES
from louyu_lab.analysis.printing import follows_row_unit, printed

#: What stands in place of a column's heading for a whole row.
NEW_ROW, GONE_ROW = "新增行", "减少行"

#: ``table, zh`` (its Chinese name), ``key`` (the row's), ``column`` (printed heading), ``before, after,
#: change`` in print units, ``unit`` of the change, ``weight``: the change against the column's largest
#: value before (its own where units go by row), 0 where it has no size.
CELL_COLUMNS = ("table", "zh", "key", "column", "before", "after", "change", "unit", "weight")

#: Columns that tell an object's name better than its code.
_NAMES = ("name_zh", "building", "idle_name", "enterprise")

#: Columns of codes that no ledger knows.
_CODES = ("indicator", "measure")

#: Formats of columns whose change has a size.
_SIZED = ("number", "int", "rate", "chance", "points", "area", "sqm", "money", "yuan", "figure")


@dataclass(frozen=True)
class Readable:
    """A table beside its printed form: ``shown`` has a printed column for each of ``columns``, in order."""

    name: str
    columns: tuple[str, ...]
    shown: pd.DataFrame

    def heading(self, column: str) -> str:
        """Return a column's printed heading."""
        return str(self.shown.columns[self.columns.index(column)])

    def values(self, column: str) -> pd.Series:
        """Return a column's printed values."""
        return self.shown.iloc[:, self.columns.index(column)]


def readable_cells(
    name: str, before: pd.DataFrame, after: pd.DataFrame, changes: TableChanges, names: Mapping[str, str]
) -> pd.DataFrame:
    """Return ``CELL_COLUMNS`` of every row gone and new and every cell changed; ``names`` are buildings'."""
    if changes.is_empty:
        return pd.DataFrame(columns=list(CELL_COLUMNS))
    before, after = before.reset_index(drop=True), after.reset_index(drop=True)
    is_declared = name in TABLES and all(
        set(frame.columns) == set(TABLES[name].columns) for frame in (before, after)
    )
    # A difference goes through its table's own printing, as the values do.
    old, new, moved = (
        _readable(name, frame, is_declared) for frame in (before, after, _with_changes(after, changes))
    )
    keys = _row_names(old, before, names), _row_names(new, after, names)
    parts = [_whole_rows(changes.gone, keys[0], GONE_ROW), _whole_rows(changes.new, keys[1], NEW_ROW)]
    for column, cells in changes.cells.groupby("column", sort=False):
        part = _cells_of(str(column), cells, old, new, moved)
        weight = _weights(name, str(column), before, cells)
        parts.append(part.assign(key=keys[1].to_numpy()[cells["row_after"]], weight=weight))
    found = [part for part in parts if len(part)]
    if not found:
        return pd.DataFrame(columns=list(CELL_COLUMNS))
    whole = pd.concat(found, ignore_index=True)
    return whole.assign(table=name, zh=TABLES[name].zh if name in TABLES else name)[list(CELL_COLUMNS)]


def _readable(name: str, frame: pd.DataFrame, is_declared: bool) -> Readable:
    """Return the printed form; a table whose columns are not the declared ones stays as it is stored."""
    if is_declared:
        return Readable(name, TABLES[name].columns, printed(name, frame))
    return Readable(name, tuple(frame.columns), frame)


def _with_changes(after: pd.DataFrame, changes: TableChanges) -> pd.DataFrame:
    """Return ``after`` with the change in place of each number that changed."""
    frame = after.copy()
    for column, cells in changes.cells[changes.cells["change"].notna()].groupby("column", sort=False):
        values = frame[column].to_numpy(dtype="float64", na_value=np.nan).copy()
        values[cells["row_after"].to_numpy()] = cells["change"].to_numpy()
        frame[column] = values
    return frame


def _cells_of(
    column: str, cells: pd.DataFrame, old: Readable, new: Readable, moved: Readable
) -> pd.DataFrame:
    was, now = cells["row_before"].to_numpy(), cells["row_after"].to_numpy()
    heading = new.heading(column)
    unit = heading.rpartition("(")[2].removesuffix(")") if heading.endswith(")") else ""
    headings, units = [heading] * len(cells), [unit] * len(cells)
    if follows_row_unit(column, new.columns):
        units = new.values("unit").iloc[now].fillna("").tolist()
        headings = [f"{heading}({unit})" if unit else heading for unit in units]
    change = pd.to_numeric(moved.values(column).iloc[now], errors="coerce")
    return pd.DataFrame(
        {
            "column": headings,
            "before": pd.Series(old.values(column).iloc[was].tolist(), dtype="object"),
            "after": pd.Series(new.values(column).iloc[now].tolist(), dtype="object"),
            "change": change.where(cells["change"].notna().to_numpy()).to_numpy("float64", na_value=np.nan),
            "unit": ["个百分点" if unit == "%" else unit for unit in units],
        }
    )


def _row_names(table: Readable, frame: pd.DataFrame, names: Mapping[str, str]) -> pd.Series:
    """Return what each row is called: its key as printed, a number with the name that goes with it.

    A code of the program's own gives way to its name, unless two share the name.
    """
    declared = TABLES[table.name].key if table.name in TABLES else ()
    key = [column for column in declared if column in table.columns]
    # A list's row is called by all of it.
    parts = [table.values(column).astype("str").fillna("—") for column in key or table.columns]
    own = next((column for column in _NAMES if column in frame.columns and column not in key), None)
    for place, column in enumerate(key):
        name = parts[place].map(dict(names)) if column in ("building_id", "id") else None
        if place == 0 and own:
            name = frame[own].astype("str")
        if column in _CODES and name is not None and _is_told_apart(frame[column], name):
            parts[place] = name.fillna(parts[place])
        elif name is not None:
            parts[place] = (name + "（" + parts[place] + "）").fillna(parts[place])
    joined = parts[0]
    for part in parts[1:]:
        joined = joined + " · " + part
    return joined


def _is_told_apart(codes: pd.Series, names: pd.Series) -> bool:
    """Whether every name stands for one code."""
    return not pd.DataFrame({"code": codes, "name": names}).drop_duplicates().duplicated("name").any()


def _weights(name: str, column: str, before: pd.DataFrame, cells: pd.DataFrame) -> np.ndarray:
    form = TABLES[name].headings.get(column, ("", ""))[1] if name in TABLES else ""
    if form not in _SIZED or column == "rank":
        return np.zeros(len(cells))
    values = np.abs(pd.to_numeric(before[column], errors="coerce").to_numpy("float64", na_value=np.nan))
    if follows_row_unit(column, before.columns):
        # Values of unlike units have no largest one: each goes by itself.
        largest = values[cells["row_before"].to_numpy()]
    else:
        largest = np.full(len(cells), values[np.isfinite(values)].max(initial=0.0))
    sizes = cells["change"].abs().fillna(0.0).to_numpy() / np.where(largest > 0, largest, np.inf)
    return np.where(np.isfinite(sizes), sizes, 0.0)


def _whole_rows(rows: pd.DataFrame, keys: pd.Series, what: str) -> pd.DataFrame:
    frame = pd.DataFrame({"key": keys.iloc[rows.index.to_numpy()].to_numpy(), "column": what})
    return frame.assign(before=None, after=None, change=np.nan, unit="", weight=0.0)
