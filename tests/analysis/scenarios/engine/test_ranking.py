import numpy as np

from louyu_lab.analysis.scenarios.engine.ranking import ranked, scale_of


def test_a_forecast_of_as_many_draws_is_taken_draw_for_draw():
    rng = np.random.default_rng(0)
    own, forecast = rng.random((50, 2, 3)), np.sort(rng.lognormal(size=(50, 2, 3)), axis=0)
    made = ranked(own, forecast)
    np.testing.assert_array_equal(np.sort(made, axis=0), forecast)
    np.testing.assert_array_equal(np.argsort(made, axis=0), np.argsort(own, axis=0))


def test_chances_agree_for_other_numbers_of_draws():
    rng = np.random.default_rng(1)
    forecast = np.sort(rng.lognormal(18, 1, size=(1000, 1, 1)), axis=0)
    for draws in (200, 1000, 3000):
        made = ranked(rng.random((draws, 1, 1)), forecast)
        for bound in (5e7, 1e8):
            difference = abs((made >= bound).mean() - (forecast >= bound).mean())
            assert difference <= 1 / min(draws, 1000) + 1e-12


def test_buildings_without_a_forecast_keep_their_own():
    own = np.random.default_rng(2).random((10, 2, 1))
    forecast = np.full((5, 2, 1), np.nan)
    forecast[:, 0] = np.arange(5.0)[:, None]
    made = ranked(own, forecast)
    np.testing.assert_array_equal(made[:, 1], own[:, 1])
    assert made[:, 0].min() == 0 and made[:, 0].max() == 4


def test_scale_is_one_where_the_engine_has_nothing_and_bounded():
    assert scale_of(np.array([0.0, 2.0, 1e-9]), np.array([5.0, 3.0, 1.0])).tolist() == [1.0, 1.5, 10.0]
