"""A lever's setting at a lower and a higher value."""

from __future__ import annotations

import math
from dataclasses import replace

from louyu_lab.analysis.scenarios.baseline.state import Baseline
from louyu_lab.analysis.scenarios.levers.resting import resting_interval, resting_value
from louyu_lab.analysis.scenarios.levers.schema import Lever
from louyu_lab.analysis.scenarios.levers.setting import Clause, Setting

#: Share of a setting's distance from the baseline that it is moved by where it has no interval; what is
#: counted in whole numbers is moved by one at least.
STEP = 0.2

#: Kinds that have no more and no less.
_FIXED = ("names", "year")


def ends_of(lever: Lever, setting: Setting, baseline: Baseline) -> tuple[Setting | None, Setting | None]:
    """Return the setting at its low and its high end, None where there is none.

    A clause with an interval takes its ends; one without is moved by ``STEP`` of its distance from what the
    baseline has, within the lever's range; what is counted to the next whole number beyond. The low end is
    that of the lower value, whether or not the lever is stronger there.
    """
    clauses = [clause for clause in setting if isinstance(clause, Clause)]
    if lever.kind in _FIXED or not clauses:
        return None, None
    neutral = baseline_level(lever, baseline)
    ends = []
    for side in (-1, 1):
        moved = tuple(_moved(lever, clause, neutral, side) for clause in clauses)
        ends.append(None if moved == tuple(clauses) else moved)
    return ends[0], ends[1]


def prior_ends(lever: Lever, baseline: Baseline) -> tuple[Setting, Setting]:
    """Return the ends of an uncertain default: of the district's own estimate, else of the prior."""
    low, high = resting_interval(lever, baseline) or (resting_value(lever, baseline),) * 2
    return (Clause(low),), (Clause(high),)


def baseline_level(lever: Lever, baseline: Baseline) -> float:
    """Return the value at which the lever does nothing; 0 where that is not known."""
    own = resting_value(lever, baseline)
    return own if math.isfinite(own) else 0.0


def _moved(lever: Lever, clause: Clause, neutral: float, side: int) -> Clause:
    """Return a clause at one end (side −1 lower, 1 higher), certain."""
    bound = clause.low if side < 0 else clause.high
    if bound is None:
        bound = clause.value + side * STEP * abs(clause.value - neutral)
        if lever.whole:
            bound = float(math.ceil(bound) if side > 0 else math.floor(bound))
    return replace(clause, value=min(max(bound, lever.low), lever.high), low=None, high=None)
