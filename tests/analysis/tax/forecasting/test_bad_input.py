"""Every awkward panel has a documented answer, or an error that names the series."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.tax.forecasting import ForecastError, forecast_panel, simulate_panel

COLUMNS = ["unique_id", "ds", "mean", "median", "lo-80", "hi-80", "lo-95", "hi-95", "method"]
NUMBERS = COLUMNS[2:-1]


def long(series: dict[str, list[float]], last: int = 2020) -> pd.DataFrame:
    """A long frame of yearly series that all end in ``last``."""
    rows = [
        (name, last - len(values) + 1 + at, value)
        for name, values in series.items()
        for at, value in enumerate(values)
    ]
    return pd.DataFrame(rows, columns=["unique_id", "ds", "y"]).astype({"y": "float64"})


def peers(count: int = 12, years: int = 8) -> dict[str, list[float]]:
    """Ordinary series beside the awkward one."""
    rng = np.random.default_rng(1)
    steps = np.cumsum(rng.normal(0.05, 0.1, (count, years)), axis=1)
    return {f"p{at:02d}": list(1e7 * np.exp(step)) for at, step in enumerate(steps)}


def of(name: str, table: pd.DataFrame) -> pd.DataFrame:
    return table[table["unique_id"] == name].reset_index(drop=True)


def is_whole(table: pd.DataFrame, horizon: int) -> bool:
    numbers = table[NUMBERS].to_numpy()
    ordered = np.sort(numbers[:, [4, 2, 1, 3, 5]], axis=1)
    return (
        len(table) == horizon
        and bool(np.isfinite(numbers).all())
        and np.array_equal(ordered, numbers[:, [4, 2, 1, 3, 5]])
        and bool((table["method"].str.len() > 0).all())
    )


@pytest.mark.parametrize("points", [1, 2, 3, 4, 5, 8, 12])
@pytest.mark.parametrize("alone", [True, False])
def test_any_length_is_forecast_and_its_rung_named(points, alone):
    values = {"a": [1e6 * 1.1**at for at in range(points)]}
    made = of("a", forecast_panel(long(values if alone else values | peers()), 3))
    assert is_whole(made, 3)
    assert made["ds"].tolist() == [2021, 2022, 2023]
    assert (made["median"] > 0.5e6).all()


def test_the_rungs_differ_from_one_point_to_many():
    values = {f"s{points:02d}": [1e6 * 1.1**at for at in range(points)] for points in (1, 3, 12)}
    made = forecast_panel(long(values | peers()), 1)
    assert of("s01", made)["method"].item() != of("s12", made)["method"].item()


def test_one_point_grows_as_its_peers_do():
    # The peers grow by 10 % a year without noise; a newcomer of one point has nothing else to go by.
    values = {f"p{at:02d}": [(1 + at) * 1e6 * 1.1**year for year in range(8)] for at in range(20)}
    made = of("a", forecast_panel(long({"a": [1e6]} | values), 1))
    assert 1.03e6 < made["median"].item() < 1.15e6


def test_a_series_without_any_value_does_not_disturb_the_others():
    values = peers()
    with_empty = forecast_panel(long(values | {"z": [np.nan] * 8}), 2)
    assert len(of("z", with_empty)) in (0, 2)
    rest = with_empty[with_empty["unique_id"] != "z"].reset_index(drop=True)
    pd.testing.assert_frame_equal(rest[NUMBERS], forecast_panel(long(values), 2)[NUMBERS], rtol=1e-9)
    assert rest[NUMBERS].notna().all(axis=None)


def test_an_empty_panel_gives_an_empty_table():
    made = forecast_panel(long({}), 3)
    assert made.columns.tolist() == COLUMNS
    assert made.empty


def test_nothing_but_missing_values():
    made = forecast_panel(long({"a": [np.nan, np.nan]}), 2)
    assert made.columns.tolist() == COLUMNS
    assert made.empty or (len(made) == 2 and (made["method"].str.len() > 0).all())


@pytest.mark.parametrize("value", [0.0, 5e6, -2e6])
def test_a_constant_alone_stays_what_it_is(value):
    made = forecast_panel(long({"a": [value] * 8}), 3)
    assert is_whole(made, 3)
    # Averaging equal numbers in floating point may move the last digits.
    assert made["median"].to_numpy() == pytest.approx(value, rel=1e-9, abs=1e-6)
    assert made["mean"].to_numpy() == pytest.approx(value, rel=1e-2, abs=1e-6)


def test_zeros_among_others_stay_zero():
    made = of("a", forecast_panel(long({"a": [0.0] * 8} | peers()), 3))
    assert is_whole(made, 3)
    assert (made["median"] == 0).all()


def test_a_few_zeros_and_a_refund_are_survived():
    made = of("a", forecast_panel(long({"a": [3e6, 0, 4e6, -1e6, 5e6, 0, 4e6, 5e6]} | peers()), 3))
    assert is_whole(made, 3)
    assert (made["median"].abs() < 2e7).all()


def test_nothing_but_refunds():
    made = of("a", forecast_panel(long({"a": [-1e6, -1.2e6, -0.9e6, -1e6, -1.1e6]} | peers()), 3))
    assert is_whole(made, 3)
    assert (made["median"] < 0).all()


@pytest.mark.parametrize("at", [0, 4, 6])
def test_one_huge_spike_is_not_carried_on(at):
    # Ten thousand times the usual, once: the next year is nearer the usual than to the spike.
    values = [1e6] * 8
    values[at] = 1e10
    made = of("a", forecast_panel(long({"a": values} | peers()), 2))
    assert is_whole(made, 2)
    assert (made["median"] < 1e8).all()


@pytest.mark.parametrize("count", [0, 12, 40])
@pytest.mark.parametrize(
    "values", [[100.0] * 7 + [1], [1.0] * 7 + [100], [100.0, 95, 103, 99, 101, 98, 102, 1]]
)
def test_a_level_that_shifted_is_not_returned_to(values, count):
    # Alone or among peers that grow by 5 % a year: three years of it are 1.16, far from the old level.
    made = of("a", forecast_panel(long({"a": values} | peers(count)), 3))
    assert is_whole(made, 3)
    assert made["median"].to_numpy() == pytest.approx(values[-1], rel=0.5)
    assert (made["mean"] < made["hi-95"]).all()
    # Half-way back on roots, (1 + 10)²/4 = 30, is beyond what is thought possible in three years.
    assert ((made["hi-95"] < 30) if values[-1] == 1 else (made["lo-95"] > 30)).all()


def test_a_huge_spike_leaves_the_others_as_they_were():
    # One wild series among 40: what is pooled must not follow it. A fifth is far beyond what one of 40 may move.
    values = peers(40)
    with_spike = forecast_panel(long(values | {"z": [1e6] * 7 + [1e12]}), 2)
    rest = with_spike[with_spike["unique_id"] != "z"]
    plain = forecast_panel(long(values), 2)
    assert rest["median"].to_numpy() == pytest.approx(plain["median"].to_numpy(), rel=0.02)
    width = [(table["hi-80"] - table["lo-80"]).to_numpy() for table in (rest, plain)]
    assert width[0] == pytest.approx(width[1], rel=0.2)


def test_a_missing_year_is_a_gap_whether_the_row_is_blank_or_absent():
    values = peers()
    whole = long(values | {"a": [1e6, 1.1e6, np.nan, 1.3e6, np.nan, np.nan, 1.6e6, 1.7e6]})
    made = forecast_panel(whole, 3)
    assert is_whole(of("a", made), 3)
    pd.testing.assert_frame_equal(made, forecast_panel(whole.dropna(subset=["y"]), 3))


def test_a_series_that_ends_early_goes_on_from_its_own_last_row():
    early = long({"a": [1e6, 1.1e6, 1.2e6]}, last=2017)
    made = of("a", forecast_panel(pd.concat([early, long(peers())]), 2))
    assert made["ds"].tolist() == [2018, 2019]


def test_blank_rows_at_the_end_move_the_forecast_on():
    made = of("a", forecast_panel(long({"a": [1e6, 1.1e6, 1.2e6, 1.3e6, np.nan]} | peers()), 2))
    assert made["ds"].tolist() == [2021, 2022]
    assert is_whole(made, 2)


def test_a_year_longer_ahead_is_less_certain():
    made = of("p00", forecast_panel(long(peers()), 5))
    width = (made["hi-95"] - made["lo-95"]).to_numpy()
    assert width[-1] > width[0]


@pytest.mark.parametrize(
    ("ds", "coming"),
    [
        (pd.date_range("2013-12-31", periods=8, freq="YE"), ["2021-12-31", "2022-12-31"]),
        (pd.date_range("2013-01-01", periods=8, freq="YS"), ["2021-01-01", "2022-01-01"]),
        (pd.date_range("2019-01-01", periods=8, freq="QS"), ["2021-01-01", "2021-04-01"]),
        (pd.date_range("2019-03-31", periods=8, freq="QE"), ["2021-03-31", "2021-06-30"]),
        (pd.date_range("2020-07-31", periods=8, freq="ME"), ["2021-03-31", "2021-04-30"]),
        (pd.date_range("2020-06-01", periods=8, freq="MS"), ["2021-02-01", "2021-03-01"]),
    ],
)  # fmt: skip
def test_dates_go_on_as_they_went(ds, coming):
    rows = [
        (name, day, value) for name, values in peers().items() for day, value in zip(ds, values, strict=True)
    ]
    made = of("p00", forecast_panel(pd.DataFrame(rows, columns=["unique_id", "ds", "y"]), 2))
    assert made["ds"].dt.strftime("%Y-%m-%d").tolist() == coming


@pytest.mark.parametrize("season", [4, 12])
@pytest.mark.parametrize("points", [1, 3, 7, 13, 30])
def test_seasons_of_which_too_little_is_known(season, points):
    made = of(
        "a",
        forecast_panel(
            long({"a": [1e6 + 1e5 * (at % season) for at in range(points)]}), season + 1, season=season
        ),
    )
    assert is_whole(made, season + 1)


def test_a_pure_season_is_repeated():
    # Four years of the same quarters: 1, 2, 4, 3 million.
    made = forecast_panel(long({"a": [1e6, 2e6, 4e6, 3e6] * 4}), 4, season=4)
    assert made["median"].to_numpy() == pytest.approx([1e6, 2e6, 4e6, 3e6], rel=0.05)


def test_twice_the_same_period_is_refused_by_name():
    panel = pd.concat([long(peers()), long({"光谷大厦": [1.0]}), long({"光谷大厦": [2.0]})])
    with pytest.raises(ForecastError, match=r"光谷大厦.*2020"):
        forecast_panel(panel, 2)


@pytest.mark.parametrize("value", [np.inf, -np.inf])
def test_infinite_is_refused_by_name(value):
    with pytest.raises(ForecastError, match=r"光谷大厦.*2020"):
        forecast_panel(long(peers() | {"光谷大厦": [1.0, value]}), 2)


def test_all_faults_are_told_at_once():
    panel = pd.concat([long({"甲": [1.0]}), long({"甲": [2.0]}), long({"乙": [np.inf]})])
    with pytest.raises(ForecastError, match=r"甲[\s\S]*乙"):
        forecast_panel(panel, 2)


@pytest.mark.parametrize("column", ["unique_id", "ds", "y"])
def test_a_missing_column_is_named(column):
    with pytest.raises(ForecastError, match=column):
        forecast_panel(long(peers()).drop(columns=column), 2)


@pytest.mark.parametrize("column", ["unique_id", "ds"])
def test_a_blank_key_is_refused(column):
    panel = long(peers())
    panel[column] = panel[column].astype("string" if column == "unique_id" else "Int64")
    panel.loc[3, column] = pd.NA
    with pytest.raises(ForecastError, match=r"unique_id|ds"):
        forecast_panel(panel, 2)


def test_text_is_refused():
    with pytest.raises(ForecastError, match="y"):
        forecast_panel(long(peers()).astype({"y": "str"}), 2)
    with pytest.raises(ForecastError, match="ds"):
        forecast_panel(long(peers()).astype({"ds": "str"}), 2)


@pytest.mark.parametrize("horizon", [0, -1, 1.5, "3", None])
def test_a_horizon_is_a_whole_number_of_at_least_one(horizon):
    with pytest.raises(ForecastError, match=r"horizon|期"):
        forecast_panel(long(peers()), horizon)
    with pytest.raises(ForecastError, match=r"horizon|期"):
        simulate_panel(long(peers()), horizon)


@pytest.mark.parametrize("seed", [-1, "x", 1.5, None, True])
def test_a_seed_is_a_whole_number_of_at_least_none(seed):
    for made in (forecast_panel, simulate_panel):
        with pytest.raises(ForecastError, match="随机种子 seed 应为 0 以上的整数"):
            made(long(peers()), 2, seed=seed)


@pytest.mark.parametrize("season", [0, -4, 2.5])
def test_a_season_is_a_whole_number_of_at_least_one(season):
    with pytest.raises(ForecastError, match=r"season|季"):
        forecast_panel(long(peers()), 2, season=season)


@pytest.mark.parametrize("levels", [(0,), (100,), (80, 120), (-5,)])
def test_levels_lie_between_0_and_100(levels):
    with pytest.raises(ForecastError, match=r"levels|区间|水平"):
        forecast_panel(long(peers()), 2, levels=levels)


def test_other_levels():
    made = forecast_panel(long(peers()), 2, levels=(50, 90))
    assert made.columns.tolist() == [*COLUMNS[:4], "lo-50", "hi-50", "lo-90", "hi-90", "method"]
    usual = forecast_panel(long(peers()), 2)
    # 50 < 80 < 90 < 95, one inside the other.
    nested = [
        made["lo-90"],
        usual["lo-80"],
        made["lo-50"],
        made["median"],
        made["hi-50"],
        usual["hi-80"],
        made["hi-90"],
    ]
    assert (np.diff(np.stack(nested), axis=0) >= 0).all()
    assert (made["lo-90"] >= usual["lo-95"]).all()


def test_a_series_without_a_group_is_still_forecast():
    groups = {name: "甲" if int(name[1:]) % 2 else "乙" for name in peers() if name != "p03"}
    for given in (groups, pd.Series(groups)):
        made = forecast_panel(long(peers()), 2, groups=given)
        assert is_whole(of("p03", made), 2)
    assert len(made) == 2 * len(peers())


def test_groups_that_name_nobody_change_nothing():
    panel = long(peers())
    pd.testing.assert_frame_equal(
        forecast_panel(panel, 2, groups={}), forecast_panel(panel, 2, groups={"无此楼": "甲"})
    )
