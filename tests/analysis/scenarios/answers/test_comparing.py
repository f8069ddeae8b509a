from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from louyu_lab.analysis.scenarios.answers.comparing import IncomparableError, compare
from louyu_lab.analysis.scenarios.answers.outcome import Outcome
from louyu_lab.analysis.scenarios.answers.tiers import tier_moves
from louyu_lab.analysis.scenarios.baseline.state import Estimate
from louyu_lab.analysis.scenarios.levers.scenario import Scenario
from louyu_lab.analysis.scenarios.levers.setting import Clause
from louyu_lab.analysis.scenarios.levers.tables import scenario_changes

from .conftest import targets_of, with_projects


def scenario_of(**changes) -> Scenario:
    return Scenario("a.yaml", "情景", "", "", "", changes)


@pytest.fixture
def sides(district, courses_of):
    base = replace(district, targets=targets_of(("yi_buildings", 2022, 2)))
    still = courses_of(base, draws=10)
    tax = still.tax_yuan.copy()
    tax[:, 1, :] = np.linspace(8e7, 1.16e8, 10)[:, None]  # 乙: 8000万, 8400万 … 1.16亿
    before = replace(still, tax_yuan=tax)
    after = before.tax_yuan.copy()
    after[:, 1, :] *= 1.1
    setting = scenario_of(tax_factor=(Clause(1.1, (2021, 2022), {"buildings": ("乙",)}),))
    moved = replace(before, tax_yuan=after)
    return Outcome("基准", None, base, before), Outcome("情景", setting, base, moved)


def test_differences_are_taken_within_a_draw(sides) -> None:
    paths = compare(*sides).paths.set_index(["indicator", "year"])
    row = paths.loc[("tax_yuan", 2022)]
    own = 0.1 * np.linspace(8e7, 1.16e8, 10)
    assert row["mean"] == pytest.approx(own.mean()) and row["median"] == pytest.approx(np.median(own))
    assert row["lo80"] == pytest.approx(np.quantile(own, 0.1))
    assert (row["p_greater"], row["p_smaller"]) == (1, 0)
    # The spread of the difference is a tenth of that of the level: the draws are paired.
    assert row["hi80"] - row["lo80"] < 4e6
    count = paths.loc[("yi_buildings", 2022)]
    # 8000万 + 400万·i reaches 1亿 from i = 5; × 1.1 from 9091万, i = 3: two draws more.
    assert count["mean"] == pytest.approx(0.2) and count["p_greater"] == 0.2
    assert paths.loc[("occupancy_rate", 2022), ["p_greater", "p_smaller", "mean"]].tolist() == [0, 0, 0]


def test_buildings_that_move_tier(sides) -> None:
    moves = compare(*sides).buildings
    assert moves["building"].tolist() == ["乙"]
    row = moves.iloc[0]
    assert (row["p_yi_before"], row["p_yi_after"]) == (0.5, 0.7)
    assert row["p_yi_change"] == pytest.approx(0.2)
    assert row["p_tier_up"] == 0.2 and row["p_tier_down"] == 0 and row["tier"] == "准亿元楼"


def test_a_place_that_only_one_side_has(sides, courses_of) -> None:
    before, after = (replace(side, baseline=with_projects(side.baseline)) for side in sides)
    more = courses_of(after.baseline, draws=10, new=1)
    tax, rentable = more.tax_yuan.copy(), more.rentable_sqm.copy()
    tax[:, :4], tax[:, 4], rentable[4] = after.courses.tax_yuan, 2e8, 9_000
    opened = replace(after, courses=replace(more, tax_yuan=tax, rentable_sqm=rentable))
    moves = compare(before, opened).buildings
    assert moves["building"].tolist() == ["新0", "乙"]
    # It does not stand in the baseline: no tax and no chance there, not a chance of nothing.
    assert moves.iloc[0][["p_yi_after", "p_yi_change"]].tolist() == [1, 1]
    assert moves.iloc[0][["p_yi_before", "mean_before_yuan"]].isna().all()
    turned = compare(opened, before).buildings.iloc[0]
    assert turned["p_yi_change"] == -1 and np.isnan(turned["p_yi_after"])


def test_new_supply_given_as_an_area_is_no_building(sides, courses_of) -> None:
    before, after = sides
    more = courses_of(after.baseline, draws=10, new=1)
    tax, rentable = more.tax_yuan.copy(), more.rentable_sqm.copy()
    tax[:, :4], tax[:, 4], rentable[4] = after.courses.tax_yuan, 2e8, 90_000
    opened = replace(after, courses=replace(more, tax_yuan=tax, rentable_sqm=rentable))
    both = compare(before, opened)
    assert both.buildings["building"].tolist() == ["乙"]
    # Its tax counts, its 2亿 make no 亿元楼: as without it, 0.2 more.
    paths = both.paths.set_index(["indicator", "year"])
    assert paths.loc[("yi_buildings", 2022), "mean"] == pytest.approx(0.2)
    assert paths.loc[("tax_yuan", 2022), "mean"] > 2e8
    lump = opened.buildings[opened.buildings["building"] == "新0"]
    assert lump["p_yi"].isna().all() and lump["mean_yuan"].tolist() == [2e8, 2e8]


def test_parameters_side_by_side(sides) -> None:
    table = compare(*sides).parameters
    assert table["lever"].tolist() == ["tax_factor"]
    row = table.iloc[0]
    assert row["before"] == "1 倍：与基准相同" and "1.1" in row["after"] and "乙" in row["after"]
    assert row["provenance"] == "用户"


def test_parameters_rest_where_the_district_does(sides) -> None:
    before, after = sides
    known = {"refit_vacancy_cut_rate": Estimate(0.123, 0.05, 0.2, "第三章")}
    base = replace(before.baseline, registration_rate=0.964, estimates=known)
    moved = scenario_of(
        registration_rate=(Clause(0.98),), refit_buildings=("甲",), refit_vacancy_cut_rate=(Clause(0.2),)
    )
    table = compare(replace(before, baseline=base), replace(after, baseline=base, scenario=moved)).parameters
    told = table.set_index("lever")["before"]
    assert told["registration_rate"].startswith("96.4%")
    assert told["refit_vacancy_cut_rate"].startswith(
        "12.3 个百分点（80% 区间 5 个百分点至20 个百分点；第三章"
    )
    # As the table of a study's scenarios says it.
    changes = scenario_changes([moved], base).set_index("lever")["default"]
    assert told.to_dict() == changes.to_dict()


def test_money_is_against_the_baseline_only(sides) -> None:
    before, after = sides
    priced = replace(
        after.scenario, changes={"absorption_sqm": (Clause(5e3),)}, costs={"absorption_sqm": 500}
    )
    courses = replace(after.courses, taken_sqm=np.full((10, 2), 5e3))
    after = replace(after, scenario=priced, courses=courses)
    made = compare(before, after).fiscal
    # A tenth more tax of 乙, 980 万 on average in either year; 5 000 ㎡ at 500 元 a year.
    assert made.additional_yuan.mean(axis=0) == pytest.approx([9.8e6, 9.8e6])
    assert made.cost_yuan.mean(axis=0) == pytest.approx([2.5e6, 2.5e6])
    # Against itself nothing is gained, and what it costs is spent on either side.
    with pytest.raises(IncomparableError, match="只能与基准对比"):
        _ = compare(after, after).fiscal
    with pytest.raises(IncomparableError, match="“情景”"):
        _ = compare(after, before).fiscal
    # A file that changes nothing is as good as the baseline.
    idle = replace(after.scenario, changes={})
    assert compare(replace(before, scenario=idle), after).fiscal is not None
    assert compare(before, replace(before, scenario=idle)).fiscal is None


@pytest.mark.parametrize(("draws", "listed"), [(10, True), (9, False)])
def test_a_place_is_listed_that_moves_in_one_draw_of_a_hundred(district, courses_of, draws, listed) -> None:
    still = courses_of(district, draws=1000)
    tax = still.tax_yuan.copy()
    tax[:draws, 1, -1] = 1.1e8
    moves = tier_moves(district, still, replace(still, tax_yuan=tax))
    assert moves["building"].tolist() == (["乙"] if listed else [])


def test_numbers_that_differ_table_by_table(sides) -> None:
    cells = compare(*sides).differences
    assert set(cells["table"]) == {"paths", "targets", "buildings"}
    one = cells[(cells["table"] == "targets") & (cells["column"] == "p_reached")].iloc[0]
    assert (one["object"], one["year"], one["before"], one["after"]) == ("yi_buildings", 2022, 0.5, 0.7)
    assert not cells["object"].isin(["occupancy_rate", "gross_area_sqm"]).any()
    assert len(compare(sides[0], sides[0]).differences) == 0


def test_the_same_twice_differs_nowhere(sides) -> None:
    same = compare(sides[0], sides[0])
    assert (same.paths[["mean", "median", "lo80", "p_greater"]] == 0).all(axis=None)
    assert len(same.buildings) == 0 and len(same.parameters) == 0 and same.fiscal is None
    assert same.gap["effect_yuan"].abs().max() == 0


def test_what_cannot_be_compared_is_refused_with_every_reason(sides, courses_of) -> None:
    before, after = sides
    other = replace(after.baseline, district="别区", years=(2021, 2022, 2023))
    wrong = Outcome("别处", None, other, courses_of(other, draws=3))
    with pytest.raises(IncomparableError) as told:
        compare(before, wrong)
    for word in (
        "区不同",
        "推演年份不同（2021、2022 与 2021、2022、2023）",
        "模拟次数不同（10 与 3）",
        "“别处”",
    ):
        assert word in str(told.value)
