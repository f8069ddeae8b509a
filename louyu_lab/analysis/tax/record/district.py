"""The district's own back-test: buildings, streets and the whole, from simulated tax."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from louyu_lab.analysis.tax.forecasting.backtesting.backtest import (
    OURS,
    Backtest,
    judged,
    rival_forecasts,
)
from louyu_lab.analysis.tax.forecasting.backtesting.errors import (
    BOUNDS,
    Forecasts,
    Origin,
    empty_errors,
    errors_at,
)
from louyu_lab.analysis.tax.forecasting.backtesting.origins import FIRST_ORIGIN_PERIODS
from louyu_lab.analysis.tax.forecasting.backtesting.rivals import CAGR, DAMPED, DRIFT, NAIVE, rival
from louyu_lab.analysis.tax.history import TaxHistory
from louyu_lab.analysis.tax.paths import TaxPaths

#: The simple methods a study is held against: those the field uses, and the damped trend.
FIELD_METHODS = (NAIVE, DRIFT, CAGR, DAMPED)

BUILDING, STREET, DISTRICT = LEVELS = ("building", "street", "district")


@dataclass(frozen=True)
class DistrictBacktest:
    """The back-test of every level: ``levels`` level → Backtest; ``reason`` why there is none, else "".

    ``horizon`` is how many years ahead the study forecasts, which few origins allow to look.
    """

    history: TaxHistory
    levels: Mapping[str, Backtest]
    reason: str
    horizon: int

    @property
    def told(self) -> tuple[str, ...]:
        """The levels whose results differ, as ``distinct_levels``."""
        return distinct_levels({level: len(test.errors) for level, test in self.levels.items()})


def backtest_district(
    history: TaxHistory, horizon: int, past: Mapping[int, TaxPaths], district: str
) -> DistrictBacktest:
    """Return how the simulated tax and the field's simple methods did on the district's own past.

    ``past`` maps an origin to the tax simulated from what was known at its end; origins without it are not
    gone back to. Compared are the buildings simulated from an origin whose tax came to be known;
    those that left or did not report in a year drop out of that year for every method. Streets and the
    district are the sums of these buildings: draw by draw for ours, and for the simple methods
    continued from the sums of the past (a missing year of a building being its last known one).
    """
    columns = [column for column in possible_columns(history) if int(history.years[column]) in past]
    errors = {level: [] for level in LEVELS}
    for column in columns:
        ahead = min(horizon, len(history.years) - 1 - column)
        year = int(history.years[column])
        drawn = _drawn(history, past[year], year, ahead)
        origin = _buildings_at(history, column, ahead)
        errors[BUILDING].append(_level_errors(origin, drawn))
        for level, labels in ((STREET, history.street), (DISTRICT, np.full(len(history.street), district))):
            for step in range(ahead):
                errors[level].append(_sum_errors(origin, drawn, labels, step))
    known = int(np.isfinite(history.tax_yuan).any(axis=0).sum())
    reason = "" if len(columns) else f"只有 {known} 年税收，至少 3 年才能回测"
    levels = {}
    for level, parts in errors.items():
        whole = pd.concat(parts, ignore_index=True) if parts else empty_errors()
        levels[level] = judged(whole, [OURS, *FIELD_METHODS], reason)
    return DistrictBacktest(history, levels, reason or levels[BUILDING].reason, horizon)


def distinct_levels(sizes: Mapping[str, int]) -> tuple[str, ...]:
    """Return the levels whose results differ, the whole first; ``sizes`` is level → number of forecasts.

    Levels of as many forecasts hold the same ones: with one building the three tell the same result three
    times, and streets of one building each repeat the buildings.
    """
    whole, streets, buildings = (sizes.get(level, 0) for level in (DISTRICT, STREET, BUILDING))
    is_told = {
        DISTRICT: whole > 0,
        STREET: streets not in (0, whole, buildings),
        BUILDING: buildings not in (0, whole),
    }
    return tuple(level for level, told in is_told.items() if told)


def simple_forecast(result: DistrictBacktest, method: str) -> np.ndarray:
    """Return what a simple method says of the district's coming years (元; one value a year of the horizon).

    Continued from the sums of the past of the buildings that stand, as in the back-test; NaN without any.
    """
    history = result.history
    tax = history.tax_yuan[history.is_standing]
    if not len(tax):
        return np.full(result.horizon, np.nan)
    return rival(method, _sums(tax, np.ones((1, len(tax)))), result.horizon)[0]


def possible_columns(history: TaxHistory) -> np.ndarray:
    """Return the columns of the years with tax that have one before and one after them with tax."""
    known = np.isfinite(history.tax_yuan).any(axis=0)
    behind = np.cumsum(known) >= FIRST_ORIGIN_PERIODS
    ahead = np.cumsum(known[::-1])[::-1] - known > 0
    return np.flatnonzero(known & behind & ahead)


def _buildings_at(history: TaxHistory, column: int, ahead: int) -> Origin:
    actual = history.tax_yuan[:, column + 1 : column + 1 + ahead]
    seen, steps = history.tax_yuan[:, : column + 1], np.arange(1, ahead + 1)
    return Origin(int(history.years[column]), history.building_id, seen, actual, steps)


def _drawn(history: TaxHistory, paths: TaxPaths, origin: int, ahead: int) -> np.ndarray:
    """Return the draws in the order of ``history``, (draws, buildings, ahead); NaN where not simulated.

    Raises ValueError where the coming years are not those after the origin.
    """
    wanted = np.arange(origin + 1, origin + 1 + ahead)
    if not np.isin(wanted, paths.years).all():
        raise ValueError(f"paths from {origin} hold years {paths.years.tolist()}, needed {wanted.tolist()}")
    row = pd.Index(paths.building_id).get_indexer(history.building_id)
    year = pd.Index(paths.years).get_indexer(wanted)
    drawn = np.take(paths.yuan[:, :, year], np.maximum(row, 0), axis=1) if len(paths.building_id) else None
    if drawn is None:
        return np.full((1, len(row), ahead), np.nan)
    return np.where((row >= 0)[None, :, None], drawn, np.nan)


def _level_errors(origin: Origin, drawn: np.ndarray) -> pd.DataFrame:
    return errors_at(origin, {OURS: _summary(drawn)} | rival_forecasts(origin, FIELD_METHODS))


def _sum_errors(origin: Origin, drawn: np.ndarray, labels: np.ndarray, step: int) -> pd.DataFrame:
    """Return the errors of the sums by ``labels``, of the buildings both simulated and known that year."""
    usable = np.isfinite(origin.actual[:, step]) & np.isfinite(drawn[:, :, step]).all(axis=0)
    names, group = np.unique(labels[usable], return_inverse=True)
    if not len(names):
        return empty_errors()
    member = (group[None, :] == np.arange(len(names))[:, None]).astype("float64")
    summed = replace(
        origin,
        unique_id=names,
        seen=_sums(origin.seen[usable], member),
        actual=(member @ origin.actual[usable, step])[:, None],
        steps=origin.steps[step : step + 1],
    )
    return _level_errors(summed, (drawn[:, usable, step] @ member.T)[:, :, None])


def _sums(seen: np.ndarray, member: np.ndarray) -> np.ndarray:
    """Return sums of the past (groups, years), a missing year being the last known; NaN before any is."""
    carried = pd.DataFrame(seen).ffill(axis=1).to_numpy()
    known = member @ np.isfinite(carried) > 0
    return np.where(known, member @ np.nan_to_num(carried), np.nan)


def _summary(drawn: np.ndarray) -> Forecasts:
    """Return median, mean and bounds over the draws; (draws, series, horizon) → (series, horizon) each."""
    middle, *bounds = np.quantile(drawn, [0.5, 0.1, 0.9, 0.025, 0.975], axis=0)
    return Forecasts(middle, drawn.mean(axis=0), dict(zip(BOUNDS, bounds, strict=True)))
