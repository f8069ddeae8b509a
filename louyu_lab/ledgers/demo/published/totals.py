"""The district's own totals beside its buildings: tax, budget revenue, GDP and business entities."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.ledgers.demo.published import margins
from louyu_lab.ledgers.demo.published.places import DISTRICT
from louyu_lab.ledgers.demo.totals import totals_ledger

_STEPS = len(margins.YEARS) - 1
#: Growth of the district's tax of its own (a year; the last is the pandemic's) and how it scatters.
_TAX_GROWTH, _TAX_SCATTER = (*[0.055] * (_STEPS - 1), -0.015), 0.012
#: What the enterprises of the ledgers take of that growth, and the bounds nobody would believe it to cross.
_LEDGER_PART, _TAX_BOUNDS = 0.4, (-0.045, 0.12)
#: Share of the general public budget in all taxes: middle, and how far it wanders.
_BUDGET_SHARE, _BUDGET_REACH = 0.435, 0.013
#: GDP at current prices as a multiple of tax in the last year, and its growth.
_GDP_PER_TAX, _GDP_GROWTH, _GDP_SCATTER = 6.8, (*np.linspace(0.078, 0.065, _STEPS - 1), 0.010), 0.004
#: Business entities (individual ones among them) for an enterprise of the ledgers, and their growth.
_ENTITIES_PER_FIRM, _ENTITY_GROWTH = 7.0, (0.05, 0.09)


def district_totals(taxes: pd.DataFrame, present: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return the district's totals in long form: ``region, indicator, year, value, unit, scope``.

    ``taxes`` has ``year, tax_yuan``, ``present`` a row a ``year`` and ``firm``. The last year's tax is the
    published one; every series has a growth path of its own.
    """
    listed = taxes.groupby("year")["tax_yuan"].sum().reindex(margins.YEARS).pct_change().to_numpy()[1:]
    own = np.array(_TAX_GROWTH) + _TAX_SCATTER * rng.standard_normal(_STEPS)
    growth = ((1 - _LEDGER_PART) * own + _LEDGER_PART * listed).clip(*_TAX_BOUNDS)
    total = _back_from(margins.DISTRICT_TAX_YI, growth).round(2)
    # Means of two neighbours: within the reach, and no jumps.
    wandering = np.convolve(rng.uniform(-1, 1, _STEPS + 2), [0.5, 0.5], "valid")
    gdp_growth = np.array(_GDP_GROWTH) + _GDP_SCATTER * rng.standard_normal(_STEPS)
    gdp = _back_from(margins.DISTRICT_TAX_YI * _GDP_PER_TAX * rng.uniform(0.96, 1.04), gdp_growth)
    firms = present.loc[present["year"] == margins.YEARS[-1], "firm"].nunique()
    entities = firms * _ENTITIES_PER_FIRM * rng.uniform(0.93, 1.07)
    return totals_ledger(
        DISTRICT,
        {
            ("全区税收", "亿元", "全口径"): total,
            ("全区税收", "亿元", "一般公共预算"): (total * (_BUDGET_SHARE + _BUDGET_REACH * wandering)).round(
                2
            ),
            ("地区生产总值", "亿元", "现价"): gdp.round(1),
            ("经营主体", "户", "期末实有"): _back_from(
                entities, rng.uniform(*_ENTITY_GROWTH, _STEPS)
            ).round(),
        },
    )


def _back_from(last: float, growth: np.ndarray) -> pd.Series:
    """Return the series by year that ends at ``last`` after growing by ``growth`` each year."""
    factors = np.concatenate([np.cumprod((1 + growth)[::-1])[::-1], [1.0]])
    return pd.Series(last / factors, index=pd.Index(margins.YEARS, name="year"))
