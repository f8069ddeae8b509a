"""How much more the same tenants pay from year to year: the common shock, lasting differences, and chance.

Log growth of a tenant in its full years = common shock of the year + what its building and its industry
add every year + chance. Of the chance of one year a part ``persistence`` stays, the rest is gone the year
after: the log level is a random walk seen with noise (local level model, Harvey 1989).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from louyu_lab.analysis.tax.tenants.shocks import CUT, Shocks, fit_shocks
from louyu_lab.analysis.tax.tenants.units import Units

#: Parts of a year's chance that may stay, from which the panel's own past chooses.
_PERSISTENCES = (0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 1.0)

#: Bounds (元) of tax within which chance is drawn from the same pool, and the fewest pairs of a pool.
_SIZES_YUAN = (0.0, 1e5, 1e6, 1e7)
_FEWEST_PAIRS = 60

#: With more years than these the first pair of years, which flatters growth, can be done without.
_ENOUGH_YEARS = 3

#: A first year is a month at least: the next brings at most twelve times as much.
_MOST_FIRST = np.log(12.0)

#: Lasting differences of growth fade: the part left a year later.
FADE = 0.9


@dataclass(frozen=True)
class Pool:
    """Chances (logarithms) of like-sized tenants and the weights with which they are drawn."""

    values: np.ndarray
    weights: np.ndarray

    def draw(self, shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
        """Draw with replacement."""
        cumulated = np.cumsum(self.weights)
        at = np.searchsorted(cumulated, rng.random(shape) * cumulated[-1], side="right")
        return self.values[np.minimum(at, len(self.values) - 1)]

    def moment(self, power: float) -> float:
        """Return the mean of exp(power × chance)."""
        return float(np.average(np.exp(power * self.values), weights=self.weights))


@dataclass(frozen=True)
class Growth:
    """What the past says of growth. Logarithms throughout.

    ``shocks`` the common part; ``building`` (b,) and ``sector`` (by name) are lasting differences,
    ``building_sd`` (b,) how unsure. ``persistence`` of chance; ``level`` (n,) the smoothed log tax in the
    base year, −inf for who never paid; ``pools`` of chance by size, ``first_years`` those of a tenant's
    step from its first, partial year to the next.
    """

    shocks: Shocks
    building: np.ndarray
    building_sd: np.ndarray
    sector: dict[str, float]
    persistence: float
    level: np.ndarray
    pools: tuple[Pool, ...]
    first_years: tuple[Pool, ...]


def size_of(tax_yuan: np.ndarray) -> np.ndarray:
    """Return the pool each amount draws its chance from."""
    return np.searchsorted(_SIZES_YUAN, tax_yuan, side="right").clip(1) - 1


def fit_growth(units: Units) -> Growth:
    """Learn growth from the tenants there at the end of two consecutive years, in full years only."""
    tax = units.tax_yuan
    log = np.log(np.where(tax > 0, tax, np.nan))
    grown = np.diff(log, axis=1)
    stays = np.isfinite(grown) & units.is_here[:, 1:]
    full, young = (stays & part for part in (units.age[:, :-1] >= 1, units.age[:, :-1] == 0))
    if len(units.years) > _ENOUGH_YEARS:
        # Who came in the ledgers' first year paid for part of it, and nothing tells who that was.
        full[:, 0] = False
    # Weighted with one year's tax alone, whoever paid too little in it would make growth look high.
    middle = np.where(full, (log[:, :-1] + log[:, 1:]) / 2, -np.inf)
    weight = np.exp(middle / 2)
    shocks = fit_shocks(units.years[1:], grown, weight)
    common = np.nan_to_num(shocks.growth, nan=shocks.mean)
    own = np.where(full, np.clip(grown - common, -CUT, CUT), 0.0)
    building, building_sd, sector = _lasting(units, own, full)
    lasting = np.where(units.home[:, -1] >= 0, building[units.home[:, -1]], 0.0)
    lasting = lasting + pd.Series(units.sector).map(sector).to_numpy(dtype="float64")
    trials = [_smoothed(log, full, common, lasting, part) for part in _PERSISTENCES]
    best = int(np.argmin([_loss(chance, weight) for _, chance in trials]))
    level, chance = trials[best]
    pools = _pools(np.exp((log[:, 1:] - chance)[full]), chance[full])
    first = _pools(tax[:, :-1][young], (grown - common)[young], most=_MOST_FIRST)
    return Growth(shocks, building, building_sd, sector, _PERSISTENCES[best], level, pools, first)


def _lasting(
    units: Units, own: np.ndarray, full: np.ndarray
) -> tuple[np.ndarray, np.ndarray, dict[str, float]]:
    """Return the yearly growth that buildings add, its standard error, and what industries add.

    ``own`` is growth beside the common shock, 0 where not ``full``. Empirical Bayes draws both towards 0.
    """
    years = full.sum(axis=1)
    slope = np.where(years > 0, own.sum(axis=1) / np.maximum(years, 1), 0.0)
    weight = years.astype("float64") ** 2
    names, sector = np.unique(units.sector, return_inverse=True)
    last = np.where(full.any(axis=1), full.shape[1] - full[:, ::-1].argmax(axis=1), 0)
    home = units.home[np.arange(len(years)), last]
    inside = home >= 0
    by_building, by_sector = np.zeros(len(units.building_id)), np.zeros(len(names))
    for _ in range(3):
        rest = slope - by_building[home] * inside
        by_sector, _ = shrunk_means(rest, weight, sector, len(names))
        rest = slope - by_sector[sector]
        by_building, sd = shrunk_means(rest[inside], weight[inside], home[inside], len(by_building))
    return by_building, sd, dict(zip(names.tolist(), by_sector.tolist(), strict=True))


def shrunk_means(
    values: np.ndarray, weight: np.ndarray, group: np.ndarray, groups: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return group means less the overall one, shrunk: τ² ÷ (τ² + v), τ² by moments (DerSimonian–Laird).

    Beside them their standard errors √(τ²v ÷ (τ² + v)). A value's variance is k ÷ ``weight``, k estimated
    inside the groups. A group without values gets 0 ± τ.
    """
    total = np.bincount(group, weight, minlength=groups)
    used = total > 0
    if used.sum() < 2:
        return np.zeros(groups), np.zeros(groups)
    each = np.where(used, total, 1.0)
    means = np.bincount(group, weight * values, minlength=groups) / each
    free = max(int((weight > 0).sum()) - int(used.sum()), 1)
    variance = max((weight * (values - means[group]) ** 2).sum() / free, 1e-12) / each
    precision = np.where(used, 1 / variance, 0.0)
    centre = (precision * means).sum() / precision.sum()
    excess = (precision * (means - centre) ** 2).sum() - (used.sum() - 1)
    between = max(0.0, excess / (precision.sum() - (precision**2).sum() / precision.sum()))
    known = np.where(used, between / (between + variance), 0.0)
    return np.where(used, means - centre, 0.0) * known, np.sqrt(between * (1 - known))


def _smoothed(
    log: np.ndarray, full: np.ndarray, shocks: np.ndarray, lasting: np.ndarray, part: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return the level of the last year (n,) and the chances (n, years − 1), NaN where not ``full``.

    The filter of a local level (Harvey 1989): ``part`` is where its gain settles. After one year seen all
    that is known is that year, so the gain starts high; ``unsure`` is the level's variance in units of the
    year's, ``drift`` what every year adds to it: drift = part² ÷ (1 − part).
    """
    drift = part**2 / max(1 - part, 1e-6)
    level, unsure = log[:, 0], np.ones(len(log))
    chances = np.full((len(log), log.shape[1] - 1), np.nan)
    for step in range(1, log.shape[1]):
        expected, unsure = level + shocks[step - 1] + lasting, unsure + drift
        chance = log[:, step] - expected
        known = full[:, step - 1] & np.isfinite(chance)
        chances[known, step - 1] = chance[known]
        gain = unsure / (unsure + 1)
        # A first full year starts the level anew; a year without tax leaves it where it was to be.
        seen = np.isfinite(log[:, step])
        fresh = np.where(seen, log[:, step], np.where(np.isfinite(expected), expected, -np.inf))
        level = np.where(known, expected + gain * np.where(known, chance, 0.0), fresh)
        unsure = np.where(known, gain, np.where(seen, 1.0, unsure))
    return np.where(np.isfinite(level), level, -np.inf), chances


def _loss(chances: np.ndarray, weight: np.ndarray) -> float:
    return float(np.nansum(weight * np.clip(chances, -CUT, CUT) ** 2))


def _pools(tax_yuan: np.ndarray, chance: np.ndarray, most: float = np.inf) -> tuple[Pool, ...]:
    """Return a pool by size. Drawn in proportion to the tax expected, chance keeps the sum of money right.

    (Σ forecast × exp(chance) = Σ actual in each pool.) A size with too few pairs takes those below it in.
    """
    known = np.isfinite(chance) & (tax_yuan > 0)
    tax_yuan, chance = tax_yuan[known], np.minimum(chance[known], most)
    size = size_of(tax_yuan)
    pools = []
    for own in range(len(_SIZES_YUAN)):
        low = own
        while low > 0 and (((size >= low) & (size <= own)).sum() < _FEWEST_PAIRS):
            low -= 1
        used = (size >= low) & (size <= own)
        if used.sum() < _FEWEST_PAIRS:
            used = np.ones(len(size), dtype=bool)
        if used.any():
            pools.append(Pool(chance[used], tax_yuan[used]))
        else:
            pools.append(Pool(np.zeros(1), np.ones(1)))
    return tuple(pools)
