"""Large payers followed by name: what a building loses with each of them, draw by draw."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from louyu_lab.analysis.tax.tenants.leaving import Leaving
from louyu_lab.analysis.tax.tenants.units import Units

#: Who pays this part of its building's tax and more is large.
LARGE_SHARE = 0.2


@dataclass(frozen=True)
class Departures:
    """What buildings lose with each of their large payers that is gone by then.

    ``unit`` (k,) the payer's position among ``Units``, ``home`` (k,) that of its building in the base year;
    ``yuan`` (draws, k, h) what it would have paid there, 0 in the draws in which it still does.
    """

    unit: np.ndarray
    home: np.ndarray
    yuan: np.ndarray

    def uncertain(self) -> Departures:
        """Return those that stay in some draw."""
        may_stay = (self.yuan[:, :, -1:] == 0).any(axis=(0, 2))
        return Departures(self.unit[may_stay], self.home[may_stay], self.yuan[:, may_stay])

    def by_building(self, buildings: int) -> np.ndarray:
        """Return the sums by building; (draws, buildings, h)."""
        summed = np.zeros((len(self.yuan), buildings, self.yuan.shape[2]))
        for place, home in enumerate(self.home):
            summed[:, home] += self.yuan[:, place]
        return summed


def is_large(units: Units) -> np.ndarray:
    """Tell who pays ``LARGE_SHARE`` and more of its building's recurring tax of the base year; (n,)."""
    base, home = units.tax_yuan[:, -1], units.home[:, -1]
    listed = np.bincount(home[home >= 0], base[home >= 0], minlength=len(units.building_id))
    whole = listed + units.unlisted_yuan[:, -1]
    return (home >= 0) & (base > 0) & (base >= LARGE_SHARE * whole[home])


def gone_before(units: Units, leaving: Leaving, horizon: int) -> np.ndarray:
    """Return what is lost (n, h) with who had left by the end of the base year.

    Some of the tax comes in late, the year after.
    """
    gone = np.where(units.is_here[:, -1], 0.0, units.tax_yuan[:, -1])
    late = np.where(np.arange(horizon) == 0, leaving.late_rate, 0.0)
    return gone[:, None] * (1 - late)


def with_gone(departures: Departures, units: Units, leaving: Leaving) -> Departures:
    """Add the large payers that had left by the end of the base year: they are gone in every draw."""
    left = np.flatnonzero(is_large(units) & ~units.is_here[:, -1])
    draws, _, horizon = departures.yuan.shape
    gone = gone_before(units, leaving, horizon)[left]
    return Departures(
        np.append(departures.unit, left),
        np.append(departures.home, units.home[left, -1]),
        np.concatenate([departures.yuan, np.broadcast_to(gone, (draws, *gone.shape))], axis=1),
    )
