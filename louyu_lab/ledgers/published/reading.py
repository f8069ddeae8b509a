"""Reading ``published.yaml`` and ``已公布.xlsx``: figures already published, and how they should tie up.

Either file, or both. A figure says what was printed and where the workbench computes it; a relation
is arithmetic among the published figures (勾稽), which the run evaluates. Every field is read as the
text it was written in, so that the printed digits count.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd

from louyu_lab.ledgers.faults import FaultLog
from louyu_lab.ledgers.model import no_published, no_relations
from louyu_lab.ledgers.published.conditions import read_conditions, to_text
from louyu_lab.ledgers.published.entries import Entry, EntryReading
from louyu_lab.ledgers.published.files import read_entries
from louyu_lab.ledgers.published.formulas import folded_name
from louyu_lab.ledgers.published.printed import read_printed
from louyu_lab.ledgers.published.relations import read_relation
from louyu_lab.ledgers.texts import nearest

#: What is taken of the rows that a figure's conditions leave.
VALUE, SUM, COUNT = "值", "合计", "行数"

#: Field as the user writes it -> column of the frame.
FIGURE_KEYS = {
    **{
        "编号": "id",
        "名称": "name_zh",
        "公布": "printed",
        "单位": "unit",
        "限定": "qualifier",
        "年份": "year",
    },
    **{"指标": "indicator", "表": "table", "条件": "conditions", "列": "column", "取法": "method"},
    **{"除以": "divisor", "较": "since", "原文": "quote", "说明": "note"},
}


def read_published(folder: Path, log: FaultLog) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the published figures and the relations among them; both empty without a file.

    Figures: ``id, name_zh, printed, unit, qualifier`` as written; ``year`` (missing: the study's);
    ``indicator``, or ``table, conditions`` (see ``conditions.to_text``)``, column, method``; ``divisor``
    (the id of the figure it is divided by), ``since`` (the year it is compared with), ``quote, note``.
    Relations: ``id, name_zh, left, relation, right, tolerance, doubted`` (JSON, a list of ids)``, note``;
    one over a figure that could not be read is kept. Both carry ``file, sheet, row`` (a line for YAML).
    An entry with a fault is listed and left out.
    """
    figures, relations = read_entries(folder, log)
    given = [entry.id for entry in figures]
    kept: dict[str, dict[str, object]] = {}
    for entry in figures:
        read = _figure(entry, figures, log)
        if read is not None and read["id"] in kept:
            log.add("published-twice", entry.file, entry.sheet, entry.row, "编号", str(read["id"]))
        elif read is not None:
            kept[str(read["id"])] = read
    units = {name: _unit(row) for name, row in kept.items()}
    ties: dict[str, dict[str, object]] = {}
    for entry in relations:
        tie = read_relation(entry, given, units, log)
        if tie is not None and (tie["id"] in ties or tie["id"] in given):
            log.add("published-twice", entry.file, entry.sheet, entry.row, "编号", str(tie["id"]))
        elif tie is not None:
            ties[str(tie["id"])] = tie
    return _frame(kept.values(), no_published()), _frame(ties.values(), no_relations())


def _figure(entry: Entry, every: list[Entry], log: FaultLog) -> dict[str, object] | None:
    """Return one figure's row; None, with all that is wrong listed, where it cannot be used."""
    reading = EntryReading(entry, FIGURE_KEYS)
    reading.check_keys(log)
    row: dict[str, object] = {name: reading.text(key) for key, name in FIGURE_KEYS.items() if key != "条件"}
    row["id"], row["divisor"] = entry.id, folded_name(str(row["divisor"]))
    row["name_zh"] = row["name_zh"] or row["id"]
    row["year"], row["since"] = reading.year("年份", entry.default_year), reading.year("较")
    if row["since"] is not None and row["since"] == row["year"]:
        reading.wrong.append(("较", f"与自己的年份（{row['year']}）相同"))
    row["conditions"] = _conditions(reading)
    _check_number(reading, row)
    _check_place(reading, row)
    _check_divisor(reading, row, every)
    if reading.wrong:
        reading.list_wrong("published-unreadable", log)
        return None
    return row | {"file": entry.file, "sheet": entry.sheet, "row": entry.row}


def _unit(row: Mapping[str, object]) -> str:
    return read_printed(*(str(row[name]) for name in ("printed", "unit", "qualifier"))).unit


def _conditions(reading: EntryReading) -> str:
    raw = reading.entry.fields.get("条件", "")
    if twice := reading.entry.repeated_conditions:
        remedy = f"两头的范围写成文本“{twice[0]}≥5000万元；{twice[0]}<7000万元”，几个值用“|”隔开"
        reading.wrong.append(("条件", f"“{twice[0]}”写了两次；{remedy}"))
        return ""
    try:
        return to_text(read_conditions(raw)) if raw else ""
    except ValueError as wrong:
        reading.wrong.append(("条件", str(wrong)))
        return ""


def _check_number(reading: EntryReading, row: Mapping[str, object]) -> None:
    if not row["id"]:
        reading.wrong.append(("名称", "缺名称"))
    if not row["printed"]:
        reading.wrong.append(("公布", "没有写公布的数"))
        return
    if "公布" in reading.entry.unclear:
        reading.wrong.append(
            ("公布", f"{row['printed']}（单元格的数字格式看不出印出的位数，请设为文本，照原文写）")
        )
        return
    try:
        figure = read_printed(*(str(row[name]) for name in ("printed", "unit", "qualifier")))
    except ValueError as wrong:
        reading.wrong.append(("公布", str(wrong)))
        return
    # Typed without a format, 0.629 may be 62.9 % or 0.629 %.
    entry = reading.entry
    unsure = ("rate", "points") if "公布" in entry.numbers else ("rate",) if "公布" in entry.decimals else ()
    if figure.kind in unsure and 0 < abs(figure.number) <= 1:
        reading.wrong.append(
            ("公布", f"{row['printed']}（不知是小数还是百分数，请设为文本，照原文写，如 62.9%）")
        )


def _check_place(reading: EntryReading, row: dict[str, object]) -> None:
    """See that the place is told by an indicator, or by a table with what is taken of it."""
    table_fields = [key for key in ("条件", "列", "取法") if row[FIGURE_KEYS[key]]]
    if row["indicator"] and (row["table"] or table_fields):
        reading.wrong.append(("指标", "“指标”和“表、条件、列、取法”只能写一种"))
    elif table_fields and not row["table"]:
        reading.wrong.append(("表", f"写了{'、'.join(table_fields)}，没有写表"))
    elif row["table"]:
        row["method"] = row["method"] or (VALUE if row["column"] else COUNT)
        if row["method"] not in (VALUE, SUM, COUNT):
            reading.wrong.append(("取法", f"“{row['method']}”应为 值、合计 或 行数"))
        elif row["method"] != COUNT and not row["column"]:
            reading.wrong.append(("列", f"取{row['method']}要写列"))
    elif not row["indicator"] and (row["divisor"] or row["since"]):
        reading.wrong.append(("表", "写了“除以”或“较”，没有写指标或表"))


def _check_divisor(reading: EntryReading, row: Mapping[str, object], every: list[Entry]) -> None:
    divisor = str(row["divisor"])
    if not divisor:
        return
    others = {entry.id: entry for entry in every if entry.id != row["id"]}
    if divisor not in others:
        reading.wrong.append(("除以", f"没有编号“{divisor}”" + nearest(divisor, others)))
        return
    other = others[divisor]
    if other.fields.get("除以"):
        reading.wrong.append(("除以", f"“{divisor}”本身又除以别的数"))
    if other.fields.get("较"):
        reading.wrong.append(("除以", f"“{divisor}”写了“较”，是两年之差，不能作除数"))
    at = EntryReading(other, FIGURE_KEYS).year("年份", other.default_year)
    if at == row["year"] or any(key == "年份" for key, _ in reading.wrong):
        return
    if row["since"] is not None and None not in (at, row["year"]):
        reading.wrong.append(("除以", f"“{divisor}”是 {at} 年的，年份不同，不能再写“较”"))
    # The year that all share unsaid is not meant where the figure states another.
    elif not other.fields.get("年份"):
        reading.wrong.append(("除以", f"与“{divisor}”年份不同；请给“{divisor}”写明年份"))


def _frame(rows: Iterable[Mapping[str, object]], empty: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=list(empty.columns)).astype(empty.dtypes.to_dict())
