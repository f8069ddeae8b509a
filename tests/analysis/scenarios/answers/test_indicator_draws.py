from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from louyu_lab.analysis.indicator_catalogue import indicator_catalogue
from louyu_lab.analysis.scenarios.answers.indicator_draws import (
    _derived,
    _summed,
    base_values,
    indicator_draws,
    moved_indicators,
)

from .conftest import with_projects

CONTRACT = {
    *(
        "gross_area_sqm",
        "rentable_area_sqm",
        "occupancy_rate",
        "vacancy_rate",
        "tax_yuan",
        "tax_per_sqm_yuan",
    ),
    *("tax_per_occupied_yuan_sqm", "yi_buildings", "registration_rate", "taxpayer_rate"),
}


def test_the_indicators_of_the_contract_can_be_moved() -> None:
    assert set(moved_indicators()) >= CONTRACT


def test_unchanged_courses_give_the_indicators_of_the_base_year(district, courses_of) -> None:
    draws, base = indicator_draws(district, courses_of(district)), base_values(district)
    held = CONTRACT - {"registration_rate", "taxpayer_rate"}
    assert held <= set(draws)
    published = dict(zip(district.indicators["indicator"], district.indicators["value"], strict=True))
    for code in held:
        assert draws[code].shape == (4, 2)
        np.testing.assert_allclose(draws[code], published[code], rtol=1e-12)
        assert base[code] == published[code]
    np.testing.assert_array_equal(draws["net_absorption_sqm"], 0)


def test_numerator_and_denominator_are_of_the_same_buildings(district, courses_of) -> None:
    draws = indicator_draws(district, courses_of(district))
    # 丙 has no occupancy: (12000 + 6000 + 4000) ÷ (16000 + 8000 + 4000); 丁 no tax: 2.2亿 ÷ 40000 ㎡ gross;
    # tax and occupancy are both known of 甲 and 乙 alone: 2.1亿 ÷ 18000 ㎡.
    assert draws["occupancy_rate"][0, 0] == pytest.approx(22 / 28, rel=1e-12)
    assert draws["vacancy_rate"][0, 0] == pytest.approx(6 / 28, rel=1e-12)
    assert draws["tax_per_sqm_yuan"][0, 0] == pytest.approx(5500, rel=1e-12)
    assert draws["tax_per_occupied_yuan_sqm"][0, 0] == pytest.approx(2.1e8 / 18_000, rel=1e-12)
    assert draws["yi_buildings"].tolist() == [[1, 1]] * 4


def test_new_projects_count_with_area_and_tax(district, courses_of) -> None:
    still = courses_of(district, new=1)
    gross, rentable = still.gross_sqm.copy(), still.rentable_sqm.copy()
    occupied, tax = still.occupied_sqm.copy(), still.tax_yuan.copy()
    gross[-1, 1], rentable[-1, 1], occupied[:, -1, 1], tax[:, -1, 1] = 10_000, 7_000, 3_000, 1.5e8
    moved = replace(still, gross_sqm=gross, rentable_sqm=rentable, occupied_sqm=occupied, tax_yuan=tax)
    draws = indicator_draws(with_projects(district), moved)
    assert draws["occupancy_rate"][0].tolist() == pytest.approx([22 / 28, 25 / 35], rel=1e-12)
    assert draws["yi_buildings"][0].tolist() == [1, 2]
    assert draws["net_absorption_sqm"][0].tolist() == [0, 3_000]
    assert draws["tax_per_sqm_yuan"][0, 1] == pytest.approx(3.7e8 / 50_000, rel=1e-12)


def test_what_nobody_knows_is_left_out(district, courses_of) -> None:
    blank = replace(district, buildings=district.buildings.assign(tax_yuan=np.nan))
    draws = indicator_draws(blank, courses_of(blank))
    assert {"tax_yuan", "yi_buildings", "registration_rate", "tax_per_sqm_yuan"} & set(draws) == set()
    assert "occupancy_rate" in draws


def test_shares_of_enterprises(district, courses_of) -> None:
    firms = np.full((4, 2), 50.0)
    made = courses_of(district, firms=firms, registered=firms * 0.9, paying=firms * 0.6)
    draws = indicator_draws(district, made)
    assert np.allclose(draws["registration_rate"], 0.9, atol=1e-12)
    assert np.allclose(draws["taxpayer_rate"], 0.6, atol=1e-12)


@given(share=st.floats(0, 1), factor=st.floats(0.1, 3))
def test_occupancy_and_vacancy_make_one_and_yields_follow_tax(share: float, factor: float) -> None:
    known = dict.fromkeys(
        ("gross_area_sqm", "rentable_area_sqm", "occupied_area_sqm", "tax_yuan"), np.ones(2, bool)
    )
    areas = np.array([100.0, 300.0])[None, :, None]
    columns = _derived(known, np.ones(2, bool), areas, areas, areas * share, areas * 7 * factor)
    value = {
        code: _summed(spec, columns)
        for code, spec in indicator_catalogue().items()
        if code in ("occupancy_rate", "vacancy_rate", "tax_per_sqm_yuan")
    }
    # Rounding of sums of two numbers.
    assert value["occupancy_rate"] + value["vacancy_rate"] == pytest.approx(1, abs=1e-12)
    assert value["tax_per_sqm_yuan"] == pytest.approx(7 * factor, rel=1e-12)
