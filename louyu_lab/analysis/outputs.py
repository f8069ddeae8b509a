"""Every table the workbench publishes, as ``outputs.yaml`` declares it: columns, units, key and sensitivity.

A chapter can only publish what stands there; the CSV, the workbook and the page take their headings
and formats from the same entry.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from louyu_lab.ledgers.packaged import packaged_yaml

#: Who may see a table: inside the bureau, inside the government, or everybody.
SENSITIVITIES = ("internal", "government", "public")


@dataclass(frozen=True)
class Table:
    """One published table.

    ``columns`` in order, ``key`` the columns that tell its rows apart (none for plain lists),
    ``number`` its number in the study, ``headings`` each column's (中文名, format), ``shown`` the columns a
    chapter shows, all of them unless said otherwise.
    """

    name: str
    zh: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    sensitivity: str
    number: str
    headings: dict[str, tuple[str, str]] = field(default_factory=dict)
    shown: tuple[str, ...] = ()


def declared(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Return ``frame`` with its columns in the declared order.

    Raises KeyError for an undeclared table and ValueError for columns or keys that do not hold.
    """
    table = TABLES[name]
    if set(frame.columns) != set(table.columns):
        missing = sorted(set(table.columns) - set(frame.columns))
        surplus = sorted(set(frame.columns) - set(table.columns))
        raise ValueError(f"table {name}: missing {missing}, undeclared {surplus}")
    repeated = frame.duplicated(list(table.key)) if table.key else pd.Series(dtype=bool)
    if repeated.any():
        first = frame.loc[repeated, list(table.key)].iloc[0].to_dict()
        raise ValueError(f"table {name}: key {table.key} repeated, first at {first}")
    return frame[list(table.columns)].reset_index(drop=True)


def as_csv(table: pd.DataFrame) -> bytes:
    """Return the bytes of ``tables/<name>.csv``: UTF-8 with BOM, stored units, one way on every machine."""
    return table.to_csv(index=False, lineterminator="\n").encode("utf-8-sig")


def _table(name: str, entry: dict[str, Any], fields: dict[str, list[str]]) -> Table:
    headings = {**fields, **entry.get("headings", {})}
    sensitivity = entry.get("sensitivity", "internal")
    if sensitivity not in SENSITIVITIES:
        raise ValueError(f"table {name}: sensitivity {sensitivity!r} is none of {SENSITIVITIES}")
    shown = entry.get("shown", entry["columns"])
    unknown = [column for column in [*entry["columns"], *entry["key"]] if column not in headings]
    unknown += [column for column in shown if column not in entry["columns"]]
    if unknown:
        raise ValueError(f"table {name}: columns without a heading: {unknown}")
    return Table(
        name=name,
        zh=entry["zh"],
        columns=tuple(entry["columns"]),
        key=tuple(entry["key"]),
        sensitivity=sensitivity,
        number=entry.get("number", ""),
        headings={column: (headings[column][0], headings[column][1]) for column in entry["columns"]},
        shown=tuple(shown),
    )


def _tables() -> dict[str, Table]:
    raw = packaged_yaml(__package__, "outputs.yaml")
    return {name: _table(name, entry, raw["fields"]) for name, entry in raw["tables"].items()}


#: Every table by name, in the order of the study.
TABLES = _tables()
