"""The buildings' own tax series, simulated: what is left when nothing is known of tenants."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.analysis.tax.forecasting.forecasting import simulate_panel
from louyu_lab.analysis.tax.history import TaxHistory
from louyu_lab.analysis.tax.paths import TaxPaths


def long_series(history: TaxHistory) -> pd.DataFrame:
    """Return the standing buildings' series as ``unique_id, ds, y`` (元), from each one's first tax on.

    Years before a building's first tax say nothing; one without tax at the end moves the forecast on.
    """
    standing = history.is_standing
    ids, tax = history.building_id[standing], history.tax_yuan[standing]
    panel = {
        "unique_id": np.repeat(ids, len(history.years)),
        "ds": np.tile(history.years, len(ids)),
        "y": tax.ravel(),
    }
    panel = pd.DataFrame(panel)
    return panel[panel["y"].notna().groupby(panel["unique_id"]).cummax()]


def series_paths(history: TaxHistory, horizon: int, seed: int = 0, draws: int = 1000) -> TaxPaths:
    """Return draws of the standing buildings' own series alone, ``forecasting.simulate_panel``."""
    ids = history.building_id[history.is_standing]
    drawn = simulate_panel(long_series(history), horizon, seed=seed, draws=draws)
    order = pd.Index(drawn.unique_id).get_indexer(ids)
    years = history.years[-1] + np.arange(1, horizon + 1)
    return TaxPaths(ids, history.street[history.is_standing], years, drawn.paths[:, order])
