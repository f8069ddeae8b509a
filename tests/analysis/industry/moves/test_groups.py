"""1+X: who came first, who followed, and whether into the same building more than by chance."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.industry.moves import group_spinoffs, ungrouped_namesakes

COLUMNS = ["enterprise_id", "building_id", "move_in_date", "move_out_date", "group_name", "is_hq"]


def spun(district, year: int = 2020, whole: float | None = None) -> pd.DataFrame:
    tenancies = district.ledgers["tenancies"]
    return group_spinoffs(tenancies, district.panel, district.tenants, year, whole).set_index("group_name")


@pytest.fixture(scope="module")
def stays() -> pd.DataFrame:
    rows = [
        ("p1", "A", "2010-01-01", None, "平安集团", True),
        ("p2", "A", "2019-03-01", None, "平安 集团", False),
        ("p3", "B", "2019-05-01", "2020-05-01", "平安集团", False),
        # The same year as the first: no X.
        ("q1", "B", "2012-02-01", None, "启明集团", False),
        ("q2", "C", "2012-03-01", None, "启明集团", False),
        ("alone", "C", "2015-03-01", None, "独一集团", False),
        ("new1", "A", "2019-03-01", None, None, False),
        ("new2", "C", "2019-03-01", None, None, False),
        ("later", "C", "2021-03-01", None, "明年集团", False),
        ("outside", None, "2015-03-01", None, "楼外集团", True),
    ]
    frame = pd.DataFrame(rows, columns=COLUMNS)
    return frame.assign(
        area_sqm=10.0,
        enterprise=frame["enterprise_id"]
        .map({"new1": "平安（和安）科技有限公司"})
        .fillna(frame["enterprise_id"]),
    )


def test_groups_by_hand(district_of, stays) -> None:
    taxes = pd.DataFrame(
        {"enterprise_id": ["p1", "p2", "q1", "new2"], "year": 2020, "tax_yuan": [50.0, 10.0, 20.0, 20.0]}
    )
    table = spun(district_of(stays, taxes), whole=1_000.0)
    assert list(table.index) == ["平安集团", "启明集团", "独一集团"]
    row = table.loc["平安集团"]
    assert row[["first_enterprise", "first_year", "hq_first", "added", "added_now", "firms", "buildings"]].tolist() == [
        "p1", 2010, True, 2, 1, 2, 1,
    ]  # fmt: skip
    # Newcomers of 2019: p2 and new1 to A, p3 to B, new2 to C. Only A was the group's before: 2 × 2/4.
    assert row["same_building"] == 1
    assert row["expected_same_building"] == pytest.approx(1.0)
    assert row[["tax_yuan", "share_tax", "share_district_tax"]].tolist() == [60.0, 0.6, 0.06]
    assert table.loc["启明集团", ["added", "firms", "buildings"]].tolist() == [0, 2, 2]
    assert pd.isna(table.loc["启明集团", "hq_first"])


def test_planted_pull_and_none(district_of) -> None:
    # 40 groups in one of three buildings each; followers go there (pull) or anywhere at random (none).
    rng = np.random.default_rng(5)
    homes = rng.choice(list("ABC"), 40)
    for pull, low, high in ((True, 1.8, 4.0), (False, 0.6, 1.4)):
        goal = homes if pull else rng.choice(list("ABC"), 40)
        first = [(f"g{at}", home, "2015-01-01", None, f"集团{at}", False) for at, home in enumerate(homes)]
        then = [(f"x{at}", to, "2019-02-01", None, f"集团{at}", False) for at, to in enumerate(goal)]
        others = [
            (f"o{at}", to, "2019-02-01", None, None, False)
            for at, to in enumerate(rng.choice(list("ABC"), 60))
        ]
        frame = pd.DataFrame([*first, *then, *others], columns=COLUMNS)
        table = spun(district_of(frame))
        # Chance gives about a third of 40 with sd √(40·2/9) ≈ 3: ratios of 1 ± 0.4 are within some two sd of it.
        assert low < table["same_building"].sum() / table["expected_same_building"].sum() < high


def test_namesakes_are_only_counted(district_of, stays) -> None:
    district = district_of(stays)
    assert ungrouped_namesakes(district.ledgers["tenancies"], district.panel, 2020) == 1


def test_no_groups_and_no_tenants(district_of, stays, lists_of) -> None:
    for tenancies in (stays.assign(group_name=None), stays.iloc[:0]):
        district = district_of(tenancies)
        assert len(spun(district)) == 0
        assert ungrouped_namesakes(district.ledgers["tenancies"], district.panel, 2020) == 0


def test_yearly_lists_and_stays_without_a_date(district_of, lists_of) -> None:
    lists = lists_of(("a", "A", 1.0, 2019), ("a", "A", 1.0, 2020), ("b", "B", 1.0, 2020)).assign(
        group_name="甲集团"
    )
    table = spun(district_of(lists))
    assert table.loc["甲集团", ["first_year", "added", "firms"]].tolist() == [2019, 1, 2]
    undated = pd.DataFrame(
        {
            "enterprise_id": ["a", "b"],
            "building_id": ["A", "B"],
            "group_name": "甲集团",
            "move_in_date": [None, "2019-01-01"],
        }
    )
    # Without a date it was always there, as in the panel.
    assert spun(district_of(undated.assign(move_out_date=None, area_sqm=1.0))).loc[
        "甲集团", ["first_year", "added"]
    ].tolist() == [2018, 1]
