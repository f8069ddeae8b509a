"""Tables of the page: numbers to the right, headings that fold before their unit, the naming column held."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

_NUMBER = re.compile(r"[-+−<>]?[\d,]*\.?\d+%?")
_ABSENT = ("", "—", "nan", "NaN", "None", "<NA>")
_UNIT = re.compile(r"(?=[(（])")

#: Chinese characters above which a cell's text is broken into lines, elsewhere and in the naming column.
_LONG_CELL, _LONG_NAME = 16, 10


def tidy_table(soup: BeautifulSoup, table: Tag) -> None:
    """Make a table of pandas or Styler one of the page's, in its place.

    Generated ids and classes go; columns of numbers (``num``), long texts (``long``) and the column
    that names the rows (``name``) are marked; the table scrolls in a box of its own.
    """
    for element in [table, *table.find_all(True)]:
        for name in ("id", "class", "border"):
            element.attrs.pop(name, None)
    rows = [row.find_all("td", recursive=False) for row in table.select("tbody > tr")]
    heads = [row.find_all("th", recursive=False) for row in table.select("thead > tr")]
    _mark_columns(rows, heads)
    for head in table.select("thead th"):
        _fold_before_unit(soup, head)
    for cell in table.select("td"):
        if _is_long(cell):
            cell["class"] = [*cell.get("class", []), "long"]
    if table.caption:
        # The words scroll into sight with the table: a caption itself is as wide as the table.
        words = soup.new_tag("span")
        words.extend(list(table.caption.contents))
        table.caption.append(words)
    table.wrap(soup.new_tag("div", attrs={"class": "scroll", "tabindex": "0"}))


def _is_long(cell: Tag) -> bool:
    """Tell whether a cell's text needs several lines; Latin letters take half a character's room."""
    text = cell.get_text(strip=True)
    limit = _LONG_NAME if "name" in cell.get("class", []) else _LONG_CELL
    return len(text) > limit * (2 if text.isascii() else 1)


def _mark_columns(rows: Sequence[list[Tag]], heads: Sequence[list[Tag]]) -> None:
    """Mark the columns of numbers and the naming one; counted from the right, beside any row labels."""
    texts = {}
    for from_right in range(max(map(len, rows), default=0), 0, -1):
        cells = [row[-from_right] for row in rows if len(row) >= from_right]
        texts[from_right] = [cell.get_text(strip=True) for cell in cells]
        if _is_numeric(texts[from_right]):
            _mark(rows, heads, from_right, "num")
    named = next((at for at, said in texts.items() if _tells_apart(said)), None)
    if named is not None:
        _mark(rows, heads, named, "name")


def _mark(rows: Sequence[list[Tag]], heads: Sequence[list[Tag]], from_right: int, mark: str) -> None:
    for line in [*rows, *heads]:
        if len(line) >= from_right:
            line[-from_right]["class"] = [mark]


def _is_numeric(texts: Sequence[str]) -> bool:
    said = [text for text in texts if text not in _ABSENT]
    return bool(said) and all(_NUMBER.fullmatch(text) for text in said)


def _tells_apart(texts: Sequence[str]) -> bool:
    """Tell whether a column names its rows: each once, in Chinese rather than by a code."""
    return len(set(texts)) == len(texts) > 1 and not any(text.isascii() for text in texts)


def _fold_before_unit(soup: BeautifulSoup, head: Tag) -> None:
    """Let a heading break before its unit, and only there."""
    parts = [part for part in _UNIT.split(head.get_text(strip=True)) if part]
    head.clear()
    for number, part in enumerate(parts):
        if number:
            head.append(soup.new_tag("wbr"))
        piece = soup.new_tag("span")
        piece.string = part
        head.append(piece)
