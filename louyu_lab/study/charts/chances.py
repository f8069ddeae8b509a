"""How figures and sentences tell a chance."""

from __future__ import annotations

import numpy as np

from louyu_lab.analysis.tax.tiers.draws import LEAST_CHANCE


def chance_text(p: float, decimals: int = 1) -> str:
    """Return a chance as per cent; one that draws cannot tell from 0 or 1 as 不足 or 超过.

    Rounded as the tables round (``printing.in_print_units``): a share of 2,000 draws is often half-way.
    """
    least = max(LEAST_CHANCE, 0.01 if decimals == 0 else 0.0)
    if p < least:
        return f"不足{least:.{decimals}%}"
    if p > 1 - least:
        return f"超过{1 - least:.{decimals}%}"
    return f"{np.round(p / 0.01, decimals):.{decimals}f}%"
