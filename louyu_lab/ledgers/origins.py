"""What the names around a table say of its rows: the period and the 街道, where no column does."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

import pandas as pd

from louyu_lab.ledgers import texts
from louyu_lab.ledgers.catalogue import catalogue
from louyu_lab.ledgers.faults import FaultLog
from louyu_lab.ledgers.headings import columns_of
from louyu_lab.ledgers.rows import DataRows

_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_MONTH = re.compile(r"(?<!\d)(?:(?:19|20)\d\d年?[-.]?)?(1[0-2]|0?[1-9])月(?!\d)")
_MONTHS = re.compile(r"(?<!\d)(1[0-2]|0?[1-9])月?\s*[-—–~至到]\s*(1[0-2]|0?[1-9])月")
_HALF = re.compile(r"([上下])半年")
_QUARTER = re.compile(r"第?([一二三四1-4])季|[Qq]([1-4])")
_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4}

#: The day a table was drawn up says nothing of the year it reports on.
_DRAWN_UP = re.compile(
    r"(?:填报|填表|制表|报送|上报|打印|导出)(?:日期|时间)\s*[:：]?\s*(?:19|20)\d\d\s*[年./-]\s*\d{1,2}\s*[月./-]\s*\d{1,2}日?"
)

#: First and last month -> period; other stretches are written ``M1-9``.
_STRETCHES = {
    (1, 12): "",
    (1, 6): "H1",
    (7, 12): "H2",
    (1, 3): "Q1",
    (4, 6): "Q2",
    (7, 9): "Q3",
    (10, 12): "Q4",
}

_STREET = re.compile(r"[一-龥]{1,6}?(?:街道|镇|乡)")

#: Words before 街道 that name no particular one.
_NO_STREET = re.compile(r"^(?:各|分|按|全部|所有|全区|本区|区)?(?:街道|镇|乡)")


def with_origin(
    frame: pd.DataFrame,
    ledger: str,
    year: int | None,
    rows: DataRows,
    log: FaultLog,
    assumed_year: int | None,
) -> pd.DataFrame:
    """Return the rows with ``year, period`` and ``street`` filled from the names where columns lack them.

    ``year`` is the heading's in a wide table. Then come the sheet, the file, its folders and the title.
    """
    frame = _with_street(frame, ledger, rows, log)
    if "year" not in catalogue()[ledger].by_name:
        return frame
    if year is None and "year" in frame and frame["year"].notna().any():
        missing = frame["year"].isna()
        log.add(
            "key-missing",
            rows.raw.file,
            rows.raw.sheet,
            frame.loc[missing, "row"],
            "年份",
            [""] * int(missing.sum()),
        )
        return frame[~missing]
    period = str(year) if year is not None else _stated_period(frame, ledger, rows, log)
    if period is None and catalogue()[ledger]["year"].is_key and assumed_year is not None:
        period = str(assumed_year)
        log.add("year-unstated", rows.raw.file, rows.raw.sheet, values=f"按 {period} 年读取")
    stated = None if period is None else int(period[:4])
    return frame.assign(year=pd.array([stated] * len(frame), dtype="Int64"), period=period)


def _stated_period(frame: pd.DataFrame, ledger: str, rows: DataRows, log: FaultLog) -> str | None:
    if "move_out_date" in frame and frame["move_out_date"].notna().any():
        # Rows with departures are spells; a year in the file's name only says when it was drawn up.
        return None
    told = _told_period(rows)
    if told is None:
        return None
    source, text, period = told
    log.convert(
        rows.raw.file, rows.raw.sheet, "年份", f"由{source}取得年份", len(frame), f"{text} → {period}"
    )
    return period


def row_periods(rows: DataRows) -> list[str]:
    """Return the period that each row states or the names around tell, "" where there is none.

    The years of a wide table are its headings', not its rows'.
    """
    if "year" not in catalogue()[rows.ledger].by_name:
        return [""] * len(rows.cells)
    names = columns_of(rows.ledger, rows.header.headings)
    at = {
        name: heading.index for heading, name in reversed(list(zip(rows.header.headings, names, strict=True)))
    }
    if "year" in at:
        stated = texts.read_periods([row[at["year"]] for row in rows.cells]).values
        if any(stated):
            return [period or "" for period in stated]
    left = (
        texts.read_dates([row[at["move_out_date"]] for row in rows.cells]) if "move_out_date" in at else None
    )
    # As in ``_stated_period``: rows with departures are spells.
    spells = left is not None and any(day is not None for day in left.values)
    return ["" if spells else period_around(rows)] * len(rows.cells)


def fallback_year(rows: DataRows, assumed_year: int | None) -> str:
    """Return the year given to rows that must have one and state none: the last of a wide table's."""
    years = [heading.year for heading in rows.header.headings if heading.year]
    year = max(years, default=assumed_year)
    owners = {
        name.rpartition(".")[0] or rows.ledger
        for name in columns_of(rows.ledger, rows.header.headings)
        if name
    }
    needed = any("year" in (held := catalogue()[name].by_name) and held["year"].is_key for name in owners)
    return str(year) if year and needed else ""


def period_around(rows: DataRows) -> str:
    """Return the period that the names around a table tell, "" where they tell none."""
    told = _told_period(rows)
    return told[2] if told else ""


def street_around(rows: DataRows) -> str:
    """Return the 街道 that the names around a table tell, "" where they tell none."""
    told = _told_street(rows)
    return told[1] if told else ""


def _told_period(rows: DataRows) -> tuple[str, str, str] | None:
    """Return where a period is told, the text that tells it, and the period."""
    for source, text in _names(rows):
        years = set(_YEAR.findall(text))
        if len(years) == 1:
            part = _part_of_year(rows.raw.sheet) or (_part_of_year(text) if source == "文件名" else "")
            return source, text, min(years) + part
    return None


def _told_street(rows: DataRows) -> tuple[str, str] | None:
    """Return where a 街道 is told, and the 街道."""
    found = ((source, _street_in(text)) for source, text in _names(rows))
    return next(((source, street) for source, street in found if street), None)


def _names(rows: DataRows) -> list[tuple[str, str]]:
    path = PurePosixPath(rows.raw.file)
    folders = [("文件夹名", part) for part in reversed(path.parent.parts)]
    return [
        ("工作表名", rows.raw.sheet),
        ("文件名", path.stem),
        *folders,
        ("标题", _DRAWN_UP.sub(" ", rows.header.title)),
    ]


def _part_of_year(text: str) -> str:
    """``-09``, ``Q3``, ``H1`` or ``M1-9`` where the text names one part of a year, else empty."""
    stretch = _MONTHS.search(text)
    if stretch:
        first, last = int(stretch[1]), int(stretch[2])
        return _STRETCHES.get((first, last), f"M{first}-{last}")
    months, halves, quarters = _MONTH.findall(text), _HALF.findall(text), _QUARTER.findall(text)
    if len(months) == 1:
        return f"-{int(months[0]):02d}"
    if len(halves) == 1:
        return "H1" if halves[0] == "上" else "H2"
    if len(quarters) == 1:
        sign = quarters[0][0] or quarters[0][1]
        return f"Q{_QUARTERS.get(sign, sign)}"
    return ""


def _with_street(frame: pd.DataFrame, ledger: str, rows: DataRows, log: FaultLog) -> pd.DataFrame:
    if "street" not in catalogue()[ledger].by_name or ("street" in frame and frame["street"].notna().any()):
        return frame
    told = _told_street(rows)
    if told is None:
        return frame
    source, street = told
    log.convert(rows.raw.file, rows.raw.sheet, "街道", f"由{source}取得街道", len(frame), street)
    return frame.assign(street=street)


def _street_in(text: str) -> str | None:
    """The one 街道 or 镇 that a name speaks of, ledger names and separators aside."""
    for ledger in catalogue().values():
        text = text.replace(ledger.zh, " ")
    found = {name for name in _STREET.findall(text) if not _NO_STREET.match(name)}
    return found.pop() if len(found) == 1 else None
