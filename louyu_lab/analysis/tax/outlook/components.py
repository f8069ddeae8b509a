"""The two forecasts of a building: its own series, and its tenants one by one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from louyu_lab.analysis.tax.history import RECURRING, TaxHistory, tax_history
from louyu_lab.analysis.tax.paths import TaxPaths
from louyu_lab.analysis.tax.series_paths import series_paths
from louyu_lab.analysis.tax.tenants import TenantForecast, tenant_forecast

#: Draws from the study's year, and from former years, which only the back-test reads.
DRAWS, PAST_DRAWS = 1000, 400

#: A former year needs so many years of tax behind it to be forecast from.
FIRST_ORIGIN_YEARS = 2

#: Former years forecast from at most, the latest.
MOST_ORIGINS = 6


@dataclass(frozen=True)
class Components:
    """Both forecasts from one year. ``history`` up to it of recurring tax; ``series`` of all standing
    buildings; ``tenants`` of those whose taxpayers are known, of none where the model is refused.
    """

    history: TaxHistory
    series: TaxPaths
    tenants: TenantForecast


def components_at(
    panel: pd.DataFrame, tenants: pd.DataFrame, origin: int, horizon: int, seed: int, draws: int
) -> Components:
    """Return the forecasts from ``origin`` by nothing later.

    Takes ``panel.building_years`` and ``panel.enterprise_years``.
    """
    history = tax_history(panel, origin, RECURRING)
    series = series_paths(history, horizon, seed, draws)
    rng = np.random.default_rng([seed, origin])
    return Components(history, series, tenant_forecast(tenants, panel, origin, horizon, rng, draws))


def all_components(
    panel: pd.DataFrame, tenants: pd.DataFrame, year: int, horizon: int, seed: int
) -> dict[int, Components]:
    """Return the forecasts by origin: up to ``MOST_ORIGINS`` former years and ``year`` itself, ascending."""
    years = tax_history(panel, year, RECURRING).years
    former = years[FIRST_ORIGIN_YEARS - 1 : -1][-MOST_ORIGINS:]
    made = {int(origin): PAST_DRAWS for origin in former} | {year: DRAWS}
    return {
        origin: components_at(panel, tenants, origin, horizon, seed, draws) for origin, draws in made.items()
    }
