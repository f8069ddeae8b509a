"""Chances of every tier by building and year, and who is or may become 亿元楼."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.analysis.outputs import TABLES, declared
from louyu_lab.analysis.tax.tiers.draws import TierDraws
from louyu_lab.analysis.tiers import TIERS

#: Words for a chance, with the least chance of each; printed with the tables.
CERTAIN, HOPEFUL, PRESSED = "把握大", "有望", "有压力"
CERTAIN_FROM, HOPEFUL_FROM = 0.8, 0.4

#: Columns of the chances of each tier, in the order of ``TIERS.labels``.
TIER_COLUMNS = ("p_yi", "p_near_yi", "p_50m_70m", "p_10m_50m", "p_near_10m", "p_other")

#: A building is listed as candidate from this tax (元) or this chance on.
LISTED_YUAN, LISTED_CHANCE = 5e7, 0.05


def judged(chances: np.ndarray) -> np.ndarray:
    """Return 把握大, 有望 or 有压力 of each chance, 无法判断 where it is NaN."""
    conditions = [chances >= CERTAIN_FROM, chances >= HOPEFUL_FROM, chances >= 0]
    return np.select(conditions, [CERTAIN, HOPEFUL, PRESSED], "无法判断")


def tier_shares(draws: TierDraws) -> np.ndarray:
    """Return the share of draws in each tier; shape (buildings, horizon, tiers), sums to 1 over tiers."""
    each = [(draws.tier == at).mean(axis=0) for at in range(len(TIERS.labels))]
    return np.stack(each, axis=-1)


def tier_chances(draws: TierDraws) -> pd.DataFrame:
    """Return table ``tier_chances``: a row a building and coming year.

    The chances of the tiers are ``TIER_COLUMNS``. ``p_up`` and ``p_down`` are those of a higher or lower
    tier than that of the last known tax, NaN where there is none such. ``p_yi_held`` is the chance of
    1亿元 and more in this year and in every later one that is forecast. Chances are shares of draws; the
    median is that of the draws.
    """
    columns = list(TABLES["tier_chances"].columns)
    count, years = len(draws.paths.building_id), len(draws.paths.years)
    if not count or not years:
        return declared("tier_chances", pd.DataFrame(columns=columns))
    base = draws.base_tier[:, None]
    known = base >= 0
    up = np.where(known & (base > 0), (draws.tier < base).mean(axis=0), np.nan)
    down = (known & (base < len(TIERS.labels) - 1), (draws.tier > base).mean(axis=0))
    table = draws.objects().loc[np.repeat(np.arange(count), years)].reset_index(drop=True)
    shares = tier_shares(draws).reshape(count * years, -1)
    table = table.assign(
        year=np.tile(draws.paths.years, count),
        median_yuan=np.median(draws.paths.yuan, axis=0).ravel(),
        **{name: shares[:, at] for at, name in enumerate(TIER_COLUMNS)},
        p_up=up.ravel(),
        p_down=np.where(*down, np.nan).ravel(),
        p_yi_held=_held(draws.is_yi).mean(axis=0).ravel(),
    )
    return declared("tier_chances", table[columns])


def yi_outlook(draws: TierDraws) -> pd.DataFrame:
    """Return table ``yi_outlook``: buildings that are or may become 亿元楼, by their chance in the last year.

    Listed are those with a last known tax of ``LISTED_YUAN`` or a chance of ``LISTED_CHANCE``. ``p_yi`` is
    the chance of the last year, ``p_yi_any`` of at least one year, ``p_yi_all`` of every one.
    ``crossing_year`` is the first year whose median is in 亿元楼, missing where none is or it is one today.
    ``outlook`` goes by ``p_yi``: of reaching 1亿元, and of staying there for the 亿元楼 of today.
    """
    columns = list(TABLES["yi_outlook"].columns)
    yuan, years = draws.paths.yuan, draws.paths.years
    if not yuan.size:
        return declared("yi_outlook", pd.DataFrame(columns=columns))
    last = np.sort(yuan[:, :, -1], axis=0)
    is_yi = draws.is_yi
    share = is_yi[:, :, -1].mean(axis=0)
    # More than half of the draws at 1亿元 puts the median there.
    crosses = (is_yi.mean(axis=0) > 0.5) & ~draws.was_yi[:, None]
    first = pd.Series(years[crosses.argmax(axis=1)], dtype="Int64").where(crosses.any(axis=1))
    lo80, hi80 = np.quantile(last, [0.1, 0.9], axis=0)
    table = draws.objects().assign(
        year=years[-1],
        mean_yuan=last.mean(axis=0),
        lo80_yuan=lo80,
        hi80_yuan=hi80,
        p_yi=share,
        p_yi_any=is_yi.any(axis=2).mean(axis=0),
        p_yi_all=is_yi.all(axis=2).mean(axis=0),
        crossing_year=first,
        outlook=judged(share),
    )
    table = table[(table["tax_yuan"] >= LISTED_YUAN) | (table["p_yi"] >= LISTED_CHANCE)]
    table = table.sort_values(["p_yi", "mean_yuan", "building_id"], ascending=[False, False, True])
    return declared("yi_outlook", table[columns])


def _held(is_yi: np.ndarray) -> np.ndarray:
    """Tell where a state holds from a year to the last; shape as given, years last."""
    return np.logical_and.accumulate(is_yi[:, :, ::-1], axis=2)[:, :, ::-1]
