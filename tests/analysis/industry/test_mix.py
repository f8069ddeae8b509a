"""Industry mix by district, street and building, and T12."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from louyu_lab.analysis.industry.mix import MIX_COLUMNS, industry_mix, industry_summary, mix_scope

NAN = float("nan")
COLUMNS = ["enterprise_id", "building_id", "industry_code", "area_sqm", "tax_yuan", "at_year_end"]
BUILDINGS = pd.DataFrame({"building_id": ["A", "B", "C"], "street": ["甲街道", "甲街道", "乙街道"]})

#: e1 stands in two buildings, e5 left during the year, e7 is outside buildings.
ROWS = [
    ("e1", "A", "F", 100.0, 10.0, True),
    ("e2", "A", "I", 200.0, 20.0, True),
    ("e3", "A", "F", NAN, NAN, True),
    ("e4", "B", "J", 300.0, 500.0, True),
    ("e1", "B", "F", 50.0, 5.0, True),
    ("e5", "C", "F", 80.0, 7.0, False),
    ("e6", "C", "J", 40.0, NAN, True),
    ("e7", None, "F", 60.0, 9.0, True),
]


def tenants(rows: list[tuple], year: int = 2020) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=COLUMNS).assign(year=year, in_tenancies=True, enterprise="甲")
    texts = {"industry": None, "business_scope": None}
    dtypes = dict.fromkeys(["enterprise_id", "building_id", "industry_code", *texts], "str")
    return frame.assign(**texts).astype(dtypes)


def cell(mix: pd.DataFrame, level: str, id_: str, industry: str) -> list[float]:
    row = mix[(mix["level"] == level) & (mix["id"] == id_) & (mix["industry"] == industry)]
    return row[["firms", "area_sqm", "tax_yuan", "share_firms"]].iloc[0].tolist()


def test_mix_worked_by_hand() -> None:
    mix = industry_mix(tenants(ROWS), BUILDINGS, 2020, district="某区")
    assert mix.columns.tolist() == list(MIX_COLUMNS)
    # 商贸: e1 in A and in B, e3; the tax of e5, who left, still fell in the year: 10 + 5 + 7.
    assert cell(mix, "district", "某区", "商贸") == [3, 150, 22, pytest.approx(3 / 6)]
    assert cell(mix, "district", "某区", "金融") == [2, 340, 500, pytest.approx(2 / 6)]
    assert cell(mix, "street", "甲街道", "商贸") == [3, 150, 15, pytest.approx(3 / 5)]
    assert cell(mix, "building", "A", "科技") == [1, 200, 20, pytest.approx(1 / 3)]
    firms, area, tax, share = cell(mix, "building", "C", "商贸")
    assert (firms, tax, share) == (0, 7, 0)
    assert np.isnan(area)


def test_unknown_area_and_tax_are_missing_not_zero() -> None:
    mix = industry_mix(tenants([("e1", "A", "F", NAN, NAN, True)]), BUILDINGS, 2020)
    assert mix[["area_sqm", "tax_yuan"]].isna().all(axis=None)


def test_without_buildings_all_tenancies_are_counted() -> None:
    rows = tenants([("e1", None, "F", NAN, NAN, True), ("e2", None, "I", NAN, NAN, True)])
    mix = industry_mix(rows, BUILDINGS.iloc[:0], 2020)
    assert not mix_scope(rows).in_buildings
    assert "全部企业" in mix_scope(rows).label
    assert mix["level"].unique().tolist() == ["district"]
    assert mix["firms"].sum() == 2
    assert mix_scope(tenants(ROWS)).in_buildings


def test_a_building_is_not_dropped_for_want_of_a_building_ledger() -> None:
    mix = industry_mix(tenants([("e1", "X", "F", 1.0, 1.0, True)]), BUILDINGS.iloc[:0], 2020)
    assert mix["id"].tolist() == ["全区", "未填街道", "X"]


def test_a_building_outside_the_stock_counts_no_more_here_than_elsewhere() -> None:
    rows = tenants([*ROWS, ("e9", "site", "F", 1.0, 1.0, True)])
    pd.testing.assert_frame_equal(
        industry_mix(rows, BUILDINGS, 2020), industry_mix(tenants(ROWS), BUILDINGS, 2020)
    )


def test_an_enterprise_keeps_the_industry_another_year_tells() -> None:
    before, now = tenants(ROWS[:1], 2019), tenants(ROWS[:1], 2020).assign(industry_code=None)
    both = pd.concat([before, now], ignore_index=True)
    assert industry_mix(both, BUILDINGS, 2020)["industry"].unique().tolist() == ["商贸"]


def test_a_year_without_rows_is_empty() -> None:
    assert len(industry_mix(tenants(ROWS), BUILDINGS, 1999)) == 0


row = st.tuples(
    st.sampled_from([f"e{number}" for number in range(9)]),
    st.sampled_from(["A", "B", "C"]),
    st.sampled_from(["F", "I", "J", "K", None]),
    st.one_of(st.just(NAN), st.integers(1, 10_000).map(float)),
    st.one_of(st.just(NAN), st.integers(-10_000, 10_000).map(float)),
    st.booleans(),
)


@settings(max_examples=12, deadline=None)
@given(st.lists(row, min_size=1, max_size=30, unique_by=lambda r: r[:2]), st.randoms())
def test_levels_add_up_and_order_does_not_matter(rows: list[tuple], random) -> None:
    mix = industry_mix(tenants(rows), BUILDINGS, 2020)
    for measure in ("firms", "area_sqm", "tax_yuan"):
        totals = mix.groupby("level")[measure].sum()
        # Whole numbers below 1e6: sums are exact.
        assert totals.nunique() == 1
    shares = mix.groupby(["level", "id"])[["firms", "share_firms"]].sum()
    present = shares["firms"] > 0
    # A sum of at most 16 fractions: rounding stays far below 1e-12.
    assert np.allclose(shares.loc[present, "share_firms"], 1, rtol=0, atol=1e-12)
    shuffled = random.sample(rows, len(rows))
    # One enterprise, one industry: only codes that agree are comparable between orders.
    if pd.DataFrame(rows).groupby(0)[2].nunique(dropna=False).max() == 1:
        pd.testing.assert_frame_equal(mix, industry_mix(tenants(shuffled), BUILDINGS, 2020))


def test_summary_worked_by_hand() -> None:
    now = industry_mix(tenants(ROWS), BUILDINGS, 2020)
    earlier = [("e1", "A", "F", 1.0, 1.0, True), ("e3", "A", "F", 1.0, 1.0, True)]
    earlier += [("e4", "B", "J", 1.0, 1.0, True), ("e6", "C", "J", 1.0, 1.0, True)]
    earlier += [("e8", "C", "K", 1.0, 1.0, True)]
    before = industry_mix(tenants(earlier, 2019), BUILDINGS, 2019)
    summary = industry_summary(now, before).set_index("industry")
    assert summary.index.tolist() == ["商贸", "金融", "科技", "房地产"]
    # 商贸: 2 of 5 became 3 of 6: 同比增长 50 %, 占比提高 10 个百分点.
    assert summary.loc["商贸", "firms_change_rate"] == pytest.approx(0.5)
    assert summary.loc["商贸", "share_change"] == pytest.approx(0.1)
    assert summary.loc["商贸", "share_area"] == pytest.approx(150 / 690)
    assert summary.loc["商贸", "share_tax"] == pytest.approx(22 / 542)
    # New: no growth rate; gone: all lost.
    assert np.isnan(summary.loc["科技", "firms_change_rate"])
    assert summary.loc["科技", "share_change"] == pytest.approx(1 / 6)
    assert summary.loc["房地产", "firms_change_rate"] == -1
    assert summary.loc["房地产", "share_change"] == pytest.approx(-0.2)
    assert summary["share_change"].sum() == pytest.approx(0)


def test_summary_of_a_first_year_has_no_changes() -> None:
    summary = industry_summary(industry_mix(tenants(ROWS), BUILDINGS, 2020))
    assert summary[["firms_previous", "firms_change_rate", "share_change"]].isna().all(axis=None)
    assert summary["share_firms"].sum() == pytest.approx(1)
