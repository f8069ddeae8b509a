"""What the space let in addition pays: by what newcomers have paid so far, and at most by the mean yield."""

from __future__ import annotations

from dataclasses import dataclass

from louyu_lab.analysis.scenarios.answers.outcome import Outcome

#: Levers by which a scenario says what those pay who come.
_OWN_YIELD = ("new_tenant_yield_ratio", "new_tenant_registration_rate", "swap_sqm")


@dataclass(frozen=True)
class YieldBounds:
    """Tax of ``year`` (元) that more newcomers pay than in the outcome before.

    ``own_yuan`` at ``own_yield_yuan_sqm``, the yield of this district's past newcomers, as simulated;
    ``mean_yuan`` if they paid ``mean_yield_yuan_sqm``, the mean of all tenants (元/㎡): marginal and average
    yield, between which the truth is thought to lie.
    """

    year: int
    own_yuan: float
    mean_yuan: float
    own_yield_yuan_sqm: float
    mean_yield_yuan_sqm: float


def yield_bounds(before: Outcome, after: Outcome) -> YieldBounds | None:
    """Return the bounds of the last year; None where there are no more newcomers or yields are not known.

    Also None where the scenario says itself what newcomers pay, or swaps tenants: then it is the user's.
    """
    entrants, mean = after.baseline.entrants, after.baseline.mean_yield_yuan_sqm
    is_own = after.scenario is not None and any(name in after.scenario.changes for name in _OWN_YIELD)
    own = entrants.yield_yuan_sqm
    if is_own or not 0 < own < mean:
        return None
    paid = [each.courses.entrants_tax_yuan[:, :, -1].sum(axis=1).mean() for each in (before, after)]
    more = float(paid[1] - paid[0])
    return YieldBounds(after.courses.years[-1], more, more * mean / own, own, mean) if more > 0 else None
