"""Writing a district as text tables: UTF-8 with BOM, Chinese headings, the same layout as the workbooks."""

from __future__ import annotations

import codecs
from pathlib import Path

import pandas as pd
import pyarrow as pa
from pyarrow import csv

from louyu_lab.ledgers.demo.frames import District
from louyu_lab.ledgers.demo.sheets import Sheet, district_workbooks, heading, printed


def write_csv(folder: Path, district: District, append: bool = False) -> list[Path]:
    """Write the district's ledgers into ``folder`` and return the files written, sorted.

    A workbook of one sheet becomes one file, further sheets a file each (``闲置资源台账_2020年.csv``).
    Files of the same name are replaced. With ``append`` rows are added to the files that exist, so a
    large district can be written part by part; its parts must have the same columns.

    Raises ``ValueError`` when a part's headings are not those of the file it is added to.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, sheets in district_workbooks(district).items():
        for sheet in sheets:
            stem = Path(name).stem if len(sheets) == 1 else f"{Path(name).stem}_{sheet.name}"
            written.append(folder / f"{stem}.csv")
            _write(written[-1], sheet, append and written[-1].exists())
    return sorted(written)


def _write(path: Path, sheet: Sheet, append: bool) -> None:
    table = _table(sheet)
    with path.open("r+b" if append else "wb") as file:
        if append:
            _refuse_other_headings(path, file.readline(), table)
            file.seek(0, 2)
        else:
            file.write(codecs.BOM_UTF8)
        csv.write_csv(table, file, csv.WriteOptions(include_header=not append))


def _table(sheet: Sheet) -> pa.Table:
    """Lay the sheet out as text, dates and numbers under their headings.

    Arrow writes a double as the shortest decimal that reads back to it, whole ones without a point.
    """
    columns = {}
    for column in sheet.columns:
        values = printed(column, sheet.frame[column.name])
        is_date = pd.api.types.is_datetime64_any_dtype(values)
        columns[heading(column)] = pa.Array.from_pandas(values, type=pa.date32() if is_date else None)
    return pa.table(columns)


def _refuse_other_headings(path: Path, line: bytes, table: pa.Table) -> None:
    there = line.removeprefix(codecs.BOM_UTF8).decode("utf-8").strip()
    here = ",".join(f'"{name}"' for name in table.column_names)
    if there != here:
        raise ValueError(f"{path.name} has the columns {there}, the part to be added has {here}")
