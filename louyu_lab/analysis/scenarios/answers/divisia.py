"""Split of the change of a product into its factors: the logarithmic mean Divisia index (LMDI-I).

Ang, B. W. (2004), Decomposition analysis for policymaking in energy, Energy Policy 32; (2015), LMDI
decomposition approach: a guide for implementation, Energy Policy 86. Zeros: Ang & Liu (2007), Handling
zero values in the LMDI decomposition approach, Energy Policy 35.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

#: The part of what no logarithm can split: a factor below 0 on one side.
UNSPLIT = "unsplit"


def divisia(before: Mapping[str, np.ndarray], after: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return the part of each factor in the change of the product; shapes as given, all the same.

    With V = Π x, the part of x is ``L(V₁, V₀)·ln(x₁/x₀)``, ``L(a, b) = (a − b) ÷ (ln a − ln b)`` and
    L(a, a) = a. Over the factors the parts add up to V₁ − V₀. Add them up over groups for a total.

    A factor that one side does not know (NaN: the yield of what is not there) is taken to be the other
    side's: it gives nothing; known on neither side it is 1. Where a factor is 0 on one side, the limit of a
    vanishing value: the whole change belongs to it, in equal parts where several are. Where a factor is
    below 0, the change is ``UNSPLIT``, which is 0 everywhere else.
    """
    names = list(before)
    old, new = _completed(
        np.stack(np.broadcast_arrays(*(np.asarray(before[name], dtype="float64") for name in names))),
        np.stack(np.broadcast_arrays(*(np.asarray(after[name], dtype="float64") for name in names))),
    )
    from_value, to_value = old.prod(axis=0), new.prod(axis=0)
    change = to_value - from_value
    negative = ((old < 0) | (new < 0)).any(axis=0)
    vanishing = (old == 0) != (new == 0)
    many = vanishing.sum(axis=0)
    plain = ~negative & (from_value > 0) & (to_value > 0)
    logs = np.log(np.where(plain, new, 1.0)) - np.log(np.where(plain, old, 1.0))
    parts = logs * _log_mean(np.where(plain, from_value, 1.0), logs.sum(axis=0))
    shared = np.where(vanishing & ~negative, change / np.maximum(many, 1), 0.0)
    split = np.where(plain, parts, shared)
    return {name: split[at] for at, name in enumerate(names)} | {UNSPLIT: np.where(negative, change, 0.0)}


def _completed(old: np.ndarray, new: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    old, new = np.where(np.isnan(old), new, old), np.where(np.isnan(new), old, new)
    return np.where(np.isnan(old), 1.0, old), np.where(np.isnan(new), 1.0, new)


def _log_mean(before: np.ndarray, log_ratio: np.ndarray) -> np.ndarray:
    """L(V₁, V₀) from V₀ and ln(V₁/V₀); ``expm1`` keeps it exact where hardly anything changed."""
    still = log_ratio == 0
    ratio = np.where(still, 1.0, log_ratio)
    return before * np.where(still, 1.0, np.expm1(ratio) / ratio)
