"""What the key taxpayers pay: set so that the published sums and numbers of payers come out."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.optimize import brentq

from louyu_lab.ledgers.demo.published import margins
from louyu_lab.ledgers.demo.tax_rows import to_100_yuan

_TAX_YEAR, _LAST = margins.TAX_YEAR, margins.YEARS[-1]
#: Bounds (元) of the middle payers, just inside 500 and 1000万, and what large ones pay at least.
_MIDDLE_LOW, _MIDDLE_HIGH, _LARGE_LOW = 5.01e6, 9.97e6, 1.003e7
#: A large payer outside the 18 buildings pays at most that and this more (元) in 2019.
_ELSEWHERE_MORE = 2.2e7
#: Growth of 2020 for the two buildings that had been 亿元楼 the year before.
_RELEGATED = {11: 0.83, 12: 0.84}
#: Shape of the tail of the large payers outside: the largest pays some 7 亿.
_TAIL = 0.55


def settled_taxes(payers: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return taxes (元) of 2019 and 2020, missing for the large payers of the 18 buildings.

    ``payers`` is what ``payers.key_payers`` returns; same index.
    """
    taxes = pd.DataFrame(np.nan, index=payers.index, columns=[_TAX_YEAR, _LAST])
    middle = payers.index[~payers["is_large"]]
    elsewhere = payers.index[payers["is_large"] & payers["tax_rank"].isna()]
    taxes.loc[middle, _TAX_YEAR] = _middle_taxes(len(middle), margins.MIDDLE_TAX_YI[0], rng)
    taxes.loc[elsewhere, _TAX_YEAR] = _LARGE_LOW + _ELSEWHERE_MORE * rng.beta(1.2, 1.4, len(elsewhere))
    growth = np.exp(0.08 * rng.standard_normal(len(taxes)).clip(-1.5, 1.5) - 0.01)
    taxes[_LAST] = taxes[_TAX_YEAR] * growth
    return to_100_yuan(taxes)


def key_taxes(
    payers: pd.DataFrame, settled: pd.DataFrame, fixed: pd.Series, rng: np.random.Generator
) -> pd.DataFrame:
    """Return the taxes (元) of the key payers inside the buildings, a row each, columns the years.

    ``settled`` comes from ``settled_taxes``; ``fixed`` is what all but key payers pay in each building
    in 2020 (元), one-off taxes and refunds included. The large payers of the 18 buildings make up what
    these lack of their published tax in 2020, and of the published sum of all large payers in 2019.
    """
    taxes = settled.reindex(columns=list(margins.YEARS))
    large = payers[payers["is_large"] & payers["tax_rank"].notna()]
    fixed = fixed.add(settled[_LAST].groupby(payers["building_id"]).sum(), fill_value=0.0)
    published = np.array(margins.YI_TAXES + margins.QUASI_YI_TAXES + margins.UPPER_TAXES) * 1e8
    # Some tens of 万 more or less, so that no building pays a round sum.
    published += rng.uniform(-3e5, 3e5, len(published)).round(-2)
    for rank, rows in large.groupby("tax_rank"):
        rest = published[int(rank)] - fixed.get(rows["building_id"].iloc[0], 0.0)
        taxes.loc[rows.index, _LAST] = _shared(rest, len(rows), rng)
    elsewhere = settled.loc[payers["is_large"], _TAX_YEAR].sum()
    own = margins.LARGE_TAX_YI[0] * 1e8 - elsewhere
    taxes.loc[large.index, _TAX_YEAR] = _year_before(
        taxes.loc[large.index, _LAST], large["tax_rank"], own, rng
    )
    return to_100_yuan(_backwards(taxes, payers["is_large"], margins.LARGE_PAYERS_BEFORE[0], rng))


def outside_taxes(is_large: pd.Series, rng: np.random.Generator) -> pd.DataFrame:
    """Return the taxes (元) of the key payers outside the buildings, indexed as ``is_large``, by year."""
    taxes = pd.DataFrame(np.nan, index=is_large.index, columns=list(margins.YEARS))
    count, total = int(is_large.sum()), margins.LARGE_TAX_YI[1] * 1e8
    more = ((np.arange(count) + 0.5) / count) ** -_TAIL - 1
    more *= np.exp(0.15 * rng.standard_normal(count))
    taxes.loc[is_large, _TAX_YEAR] = _LARGE_LOW + more * (total - _LARGE_LOW * count) / more.sum()
    taxes.loc[~is_large, _TAX_YEAR] = _middle_taxes(int((~is_large).sum()), margins.MIDDLE_TAX_YI[1], rng)
    taxes[_LAST] = taxes[_TAX_YEAR] * np.exp(0.08 * rng.standard_normal(len(taxes)) - 0.01)
    return to_100_yuan(_backwards(taxes, is_large, margins.LARGE_PAYERS_BEFORE[1], rng))


def _middle_taxes(count: int, total_yi: float, rng: np.random.Generator) -> np.ndarray:
    """Draw ``count`` taxes between 500 and 1000万 that add up to ``total_yi`` 亿元."""
    drawn = rng.random(count)

    def taxes(log_power: float) -> np.ndarray:
        return _MIDDLE_LOW + (_MIDDLE_HIGH - _MIDDLE_LOW) * drawn ** np.exp(log_power)

    return taxes(brentq(lambda log_power: taxes(log_power).sum() - total_yi * 1e8, -4.0, 4.0))


def _shared(total: float, count: int, rng: np.random.Generator) -> np.ndarray:
    """Divide a building's large taxes among its payers, each well above 1000万, largest first."""
    weights = np.exp(-0.45 * np.arange(count) + 0.15 * rng.standard_normal(count))
    floor = 1.12e7 if count > 1 else 0.0
    return floor + np.sort(weights)[::-1] / weights.sum() * (total - floor * count)


def _year_before(taxes: pd.Series, rank: pd.Series, total: float, rng: np.random.Generator) -> pd.Series:
    """Taxes of 2019 from those of 2020: growth scatters, 1000万 stays reached, the sum is ``total``."""
    growth = np.exp(0.08 * rng.standard_normal(len(taxes)).clip(-1.3, 1.3))
    relegated = rank.map(_RELEGATED)
    before = _at_least(taxes / relegated.fillna(pd.Series(growth, taxes.index)), _LARGE_LOW, rng)
    free = relegated.isna() & (before > 1.6 * _LARGE_LOW)
    before[free] *= (total - before[~free].sum()) / before[free].sum()
    return before


def _backwards(
    taxes: pd.DataFrame, is_large: pd.Series, large_before: int, rng: np.random.Generator
) -> pd.DataFrame:
    """Fill the years before 2019; in 2018 as many enterprises as published pay 1000万 and more."""
    base, earlier = taxes[_TAX_YEAR], _TAX_YEAR - 1
    before = base / np.exp(0.04 + 0.10 * rng.standard_normal(len(taxes)))
    before = before.where(is_large, _MIDDLE_HIGH - _at_least(_MIDDLE_HIGH - before, 1.0, rng, 4e5))
    before = before.where(~is_large, _at_least(before, _LARGE_LOW, rng))
    # Two had paid more; as many of the smallest as the difference asks for had not come so far.
    fell = base[~is_large].nlargest(2).index
    rose = base[is_large].nsmallest(int(is_large.sum()) + len(fell) - large_before).index
    before[fell] = rng.uniform(1.003e7, 1.09e7, len(fell))
    before[rose] = rng.uniform(8.4e6, 9.9e6, len(rose))
    taxes[earlier] = before
    for year in reversed(margins.YEARS[: margins.YEARS.index(earlier)]):
        taxes[year] = taxes[year + 1] / np.exp(0.05 + 0.14 * rng.standard_normal(len(taxes)))
    return taxes


def _at_least(amounts: pd.Series, floor: float, rng: np.random.Generator, scatter: float = 8e5) -> pd.Series:
    """Lift what lies below ``floor`` a little above it, each by an amount of its own."""
    return amounts.where(amounts >= floor, floor + scatter * rng.random(len(amounts)))
