"""The forecast of building tax: point, intervals and tiers for buildings, streets and the district."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from louyu_lab.analysis.outputs import TABLES, declared
from louyu_lab.analysis.tax.backtest import backtest_errors, chosen_method, tax_backtest
from louyu_lab.analysis.tax.errors import interval_of, pooled, scale_of, share_at_least
from louyu_lab.analysis.tax.history import YI_YUAN, TaxHistory, carried, last_known, size_class, tax_history
from louyu_lab.analysis.tax.methods import METHODS
from louyu_lab.analysis.tax.simulation import simulated_sums
from louyu_lab.analysis.tiers import TIERS

#: Levels of the two intervals.
LEVELS = (80, 95)


@dataclass(frozen=True)
class TaxOutlook:
    """What chapter 04 has to say.

    ``forecast`` and ``backtest`` are the tables ``tax_forecast`` and ``tax_backtest``, ``errors`` what the
    back-test rests on, ``method`` the name of the method used, ``history`` the buildings' histories,
    ``carried`` those of them that are forecast from a former year, see ``history.carried``.
    """

    history: TaxHistory
    errors: pd.DataFrame
    method: str
    forecast: pd.DataFrame
    backtest: pd.DataFrame
    carried: pd.DataFrame


def tax_outlook(
    panel: pd.DataFrame, year: int, district: str, horizon_years: int, rng: np.random.Generator
) -> TaxOutlook:
    """Return the forecast for the ``horizon_years`` after ``year`` from ``panel.building_years``.

    Forecast are the buildings in the stock of ``year`` whose tax is known in any year; buildings still to
    come are not. The method is the one the back-test prefers.
    """
    history = tax_history(panel, year)
    errors = backtest_errors(history, horizon_years)
    method = chosen_method(errors)
    table = tax_forecast(history, errors, method, district, horizon_years, rng)
    return TaxOutlook(history, errors, method, table, tax_backtest(errors), carried(history, panel))


def tax_forecast(
    history: TaxHistory,
    errors: pd.DataFrame,
    method: str,
    district: str,
    horizon_years: int,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Return table ``tax_forecast``: a row a level, object and coming year.

    ``mean_yuan`` is the method's forecast; streets and the district are the sums of their buildings.
    Intervals are the forecast plus past scaled errors of the same method, horizon and size class (for
    sums: simulated), NaN where the past is too short for them. They are not centred: where the method
    has been too low, the interval lies higher. ``p_yi`` is the share of past errors that would lift the
    building to 1亿元 or keep it there, ``p_up`` and ``p_down`` to a higher or lower tier of ``TIERS`` than
    that of its last known tax; they are NaN for streets and the district.
    """
    standing = history.is_standing
    last = last_known(history.tax_yuan)[standing]
    made = METHODS[method](history.tax_yuan, horizon_years)[standing]
    classes, ids, streets = size_class(last), history.building_id[standing], history.street[standing]
    parts = []
    for step in range(1, horizon_years + 1) if len(ids) else ():
        past = errors[(errors["method"] == method) & (errors["horizon"] == step)]
        buildings = _building_rows(made[:, step - 1], last, classes, past).assign(id=ids, level="building")
        sums = _sum_rows(made[:, step - 1], classes, streets, past, district, rng)
        parts.append(pd.concat([sums, buildings]).assign(year=int(history.years[-1]) + step))
    columns = list(TABLES["tax_forecast"].columns)
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)
    level = table["level"].map({"district": 0, "street": 1, "building": 2})
    table = table.assign(order=level).sort_values(["order", "id", "year"])
    return declared("tax_forecast", table.drop(columns="order").reindex(columns=columns))


def _building_rows(
    made: np.ndarray, last: np.ndarray, classes: np.ndarray, past: pd.DataFrame
) -> pd.DataFrame:
    """Return forecast, intervals and probabilities of each building for one coming year."""
    table = pd.DataFrame({"mean_yuan": made})
    table[[*_bounds(), "p_yi", "p_up", "p_down"]] = np.nan
    scale, up, down = scale_of(made), *_tier_edges(last)
    for name in np.unique(classes):
        own = classes == name
        pool = pooled(past, name)
        for level in LEVELS:
            for side, bound in zip(("lo", "hi"), interval_of(pool, level / 100), strict=True):
                table.loc[own, f"{side}{level}_yuan"] = made[own] + bound * scale[own]
        needed = [(edge[own] - made[own]) / scale[own] for edge in (np.full(len(made), YI_YUAN), up, down)]
        table.loc[own, "p_yi"] = share_at_least(pool, needed[0])
        table.loc[own, "p_up"] = share_at_least(pool, needed[1])
        table.loc[own, "p_down"] = 1 - share_at_least(pool, needed[2])
    return table


def _tier_edges(tax_yuan: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the least tax of the next higher tier (inf in the highest) and of the building's own."""
    lows = np.sort(TIERS.lows)
    at = np.searchsorted(lows, np.round(tax_yuan, TIERS.decimals), side="right")
    return np.append(lows, np.inf)[at], lows[at - 1]


def _sum_rows(
    made: np.ndarray,
    classes: np.ndarray,
    streets: np.ndarray,
    past: pd.DataFrame,
    district: str,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Return the district and its streets for one coming year: sums of the buildings, simulated intervals."""
    by_street = pd.Series(made).groupby(streets).sum()
    drawn = simulated_sums(made, classes, streets, past, rng)
    rows = [("district", district, by_street.sum(), sum(drawn.values()) if drawn else None)]
    rows += [
        ("street", str(name), mean, drawn[str(name)] if drawn else None) for name, mean in by_street.items()
    ]
    table = pd.DataFrame([row[:3] for row in rows], columns=["level", "id", "mean_yuan"])
    quantiles = [bound for level in LEVELS for bound in ((100 - level) / 200, (100 + level) / 200)]
    table[_bounds()] = [
        np.quantile(paths, quantiles) if paths is not None else np.full(len(quantiles), np.nan)
        for *_, paths in rows
    ]
    return table


def _bounds() -> list[str]:
    return [f"{side}{level}_yuan" for level in LEVELS for side in ("lo", "hi")]
