"""Which rows of a sheet are data: totals, notes, repeated headings and section titles are told apart."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import numpy as np

from louyu_lab.ledgers.catalogue import catalogue
from louyu_lab.ledgers.faults import FaultLog, printed_cell
from louyu_lab.ledgers.files import RawSheet, is_blank
from louyu_lab.ledgers.headings import Header, columns_of
from louyu_lab.ledgers.second_tables import begins_another_table
from louyu_lab.ledgers.texts import folded

_SUM = r"(?:合计|小计|总计|共计|累计|总和)[::]?(?:\(.*\)|\d+[家户幢座栋个]?)?$"
_TOTAL = re.compile(rf"^(?:全区|全市|本区|全部|本表|各?街道|.{{1,8}}(?:街道|镇|片区|地区))?{_SUM}|^其中[::]?")
_GRAND = re.compile(
    r"^(?:全区|全市|本区|全部|本表)?(?:合计|总计|共计|总和)[::]?(?:\(.*\)|\d+[家户幢座栋个]?)?$"
)
_NOTE = re.compile(r"^(注|备注|说明|填表|制表|审核|填报|单位负责人|统计负责人|联系|数据来源|资料来源)")
_SECTION = re.compile(r"^\(?[一二三四五六七八九十]+[、).]|^.{1,8}(?:街道|镇|片区)$")

#: Kinds whose value, merged over several rows, holds for each of them; an amount holds once.
_REPEATED_KINDS = ("text", "id", "code", "name", "choice", "period", "year", "date", "flag")

#: Longest text that can be a label such as 合计.
_LONGEST_LABEL = 40


@dataclass
class DataRows:
    """A sheet's data rows: ``numbers`` are their Excel rows, ``total`` the grand total if any."""

    raw: RawSheet
    header: Header
    ledger: str
    numbers: np.ndarray
    cells: list[list[object]]
    total: list[object] | None = None
    total_number: int = 0


@dataclass
class _Skipped:
    """Rows that are no data, by what they are: their Excel rows."""

    rows: dict[str, list[int]] = field(default_factory=dict)

    def add(self, what: str, number: int) -> None:
        self.rows.setdefault(what, []).append(number)

    def report(self, log: FaultLog, raw: RawSheet) -> None:
        for what, numbers in self.rows.items():
            log.convert(raw.file, raw.sheet, "", what, len(numbers), f"第 {numbers[0]} 行")


def data_rows(raw: RawSheet, header: Header, ledger: str, log: FaultLog) -> DataRows:
    """Return the data rows below the header, merged texts repeated; what was passed over is listed."""
    kinds = _kinds(header, ledger)
    cells = _merged_down(raw, header.first_data_row, kinds)
    wide_merges = {top for top, left, bottom, right in raw.merges if right > left and top == bottom}
    titles = {folded(part) for heading in header.headings for part in heading.text.split("/")}
    # A 税种 of 合计 is a value like any other.
    no_labels = {index for index, column in kinds.items() if column[0] == "tax_type"}
    skipped, numbers = _Skipped(), []
    rows = DataRows(raw, header, ledger, np.empty(0, int), [])
    for offset, row in enumerate(cells):
        labels, filled = _labels(row, no_labels)
        if not filled:
            continue
        place = header.first_data_row + offset
        if begins_another_table(row, labels, titles):
            _drop_title(rows, numbers)
            log.add("sheet-second-table", raw.file, raw.sheet, place + 1, values="、".join(labels))
            break
        if not numbers and _is_numbering(row):
            skipped.add("栏次行，未读取", place + 1)
            continue
        if labels and (what := _no_data(labels, row, filled, place in wide_merges, titles)):
            skipped.add(what, place + 1)
            if any(_GRAND.match(text) for text in labels):
                rows.total, rows.total_number = row, place + 1
            continue
        numbers.append(place + 1)
        rows.cells.append(row)
    rows.numbers = np.array(numbers, dtype=int)
    skipped.report(log, raw)
    return _within_header(rows, log)


def _drop_title(rows: DataRows, numbers: list[int]) -> None:
    """The single text above another table's header is its title."""
    if rows.cells and sum(not is_blank(cell) for cell in rows.cells[-1]) == 1:
        rows.cells.pop()
        numbers.pop()


def _is_numbering(row: list[object]) -> bool:
    """Whether a row numbers the columns: 1 2 3 4, after 甲 乙 perhaps."""
    texts = [printed_cell(cell).strip().strip("()（）") for cell in row if not is_blank(cell)]
    counted = texts[len([text for text in texts[:3] if text in ("甲", "乙", "丙")]) :]
    return len(counted) >= 3 and counted == [str(number) for number in range(1, len(counted) + 1)]


def _no_data(
    labels: list[str], row: list[object], filled: int, is_merged: bool, titles: set[str]
) -> str | None:
    """Say what a row is if it is no data row; ``filled`` is the number of its filled cells, at most 3."""
    if any(_TOTAL.match(text) for text in labels):
        return "合计、小计行不参与计算"
    if filled <= 2 and _NOTE.match(labels[0]):
        return "表下注释，未读取"
    if filled == 1 and len(titles) > 2 and (is_merged or _SECTION.match(labels[0])):
        return "分组标题行，未读取"
    # The first two cells are looked at before the rest, which is rarely needed.
    if labels[0] in titles and all(
        isinstance(cell, str) and folded(cell) in titles for cell in row if not is_blank(cell)
    ):
        return "表中重复的表头，未读取"
    return None


def _labels(row: list[object], no_labels: set[int]) -> tuple[list[str], int]:
    """Texts (folded) among the first two filled cells, and how many cells are filled, counted to three."""
    texts: list[str] = []
    filled = 0
    for index, cell in enumerate(row):
        if is_blank(cell):
            continue
        filled += 1
        if filled == 3:
            break
        if isinstance(cell, str) and len(cell) < _LONGEST_LABEL and index not in no_labels:
            texts.append(folded(cell))
    return texts, filled


def _kinds(header: Header, ledger: str) -> dict[int, tuple[str, str]]:
    """Column index -> (canonical column, kind) of the recognised headings."""
    kinds = {}
    for heading, name in zip(header.headings, columns_of(ledger, header.headings), strict=True):
        if name is not None:
            owner, _, column = name.rpartition(".")
            kinds[heading.index] = column, catalogue()[owner or ledger][column].kind
    return kinds


def _merged_down(raw: RawSheet, first: int, kinds: dict[int, tuple[str, str]]) -> list[list[object]]:
    """Rows from ``first`` on, a value merged over several rows repeated in each, amounts excepted."""
    cells = raw.cells[first:]
    for top, left, bottom, _ in raw.merges:
        if top < first or top == bottom or kinds.get(left, ("", ""))[1] not in _REPEATED_KINDS:
            continue
        value = raw.cells[top][left]
        for row in range(top - first + 1, min(bottom - first + 1, len(cells))):
            if not all(is_blank(cell) for cell in cells[row]):
                cells[row][left] = value
    return cells


def _within_header(rows: DataRows, log: FaultLog) -> DataRows:
    """List columns without a heading; a line of text with more cells than the header is set aside."""
    raw, headed = rows.raw, {heading.index for heading in rows.header.headings}
    width = len(raw.cells[0])
    if raw.is_text:
        surplus = [sum(not is_blank(cell) for cell in row[max(headed) + 1 :]) for row in rows.cells]
        ragged = np.array(surplus, dtype=int) > 0
        values = [f"多 {count} 格" for count in surplus if count]
        log.add("row-ragged", raw.file, raw.sheet, rows.numbers[ragged].tolist(), values=values)
        rows.cells = [row for row, is_long in zip(rows.cells, ragged, strict=True) if not is_long]
        rows.numbers = rows.numbers[~ragged]
        width = max(headed) + 1
    for index in sorted(set(range(width)) - headed):
        filled = sum(not is_blank(row[index]) for row in rows.cells)
        if filled:
            log.add(
                "column-unheaded", raw.file, raw.sheet, column=f"第 {index + 1} 列", values=f"{filled} 格"
            )
    return rows
