"""Series and tenants combined: no look into the future, always the same, between both."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.tax.outlook import tax_outlook
from louyu_lab.analysis.tax.outlook.combining import LearnedWeight, combined, weights
from louyu_lab.analysis.tax.outlook.components import Components, all_components
from louyu_lab.analysis.tax.paths import TaxPaths
from louyu_lab.analysis.tax.tenants import tenant_weight
from louyu_lab.analysis.tax.tenants.departing import Departures


@pytest.fixture(scope="module")
def altered(district) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The district with other taxes after 2018, the rows shuffled."""

    def changed(frame: pd.DataFrame) -> pd.DataFrame:
        later = frame["year"] > 2018
        money = {
            name: frame[name].where(~later, frame[name] * 3 + 1e5)
            for name in ("tax_yuan", "recurring_tax_yuan")
        }
        return frame.assign(**money).sample(frac=1, random_state=3)

    return changed(district[0]), changed(district[1])


def test_former_forecasts_know_nothing_of_later_years(planted, altered):
    other = tax_outlook(*altered, 2020, 2, 1)
    past = planted.outlook.past
    assert list(past) == [2017, 2018, 2019]
    for origin in (2017, 2018):
        assert np.array_equal(past[origin].yuan, other.past[origin].yuan)
    # The taxes altered are seen where they should be.
    assert not np.array_equal(past[2019].yuan, other.past[2019].yuan)
    assert not np.array_equal(planted.outlook.paths.yuan, other.paths.yuan)


def test_the_same_for_the_same_seed_in_any_order_of_rows(planted, district, tell):
    again = tell(*(frame.sample(frac=1, random_state=4) for frame in district))
    assert np.array_equal(again.outlook.paths.yuan, planted.outlook.paths.yuan)
    assert again.outlook.weight == planted.outlook.weight
    assert again.table.equals(planted.table)


def test_paths_are_of_the_standing_buildings(planted):
    outlook = planted.outlook
    standing = outlook.recurring.building_id[outlook.recurring.is_standing]
    assert outlook.paths.building_id.tolist() == standing.tolist()
    assert outlook.paths.years.tolist() == [2021, 2022]
    assert np.isfinite(outlook.paths.yuan).all()
    assert 0 <= outlook.weight <= 1


def test_without_enterprises_the_series_stand_alone(panels_of, buildings):
    outlook = tax_outlook(*panels_of(buildings), 2020, 2, 1)
    assert outlook.weight == 0
    assert outlook.tenants.refused
    made = all_components(*panels_of(buildings), 2020, 2, 1)
    assert np.array_equal(outlook.paths.yuan, made[2020].series.yuan)


def components(
    series: np.ndarray, tenants: np.ndarray, years: int = 2021, gone: np.ndarray | None = None
) -> Components:
    """Return both forecasts of one year of the buildings A, B, C; the tenants' of A and C."""
    year = np.array([years])
    own = TaxPaths(np.array(["A", "B", "C"]), np.array(["北街"] * 3), year, series[:, :, None])
    other = TaxPaths(np.array(["A", "C"]), np.array(["北街"] * 2), year, tenants[:, :, None])
    return Components(None, own, tenants_of(other, gone))


def tenants_of(
    paths: TaxPaths, gone: np.ndarray | None = None, steps: int = 6, listed: tuple[float, float] = (1.0, 1.0)
) -> SimpleNamespace:
    """Return what stands for a forecast of tenants; ``gone`` (draws,) what went with a large payer of C."""
    yuan = np.zeros((len(paths.yuan), 1, 1)) if gone is None else gone[:, None, None]
    return SimpleNamespace(
        paths=paths,
        departures=Departures(np.zeros(1, int), np.ones(1, int), yuan),
        steps=steps,
        listed_share=np.array(listed),
    )


@pytest.fixture(scope="module")
def parts() -> Components:
    rng = np.random.default_rng(0)
    return components(rng.normal([9.0, 5.0, 1.0], 1.0, (400, 3)), rng.normal([16.0, 4.0], 2.0, (400, 2)))


def test_weight_0_is_the_series(parts):
    assert combined(parts, 0.0) is parts.series


def test_weight_1_is_the_tenants_draw_by_draw(parts):
    made = combined(parts, 1.0)
    assert np.allclose(made.yuan[:, [0, 2]], parts.tenants.paths.yuan)
    # B's taxpayers are not known.
    assert np.array_equal(made.yuan[:, 1], parts.series.yuan[:, 1])


def test_a_building_whose_taxpayers_are_not_listed_keeps_its_series(parts):
    tenants = tenants_of(parts.tenants.paths, listed=(0.0, 1.0))
    made = combined(replace(parts, tenants=tenants), 1.0)
    assert np.allclose(np.sort(made.yuan[:, 0, 0]), np.sort(parts.series.yuan[:, 0, 0]))
    assert np.allclose(made.yuan[:, 2], parts.tenants.paths.yuan[:, 1])


def test_medians_lie_between_and_draws_keep_their_order(parts):
    made = combined(parts, 0.5).yuan[:, [0, 2], 0]
    own, other = parts.series.yuan[:, [0, 2], 0], parts.tenants.paths.yuan[:, :, 0]
    middles = np.sort(np.median([own, other], axis=1), axis=0)
    assert (middles[0] < np.median(made, axis=0)).all()
    assert (np.median(made, axis=0) < middles[1]).all()
    assert np.array_equal(np.argsort(made, axis=0), np.argsort(other, axis=0))


def test_quantiles_meet_half_way_on_the_scale_of_roots():
    # √9 = 3 and √25 = 5 meet in 4² = 16; refunds: −√1 and √9 meet in 1² = 1.
    parts = components(np.array([[9.0, 1.0, -1.0]]), np.array([[25.0, 9.0]]))
    assert combined(parts, 0.5).yuan.ravel().tolist() == [16.0, 1.0, 1.0]


def test_a_small_chance_of_losing_nearly_all_remains_one():
    # C's largest payer, 98 of 100, is gone in 8 of 200 draws: 3.92 % of the tax on average. The series, 121 in
    # every draw, has that in its trend: without it, 121 ÷ 0.9608. Half way between its root and that of 100;
    # 2 % of the square is left in the 8 draws.
    tenants, gone = np.full((200, 2), 100.0), np.zeros(200)
    at = np.arange(10, 18)
    tenants[at, 1], gone[at] = 2.0, 98.0
    parts = components(np.full((200, 3), 121.0), tenants, gone=gone)
    made = combined(parts, 0.5).yuan[:, 2, 0]
    assert np.flatnonzero(made < 50).tolist() == at.tolist()
    middle = ((np.sqrt(121 / 0.9608) + 10) / 2) ** 2
    assert made[at] == pytest.approx(0.02 * middle)
    assert np.delete(made, at) == pytest.approx(middle)
    # With all the weight on the tenants every draw is theirs, refunds that remain included.
    tenants[at[:3], 1], gone[at[:3]] = [-5.0, 0.0, -1.0], [105.0, 100.0, 0.5]
    theirs = components(np.full((200, 3), 121.0), tenants, gone=gone)
    assert combined(theirs, 1.0).yuan[:, 2, 0] == pytest.approx(tenants[:, 1])


def test_who_may_lose_its_largest_payer_may_fall(panels_of):
    # One of the forty buildings' payers leaves every year; B00 lives on one that pays 2亿 of 2.04亿.
    rng = np.random.default_rng(1)
    firms = {("B00", "boss", "金融业"): [2e8 * 1.05**year for year in range(5)]}
    for at in range(200):
        gone = int(rng.geometric(0.12))
        home = f"B{at % 40:02d}"
        own = [1e6 * (1 + at % 7) * 1.05**year for year in range(5)]
        firms[home, f"e{at:03d}", "批发和零售业"] = [
            tax if year < gone else None for year, tax in enumerate(own)
        ]
    buildings = {
        f"B{at:02d}": [
            sum(own[year] or 0.0 for (home, *_), own in firms.items() if home == f"B{at:02d}")
            for year in range(5)
        ]
        for at in range(40)
    }
    outlook = tax_outlook(*panels_of(buildings, firms), 2020, 3, 0)
    model, departures = outlook.tenants.model, outlook.tenants.departures
    boss = int(np.flatnonzero(model.units.enterprise_id == "boss")[0])
    gone = departures.yuan[:, departures.unit == boss, 2].sum(axis=1) > 0
    assert 0.01 < gone.mean() < 0.3
    fallen = outlook.paths.yuan[:, 0, 2] < 1e8
    # Who goes in the third year still pays a part of it; those gone before then pay nothing. Nothing else can
    # take half of the building: nobody's chance is that large here.
    before = departures.yuan[:, departures.unit == boss, 1].sum(axis=1) > 0
    assert before.sum() <= fallen.sum() <= gone.sum()
    assert fallen[before].all()


def test_weights_learn_from_errors_known_at_the_origin(history_of):
    # A, B and C pay 100 in every year but the last, when the tenants' forecast of 200 comes true.
    tax = np.full((3, 4), 100.0)
    tax[:, 3] = 200.0
    history = history_of(tax, first=2018)
    history = SimpleNamespace(
        building_id=np.array(["A", "B", "C"]), years=history.years, tax_yuan=history.tax_yuan
    )
    made = {
        origin: components(np.full((5, 3), 100.0), np.full((5, 2), 200.0), origin + 1)
        for origin in (2018, 2019, 2020, 2021)
    }
    found = weights(made, history)
    actual, tenants, series = np.array([100.0] * 4 + [200.0] * 2), np.full(6, 200.0), np.full(6, 100.0)
    for origin, rows in ((2018, 0), (2019, 2), (2020, 4), (2021, 6)):  # in 2018 nothing is known yet
        value = tenant_weight(actual[:rows], tenants[:rows], series[:rows], 6)
        assert found[origin] == LearnedWeight(value, rows, tuple(range(2018, origin)), 6)
    assert found[2020].value < found[2019].value < found[2018].value


def test_the_model_refused_has_no_weight(history_of):
    refused = components(np.ones((5, 3)), np.ones((5, 2)))
    none = TaxPaths(np.empty(0, "str"), np.empty(0, "str"), np.array([2021]), np.zeros((5, 0, 1)))
    refused = Components(None, refused.series, tenants_of(none, steps=0))
    found = weights({2020: refused}, history_of(np.ones((3, 4)), first=2017))
    assert found == {2020: LearnedWeight(0.0, 0, (), 0)}


def test_years_without_tax_by_enterprise_teach_nothing(panels_of, buildings, firms):
    # Tax by enterprise of 2019 and 2020 alone: the model is refused in every former year.
    late = {key: [None] * 3 + own[3:] for key, own in firms.items()}
    outlook = tax_outlook(*panels_of(buildings, late), 2020, 2, 1)
    # A sixth of the usual 0.6: one pair of years.
    assert outlook.learned == LearnedWeight(pytest.approx(0.1), 0, (), 1)
    assert outlook.weight == outlook.learned.value
    assert {weight.value for weight in outlook.past_learned.values()} == {0.0}
