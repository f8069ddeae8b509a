"""Text tables: their encoding and delimiter told from the content, their lines cut into cells."""

from __future__ import annotations

import csv
import io
import re
import unicodedata

#: Lines by which the delimiter is told.
_SAMPLED_LINES = 20

#: A cell written as a formula so that Excel keeps every digit, with what stands before it.
_KEPT_AS_TEXT = re.compile(r'(^|[,;\t，])="([^"\r\n]*)"(?=\s*(?:[,;\t，\r\n]|$))', re.M)

#: Exports end their lines with a tab for the same reason; behind a quote it would be an error.
_TRAILING_TABS = re.compile(r"\t+(?=\r?$)", re.M)


class Truncated(ValueError):
    """The text breaks off in the middle of a character or of a quoted cell."""


def decoded(content: bytes) -> str | None:
    """Decode by byte-order mark, then strict UTF-8, then GB18030 (of which GBK is a part).

    None when no encoding fits; raises ``Truncated`` when UTF-8 breaks off within the last character.
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif content.startswith(b"\xef\xbb\xbf"):
        encodings = ["utf-8-sig"]
    else:
        encodings = ["utf-8", "gb18030"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError as error:
            # Before this place everything was valid: the file was cut, it is not another encoding.
            if (
                encoding.startswith("utf-8")
                and error.start >= len(content) - 3
                and not content[: error.start].isascii()
            ):
                raise Truncated("末尾缺字") from error
            continue
        return text if _is_plain(text) else None
    return None


def cells(text: str) -> list[list[object]]:
    """Return the rows of a delimited text, all of one width; raises ``Truncated`` for an open quote.

    ``="0123"``, by which exports keep Excel from rounding a number, is read as ``0123``.
    """
    text = _KEPT_AS_TEXT.sub(r'\1"\2"', text)
    delimiter = _delimiter(text)
    if delimiter == "，":
        text, delimiter = text.replace("，", ","), ","
    if delimiter != "\t":
        text = _TRAILING_TABS.sub("", text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[list[object]] = []
    while True:
        start = reader.line_num + 1
        try:
            row = next(reader, None)
        except csv.Error as error:
            raise Truncated(f"第 {start} 行起引号不成对") from error
        if row is None:
            break
        rows.append(row)
    width = max((len(row) for row in rows), default=0)
    return [row if len(row) == width else row + [""] * (width - len(row)) for row in rows]


def _delimiter(text: str) -> str:
    """The sign that occurs most in the first lines; a full-width comma only where there is no other."""
    lines = text.split("\n", _SAMPLED_LINES)[:_SAMPLED_LINES]
    counts = {sign: sum(line.count(sign) for line in lines) for sign in ",\t;"}
    if any(counts.values()):
        return max(counts, key=lambda sign: counts[sign])
    return "，" if any("，" in line for line in lines) else ","


def _is_plain(text: str) -> bool:
    """Whether the text holds no control characters, as decoded binary content would."""
    return not any(unicodedata.category(sign) == "Cc" and sign not in "\t\r\n\f\x0b" for sign in set(text))
