"""What the forecast of the buildings is made of: the tenants' parts, made to add up to it in every draw."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.analysis.tax.history import TaxHistory, last_known
from louyu_lab.analysis.tax.paths import TaxPaths
from louyu_lab.analysis.tax.tenants.forecast import TenantForecast
from louyu_lab.analysis.tax.tenants.simulation import BASE, ENTERED, GROWN, PARTS, UNLISTED


def parts_of(paths: TaxPaths, history: TaxHistory, forecast: TenantForecast) -> np.ndarray:
    """Return the parts of ``paths`` (元), shape (parts, draws, buildings, horizon), in order ``PARTS``.

    In every draw they add up to ``paths``. The tax of the base year, exits and moves are those of the
    tenants' simulation (moves thus cancel out in the district). What ``paths`` has more or less than the
    tenants' is divided among growth, newcomers and the unlisted in proportion to the absolute values of
    what those who stay, those who come and the unlisted pay, so that no part is blown up where the sums are
    near zero or negative; where nobody pays anything growth has it all. A building of which no taxpayer
    is known is all unlisted, from its last known tax in ``history`` (recurring tax) on.
    """
    parts = np.zeros((len(PARTS), *paths.yuan.shape))
    base, grown, entered, unlisted = (PARTS.index(name) for name in (BASE, GROWN, ENTERED, UNLISTED))
    row = pd.Index(forecast.paths.building_id).get_indexer(paths.building_id)
    known = row >= 0
    parts[:, :, known] = forecast.draws[:, :, row[known]]
    at = pd.Index(history.building_id).get_indexer(paths.building_id)
    last = np.append(last_known(history.tax_yuan), 0.0)[at]
    parts[base][:, ~known] = last[~known, None]
    rest = np.zeros(len(known))
    rest[~known] = last[~known]
    if forecast.model is not None:
        rest[known] = forecast.model.units.unlisted_yuan[row[known], -1]
    rest = rest[:, None]
    missing = paths.yuan - parts.sum(axis=0)
    size = np.abs([parts[base] - rest + parts[grown], parts[entered], rest + parts[unlisted]])
    size[:, :, ~known] = np.array([0.0, 0.0, 1.0])[:, None, None, None]
    size[0][size.sum(axis=0) == 0] = 1.0
    parts[[grown, entered, unlisted]] += missing * size / size.sum(axis=0)
    return parts
