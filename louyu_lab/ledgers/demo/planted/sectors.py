"""What planted tenants do: sectors, how related they are, and the types of buildings they make.

A sector's exit, pandemic and tax factors are the weighted means over its branches, so that the
branches' numbers keep their one home.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from louyu_lab.ledgers.demo.industries import INDUSTRIES, SECTORS
from louyu_lab.ledgers.demo.planted.plan import Nature

#: Planted relatedness of sectors (0–1, symmetric, 1 with itself); pairs not listed have ``_UNRELATED``.
_RELATED = {
    ("商贸", "交通物流"): 0.70, ("商贸", "制造"): 0.60, ("商贸", "居民服务"): 0.40,
    ("科技", "制造"): 0.60, ("科技", "教育"): 0.55, ("科技", "卫生社会"): 0.40, ("科技", "商务服务"): 0.35,
    ("金融", "房地产"): 0.65, ("金融", "商务服务"): 0.60, ("房地产", "建筑"): 0.70,
    ("房地产", "商务服务"): 0.40, ("建筑", "公共设施环境"): 0.55, ("文化", "住宿餐饮"): 0.65,
    ("文化", "教育"): 0.45, ("文化", "居民服务"): 0.50, ("住宿餐饮", "居民服务"): 0.50,
    ("卫生社会", "居民服务"): 0.40, ("商务服务", "文化"): 0.30,
}  # fmt: skip
_UNRELATED = 0.05

#: Types of buildings and the sector that leads each.
TYPES = {"商贸型": "商贸", "科创型": "科技", "金融型": "金融", "文旅型": "文化", "建设型": "建筑"}
_TYPE_SHARES = np.array([0.30, 0.25, 0.20, 0.15, 0.10])

#: How much of the sectors' weights in the district shows in a building's own mix.
_WEIGHT_POWER = 0.45

_SECTOR_OF = np.array([SECTORS.index(branch.sector) for branch in INDUSTRIES])
_WEIGHTS = np.array([branch.weight for branch in INDUSTRIES])


@dataclass(frozen=True)
class SectorFactors:
    """Factors by sector, arrays in the order of ``SECTORS``.

    ``leaving`` on the exit hazard (weighted mean 1), ``pandemic_leaving`` on that in the pandemic year,
    ``tax_yield`` on tax per ㎡, ``growth`` added to the yearly log growth of tax.
    """

    leaving: np.ndarray
    pandemic_leaving: np.ndarray
    tax_yield: np.ndarray
    growth: np.ndarray


def sector_weights() -> np.ndarray:
    """Return each sector's weight among office tenants (0–1, adds up to 1)."""
    return np.bincount(_SECTOR_OF, _WEIGHTS, minlength=len(SECTORS)) / _WEIGHTS.sum()


def sector_factors() -> SectorFactors:
    """Return the sectors' factors, weighted means over their branches."""
    leaving = _mean_over_branches("exit")
    return SectorFactors(
        leaving=leaving / (leaving @ sector_weights()),
        pandemic_leaving=_mean_over_branches("pandemic_exit"),
        tax_yield=_mean_over_branches("tax_yield"),
        growth=_mean_over_branches("growth"),
    )


def relatedness() -> np.ndarray:
    """Return the planted relatedness of sectors: symmetric, 0–1, ones on the diagonal."""
    matrix = np.full((len(SECTORS), len(SECTORS)), _UNRELATED)
    for (one, other), value in _RELATED.items():
        i, j = SECTORS.index(one), SECTORS.index(other)
        matrix[i, j] = matrix[j, i] = value
    np.fill_diagonal(matrix, 1.0)
    return matrix


def draw_types(n: int, rng: np.random.Generator) -> np.ndarray:
    """Return each building's type, a position in ``TYPES``."""
    return rng.choice(len(TYPES), n, p=_TYPE_SHARES)


def entry_mix(types: np.ndarray, nature: Nature, rng: np.random.Generator) -> np.ndarray:
    """Return the sectors' shares among those who move in, shape (buildings, sectors), rows add up to 1.

    ``share ∝ weight^0.45 × exp(pull × relatedness · favour) × lognormal noise``. A building favours the
    lead of its type by 1 and every sector by a chance of its own, so all pairs that are related come
    together more often than others.
    """
    leads = np.array([SECTORS.index(lead) for lead in TYPES.values()])
    favour = nature.mix_chance * rng.standard_normal((len(types), len(SECTORS)))
    favour[np.arange(len(types)), leads[types]] += 1.0
    noise = nature.mix_noise * rng.standard_normal(favour.shape)
    share = sector_weights() ** _WEIGHT_POWER * np.exp(nature.mix_pull * favour @ relatedness() + noise)
    return share / share.sum(axis=1, keepdims=True)


@dataclass(frozen=True)
class MixMoments:
    """Sums over buildings of the sectors' centred log shares, which add up over parts of a district.

    ``number`` of buildings, ``total`` (sectors) and ``products`` (sectors, sectors).
    """

    number: int
    total: np.ndarray
    products: np.ndarray

    def __add__(self, other: MixMoments) -> MixMoments:
        """Return the sums over the buildings of both."""
        return MixMoments(
            self.number + other.number, self.total + other.total, self.products + other.products
        )

    def correlation(self) -> np.ndarray:
        """Return the correlation across buildings, shape (sectors, sectors)."""
        mean = self.total / self.number
        covariance = self.products / self.number - np.outer(mean, mean)
        sd = np.sqrt(np.diag(covariance))
        return covariance / np.outer(sd, sd)


def mix_moments(mix: np.ndarray) -> MixMoments:
    """Return the sums of ``ln(share) − mean of ln(share)`` over buildings.

    A factor common to all of a sector's shares, as how long its tenants stay, drops out of the
    correlation: it is that of the planted mixes of entry and, on average, of the tenants there.
    """
    centred = np.log(mix)
    centred -= centred.mean(axis=1, keepdims=True)
    return MixMoments(len(mix), centred.sum(axis=0), centred.T @ centred)


def draw_branches(sector: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return a branch (position in ``INDUSTRIES``) for each sector number, by the branches' weights."""
    branch = np.empty(len(sector), dtype=int)
    for k in range(len(SECTORS)):
        of_sector, here = _branches_of(k), np.flatnonzero(sector == k)
        branch[here] = rng.choice(of_sector, len(here), p=_WEIGHTS[of_sector] / _WEIGHTS[of_sector].sum())
    return branch


def _branches_of(sector: int) -> np.ndarray:
    return np.flatnonzero(np.equal(_SECTOR_OF, sector))


def _mean_over_branches(name: str) -> np.ndarray:
    values = np.array([getattr(branch, name) for branch in INDUSTRIES])
    return np.bincount(_SECTOR_OF, _WEIGHTS * values) / np.bincount(_SECTOR_OF, _WEIGHTS)
