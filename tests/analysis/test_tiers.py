from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from louyu_lab.analysis.bands import NO_DATA, Bands
from louyu_lab.analysis.tiers import (
    ENTERED,
    LEFT,
    TIERS,
    tax_bands,
    tax_ladder,
    tier_of,
    tier_transitions,
)

_tax = st.one_of(st.none(), st.floats(-1e7, 2e9, allow_subnormal=False))


def test_tiers_are_closed_at_the_left() -> None:
    taxes = pd.Series([1e8, 99_999_999.0, 7e7, 5e7, 4.9e7, 1e7, 7e6, 6_999_999.0, -1e5, np.nan])
    assert tier_of(taxes).tolist() == [
        *("亿元楼", "准亿元楼", "准亿元楼", "5000万–7000万元", "千万元楼", "千万元楼"),
        *("准千万元楼", "其他", "其他", NO_DATA),
    ]


def test_a_tax_split_over_stays_and_added_up_again_reaches_its_tier() -> None:
    # A third and two thirds of 1亿 may miss 1亿 by less than a fen.
    assert tier_of(pd.Series([1e8 - 1e-8, 1e8 - 0.01])).tolist() == ["亿元楼", "准亿元楼"]


def test_thresholds_can_be_changed() -> None:
    own = Bands(labels=("亿元楼", "以下"), lows=(1e8, -np.inf), decimals=2)
    assert tier_of(pd.Series([8e7, 1.2e8]), own).tolist() == ["以下", "亿元楼"]


def test_tax_bands_of_heping(panel_of) -> None:
    # 11 亿元楼 with 43.9亿 are 27.5 % of 全区税收, which gives 159.6亿; 6 and 1 buildings in the next bands.
    taxes = [43.9e8 / 11] * 11 + [8e7] * 6 + [6e7] + [2e6] * 71
    table = tax_bands(panel_of(tax_yuan=taxes), 2020, district_tax_yuan=159.6e8).set_index("band")
    assert table["buildings"].tolist() == [11, 6, 1, 0, 0, 71]
    assert round(table.loc["亿元楼", "share_buildings"], 3) == 0.124
    assert round(table.loc["亿元楼", "share_district_tax"], 3) == 0.275
    assert table["share_tax"].sum() == pytest.approx(1)


def test_unknown_tax_is_never_the_lowest_band(panel_of) -> None:
    table = tax_bands(panel_of(tax_yuan=[2e8, np.nan]), 2020).set_index("band")
    assert table.loc[NO_DATA, "buildings"] == 1
    assert table.loc["其他", "buildings"] == 0
    assert np.isnan(table.loc[NO_DATA, "tax_yuan"])
    assert table["share_district_tax"].isna().all()


def test_ladder_ranks_and_tells_where_each_building_came_from(panel_of) -> None:
    panel = panel_of(
        year=[2019] * 3 + [2020] * 5,
        building_id=["A", "B", "D", "A", "B", "C", "D", "E"],
        tax_yuan=[9e7, 2e8, np.nan, 1.2e8, 1.2e8, 8e7, 7e7, 6.9e7],
    )
    concentration = pd.DataFrame(
        {
            "level": ["district", "building"],
            "id": ["A", "A"],
            "top1_rate": [0.1, 0.9],
            "is_single_source": [False, True],
        }
    )
    ladder = tax_ladder(panel, 2020, concentration).set_index("building_id")
    assert ladder.index.tolist() == ["A", "B", "C", "D"]
    assert ladder["rank"].tolist() == [1, 1, 3, 4]
    assert ladder["previous_tier"].tolist() == ["准亿元楼", "亿元楼", ENTERED, NO_DATA]
    assert ladder.loc["A", "change_rate"] == pytest.approx(1 / 3)
    assert ladder.loc["B", "change_rate"] == pytest.approx(-0.4)
    np.testing.assert_array_equal(ladder["gap_to_next_yuan"], [np.nan, np.nan, 2e7, 3e7])
    assert ladder.loc["A", "top1_rate"] == 0.9
    assert ladder.loc["A", "is_single_source"]
    assert ladder["is_single_source"].isna().tolist() == [False, True, True, True]


def test_ladder_of_the_first_year_knows_no_earlier_tier(panel_of) -> None:
    ladder = tax_ladder(panel_of(tax_yuan=[2e8]), 2020)
    assert ladder["previous_tier"].tolist() == [NO_DATA]
    assert ladder[["previous_tax_yuan", "change_rate", "top1_rate"]].isna().all(axis=None)


def test_ladder_may_be_empty(panel_of) -> None:
    assert len(tax_ladder(panel_of(tax_yuan=[5e7]), 2020)) == 0


def test_transitions_name_entries_and_exits(panel_of) -> None:
    panel = panel_of(
        year=[2019, 2019, 2020, 2020, 2020],
        building_id=["A", "B", "A", "C", "D"],
        tax_yuan=[9e7, 2e8, 1.1e8, np.nan, 8e6],
    )
    table = tier_transitions(panel, 2019, 2020)
    assert table[["from_tier", "to_tier", "buildings"]].values.tolist() == [
        ["亿元楼", LEFT, 1],
        ["准亿元楼", "亿元楼", 1],
        [ENTERED, "准千万元楼", 1],
        [ENTERED, NO_DATA, 1],
    ]


# A panel and its tables take some 20 ms; no deadline, as the machine may be busy.
@settings(max_examples=30, deadline=None)
@given(
    st.dictionaries(st.integers(1, 30), _tax, min_size=1),
    st.dictionaries(st.integers(1, 30), _tax, min_size=1),
)
def test_the_margins_of_the_matrix_are_the_two_years(panel_of, before, after) -> None:
    panel = panel_of(
        year=[2018] * len(before) + [2020] * len(after),
        building_id=[f"L{number}" for number in (*before, *after)],
        tax_yuan=[*before.values(), *after.values()],
    )
    table = tier_transitions(panel, 2018, 2020)
    for side, year, other in (("from_tier", 2018, ENTERED), ("to_tier", 2020, LEFT)):
        margin = table.groupby(side)["buildings"].sum().drop(other, errors="ignore")
        bands = tax_bands(panel, year).set_index("band")["buildings"]
        pd.testing.assert_series_equal(
            margin.sort_index(), bands[bands > 0].sort_index(), check_names=False, check_index_type=False
        )
    assert table.loc[table["from_tier"] == ENTERED, "buildings"].sum() == len(set(after) - set(before))
    assert not ((table["from_tier"] == ENTERED) & (table["to_tier"] == LEFT)).any()


@given(st.lists(_tax, min_size=1, max_size=30))
def test_tiers_rise_with_tax(taxes) -> None:
    known = pd.Series([tax for tax in taxes if tax is not None], dtype="float64").sort_values(ascending=False)
    codes = tier_of(known).cat.codes
    assert codes.is_monotonic_increasing
    assert (codes < len(TIERS.labels)).all()
