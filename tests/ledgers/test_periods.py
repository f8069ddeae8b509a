"""Periods: which months they cover, and which of a year comes last."""

from __future__ import annotations

import pandas as pd
import pytest

from louyu_lab.ledgers.periods import lateness, longer_periods, months_of


@pytest.mark.parametrize(
    ("period", "months"),
    [
        ("2020", range(1, 13)),
        ("2020H1", range(1, 7)),
        ("2020H2", range(7, 13)),
        ("2020Q3", range(7, 10)),
        ("2020-09", range(9, 10)),
        ("2020M1-9", range(1, 10)),
    ],
)
def test_months(period: str, months: range) -> None:
    assert months_of(period) == months


def test_what_ends_later_comes_later_whatever_its_text() -> None:
    # End months 3, 6, 6, 9, 9, 9, 12, 12, 12; of those that end together the longer comes last.
    rising = ["2020Q1", "2020-06", "2020H1", "2020-09", "2020Q3", "2020M1-9", "2020-12", "2020Q4", "2020"]
    late = lateness(pd.Series(rising[::-1], index=rising[::-1], dtype="str"))
    assert late.sort_values().index.tolist() == rising
    assert late.is_unique


def test_a_missing_period_is_the_whole_year() -> None:
    late = lateness(pd.Series([None, "2020", "2020-12"], dtype="str"))
    assert late[0] == late[1] > late[2]
    assert lateness(pd.Series([None, None], dtype="str")).nunique() == 1
    assert lateness(pd.Series([], dtype="str")).dtype == "int64"


def test_the_longer_periods_a_month_lies_in() -> None:
    found = longer_periods(pd.Series(["2020-05"], dtype="str"), pd.Series(["2020"], dtype="str"))
    texts = {series[0] for series in found}
    assert {"2020", "2020H1", "2020Q2", "2020M1-5", "2020M1-11"} <= texts
    assert "2020M1-4" not in texts
