"""What is let in a year: net absorption of the past plus what makes good the exits; who takes it up."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.analysis.absorption import occupied_changes
from louyu_lab.analysis.scenarios.baseline.frames import HISTORY_COLUMNS, typed
from louyu_lab.analysis.scenarios.baseline.state import Demand
from louyu_lab.analysis.vacancy.accounting import is_lease_up, split_vacancy

#: Years of net absorption that count, the latest, and years at 0 that the mean is mixed with.
LATEST, _WORTH = 5, 2.0

#: Scatter of lettings from year to year (log) believed before a year is seen, its worth in years, and bounds.
#: On planted districts 0.3 holds 80 % intervals of occupancy (tests/benchmarks/occupancy_outlook.py).
_PRIOR_SPREAD, _PRIOR_YEARS, _SPREADS = 0.3, 2.0, (0.05, 0.5)

#: Fewer years than these are mostly prior, and said to be.
_FEWEST_YEARS = 3

#: Lettings at the district's mean that a group's take-up is mixed with before it has a say of its own.
_TAKE_UP_WORTH = 30.0


def steady_changes(panel: pd.DataFrame, opening: pd.Series) -> pd.DataFrame:
    """Return ``building_id, year, net_absorption_sqm, occupied_before_sqm`` of the buildings long in use.

    Known at both year ends, in the stock at both, and past the time of first filling (``opening`` as
    ``accounting.opening_years``): what new buildings take up is demand that supply brought.
    """
    key = ["building_id", "year"]
    # A district of one year has no change, but columns of the same types.
    changes = occupied_changes(panel).astype({"building_id": "str", "net_absorption_sqm": "float64"})
    changes = changes.dropna(subset=["net_absorption_sqm"]).astype({"year": "int64"})
    held = panel.assign(is_new=is_lease_up(panel, opening))[[*key, "is_new"]]
    before = panel[[*key, "occupied_area_sqm"]].assign(year=panel["year"] + 1)
    before = before.rename(columns={"occupied_area_sqm": "occupied_before_sqm"})
    rows = changes.merge(held, on=key).merge(before, on=key)
    return rows[~rows["is_new"]].drop(columns="is_new").reset_index(drop=True)


def learned_demand(changes: pd.DataFrame, occupied_sqm: float, exits_sqm: float) -> Demand:
    """Return the lettings to expect of tenants that ``exits_sqm`` a year leave and ``occupied_sqm`` hold.

    ``changes`` as ``steady_changes``. A year's rate is net absorption ÷ occupied area of the same
    buildings before; expected net absorption = the latest rates' mean × n ÷ (n + 2) × occupied area, so that
    few years say little; lettings = it + exits, never below 0. ``spread``² = (2 × 0.3² + Σ d²) ÷ (2 + n − 1)
    × (1 + 1/n), d the years' deviations in parts of the lettings: scatter of a year and of the mean.
    """
    by_year = changes.groupby("year")[["net_absorption_sqm", "occupied_before_sqm"]].sum()
    by_year = by_year[by_year["occupied_before_sqm"] > 0]
    rates = (by_year["net_absorption_sqm"] / by_year["occupied_before_sqm"]).tail(LATEST)
    n = len(rates)
    usual = float(rates.mean()) * n / (n + _WORTH) * occupied_sqm if n else 0.0
    lettings = max(usual + exits_sqm, 0.0)
    spread = _PRIOR_SPREAD
    if n and lettings > 0:
        away = (rates - rates.mean()) * occupied_sqm / lettings
        variance = (_PRIOR_YEARS * _PRIOR_SPREAD**2 + (away**2).sum()) / (_PRIOR_YEARS + n - 1)
        spread = float(np.clip(np.sqrt(variance * (1 + 1 / n)), *_SPREADS))
    turned = exits_sqm / occupied_sqm if occupied_sqm > 0 else 0.0
    history = by_year.assign(
        lettings_sqm=by_year["net_absorption_sqm"] + turned * by_year["occupied_before_sqm"]
    ).reset_index()
    return Demand(lettings, spread, typed(history, HISTORY_COLUMNS), _source(rates, usual, exits_sqm))


def _source(rates: pd.Series, usual: float, exits_sqm: float) -> str:
    made_good = f"补足退租 {exits_sqm / 1e4:.1f} 万㎡"
    if not len(rates):
        return f"没有历年净吸纳，按{made_good}计；年际波动为先验"
    span = f"{rates.index[0]}—{rates.index[-1]} 年" if len(rates) > 1 else f"{rates.index[0]} 年"
    rest = "" if len(rates) >= _FEWEST_YEARS else "；年际波动为先验"
    return f"{span}同一批楼宇净吸纳（向 0 收缩，每年 {usual / 1e4:.1f} 万㎡）加{made_good}{rest}"


def take_up(
    stock: pd.DataFrame, changes: pd.DataFrame, panel: pd.DataFrame, freed: pd.DataFrame, exit_rate: float
) -> np.ndarray:
    """Return how readily the free space of each building of ``stock`` is taken up; (b,), weighted mean 1.

    By grade, within it by zone: lettings ÷ free space of the latest years against the district's, drawn to 1.
    Lettings = net absorption + what was left (``tenants.followed_exits``; ``exit_rate`` × occupied area
    where nobody lists the tenants), free = marketable vacancy before + what was left. The weights are the
    marketable vacancy of ``stock``.
    """
    key = ["building_id", "year"]
    rows = changes[changes["year"] > changes["year"].max() - LATEST]
    before = panel.assign(free_sqm=split_vacancy(panel)["marketable"], year=panel["year"] + 1)
    rows = rows.merge(before[[*key, "free_sqm"]], on=key).merge(freed, on=key, how="left")
    left = rows["freed_sqm"].fillna(exit_rate * rows["occupied_before_sqm"])
    rows = rows.assign(
        let_sqm=(rows["net_absorption_sqm"] + left).clip(lower=0.0), free_sqm=rows["free_sqm"] + left
    ).dropna(subset=["free_sqm"])
    rows = rows.merge(stock[["building_id", "grade", "zone"]], on="building_id")
    found = np.ones(len(stock))
    if rows["free_sqm"].sum() > 0 and rows["let_sqm"].sum() > 0:
        rows["awaited_sqm"] = rows["free_sqm"] * rows["let_sqm"].sum() / rows["free_sqm"].sum()
        # A building's year counts as one letting: its tenants come together or not at all.
        worth = _TAKE_UP_WORTH * rows["let_sqm"].sum() / len(rows)
        for by in (["grade"], ["grade", "zone"]):
            ratio = _ratios(rows, by, worth)
            rows = rows.assign(awaited_sqm=rows["awaited_sqm"] * _of_group(rows, by, ratio))
            found = found * _of_group(stock, by, ratio)
    free = split_vacancy(stock)["marketable"].fillna(0.0).to_numpy()
    mean = np.average(found, weights=free) if free.sum() > 0 else found.mean() if len(found) else 1.0
    return found / mean


def _ratios(rows: pd.DataFrame, by: list[str], worth: float) -> pd.Series:
    """Return let ÷ awaited area by group, drawn to 1; 1 for a group without a sibling."""
    sums = rows.groupby(by, dropna=False)[["let_sqm", "awaited_sqm"]].sum()
    ratio = (sums["let_sqm"] + worth) / (sums["awaited_sqm"] + worth)
    parents = sums.index.droplevel(-1) if len(by) > 1 else pd.Index(["all"] * len(sums))
    siblings = pd.Series(1, index=sums.index).groupby(parents).transform("size")
    return ratio.where(siblings > 1, 1.0)


def _of_group(frame: pd.DataFrame, by: list[str], ratio: pd.Series) -> np.ndarray:
    """Return each row's ratio by its group, 1 where the group is not among them."""
    found = frame[by].merge(ratio.rename("ratio").reset_index(), on=by, how="left")["ratio"]
    return found.fillna(1.0).to_numpy("float64")
