"""Two states of one table: which rows are new, which are gone, which cells changed (see ``sameness``)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from louyu_lab.analysis.changes.sameness import as_floats, cell_floors, is_flag, same_values

#: How the count of equal rows is called among the columns that tell them apart.
_NTH = "_nth"


@dataclass(frozen=True)
class TableChanges:
    """What became of a table.

    ``new`` and ``gone`` are whole rows of after and before. ``cells`` has one row a changed cell of the
    rows in both: ``row_before, row_after`` (positions in the frames given), ``column, before, after``
    (of whatever type the cell has) and ``change`` (after − before, missing where it is no number).
    """

    new: pd.DataFrame
    gone: pd.DataFrame
    cells: pd.DataFrame
    columns_new: tuple[str, ...] = ()
    columns_gone: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether both states say the same."""
        found = len(self.new) + len(self.gone) + len(self.cells)
        return not (found or self.columns_new or self.columns_gone)


def table_changes(before: pd.DataFrame, after: pd.DataFrame, key: Sequence[str]) -> TableChanges:
    """Return how ``after`` differs from ``before``; ``key`` tells the rows apart, missing parts included.

    The order of rows and columns makes no difference. Raises ValueError where the key is absent, empty
    or repeated in one of the frames.
    """
    _check_key(before, after, key)
    before, after = before.reset_index(drop=True), after.reset_index(drop=True)
    row_before, row_after = _matched(before, after, list(key))
    both = row_after >= 0
    pairs = pd.DataFrame({"row_before": np.flatnonzero(both), "row_after": row_after[both]})
    shared = [column for column in before.columns if column in after.columns and column not in key]
    parts = [_changed_cells(before, after, column, pairs) for column in shared]
    return TableChanges(
        new=after[row_before < 0],
        gone=before[~both],
        cells=_joined(parts),
        columns_new=tuple(column for column in after.columns if column not in before.columns),
        columns_gone=tuple(column for column in before.columns if column not in after.columns),
    )


def row_changes(before: pd.DataFrame, after: pd.DataFrame) -> TableChanges:
    """Return the rows that came and went of a list without key, compared as multisets.

    A row that stands twice before and once after has gone once. Where the columns differ only those
    in both are compared.
    """
    shared = [column for column in before.columns if column in after.columns]
    if not shared:
        raise ValueError("no column in common")
    counted = [
        frame.assign(**{_NTH: frame.groupby(shared, dropna=False).cumcount()}) for frame in (before, after)
    ]
    changes = table_changes(*counted, key=[*shared, _NTH])
    return TableChanges(
        new=changes.new.drop(columns=_NTH),
        gone=changes.gone.drop(columns=_NTH),
        cells=changes.cells,
        columns_new=changes.columns_new,
        columns_gone=changes.columns_gone,
    )


def _check_key(before: pd.DataFrame, after: pd.DataFrame, key: Sequence[str]) -> None:
    if not key:
        raise ValueError("a table without key is compared by row_changes")
    for frame in (before, after):
        absent = [column for column in key if column not in frame.columns]
        if absent:
            raise ValueError(f"key columns absent: {absent}")
        if frame.duplicated(list(key)).any():
            raise ValueError(f"key {list(key)} repeated")


def _matched(before: pd.DataFrame, after: pd.DataFrame, key: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Return for each row of after its position in before, and the other way round; -1 for none."""
    both = pd.concat([before[key], after[key]], ignore_index=True)
    codes = both.groupby(key, dropna=False, sort=False, observed=True).ngroup().to_numpy()
    old, new = codes[: len(before)], codes[len(before) :]
    size = int(codes.max(initial=-1)) + 1
    at_old, at_new = np.full(size, -1), np.full(size, -1)
    at_old[old], at_new[new] = np.arange(len(old)), np.arange(len(new))
    return at_old[new], at_new[old]


def _changed_cells(
    before: pd.DataFrame, after: pd.DataFrame, column: str, pairs: pd.DataFrame
) -> pd.DataFrame:
    sides = before.iloc[pairs["row_before"]], after.iloc[pairs["row_after"]]
    old, new = (side[column] for side in sides)
    # A row whose very unit changed is judged by the finer of the two.
    changed = ~same_values(old, new, np.minimum(*(cell_floors(side, column) for side in sides)))
    rows = pairs[changed].reset_index(drop=True)
    old, new = old[changed], new[changed]
    is_number = all(pd.api.types.is_numeric_dtype(part) and not is_flag(part) for part in (old, new))
    change = as_floats(new) - as_floats(old) if is_number else np.full(len(rows), np.nan)
    # A column of cells holds values of every type: the one place where object is meant.
    return rows.assign(
        column=column,
        before=pd.Series(old.tolist(), dtype="object"),
        after=pd.Series(new.tolist(), dtype="object"),
        change=change,
    )


def _joined(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return the cells of all columns in the order of the rows after."""
    found = [part for part in parts if len(part)]
    if not found:
        kinds = {"row_before": "int64", "row_after": "int64", "column": "str", "before": "object"}
        kinds |= {"after": "object", "change": "float64"}
        return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in kinds.items()})
    cells = pd.concat(found, ignore_index=True).astype({"column": "str"})
    return cells.sort_values("row_after", kind="stable", ignore_index=True)
