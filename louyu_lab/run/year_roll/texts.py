"""An empty form written as a text table, in the encoding and with the delimiter of the old one."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from louyu_lab.ledgers.textfiles import cells, decoded
from louyu_lab.run.year_roll.forms import Form

_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_ENCODINGS = ("utf-8", "gb18030")
_DELIMITERS = (",", "\t", ";")


def write_text_form(form: Form, content: bytes, target: Path) -> None:
    """Write the form's rows to ``target``; ``content`` is the old text table."""
    text = decoded(content) or ""
    lines = io.StringIO(newline="")
    writer = csv.writer(
        lines, delimiter=_delimiter(text, len(form.rows)), lineterminator="\r\n" if "\r\n" in text else "\n"
    )
    for row in form.rows:
        writer.writerow(["" if cell is None else cell for cell in _trimmed(row)])
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(lines.getvalue().encode(encoding_of(content)))


def encoding_of(content: bytes) -> str:
    """Return the encoding in which ``textfiles.decoded`` reads the content."""
    for mark, encoding in _MARKS.items():
        if content.startswith(mark):
            return encoding
    text = decoded(content)
    return next(
        (name for name in _ENCODINGS if content.decode(name, errors="replace") == text), _ENCODINGS[0]
    )


def _delimiter(text: str, depth: int) -> str:
    """The sign that cuts the first ``depth`` rows into the cells the reader sees; a comma where none does."""
    rows = [_trimmed(row) for row in cells(text)[:depth]]
    for sign in _DELIMITERS:
        cut = csv.reader(io.StringIO(text, newline=""), delimiter=sign)
        if rows == [_trimmed(row) for row in islice(cut, depth)]:
            return sign
    return ","


def _trimmed(row: Sequence[object]) -> list[object]:
    """A row without the blanks behind its last filled cell."""
    filled = [index for index, cell in enumerate(row) if cell not in (None, "")]
    return list(row[: filled[-1] + 1]) if filled else []
