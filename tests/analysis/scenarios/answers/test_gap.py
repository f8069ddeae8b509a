from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from louyu_lab.analysis.scenarios.answers.divisia import UNSPLIT, divisia
from louyu_lab.analysis.scenarios.answers.gap_causes import (
    BASELINE_TO_SCENARIO,
    NOW_TO_TARGET,
    OTHER,
    PATH_TO_TARGET,
    gap_between,
    gap_since_base,
    gaps_to_targets,
    target_gap,
)
from louyu_lab.analysis.scenarios.answers.outcome import Outcome

from .conftest import targets_of

#: Sums of a few parts in floating point, relative to the largest amount.
EXACT = 1e-9


def one(**values: float) -> dict[str, np.ndarray]:
    return {name: np.array([value]) for name, value in values.items()}


def test_two_factors_by_hand() -> None:
    # 2 × 3 = 6 to 4 × 5 = 20: L = 14 ÷ ln(20/6) = 11.6281; a: L·ln 2 = 8.0600, b: L·ln(5/3) = 5.9400.
    parts = divisia(one(a=2, b=3), one(a=4, b=5))
    mean = 14 / math.log(20 / 6)
    assert parts["a"][0] == pytest.approx(mean * math.log(2), rel=1e-12)
    assert parts["b"][0] == pytest.approx(mean * math.log(5 / 3), rel=1e-12)
    assert parts["a"][0] == pytest.approx(8.0600, abs=5e-5)


def test_nothing_changed_has_no_parts() -> None:
    parts = divisia(one(a=2, b=3), one(a=2, b=3))
    assert {name: part[0] for name, part in parts.items()} == {"a": 0, "b": 0, UNSPLIT: 0}


@pytest.mark.parametrize(
    ("before", "after", "wanted"),
    [
        # From nothing: the share of the group was 0, its yield unknown.
        (dict(a=5, m=0, y=np.nan), dict(a=6, m=0.5, y=4), dict(a=0, m=12, y=0)),
        # To nothing.
        (dict(a=5, m=0.5, y=4), dict(a=6, m=0, y=np.nan), dict(a=0, m=-10, y=0)),
        # Two factors vanish: half each.
        (dict(a=0, m=0, y=3), dict(a=2, m=1, y=3), dict(a=3, m=3, y=0)),
        # Nothing before and after.
        (dict(a=5, m=0, y=3), dict(a=7, m=0, y=1), dict(a=0, m=0, y=0)),
        # A refund: no logarithm.
        (dict(a=5, m=1, y=-2), dict(a=5, m=1, y=3), dict(a=0, m=0, y=0)),
        # Known on neither side: as if it were not there.
        (dict(a=2, m=np.nan, y=1), dict(a=3, m=np.nan, y=1), dict(a=1, m=0, y=0)),
    ],
)
def test_zeros_and_what_is_missing(before, after, wanted) -> None:
    parts = divisia(one(**before), one(**after))
    assert {name: part[0] for name, part in parts.items() if name != UNSPLIT} == pytest.approx(wanted)
    assert parts[UNSPLIT][0] == (25 if before["y"] == -2 else 0)


#: A thousandth is the least share or ratio: smaller ones are 0 here, which has its own rule.
factor = st.one_of(st.just(0.0), st.floats(1e-3, 1e3))


@given(st.lists(st.tuples(factor, factor), min_size=1, max_size=5))
def test_parts_always_add_up(pairs) -> None:
    before = {str(at): np.array([pair[0]]) for at, pair in enumerate(pairs)}
    after = {str(at): np.array([pair[1]]) for at, pair in enumerate(pairs)}
    start, end = (math.prod(pair[side] for pair in pairs) for side in (0, 1))
    total = sum(part[0] for part in divisia(before, after).values())
    assert total == pytest.approx(end - start, abs=EXACT * max(start, end, 1e-30))


@given(st.lists(st.tuples(st.floats(1e-3, 1e3), st.floats(1e-3, 1e3)), min_size=2, max_size=4))
def test_turned_round_the_parts_change_their_sign(pairs) -> None:
    before = {str(at): np.array([pair[0]]) for at, pair in enumerate(pairs)}
    after = {str(at): np.array([pair[1]]) for at, pair in enumerate(pairs)}
    there, back = divisia(before, after), divisia(after, before)
    scale = max(math.prod(p[0] for p in pairs), math.prod(p[1] for p in pairs))
    for name in there:
        assert there[name][0] == pytest.approx(-back[name][0], abs=EXACT * scale)


# The plan of NOTES §6 #3: stock 175 → 200 万㎡, occupancy 82 → 90 %, tax 9 → 15亿.
START = {"rentable_area_sqm": 1.75e6, "occupancy_rate": 0.82, "tax_yuan": 9e8}
PLAN = {"rentable_area_sqm": 2.0e6, "occupancy_rate": 0.9, "tax_yuan": 15e8}


def test_the_plan_needs_a_third_more_tax_per_square_metre() -> None:
    gap = target_gap(NOW_TO_TARGET, 2021, START, PLAN).set_index("part")
    # Occupied 143.5 → 180.0 万㎡ is +25.4 %; +66.7 % of tax needs 1.66667 ÷ 1.25436 − 1 = +32.9 % a ㎡.
    assert gap.loc["单位税收", "change_rate"] == pytest.approx(0.3287, abs=5e-5)
    assert gap.loc["单位税收", "base"] == pytest.approx(9e8 / 1.435e6)
    mean = 6e8 / math.log(15 / 9)
    assert gap.loc["可租售面积", "effect_yuan"] == pytest.approx(mean * math.log(200 / 175))
    assert gap.loc["入驻率", "effect_yuan"] == pytest.approx(mean * math.log(90 / 82))
    assert gap["effect_yuan"].sum() == pytest.approx(6e8, rel=EXACT)
    assert gap["share_gap"].sum() == pytest.approx(1, rel=EXACT)
    assert np.isnan(gap.loc["注册率", "base"]) and gap.loc["注册率", "effect_yuan"] == 0
    assert "楼宇结构" not in gap.index


def test_registration_takes_its_part() -> None:
    start, plan = {**START, "registration_rate": 0.96}, {**PLAN, "registration_rate": 0.98}
    gap = target_gap(NOW_TO_TARGET, 2021, start, plan).set_index("part")
    # 1.3287 ÷ (0.98 ÷ 0.96) − 1 = +30.2 %.
    assert gap.loc["单位税收", "change_rate"] == pytest.approx(0.3016, abs=5e-5)
    assert gap.loc["注册率", "effect_yuan"] > 0
    assert gap["effect_yuan"].sum() == pytest.approx(6e8, rel=EXACT)


def test_targets_of_another_name_or_none_hold_still() -> None:
    gap = target_gap(NOW_TO_TARGET, 2021, START, {"vacancy_rate": 0.1, "tax_yuan": 15e8}).set_index("part")
    assert gap.loc["入驻率", "value"] == pytest.approx(0.9)
    assert gap.loc["可租售面积", "effect_yuan"] == 0


def test_gaps_to_targets_start_today_and_from_the_path(district, courses_of) -> None:
    aims = targets_of(("tax_yuan", 2021, 3e8), ("occupancy_rate", 2021, 0.9), ("tax_yuan", 2030, 4e8))
    outcome = Outcome("基准", None, replace(district, targets=aims), courses_of(district))
    gaps = gaps_to_targets(outcome)
    assert list(zip(*gaps[["comparison", "year"]].drop_duplicates().to_numpy().T, strict=True)) == [
        (NOW_TO_TARGET, 2021),
        (PATH_TO_TARGET, 2021),
        (NOW_TO_TARGET, 2030),
    ]
    sums = gaps.groupby(["comparison", "year"])[["effect_yuan"]].sum()["effect_yuan"]
    # Nothing moves on the path: 2.2亿 both today and in 2021.
    assert sums.to_numpy() == pytest.approx([1.8e8 if y == 2030 else 0.8e8 for _, y in sums.index], rel=EXACT)


def scenario_of(courses, seed=0, factor=1.3):
    chance = np.random.default_rng(seed)
    return replace(
        courses,
        tax_yuan=courses.tax_yuan * chance.uniform(0.5, factor, courses.tax_yuan.shape),
        occupied_sqm=courses.occupied_sqm * chance.uniform(0.7, 1.1, courses.occupied_sqm.shape),
        rentable_sqm=courses.rentable_sqm * chance.uniform(1, 1.2, courses.rentable_sqm.shape),
    )


# Each example simulates nothing but builds frames; twenty are enough for a sum that is exact by construction.
@settings(max_examples=20)
@given(seed=st.integers(0, 10_000))
def test_parts_between_two_scenarios_add_up(seed: int) -> None:
    district, make = _district_and_maker()
    still = make(district, draws=5, new=1)
    moved = scenario_of(still, seed)
    gap = gap_between(Outcome("基准", None, district, still), Outcome("情景", None, district, moved), 2022)
    wanted = (moved.tax_yuan - still.tax_yuan)[:, :, 1].sum(axis=1).mean()
    assert gap["effect_yuan"].sum() == pytest.approx(wanted, abs=EXACT * 2.2e8)
    assert set(gap["comparison"]) == {BASELINE_TO_SCENARIO}
    # 丙's occupancy is unknown: its tax cannot be split.
    assert gap.set_index("part").loc[OTHER, "effect_yuan"] == pytest.approx(
        (moved.tax_yuan - still.tax_yuan)[:, 2, 1].mean(), abs=EXACT * 2.2e8
    )


def _district_and_maker():
    from . import conftest

    return conftest.district.__wrapped__(), conftest.courses_of.__wrapped__()


def test_mix_is_what_moves_between_grades(district, courses_of) -> None:
    # 甲 pays 10000 元/㎡, 乙 15000; 1000 ㎡ move from 甲 to 乙, yields stay: no stock, occupancy or yield effect.
    still = courses_of(district)
    occupied, tax = still.occupied_sqm.copy(), still.tax_yuan.copy()
    occupied[:, 0], occupied[:, 1] = 11_000, 7_000
    tax[:, 0], tax[:, 1] = 1.1e8, 1.05e8
    moved = replace(still, occupied_sqm=occupied, tax_yuan=tax)
    gap = gap_between(Outcome("基准", None, district, still), Outcome("情景", None, district, moved), 2021)
    parts = gap.set_index("part")["effect_yuan"]
    assert parts["楼宇结构"] == pytest.approx(1000 * (15_000 - 10_000), rel=EXACT)
    assert parts.drop("楼宇结构").to_numpy() == pytest.approx(0, abs=1e-6)


def test_with_known_registration_the_parts_still_add_up(district, courses_of) -> None:
    # 90 of 100 enterprises registered, then 99; tax as before: a tenth more registered, a tenth less a ㎡ of theirs.
    firms = {"firms": np.full((4, 2), 100.0)}
    still = courses_of(district, **firms, registered=np.full((4, 2), 90.0))
    moved = replace(still, registered=np.full((4, 2), 99.0))
    gap = gap_between(Outcome("基准", None, district, still), Outcome("情景", None, district, moved), 2022)
    parts = gap.set_index("part")
    # 甲 and 乙 know area and tax, 2.1亿: ln 1.1 of it by registration, as much less by yield.
    assert parts.loc["注册率", "effect_yuan"] == pytest.approx(2.1e8 * math.log(1.1), rel=EXACT)
    assert parts.loc["单位税收", "effect_yuan"] == pytest.approx(-2.1e8 * math.log(1.1), rel=EXACT)
    assert gap["effect_yuan"].sum() == pytest.approx(0, abs=EXACT * 2.2e8)
    # The yield is that of registered area: 2.1亿 ÷ (18 000 of 甲 and 乙 with 丁 untaxed) ÷ registration.
    assert parts.loc["单位税收", ["base", "value"]].tolist() == pytest.approx(
        [2.1e8 / 18_000 / 0.9, 2.1e8 / 18_000 / 0.99]
    )


def test_growth_since_the_base_year(district, courses_of) -> None:
    still = courses_of(district)
    grown = replace(still, tax_yuan=still.tax_yuan * 1.1)
    gap = gap_since_base(Outcome("基准", None, district, grown), 2022).set_index("part")
    assert gap.loc["单位税收", "effect_yuan"] == pytest.approx(2.1e7, rel=EXACT)
    assert gap.loc[OTHER, "effect_yuan"] == pytest.approx(1e6, rel=EXACT)
    assert gap.loc["可租售面积", "effect_yuan"] == pytest.approx(0, abs=1e-6)


def test_without_tax_there_is_no_gap(district, courses_of) -> None:
    blank = replace(
        district, buildings=district.buildings.assign(tax_yuan=np.nan), indicators=district.indicators[:0]
    )
    outcome = Outcome(
        "基准", None, replace(blank, targets=targets_of(("tax_yuan", 2021, 3e8))), courses_of(blank)
    )
    assert [
        len(gap_since_base(outcome, 2021)),
        len(gap_between(outcome, outcome, 2021)),
        len(gaps_to_targets(outcome)),
    ] == [0] * 3
    assert isinstance(outcome.paths, pd.DataFrame)
