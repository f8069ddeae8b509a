"""Accuracy on data nobody here wrote; read from beside the project, skipped where it is absent.

The figures asked for are the issue's; ``make bench`` prints the whole tables.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.tax.forecasting import forecast_panel
from louyu_lab.analysis.tax.forecasting.backtesting.rivals import (
    CAGR,
    DAMPED,
    DRIFT,
    HALF_DRIFT,
    NAIVE,
    THETA,
    rival,
)
from louyu_lab.analysis.tax.forecasting.panel import read_panel
from louyu_lab.analysis.tax.forecasting.unit_breaks import unit_breaks

ROOT = Path(__file__).resolve().parents[4]
PREFECTURES = ROOT.parent / "shared/data/cn_prefecture_revenue/cn_prefecture_revenue_1991_2019.csv"
OURS = "ours"


def _benchmark(name: str) -> ModuleType:
    """The benchmark's own reading and measures, so that they are defined once."""
    spec = importlib.util.spec_from_file_location(
        f"benchmark_{name}", ROOT / "tests" / "benchmarks" / f"{name}.py"
    )
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up there
    spec.loader.exec_module(module)
    return module


m3 = _benchmark("m3")
needs_m3 = pytest.mark.skipif(not m3.SERIES.exists(), reason="M3 not beside the project")
needs_prefectures = pytest.mark.skipif(
    not PREFECTURES.exists(), reason="prefecture revenue not beside the project"
)


@pytest.fixture(scope="module")
def yearly():
    return m3.read("YEARLY")


@pytest.fixture(scope="module")
def made(yearly) -> pd.DataFrame:
    return m3.ours(yearly, yearly.train)


@needs_m3
def test_the_measures_are_the_archives(yearly):
    # ABOUT.md: own naive on the 645 yearly series 17.880 / 3.172 (= NAIVE2 as published), seasonal naive on the
    # 756 quarterly ones sMAPE 11.065; all three given to three decimals.
    quarterly = m3.read("QUARTERLY")
    assert yearly.actual.shape == (645, 6) and quarterly.actual.shape == (756, 8)
    last = rival(NAIVE, read_panel(yearly.train).y, 6)
    assert yearly.score(last) == pytest.approx((17.880, 3.172), abs=5e-4)
    last = rival(NAIVE, read_panel(quarterly.train).y, 8, 4)
    assert quarterly.score(last)[0] == pytest.approx(11.065, abs=5e-4)


@needs_m3
def test_m3_yearly(yearly, made):
    smape, mase = yearly.score(m3.medians(yearly, made))
    assert smape <= 15.7
    assert mase <= 2.62


@needs_m3
def test_m3_yearly_intervals_hold(yearly, made):
    assert 0.77 <= yearly.coverage(made, 80) <= 0.84
    assert 0.92 <= yearly.coverage(made, 95) <= 0.97


@needs_m3
def test_m3_quarterly():
    quarterly = m3.read("QUARTERLY")
    smape, mase = quarterly.score(m3.medians(quarterly, m3.ours(quarterly, quarterly.train)))
    assert smape <= 9.1
    assert mase <= 1.08


@needs_m3
@pytest.mark.parametrize("points", [5, 8])
def test_m3_yearly_cut_short_beats_every_simple_method(yearly, points):
    short = yearly.cut(points)
    smape, mase = yearly.score(m3.medians(yearly, m3.ours(yearly, short)))
    for name in (NAIVE, DRIFT, HALF_DRIFT, DAMPED, THETA):
        simple = yearly.score(rival(name, read_panel(short).y, 6))
        assert smape < simple[0], name
        assert mase < simple[1], name


@needs_m3
def test_m3_yearly_cut_to_three_points(yearly):
    # Half-drift's own 2.93 to two decimals, as the issue gives it: not quite reached is not below.
    short = yearly.cut(3)
    smape, mase = yearly.score(m3.medians(yearly, m3.ours(yearly, short)))
    assert mase < 2.93
    assert smape <= 1.02 * 17.880


@needs_m3
@pytest.mark.parametrize("points", [3, 5, 8])
def test_intervals_of_short_series_are_not_far_too_narrow(yearly, points):
    # No figure is asked for at these lengths. A nominal 95 % that held less than 85 % would mislead;
    # the standard error of a share over 645 series is 1 %.
    short = m3.ours(yearly, yearly.cut(points))
    assert yearly.coverage(short, 95) >= 0.85
    assert yearly.coverage(short, 80) >= 0.68


@pytest.fixture(scope="module")
def revenue() -> pd.DataFrame:
    rows = pd.read_csv(PREFECTURES).dropna(subset=["revenue"])
    named = rows.rename(columns={"prefcode": "unique_id", "year": "ds", "revenue": "y"})
    return named.astype({"unique_id": "int64"})[["unique_id", "ds", "y"]]


@needs_prefectures
def test_prefectures_three_years_ahead(revenue):
    # Given: naive 25.7, three-year CAGR 21.5, drift 13.9 %; asked: below 14.5.
    table = revenue[revenue["ds"] >= 2004].pivot(index="unique_id", columns="ds", values="y").sort_index()
    wape = _wape(table)
    assert wape[NAIVE] == pytest.approx(25.7, abs=0.05)
    assert wape[CAGR] == pytest.approx(21.5, abs=0.05)
    assert wape[DRIFT] == pytest.approx(13.9, abs=0.05)
    assert wape[OURS] < 14.5


def _wape(table: pd.DataFrame) -> dict[str, float]:
    """WAPE (%) pooled over origins 2008–2014 and three years, of the prefectures complete over the window."""
    errors, actuals = dict.fromkeys((OURS, NAIVE, CAGR, DRIFT), 0.0), 0.0
    for origin in range(2008, 2015):
        window = table.loc[:, : origin + 3].dropna()
        seen, actual = window.loc[:, :origin], window.loc[:, origin + 1 :].to_numpy()
        long = seen.stack().rename("y").reset_index()
        ours = forecast_panel(long, 3)["median"].to_numpy().reshape(actual.shape)
        methods = {name: rival(name, seen.to_numpy(), 3) for name in (NAIVE, CAGR, DRIFT)}
        for name, forecast in {OURS: ours, **methods}.items():
            errors[name] += np.abs(forecast - actual).sum()
        actuals += np.abs(actual).sum()
    return {name: 100 * total / actuals for name, total in errors.items()}


@needs_prefectures
def test_prefectures_whose_unit_changes_in_2004_are_found_and_no_other(revenue):
    # Until 2003 some are in 亿元 (426 at most), the others in 万元 (8,885 at least); from 2004 all in 万元.
    before = revenue[revenue["ds"] < 2004].groupby("unique_id")["y"].max()
    after = revenue.loc[revenue["ds"] >= 2004, "unique_id"]
    changed = set(before[before < 1500].index) & set(after)
    found = unit_breaks(revenue)
    assert len(changed) == 151
    assert set(found["unique_id"]) == changed
    assert (found["factor"] == 1e4).all()
    assert set(found["ds"]) <= {2004, 2006}  # two have no figures for 2004 and 2005
    assert unit_breaks(revenue[revenue["ds"] >= 2004]).empty


@needs_m3
def test_no_unit_breaks_in_the_m3_series(yearly):
    assert unit_breaks(yearly.train).empty
