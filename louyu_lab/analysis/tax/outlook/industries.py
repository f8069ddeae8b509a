"""How far industries stray from their shares in the buildings: as far as they have in the past."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.analysis.tax.levels import UNNAMED, TaxLevels
from louyu_lab.analysis.tax.outlook.splitting import stretched

#: Deviations of industries from their shares as a multiple of the split's, and the worth of that in errors of
#: the district's own past. Chosen on generated realistic districts (seeds 9106–9119: 80 % intervals held
#: 86–89 % of what came), on others they held 74–84 % (tests/benchmarks/tax_industries.py).
USUAL_STRETCH, USUAL_WORTH = 0.7, 20.0

#: Industries below this share of the tax tell too much of single enterprises.
LEAST_SHARE = 0.01

#: Least and most that deviations are multiplied by.
_STRETCHES = (0.5, 3.0)

#: Median of χ² with one degree of freedom; squares beyond so many times what the median tells are cut.
_MEDIAN, _CUT = 0.455, 9.0


def calibrated(
    drawn: np.ndarray, in_shares: np.ndarray, levels: TaxLevels, nodes: pd.DataFrame, names: np.ndarray
) -> np.ndarray:
    """Return the industries' draws (draws, k, h), straying as far from ``in_shares`` as in the past.

    ``in_shares`` is what the industries would be if every building always split as on average; ``nodes`` are
    the bottom nodes with ``industry``, the position among ``names`` (k,). The sum of every draw stays.
    """
    return stretched(
        drawn, in_shares, stretch(_by_building(levels, nodes), _allowed(drawn, in_shares, names))
    )


def split_errors(tax_yuan: np.ndarray, step: int) -> np.ndarray:
    """Return past errors of splitting the buildings' tax as ``step`` years before; (errors,), logarithms.

    ``tax_yuan`` (b, k, t) is the tax by building, industry and year, NaN where the building's is not known.
    From every year t: ln(y ÷ Σ_b whole of the building at t + step × share of the industry in it at t), for
    the industries with ``LEAST_SHARE`` of the tax of t.
    """
    found = [np.empty(0)]
    for at in range(tax_yuan.shape[2] - step):
        now, then = tax_yuan[:, :, at], tax_yuan[:, :, at + step]
        whole, later = now.sum(axis=1), then.sum(axis=1)
        used = np.isfinite(whole) & np.isfinite(later) & (whole > 0)
        paid, came = now[used].sum(axis=0), then[used].sum(axis=0)
        awaited = later[used] @ (now[used] / whole[used, None])
        large = (paid >= LEAST_SHARE * paid.sum()) & (awaited > 0) & (came > 0)
        found.append(np.log(came[large] / awaited[large]))
    return np.concatenate(found)


def stretch(tax_yuan: np.ndarray, allowed: np.ndarray) -> np.ndarray:
    """Return by what the split's deviations are to be multiplied each year ahead (h,) to be as past ones.

    ``allowed`` (h,) is the variance the split has, of the same logarithm as ``split_errors``. The mean square
    of past errors of as many years ahead over it is drawn towards ``USUAL_STRETCH``², which has the
    worth of ``USUAL_WORTH`` errors; errors of years that overlap count less.
    """
    found = []
    for step, variance in enumerate(allowed, start=1):
        squares = split_errors(tax_yuan, step) ** 2
        own, worth = 0.0, 0.0
        if len(squares) and variance > 0:
            worth = len(squares) / step
            own = np.minimum(squares, _CUT * np.median(squares) / _MEDIAN).mean() / variance
        found.append((worth * own + USUAL_WORTH * USUAL_STRETCH**2) / (worth + USUAL_WORTH))
    return np.clip(np.sqrt(found), *_STRETCHES)


def _allowed(drawn: np.ndarray, in_shares: np.ndarray, names: np.ndarray) -> np.ndarray:
    """Return the mean variance (h,) of ln(drawn ÷ in_shares) over the industries above ``LEAST_SHARE``."""
    mean = drawn.mean(axis=0)
    is_large = (mean >= LEAST_SHARE * mean.sum(axis=0)).all(axis=1) & (names != UNNAMED)
    used = is_large & ((drawn > 0) & (in_shares > 0)).all(axis=(0, 2))
    if not used.any():
        return np.zeros(drawn.shape[2])
    return np.log(drawn[:, used] / in_shares[:, used]).var(axis=0).mean(axis=0)


def _by_building(levels: TaxLevels, nodes: pd.DataFrame) -> np.ndarray:
    """Return the tax (b, k, t) of the buildings told by enterprise; NaN in years filled or without them."""
    past = levels.history.merge(nodes[nodes["level"] != "building"], on="unique_id")
    homes, at = np.unique(past["building_id"].to_numpy(dtype="str"), return_inverse=True)
    year = past["ds"].to_numpy() - int(levels.history["ds"].min())
    is_told, is_filled = (past["id"] != UNNAMED).to_numpy(), (past["filled_yuan"] != 0).to_numpy()
    tax = np.zeros((len(homes), int(nodes["industry"].max()) + 1, int(levels.history["ds"].nunique())))
    np.add.at(tax, (at, past["industry"].to_numpy(), year), past["y"].to_numpy())
    is_known = np.zeros((len(homes), tax.shape[2]), dtype=bool)
    is_known[at[is_told], year[is_told]] = True
    is_known[at[is_filled], year[is_filled]] = False
    return np.where(is_known[:, None], tax, np.nan)
