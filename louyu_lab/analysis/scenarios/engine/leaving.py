"""Who leaves the district: by chance, and because the scenario says so."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.special import ndtr, ndtri

from louyu_lab.analysis.scenarios.baseline.state import Baseline
from louyu_lab.analysis.scenarios.engine.world import World

#: Nobody is certain to leave by chance.
_MOST_RATE = 0.99

#: A group in which one tenant outweighs all others scatters nearly as that one.
_SMALLEST_GROUP = 1.05


def staying(world: World, rates: np.ndarray, chance: np.ndarray) -> np.ndarray:
    """Return the share (h, draws, n) of each unit that is still there at the end of each year.

    ``rates`` (h, 1 or draws, n) yearly rates of leaving, ``chance`` (draws, n) normal numbers. One enterprise
    stays as long as its chance allows: with S_t = Π(1 − rate), it is there where Φ⁻¹(S_t) + chance > 0. Of a
    group of effectively k tenants stays the share Φ((Φ⁻¹(S_t) + √ρ chance) ÷ √(1 − ρ)), ρ = sin(π ÷ 2k): its
    mean is S_t (Vasicek 2002), its variance that of k independent tenants (exactly so at S_t = ½), and one
    enterprise is its limit. The same chance serves every year and every scenario, so a higher rate never
    keeps anybody.
    """
    threshold = ndtri(np.cumprod(1 - np.clip(rates, 0.0, _MOST_RATE), axis=0)).astype("float32")
    sizes = np.where(world.tax > 0, world.tax_firms, world.area_firms)
    alone, groups = np.flatnonzero(world.single), np.flatnonzero(~world.single)
    common = np.sin(np.pi / 2 / np.maximum(sizes[groups], _SMALLEST_GROUP)).astype("float32")
    shares = np.empty((len(threshold), *chance.shape), dtype="float32")
    tied, free = np.sqrt(common) * chance[:, groups], 1 / np.sqrt(1 - common)
    for own, bound in zip(shares, threshold, strict=True):
        own[:, alone] = bound[:, alone] + chance[:, alone] > 0
        own[:, groups] = ndtr((bound[:, groups] + tied) * free)
    return shares


def forced_out(
    baseline: Baseline, world: World, largest: np.ndarray, names: Sequence[str], first: int = 0
) -> np.ndarray:
    """Return the share (h, n) of each unit that the scenario sends away by each year.

    ``largest`` (h,) how many of the largest payers still there leave at the beginning of each year;
    ``names`` enterprises, by name or number, that leave at the beginning of the year at position ``first``.
    """
    gone = np.zeros((baseline.horizon, len(world.home)))
    units = baseline.units
    named = np.isin(units["enterprise"].to_numpy(dtype="str"), list(names))
    named |= np.isin(units["enterprise_id"].to_numpy(dtype="str"), list(names))
    gone[first:, named] = 1.0
    order = np.flatnonzero(world.single & ~named & (world.tax > 0))
    order = order[np.argsort(-world.tax[order], kind="stable")]
    for step, count in enumerate(np.cumsum(np.round(largest).astype("int64"))):
        gone[step:, order[:count]] = 1.0
    return gone
