"""The look of a 核实单: few colours, each with one meaning."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from louyu_lab.run.workbooks import HEADER_FILL

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell import Cell
    from openpyxl.styles import NamedStyle

#: Style -> fill, as ARGB; a style without one has no fill.
FILLS = {
    "header-fixed": "FF7F7F7F",
    "header-own": HEADER_FILL,
    "header-answer": "FF548235",
    "fixed": "FFEDEDED",
    "error": "FFF8CBAD",
    "fatal": "FFF8CBAD",
    "warning": "FFFFF2CC",
    "answer": "FFE2EFDA",
}

_GREY, _WHITE, _RULE = "FF595959", "FFFFFFFF", "FFBFBFBF"


class Styles:
    """The named styles of one workbook; many cells share one, which keeps large slips quick to write."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._added: set[str] = set()

    def put(self, cell: Cell, style: str, number_format: str = "General") -> None:
        """Give a cell a style: a name of ``FILLS``, ``own``, ``title``, ``heading``, ``words`` …"""
        name = f"核实单 {style} {number_format}"
        if name not in self._added:
            self._added.add(name)
            self._book.add_named_style(_named(name, style, number_format))
        cell.style = name


@cache
def _parts(style: str) -> tuple[object, object, object, object]:
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

    side = Side(style="thin", color=_RULE)
    border = Border() if style in ("title", "heading", "words", "number") else Border(side, side, side, side)
    fill = PatternFill("solid", fgColor=FILLS[style]) if style in FILLS else PatternFill()
    alignment = Alignment(vertical="top", wrap_text=True)
    font = Font(name="宋体", size=11)
    if style.startswith("header"):
        font = Font(name="宋体", size=11, bold=True, color=_WHITE)
        alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    elif style == "title":
        font, alignment = Font(name="宋体", size=18, bold=True), Alignment(vertical="center")
    elif style == "heading":
        font, alignment = Font(name="宋体", size=12, bold=True, color=FILLS["header-own"]), Alignment()
    elif style in ("number", "own-number"):
        alignment = Alignment(horizontal="center", vertical="top")
    elif style == "fixed":
        font = Font(name="宋体", size=10, color=_GREY)
    return font, fill, border, alignment


def _named(name: str, style: str, number_format: str) -> NamedStyle:
    from openpyxl.styles import NamedStyle

    font, fill, border, alignment = _parts(style)
    return NamedStyle(
        name=name, font=font, fill=fill, border=border, alignment=alignment, number_format=number_format
    )
