"""Which levers have a slider, and how far it goes: the ends a meeting needs, not all that is allowed."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from louyu_lab.analysis.scenarios.baseline.state import Baseline
from louyu_lab.analysis.scenarios.levers.places import unknown_places
from louyu_lab.analysis.scenarios.levers.resting import resting_value
from louyu_lab.analysis.scenarios.levers.scenario import Scenario
from louyu_lab.analysis.scenarios.levers.schema import Lever, levers
from louyu_lab.analysis.scenarios.levers.setting import Clause

#: Lever -> (low, high, step) of its slider in stored units, in the order of the panel. Those without a high
#: end take it from the district.
_TRACKS: dict[str, tuple[float, float | None, float]] = {
    "absorption_sqm": (0.0, None, 5e3),
    "entry_factor": (0.0, 3.0, 0.1),
    "exit_factor": (0.0, 3.0, 0.1),
    "largest_payers_leaving": (0.0, 20.0, 1.0),
    "growth_change_rate": (-0.1, 0.1, 0.005),
    "tax_factor": (0.5, 1.5, 0.05),
    "new_tenant_yield_ratio": (0.0, 2.0, 0.05),
    "new_tenant_registration_rate": (0.0, 1.0, 0.01),
    "supply_rate": (0.0, 1.0, 0.05),
    "rent_subsidy_yuan_sqm_month": (0.0, 60.0, 1.0),
}

#: Kind of a lever -> stored units in the unit a slider is read in, and that unit; others are as stored.
_READ_IN = {"area": (1e4, "万㎡"), "rate": (0.01, "%"), "points": (0.01, "个百分点")}

#: Least end of a slider whose end comes from the district, in steps.
_FEWEST_STEPS = 10


@dataclass(frozen=True)
class Slider:
    """One slider; ``low, high, step, rest`` in stored units, ``rest`` where it changes nothing.

    ``unit`` and ``factor`` are what it is read in; ``off`` says in Chinese why it cannot be moved, or "".
    """

    lever: Lever
    low: float
    high: float
    step: float
    rest: float
    factor: float
    unit: str
    off: str = ""

    @property
    def name(self) -> str:
        """The lever's name."""
        return self.lever.name

    def read(self, value: float) -> float:
        """Return a stored value as the slider shows it, on a step."""
        return round(round(value / self.step) * self.step / self.factor, 10)

    def stored(self, shown: float) -> float:
        """Return a shown value in stored units, on a step."""
        return round(round(shown * self.factor / self.step) * self.step, 10)

    @property
    def range_zh(self) -> str:
        """The ends, as a person reads them."""
        return f"{self.lever.printed(self.low)}至{self.lever.printed(self.high)}"


def sliders_for(baseline: Baseline) -> list[Slider]:
    """Return the sliders over a baseline; those that it cannot move are off, with the reason."""
    return [_slider(baseline, levers()[name]) for name in _TRACKS]


def on_sliders(sliders: list[Slider], start: Scenario | None) -> dict[str, float]:
    """Return slider -> stored value a scenario starts it at.

    A lever that the scenario sets to one value for everybody and all years stands there, as near as the
    slider goes; every other slider rests, whatever the scenario says of the lever.
    """
    changes: Mapping[str, object] = start.changes if start else {}
    return {slider.name: _simple(changes.get(slider.name), slider) for slider in sliders}


def _slider(baseline: Baseline, lever: Lever) -> Slider:
    low, high, step = _TRACKS[lever.name]
    if high is None:
        high = max(_marketable_sqm(baseline) // step, _FEWEST_STEPS) * step
    low, high = max(low, lever.low), min(high, lever.high)
    rest = resting_value(lever, baseline)
    factor, unit = _READ_IN.get(lever.kind, (1.0, lever.unit))
    off = _why_off(baseline, lever, high)
    if not math.isfinite(rest):
        rest, off = low, off or f"{lever.title}：台账里没有可用的数据"
    # The end of a track is never short of where it rests.
    return Slider(lever, low, max(high, math.ceil(rest / step) * step), step, rest, factor, unit, off)


def _why_off(baseline: Baseline, lever: Lever, value: float) -> str:
    """Say why a lever cannot be moved in this district, as a scenario file would be told; "" where it can."""
    probe = Scenario("", lever.title, "", "", "", {lever.name: (Clause(value),)})
    return "；".join(unknown_places(baseline, probe))


def _marketable_sqm(baseline: Baseline) -> float:
    rows = baseline.buildings
    free = rows["rentable_area_sqm"] - rows["occupied_area_sqm"] - rows["unmarketable_area_sqm"].fillna(0.0)
    return float(free.clip(lower=0.0).sum())


def _simple(setting: object, slider: Slider) -> float:
    """Return the one value a setting has for all, within the slider's ends; its rest for any other."""
    clauses = setting if isinstance(setting, tuple) else ()
    if len(clauses) != 1 or not isinstance(clauses[0], Clause):
        return slider.rest
    (clause,) = clauses
    if clause.years or clause.scope or clause.low is not None or slider.off:
        return slider.rest
    return min(max(clause.value, slider.low), slider.high)
