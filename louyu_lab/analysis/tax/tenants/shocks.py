"""What all tenants' tax has in common from year to year, and what of it is expected to go on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from louyu_lab.analysis.tax.tenants.breaks import tested_breaks

#: Growth (logarithm) farther than this from the year's middle tells of an event, not of the year: it is cut.
CUT = 1.0

#: What is believed of the scatter before a year is seen: standard deviation, and its worth in years.
_PRIOR_SD, _PRIOR_YEARS = 0.05, 2.0


@dataclass(frozen=True)
class Shocks:
    """Common log growth. ``years`` (t,) and ``growth`` (t,), NaN where no tenant tells.

    ``mean`` of the years that count and ``mean_sd`` its standard error, ``sd`` the scatter of one year,
    ``left_out`` the years of breaks that do not count. ``owed`` is what a passing break of the last year
    has taken away (log) and ``returns`` the part of it that comes back each year.
    """

    years: np.ndarray
    growth: np.ndarray
    mean: float
    mean_sd: float
    sd: float
    left_out: tuple[int, ...]
    owed: float
    returns: float

    def expected(self, horizon: int) -> np.ndarray:
        """Return the expected cumulated log growth after 1 … ``horizon`` years."""
        steps = np.arange(1, horizon + 1)
        return self.mean * steps + self.owed * (1 - (1 - self.returns) ** steps)

    def draw(self, horizon: int, rng: np.random.Generator, draws: int) -> np.ndarray:
        """Draw cumulated log growth, shape (draws, horizon): unsure mean, and a shock every year."""
        unsure = self.mean_sd * rng.standard_normal((draws, 1)) * np.arange(1, horizon + 1)
        shocks = np.cumsum(self.sd * rng.standard_normal((draws, horizon)), axis=1)
        return self.expected(horizon) + unsure + shocks


def fit_shocks(years: np.ndarray, grown: np.ndarray, weight: np.ndarray) -> Shocks:
    """Learn the common growth from that of the tenants.

    ``grown`` (n, t) log growth to each of ``years``, used where ``weight`` is positive. A break year is
    left out where its growth is unusual (see ``breaks``); if fewer than two years remain, all count.
    """
    growth = common_growth(grown, weight)
    breaks = tested_breaks(years, growth)
    unusual = breaks[breaks["is_unusual"]]
    known = np.isfinite(growth)
    kept = known & ~np.isin(years, unusual["year"])
    if kept.sum() < 2:
        kept = known
    told = growth[kept] if kept.any() else np.zeros(1)
    mean, n = float(told.mean()), len(told)
    spread = float(((told - mean) ** 2).sum())
    sd = float(np.sqrt((_PRIOR_YEARS * _PRIOR_SD**2 + spread) / (_PRIOR_YEARS + n - 1)))
    last = unusual[unusual["year"] == years[-1]]
    owed, returns = (
        (mean - float(last["shock"].iloc[0]), float(last["returns"].iloc[0])) if len(last) else (0.0, 0.0)
    )
    left_out = tuple(int(year) for year in years[known & ~kept])
    return Shocks(years, growth, mean, sd / np.sqrt(n), sd, left_out, owed, returns)


def common_growth(grown: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Return each year's common log growth: the weighted mean, far-off growth cut; NaN without a pair.

    ``grown`` and ``weight`` have shape (n, years).
    """
    found = np.full(grown.shape[1], np.nan)
    for year in range(grown.shape[1]):
        used = weight[:, year] > 0
        if used.any():
            values = grown[used, year]
            middle = np.median(values)
            values = np.clip(values, middle - CUT, middle + CUT)
            found[year] = np.average(values, weights=weight[used, year])
    return found
