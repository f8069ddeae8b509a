"""The workbook of published figures opened: rows as entries, numbers with the digits their cells show.

A cell that shows 76.0 or 107.1% holds 76 or 1.0714…; its format says what was printed.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from louyu_lab.ledgers.faults import FaultLog, printed_cell
from louyu_lab.ledgers.files import RawSheet, is_blank, open_sheets, read_contents
from louyu_lab.ledgers.published.entries import Entry

WORKBOOK = "已公布.xlsx"

#: The cell whose digits count.
PRINTED = "公布"

#: Rows of a sheet in which the heading is looked for, and the headings that tell the two kinds apart.
_SEARCHED_ROWS = 10
_OF_FIGURES, _OF_RELATIONS = {"名称", PRINTED}, {"左", "右"}

#: Sheet name -> (row, column) from zero -> number format of a cell.
_Formats = Mapping[str, Mapping[tuple[int, int], str]]

#: What in a number format only colours, aligns or quotes: [Red], _), *x, \x, "座".
_DECORATION = re.compile(r'\[[^\]]*\]|_.|\*.|\\(.)|"([^"]*)"')
_DIGITS = re.compile(r"[#?0,]*[#?0](?:\.([#?0]+))?(%?)")
_AS_IT_LIES = "General"


def entries_of_workbook(folder: Path, log: FaultLog) -> tuple[list[Entry], list[Entry]]:
    """Return the figures and the relations of the workbook; both empty without it."""
    figures: list[Entry] = []
    relations: list[Entry] = []
    path = folder / WORKBOOK
    if not path.is_file():
        return figures, relations
    for content in read_contents(folder, [path], log).values():
        formats = _formats(content)
        for raw in open_sheets(WORKBOOK, content, log):
            head, found = _heading(raw)
            if found >= _OF_RELATIONS:
                kept, lacking = relations, False
            else:
                kept, lacking = figures, not found >= _OF_FIGURES
            twice = sorted({name for name in found if _names(raw, head).count(name) > 1})
            if lacking:
                remedy = "表头要有“名称、公布”，或者“左、关系、右”"
                log.add("sheet-unknown", WORKBOOK, raw.sheet, remedy=remedy)
            elif twice:
                place = WORKBOOK, raw.sheet, head + 1, twice[0]
                log.add("published-unreadable", *place, f"有两列“{twice[0]}”，这张表没有读")
            else:
                kept += _rows(raw, head, formats.get(raw.sheet, {}))
    return figures, relations


def shown(value: float, form: str) -> str | None:
    """Return a number as a cell of this number format shows it; None where the digits cannot be told.

    ``0.0%`` shows 1.0714 as 107.1%, ``0.00`` shows 76 as 76.00, ``0"座"`` shows 3 as 3座, ``"约"0`` as 约3.
    """
    if form in (_AS_IT_LIES, "@", ""):
        return printed_cell(value)
    first = form.split(";")[0]
    bare = _DECORATION.sub("", first).strip()
    before, behind = _literals(first)
    if bare == _AS_IT_LIES:
        return before + printed_cell(value) + behind
    digits = _DIGITS.fullmatch(bare)
    # A comma at the end divides by a thousand.
    if digits is None or bare.rstrip("%").endswith(","):
        return None
    decimals = digits[1] or ""
    number = Decimal(repr(float(value))) * (100 if digits[2] else 1)
    text = f"{number.quantize(Decimal(1).scaleb(-len(decimals)), rounding=ROUND_HALF_UP):f}"
    optional = len(decimals) - len(decimals.rstrip("#?"))
    kept = text.rstrip("0") if optional else text
    text = text[: max(len(kept), len(text) - optional)].rstrip(".") if optional else text
    return before + text + digits[2] + behind


def _literals(form: str) -> tuple[str, str]:
    """Return the literal texts of a number format before its digits and behind them."""
    # Masked, so that a 0 inside a literal is not taken for a digit.
    masked = _DECORATION.sub(lambda found: " " * len(found[0]), form)
    start = re.search(r"[#?0G]|$", masked).start()
    sides = ["", ""]
    for found in _DECORATION.finditer(form):
        sides[found.start() > start] += found[1] or found[2] or ""
    return sides[0].strip(), sides[1].strip()


def _formats(content: bytes) -> _Formats:
    """Return the number formats of an .xlsx; nothing of a file of another kind."""
    import openpyxl

    try:
        book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, AttributeError, OSError):
        return {}
    return {
        sheet.title: {
            (cell.row - 1, cell.column - 1): cell.number_format
            for row in sheet.iter_rows()
            for cell in row
            if isinstance(cell.value, (int, float))
        }
        for sheet in book.worksheets
    }


def _heading(raw: RawSheet) -> tuple[int, set[str]]:
    """Return the row (from zero) of a sheet's headings, and the headings."""
    for number in range(min(_SEARCHED_ROWS, len(raw.cells))):
        found = set(_names(raw, number)) - {""}
        if found >= _OF_FIGURES or found >= _OF_RELATIONS:
            return number, found
    return 0, set()


def _names(raw: RawSheet, row: int) -> list[str]:
    return ["" if is_blank(cell) else str(cell).strip() for cell in raw.cells[row]]


def _rows(raw: RawSheet, head: int, formats: Mapping[tuple[int, int], str]) -> list[Entry]:
    names = {name: at for at, name in enumerate(_names(raw, head)) if name}
    merged = {
        (row, left): top
        for top, left, bottom, _ in raw.merges
        if top > head
        for row in range(top + 1, bottom + 1)
    }
    entries = []
    for row, cells in enumerate(raw.cells[head + 1 :], start=head + 1):
        held = {name: cells[at] for name, at in names.items() if at < len(cells) and not is_blank(cells[at])}
        if not held or _is_remark(held):
            continue
        # A cell merged downwards says the same of every row it covers.
        above = {name: merged[row, at] for name, at in names.items() if (row, at) in merged}
        held |= {
            name: raw.cells[top][names[name]]
            for name, top in above.items()
            if name not in held and not is_blank(raw.cells[top][names[name]])
        }
        fields = {name: printed_cell(cell).strip() for name, cell in held.items()}
        form = formats.get((above.get(PRINTED, row), names.get(PRINTED, -1)), _AS_IT_LIES)
        marks = _printed_as_shown(fields, held, form)
        entries.append(Entry(fields, raw.file, raw.sheet, row + 1, **marks))
    return entries


def _is_remark(held: Mapping[str, object]) -> bool:
    """Tell a note or a heading between the rows: one text, and no figure or formula."""
    return len(held) == 1 and not {PRINTED, "左", "右"} & set(held)


def _printed_as_shown(
    fields: dict[str, str], held: Mapping[str, object], form: str
) -> dict[str, frozenset[str]]:
    """Write the printed number into ``fields`` as its cell shows it; return what is known of the cell."""
    value = held.get(PRINTED)
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        return {}
    text = shown(value, form)
    if text is None:
        return {"unclear": frozenset({PRINTED})}
    fields[PRINTED] = text
    if not text[-1].isdigit():
        return {}
    is_plain = _DIGITS.fullmatch(_DECORATION.sub("", form.split(";")[0]).strip()) is None
    return {"numbers" if is_plain else "decimals": frozenset({PRINTED})}
