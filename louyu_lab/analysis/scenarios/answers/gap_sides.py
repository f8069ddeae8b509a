"""The two sides of a gap in tax: areas and tax of the groups of buildings, simulated or of the base year."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from louyu_lab.analysis.scenarios.answers.indicator_draws import base_values
from louyu_lab.analysis.scenarios.answers.outcome import Outcome
from louyu_lab.analysis.scenarios.baseline.state import Baseline

STOCK, OCCUPANCY, REGISTRATION, MIX, YIELD = "可租售面积", "入驻率", "注册率", "楼宇结构", "单位税收"

#: The group of what is not standing yet, and of buildings without a grade.
_NEW, _UNGRADED = "新项目", "未分级"


@dataclass(frozen=True)
class Side:
    """One side of a gap.

    ``tax`` (元) and ``let`` (occupied ㎡), both (draws, groups), of places that know both and their rentable
    area ``stock`` (㎡); ``registration`` 0–1, NaN unknown; ``other`` tax of places that lack an area; these
    are (draws,).
    """

    tax: np.ndarray
    let: np.ndarray
    stock: np.ndarray
    registration: np.ndarray
    other: np.ndarray

    @property
    def whole(self) -> np.ndarray:
        """All tax (draws,)."""
        return self.tax.sum(axis=1) + self.other

    def levels(self) -> dict[str, np.ndarray]:
        """Return the factors of the district without groups; (draws,)."""
        let = self.let.sum(axis=1)
        share = np.where(np.isnan(self.registration), 1.0, self.registration)
        return {
            STOCK: self.stock,
            OCCUPANCY: _divided(let, self.stock),
            REGISTRATION: self.registration,
            YIELD: _divided(self.tax.sum(axis=1), let * share),
        }

    def factors(self) -> dict[str, np.ndarray]:
        """Return the factors by group; (draws, groups)."""
        levels = {name: values[:, None] for name, values in self.levels().items()}
        share = np.where(np.isnan(self.registration), 1.0, self.registration)[:, None]
        mix = _divided(self.let, self.let.sum(axis=1, keepdims=True))
        return levels | {MIX: mix, YIELD: _divided(self.tax, self.let * share)}


def groups_of(places: pd.DataFrame) -> np.ndarray:
    """Return each place's group (places,): its grade, or that of new projects."""
    grades = places["grade"].astype("str").fillna("").replace("", _UNGRADED)
    return np.where(places["is_new"].to_numpy(dtype=bool), _NEW, grades.to_numpy(dtype="str"))


def simulated_side(outcome: Outcome, at: int, groups: list[str]) -> Side:
    """Return the side of a simulated year, the ``at``-th."""
    courses = outcome.courses
    share = courses.registered[:, at] / np.where(courses.firms[:, at] > 0, courses.firms[:, at], np.nan)
    return _side(
        outcome.baseline,
        tax=courses.tax_yuan[:, :, at],
        let=courses.occupied_sqm[:, :, at],
        rentable=courses.rentable_sqm[:, at],
        registration=share,
        inside=groups_of(courses.places)[:, None] == np.array(groups),
    )


def base_side(baseline: Baseline, groups: list[str]) -> Side:
    """Return the side of the base year, one draw."""
    own = baseline.buildings
    columns = [
        own[name].to_numpy(dtype="float64") for name in ("tax_yuan", "occupied_area_sqm", "rentable_area_sqm")
    ]
    share = base_values(baseline).get("registration_rate", baseline.registration_rate)
    return _side(
        baseline,
        tax=columns[0][None],
        let=columns[1][None],
        rentable=columns[2],
        registration=np.array([share]),
        inside=groups_of(own.assign(is_new=False))[:, None] == np.array(groups),
    )


def _side(
    baseline: Baseline,
    tax: np.ndarray,
    let: np.ndarray,
    rentable: np.ndarray,
    registration: np.ndarray,
    inside: np.ndarray,
) -> Side:
    """Sum places into groups; those without tax are left out, those without an area are ``other``."""
    names = ("tax_yuan", "occupied_area_sqm", "rentable_area_sqm")
    own = baseline.buildings[list(names)].notna()
    new = np.ones(tax.shape[1] - len(own), dtype=bool)
    taxed = np.append(own["tax_yuan"].to_numpy(dtype=bool), new)
    counted = np.append(own.all(axis=1).to_numpy(dtype=bool), new)
    within = inside[counted].astype("float64")
    draws = len(tax)
    return Side(
        tax=tax[:, counted] @ within,
        let=let[:, counted] @ within,
        stock=np.full(draws, rentable[counted].sum()),
        registration=np.broadcast_to(registration, draws),
        other=tax[:, taxed & ~counted].sum(axis=1),
    )


def _divided(top: np.ndarray, low: np.ndarray) -> np.ndarray:
    return top / np.where(low > 0, low, np.nan)
