"""New taxpayers: how many a building gains a year, and what they pay in their first years."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from louyu_lab.analysis.tax.tenants.growth import Growth, shrunk_means
from louyu_lab.analysis.tax.tenants.units import Units

#: Years of entries that count, the latest, and years of the district's rate added to a building's own.
_LATEST, _WORTH = 3, 1.0


@dataclass(frozen=True)
class Entering:
    """New taxpayers to come.

    ``rate`` (b,) expected a year and building, a gamma of ``shape`` (b,) behind it; ``courses`` (m, h) what
    past ones paid in their first, second … year, in money of the base year (0 once gone); ``scale`` (b,)
    factor of the building on it; ``arrivals`` and ``payers`` a year in the district over the latest years:
    who came, and who began to pay.
    """

    rate: np.ndarray
    shape: np.ndarray
    courses: np.ndarray
    scale: np.ndarray
    arrivals: float
    payers: float

    @property
    def destination(self) -> np.ndarray:
        """Return the share of each building among places to go to; (b,)."""
        total = self.rate.sum()
        return self.rate / total if total > 0 else np.full(len(self.rate), 1 / len(self.rate))


def fit_entering(units: Units, growth: Growth, panel: pd.DataFrame, horizon: int) -> Entering:
    """Learn entries from the units whose first tax was seen (not in the first year of the ledgers).

    A building's rate is its mean over the latest years, drawn towards that of the district in proportion to
    floor space (gamma–Poisson).
    """
    b, t = len(units.building_id), len(units.years)
    first = units.first_paid
    new = np.flatnonzero((first >= 1) & (first < t))
    home = units.home[new, first[new]]
    counted = (home >= 0) & (first[new] >= t - min(_LATEST, t - 1))
    years = min(_LATEST, t - 1)
    space = _space(panel, units)
    counts = np.bincount(home[counted], minlength=b).astype("float64")
    usual = counts.sum() / years * space / space.sum()
    shape = counts + _WORTH * usual
    courses = _courses(units, growth, new, horizon)
    scale = _scales(units, growth, b)
    inside = home >= 0
    paid = courses.sum(axis=1)
    # The factors must not change what all entrants together have paid.
    expected = scale[home[inside]].mean() * paid.mean() if inside.any() else 0.0
    scale = scale * (paid[inside].mean() / expected if expected > 0 else 1.0)
    came = units.is_here[:, 1:] & ~units.is_here[:, :-1] & (np.cumsum(units.is_here, axis=1)[:, :-1] == 0)
    arrivals, payers = came[:, -years:].sum() / years, counts.sum() / years
    return Entering(shape / (years + _WORTH), shape, courses, scale, float(arrivals), float(payers))


def _space(panel: pd.DataFrame, units: Units) -> np.ndarray:
    """Return the floor space of the buildings (㎡), unknown ones as the middle one; (b,)."""
    rows = panel[panel["year"] == units.years[-1]].set_index("building_id").reindex(units.building_id)
    area = rows["rentable_area_sqm"].astype("float64")
    return area.fillna(area.median()).fillna(1.0).clip(lower=1.0).to_numpy()


def _courses(units: Units, growth: Growth, new: np.ndarray, horizon: int) -> np.ndarray:
    """Return what each of ``new`` paid by year since it came, in money of the base year; (m, horizon).

    Years still to come are as the last one seen, less what like courses lost (or gained) on average.
    """
    tax, first = units.tax_yuan[new], units.first_paid[new]
    index = np.append(0.0, np.cumsum(np.nan_to_num(growth.shocks.growth, nan=growth.shocks.mean)))
    tax = np.maximum(tax, 0.0) * np.exp(index[-1] - index)
    t = tax.shape[1]
    at = first[:, None] + np.arange(horizon)
    courses = np.where(at < t, np.take_along_axis(tax, np.minimum(at, t - 1), axis=1), np.nan)
    for age in range(1, horizon):
        seen = np.isfinite(courses[:, age])
        if (at[:, age] < t).sum() and courses[at[:, age] < t, age - 1].sum() > 0:
            ratio = courses[at[:, age] < t, age].sum() / courses[at[:, age] < t, age - 1].sum()
        else:
            ratio = 1.0
        courses[~seen, age] = courses[~seen, age - 1] * ratio
    return courses if len(courses) else np.zeros((1, horizon))


def _scales(units: Units, growth: Growth, b: int) -> np.ndarray:
    """Return how much more (or less) the taxpayers of a building pay than others, shrunk; (b,)."""
    here = np.isfinite(growth.level) & (units.home[:, -1] >= 0) & units.is_here[:, -1]
    if here.sum() < 2:
        return np.ones(b)
    low, high = np.quantile(growth.level[here], (0.05, 0.95))
    level = np.clip(growth.level[here], low, high)
    return np.exp(shrunk_means(level, np.ones(here.sum()), units.home[here, -1], b)[0])
