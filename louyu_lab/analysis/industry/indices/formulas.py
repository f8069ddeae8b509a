"""The formulas of the indices, each once: on arrays, unchecked, over the last axis, for many tables at once.

What people call is in the modules beside this one, which check their input first; the chance expectations
run the same formulas on thousands of drawn tables. Nothing to compare (a sum of zero) gives NaN.
"""

from __future__ import annotations

import numpy as np


def shares(x: np.ndarray, axis: int = -1) -> np.ndarray:
    """Return x ÷ its sum along ``axis``; NaN where the sum is zero."""
    total = x.sum(axis=axis, keepdims=True)
    return x / np.where(total > 0, total, np.nan)


def herfindahl(share: np.ndarray) -> np.ndarray:
    """Return Σs²."""
    return np.einsum("...i,...i->...", share, share)


def dominant_share(x: np.ndarray, unnamed: np.ndarray | float = 0.0) -> np.ndarray:
    """Return max x ÷ (Σx + ``unnamed``): 行业集聚度, the unrecognised in the total but never dominant."""
    total = x.sum(axis=-1) + unnamed
    return x.max(axis=-1, initial=0.0) / np.where(total > 0, total, np.nan)


def krugman(share: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return Σ|s − s'|."""
    return np.abs(share - other).sum(axis=-1)


def gini(x: np.ndarray) -> np.ndarray:
    """Return Σ(2i − n − 1)·x₍ᵢ₎ ÷ (n·Σx), x in ascending order."""
    n = x.shape[-1]
    rank = 2.0 * np.arange(1, n + 1) - n - 1
    total = x.sum(axis=-1)
    return np.sort(x, axis=-1) @ rank / (n * np.where(total > 0, total, np.nan))


def theil_t(x: np.ndarray) -> np.ndarray:
    """Return mean((x/μ)·ln(x/μ)), 0·ln 0 = 0."""
    ratio = shares(x) * x.shape[-1]
    return (ratio * _log_or_zero(ratio)).mean(axis=-1)


def theil_l(x: np.ndarray) -> np.ndarray:
    """Return mean(ln(μ/x)); infinite with a zero among positive values."""
    with np.errstate(divide="ignore"):
        return -np.log(shares(x) * x.shape[-1]).mean(axis=-1)


def shannon(share: np.ndarray) -> np.ndarray:
    """Return −Σs·ln s, 0·ln 0 = 0."""
    # Adding 0.0 turns the −0.0 of a single industry into 0.0.
    return -(share * _log_or_zero(share)).sum(axis=-1) + 0.0


def pielou(x: np.ndarray) -> np.ndarray:
    """Return H/ln S, S the number of parts above zero; NaN below two of them."""
    present = (x > 0).sum(axis=-1)
    return shannon(shares(x)) / np.where(present > 1, np.log(np.maximum(present, 2)), np.nan)


def location_quotient(matrix: np.ndarray) -> np.ndarray:
    """Return (x_bk/x_b) ÷ (x_k/x) of tables (…, regions, industries)."""
    whole = shares(matrix.sum(axis=-2, keepdims=True))
    return shares(matrix) / np.where(whole > 0, whole, np.nan)


def excess_shares(matrix: np.ndarray, region_share: np.ndarray) -> np.ndarray:
    """Return s_mi − x_m of tables (…, regions, industries): the industry's share in m above m's own."""
    return shares(matrix, axis=-2) - region_share[..., None]


def ellison_glaeser(excess: np.ndarray, region_share: np.ndarray, plant_herfindahl: np.ndarray) -> np.ndarray:
    """Return γ = [G/(1 − Σx²) − H]/(1 − H) by industry, G = Σ(s − x)²; NaN with one plant or one region."""
    raw = (
        np.einsum("...mi,...mi->...i", excess, excess) / _not_zero(1.0 - herfindahl(region_share))[..., None]
    )
    return (raw - plant_herfindahl) / _not_zero(1.0 - plant_herfindahl)


def coagglomeration(excess: np.ndarray, region_share: np.ndarray) -> np.ndarray:
    """Return γᶜ = Σ(s_mi − x_m)(s_mj − x_m) ÷ (1 − Σx²) of every pair (…, industries, industries)."""
    products = np.swapaxes(excess, -1, -2) @ excess
    return products / _not_zero(1.0 - herfindahl(region_share))[..., None, None]


def _log_or_zero(x: np.ndarray) -> np.ndarray:
    return np.log(np.where(x > 0, x, 1.0))


def _not_zero(x: np.ndarray) -> np.ndarray:
    # One plant or region leaves rounding of the sum of shares, not a difference.
    return np.where(x > 1e-12, x, np.nan)
