"""Reporting periods as the reader writes them: ``2020``, ``2020H1``, ``2020Q3``, ``2020-09``, ``2020M1-9``.

What comes last in a year goes by the month a period ends in, never by its text: ``2020Q3`` sorts behind
``2020`` and still ends before it.
"""

from __future__ import annotations

import pandas as pd


def months_of(period: str) -> range:
    """Return the months (1–12) a period covers; a bare year covers all of them."""
    kind, number = period[4:5], period[5:]
    if kind == "M":
        first, last = number.split("-")
        return range(int(first), int(last) + 1)
    length = {"H": 6, "Q": 3, "-": 1}.get(kind)
    return range(1, 13) if length is None else range((int(number) - 1) * length + 1, int(number) * length + 1)


def lateness(periods: pd.Series) -> pd.Series:
    """Return an integer that orders the periods of one year: by the month they end in, then by length.

    Of two periods that end together the longer one comes last: a yearly return is the one that was
    closed and checked, December's or the fourth quarter's only a step to it (for taxes the longer
    period counts as well). A missing period stands for the whole year. Equal numbers mean the same
    months.
    """
    spans = {text: months_of(text) for text in periods.dropna().unique()}
    late = {text: months[-1] * 100 + len(months) for text, months in spans.items()}
    whole_year = 12 * 100 + 12
    return periods.map(late).astype("float64").fillna(whole_year).astype("int64")


def longer_periods(period: pd.Series, year: pd.Series) -> list[pd.Series]:
    """Return for each period the year, half, quarter and the months since January it lies in.

    ``year`` is the year as text. A period that lies in none of a kind stands for itself there.
    """
    month = pd.to_numeric(period.str.extract(r"^\d{4}-(\d\d)$")[0], errors="coerce")
    quarter = pd.to_numeric(period.str.extract(r"Q(\d)$")[0], errors="coerce").fillna((month + 2) // 3)
    half = (quarter + 1) // 2
    quarters = (year + "Q" + quarter.astype("Int64").astype("str")).where(quarter.notna(), period)
    halves = (year + "H" + half.astype("Int64").astype("str")).where(half.notna(), period)
    stretch = pd.to_numeric(period.str.extract(r"M1-(\d+)$")[0], errors="coerce")
    named_half = pd.to_numeric(period.str.extract(r"H(\d)$")[0], errors="coerce") * 6
    last = month.fillna(quarter * 3).fillna(named_half).fillna(stretch)
    since_january = [(year + f"M1-{end}").where(last <= end, period) for end in range(1, 12)]
    return [year, halves, quarters, *since_january]
