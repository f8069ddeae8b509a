"""Checks of the tenancy ledger as a whole."""

from __future__ import annotations

from louyu_lab.ledgers.faults import rules

HEADING = ["企业名称", "楼宇名称", "迁入日期", "迁出日期"]


def _said(folder) -> bool:
    return rules()["no-exits"].zh in set(folder.read().check()["rule"])


def test_stays_over_years_that_never_end_are_survivors_only(folder):
    folder.xlsx(
        "企业台账.xlsx",
        [HEADING, ["甲", "青禾大厦", "2017-03-01", None], ["乙", "青禾大厦", "2019-05-01", None]],
    )
    assert _said(folder)


def test_one_departure_shows_that_departures_are_kept(folder):
    rows = [["甲", "青禾大厦", "2017-03-01", "2020-01-31"], ["乙", "青禾大厦", "2019-05-01", None]]
    folder.xlsx("企业台账.xlsx", [HEADING, *rows])
    assert not _said(folder)


def test_stays_of_a_single_year_tell_nothing_of_departures(folder):
    folder.xlsx(
        "企业台账.xlsx",
        [HEADING, ["甲", "青禾大厦", "2019-03-01", None], ["乙", "青禾大厦", "2019-05-01", None]],
    )
    assert not _said(folder)
