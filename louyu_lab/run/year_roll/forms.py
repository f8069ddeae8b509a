"""What of a ledger's sheet makes an empty form: its title and heading rows, without what was filled in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath

from louyu_lab.ledgers.catalogue import catalogue
from louyu_lab.ledgers.faults import FaultLog
from louyu_lab.ledgers.files import RawSheet, is_blank, open_sheets
from louyu_lab.ledgers.headings import Header, columns_of, find_header
from louyu_lab.ledgers.mapping import UserMapping
from louyu_lab.ledgers.recognition import recognise
from louyu_lab.ledgers.second_tables import without_neighbour
from louyu_lab.run.year_roll.years import moved, moved_cell, years_in

#: A blank that somebody fills in beside a table: who, when, which telephone.
_LABEL = (
    r"(?:(?:填报|填表|制表|审核|审批|复核|经办|联系|负责|统计)(?:负责)?(?:人员?|员|电话|方式|日期|时间)"
    r"|(?:单位|统计)负责人|(?:打印|导出|报送|上报)(?:日期|时间)|电话|手机号?)"
)
_FILLED_IN = re.compile(rf"({_LABEL}\s*[:：])[ \t　]*(?!\S*[:：])\S*")
_ONLY_LABEL = re.compile(rf"{_LABEL}\s*[:：]?\s*")
_CONTACT = re.compile(r"(?<!\d)(?:1[3-9]\d{9}|0\d{2,3}[-—]?\d{7,8})(?!\d)|\S+@\S+\.\S+")

#: What a title row speaks of; other rows above a heading may be data and are left blank.
_TITLE = re.compile(r"[:：]|单位|台账|名单|清单|[表册库]|年|季|月|填|制|报|说明|注|区|街道|附件")
_MOST_TITLE_CELLS = 4

#: What is kept of a fuller row: the units of the table, and the labels beside which somebody signs.
_ALWAYS = re.compile(rf"[一-龥]{{0,4}}单位\s*[:：]|{_LABEL}\s*[:：]?\s*$")


@dataclass(frozen=True)
class Form:
    """The empty form of one sheet, years already moved.

    ``file`` and ``sheet`` are where it comes from, ``title`` the new sheet's name. ``rows`` are the rows
    down to the last heading, ``kinds`` the catalogue's kind of each recognised column by its index,
    ``merges`` as in a RawSheet, ``wide_years`` the years that stand in the new headings,
    ``step`` by how many years they were moved.
    """

    file: str
    sheet: str
    title: str
    ledger: str
    rows: tuple[tuple[object, ...], ...]
    kinds: dict[int, str]
    merges: tuple[tuple[int, int, int, int], ...]
    wide_years: tuple[int, ...]
    step: int


@dataclass(frozen=True)
class FoundSheet:
    """A recognised ledger sheet: ``dated`` is the latest year its names or title state, None for none."""

    raw: RawSheet
    header: Header
    ledger: str
    dated: int | None


def find_sheets(name: str, content: bytes, mapping: UserMapping) -> list[FoundSheet]:
    """Return the sheets of a file in which a ledger is recognised, in their order."""
    found = []
    log = FaultLog()
    for whole in open_sheets(name, content, log):
        header = find_header(whole, mapping.for_sheet(whole))
        if header is None:
            continue
        raw, header = without_neighbour(whole, header, log)
        ledger = recognise(raw, header, mapping.ledger(raw))
        if ledger is not None:
            found.append(FoundSheet(raw, header, ledger, _dated(raw, header)))
    return found


def make_form(found: FoundSheet, step: int) -> Form:
    """Return the empty form of a sheet with its years ``step`` later."""
    raw, header = found.raw, found.header
    depth, top = header.first_data_row, _first_heading_row(raw, header)
    # A row to be signed may count as a heading: 电话 is one too. The lowest row has the headings proper.
    above = [
        _title_row(row) if number < top or _is_to_be_signed(row) else row
        for number, row in enumerate(raw.cells[: depth - 1])
    ]
    rows = [tuple(moved_cell(cell, step) for cell in row) for row in [*above, raw.cells[depth - 1]]]
    names = columns_of(found.ledger, header.headings)
    years = {heading.year + step for heading in header.headings if heading.year is not None}
    return Form(
        file=raw.file,
        sheet=raw.sheet,
        title=moved(raw.sheet, step),
        ledger=found.ledger,
        rows=tuple(rows),
        kinds={
            heading.index: _kind(found.ledger, name)
            for heading, name in zip(header.headings, names, strict=True)
            if name is not None
        },
        merges=tuple(merge for merge in raw.merges if merge[2] < depth),
        wide_years=tuple(sorted(years)),
        step=step,
    )


def without_answers(text: str) -> str:
    """Return a title without what somebody filled in: names, dates and telephone numbers after a label."""
    return _CONTACT.sub("", _FILLED_IN.sub(r"\1", text)).rstrip()


def _kind(ledger: str, name: str) -> str:
    owner, _, column = name.rpartition(".")
    return catalogue()[owner or ledger][column].kind


def _dated(raw: RawSheet, header: Header) -> int | None:
    """The sheet's name counts before the file's and its folders', these before the title."""
    for text in (
        raw.sheet,
        PurePosixPath(raw.file).with_suffix("").as_posix(),
        without_answers(header.title),
    ):
        if years := years_in(text):
            return max(years)
    return None


def _first_heading_row(raw: RawSheet, header: Header) -> int:
    """The lowest row above which the texts are just the header's title."""
    depth, tops, texts = header.first_data_row, [], []
    for top in range(depth):
        if " ".join(texts) == header.title:
            tops.append(top)
        texts += [str(cell) for cell in raw.cells[top] if isinstance(cell, str) and cell.strip()]
    return tops[-1] if tops else depth - 1


def _title_row(row: list[object]) -> list[object]:
    """A row above the headings: its texts without the answers; what may be data comes out blank."""
    filled = sum(not is_blank(cell) for cell in row)
    kept: list[object] = []
    after_label = False
    for cell in row:
        if is_blank(cell):
            kept.append(None)
            continue
        is_title = isinstance(cell, str) and _is_title(cell.strip(), filled)
        kept.append(without_answers(str(cell)) if is_title and not _is_answer(cell, after_label) else None)
        after_label = isinstance(cell, str) and _ONLY_LABEL.fullmatch(cell.strip()) is not None
    return kept


def _is_to_be_signed(row: list[object]) -> bool:
    return any(isinstance(cell, str) and _FILLED_IN.match(cell.strip()) for cell in row)


def _is_title(text: str, filled: int) -> bool:
    """Whether a text, in a row of so many filled cells, speaks of the table below."""
    if filled == 1 or _ALWAYS.match(text):
        return True
    return filled <= _MOST_TITLE_CELLS and _TITLE.search(text) is not None


def _is_answer(cell: object, after_label: bool) -> bool:
    """Whether a cell answers the label on its left rather than being another one."""
    return after_label and not (isinstance(cell, str) and re.search(r"[:：]|单位", cell))
