"""One set of random numbers, on which the baseline and any number of scenarios are played."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from louyu_lab.analysis.scenarios.baseline.state import Baseline
from louyu_lab.analysis.scenarios.engine.chunk import Chunk, simulate_chunk
from louyu_lab.analysis.scenarios.engine.courses import Courses
from louyu_lab.analysis.scenarios.engine.noise import CHUNK, Noise, noise_of, places_to_let
from louyu_lab.analysis.scenarios.engine.plan import Plan, begins
from louyu_lab.analysis.scenarios.engine.ranking import ranked, scale_of
from louyu_lab.analysis.scenarios.engine.supply import all_places
from louyu_lab.analysis.scenarios.engine.world import World, world_of
from louyu_lab.analysis.scenarios.levers.scenario import Scenario

#: Random numbers are kept for the next scenario up to this much memory, otherwise drawn anew.
_KEPT_BYTES = 400e6


@dataclass(frozen=True)
class _Own:
    """The baseline's course, arrays (draws, places, h) in 元.

    ``incumbents, newcomers`` as simulated, ``tax`` what they stand for; ``scale`` (draws, b, h) what a 元 of
    the incumbents counts, None where chapter 04 says nothing; ``parts`` the other fields of the courses.
    """

    incumbents: np.ndarray
    newcomers: np.ndarray
    tax: np.ndarray
    scale: np.ndarray | None
    parts: dict[str, np.ndarray]


class Tape:
    """Shared random numbers of one baseline; made by ``make_tape``.

    Draws come in chunks with generators of their own: neither ``jobs`` nor the number of draws changes the
    first of them. Tax is put in order among all draws, so that only its areas do not depend on their number.
    """

    def __init__(self, baseline: Baseline, draws: int, seed: int, jobs: int) -> None:
        """Draw nothing yet."""
        self.baseline, self.draws, self.seed, self.jobs = baseline, draws, seed, jobs
        self.world: World = world_of(baseline)
        self.places: pd.DataFrame = all_places(baseline)
        self._to_let = places_to_let(baseline, self.world)
        self._kept: dict[int, Noise] = {}

    def run(self, scenario: Scenario | None = None) -> Courses:
        """Play one scenario; None is the baseline."""
        if scenario is None or not scenario.changes:
            return self.baseline_courses
        plan = Plan(self.baseline, self.world, scenario)
        own, b = self._own, self.world.buildings
        incumbents, newcomers, made = self._played(plan, own.scale)
        changed = incumbents - own.incumbents
        if own.scale is not None:
            # What was there already counts as in chapter 04; who comes pays what it pays.
            changed[:, :b] *= own.scale
        yuan = own.tax + changed + (newcomers - own.newcomers)
        yuan[:, :b] = np.maximum(yuan[:, :b], np.minimum(own.tax[:, :b], 0.0))
        return self._courses(plan, _given_total(plan, yuan), newcomers, made)

    @cached_property
    def baseline_courses(self) -> Courses:
        """The baseline's own course."""
        plan = Plan(self.baseline, self.world, None)
        return self._courses(plan, self._own.tax, self._own.newcomers, self._own.parts)

    @cached_property
    def _own(self) -> _Own:
        """The baseline as played."""
        plan = Plan(self.baseline, self.world, None)
        incumbents, newcomers, parts = self._played(plan, None)
        raw, b = incumbents + newcomers, self.world.buildings
        if self.baseline.tax_draws is None:
            return _Own(incumbents, newcomers, raw, None, parts)
        tax = raw.copy()
        tax[:, :b] = ranked(raw[:, :b], self.baseline.tax_draws)
        scale = scale_of(raw[:, :b], tax[:, :b])
        return _Own(incumbents, newcomers, tax, scale, parts)

    def _played(
        self, plan: Plan, scale: np.ndarray | None
    ) -> tuple[np.ndarray, np.ndarray, dict[str, np.ndarray]]:
        """Return incumbents' and newcomers' tax (draws, places, h) and the other fields drawn."""
        chunks = range(-(-self.draws // CHUNK))
        if self.jobs == 1:
            parts = [self._simulated(plan, scale, chunk) for chunk in chunks]
        else:
            from joblib import Parallel, delayed

            made = Parallel(n_jobs=self.jobs, prefer="threads")
            parts = made(delayed(self._simulated)(plan, scale, chunk) for chunk in chunks)
        return (
            self._whole([part.incumbents_yuan for part in parts]),
            self._whole([part.newcomers_yuan for part in parts]),
            {
                name: self._whole([{**part.of_places, **part.of_district}[name] for part in parts])
                for name in (*parts[0].of_places, *parts[0].of_district)
            },
        )

    def _simulated(self, plan: Plan, scale: np.ndarray | None, chunk: int) -> Chunk:
        if scale is not None:
            own = np.ones((CHUNK, *scale.shape[1:]))
            part = scale[chunk * CHUNK : (chunk + 1) * CHUNK]
            own[: len(part)] = part
            scale = own
        return simulate_chunk(plan, self._noise(chunk), scale)

    def _whole(self, parts: list[np.ndarray]) -> np.ndarray:
        return np.concatenate(parts)[: self.draws]

    def _noise(self, chunk: int) -> Noise:
        if chunk in self._kept:
            return self._kept[chunk]
        noise = noise_of(self.baseline, self.world, self._to_let, self.seed, chunk)
        if noise.nbytes * -(-self.draws // CHUNK) <= _KEPT_BYTES:
            self._kept[chunk] = noise
        return noise

    def _courses(
        self, plan: Plan, tax: np.ndarray, newcomers: np.ndarray, made: dict[str, np.ndarray]
    ) -> Courses:
        world, space, h = self.world, plan.new_space, self.baseline.horizon
        unlocked = world.unmarketable[:, None] * plan.unlocked
        nothing = np.zeros_like(space.gross)
        return Courses(
            places=self.places,
            years=self.baseline.years,
            gross_sqm=np.concatenate([np.repeat(world.gross[:, None], h, axis=1), space.gross]),
            rentable_sqm=np.concatenate([np.repeat(world.rentable[:, None], h, axis=1), space.rentable]),
            unmarketable_sqm=np.concatenate([world.unmarketable[:, None] - unlocked, nothing]),
            unlocked_sqm=np.diff(unlocked.sum(axis=0), prepend=0.0),
            refit_sqm=world.gross @ begins(plan.refit_from),
            merged_sqm=world.gross @ begins(plan.merged_from),
            tax_yuan=tax,
            entrants_tax_yuan=np.minimum(newcomers, np.maximum(tax, 0.0)),
            **made,
        )


def make_tape(baseline: Baseline, draws: int = 2000, seed: int = 0, jobs: int = 1) -> Tape:
    """Return the shared random numbers of ``draws`` courses of events; ``jobs`` threads compute them."""
    return Tape(baseline, draws, seed, jobs)


def _given_total(plan: Plan, tax: np.ndarray) -> np.ndarray:
    """Return the tax with the district's total as the scenario gives it, shares as simulated."""
    if not plan.is_set("fixed_total_tax_yuan"):
        return tax
    total = plan.by_year("fixed_total_tax_yuan", np.nan)
    now = tax.sum(axis=1, keepdims=True)
    factor = np.divide(total, now, out=np.ones_like(now), where=(now > 0) & np.isfinite(total))
    return tax * factor
