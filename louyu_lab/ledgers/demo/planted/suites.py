"""How planted buildings are divided into suites: the spaces that are let one by one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from louyu_lab.ledgers.demo.planted.plan import Nature

_MEAN_SQM, _SMALLEST_SQM, _FEWEST = 215.0, 30.0, 5
_FLOOR_SQM = (1_100.0, 1_800.0)
_ANCHOR_SHARE = (0.20, 0.50)

#: Buildings with space under seizure or in dispute, and the share of their suites so held.
_SEALED_BUILDINGS, _SEALED_SUITES = 0.12, 0.15


@dataclass(frozen=True)
class Suites:
    """The suites, in the order of their buildings.

    ``building`` (position), ``area_sqm`` (whole ㎡), ``is_sealed`` (cannot be let, under seizure or in
    dispute); all of one length.
    """

    building: np.ndarray
    area_sqm: np.ndarray
    is_sealed: np.ndarray

    def lettable(self) -> Suites:
        """Return the suites that can be let."""
        free = ~self.is_sealed
        return Suites(self.building[free], self.area_sqm[free], self.is_sealed[free])

    def total_sqm(self, buildings: int) -> np.ndarray:
        """Return the area (㎡) of each building's suites."""
        return np.bincount(self.building, self.area_sqm, minlength=buildings)

    def sealed_sqm(self, buildings: int) -> np.ndarray:
        """Return the area (㎡) of each building that cannot be let."""
        return np.bincount(self.building, self.area_sqm * self.is_sealed, minlength=buildings)


def divide(aimed_sqm: np.ndarray, nature: Nature, rng: np.random.Generator) -> Suites:
    """Divide each building's ``aimed_sqm`` (㎡) into suites; their sum differs from it by rounding.

    Sizes are lognormal; a share of suites is a whole floor, and a share of buildings has an anchor of a
    fifth to a half of its area.
    """
    n = len(aimed_sqm)
    counts = np.maximum(_FEWEST, (aimed_sqm / _MEAN_SQM).round().astype(int))
    building = np.repeat(np.arange(n), counts)
    weight = np.exp(nature.suite_sd * rng.standard_normal(len(building)))
    is_floor = rng.random(len(building)) < nature.floor_share
    floors = rng.uniform(*_FLOOR_SQM, is_floor.sum())
    weight[is_floor] = floors / _MEAN_SQM * np.exp(nature.suite_sd**2 / 2)
    anchor = np.where(rng.random(n) < nature.anchor_share, rng.uniform(*_ANCHOR_SHARE, n), 0.0)
    is_first = np.r_[True, building[1:] != building[:-1]]
    # The anchor is the building's first suite; the others share what it leaves.
    weight[is_first & (anchor[building] > 0)] = 0.0
    rest = weight / np.bincount(building, weight, minlength=n)[building] * (1 - anchor[building])
    share = np.where(is_first & (anchor[building] > 0), anchor[building], rest)
    area = (share * aimed_sqm[building]).round().clip(min=_SMALLEST_SQM)
    sealed_here = rng.random(n) < _SEALED_BUILDINGS
    is_sealed = sealed_here[building] & ~is_first & (rng.random(len(building)) < _SEALED_SUITES)
    return Suites(building, area, is_sealed)
