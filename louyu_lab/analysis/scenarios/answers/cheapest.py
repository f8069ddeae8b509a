"""The cheapest point where a monotone requirement is met: bounded efforts, few evaluations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import numpy as np
from scipy.optimize import linprog

#: Fineness of an effort, as part of its whole range.
_FINE = 1e-3

#: Step of the finite differences, as part of the range.
_STEP = 0.1


class Judged(NamedTuple):
    """What a point comes to: ``margin`` is met at 0 and above; ``smooth`` stands in for its slopes."""

    margin: float
    smooth: float
    cost: float


def key_of(x: np.ndarray) -> tuple[float, ...]:
    """Return what tells a point from others: its efforts to nine digits."""
    return tuple(float(part) for part in np.round(x, 9))


@dataclass
class Search:
    """Minimises the cost over x in [0, 1]ⁿ where the margin must not be negative; ``judge`` tells both of x.

    ``efforts`` is n. The margin is taken to grow with every effort, the cost to be near linear and 0 at 0.
    Points already seen are not evaluated again; ``limit`` bounds the evaluations. The method, deterministic:
    the efforts that a linear model asks for, moved along a ray to where the requirement is just met, then
    linear programs inside a shrinking step (sequential linear programming) from there, and at last each
    effort cut to what is needed, the dearest first. Linear problems are solved by the first program: cheapest
    per unit of effect first, up to its bound. Where returns rise the best single effort is a start of its
    own.
    """

    efforts: int
    judge: Callable[[np.ndarray], Judged]
    limit: int = 200
    seen: dict[tuple[float, ...], Judged] = field(default_factory=dict)

    def at(self, x: np.ndarray) -> Judged:
        """Return what ``x`` comes to."""
        key = key_of(x)
        if key not in self.seen:
            self.seen[key] = self.judge(np.array(key))
        return self.seen[key]

    @cached_property
    def full_cost(self) -> np.ndarray:
        """The cost of each effort alone at its end; (n,)."""
        return np.array([self.at(unit).cost for unit in np.eye(self.efforts)])

    @property
    def left(self) -> int:
        """Evaluations left."""
        return self.limit - len(self.seen)

    def meets(self, x: np.ndarray) -> bool:
        """Whether the requirement is met at ``x``."""
        return self.at(x).margin >= 0

    def between(self, low: np.ndarray, high: np.ndarray, most: int = 10) -> np.ndarray:
        """Return the first point from ``low`` to ``high`` that meets the requirement; ``high`` does.

        Secant and halving by turns; at most ``most`` evaluations.
        """
        if self.meets(low):
            return low
        ends, values = [0.0, 1.0], [self.at(low).margin, self.at(high).margin]
        for turn in range(min(most, self.left)):
            width = ends[1] - ends[0]
            if width * float(np.abs(high - low).max()) <= _FINE:
                break
            rise = values[1] - values[0]
            secant = -values[0] / rise if 0 < rise < np.inf else 0.5
            part = min(max(secant + 0.02, 0.05), 0.95) if turn % 2 == 0 else 0.5
            where = ends[0] + part * width
            value = self.at(low + where * (high - low)).margin
            side = 1 if value >= 0 else 0
            ends[side], values[side] = where, value
        return np.round(low + ends[1] * (high - low), 9)

    def cheapest(self) -> np.ndarray | None:
        """Return the cheapest point found; None where not even all efforts together meet the requirement."""
        none, full = np.zeros(self.efforts), np.ones(self.efforts)
        if self.meets(none):
            return none
        if not self.meets(full):
            return None
        starts = [single for single in map(self.single, np.eye(self.efforts)) if single is not None]
        starts.append(self._toward(self._planned(none, 1.0, 1.0), full))
        best = min(starts, key=self._paid)
        for start in dict.fromkeys(key_of(each) for each in (starts[-1], best)):
            best = min(best, self._descended(np.array(start)), key=self._paid)
        return self._snapped(self._trimmed(best))

    def single(self, unit: np.ndarray) -> np.ndarray | None:
        """Return the least of one effort (a unit vector) that meets the requirement; None where none does."""
        return self._snapped(self.between(0 * unit, unit)) if self.meets(unit) else None

    def _descended(self, x: np.ndarray) -> np.ndarray:
        """Improve a feasible point by linear programs while they make it cheaper."""
        n, radius = len(x), 0.5
        while radius > 0.02 and self.left > 3 * n + 12:
            model = self._planned(x, _STEP, radius)
            tried = self._toward(model, np.ones(n))
            if self._paid(tried) < self._paid(x) - 1e-6 * self.full_cost.sum():
                x = tried
            else:
                radius /= 3
        return x

    def _planned(self, x: np.ndarray, step: float, radius: float) -> np.ndarray:
        """Return the cheapest point near ``x`` by the linear model; ``x`` itself where the model has none."""
        gains, costs = self._slopes(x, step)
        lacking = -self.at(x).smooth
        bounds = np.column_stack([np.maximum(x - radius, 0), np.minimum(x + radius, 1)])
        # Relative numbers: costs in 元 and margins in 元 or ㎡ are beyond the solver's tolerances.
        scale = float(np.abs(gains).max()) or 1.0
        found = linprog(
            costs / (float(np.abs(costs).max()) or 1.0),
            A_ub=-gains[None] / scale,
            b_ub=[-(lacking + gains @ x) / scale],
            bounds=bounds,
        )
        return np.clip(found.x, 0, 1) if found.status == 0 else np.ones(len(x)) if radius >= 1 else x

    def _slopes(self, x: np.ndarray, step: float) -> tuple[np.ndarray, np.ndarray]:
        """Return the slopes of smooth margin and cost by effort, inward where there is no room outward."""
        here, slopes = self.at(x), np.zeros((2, len(x)))
        for i in range(len(x)):
            ahead = step if x[i] + step <= 1 else -step
            there = x.copy()
            there[i] += ahead
            next_ = self.at(there)
            slopes[:, i] = (next_.smooth - here.smooth) / ahead, (next_.cost - here.cost) / ahead
        return np.maximum(slopes[0], 0.0), slopes[1]

    def _toward(self, x: np.ndarray, full: np.ndarray) -> np.ndarray:
        """Move along a ray to where the requirement is just met: outward to all efforts or inward."""
        return self.between(0 * x, x) if self.meets(x) else self.between(x, full)

    def _trimmed(self, x: np.ndarray) -> np.ndarray:
        """Cut each effort to what is needed beside the others, the dearest first."""
        for i in np.argsort(-self.full_cost * x, kind="stable"):
            if x[i] > 0 and self.left > 0:
                without = x.copy()
                without[i] = 0.0
                x = self.between(without, x, 8)
        return x

    def _snapped(self, x: np.ndarray) -> np.ndarray:
        """Return the lowest point of the grid of ``_FINE`` around ``x`` that is feasible, else ``x``."""
        above = np.round(np.minimum(np.ceil(x / _FINE - 1e-6) * _FINE, 1.0), 9) + 0.0
        if not self.meets(above):
            return x
        # What a search ended above, and rounding up, are two steps at most.
        for i in np.tile(np.argsort(-self.full_cost, kind="stable"), 2):
            lower = above.copy()
            lower[i] = round(above[i] - _FINE, 9)
            if lower[i] >= 0 and self.left > 0 and self.meets(lower):
                above = lower
        return above

    def _paid(self, x: np.ndarray) -> float:
        return self.at(x).cost
