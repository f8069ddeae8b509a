"""Average partial effects in percentage points, and how they change with the coefficients."""

from __future__ import annotations

import numpy as np
from scipy.special import expit

from louyu_lab.analysis.vacancy.drivers.design import Design, DriverColumns
from louyu_lab.analysis.vacancy.drivers.newton import blocks


def average_effects(
    z: np.ndarray,
    w: np.ndarray | None,
    beta: np.ndarray,
    design: Design,
    centre: np.ndarray,
    scale: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Return the effects (e,) in points and their gradient (e, k), in the order of ``effect_terms``.

    ``z = (x − centre) / scale`` (n, k) and ``beta`` (k,) belong to it. A number's effect is the weighted
    mean of the derivative, ``100 E[μ (1 − μ)] β``; of a 0/1 number, and of a level against the
    reference, the mean of the difference ``100 E[μ(1) − μ(0)]``, other drivers as they are. The effect of a
    number with a group mean is that of its own column, the mean held.
    """
    total = 0.0
    density, slope = 0.0, np.zeros(len(beta))
    switches = [place for place in design.columns if place.is_switch]
    sums = {place.driver: _SwitchSums(place, len(beta)) for place in switches}
    for rows in blocks(len(z)):
        part, weight = z[rows], np.ones(rows.stop - rows.start) if w is None else w[rows]
        eta = part @ beta
        mu = expit(eta)
        curve = weight * mu * (1 - mu)
        total += weight.sum()
        density += curve.sum()
        slope += (curve * (1 - 2 * mu)) @ part
        for place in switches:
            sums[place.driver].add(part, weight, eta, beta, centre, scale)
    effects, gradient = [], []
    for place in design.columns:
        if place.is_switch:
            effects += list(sums[place.driver].effects(total))
            gradient += list(sums[place.driver].gradient(total))
            continue
        raw = beta[place.first] / scale[place.first]
        row = raw * slope
        row[place.first] += density / scale[place.first]
        effects.append(100 * raw * density / total)
        gradient.append(100 * row / total)
    return np.array(effects), np.array(gradient)


def effect_terms(design: Design) -> list[tuple[str, str]]:
    """Return ``(driver, level)`` of each effect: one a number, one a level beside the reference."""
    return [(place.driver, level) for place in design.columns for level in place.levels or ("",)]


class _SwitchSums:
    """Sums over rows of the predictions with a driver set to each of its levels, or to 0 and 1."""

    def __init__(self, place: DriverColumns, width: int) -> None:
        self.place = place
        self.at = np.arange(place.first, place.first + (len(place.levels) or 1))
        self.predicted = np.zeros(len(self.at) + 1)
        self.slopes = np.zeros((len(self.at) + 1, width))

    def add(
        self,
        z: np.ndarray,
        weight: np.ndarray,
        eta: np.ndarray,
        beta: np.ndarray,
        centre: np.ndarray,
        scale: np.ndarray,
    ) -> None:
        """Add a block of rows; setting 0 is the reference."""
        at = self.at
        rest = eta - z[:, at] @ beta[at]
        for setting in range(len(at) + 1):
            held = -centre[at] / scale[at]
            if setting:
                held[setting - 1] += 1 / scale[at[setting - 1]]
            mu = expit(rest + held @ beta[at])
            curve = weight * mu * (1 - mu)
            self.predicted[setting] += weight @ mu
            slope = curve @ z
            slope[at] = curve.sum() * held
            self.slopes[setting] += slope

    def effects(self, total: float) -> np.ndarray:
        """Each level's mean prediction less that of the reference, in points."""
        return 100 * (self.predicted[1:] - self.predicted[0]) / total

    def gradient(self, total: float) -> np.ndarray:
        """The effects' gradient by the coefficients."""
        return 100 * (self.slopes[1:] - self.slopes[0]) / total
