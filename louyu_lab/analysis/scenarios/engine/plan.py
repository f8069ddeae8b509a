"""A scenario's levers as the arrays the simulation moves by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from louyu_lab.analysis.scenarios.baseline.state import Baseline
from louyu_lab.analysis.scenarios.engine.leaving import forced_out
from louyu_lab.analysis.scenarios.engine.resolving import (
    Grid,
    Objects,
    grid_of,
    in_years,
    objects_of_buildings,
    objects_of_units,
)
from louyu_lab.analysis.scenarios.engine.supply import NewSpace, all_places, new_space
from louyu_lab.analysis.scenarios.engine.world import World
from louyu_lab.analysis.scenarios.levers.resting import resting_interval, resting_value
from louyu_lab.analysis.scenarios.levers.scenario import Scenario
from louyu_lab.analysis.scenarios.levers.schema import levers
from louyu_lab.analysis.scenarios.levers.setting import Clause, Setting


@dataclass(frozen=True)
class Plan:
    """The levers of one scenario over one baseline; None is the baseline itself."""

    baseline: Baseline
    world: World
    scenario: Scenario | None

    def clauses(self, name: str) -> Setting:
        """Return the clauses (or names) a lever is set to, none where the scenario does not set it."""
        return tuple(self.scenario.changes.get(name, ())) if self.scenario else ()

    def is_set(self, name: str) -> bool:
        """Tell whether the scenario sets a lever."""
        return bool(self.scenario) and name in self.scenario.changes

    def default(self, name: str) -> Clause:
        """Return what holds of a lever that is not set: this district's own estimate, or the schema's."""
        lever = levers()[name]
        low, high = resting_interval(lever, self.baseline) or (None, None)
        return Clause(float(np.nan_to_num(resting_value(lever, self.baseline))), low=low, high=high)

    def over(self, name: str, objects: Objects, default: Clause | None = None) -> Grid:
        """Return a lever's grid over ``objects``."""
        lever = levers()[name]
        default = default or self.default(name)
        return grid_of(self.clauses(name), default, objects, self.baseline.years, (lever.low, lever.high))

    @cached_property
    def of_buildings(self) -> Objects:
        """The buildings."""
        return objects_of_buildings(self.baseline.buildings)

    @cached_property
    def of_places(self) -> Objects:
        """The buildings and the new places."""
        return objects_of_buildings(all_places(self.baseline))

    @cached_property
    def of_units(self) -> Objects:
        """The simulated units."""
        return objects_of_units(self.baseline.buildings, self.baseline.units)

    @cached_property
    def of_district(self) -> Objects:
        """The district as one object."""
        return Objects(1, {})

    def one(self, name: str) -> float:
        """Return a lever that has one value; the first year's where it is written by year."""
        return float(self.over(name, self.of_district).center[0, 0])

    def one_drawn(self, name: str, chance: np.ndarray) -> np.ndarray:
        """Return the draws (draws, 1) of a lever that has one value."""
        return self.over(name, self.of_district).drawn(chance)[:, :, 0]

    def by_year(self, name: str, default: float | None = None) -> np.ndarray:
        """Return a lever of the district by year; (h,)."""
        given = None if default is None else Clause(default)
        return self.over(name, self.of_district, given).center[0]

    def amounts(self, name: str) -> Sequence[tuple[np.ndarray, np.ndarray]]:
        """Return a lever of amounts as (places meant (p,), amount a year (h,)) for each clause.

        An amount is one for all places of its clause together. Of clauses of the same scope the later
        one holds in the years it names.
        """
        found: dict[tuple, tuple[np.ndarray, np.ndarray]] = {}
        for clause in self.clauses(name):
            key = tuple(sorted((dimension, tuple(names)) for dimension, names in clause.scope.items()))
            chosen, amount = found.get(
                key, (self.of_places.chosen(clause.scope), np.zeros(self.baseline.horizon))
            )
            found[key] = (chosen, np.where(in_years(clause, self.baseline.years), clause.value, amount))
        return list(found.values())

    @cached_property
    def exit_factor(self) -> Grid:
        """Factor on the exit rate of each unit."""
        return self.over("exit_factor", self.of_units)

    @cached_property
    def entry_factor(self) -> Grid:
        """Factor on the demand for each building."""
        return self.over("entry_factor", self.of_buildings)

    @cached_property
    def unlocked(self) -> np.ndarray:
        """Share (b, h) of what could not be let that can be from the year on; never less than before."""
        return np.maximum.accumulate(self.over("unlock_rate", self.of_buildings).center, axis=1)

    @cached_property
    def gone(self) -> np.ndarray:
        """Share (h, n) of each unit that the scenario sends away by the year, from its beginning on."""
        return forced_out(self.baseline, self.world, self.by_year("largest_payers_leaving"),
                          self.clauses("leaving_enterprises"), self.first_year("leaving_year"))  # fmt: skip

    @cached_property
    def new_space(self) -> NewSpace:
        """What opens."""
        return new_space(
            self.baseline,
            rate=self.one("supply_rate"),
            delay_years=self.one("supply_delay_years"),
            office_rate=self.one("supply_office_rate") if self.is_set("supply_office_rate") else None,
            other_sqm=self.by_year("new_supply_sqm"),
        )

    def first_year(self, name: str) -> int:
        """Return the position of the year that a lever names, 0 where it is not set."""
        return int(self.one(name)) - self.baseline.years[0] if self.is_set(name) else 0

    def chosen_buildings(self, name: str) -> np.ndarray:
        """Return which buildings a lever of names names; (b,)."""
        return self.of_buildings.chosen({"buildings": self.clauses(name)}) & self.is_set(name)

    @cached_property
    def refit_from(self) -> np.ndarray:
        """Tell which buildings are refitted by which year; (b, h)."""
        is_open = np.arange(self.baseline.horizon) >= self.first_year("refit_year")
        return self.chosen_buildings("refit_buildings")[:, None] & is_open

    @cached_property
    def merged_from(self) -> np.ndarray:
        """Tell which buildings are in one hand by which year; (b, h)."""
        return np.repeat(self.chosen_buildings("merged_buildings")[:, None], self.baseline.horizon, axis=1)


def begins(state: np.ndarray) -> np.ndarray:
    """Tell where a state (…, h) begins: true now, not the year before."""
    before = np.concatenate([np.zeros_like(state[..., :1]), state[..., :-1]], axis=-1)
    return state & ~before
