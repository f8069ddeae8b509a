"""Reading ``更正.xlsx``: what in the ledgers is to be read otherwise, and on what grounds.

The ledgers themselves are never written to. What becomes of an entry is decided in ``correcting``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from louyu_lab.ledgers.catalogue import catalogue
from louyu_lab.ledgers.faults import FaultLog, printed_cell
from louyu_lab.ledgers.files import is_blank
from louyu_lab.ledgers.headings import columns_of, headings_in
from louyu_lab.ledgers.mapping import ledger_name
from louyu_lab.ledgers.review.books import Record, records, review_sheets
from louyu_lab.ledgers.texts import folded, nearest

FILE, SHEET = "更正.xlsx", "更正"

#: The headings in the order in which a new workbook is laid out; ``REQUIRED`` must be there.
HEADINGS = ("台账", "键", "字段", "原值", "新值", "依据", "经办人", "文件", "工作表", "行")
REQUIRED = ("键", "字段", "原值", "新值", "依据")

#: Read of an entry: whoever made it is nobody's business but the folder's.
_READ = tuple(heading for heading in HEADINGS if heading != "经办人")

#: Kinds of cells that hold what people write, and may name persons.
WRITTEN = frozenset({"text", "name", "choice", "pii"})

#: 字段 and 新值 that take out a row, and the 行 that means every row of the key.
WHOLE_ROW, DELETED, EVERY_ROW = "整行", "删除", "全部"


@dataclass(frozen=True)
class Correction:
    """One entry of 更正.xlsx; ``entry_row`` is its Excel row there.

    ``ledger`` is canonical, "" for any; ``row`` the ledger's Excel row or None; ``old`` and ``new`` are
    cells as they lie in the file, ``in_words`` where they are no amounts, dates or codes; ``wrong`` says
    why it cannot be used, "" where it can.
    """

    entry_row: int
    ledger: str
    key: str
    field: str
    old: object
    new: object
    basis: str
    file: str = ""
    sheet: str = ""
    row: int | None = None
    every_row: bool = False
    in_words: bool = False
    wrong: str = ""

    @property
    def deletes(self) -> bool:
        """Whether the entry takes out the whole row."""
        return self.field == WHOLE_ROW

    @property
    def mended_key(self) -> str:
        """The key with the new value in the place of the old: how a row is called once it is mended."""
        old, new = printed_cell(self.old), printed_cell(self.new)
        return self.key.replace(old, new) if old and new and old in self.key else ""


def read_corrections(folder: Path, log: FaultLog) -> list[Correction]:
    """Return the entries of ``更正.xlsx`` in their order; a file that cannot be read gives none, listed."""
    sheets = review_sheets(folder, FILE, log)
    raw = next((sheet for sheet in sheets if sheet.sheet == SHEET), sheets[0] if sheets else None)
    found = records(raw, _READ, REQUIRED, log) if raw else None
    return [_entry(record, log) for record in found or []]


def is_known_field(field: str, ledger: str) -> bool:
    """Whether the catalogue knows ``field`` as a column of ``ledger``, or of any where that is ""."""
    return any(column for column in _columns_named(field, ledger))


def _entry(record: Record, log: FaultLog) -> Correction:
    ledger = ledger_name(record.text("台账")) or ""
    row, every_row = record.text("行"), record.text("行") == EVERY_ROW
    number = int(row) if row.isdecimal() else None
    written = _is_written(record, ledger)
    record.note_personal(FILE, [name for name in _READ if written or name not in ("原值", "新值")], log)
    return Correction(
        entry_row=record.row,
        ledger=ledger,
        key=record.discreet("键"),
        field=record.discreet("字段"),
        old=record.cells.get("原值"),
        new=record.discreet("新值") if written else record.cells.get("新值"),
        basis=record.discreet("依据"),
        file=record.text("文件"),
        sheet=record.text("工作表"),
        row=number,
        every_row=every_row,
        in_words=written,
        wrong="；".join(_wrong(record, ledger, number, every_row)),
    )


def _is_written(record: Record, ledger: str) -> bool:
    """Whether 原值 and 新值 are words: by the column's kind, else as typed."""
    kinds = {name.rpartition(":")[2] for name in _columns_named(record.text("字段"), ledger)}
    if kinds:
        return kinds <= WRITTEN
    return isinstance(record.cells.get("新值"), str)


def _wrong(record: Record, ledger: str, number: int | None, every_row: bool) -> Iterable[str]:
    """Yield what keeps an entry from being used at all, whatever the ledgers hold."""
    field, row = record.text("字段"), record.text("行")
    if record.text("台账") and not ledger:
        known = [entry.zh for entry in catalogue().values()]
        yield f"没有台账“{record.discreet('台账')}”{nearest(record.text('台账'), known)}"
    if not field:
        yield "没有写字段"
    if not record.text("依据"):
        yield "没有写依据"
    if row and number is None and not every_row:
        yield f"“行”应为 Excel 行号或“{EVERY_ROW}”，不是“{record.discreet('行')}”"
    if not record.text("键") and (number is None or not record.text("文件")):
        yield "没有写键（不写键的，要写明文件和行）"
    if (field == WHOLE_ROW) != (record.text("新值") == DELETED):
        yield f"删去一行要写：字段“{WHOLE_ROW}”，新值“{DELETED}”"
    if field != WHOLE_ROW and is_blank(record.cells.get("原值")) and is_blank(record.cells.get("新值")):
        yield "原值、新值都是空的"
    if any(column.endswith(":pii") for column in _columns_named(field, ledger)):
        yield "个人信息读入时即丢弃，不用更正"


def _columns_named(field: str, ledger: str) -> list[str]:
    """Return ``column:kind`` of every column, of one ledger or of all, that a heading would name."""
    spoken = headings_in([field]) if field else None
    found = []
    for name in [ledger] if ledger else catalogue():
        for column in columns_of(name, spoken) if spoken else []:
            owner, _, bare = (column or "").rpartition(".")
            if column:
                found.append(f"{bare}:{catalogue()[owner or name][bare].kind}")
    return found


def key_parts(key: str) -> list[str]:
    """Return the parts of a key, as in “诚大数码大厦；2020”."""
    for sign in "；;／/":
        key = key.replace(sign, "\n")
    return [part.strip() for part in key.split("\n") if folded(part)]
