from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.bands import NO_DATA, Bands, spread_over

FALLING = Bands(labels=("高", "中", "低"), lows=(10.0, 5.0, -np.inf))
RISING = Bands(labels=("低", "中", "高"), lows=(-np.inf, 5.0, 10.0))


@pytest.mark.parametrize("bands", [FALLING, RISING])
def test_a_bound_belongs_to_its_own_band_whatever_the_order_of_print(bands: Bands) -> None:
    values = pd.Series([-3.0, 4.999, 5.0, 9.999, 10.0, 1e12, np.nan])
    assert bands.of(values).tolist() == ["低", "低", "中", "中", "高", "高", NO_DATA]


def test_a_value_that_a_division_left_a_hair_below_the_bound_still_counts() -> None:
    # 0.07 * 100 is 7.000000000000001 and 0.29 * 100 is 28.999999999999996 in binary floating point.
    bands = Bands(labels=("低", "高"), lows=(-np.inf, 29.0))
    assert 0.29 * 100 < 29
    assert bands.of(pd.Series([0.29 * 100])).tolist() == ["高"]


def test_gap_to_next_is_missing_at_the_top_and_for_unknown_values() -> None:
    gaps = FALLING.gap_to_next(pd.Series([3.0, 5.0, 10.0, np.nan]))
    np.testing.assert_array_equal(gaps, [2.0, 5.0, np.nan, np.nan])


def test_a_value_below_every_band_is_refused() -> None:
    with pytest.raises(ValueError, match="低于最低一档"):
        Bands(labels=("低", "高"), lows=(0.0, 1.0)).of(pd.Series([-1.0]))


@pytest.mark.parametrize(
    ("labels", "lows"),
    [
        (("甲",), (0.0, 1.0)),
        (("甲", "甲"), (0.0, 1.0)),
        ((NO_DATA, "甲"), (0.0, 1.0)),
        (("甲", "乙", "丙"), (0.0, 2.0, 1.0)),
        (("甲", "乙"), (1.0, 1.0)),
    ],
)
def test_bands_that_do_not_line_up_are_refused(labels: tuple[str, ...], lows: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="分档"):
        Bands(labels=labels, lows=lows)


def test_spread_keeps_empty_bands_as_zero_and_unknown_amounts_as_missing() -> None:
    panel = pd.DataFrame({"value": [1.0, 2.0, 7.0], "amount": [np.nan, np.nan, 4.0]})
    spread = spread_over(FALLING, panel, "value", "amount").set_index("band")
    assert spread["buildings"].to_dict() == {"高": 0, "中": 1, "低": 2}
    assert spread.loc["高", "amount"] == 0.0
    assert np.isnan(spread.loc["低", "amount"])
    assert spread.loc["中", "share_amount"] == 1.0
    assert NO_DATA not in spread.index
