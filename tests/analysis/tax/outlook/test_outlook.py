"""Series and tenants combined: no look into the future, always the same, between both."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.tax.outlook import tax_outlook
from louyu_lab.analysis.tax.outlook.combining import combined, weights
from louyu_lab.analysis.tax.outlook.components import Components, all_components
from louyu_lab.analysis.tax.paths import TaxPaths
from louyu_lab.analysis.tax.tenants import tenant_weight


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


def components(series: np.ndarray, tenants: np.ndarray, years: int = 2021) -> Components:
    """Return both forecasts of one year of the buildings A, B, C; the tenants' of A and C."""
    year = np.array([years])
    own = TaxPaths(np.array(["A", "B", "C"]), np.array(["北街"] * 3), year, series[:, :, None])
    other = TaxPaths(np.array(["A", "C"]), np.array(["北街"] * 2), year, tenants[:, :, None])
    return Components(None, own, SimpleNamespace(paths=other))


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
    assert found[2018] == tenant_weight(actual[:0], tenants[:0], series[:0])  # nothing known yet
    assert found[2019] == tenant_weight(actual[:2], tenants[:2], series[:2])
    assert found[2020] == tenant_weight(actual[:4], tenants[:4], series[:4])
    assert found[2021] == tenant_weight(actual, tenants, series)
    assert found[2020] < found[2019] < found[2018]


def test_the_model_refused_has_no_weight(history_of):
    refused = components(np.ones((5, 3)), np.ones((5, 2)))
    none = TaxPaths(np.empty(0, "str"), np.empty(0, "str"), np.array([2021]), np.zeros((5, 0, 1)))
    refused = Components(None, refused.series, SimpleNamespace(paths=none))
    assert weights({2020: refused}, history_of(np.ones((3, 4)), first=2017)) == {2020: 0.0}
