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


LISTED = ["企业名称", "楼宇名称", "年份"]


def test_a_street_that_skipped_a_year_is_named(folder, found):
    """北街 has no list for 2019; 新街 has no building before 2020; nobody lists 2021."""
    buildings = [["青禾大厦", "南街", 2010], ["望江大厦", "北街", 2010], ["新大厦", "新街", 2020]]
    folder.xlsx("楼宇台账.xlsx", [["楼宇名称", "街道", "竣工年份"], *buildings])
    rows = [["甲", "青禾大厦", year] for year in (2018, 2019, 2020)]
    rows += [["乙", "望江大厦", year] for year in (2018, 2020)] + [["丙", "新大厦", 2020]]
    folder.xlsx("企业台账.xlsx", [LISTED, *rows])
    assert found(folder.read(), "list-missing")["value"].tolist() == ["北街 2019 年"]
