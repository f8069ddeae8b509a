"""Reading cells that are not quantities: texts, codes, dates, periods and yes/no.

Each reader takes a column's cells and returns a typed array, which cells could not be read, and the
conversions made. Distinct texts are read once, however often they occur.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches

import numpy as np
import pandas as pd

from louyu_lab.ledgers.faults import printed_cell
from louyu_lab.ledgers.quantities import BLANKS, words

#: Excel counts days from here (its 1900 had a 29 February).
_EXCEL_ZERO = dt.datetime(1899, 12, 30)

_YES = words("是 有 √ ✓ ✔ 1 y yes true t 已 对 覆盖 已覆盖 建 已建 已建立 在区 本区 区内")
_NO = words("否 无 × ✗ x 0 n no false f 未 没有 未覆盖 未建 未建立 区外 外区 不是")

#: The answer ticked on a form: ■是 □否.
_TICKED = re.compile(r"[■☑√✓✔☒](是|否)")

_DATE = re.compile(
    r"^(\d{4})[-/.年](\d{1,2})(?:月|[-/.月](\d{1,2})日?)?(?:(?:t|(?<=日)|(?<=\d) )\d{1,2}[:时点].*)?$"
)
_MONTH = re.compile(r"^(\d{4})[-/.年](\d{1,2})月?$")
_QUARTERS = {sign: value for value, sign in enumerate("一二三四", start=1)}


@dataclass(frozen=True)
class Texts:
    """A column read: ``values`` (object array, None where blank), ``unreadable`` (bool), ``conversions``."""

    values: np.ndarray
    unreadable: np.ndarray
    conversions: list[tuple[str, int, object]] = field(default_factory=list)


def read_texts(cells: list[object]) -> Texts:
    """Read names, numbers-as-text and free text: trimmed, inner blanks single, blanks words kept out."""
    return _by_distinct(cells, _text)


def read_codes(cells: list[object]) -> Texts:
    """Read credit codes: half-width capitals without blanks; a code stored as a number is unreadable."""
    return _by_distinct(cells, _code, "信用代码统一为半角大写")


def read_dates(cells: list[object]) -> Texts:
    """Read dates from dates, serial numbers (Excel's 1900 system) and texts; months count from day 1."""
    return _by_distinct(cells, _date, "文字或序列号改为日期")


def read_periods(cells: list[object]) -> Texts:
    """Read reporting periods as ``2020``, ``2020Q3`` or ``2020-09``."""
    return _by_distinct(cells, _period)


def read_flags(cells: list[object]) -> Texts:
    """Read yes and no in their many spellings, as True and False."""
    return _by_distinct(cells, _flag)


def read_years(cells: list[object]) -> Texts:
    """Read calendar years from numbers, dates and texts such as 2008年 or 2008-05."""
    return _by_distinct(cells, _year)


def folded(text: str) -> str:
    """Return the text in the form in which names are compared: half-width, no blanks, lower case."""
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text)
    return "".join(plain.split()).lower()


def nearest(name: str, names: Iterable[str]) -> str:
    """Return ``（是否想写“…”？）`` with the name most like ``name``, or "" where none is."""
    close = get_close_matches(name, sorted(set(names)), n=1, cutoff=0.4)
    return f"（是否想写“{close[0]}”？）" if close else ""


#: Longest of the words that mean a blank, spaced out; longer texts need not be folded to tell.
_LONGEST_BLANK = 2 * max(map(len, BLANKS))

#: What one cell reads as: its value (None where blank) and whether the text had to be changed.
_Read = tuple[object, bool]
_UNREADABLE = object()


def _by_distinct(cells: list[object], read: Callable[[object], _Read], conversion: str = "") -> Texts:
    raw = np.empty(len(cells), dtype=object)
    raw[:] = cells
    try:
        codes, distinct = pd.factorize(raw, use_na_sentinel=False)
    except TypeError:
        codes, distinct = np.arange(len(raw)), raw
    results = [read(cell) for cell in distinct]
    values = np.empty(len(results), dtype=object)
    values[:] = [None if value is _UNREADABLE else value for value, _ in results]
    bad = np.array([value is _UNREADABLE for value, _ in results], dtype=bool)
    changed = np.array([was for _, was in results], dtype=bool)[codes] if results else np.zeros(0, bool)
    notes = [(conversion, int(changed.sum()), cells[int(np.argmax(changed))])] if changed.any() else []
    return Texts(values[codes], bad[codes], notes if conversion else [])


def _is_blank(cell: object) -> bool:
    return cell is None or cell is pd.NaT or (isinstance(cell, float) and cell != cell)


def _text(cell: object) -> _Read:
    if _is_blank(cell):
        return None, False
    text = " ".join(printed_cell(cell).split())
    is_blank = len(text) <= _LONGEST_BLANK and folded(text) in BLANKS
    return (None, False) if is_blank else (text, False)


def _code(cell: object) -> _Read:
    if _is_blank(cell):
        return None, False
    if isinstance(cell, float) or (isinstance(cell, int) and not isinstance(cell, bool)):
        # Eighteen digits do not survive as a number; only shorter ones are whole.
        return (_UNREADABLE, False) if abs(cell) >= 1e15 else (str(int(cell)), True)
    # An apostrophe typed to keep Excel from making a number of it stays in exported text.
    text = folded(str(cell)).upper().lstrip("'‘’`")
    if text.lower() in BLANKS:
        return None, False
    if re.fullmatch(r"\d\.\d+E\+\d+", text):
        return _UNREADABLE, False
    return text, text != str(cell)


def _date(cell: object) -> _Read:
    if _is_blank(cell):
        return None, False
    if isinstance(cell, dt.date):
        # Registers write the last day of the calendar for "no end".
        is_end = cell.year == dt.MAXYEAR
        return (None, True) if is_end else (dt.datetime(cell.year, cell.month, cell.day), False)
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return _date_number(float(cell))
    text = " ".join(unicodedata.normalize("NFKC", str(cell)).split()).lower()
    if folded(text) in BLANKS or text in ("在驻", "至今", "长期"):
        return None, False
    if re.fullmatch(r"\d+(\.0+)?", text):
        return _date_number(float(text))
    # Blanks between the parts go, the one before a time of day stays: 2020-6-3 12:00.
    match = _DATE.match(re.sub(r" ?([-/.年月日]) ?", r"\1", text))
    if match is None:
        year = re.fullmatch(r"(\d{4})年", text)
        return (dt.datetime(int(year[1]), 1, 1), True) if year else (_UNREADABLE, False)
    return _calendar(int(match[1]), int(match[2]), int(match[3] or 1))


def _date_number(number: float) -> _Read:
    """A year, a month or day written without signs, or Excel's serial number."""
    if not 1900 <= number <= 21001231:
        return _UNREADABLE, False
    whole = int(number)
    if 1900 <= whole <= 2100:
        # 2020.1 may be January or October.
        return (dt.datetime(whole, 1, 1), True) if whole == number else (_UNREADABLE, False)
    if 190001 <= whole <= 210012:
        return _calendar(whole // 100, whole % 100, 1)
    if 19000101 <= whole <= 21001231:
        return _calendar(whole // 10000, whole // 100 % 100, whole % 100)
    if 3000 <= whole <= 80000:
        return _EXCEL_ZERO + dt.timedelta(days=whole), True
    return _UNREADABLE, False


def _calendar(year: int, month: int, day: int) -> _Read:
    if year == dt.MAXYEAR:
        return None, True
    try:
        return dt.datetime(year, month, day), True
    except ValueError:
        return _UNREADABLE, False


def _period(cell: object) -> _Read:
    if _is_blank(cell):
        return None, False
    if isinstance(cell, (dt.datetime, dt.date)):
        return f"{cell.year}-{cell.month:02d}", False
    if isinstance(cell, float) and not cell.is_integer():
        # 2020.1 may be January or October.
        return _UNREADABLE, False
    text = folded(printed_cell(cell)).removesuffix("度").removesuffix("末").removesuffix("底")
    if text in BLANKS:
        return None, False
    if re.fullmatch(r"(19|20)\d\d年?", text):
        return text.removesuffix("年"), False
    if re.fullmatch(r"(19|20)\d\d(0[1-9]|1[0-2])", text):
        return f"{text[:4]}-{text[4:]}", False
    half = re.fullmatch(r"(\d{4})年?(上|下)半年", text)
    if half:
        return f"{half[1]}H{1 if half[2] == '上' else 2}", False
    month = _MONTH.match(text)
    if month and 1 <= int(month[2]) <= 12:
        return f"{month[1]}-{int(month[2]):02d}", False
    quarter = re.fullmatch(r"(\d{4})[年-]?(?:第?([一二三四1-4])季|q([1-4]))", text)
    if quarter:
        sign = quarter[2] or quarter[3]
        return f"{quarter[1]}Q{_QUARTERS.get(sign) or sign}", False
    day = _DATE.match(text)
    return (f"{day[1]}-{int(day[2]):02d}", False) if day else (_UNREADABLE, False)


def _flag(cell: object) -> _Read:
    if _is_blank(cell):
        return None, False
    if isinstance(cell, bool):
        return cell, False
    text = folded(printed_cell(cell))
    if text in _YES:
        return True, False
    if text in _NO:
        return False, False
    if text in BLANKS:
        return None, False
    if re.fullmatch(r"\d+(个|家|处)?", text):
        return not text.startswith("0"), False
    if ticked := set(_TICKED.findall(text)):
        return (ticked == {"是"}, False) if len(ticked) == 1 else (_UNREADABLE, False)
    if text[0] in "是有已√":
        return True, False
    return (False, False) if text[0] in "否无未没不×" else (_UNREADABLE, False)


def _year(cell: object) -> _Read:
    if _is_blank(cell):
        return None, False
    if isinstance(cell, (dt.datetime, dt.date)):
        return cell.year, True
    text = folded(printed_cell(cell))
    if text in BLANKS or text in ("否", "未认定"):
        return None, False
    match = re.match(r"^(\d{4})(?:年.*|[-/.].*)?$", text)
    if match is None:
        serial = re.fullmatch(r"\d{5}", text)
        return ((_EXCEL_ZERO + dt.timedelta(days=int(text))).year, True) if serial else (_UNREADABLE, False)
    return int(match[1]), text != match[1]
