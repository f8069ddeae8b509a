"""Where a lever rests: the value at which it changes nothing in this district."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from louyu_lab.analysis.scenarios.baseline.state import Baseline
from louyu_lab.analysis.scenarios.levers.past import newcomers_yield_ratio
from louyu_lab.analysis.scenarios.levers.schema import Lever


def resting_value(lever: Lever, baseline: Baseline) -> float:
    """Return the value at which the lever changes nothing (stored units), NaN where there is none.

    The district's own estimate, else the schema's default, else what the ledgers give: today's rates and
    occupancy, tax of the base year, growth of the baseline. By year where it may be given by year: of growth,
    which differs from year to year, the mean. NaN for names and years, for what the ledgers do not know, and
    where nothing set is no number (a cap that is not there).
    """
    if lever.name in baseline.estimates:
        return float(baseline.estimates[lever.name].value)
    if lever.value is not None:
        return float(lever.value)
    known = _KNOWN.get(lever.name)
    return float("nan") if known is None else float(known(baseline))


def resting_interval(lever: Lever, baseline: Baseline) -> tuple[float, float] | None:
    """Return the 80 % interval of where it rests, None where that is certain."""
    own = baseline.estimates.get(lever.name)
    return (float(own.low), float(own.high)) if own else lever.interval


def growth_rates(baseline: Baseline) -> np.ndarray:
    """Return the median yearly growth (0–1) of the baseline's tenants, the mean by their tax; (h,)."""
    step = np.diff(baseline.growth.drift, prepend=0.0)
    paid = np.maximum(baseline.units["tax_yuan"].to_numpy(dtype="float64"), 0.0)
    own = np.exp(baseline.units["growth"].to_numpy(dtype="float64"))
    level = float(own @ paid / paid.sum()) if paid.sum() > 0 else 1.0
    return level * np.exp(step) - 1.0


def _occupancy_rate(baseline: Baseline) -> float:
    """Return occupied ÷ rentable area of the buildings that know both, which is what the engine fills."""
    known = baseline.buildings[["occupied_area_sqm", "rentable_area_sqm"]].dropna()
    occupied, rentable = known.sum()
    return float(occupied / rentable) if rentable > 0 else float("nan")


_KNOWN: Mapping[str, Callable[[Baseline], float]] = {
    "target_occupancy_rate": _occupancy_rate,
    "incumbent_growth_rate": lambda baseline: growth_rates(baseline).mean(),
    "fixed_total_tax_yuan": lambda baseline: baseline.buildings["tax_yuan"].sum(min_count=1),
    "new_tenant_yield_ratio": newcomers_yield_ratio,
    "new_tenant_registration_rate": lambda baseline: baseline.entrants.registration_rate,
    "registration_rate": lambda baseline: baseline.registration_rate,
    "local_share_rate": lambda baseline: baseline.retained_rate,
}
