from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from louyu_lab.analysis.bands import NO_DATA
from louyu_lab.analysis.stock import (
    OCCUPANCY_BANDS,
    occupancy_bands,
    places,
    rollup,
    size_bands,
    stock_years,
)
from louyu_lab.ledgers.model import Ledgers, typed_frame

# Sums of a few hundred areas or taxes differ by the order of addition only in the last bits.
RTOL = 1e-12


def ledgers_of(buildings: dict, stock: dict | None = None) -> Ledgers:
    frames = {"buildings": typed_frame("buildings", pd.DataFrame(buildings))}
    if stock:
        frames["stock"] = typed_frame("stock", pd.DataFrame(stock))
    return Ledgers("某区", frames, pd.DataFrame(), pd.DataFrame(), pd.DataFrame())


def test_the_stock_of_a_year_holds_what_operates_in_it() -> None:
    ledgers = ledgers_of(
        {
            "building_id": list("ABCD"),
            "since_year": [2019, None, None, None],
            "until_year": [None, 2018, None, None],
            "status": [None, None, "在建", None],
        }
    )
    held = stock_years(ledgers, [2018, 2019]).groupby("year")["building_id"].apply(set).to_dict()
    assert held == {2018: {"B", "D"}, 2019: {"A", "D"}}


def test_a_building_without_an_opening_date_joins_the_stock_when_completed() -> None:
    ledgers = ledgers_of(
        {"building_id": ["A", "B"], "completion_year": [2019, 2019], "since_year": [None, 2020]}
    )
    joined = stock_years(ledgers, [2018, 2019, 2020]).groupby("building_id")["year"].min()
    assert joined.to_dict() == {"A": 2019, "B": 2020}


def test_a_ledger_kept_year_by_year_overrules_the_completion_year() -> None:
    stock = {"building_id": ["A", "A"], "year": [2018, 2019], "gross_area_sqm": [1e4, 1e4]}
    ledgers = ledgers_of({"building_id": ["A"], "completion_year": [2019]}, stock)
    assert stock_years(ledgers, [2018, 2019])["year"].tolist() == [2018, 2019]


def test_areas_reported_year_by_year_overrule_the_building_ledger() -> None:
    stock = {"building_id": ["A"], "year": [2019], "rentable_area_sqm": [7e3]}
    rows = stock_years(ledgers_of({"building_id": ["A"], "rentable_area_sqm": [8e3]}, stock), [2019, 2020])
    assert rows.set_index("year")["rentable_area_sqm"].to_dict() == {2019: 7e3, 2020: 8e3}


def test_occupancy_bands_of_the_89_buildings_of_heping(panel_of) -> None:
    # 和平区 十三五: 89 buildings, 56/18/10/5 -> 62.9/20.2/11.2/5.6 % (99.9 % by rounding).
    rates = [0.90] * 56 + [0.80] * 18 + [0.60] * 10 + [0.30] * 5
    panel = panel_of(rentable_area_sqm=[10_000.0] * 89, occupied_area_sqm=[10_000 * rate for rate in rates])
    table = occupancy_bands(panel, 2020)
    assert table["buildings"].tolist() == [56, 18, 10, 5]
    assert (table["share_buildings"] * 100).round(1).tolist() == [62.9, 20.2, 11.2, 5.6]
    assert table["share_area"].sum() == pytest.approx(1, rel=RTOL)


def test_occupancy_bounds_are_closed_at_the_left_and_unknown_is_its_own_row(panel_of) -> None:
    # 12345 ㎡ at 85 % and back is where a division could fall a hair below the bound.
    panel = panel_of(
        rentable_area_sqm=[12_345.0, 10_000.0, 10_000.0, 10_000.0, 7_000.0],
        occupied_area_sqm=[12_345 * 0.85, 8_499.0, 7_000.0, 5_000.0, np.nan],
    )
    table = occupancy_bands(panel, 2020).set_index("band")
    assert table["buildings"].tolist() == [1, 2, 1, 0, 1]
    assert table.loc[NO_DATA, "rentable_area_sqm"] == 7_000.0
    assert table.loc[NO_DATA, "share_buildings"] == 0.2


def test_an_occupancy_noted_as_a_rate_keeps_its_band_through_the_division() -> None:
    rentable = pd.Series(np.arange(5_000, 60_000, 7), dtype="float64")
    assert (OCCUPANCY_BANDS.of(rentable * 0.85 / rentable) == "85%以上").all()


def test_size_bands(panel_of) -> None:
    panel = panel_of(gross_area_sqm=[9_999.0, 10_000.0, 29_999.0, 30_000.0, 50_000.0, 99_999.0, 100_000.0])
    table = size_bands(panel, 2020)
    assert table["buildings"].tolist() == [1, 2, 1, 2, 1]
    assert table["gross_area_sqm"].tolist() == [9_999.0, 39_999.0, 30_000.0, 149_999.0, 100_000.0]
    assert table["share_area"].tolist()[-1] == pytest.approx(100_000 / 329_997)


def test_places_count_every_building_on_each_level(panel_of) -> None:
    panel = panel_of(
        street=["东街道", "东街道", None],
        zone=["金融片区", None, "金融片区"],
        gross_area_sqm=[30_000.0, 20_000.0, 10_000.0],
        rentable_area_sqm=[20_000.0, 10_000.0, 8_000.0],
        occupied_area_sqm=[15_000.0, np.nan, 4_000.0],
        tax_yuan=[6e6, np.nan, 1e6],
        firms=[10.0, 5.0, np.nan],
    )
    table = places(panel, 2020).set_index(["level", "id"])
    # No building names an area: that level is left out.
    assert set(table.index.get_level_values("level")) == {"zone", "street"}
    assert table.loc[("street", "未填街道"), "buildings"] == 1
    east = table.loc[("street", "东街道")]
    # 15000 / 20000: the building without data is in neither; 6e6 / 30000 likewise.
    assert east["occupancy_rate"] == 0.75
    assert east["tax_per_sqm_yuan"] == 200.0
    assert east["rentable_area_sqm"] == 30_000.0
    assert east["firms"] == 15.0
    assert np.isnan(table.loc[("street", "未填街道"), "firms"])
    assert table["buildings"].groupby("level").sum().tolist() == [3, 3]


def test_a_stock_without_any_place_still_has_a_street_row(panel_of) -> None:
    table = places(panel_of(gross_area_sqm=[1e4, 2e4]), 2020)
    assert table[["level", "id", "buildings"]].values.tolist() == [["street", "未填街道", 2]]


def test_rollup_names_parents_and_keeps_unknown_missing(panel_of) -> None:
    panel = panel_of(
        street=["东街道", "西街道", None],
        gross_area_sqm=[1e4, 2e4, 3e4],
        rentable_area_sqm=[8e3, 1e4, 2e4],
        occupied_area_sqm=[4e3, 1e4, np.nan],
    )
    table = rollup(panel, 2020, "和安区").set_index(["level", "id"])
    assert pd.isna(table.loc[("district", "和安区"), "parent"])
    assert table.loc[("street", "未填街道"), "parent"] == "和安区"
    assert table.loc[("building", "L003"), "parent"] == "未填街道"
    assert table.loc[("district", "和安区"), "occupancy_rate"] == pytest.approx(14_000 / 18_000)
    assert np.isnan(table.loc[("district", "和安区"), "tax_yuan"])


def test_a_year_without_buildings_is_refused_and_the_others_named(panel_of) -> None:
    with pytest.raises(ValueError, match=r"2019.*2020"):
        size_bands(panel_of(gross_area_sqm=[1e4]), 2019)


_amount = st.one_of(st.none(), st.floats(0, 1e9, allow_subnormal=False))


# A panel and its tables take some 20 ms; no deadline, as the machine may be busy.
@settings(max_examples=20, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["东", "西", None]), _amount, _amount, _amount, _amount),
        min_size=1,
        max_size=25,
    ),
    st.randoms(use_true_random=False),
)
def test_the_three_levels_agree_and_row_order_does_not_matter(panel_of, rows, random) -> None:
    columns = ["street", "gross_area_sqm", "rentable_area_sqm", "occupied_area_sqm", "tax_yuan"]
    panel = panel_of(**{name: [row[at] for row in rows] for at, name in enumerate(columns)})
    table = rollup(panel, 2020, "和安区")
    for name in ("buildings", *columns[1:], "vacant_area_sqm"):
        by_level = table.groupby("level")[name].sum(min_count=1)
        np.testing.assert_allclose(by_level["district"], by_level["street"], rtol=RTOL)
        np.testing.assert_allclose(by_level["district"], by_level["building"], rtol=RTOL)
        np.testing.assert_allclose(
            by_level["district"], panel.assign(buildings=1)[name].sum(min_count=1), rtol=RTOL
        )
    order = list(range(len(panel)))
    random.shuffle(order)
    shuffled = rollup(panel.iloc[order].reset_index(drop=True), 2020, "和安区")
    pd.testing.assert_frame_equal(table, shuffled, rtol=RTOL)
