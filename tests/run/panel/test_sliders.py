"""Sliders go as far as a meeting needs, rest where nothing changes, and are off where nobody knows."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from louyu_lab.analysis.scenarios.baseline.state import Baseline, Estimate
from louyu_lab.analysis.scenarios.levers.scenario import Scenario
from louyu_lab.analysis.scenarios.levers.setting import Clause, Setting
from louyu_lab.run.panel.sliders import Slider, on_sliders, sliders_for


@pytest.fixture(scope="module")
def sliders(baseline: Baseline) -> dict[str, Slider]:
    return {slider.name: slider for slider in sliders_for(baseline)}


def scenario_of(**changes: Setting) -> Scenario:
    return Scenario("某.yaml", "某", "", "", "", changes)


def test_every_slider_lies_within_what_its_lever_allows(sliders: dict[str, Slider]) -> None:
    assert len(sliders) == 10
    for slider in sliders.values():
        assert slider.lever.low <= slider.low < slider.high <= slider.lever.high, slider.name
        assert slider.low <= slider.rest <= slider.high, slider.name


def test_absorption_goes_as_far_as_there_is_space(baseline: Baseline, sliders: dict[str, Slider]) -> None:
    rows = baseline.buildings
    # 80 % let, 2 % not marketable: 18 % of the rentable area, in steps of 5,000 ㎡.
    free = 0.18 * rows["rentable_area_sqm"].sum()
    assert free - 5e3 < sliders["absorption_sqm"].high <= free + 1e-6


def test_what_the_ledgers_do_not_hold_cannot_be_moved(sliders: dict[str, Slider]) -> None:
    off = {name for name, slider in sliders.items() if slider.off}
    assert off == {"supply_rate", "new_tenant_registration_rate"}
    assert "在建台账" in sliders["supply_rate"].off


def test_an_estimate_of_the_district_is_where_the_slider_rests(baseline: Baseline) -> None:
    own = replace(baseline, estimates={"new_tenant_yield_ratio": Estimate(0.83, 0.5, 1.2, "示例")})
    rests = {slider.name: slider.rest for slider in sliders_for(own)}
    assert rests["new_tenant_yield_ratio"] == 0.83
    assert rests["exit_factor"] == 1.0


@given(steps=st.integers(0, 20))
def test_a_shown_value_is_the_stored_one_again(sliders: dict[str, Slider], steps: int) -> None:
    for slider in sliders.values():
        value = min(slider.low + steps * slider.step, slider.high)
        shown = slider.read(value)
        assert slider.stored(shown) == pytest.approx(value, abs=slider.step / 2 + 1e-9)
        assert slider.read(slider.stored(shown)) == shown


def test_areas_are_read_in_ten_thousands_and_rates_in_per_cent(sliders: dict[str, Slider]) -> None:
    assert sliders["absorption_sqm"].read(2.5e4) == 2.5
    assert sliders["growth_change_rate"].stored(-1.5) == -0.015
    assert sliders["tax_factor"].read(0.95) == 0.95


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ((Clause(2e4),), 2e4),
        # Beyond the slider's end: as near as it goes.
        ((Clause(4e6),), None),
        # For some years, some places, uncertain, several: the slider cannot say it, and rests.
        ((Clause(2e4, years=(2021,)),), 0.0),
        ((Clause(2e4, scope={"streets": ("东街道",)}),), 0.0),
        ((Clause(2e4, low=1e4, high=3e4),), 0.0),
        ((Clause(2e4), Clause(1e4)), 0.0),
    ],
)
def test_a_file_puts_the_sliders_where_they_can_say_it(
    sliders: dict[str, Slider], setting: Setting, value: float | None
) -> None:
    at = on_sliders([*sliders.values()], scenario_of(absorption_sqm=setting))
    expected = sliders["absorption_sqm"].high if value is None else value
    assert at["absorption_sqm"] == expected
    assert at["exit_factor"] == 1.0


def test_without_a_file_all_rest(sliders: dict[str, Slider]) -> None:
    assert on_sliders([*sliders.values()], None) == {name: slider.rest for name, slider in sliders.items()}
