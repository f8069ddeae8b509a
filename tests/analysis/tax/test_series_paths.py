"""Draws of the buildings' own series."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.tax.forecasting import forecast_panel
from louyu_lab.analysis.tax.series_paths import series_paths


@pytest.fixture(scope="module")
def history(history_of, grown):
    return history_of(grown(np.random.default_rng(4), buildings=12, years=7))


def test_draws_are_of_the_standing_buildings_in_their_order(history):
    standing = np.arange(12) % 3 > 0
    made = series_paths(replace(history, is_standing=standing), 2, draws=50)
    assert made.building_id.tolist() == history.building_id[standing].tolist()
    assert made.street.tolist() == history.street[standing].tolist()
    assert made.years.tolist() == [2020, 2021]
    assert made.yuan.shape == (50, 8, 2)


def test_medians_are_those_of_the_panel_forecast(history):
    made = series_paths(history, 2, draws=2000)
    panel = {
        "unique_id": np.repeat(history.building_id, 7), "ds": np.tile(history.years, 12),
        "y": history.tax_yuan.ravel(),
    }  # fmt: skip
    median = forecast_panel(pd.DataFrame(panel), 2)["median"].to_numpy().reshape(12, 2)
    # The median of 2000 draws errs by 1.25 σ ÷ √2000, some 3 % of σ; 24 of them stay within 4 times that.
    spread = made.yuan.std(axis=0)
    assert (np.abs(np.median(made.yuan, axis=0) - median) < 0.12 * spread).all()


def test_a_year_without_tax_at_the_end_moves_the_forecast_on(history):
    tax = history.tax_yuan.copy()
    tax[0, -1] = np.nan
    made = series_paths(replace(history, tax_yuan=tax), 2, draws=200)
    assert made.years.tolist() == [2020, 2021]
    # It starts from the year before: within the 40 % that four deviations of the steps (10 % a year) span.
    assert np.median(made.yuan[:, 0, 0]) == pytest.approx(tax[0, -2], rel=0.4)
    assert np.isfinite(made.yuan).all()


def test_years_before_the_first_tax_say_nothing(history):
    tax = np.hstack([np.full((12, 3), np.nan), history.tax_yuan])
    longer = replace(history, tax_yuan=tax, years=np.arange(2010, 2020))
    assert np.array_equal(series_paths(longer, 2, draws=20).yuan, series_paths(history, 2, draws=20).yuan)


def test_the_seed_decides(history):
    first, again, other = (series_paths(history, 1, seed, draws=20).yuan for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_nobody_stands(history):
    made = series_paths(replace(history, is_standing=np.zeros(12, dtype=bool)), 2, draws=20)
    assert made.yuan.shape == (20, 0, 2)
