"""The two methods by hand, and the histories they start from."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.tax.history import (
    SIZE_CLASSES,
    carried,
    last_known,
    size_class,
    tax_history,
    yearly_totals,
)
from louyu_lab.analysis.tax.methods import DAMPING, SHRINKAGE, group_growth, last_value
from louyu_lab.analysis.tiers import TIERS, YI_BUILDING


def test_history_keeps_gaps_and_buildings_that_left(panel_of: Callable[..., pd.DataFrame]) -> None:
    panel = panel_of(
        [2017, 2019, 2017, 2019, 2019, 2020],
        building_id=["B", "B", "A", "A", "C", "C"],
        street=["南街", "南街", None, None, "北街", "北街"],
        tax_yuan=[5.0, 7.0, 1.0, np.nan, np.nan, np.nan],
    )
    history = tax_history(panel, 2019)
    # C has no tax at all; 2018 lies between known years; 2020 is after the study's year.
    assert history.building_id.tolist() == ["A", "B"]
    assert history.years.tolist() == [2017, 2018, 2019]
    np.testing.assert_array_equal(history.tax_yuan, [[1.0, np.nan, np.nan], [5.0, np.nan, 7.0]])
    assert history.street.tolist() == ["未填街道", "南街"]
    assert last_known(history.tax_yuan).tolist() == [1.0, 7.0]
    totals = yearly_totals(history)
    np.testing.assert_array_equal(totals["tax_yuan"], [6.0, np.nan, 7.0])
    assert not tax_history(panel, 2020).is_standing.any()
    assert history.until(2017).tolist() == [[1.0], [5.0]]


def test_carried_are_the_standing_buildings_without_the_last_year(
    panel_of: Callable[..., pd.DataFrame],
) -> None:
    panel = panel_of(
        [2018, 2019, 2020, 2018, 2020, 2018, 2019, 2019, 2020],
        building_id=["A", "A", "A", "B", "B", "L", "L", "N", "N"],
        building=[None] * 7 + ["N楼"] * 2,
        tax_yuan=[1.0, 2.0, 3.0, 5.0, np.nan, 9.0, 9.0, 7.0, np.nan],
    )
    # A is known this year; L left. B stands since 2018, N since 2019; the larger first.
    table = carried(tax_history(panel, 2020), panel)
    assert table.drop(columns="building").to_dict("list") == {
        "building_id": ["N", "B"],
        "year": [2019, 2018],
        "tax_yuan": [7.0, 5.0],
    }
    assert table["building"].tolist() == ["N楼", "B"]  # B has no name
    assert len(carried(tax_history(panel, 2019), panel)) == 0


def test_sizes_have_their_bounds_from_the_tiers() -> None:
    least = dict(zip(TIERS.labels, TIERS.lows, strict=True))
    assert SIZE_CLASSES.lows[:2] == (least[YI_BUILDING], least["千万元楼"])


def test_sizes_are_closed_below() -> None:
    assert size_class(np.array([1e8, 1e8 - 1, 1e7, 0.0, -5.0, np.nan])).tolist() == [
        *("1亿元以上", "1000万元—1亿元", "1000万元—1亿元", "1000万元以下", "1000万元以下", "无数据")
    ]


def test_last_value_repeats_what_is_known() -> None:
    made = last_value(np.array([[3.0, np.nan], [1.0, 2.0]]), 3)
    assert made.tolist() == [[3.0] * 3, [2.0] * 3]


def test_growth_by_hand() -> None:
    # Two large buildings grow by 21 %, two small ones by 0: medians ln 1.21 and 0, of all four ln 1.21 ÷ 2.
    # Shrunken for the large ones: (2·ln 1.21 + 20·ln 1.21/2) ÷ 22 = ln 1.21 · 12/22.
    tax = np.array([[2e8, 2.42e8], [3e8, 3.63e8], [1e6, 1e6], [2e6, 2e6]])
    growth = np.log(1.21) * (2 + SHRINKAGE / 2) / (2 + SHRINKAGE)
    made = group_growth(tax, 2)
    assert made[0] == pytest.approx(2.42e8 * np.exp(growth * np.array([1, 1 + DAMPING])))
    small = np.log(1.21) * (SHRINKAGE / 2) / (2 + SHRINKAGE)
    assert made[2] == pytest.approx(1e6 * np.exp(small * np.array([1, 1 + DAMPING])))


def test_only_the_last_three_steps_count() -> None:
    # Steps ln 9 (long ago), 0, 0, ln 2: of the last three the median is 0, of all four it is ln 2 ÷ 2.
    tax = np.array([[1e6, 9e6, 9e6, 9e6, 1.8e7]])
    assert group_growth(tax, 1)[0] == pytest.approx([1.8e7])
    # A year less, and the old one counts: the median of ln 9, 0, ln 2 is ln 2.
    assert group_growth(np.array([[1e6, 9e6, 9e6, 1.8e7]]), 1)[0] == pytest.approx([3.6e7])


@pytest.mark.parametrize(
    "tax",
    [
        [[5e6]],  # one observation, no growth to be seen
        [[0.0, 0.0], [-1e6, -2e6]],  # nothing positive
        [[np.nan, 4e6]],  # new this year
    ],
)
def test_without_growth_it_is_the_last_value(tax: list[list[float]]) -> None:
    tax = np.array(tax)
    np.testing.assert_array_equal(group_growth(tax, 3), last_value(tax, 3))


def test_a_refund_does_not_grow_beside_growing_buildings() -> None:
    tax = np.array([[1e7, 1.1e7], [1e6, -2e5], [1e6, 0.0]])
    assert group_growth(tax, 2)[1:].tolist() == [[-2e5, -2e5], [0.0, 0.0]]
