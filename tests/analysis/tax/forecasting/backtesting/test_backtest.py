"""The back-test: nothing of the future is seen, every score by hand, origins and refusals."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.tax.forecasting import ForecastError
from louyu_lab.analysis.tax.forecasting.backtesting import OURS, backtest
from louyu_lab.analysis.tax.forecasting.backtesting.rivals import CAGR, DRIFT, NAIVE, RIVALS

NO = np.nan


def long(table: list[list[float]], first: int = 2015) -> pd.DataFrame:
    """Return a panel of the rows of ``table``, one a series; NaN is a year without a row."""
    y = np.array(table, dtype="float64")
    row, column = np.nonzero(np.isfinite(y))
    return pd.DataFrame({"unique_id": [f"s{at}" for at in row], "ds": first + column, "y": y[row, column]})


def told(values: dict[int, list[float]], bounds: float = 0.0) -> object:
    """Return a forecaster that says ``values`` (origin → the coming years) of s0, ± ``bounds``."""

    def forecaster(origin: int) -> pd.DataFrame:
        made = pd.DataFrame({"unique_id": "s0", "median": values[origin]})
        made["ds"] = origin + 1 + np.arange(len(made))
        made["mean"] = made["median"] + 1
        for name, sign in (("lo-80", -1), ("hi-80", 1), ("lo-95", -2), ("hi-95", 2)):
            made[name] = made["median"] + sign * bounds
        return made

    return forecaster


def rows_of(test: object, method: str, horizon: str = "all") -> pd.Series:
    rows = test.scores
    return rows[(rows["method"] == method) & (rows["horizon"] == horizon)].iloc[0]


def test_scores_by_hand() -> None:
    # 2015…2018: 10, 20, 40, 30. Origin 2016 sees 10, 20 (scale 10); 2017 sees 10, 20, 40 (scale 15, rms √250).
    test = backtest(
        long([[10, 20, 40, 30]]), 2, 9, methods=[NAIVE], forecaster=told({2016: [35, 36], 2017: [28]}, 3.0)
    )
    ours, naive = rows_of(test, OURS), rows_of(test, NAIVE)
    assert (ours["n"], ours["origins"], ours["n_unscaled"]) == (3, 2, 0)
    # Errors 5, −6, 2 of 40, 30, 30.
    assert ours["wape"] == pytest.approx(13 / 100)
    assert ours["mase"] == pytest.approx((5 / 10 + 6 / 10 + 2 / 15) / 3)
    assert ours["rmsse"] == pytest.approx((np.sqrt((25 + 36) / 2) / 10 + 2 / np.sqrt(250)) / 2)
    assert ours["median_ape"] == pytest.approx(5 / 40)  # of 5/40, 6/30, 2/30
    assert ours["bias"] == pytest.approx((-4 + 7 - 1) / 100)  # the mean is one above the median
    assert ours["coverage80"] == pytest.approx(1 / 3)  # only 2 lies within ±3
    assert ours["coverage95"] == pytest.approx(1.0 - 0 / 3)  # 5, 6 and 2 lie within ±6
    # 80 %: width 6, outside by 2 and 3, each times 2 ÷ 0.2; 95 %: width 12, none outside. Their mean.
    assert ours["interval_score"] == pytest.approx(((18 + 10 * 5) + 36) / 2 / 100)
    # Naive: 20, 20 from 2016, 40 from 2017.
    assert naive["wape"] == pytest.approx((20 + 10 + 10) / 100)
    assert np.isnan(naive[["coverage80", "coverage95", "interval_score"]].astype("float64")).all()
    assert rows_of(test, OURS, "2")["wape"] == pytest.approx(6 / 30)
    assert test.best == OURS


def test_regret_by_hand() -> None:
    test = backtest(
        long([[10, 20, 40, 30]]), 1, 9, methods=[NAIVE, DRIFT], forecaster=told({2016: [36], 2017: [10]})
    )
    # 2016 (40 comes): ours 4, naive 20, drift (30) 10. 2017 (30 comes): ours 20, naive (40) 10, drift (55) 25.
    by_origin = test.origins.set_index(["method", "origin"])["regret"]
    assert by_origin[(NAIVE, 2016)] == pytest.approx(16 / 40)
    assert by_origin[(DRIFT, 2017)] == pytest.approx(15 / 30)
    assert test.regret.to_dict("list") == {
        "method": [OURS, NAIVE, DRIFT],
        "max_regret": pytest.approx([10 / 30, 16 / 40, 15 / 30]),
        "origin": [2017, 2016, 2017],
    }


def test_the_future_is_not_seen() -> None:
    past = np.random.default_rng(1).lognormal(3, 0.4, (6, 9))
    changed = past.copy()
    changed[:, 5:] *= 7  # everything after 2019
    kept = []
    for table in (past, changed):
        errors = backtest(long(table.tolist()), 3, [2017, 2018, 2019]).errors
        kept.append(errors[["method", "origin", "horizon", "unique_id", "forecast", "mean", "scale", "hi95"]])
    pd.testing.assert_frame_equal(*kept)


def test_every_method_is_scored_on_the_same() -> None:
    # s1 begins only in 2018, s2 ends in 2017, s3 has a gap.
    table = [[1, 2, 3, 4, 5, 6], [NO, NO, NO, 3, 4, 5], [5, 6, 7, NO, NO, NO], [2, NO, 3, 4, NO, 6]]
    errors = backtest(long(table), 2, 9).errors
    seen = {
        name: set(map(tuple, own[["origin", "horizon", "unique_id"]].to_numpy()))
        for name, own in errors.groupby("method")
    }
    assert set(seen) == {OURS, *RIVALS}
    assert all(rows == seen[OURS] for rows in seen.values())
    assert {row[2] for row in seen[OURS] if row[0] == 2017} == {"s0", "s3"}
    assert (2019, 1, "s3") in seen[OURS] and (2018, 1, "s3") not in seen[OURS]
    assert not any(row[2] == "s2" and row[0] >= 2017 for row in seen[OURS])


def test_a_series_that_ended_is_forecast_from_the_origin() -> None:
    # At 2017 the last known value of s1 is that of 2016: the drift goes two and three steps on.
    errors = backtest(long([[1, 2, 3, 4, 5], [10, 20, NO, 40, 50]]), 2, [2017], methods=[DRIFT]).errors
    drift = errors[(errors["method"] == DRIFT) & (errors["unique_id"] == "s1")]
    assert drift["forecast"].tolist() == [40, 50]


def test_a_constant_series_has_no_scale_and_is_counted() -> None:
    test = backtest(long([[5, 5, 5, 6], [1, 2, 3, 5]]), 1, 1)
    row = rows_of(test, NAIVE)
    assert (row["n"], row["n_unscaled"]) == (2, 1)
    assert row["mase"] == pytest.approx(2 / 1)  # s1 alone: error 2, scale 1
    assert row["wape"] == pytest.approx(3 / 11)


def test_all_zero_has_no_relative_score() -> None:
    row = rows_of(backtest(long([[0, 0, 0, 0]]), 1, 2), NAIVE)
    assert row["n"] == 2
    assert np.isnan(row[["wape", "mase", "rmsse", "median_ape", "bias"]].astype("float64")).all()


@pytest.mark.parametrize("years", [0, 1, 2])
def test_too_short_gives_empty_frames_and_the_reason(years: int) -> None:
    test = backtest(long([[3, 4][:years], [5, 6][:years]]) if years else long([[NO]]), 3, 3)
    assert [len(frame) for frame in (test.errors, test.scores, test.origins, test.regret)] == [0, 0, 0, 0]
    assert test.reason == f"只有 {years} 期数据，至少 3 期才能回测"
    assert (test.best, test.verdict.word) == ("", "无从判断")
    full = backtest(long([[3, 4, 5]]), 1, 1)
    assert list(test.scores.columns) == list(full.scores.columns)
    assert list(test.errors.columns) == list(full.errors.columns)


def test_origins_as_a_number_and_as_dates() -> None:
    panel = long([[1, 2, 3, 4, 5, 6]])
    assert sorted(backtest(panel, 2, 99).errors["origin"].unique()) == [2016, 2017, 2018, 2019]
    assert sorted(backtest(panel, 2, 2).errors["origin"].unique()) == [2018, 2019]
    assert sorted(backtest(panel, 2, [2018, 2016]).errors["origin"].unique()) == [2016, 2018]


def test_what_cannot_be_is_refused_in_words() -> None:
    panel = long([[1, 2, 3, 4]])
    with pytest.raises(ValueError, match=r"不能从 2018、1999 回测.*可用的是 2016 至 2017"):
        backtest(panel, 1, [2018, 2017, 1999])
    with pytest.raises(ValueError, match="预测期数应为不小于 1 的整数"):
        backtest(panel, 0, 1)
    with pytest.raises(ValueError, match="回测起点数应不小于 1"):
        backtest(panel, 1, 0)
    with pytest.raises(ValueError, match="没有这样的简单方法：平均"):
        backtest(panel, 1, 1, methods=["平均", CAGR])
    with pytest.raises(ForecastError, match="s0（2015）"):
        backtest(pd.concat([panel, panel.head(1)]), 1, 1)


def test_quarters_are_told_apart() -> None:
    y = 100 * np.tile([0.5, 1.5, 1.0, 1.0], 5) * 1.01 ** np.arange(20)
    ds = pd.date_range("2015-03-31", periods=20, freq="QE")
    panel = pd.DataFrame({"unique_id": "s0", "ds": ds, "y": y})
    test = backtest(panel, 4, 3, season=4)
    # Seasonal naive misses only a year's growth, 1.01⁴ − 1 = 4.1 %, whatever the quarter.
    assert rows_of(test, NAIVE)["wape"] == pytest.approx(1 - 1.01**-4, abs=1e-9)
    assert sorted(test.errors["origin"].unique()) == list(ds[-4:-1])


def test_row_order_does_not_matter() -> None:
    panel = long(np.random.default_rng(2).lognormal(3, 0.3, (5, 7)).tolist())
    mixed = panel.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(backtest(panel, 2, 3).errors, backtest(mixed, 2, 3).errors)
