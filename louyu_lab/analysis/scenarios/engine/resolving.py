"""A lever's clauses as numbers: one for every building, tenant or the district, and every year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from louyu_lab.analysis.scenarios.levers.setting import Clause

#: A standard normal number's 90th percentile: half of an 80 % interval.
_Z90 = 1.2815515655446004


@dataclass(frozen=True)
class Grid:
    """A lever over objects and years, arrays (n, h).

    ``center`` the value, in the middle of the chances; ``down, up`` its standard deviations below and above
    (two-piece normal), 0 where it is certain; ``low, high`` the lever's range.
    """

    center: np.ndarray
    down: np.ndarray
    up: np.ndarray
    low: float = -np.inf
    high: float = np.inf

    @property
    def is_certain(self) -> bool:
        """Whether every draw has the same value."""
        return not (self.down.any() or self.up.any())

    def drawn(self, chance: np.ndarray) -> np.ndarray:
        """Return the values by draw (draws, n, h), or (1, n, h) where certain; ``chance`` (draws,) normal."""
        if self.is_certain:
            return self.center[None]
        own = chance[:, None, None]
        values = self.center + np.where(own > 0, self.up, self.down) * own
        return np.clip(values, self.low, self.high)

    def moved(self, value: float) -> bool:
        """Tell whether it differs from ``value`` anywhere."""
        return bool((self.center != value).any() or not self.is_certain)


@dataclass(frozen=True)
class Objects:
    """What clauses are narrowed by: ``labels`` dimension → the name(s) of each of ``count`` objects.

    A dimension may have several columns of names (a building's number and its name).
    """

    count: int
    labels: Mapping[str, tuple[np.ndarray, ...]]

    def chosen(self, scope: Mapping[str, Sequence[str]]) -> np.ndarray:
        """Return which objects a clause's scope takes in; (count,)."""
        mask = np.ones(self.count, dtype=bool)
        for dimension, names in scope.items():
            columns = self.labels.get(dimension)
            if columns is not None:
                mask &= np.any([np.isin(column, list(names)) for column in columns], axis=0)
        return mask


def objects_of_buildings(places: pd.DataFrame) -> Objects:
    """Return buildings (or places) by street, grade, number and name."""
    return Objects(len(places), _building_labels(places, np.arange(len(places))))


def objects_of_units(buildings: pd.DataFrame, units: pd.DataFrame) -> Objects:
    """Return the simulated units by their building's labels and their industry."""
    labels = _building_labels(buildings, units["building"].to_numpy())
    return Objects(len(units), {**labels, "industries": (units["sector"].to_numpy(dtype="str"),)})


def _building_labels(places: pd.DataFrame, at: np.ndarray) -> dict[str, tuple[np.ndarray, ...]]:
    columns = {"streets": ("street",), "grades": ("grade",), "buildings": ("building_id", "building")}
    return {
        name: tuple(places[column].fillna("").to_numpy(dtype="str")[at] for column in own)
        for name, own in columns.items()
    }


def grid_of(
    clauses: Sequence[Clause],
    default: Clause,
    objects: Objects,
    years: Sequence[int],
    limits: tuple[float, float],
) -> Grid:
    """Return the lever's grid: its default, overwritten by one clause after the other."""
    shape = (objects.count, len(years))
    arrays = [np.zeros(shape) for _ in range(3)]
    for clause in (default, *clauses):
        chosen = objects.chosen(clause.scope)[:, None] & in_years(clause, years)[None, :]
        for array, value in zip(arrays, (clause.value, *spreads(clause)), strict=True):
            array[chosen] = value
    return Grid(*arrays, *limits)


def in_years(clause: Clause, years: Sequence[int]) -> np.ndarray:
    """Return which of ``years`` a clause holds in; (h,)."""
    return np.array([not clause.years or year in clause.years for year in years], dtype=bool)


def spreads(clause: Clause) -> tuple[float, float]:
    """Return the standard deviations below and above a clause's value."""
    down = 0.0 if clause.low is None else (clause.value - clause.low) / _Z90
    up = 0.0 if clause.high is None else (clause.high - clause.value) / _Z90
    return max(down, 0.0), max(up, 0.0)
