"""Draws of coming tax written down by hand, beside the taxes known so far."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.tax.history import TaxHistory
from louyu_lab.analysis.tax.paths import TaxPaths
from louyu_lab.analysis.tax.series_paths import series_paths
from louyu_lab.analysis.tax.tiers.draws import TierDraws, tier_draws
from louyu_lab.analysis.tax.tiers.reliability import TierTrials, cut, tier_trials


@pytest.fixture(scope="session")
def panel_for(panel_of: Callable[..., pd.DataFrame]) -> Callable[[TaxHistory], pd.DataFrame]:
    """Return a maker of the ``building_years`` that a history comes from; building L000 is called 0号楼."""

    def make(history: TaxHistory) -> pd.DataFrame:
        count, years = history.tax_yuan.shape
        return panel_of(
            list(np.tile(history.years, count)),
            building_id=list(np.repeat(history.building_id, years)),
            building=[f"{at}号楼" for at in np.repeat(np.arange(count), years)],
            street=list(np.repeat(history.street, years)),
            tax_yuan=list(history.tax_yuan.ravel()),
        )

    return make


@pytest.fixture(scope="session")
def draws_of(history_of: Callable, panel_for: Callable) -> Callable[..., tuple[TierDraws, TaxHistory]]:
    """Return a maker of draws (元; draws, buildings, horizon) beside taxes so far (buildings, years to 2020)."""

    def make(yuan: np.ndarray, tax_yuan: np.ndarray) -> tuple[TierDraws, TaxHistory]:
        tax = np.asarray(tax_yuan, dtype="float64")
        drawn = np.asarray(yuan, dtype="float64")
        history = history_of(tax, 2021 - tax.shape[1])
        years = 2021 + np.arange(drawn.shape[2])
        paths = TaxPaths(history.building_id, history.street, years, drawn)
        return tier_draws(paths, history, panel_for(history)), history

    return make


@pytest.fixture(scope="session")
def trials_of() -> Callable[..., TierTrials]:
    """Return a maker of trials: paths ``simulate`` makes of a history cut at each former year."""

    def make(history: TaxHistory, horizon: int, simulate: Callable = series_paths) -> TierTrials:
        past = {}
        for origin in history.years[:-1].tolist():
            before = cut(history, origin)
            if before.is_standing.any():
                past[origin] = simulate(before, min(horizon, int(history.years[-1]) - origin))
        return tier_trials(history, past)

    return make
