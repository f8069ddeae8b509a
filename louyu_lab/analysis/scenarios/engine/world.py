"""The baseline as arrays: what the simulation reads over and over."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from louyu_lab.analysis.scenarios.baseline.state import Baseline


@dataclass(frozen=True)
class World:
    """Arrays of the buildings (b,) and of the units (n,), sorted by building.

    Areas in ㎡, of a building whose occupancy nobody knows (``is_known`` false) 0: nothing can be let there.
    ``single`` marks units that are one enterprise, known by name.
    """

    rentable: np.ndarray
    occupied: np.ndarray
    unmarketable: np.ndarray
    gross: np.ndarray
    rent: np.ndarray
    take_up: np.ndarray
    is_known: np.ndarray
    home: np.ndarray
    area: np.ndarray
    tax: np.ndarray
    exit_rate: np.ndarray
    growth: np.ndarray
    growth_sd: np.ndarray
    area_firms: np.ndarray
    tax_firms: np.ndarray
    firms: np.ndarray
    registered: np.ndarray
    paying: np.ndarray
    single: np.ndarray

    @property
    def buildings(self) -> int:
        """The number of buildings."""
        return len(self.rentable)

    @property
    def free(self) -> np.ndarray:
        """Marketable vacant area in the base year (㎡); (b,)."""
        return np.maximum(self.rentable - self.unmarketable - self.occupied, 0.0) * self.is_known

    @cached_property
    def _parts(self) -> tuple[np.ndarray, np.ndarray]:
        return np.unique(self.home, return_index=True)

    def by_building(self, values: np.ndarray) -> np.ndarray:
        """Sum over the units of each building; (…, n) -> (…, b)."""
        summed = np.zeros((*values.shape[:-1], self.buildings))
        if values.shape[-1]:
            met, first = self._parts
            summed[..., met] = np.add.reduceat(values, first, axis=-1)
        return summed

    def by_building_of(self, values: np.ndarray, chosen: np.ndarray) -> np.ndarray:
        """Sum over the units ``chosen`` (k,) of each building; (…, k) -> (…, b)."""
        summed = np.zeros((*values.shape[:-1], self.buildings))
        met, first = np.unique(self.home[chosen], return_index=True)
        summed[..., met] = np.add.reduceat(values, first, axis=-1)
        return summed

    def mean_by_building(self, values: np.ndarray, weight: np.ndarray) -> np.ndarray:
        """Return the weighted mean of (…, n) over each building's units, over all where it has none."""
        total = self.by_building(np.broadcast_to(weight, values.shape))
        whole = np.sum(weight)
        usual = np.sum(values * weight, axis=-1, keepdims=True) / whole if whole > 0 else 1.0
        summed = self.by_building(values * weight)
        return np.divide(summed, total, out=np.broadcast_to(usual, total.shape).copy(), where=total > 0)


def world_of(baseline: Baseline) -> World:
    """Return the baseline's buildings and units as arrays."""
    rows, units = baseline.buildings, baseline.units
    column = {name: rows[name].to_numpy(dtype="float64", na_value=np.nan) for name in _OF_BUILDINGS.values()}
    known = np.isfinite(column["occupied_area_sqm"]) & np.isfinite(column["rentable_area_sqm"])
    arrays = {name: np.nan_to_num(column[own]) for name, own in _OF_BUILDINGS.items()}
    arrays["occupied"] = np.where(known, arrays["occupied"], 0.0)
    arrays["rent"] = column["asking_rent_yuan"]
    own = {name: units[column].to_numpy(dtype="float64", na_value=0.0) for name, column in _OF_UNITS.items()}
    home = units["building"].to_numpy(dtype="int64")
    own["area"] = np.where(known[home], own["area"], 0.0)
    single = units["enterprise_id"].to_numpy(dtype="str") != ""
    return World(**arrays, is_known=known, home=home, **own, single=single)


_OF_BUILDINGS = {
    "rentable": "rentable_area_sqm",
    "occupied": "occupied_area_sqm",
    "unmarketable": "unmarketable_area_sqm",
    "gross": "gross_area_sqm",
    "rent": "asking_rent_yuan",
    "take_up": "take_up",
}

_OF_UNITS = {
    "area": "area_sqm",
    "tax": "tax_yuan",
    **{name: name for name in ("exit_rate", "growth", "growth_sd", "area_firms", "tax_firms")},
    **{name: name for name in ("firms", "registered", "paying")},
}
