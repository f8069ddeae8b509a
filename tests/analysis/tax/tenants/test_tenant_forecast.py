"""The forecast adds up, knows nothing of later years, copes with poor data, and finds planted truth."""

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.tax.tenants import origin_errors, tenant_forecast, tenant_weight
from louyu_lab.analysis.tax.tenants.simulation import BASE, ENTERED, LEFT, MOVED, PARTS


def forecast(panels, year=2020, horizon=3, draws=200, seed=0):
    return tenant_forecast(*panels, year, horizon, np.random.default_rng(seed), draws)


@pytest.fixture(scope="module")
def district(planted):
    return planted(1)


@pytest.fixture(scope="module")
def made(district):
    tenants, panel, _ = district
    return forecast((tenants, panel), draws=600)


def test_parts_add_up_to_the_paths(made):
    assert made.draws.sum(axis=0) == pytest.approx(made.paths.yuan, rel=1e-12)
    sums = made.parts.groupby(["building_id", "year"])["mean_yuan"].sum().to_numpy()
    assert sums == pytest.approx(made.paths.yuan.mean(axis=0).ravel(), rel=1e-6)


def test_the_base_is_the_recurring_tax_of_the_year(made, district):
    _, panel, _ = district
    base = made.parts[(made.parts["part"] == BASE) & (made.parts["year"] == 2021)].set_index("building_id")
    paid = panel[panel["year"] == 2020].set_index("building_id")["recurring_tax_yuan"]
    assert base["mean_yuan"].to_numpy() == pytest.approx(paid.reindex(base.index).to_numpy())


def test_moves_stay_in_the_district_and_exits_only_take(made):
    parts = made.parts.pivot_table(index="year", columns="part", values="mean_yuan", aggfunc="sum")
    assert parts[MOVED].abs().max() < 1e-6 * parts[BASE].max()
    assert (parts[LEFT] < 0).all() and (parts[ENTERED] > 0).all()
    assert parts[LEFT].is_monotonic_decreasing


def test_planted_years_are_met_better_than_by_the_last_value(made, district):
    _, panel, truth = district
    last = panel[panel["year"] == 2020].set_index("building_id")["recurring_tax_yuan"]
    last = last.reindex(made.paths.building_id).fillna(0.0).to_numpy()
    facts = truth.buildings.set_index("building_id").reindex(made.paths.building_id)
    for step, year in enumerate(made.paths.years):
        actual = facts[f"recurring_tax_yuan_{year}"].to_numpy()
        yuan = made.paths.yuan[:, :, step]
        error = np.abs(np.median(yuan, axis=0) - actual).sum()
        # Over 12 districts of 89 buildings, not looked at before, the ratio was 0.82, 0.74 and 0.70.
        assert error < 0.9 * np.abs(last - actual).sum()
        lo, hi = np.quantile(yuan, (0.025, 0.975), axis=0)
        # 40 buildings at some 91 % (12 districts): three standard errors are 13 points, down to 78 %.
        assert ((lo <= actual) & (actual <= hi)).mean() >= 0.78


def test_later_years_are_not_looked_at(district):
    tenants, panel, _ = district
    whole = forecast((tenants, panel), year=2018, draws=20)
    then = forecast((tenants[tenants["year"] <= 2018], panel[panel["year"] <= 2018]), year=2018, draws=20)
    assert np.array_equal(whole.paths.yuan, then.paths.yuan)


def test_rows_may_come_in_any_order(panels_of, steady):
    tenants, panel = panels_of(steady(firms=60, years=4))
    mixed = tenants.sample(frac=1.0, random_state=1), panel.sample(frac=1.0, random_state=2)
    assert np.array_equal(forecast((tenants, panel)).paths.yuan, forecast(mixed).paths.yuan)


def test_steady_firms_go_on_growing(panels_of, steady):
    made = forecast(panels_of(steady(noise=0.02)), draws=2000)
    total = made.paths.yuan.sum(axis=1)
    base = made.draws[0, 0].sum(axis=0)[0]
    # Nobody ever left in 2,100 tenant-years: some 0.1–0.2 % a year is left of the prior, moves aside.
    expected = base * np.exp(0.05 * np.arange(1, 4))
    # A common shock of sd ≤ 0.03 a year: its mean over 2,000 draws is good to 0.2 %; exits take up to 1 %.
    assert np.median(total, axis=0) == pytest.approx(expected, rel=0.02)


def test_small_payers_as_sums_agree_with_one_by_one(district, monkeypatch):
    tenants, panel, _ = district
    singly = forecast((tenants, panel), draws=400)
    monkeypatch.setattr("louyu_lab.analysis.tax.tenants.staying._SINGLY", 300)
    summed = forecast((tenants, panel), draws=400)
    for made in (singly.paths.yuan, summed.paths.yuan):
        assert np.isfinite(made).all()
    one, two = (made.paths.yuan.sum(axis=1) for made in (singly, summed))
    # Standard error of a difference of means of 400 draws, three of them: 3 × √2 × sd ÷ 20 = 0.21 sd.
    assert (np.abs(one.mean(axis=0) - two.mean(axis=0)) < 0.25 * one.std(axis=0)).all()
    assert two.std(axis=0) == pytest.approx(one.std(axis=0), rel=0.2)


@pytest.mark.parametrize("tax", [0.0, -50.0, 100.0])
def test_one_building_one_firm(panels_of, tax):
    rows = [{"firm": "a", "building": "B1", "year": year, "tax": 100.0} for year in (2018, 2019)]
    made = forecast(panels_of([*rows, {"firm": "a", "building": "B1", "year": 2020, "tax": tax}]))
    if tax > 0:
        assert np.isfinite(made.paths.yuan).all()
        assert made.paths.yuan.shape == (200, 1, 3)
    else:
        assert made.refused == "2020 年没有分企业的税收"


def test_refunds_and_zeros_beside_payers(panels_of, steady):
    rows = steady(firms=40, years=4)
    rows += [{"firm": "zero", "building": "B1", "year": year, "tax": 0.0} for year in range(2017, 2021)]
    rows += [
        {"firm": "back", "building": "B1", "year": year, "tax": tax}
        for year, tax in zip(range(2017, 2021), (5e5, 5e5, -2e5, -1e5), strict=True)
    ]
    made = forecast(panels_of(rows))
    assert np.isfinite(made.paths.yuan).all()


def test_building_totals_alone(panels_of, steady):
    tenants, panel = panels_of(steady(firms=20, years=4))
    made = forecast((tenants.iloc[:0], panel))
    assert made.refused == "2020 年没有分企业的税收"
    assert made.paths.yuan.shape == (200, 0, 3)
    assert len(made.parts) == 0
    assert len(origin_errors(tenants.iloc[:0], panel, 2020, 2, np.random.default_rng(0))) == 0


def test_what_nobody_listed_pays_grows_along(panels_of, steady):
    tenants, panel = panels_of(steady(firms=200, noise=0.05))
    panel["recurring_tax_yuan"] *= 2.0
    made = forecast((tenants, panel), draws=1000)
    part = made.parts[made.parts["part"] == "未列名企业增减"].groupby("year")["mean_yuan"].sum()
    base = panel.loc[panel["year"] == 2020, "recurring_tax_yuan"].sum() / 2
    # As the firms'. The mean's standard error over 1,000 draws of sd 0.03 and, over six buildings, of 0.15
    # a year: (0.03 + 0.15 ÷ √6) ÷ √1000 = 0.003 of the base in a year, √3 times that after three.
    expected = base * np.expm1(made.model.growth.shocks.expected(3))
    assert part.to_numpy() == pytest.approx(expected, abs=0.02 * base)


def test_origins(panels_of, steady):
    tenants, panel = panels_of(steady(firms=60, years=6))
    found = origin_errors(tenants, panel, 2020, 2, np.random.default_rng(0), draws=50)
    # 2015 has no year before it; the last origin looks one year ahead only. Six buildings.
    assert found.groupby(["origin", "horizon"]).size().to_dict() == {
        (2016, 1): 6, (2016, 2): 6, (2017, 1): 6, (2017, 2): 6, (2018, 1): 6, (2018, 2): 6, (2019, 1): 6,
    }  # fmt: skip
    actual = panel.set_index(["building_id", "year"])["recurring_tax_yuan"]
    keys = pd.MultiIndex.from_arrays([found["building_id"], found["origin"] + found["horizon"]])
    assert found["actual_yuan"].to_numpy() == pytest.approx(actual.reindex(keys).to_numpy())


def test_the_weight_follows_who_was_right():
    actual = np.full(800, 100.0)
    right, wrong = actual, np.full(800, 200.0)
    # 800 ÷ 1,000 of the way from 0.6 to 1 and to 0.
    assert tenant_weight(actual, right, wrong, 7) == pytest.approx(0.92)
    assert tenant_weight(actual, wrong, right, 7) == pytest.approx(0.12)
    assert tenant_weight(actual[:0], right[:0], wrong[:0], 7) == 0.6
    # Of a model learned from one pair of years a sixth of 0.6 is believed, from three a half.
    assert tenant_weight(actual[:0], right[:0], wrong[:0], 1) == pytest.approx(0.1)
    assert tenant_weight(actual[:0], right[:0], wrong[:0], 3) == pytest.approx(0.3)
    assert tenant_weight(actual, right, wrong, 1) == pytest.approx(0.8 + 0.2 * 0.1)


def test_what_goes_with_large_payers(panels_of, steady):
    rows = steady(firms=60, years=6, buildings=3)
    rows += [{"firm": "boss", "building": "B0", "year": year, "tax": 2e8} for year in range(2015, 2021)]
    # Gone by the end of 2020: that is sure.
    rows += [
        {"firm": "left", "building": "B1", "year": year, "tax": 1e8, "here": year < 2020}
        for year in range(2015, 2021)
    ]
    made = forecast(panels_of(rows), draws=4000)
    departures, model = made.departures, made.model
    names = model.units.enterprise_id[departures.unit].tolist()
    at = [names.index(name) for name in ("boss", "left")]
    assert departures.home[at].tolist() == [0, 1]
    boss, left = departures.yuan[:, at[0]], departures.yuan[:, at[1]]
    assert (left[:, 1:] == 1e8).all()
    assert left[0, 0] == 1e8 * (1 - model.leaving.late_rate)
    # Who is gone is gone for good, up to moves; the chance is that of leaving the building. Standard error
    # of a share of 4,000 draws: 0.5 points at 10 %.
    stays = (1 - model.leaving.exit_rate) * (1 - model.leaving.move_rate)
    chance = 1 - stays[departures.unit[at[0]]] ** np.arange(1, 4)
    assert (boss > 0).mean(axis=0) == pytest.approx(chance, abs=0.015)
    rest = made.paths.yuan[:, 0] + departures.by_building(3)[:, 0]
    assert (rest > boss).all()
    # Gone as well is who pays on in another building: some of its draws move 2亿 away.
    moved = made.draws[PARTS.index(MOVED), :, 0, 2] < -1e8
    assert moved.any() and (boss[moved, 2] > 0).all()
    assert (made.paths.yuan[:, 0, 2][boss[:, 1] > 0] < 1e8).all()
