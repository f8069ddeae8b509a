"""What chapter 04 has to say of the tax to come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from louyu_lab.analysis.tax.history import RECURRING, TaxHistory, carried, tax_history
from louyu_lab.analysis.tax.outlook.combining import LearnedWeight, combined, weights
from louyu_lab.analysis.tax.outlook.components import Components, all_components
from louyu_lab.analysis.tax.paths import TaxPaths
from louyu_lab.analysis.tax.tenants import TenantForecast


@dataclass(frozen=True)
class TaxOutlook:
    """The forecast and what it rests on.

    ``total`` histories of all tax and ``recurring`` without one-off taxes; ``paths`` the forecast: recurring
    tax of the standing buildings; ``weight`` (0–1) of the tenants' forecast in it; ``tenants`` that forecast
    (``refused`` where there is none); ``past`` origin → paths, the same made in former years; ``carried`` the
    buildings forecast from a former year, see ``history.carried``; ``learned`` the weight and what it rests
    on, ``past_learned`` the same of ``past``.
    """

    total: TaxHistory
    recurring: TaxHistory
    paths: TaxPaths
    weight: float
    tenants: TenantForecast
    past: Mapping[int, TaxPaths]
    carried: pd.DataFrame
    learned: LearnedWeight
    past_learned: Mapping[int, LearnedWeight]


def tax_outlook(panel: pd.DataFrame, tenants: pd.DataFrame, year: int, horizon: int, seed: int) -> TaxOutlook:
    """Return the forecast for the ``horizon`` years after ``year``.

    Takes ``panel.building_years`` and ``panel.enterprise_years``. Forecast are the buildings in the stock of
    ``year`` whose tax is known in any year; buildings still to come are not. Every building is forecast by
    its own series and by its tenants; the weight between them is learned from former years, each seen
    with what was known then. Streets and the district are sums of the draws (bottom-up): on generated
    districts, drawing buildings towards forecasts of the sums made both worse.
    """
    total, recurring = tax_history(panel, year), tax_history(panel, year, RECURRING)
    made: dict[int, Components] = all_components(panel, tenants, year, horizon, seed)
    learned = weights(made, recurring)
    paths = {origin: combined(parts, learned[origin].value) for origin, parts in made.items()}
    past = {origin: of for origin, of in paths.items() if origin != year}
    return TaxOutlook(
        total,
        recurring,
        paths[year],
        learned[year].value,
        made[year].tenants,
        past,
        carried(recurring, panel),
        learned[year],
        {origin: learned[origin] for origin in past},
    )
