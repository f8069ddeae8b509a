"""Rows of a study table picked by conditions in the user's own words, and columns by their headings."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from louyu_lab.analysis.outputs import TABLES
from louyu_lab.analysis.printing import LEVELS_ZH, print_unit
from louyu_lab.ledgers.published.conditions import Condition
from louyu_lab.ledgers.published.printed import AT_LEAST, AT_MOST, OVER, UNDER, PrintedFigure, read_printed
from louyu_lab.ledgers.texts import nearest

#: Format of a column of numbers -> kind of its unit.
KINDS = {
    **{"rate": "rate", "chance": "rate", "points": "points", "area": "area", "sqm": "area"},
    **{"money": "money", "yuan": "yield", "int": "count", "number": "count"},
}

#: Wording of a number in a condition -> the sign it means.
_SIGNS = {AT_LEAST: "≥", OVER: ">", AT_MOST: "≤", UNDER: "<"}

#: Columns empty by their nature: nothing stands above the district, nothing above the highest tier.
_EMPTY_BY_NATURE = ("parent", "gap_to_next_yuan")

#: Signs of an ordering condition -> the comparison of a column with a number.
_ORDERINGS = {"≥": pd.Series.ge, "≤": pd.Series.le, ">": pd.Series.gt, "<": pd.Series.lt}


class Unplaced(ValueError):
    """A figure that cannot be computed: ``field`` is where it is written wrong, empty where data lack."""

    def __init__(self, reason: str, field: str = "") -> None:
        super().__init__(reason)
        self.field = field


def column_named(table: str, name: str, field: str) -> str:
    """Return the canonical name of a column written as in 表格.xlsx, with or without its unit.

    Raises Unplaced for a name that no column of the table has; ``field`` is where it is written.
    """
    headings = {folded(zh): column for column, (zh, _) in TABLES[table].headings.items()}
    names = headings | {column: column for column in TABLES[table].columns}
    asked = folded(name)
    found = names.get(asked) or names.get(re.sub(r"\([^()]*\)$", "", asked))
    if found is None:
        raise Unplaced(f"表“{TABLES[table].zh}”没有列“{name}”{nearest(asked, headings)}", field)
    return found


@dataclass(frozen=True)
class RowTest:
    """A condition on a table as understood: ``column`` canonical, ``sign`` one of = ≠ ≥ ≤ > <.

    ``numbers`` in stored units for a column of numbers or years; else ``texts``, folded.
    """

    table: str
    column: str
    sign: str
    numbers: tuple[float, ...] = ()
    texts: tuple[str, ...] = ()

    @property
    def form(self) -> str:
        """Format of the column."""
        return TABLES[self.table].headings[self.column][1]

    @property
    def heading(self) -> str:
        """Chinese name of the column."""
        return TABLES[self.table].headings[self.column][0]

    def meets(self, frame: pd.DataFrame) -> pd.Series:
        """Tell which rows meet the condition; a missing value meets none."""
        cells = frame[self.column]
        if self.texts:
            among = _texts(cells, self.form).isin(self.texts)
            return (among if self.sign == "=" else ~among) & cells.notna()
        numbers = cells.astype("float64")
        if self.sign in _ORDERINGS:
            # Rounded, so that 0.85 reached by a division still counts as 85 %.
            return _ORDERINGS[self.sign](numbers.round(9), round(self.numbers[0], 9))
        equal = pd.concat(
            [(numbers - value).abs() <= 1e-9 * max(1.0, abs(value)) for value in self.numbers], axis=1
        ).any(axis=1)
        return equal if self.sign == "=" else ~equal & numbers.notna()


def row_test(table: str, condition: Condition) -> RowTest:
    """Return what a condition means; Unplaced for what cannot be said of its column."""
    column = column_named(table, condition.column, "条件")
    form = TABLES[table].headings[column][1]
    sign, values = condition.sign, condition.values
    if form == "year":
        return RowTest(table, column, sign, numbers=tuple(_year(value) for value in values))
    if form in KINDS:
        read = [_number(form, value) for value in values]
        numbers = tuple(figure.stored for figure in read)
        return RowTest(table, column, _sign_meant(sign, read, values), numbers=numbers)
    if sign not in "=≠":
        raise Unplaced(f"“{TABLES[table].headings[column][0]}”列不是数字，不能用 {sign}", "条件")
    return RowTest(table, column, sign, texts=tuple(folded(value) for value in values))


def rows_meeting(tests: Sequence[RowTest], frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that meet every test."""
    for test in tests:
        frame = frame[test.meets(frame)]
    return frame


def unheld(tests: Sequence[RowTest], frame: pd.DataFrame) -> str:
    """Return the first text asked for that its column does not hold; empty where all are there."""
    for test in tests:
        held = set(_texts(frame[test.column], test.form).dropna()) if test.texts else set()
        for text in test.texts:
            if text not in held and test.form != "flag":
                return text
    return ""


def unheld_year(tests: Sequence[RowTest], frame: pd.DataFrame) -> int | None:
    """Return a year of the table's own (not a planned one) that is asked for and not held; else None."""
    for test in tests:
        if test.form == "year" and test.sign == "=" and test.column != "planned_completion_year":
            lacking = set(test.numbers) - set(frame[test.column].dropna().astype("float64"))
            if lacking:
                return int(min(lacking))
    return None


def unknown_cells(tests: Sequence[RowTest], frame: pd.DataFrame) -> tuple[str, int, int]:
    """Return column (in Chinese), unknown and all rows where a test cannot be made for want of a value.

    Looked at among the rows that meet the other tests; ("", 0, 0) where every value is known.
    """
    for test in tests:
        rows = rows_meeting([other for other in tests if other is not test], frame)
        missing = int(rows[test.column].isna().sum())
        if missing and test.column not in _EMPTY_BY_NATURE:
            return test.heading, missing, len(rows)
    return "", 0, 0


def folded(text: str) -> str:
    """Return a name as names are compared: full-width signs, dashes and ㎡ of one kind."""
    plain = unicodedata.normalize("NFKC", text).strip()
    return re.sub("[-–—−~]+", "–", plain.replace("m2", "㎡"))


def _year(value: str) -> float:
    if not re.fullmatch(r"[0-9]{4}年?", value):
        raise Unplaced(f"“{value}”不是年份", "条件")
    return float(value.removesuffix("年"))


def _number(form: str, value: str) -> PrintedFigure:
    """Read a number of a condition; without a unit it is in the one that 表格.xlsx prints."""
    bare = re.fullmatch(r"[-0-9.,]+", value)
    try:
        read = read_printed(value, print_unit(form) if bare else "")
    except ValueError as wrong:
        raise Unplaced(str(wrong), "条件") from None
    if bare and KINDS[form] in ("rate", "points") and 0 < abs(read.number) <= 1:
        raise Unplaced(f"“{value}”不知是小数还是百分数，请写上 %，如 85%", "条件")
    if read.kind != KINDS[form] and (read.kind, KINDS[form]) != ("rate", "points"):
        raise Unplaced(f"“{value}”的单位与这一列不合", "条件")
    return read


def _sign_meant(sign: str, read: Sequence[PrintedFigure], values: Sequence[str]) -> str:
    """Return the sign of a condition with its wording: 5000万元以上 is ≥, 超 >, 以下 ≤, 不足 <."""
    worded = [
        (figure.qualifier, value) for figure, value in zip(read, values, strict=True) if figure.qualifier
    ]
    if not worded:
        return sign
    qualifier, value = worded[0]
    if qualifier not in _SIGNS:
        raise Unplaced(f"“{value}”没有确切的界限，条件里不能写{qualifier}", "条件")
    if sign != "=" or len(read) > 1:
        raise Unplaced(f"“{value}”带了{qualifier}，不能再写 {sign} 或几个值", "条件")
    return _SIGNS[qualifier]


def _texts(cells: pd.Series, form: str) -> pd.Series:
    """Return cells as a user reads them: levels and flags in Chinese, dashes of one kind."""
    if form == "flag":
        return cells.map({True: "是", False: "否"}).astype("str")
    return cells.astype("str").replace(LEVELS_ZH).map(folded, na_action="ignore")
