"""The tax model of tenants: what each building pays, from who stays, who leaves and who comes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from louyu_lab.analysis.tax.paths import TaxPaths
from louyu_lab.analysis.tax.tenants.entering import Entering, fit_entering
from louyu_lab.analysis.tax.tenants.growth import Growth, fit_growth
from louyu_lab.analysis.tax.tenants.leaving import Leaving, fit_leaving
from louyu_lab.analysis.tax.tenants.simulation import PARTS, simulate_parts
from louyu_lab.analysis.tax.tenants.staying import Departures
from louyu_lab.analysis.tax.tenants.units import Units, units_until


@dataclass(frozen=True)
class TenantModel:
    """What was learned from the tenants' past."""

    units: Units
    growth: Growth
    leaving: Leaving
    entering: Entering


@dataclass(frozen=True)
class TenantForecast:
    """Recurring tax of the buildings by the model of tenants; one-off taxes are left out throughout.

    ``paths`` simulated tax by building; ``draws`` (parts, draws, buildings, horizon) the same by part, in
    the order ``simulation.PARTS``, adding up to ``paths.yuan``; ``departures`` what of it goes with large
    payers, draw by draw; ``model`` what it rests on, None where it was ``refused`` (the reason in
    Chinese): then there are no buildings.
    """

    paths: TaxPaths
    draws: np.ndarray
    departures: Departures
    model: TenantModel | None = None
    refused: str = ""

    @property
    def listed_share(self) -> np.ndarray:
        """Return ``Units.listed_share`` of the buildings of ``paths``."""
        return self.model.units.listed_share if self.model else np.ones(len(self.paths.building_id))

    @property
    def steps(self) -> int:
        """Return how many pairs of years in a row with tax by enterprise the model was learned from."""
        return len(self.model.units.years) - 1 if self.model else 0

    @property
    def parts(self) -> pd.DataFrame:
        """Return ``building_id, year, part, mean_yuan``; the parts add up to the mean of the paths."""
        mean = self.draws.mean(axis=1)
        index = pd.MultiIndex.from_product(
            [list(PARTS), self.paths.building_id, self.paths.years], names=["part", "building_id", "year"]
        )
        table = pd.Series(mean.ravel(), index=index, name="mean_yuan").reset_index()
        return table[["building_id", "year", "part", "mean_yuan"]]


def tenant_forecast(
    tenants: pd.DataFrame,
    panel: pd.DataFrame,
    year: int,
    horizon: int,
    rng: np.random.Generator,
    draws: int = 1000,
) -> TenantForecast:
    """Forecast the buildings standing in ``year`` from its tenants, by nothing later than ``year``.

    Takes ``panel.enterprise_years`` and ``panel.building_years``. Without tax by enterprise in ``year`` and
    the year before, nothing is forecast and ``refused`` says why.
    """
    panel = panel[panel["year"] <= year]
    found = units_until(tenants, panel, year)
    years = np.arange(year + 1, year + horizon + 1)
    if isinstance(found, str):
        none = TaxPaths(np.empty(0, "str"), np.empty(0, "str"), years, np.zeros((draws, 0, horizon)))
        nobody = Departures(*np.empty((2, 0), dtype="int64"), np.zeros((draws, 0, horizon)))
        return TenantForecast(none, np.zeros((len(PARTS), draws, 0, horizon)), nobody, refused=found)
    growth = fit_growth(found)
    model = TenantModel(found, growth, fit_leaving(found), fit_entering(found, growth, panel, horizon))
    parts, departures = simulate_parts(found, growth, model.leaving, model.entering, horizon, rng, draws)
    paths = TaxPaths(found.building_id, found.street, years, parts.sum(axis=0))
    return TenantForecast(paths, parts, departures, model)
