"""Growth of the same tenants: common shocks, breaks, lasting differences, what stays of chance."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from louyu_lab.analysis.tax.tenants import breaks, tax_breaks
from louyu_lab.analysis.tax.tenants.breaks import (
    UNTESTED_ZH,
    UNUSUAL_ZH,
    USUAL_ZH,
)
from louyu_lab.analysis.tax.tenants.growth import Pool, fit_growth, shrunk_means
from louyu_lab.analysis.tax.tenants.shocks import common_growth, fit_shocks
from louyu_lab.analysis.tax.tenants.units import units_until


def test_common_growth_by_hand():
    grown = np.array([[0.1], [0.2], [5.0]])
    # Median 0.2, so 5.0 is cut to 1.2: (0.1 + 0.2 + 2 × 1.2) ÷ 4 = 0.675.
    assert common_growth(grown, np.array([[1.0], [1.0], [2.0]])) == pytest.approx([0.675])
    assert np.isnan(common_growth(grown, np.zeros((3, 1)))).all()


def test_a_break_by_hand():
    years = np.arange(2015, 2021)
    shocks = np.array([0.04, 0.05, 0.06, 0.05, 0.05, -0.05])
    row = breaks.tested_breaks(years, shocks).set_index("year").loc[2020]
    # The others: mean 0.05, s = √(2 × 0.01² ÷ 4) = 0.00707; t = 0.10 ÷ (0.00707 × √1.2) = 12.91 on 4.
    assert row["usual"] == pytest.approx(0.05)
    assert row["p_value"] == pytest.approx(2 * stats.t.sf(0.10 / (np.sqrt(5e-5) * np.sqrt(1.2)), 4))
    assert row["is_unusual"]
    table = tax_breaks(years, shocks).set_index("year")
    assert table.index.tolist() == [2016, 2018, 2019, 2020]
    assert table["verdict"].tolist() == [USUAL_ZH] * 3 + [UNUSUAL_ZH]
    assert table.loc[2020, "growth_rate"] == pytest.approx(np.exp(-0.05) - 1)


def test_few_years_are_not_tested():
    table = tax_breaks(np.array([2019, 2020]), np.array([0.05, -0.5]))
    assert table["verdict"].tolist() == [UNTESTED_ZH] * 2
    assert not table["is_left_out"].any()
    assert len(tax_breaks(np.array([2011, 2012]), np.array([0.0, 0.1]))) == 0


def test_known_breaks_are_whole():
    known = breaks.known_breaks()
    assert [item.year for item in known] == sorted(item.year for item in known)
    assert all(0 <= item.returns <= 1 and item.title and item.meaning for item in known)


def test_an_unusual_break_is_left_out_and_owed():
    years = np.arange(2014, 2021)
    grown = np.tile([0.04, 0.05, 0.06, 0.05, 0.05, 0.05, -0.05], (4, 1))
    shocks = fit_shocks(years, grown, np.ones_like(grown))
    assert shocks.left_out == (2020,)
    assert shocks.mean == pytest.approx(0.05)  # of the six years before
    # 0.10 below the mean, half of what is left comes back each year: 0.05, 0.075.
    assert shocks.expected(2) == pytest.approx([0.05 + 0.05, 0.10 + 0.075])
    # Prior of 2 years of 0.05²: √((2 × 0.0025 + 0.0002) ÷ (2 + 5)).
    assert shocks.sd == pytest.approx(np.sqrt((2 * 0.0025 + 0.0002) / 7))


def test_shrinkage_by_hand():
    # Two groups of two, weights 1: means 0 and 4, k = (1+1+1+1) ÷ (4−2) = 2, v = 1 each, centre 2.
    # Q = 4 + 4 − 1 = 7, C = 2 − 2÷2 = 1, τ² = 7: means ∓2 × 7/8, error √(7 ÷ 8).
    found, error = shrunk_means(np.array([-1.0, 1, 3, 5]), np.ones(4), np.array([0, 0, 1, 1]), 3)
    assert found == pytest.approx([-1.75, 1.75, 0.0])
    assert error == pytest.approx([np.sqrt(7 / 8)] * 2 + [np.sqrt(7)])


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.floats(-3, 3), st.floats(0.1, 9), st.integers(0, 4)), min_size=2, max_size=40))
def test_shrinkage_never_overshoots(rows):
    values, weight, group = (np.array(part) for part in zip(*rows, strict=True))
    found, error = shrunk_means(values, weight, group, 5)
    assert np.isfinite(found).all() and (error >= 0).all()
    assert np.abs(found).max() <= np.ptp(values) + 1e-9


def test_a_pool_keeps_the_sum_of_money():
    tax, chance = np.array([1.0, 3.0]), np.log([2.0, 0.5])
    # 1 × 2 + 3 × 0.5 = 3.5 of 4 expected.
    assert Pool(chance, tax).moment(1.0) == pytest.approx(3.5 / 4)
    drawn = Pool(chance, tax).draw((20_000,), np.random.default_rng(0))
    # The larger is drawn three times in four; its standard error is √(3/16 ÷ 20000) = 0.003.
    assert (drawn < 0).mean() == pytest.approx(0.75, abs=0.012)


def test_chance_of_one_year_and_lasting_chance_are_told_apart(panels_of, steady):
    passing = fit_growth(units_until(*panels_of(steady(noise=0.3)), 2020))
    assert passing.persistence <= 0.2
    rng = np.random.default_rng(1)
    rows = steady(noise=0.0)
    walk = np.cumsum(0.3 * rng.standard_normal((300, 8)), axis=1)
    for at, row in enumerate(rows):
        row["tax"] *= np.exp(walk[at // 8, at % 8])
    assert fit_growth(units_until(*panels_of(rows), 2020)).persistence >= 0.8


def test_what_a_building_adds_every_year_is_found(panels_of, steady):
    rows = steady(noise=0.1)
    extra = {f"B{at}": value for at, value in enumerate((-0.09, -0.03, 0.0, 0.02, 0.04, 0.06))}
    for row in rows:
        row["tax"] *= np.exp(extra[row["building"]] * (row["year"] - 2013))
    found = fit_growth(units_until(*panels_of(rows), 2020)).building
    # 50 firms, slopes over six years with endpoint noise 0.1 × √2 ÷ 6 = 0.024: 0.0033 a building, × 3.
    assert found == pytest.approx(list(extra.values()), abs=0.01)


def test_industries_differ(panels_of, steady):
    rows = steady(noise=0.1)
    for row in rows:
        row["industry"] = "金融" if int(row["firm"][1:]) % 4 < 2 else "商贸"
        row["tax"] *= np.exp((0.05 if row["industry"] == "金融" else -0.05) * (row["year"] - 2013))
    sector = fit_growth(units_until(*panels_of(rows), 2020)).sector
    assert sector["金融"] - sector["商贸"] == pytest.approx(0.10, abs=0.01)
