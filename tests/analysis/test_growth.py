"""The decomposition of tax growth: exact at every level, and each factor in its own part."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from louyu_lab.analysis.growth import PARTS, building_parts, comparable_tax, growth_parts

#: The parts are exact but for rounding: a few units in the last place of amounts up to 1e10.
REL = 1e-9


@pytest.fixture(scope="module")
def two_years(panel_of: Callable[..., pd.DataFrame]) -> Callable[..., pd.DataFrame]:
    """Return a maker of one building's panel: (area, occupied, tax) before and after."""

    def make(before: tuple, after: tuple) -> pd.DataFrame:
        columns = dict(
            zip(
                ("rentable_area_sqm", "occupied_area_sqm", "tax_yuan"),
                zip(before, after, strict=True),
                strict=True,
            )
        )
        columns = {name: list(values) for name, values in columns.items()}
        return panel_of([2019, 2020], building_id=["A", "A"], street=["南街", "南街"], **columns)

    return make


def parts_of(panel: pd.DataFrame, level: str = "district") -> dict[str, float]:
    table = growth_parts(panel, 2019, 2020, "某区")
    return table[table["level"] == level].set_index("part")["amount_yuan"].to_dict()


@pytest.mark.parametrize(
    ("before", "after", "part"),
    [
        ((1000, 500, 100.0), (2000, 1000, 200.0), "面积"),  # same rate, same yield
        ((1000, 500, 100.0), (1000, 750, 150.0), "入驻率"),
        ((1000, 500, 100.0), (1000, 500, 130.0), "单产"),
    ],
)
def test_one_factor_alone_takes_the_whole_change(
    two_years: Callable, before: tuple, after: tuple, part: str
) -> None:
    parts = parts_of(two_years(before, after))
    assert parts.pop(part) == pytest.approx(after[2] - before[2], rel=REL)
    assert list(parts.values()) == pytest.approx([0] * 5, abs=1e-9)


def test_factors_share_by_their_logarithms(two_years: Callable) -> None:
    # Area ×2, occupancy ×½, yield ×e: the logs are ln 2, −ln 2 and 1, so L = ΔT = 100(e − 1).
    parts = parts_of(two_years((1000, 500, 100.0), (2000, 500, 100 * np.e)))
    gain = 100 * (np.e - 1)
    assert parts["面积"] == pytest.approx(gain * np.log(2), rel=REL)
    assert parts["入驻率"] == pytest.approx(-gain * np.log(2), rel=REL)
    assert parts["单产"] == pytest.approx(gain, rel=REL)


def test_floor_space_of_yuecheng_explains_half_of_its_planned_growth(two_years: Callable) -> None:
    # 三年行动计划: 175→200万㎡ rentable, 82→90 % let, 9→15亿元. L = 6e8 ÷ ln(15/9) = 1.17457e9.
    parts = parts_of(two_years((1.75e6, 1.435e6, 9e8), (2.0e6, 1.8e6, 15e8)))
    log_mean = 6e8 / np.log(15 / 9)
    assert parts["面积"] == pytest.approx(log_mean * np.log(200 / 175), rel=REL)
    assert parts["入驻率"] == pytest.approx(log_mean * np.log(0.90 / 0.82), rel=REL)
    # Tax per occupied ㎡ has to rise by 32.9 %.
    assert parts["单产"] == pytest.approx(log_mean * np.log(1.3288), rel=1e-3)


def test_a_building_that_hardly_changes_is_not_lost_in_rounding(two_years: Callable) -> None:
    parts = parts_of(two_years((1000, 500, 1e9), (1000, 500, 1e9 + 1)))
    assert parts["单产"] == pytest.approx(1, rel=1e-5)  # 1e9 + 1 − 1e9 through a logarithm: 7 digits are left
    assert set(parts_of(two_years((1000, 500, 1e9), (1000, 500, 1e9))).values()) == {0.0}


def test_an_empty_part_of_a_falling_total_is_printed_without_a_sign(two_years: Callable) -> None:
    shares = growth_parts(two_years((1000, 500, 100.0), (1000, 500, 90.0)), 2019, 2020, "某区")[
        "share_growth"
    ]
    assert not np.signbit(shares).any()


def test_new_gone_and_unsplit_buildings_have_parts_of_their_own(panel_of: Callable) -> None:
    before = panel_of(2019, building_id=["A", "C"], street=["南街", "北街"], tax_yuan=[50, 5])
    after = panel_of(2020, building_id=["A", "B"], street=["南街", None], tax_yuan=[70, 20])
    table = growth_parts(pd.concat([before, after]), 2019, 2020, "某区")
    # A's occupancy is unknown: its growth cannot be split.
    expected = {"面积": 0, "入驻率": 0, "单产": 0, "新纳入楼宇": 20, "退出楼宇": -5, "无法分解": 20}
    assert table[table["level"] == "district"].set_index("part")["amount_yuan"].to_dict() == expected
    by_building = table[table["level"] == "building"]
    assert by_building.set_index("id")["part"].to_dict() == {
        "A": "无法分解",
        "B": "新纳入楼宇",
        "C": "退出楼宇",
    }
    assert set(table.loc[table["level"] == "street", "id"]) == {"南街", "北街", "未填街道"}
    assert table.loc[table["level"] == "district", "share_growth"].sum() == pytest.approx(1)


@pytest.mark.parametrize(
    "tax",
    [(100.0, -20.0), (0.0, 30.0), (np.nan, 30.0), (30.0, np.nan)],
    ids=["refund", "zero", "new", "lost"],
)
def test_tax_without_a_logarithm_is_unsplit(two_years: Callable, panel_of: Callable, tax: tuple) -> None:
    steady = panel_of([2019, 2020], building_id=["B", "B"], tax_yuan=[7.0, 7.0])
    panel = pd.concat([two_years((1000, 500, tax[0]), (1000, 500, tax[1])), steady], ignore_index=True)
    parts = parts_of(panel)
    assert parts["无法分解"] == np.nansum([tax[1], -tax[0]])


def test_a_year_without_any_tax_is_no_year_of_zero_tax(panel_of: Callable) -> None:
    panel = panel_of([2019, 2020], building_id=["A", "A"], tax_yuan=[None, 5.0])
    assert growth_parts(panel, 2019, 2020, "某区").empty


def test_a_new_building_without_a_tax_figure_adds_no_zero(panel_of: Callable) -> None:
    panel = panel_of([2019, 2020, 2020], building_id=["A", "A", "B"], tax_yuan=[4.0, 5.0, None])
    table = growth_parts(panel, 2019, 2020, "某区")
    assert set(table.loc[table["level"] == "building", "id"]) == {"A"}


def test_comparable_tax_counts_the_same_buildings_twice(panel_of: Callable) -> None:
    before = panel_of(2019, building_id=["A", "B", "C"], tax_yuan=[100, 50, np.nan])
    after = panel_of(2020, building_id=["A", "C", "D"], tax_yuan=[110, 30, 900])
    found = comparable_tax(pd.concat([before, after]), 2019, 2020)
    assert (found.buildings, found.from_yuan, found.to_yuan) == (1, 100, 110)
    assert found.growth_rate == pytest.approx(0.1)


def test_a_year_without_buildings_is_refused_by_name(panel_of: Callable) -> None:
    with pytest.raises(ValueError, match="2018"):
        growth_parts(panel_of(2020, building_id=["A"]), 2018, 2020, "某区")


amounts = st.one_of(st.none(), st.just(0.0), st.floats(1.0, 1e9), st.floats(-1e6, -1.0))
areas = st.one_of(st.none(), st.floats(1e2, 1e6))
buildings = st.tuples(
    st.sampled_from(["南街", "北街", None]),
    st.sampled_from([(True, True), (True, True), (True, False), (False, True)]),
    st.tuples(areas, areas, amounts),
    st.tuples(areas, areas, amounts),
)


@settings(max_examples=60, deadline=None)
@given(drawn=st.lists(buildings, min_size=2, max_size=12))
def test_parts_add_up_at_every_level(panel_of: Callable, drawn: list) -> None:
    rows = [
        (year, f"L{number}", street, *figures)
        for number, (street, held, before, after) in enumerate(drawn)
        for year, here, figures in ((2019, held[0], before), (2020, held[1], after))
        if here
    ]
    rows += [(year, "常在", "南街", 1e3, 5e2, 1e6) for year in (2019, 2020)]
    names = ["year", "building_id", "street", "rentable_area_sqm", "occupied_area_sqm", "tax_yuan"]
    columns = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
    panel = panel_of(columns.pop("year"), **columns)
    table = growth_parts(panel, 2019, 2020, "某区")
    tax = panel.assign(street=panel["street"].fillna("未填街道"), district="某区")
    for level, column in (("district", "district"), ("street", "street"), ("building", "building_id")):
        by_year = tax.pivot_table(
            index=column, columns="year", values="tax_yuan", aggfunc="sum", observed=True
        )
        by_year = by_year.reindex(columns=[2019, 2020]).fillna(0.0)
        change = by_year[2020] - by_year[2019]
        parts = table[table["level"] == level].groupby("id")["amount_yuan"].sum()
        # Absolute slack: rounding of the largest tax drawn, 1e9, over a dozen buildings.
        pd.testing.assert_series_equal(
            parts.reindex(change.index).fillna(0.0), change, rtol=REL, atol=1e-4, check_names=False
        )
    assert table["part"].isin(PARTS).all()


def test_reversing_the_years_reverses_every_part(panel_of: Callable) -> None:
    rng = np.random.default_rng(20)
    frames = [
        panel_of(
            year,
            rentable_area_sqm=rng.uniform(1e3, 1e5, 30).tolist(),
            occupied_area_sqm=rng.uniform(1e3, 1e5, 30).tolist(),
            tax_yuan=rng.lognormal(16, 1.8, 30).tolist(),
        )
        for year in (2019, 2020)
    ]
    panel = pd.concat(frames)
    there, back = building_parts(panel, 2019, 2020), building_parts(panel, 2020, 2019)
    factors = ["面积", "入驻率", "单产"]
    pd.testing.assert_frame_equal(there[factors], -back[factors], rtol=REL)
