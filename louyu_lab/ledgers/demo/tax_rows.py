"""How a fictional district writes its taxes: their kinds, what it keeps of them, and the step printed."""

from __future__ import annotations

import numpy as np
import pandas as pd

RECURRING, REFUND, LAND_GAINS = "经常性税收", "增值税留抵退税", "土地增值税清算"

#: Amounts below this (元) are no tax: nobody files so little.
LEAST_YUAN = 500.0

#: Tax grows more slowly than the space its payer holds: ``tax ∝ area^0.85``.
AREA_ELASTICITY = 0.85

#: What the district keeps of recurring taxes, and of one-off ones, of which it shares more.
_RETAINED_RATE, _ONE_OFF_RETAINED_RATE = 0.28, 0.40


def retained_yuan(rows: pd.DataFrame) -> pd.Series:
    """Return the part (元) of each row's ``tax_yuan`` that the district keeps, by ``is_one_off``."""
    kept = np.where(rows["is_one_off"], _ONE_OFF_RETAINED_RATE, _RETAINED_RATE)
    return to_100_yuan(rows["tax_yuan"] * kept)


def to_100_yuan(amount: pd.Series | pd.DataFrame) -> pd.Series | pd.DataFrame:
    """Round to 0.01 万元, the step in which the ledgers are written."""
    return (amount / 100).round() * 100
