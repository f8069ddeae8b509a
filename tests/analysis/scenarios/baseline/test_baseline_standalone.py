"""The baseline of amounts alone."""

from __future__ import annotations

import numpy as np
import pytest

from louyu_lab.analysis.scenarios.baseline.standalone import standalone


def test_every_amount_is_a_building_with_one_payer_that_stays() -> None:
    baseline = standalone([3e8, 5e7, 2e7], year=2020, horizon=5)
    units = baseline.units
    np.testing.assert_array_equal(units["tax_yuan"], baseline.buildings["tax_yuan"])
    assert (units["exit_rate"] == 0).all()
    assert (units["growth_sd"] == 0.2).all()
    assert baseline.growth.common_sd == 0.06
    np.testing.assert_array_equal(baseline.growth.drift, np.zeros(5))
    assert baseline.demand.lettings_sqm == 0
    assert np.isnan(baseline.mean_yield_yuan_sqm)
    values = baseline.indicators.set_index("indicator")["value"]
    # Areas are unknown: no indicator speaks of them.
    assert values.to_dict() == {"yi_buildings": 1.0, "tax_yuan": 3.7e8}


def test_groups_and_areas_are_those_given() -> None:
    baseline = standalone(
        [4e7, 6e7],
        year=2020,
        horizon=1,
        groups={"grade": ["甲级", "乙级"], "sector": ["金融", "科技"], "building": ["甲楼", "乙楼"]},
        areas={"rentable_area_sqm": [1e4, 2e4], "occupied_area_sqm": [8e3, 1.2e4]},
    )
    assert baseline.units["sector"].to_list() == ["金融", "科技"]
    assert baseline.units["enterprise"].to_list() == ["甲楼", "乙楼"]
    # 1 亿元 ÷ 2 万㎡.
    assert baseline.mean_yield_yuan_sqm == 5000
    values = baseline.indicators.set_index("indicator")["value"]
    assert values["occupancy_rate"] == pytest.approx(2 / 3)


def test_unknown_columns_are_refused() -> None:
    with pytest.raises(ValueError, match="colour"):
        standalone([1e8], year=2020, horizon=1, groups={"colour": ["红"]})
