"""How tax grows: what all taxpayers share, and what each adds, from chapter 04's model of tenants."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from louyu_lab.analysis.scenarios.baseline.priors import COMMON_SD, OWN_SD
from louyu_lab.analysis.scenarios.baseline.state import Baseline, Growth
from louyu_lab.analysis.tax.history import TaxHistory
from louyu_lab.analysis.tax.tenants.growth import Growth as TenantGrowth
from louyu_lab.analysis.tax.tenants.growth import Pool, size_of

#: The scatter of a year's common growth (log) lies within these, and its drift within this of 0 a year: what
#: goes beyond in a few years, of a few tenants, is their own doing and nothing that newcomers share.
_LEAST_SD, _MOST_COMMON_SD, _MOST_DRIFT = 0.02, 0.2, 0.15

#: No past year's common growth counts for more than this where old tax is put in money of today (log).
_MOST_YEAR = 0.3

#: Chance leaves the mean of money within this a year (log): a pool of few pairs does not.
_MOST_CHANCE = 0.05

#: What the payers of chapter 04 may do of their own beyond the common drift is at most this a year (log).
_MOST_OWN = 0.5

#: Scatter of a taxpayer's own growth in a year is at most this (log).
_MOST_SD = 0.8

#: Years at 0 that the common growth is mixed with, so that few years say little.
_WORTH = 2.0


def learned_growth(model: TenantGrowth | None, history: TaxHistory, lag: int, horizon: int) -> Growth:
    """Return the growth of the ``horizon`` years that begin ``lag`` years after the last known tax.

    With chapter 04's ``model`` that of the same tenants, without it that of the same buildings' sums in
    ``history``. Of n years the yearly growth is mean × n ÷ (n + 2), its standard error sd ÷ √(n + 2); drift
    stays within ±0.15 a year and the scatter within 0.02–0.2, whatever few tenants or a young building did.
    """
    if model is None:
        return _of_buildings(history, lag, horizon)
    shocks = model.shocks
    counted = np.isfinite(shocks.growth) & ~np.isin(shocks.years, shocks.left_out)
    steps = np.arange(lag + 1, lag + horizon + 1)
    drift = shocks.expected(lag + horizon)[lag:] - shocks.mean * steps * _prior_part(counted.sum())
    unsure = float(np.median(model.building_sd)) if len(model.building_sd) else 0.0
    made = _bounded(drift, float(shocks.sd), int(counted.sum()), steps)
    return replace(made, building_sd=min(unsure, _MOST_COMMON_SD))


def _of_buildings(history: TaxHistory, lag: int, horizon: int) -> Growth:
    tax = history.tax_yuan[history.is_standing]
    both = np.isfinite(tax[:, 1:]) & np.isfinite(tax[:, :-1])
    before, after = (np.where(both, part, 0.0).sum(axis=0) for part in (tax[:, :-1], tax[:, 1:]))
    known = (before > 0) & (after > 0)
    grown = np.log(after[known] / before[known])
    n = len(grown)
    drift = float(grown.mean()) * (1 - _prior_part(n)) if n else 0.0
    spread = ((grown - drift) ** 2).sum() if n else 0.0
    sd = float(np.sqrt((_WORTH * COMMON_SD**2 + spread) / (_WORTH + n)))
    steps = np.arange(lag + 1, lag + horizon + 1)
    return _bounded(drift * steps, sd, n, steps)


def _prior_part(years: int) -> float:
    """Return the part (0–1) the prior has in a mean over so many years."""
    return _WORTH / (_WORTH + years)


def _bounded(drift: np.ndarray, sd: float, years: int, steps: np.ndarray) -> Growth:
    """Return growth within what a district's can be; ``steps`` (h,) years since the last known tax."""
    sd = float(np.clip(sd, _LEAST_SD, _MOST_COMMON_SD))
    return Growth(_within(drift, steps), sd, drift_sd=float(sd / np.sqrt(years + _WORTH)))


def _within(drift: np.ndarray, steps: np.ndarray) -> np.ndarray:
    return np.clip(drift, -_MOST_DRIFT * steps, _MOST_DRIFT * steps)


def money_index(model: TenantGrowth | None, years: np.ndarray) -> pd.Series:
    """Return by year what 1 元 of a tenant's tax then is in money of the last of ``years``."""
    if model is None:
        return pd.Series(1.0, index=years)
    shocks = model.shocks
    grown = pd.Series(np.nan_to_num(shocks.growth, nan=shocks.mean), index=shocks.years)
    level = grown.clip(-_MOST_YEAR, _MOST_YEAR).reindex(years[1:]).fillna(0.0).cumsum()
    level = pd.concat([pd.Series([0.0], index=years[:1]), level])
    return np.exp(level.iloc[-1] - level)


def own_growth(
    model: TenantGrowth | None, sector: pd.Series, tax_yuan: np.ndarray, horizon: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return what each taxpayer adds to the common growth a year: median log growth and its scatter.

    Of a year's chance the part ``persistence`` p stays. The random walk of the engine has the scatter of
    the level after ``horizon`` h years: σ² × (1 + (h − 1) p²) ÷ h a year (σ robust: half the distance of
    the 16 % and 84 % points), and its mean, so that sums of money are right: median = industry's growth +
    log of the mean (within ±0.05) − σ² ÷ 2.
    """
    if model is None:
        return np.zeros(len(tax_yuan)), np.where(tax_yuan > 0, OWN_SD, 0.0)
    mean, sd = np.array([_yearly(pool, model.persistence, horizon) for pool in model.pools]).T
    mean = np.clip(mean, -_MOST_CHANCE, _MOST_CHANCE)
    size = size_of(tax_yuan)
    own = sector.map(model.sector).fillna(0.0).to_numpy("float64") + mean[size] - sd[size] ** 2 / 2
    pays = tax_yuan > 0
    return np.where(pays, own, 0.0), np.where(pays, sd[size], 0.0)


def _yearly(pool: Pool, persistence: float, horizon: int) -> tuple[float, float]:
    """Return a year's log mean factor and scatter of the walk that ends as ``horizon`` years of chance do."""
    order = np.argsort(pool.values, kind="stable")
    cumulated = np.cumsum(pool.weights[order])
    at = np.searchsorted(cumulated, np.array([0.16, 0.84]) * cumulated[-1])
    low, high = pool.values[order][np.minimum(at, len(order) - 1)]
    kept = (horizon - 1) * persistence**2
    sd = (high - low) / 2 * np.sqrt((1 + kept) / horizon)
    mean = (np.log(pool.moment(1.0)) + (horizon - 1) * np.log(pool.moment(persistence))) / horizon
    return float(mean), min(float(sd), _MOST_SD)


def agreeing(baseline: Baseline, lag: int = 0) -> Baseline:
    """Return the baseline with growth by which expected tax is that of chapter 04's forecast.

    The engine's expected tax of year t is Σ over units of tax × (S_{t−1} + S_t) ÷ 2 × exp(drift + growth·t +
    variance ÷ 2), S the share staying, and what newcomers pay by their ramp. Drift is set so that it is
    chapter 04's; beyond ±0.15 a year (of ``lag`` years more, by which known tax ends before the base year)
    it is no growth that newcomers share: the rest, spread evenly over the years, is put to the payers' own.
    Left as it is where chapter 04 says nothing.
    """
    growth, units = baseline.growth, baseline.units
    if baseline.tax_draws is None:
        return baseline
    forecast = baseline.tax_draws.mean(axis=0)
    known = np.isfinite(forecast).all(axis=1)
    told = forecast[known].sum(axis=0)
    ahead = np.arange(1, baseline.horizon + 1)
    shared = growth.common_sd**2 * ahead + (growth.drift_sd**2 + growth.building_sd**2) * ahead**2
    level = np.exp(growth.drift + shared / 2)
    expected = level * (_staying(baseline, known) + _coming(baseline))
    agrees = np.divide(told, expected, out=np.ones_like(told), where=(expected > 0) & (told > 0))
    wanted = growth.drift + np.log(agrees)
    drift = _within(wanted, ahead + lag)
    beyond = float(np.clip(ahead @ (wanted - drift) / (ahead @ ahead), -_MOST_OWN, _MOST_OWN))
    pays = known[units["building"].to_numpy(dtype="int64")] & (units["tax_yuan"] > 0)
    own = units["growth"] + np.where(pays, beyond, 0.0)
    return replace(baseline, growth=replace(growth, drift=drift), units=units.assign(growth=own))


def _staying(baseline: Baseline, known: np.ndarray) -> np.ndarray:
    """Return what those who are there pay year by year at the level of the base year (元); (h,)."""
    units = baseline.units[known[baseline.units["building"].to_numpy(dtype="int64")]]
    tax, rate, own, sd = (
        units[name].to_numpy(dtype="float64")[:, None]
        for name in ("tax_yuan", "exit_rate", "growth", "growth_sd")
    )
    ahead = np.arange(1, baseline.horizon + 1)
    there = ((1 - rate) ** (ahead - 1) + (1 - rate) ** ahead) / 2
    return (tax * there * np.exp((own + sd**2 / 2) * ahead)).sum(axis=0)


def _coming(baseline: Baseline) -> np.ndarray:
    """Return what newcomers pay year by year at the level of the base year (元); (h,)."""
    entrants = baseline.entrants
    if not entrants.yield_yuan_sqm > 0:
        return np.zeros(baseline.horizon)
    age = np.arange(baseline.horizon)
    each = entrants.ramp * (1 - entrants.exit_rate) ** age
    return baseline.demand.lettings_sqm * entrants.yield_yuan_sqm * np.cumsum(each)
