"""What everybody but the key taxpayers pays: by industry, area, building and firm."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.ledgers.demo.industries import INDUSTRIES
from louyu_lab.ledgers.demo.published import margins
from louyu_lab.ledgers.demo.tax_rows import AREA_ELASTICITY, to_100_yuan

_YIELDS = np.array([branch.tax_yield for branch in INDUSTRIES])
_GROWTH = np.array([branch.growth for branch in INDUSTRIES])
_LAST, _PANDEMIC = margins.YEARS[-1], -0.10
#: Small taxpayers of 2019 together (元): what the building taxes leave beside the key payers.
_TOTAL = 6.8e8
#: Standard deviations of the log yields of buildings, of firms, and of a firm from year to year.
_BUILDING_SPREAD, _FIRM_SPREAD, _YEAR_SPREAD = 0.75, 1.50, 0.18
#: Taxes (元) above the first bend towards the second, below which every small payer stays.
_BEND, _CEILING = 3.8e6, 4.97e6


def small_taxes(
    present: pd.DataFrame, industry: pd.Series, payers: pd.Index, limits: pd.Series, rng: np.random.Generator
) -> pd.Series:
    """Return the tax (元) of each row of ``present`` (see ``presence``) of the small ``payers``.

    Missing for everybody else. ``limits`` says by ``building_id`` how much its small payers may pay
    together in 2020 (元); where they would pay more, all of them pay less in every year.
    """
    firms = pd.Index(present["firm"].unique()).sort_values()
    firm_effect = pd.Series(_FIRM_SPREAD * rng.standard_normal(len(firms)).clip(-2.8, 2.8), firms)
    homes = pd.Index(present["home"].dropna().unique()).sort_values()
    home_effect = pd.Series(_BUILDING_SPREAD * rng.standard_normal(len(homes)), homes)
    branch = industry.loc[present["firm"]].to_numpy()
    steps = (present["year"] - margins.TAX_YEAR).to_numpy()
    growth = (0.02 + _GROWTH[branch]) * steps + _PANDEMIC * (present["year"] >= _LAST)
    noise = _YEAR_SPREAD * rng.standard_normal(len(present))
    base = _YIELDS[branch] * present["area_sqm"] ** AREA_ELASTICITY * np.exp(growth + noise)
    level = present["firm"].map(firm_effect) + present["home"].map(home_effect).fillna(0.0)
    tax = (base * np.exp(level) * present["part"]).where(present["firm"].isin(payers))
    tax *= _TOTAL / tax[present["year"] == margins.TAX_YEAR].sum()
    over = (tax - _BEND).clip(lower=0.0)
    reach = _CEILING - _BEND
    tax = tax.clip(upper=_BEND) + reach * (1 - np.exp(-over / reach))
    here = present["year"] == _LAST
    total = tax[here].groupby(present.loc[here, "home"]).sum()
    factor = (limits / total.reindex(limits.index)).clip(upper=1.0)
    return to_100_yuan(tax * present["home"].map(factor).fillna(1.0))
