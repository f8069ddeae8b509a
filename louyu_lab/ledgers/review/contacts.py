"""Telephone, identity-card and other numbers of persons in what people write as grounds: blanked at reading.

Patterns after GB 11643 (identity numbers) and the national numbering plan. Names cannot be told from
other words; the rule ``review-personal`` asks people to leave them out.
"""

from __future__ import annotations

import re

from louyu_lab.ledgers.texts import folded

#: What stands in the place of a number.
BLANK = "***"

_SIGN = r"[-\s.·—–]?"
_PATTERNS = (
    # Identity numbers: region, day of birth, order, check digit; fifteen digits until 1999.
    r"(?<![0-9A-Za-z])[1-9]\d{5}(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[0-9Xx](?![0-9A-Za-z])",
    r"(?<![0-9A-Za-z])[1-9]\d{5}\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}(?![0-9A-Za-z])",
    # Mobile numbers, with or without the country's.
    rf"(?<![\d.])(?:\+?86{_SIGN})?1[3-9]\d{_SIGN}\d{{4}}{_SIGN}\d{{4}}(?![\d])",
    # Landlines with their area code, extension and all; the number of a certificate follows 第.
    rf"(?<![\d.第])[(（]?0(?:10|2\d|[3-9]\d\d)[)）]?{_SIGN}[2-9]\d{{2,3}}{_SIGN}\d{{4}}(?:(?:转|[-—–])\d{{1,6}})?(?!\d)",
    rf"(?<!\d)[48]00{_SIGN}\d{{3,4}}{_SIGN}\d{{3,4}}(?!\d)(?!㎡|平|万|元)",
    # Without one a landline is any number; the word before it says what it is.
    r"(?<=电话|手机|座机|致电|拨打|热线|来电|短号)[号码]*(?:为|是)?\s*[:：]?\s*\d{3,4}[-\s]?\d{3,4}(?!\d)",
    r"(?i)(?:qq|微信|vx|wechat)[号码]*\s*[:：]?\s*[a-z0-9][\w-]{4,}",
    r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+",
)
_NUMBERS = re.compile("|".join(f"(?:{pattern.removeprefix('(?i)')})" for pattern in _PATTERNS), re.IGNORECASE)

#: Full-width forms of ASCII, sign for sign, so that places stay what they are.
_HALF_WIDTH = {code + 0xFEE0: code for code in range(0x21, 0x7F)} | {0x3000: 0x20}

#: What has the shape of a credit code, or of a long number of a building.
_CODE = re.compile(r"[0-9a-z]{15,20}")


def without_numbers(text: str) -> str:
    """Return a text with the numbers of persons blanked; a text without any comes back as it is."""
    spans = [match.span() for match in _NUMBERS.finditer(text.translate(_HALF_WIDTH))]
    for start, end in reversed(spans):
        text = text[:start] + BLANK + text[end:]
    return text


def unless_code(text: str) -> str:
    """Return a text as ``without_numbers``; one that is nothing but a code stays."""
    return text if _CODE.fullmatch(folded(text)) else without_numbers(text)
