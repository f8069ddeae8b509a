"""Joint draws: each series as its intervals say, together as they erred together."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm, rankdata

from louyu_lab.analysis.tax.forecasting import forecast_panel, simulate_panel
from louyu_lab.analysis.tax.forecasting.forecasting import ALL_ZERO, NO_DATA, WEIGHED
from louyu_lab.analysis.tax.forecasting.series import MOST_VALUES

DRAWS = 4000


def long(y: np.ndarray) -> pd.DataFrame:
    """Rows of a matrix as yearly series up to 2020."""
    series, years = y.shape
    ids = np.repeat([f"b{at:03d}" for at in range(series)], years)
    return pd.DataFrame(
        {"unique_id": ids, "ds": np.tile(np.arange(2021 - years, 2021), series), "y": y.ravel()}
    )


def walks(series: int, years: int, sd: float = 0.1) -> np.ndarray:
    rng = np.random.default_rng(3)
    return 1e7 * np.exp(np.cumsum(rng.normal(0.02, sd, (series, years)), axis=1))


@pytest.fixture(scope="module")
def short() -> pd.DataFrame:
    """Too short to teach: the usual share of a tenth is common."""
    return long(walks(24, 4))


@pytest.fixture(scope="module")
def drawn(short) -> np.ndarray:
    return simulate_panel(short, 4, draws=DRAWS).paths


def scores(paths: np.ndarray) -> np.ndarray:
    return norm.ppf((rankdata(paths, axis=0) - 0.5) / len(paths))


def test_margins_are_those_of_the_table(short, drawn):
    made = forecast_panel(short, 4, levels=(50, 80, 95))
    for name, part in (("median", 0.5), ("lo-80", 0.1), ("hi-80", 0.9), ("lo-50", 0.25), ("hi-95", 0.975)):
        below = (drawn <= made[name].to_numpy().reshape(24, 4)).mean(axis=0)
        # 4 standard errors of a share of 4,000 draws, the largest of 96 looked at.
        assert below == pytest.approx(part, abs=4 * np.sqrt(part * (1 - part) / DRAWS)), name


def test_the_mean_is_that_of_the_draws(short, drawn):
    # Both take the outermost quantiles for what lies beyond them. A series' draws spread by 40 % at most:
    # of 4,000 the mean is known to 0.6 %, and the tenth that is common moves all means at once.
    made = forecast_panel(short, 4)["mean"].to_numpy().reshape(24, 4)
    assert drawn.mean(axis=0) == pytest.approx(made, rel=0.02)
    assert drawn.mean(axis=0).sum(axis=0) == pytest.approx(made.sum(axis=0), rel=0.01)


@pytest.fixture(scope="module")
def with_a_jump() -> pd.DataFrame:
    """Sixty buildings of eight years, into one of which a head office moved in the fifth."""
    rng = np.random.default_rng(0)
    size = rng.normal(15, 1, (60, 1))
    y = np.exp(size + np.cumsum(rng.normal(0.03, 0.1, (60, 8)), axis=1))
    y[0, :4] /= 1000
    return long(y)


def test_one_building_that_jumped_decides_neither_its_own_mean_nor_that_of_others(with_a_jump):
    made = forecast_panel(with_a_jump, 3)
    drawn = simulate_panel(with_a_jump, 3, draws=DRAWS).paths
    mean, high = (made[name].to_numpy().reshape(60, 3) for name in ("mean", "hi-95"))
    # As above; the spread three years ahead is about a quarter.
    assert drawn.mean(axis=0) == pytest.approx(mean, rel=0.02)
    assert drawn.mean(axis=0).sum(axis=0) == pytest.approx(mean.sum(axis=0), rel=0.01)
    assert (mean < high).all()
    # Four years of its new level: less than twice the last, not a thousand times.
    last = with_a_jump["y"].to_numpy().reshape(60, 8)[:, -1:]
    assert (mean < 2 * last).all()
    assert (drawn < 20 * last).all()


def test_series_share_what_they_shared(drawn):
    for step in (0, 3):
        together = np.corrcoef(scores(drawn[:, :, step]).T)
        # A correlation of 0.1 over 4,000 draws is known to 0.016; of 276 pairs the mean to about 0.005.
        assert together[np.triu_indices(24, 1)].mean() == pytest.approx(0.1, abs=0.02)


def test_series_of_different_lengths_have_draws_of_their_own(short):
    # Twelve of three values and twelve of four: worked on apart, correlated no more than any two.
    uneven = short[(short["ds"] > 2017) | (short["unique_id"] >= "b012")]
    together = np.corrcoef(scores(simulate_panel(uneven, 1, draws=DRAWS).paths[:, :, 0]).T)
    assert together[:12, 12:] == pytest.approx(0.1, abs=0.08)


def test_errors_carry_over_as_in_a_random_walk(drawn):
    score = scores(drawn)
    for one, other in ((0, 1), (0, 3), (1, 3)):
        found = [np.corrcoef(score[:, at, one], score[:, at, other])[0, 1] for at in range(24)]
        assert np.mean(found) == pytest.approx(np.sqrt((one + 1) / (other + 1)), abs=0.02)


def test_common_years_make_the_total_uncertain():
    rng = np.random.default_rng(5)
    steps = rng.normal(0, 0.12, (1, 12)) + rng.normal(0, 0.05, (60, 12))
    paths = simulate_panel(long(1e6 * np.exp(np.cumsum(steps, axis=1))), 2, draws=800).paths
    assert np.corrcoef(scores(paths[:, :, 0]).T)[np.triu_indices(60, 1)].mean() > 0.35


def test_the_same_seed_the_same_draws(short):
    one = simulate_panel(short, 2, seed=5, draws=20).paths
    np.testing.assert_array_equal(one, simulate_panel(short, 2, seed=5, draws=20).paths)
    assert (one != simulate_panel(short, 2, seed=6, draws=20).paths).any()


def test_another_unit_the_same_draws(short):
    paths = simulate_panel(short, 2, draws=20).paths
    other = simulate_panel(short.assign(y=short["y"] / 1e4), 2, draws=20).paths
    np.testing.assert_allclose(other, paths / 1e4, rtol=1e-9)


def test_dates_go_on_from_each_series_own_end(short):
    early = short[(short["unique_id"] != "b001") | (short["ds"] < 2020)]
    made = simulate_panel(early, 2, draws=5)
    assert made.unique_id.tolist() == sorted(short["unique_id"].unique())
    assert made.ds[:2].tolist() == [[2021, 2022], [2020, 2021]]
    assert made.paths.shape == (5, 24, 2)


def test_zeros_refunds_and_blanks():
    y = walks(5, 8)
    y[0] = 0
    y[1] = np.nan
    y[2, -1] = -2e6
    y[3] = [0, 0, 0, 5e6, 0, 0, 0, 0]
    made, paths = forecast_panel(long(y), 3), simulate_panel(long(y), 3, draws=500).paths
    assert (paths[:, 0] == 0).all()
    assert np.isnan(paths[:, 1]).all()
    assert np.isfinite(paths[:, 2:]).all()
    # A refund in the last year may come again; who never had one is not given one.
    assert (paths[:, 2] < 0).any()
    assert (paths[:, 3:] >= 0).all()
    table = made.drop_duplicates("unique_id").set_index("unique_id")
    assert table["method"].tolist() == [ALL_ZERO, NO_DATA, WEIGHED, WEIGHED, WEIGHED]
    # From 10 million to a refund of 2 is a shift of level: it goes on as a series of one value, by what the
    # others grow. Of those with two values one has no step, the other falls by a fifth in seven years; half of
    # that drawn to a third (2 beside 4 of none) is below 1 % a year.
    assert table.loc["b002", "median"] == pytest.approx(-2e6, rel=0.01)


def test_what_lies_too_far_back_does_not_count():
    y = walks(4, MOST_VALUES + 10)
    y[0, 10:], y[1, 10:] = 0, np.nan
    made, paths = forecast_panel(long(y), 2), simulate_panel(long(y), 2, draws=5).paths
    assert made["method"].tolist()[:4] == [ALL_ZERO] * 2 + [NO_DATA] * 2
    assert (paths[:, 0] == 0).all() and np.isnan(paths[:, 1]).all() and (paths[:, 2:] > 0).all()


@pytest.mark.parametrize("season", [1, 4])
def test_series_ending_in_years_of_their_own_are_no_less_certain(season):
    # Where no two series ever shared a date nothing is known of common years: the usual is supposed.
    y = long(walks(40, 20 * season))
    apart = y.assign(ds=y["ds"] + 31 * y.groupby("unique_id").ngroup())
    width = []
    for panel in (y, apart):
        made = forecast_panel(panel, 2, season=season)
        width.append(((made["hi-80"] - made["lo-80"]) / made["median"]).median())
    assert width[1] == pytest.approx(width[0], rel=0.25)


def test_a_series_that_lags_behind_is_forecast_from_its_own_end():
    """A last year without a value: next year's forecast is that of two years ahead, in points and in draws."""
    rng = np.random.default_rng(4)
    values = 100 * np.exp(np.cumsum(rng.normal(0.05, 0.1, (30, 8)), axis=1))
    rows = [(f"s{at:02d}", 2013 + t, y) for at, own in enumerate(values) for t, y in enumerate(own)]
    panel = pd.DataFrame(rows, columns=["unique_id", "ds", "y"])
    late = pd.concat([panel, pd.DataFrame({"unique_id": ["s00"], "ds": [2021], "y": [np.nan]})])
    usual = forecast_panel(panel, 2).query("unique_id == 's00'")
    moved = forecast_panel(late, 2).query("unique_id == 's00'")
    assert moved["ds"].tolist() == [2022, 2023]
    # What the panel teaches differs a little, as one series teaches from one origin less.
    assert moved["median"].iloc[0] == pytest.approx(usual["median"].iloc[1], rel=0.01)
    width = (moved["hi-80"] - moved["lo-80"]).iloc[0]
    assert width == pytest.approx(
        (usual["hi-80"] - usual["lo-80"]).iloc[1], rel=0.2
    )  # 60 errors tell a step's size
    drawn = simulate_panel(late, 2, draws=4000).paths[:, 0, 0]
    # 4000 draws: a 10 % point lies within about 3 % of the spread.
    assert np.quantile(drawn, 0.9) - np.quantile(drawn, 0.1) == pytest.approx(width, rel=0.06)
