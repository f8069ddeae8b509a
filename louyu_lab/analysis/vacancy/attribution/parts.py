"""The fitted model seen as groups of drivers: which columns belong to which cause, against what reference."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy.special import expit

from louyu_lab.analysis.vacancy.attribution.shapley import TOLERANCE, shapley_values
from louyu_lab.analysis.vacancy.drivers.problems import DriverError

if TYPE_CHECKING:
    from louyu_lab.analysis.vacancy.drivers.result import DriverFit

#: What every building would have at the reference; what no driver tells; drivers that belong to no cause.
REFERENCE, UNEXPLAINED, OTHER_FACTORS = "参照水平", "未解释", "其他因素"

#: Compare with the frame's own rows, weighted by area.
MEAN = "mean"

#: Twice as many coalitions for each further cause: at this many 4,096 of them.
MOST_CAUSES = 12

#: Error of an interpolated rate in the draws of an interval, whose ends are not that sharp.
DRAW_TOLERANCE = 1e-6


@dataclass(frozen=True)
class Parts:
    """Rows, reference rows and the columns of each cause.

    ``own`` (n, k) and ``reference`` (m, k) are design matrices, ``weights`` (m,) sum to 1, ``columns``
    the positions of each of ``causes`` in them.
    """

    causes: tuple[str, ...]
    columns: tuple[np.ndarray, ...]
    own: np.ndarray
    reference: np.ndarray
    weights: np.ndarray

    def rates(self, beta: np.ndarray) -> np.ndarray:
        """Return each row's predicted rate (0–1) at coefficients ``beta`` (k,)."""
        return expit(self.own @ beta)

    def values(self, beta: np.ndarray, tolerance: float = TOLERANCE) -> tuple[float, np.ndarray]:
        """Return the reference rate and what each cause adds to each row's rate, shape (n, causes)."""
        taken = np.concatenate([*self.columns, np.empty(0, dtype="int64")])
        rest = np.setdiff1d(np.arange(len(beta)), taken)
        own, reference = self._linear(self.own, beta), self._linear(self.reference, beta)
        base = float(self.own[0, rest] @ beta[rest])
        return shapley_values(base, own, reference, self.weights, tolerance)

    def _linear(self, x: np.ndarray, beta: np.ndarray) -> np.ndarray:
        return np.stack([x[:, at] @ beta[at] for at in self.columns], axis=1) if self.columns else x[:, :0]


def parts_of(
    result: DriverFit,
    frame: pd.DataFrame,
    groups: Mapping[str, Sequence[str]],
    area: np.ndarray,
    reference: str | Mapping[str, Any] = MEAN,
) -> Parts:
    """Return the parts of ``frame`` (at least one row) under the fit.

    ``groups`` cause → drivers; drivers of the fit in no group are 其他因素, which is left out where they
    never vary. A driver that the fit refused is passed over: the groups are declared once for all districts,
    and what a district's ledgers cannot tell has no number, not even 0. ``reference``: ``"mean"``, or a
    mapping driver → value that all reference rows take. Reference rows weigh as ``area`` (n,).
    Raises DriverError for groups or a reference that cannot be right, all problems at once.
    """
    causes = _causes(result, groups)
    frame = _without_separated(result, frame)
    own = result.design.matrix(frame, fill=True)
    is_mean = isinstance(reference, str) and reference == MEAN
    compared = own if is_mean else result.design.matrix(_reference(result, frame, reference), fill=True)
    grouped = {cause: _columns(result, drivers) for cause, drivers in causes.items()}
    rest = np.setdiff1d(np.arange(1, own.shape[1]), np.concatenate([[0], *grouped.values()]))
    # Columns without spread move nothing; parts that do and have no cause yet are a cause of their own.
    moving = rest[np.ptp(np.concatenate([own[:, rest], compared[:, rest]]), axis=0) > 0]
    if len(moving):
        grouped[OTHER_FACTORS] = np.union1d(grouped.get(OTHER_FACTORS, moving), moving)
    return Parts(tuple(grouped), tuple(grouped.values()), own, compared, area / area.sum())


def intervals(
    result: DriverFit, told: Callable[[np.ndarray], np.ndarray], replicates: int, seed: int
) -> np.ndarray:
    """Return percentile bounds, shape (2, …), of what ``told`` makes of bootstrap coefficients (k,).

    NaN for 0 replicates, and where the fit cannot be repeated on resampled clusters.
    """
    shape = told(result.beta).shape
    try:
        betas = result.draws(replicates, np.random.default_rng(seed)) if replicates else []
    except DriverError:
        betas = []
    if len(betas) == 0:
        return np.full((2, *shape), np.nan)
    draws = np.array([told(beta) for beta in betas])
    return np.quantile(draws, [(1 - result.level) / 2, (1 + result.level) / 2], axis=0)


def _names(drivers: str | Sequence[str]) -> list[str]:
    return [drivers] if isinstance(drivers, str) else list(drivers)


def _causes(result: DriverFit, groups: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Return each cause's drivers that the fit kept; causes without any are left out."""
    kept, known = list(result.design.drivers), _known(result)
    problems, cause_of = [], {}
    for cause, drivers in groups.items():
        if cause in (REFERENCE, UNEXPLAINED):
            problems.append(f"成因不能叫“{cause}”，这是结果表自己的行；请换一个名称。")
        for name in _names(drivers):
            if name not in known:
                problems.append(f"成因“{cause}”里的“{name}”不在模型中；模型中有：{'、'.join(kept)}。")
            if cause_of.setdefault(name, cause) != cause:
                problems.append(
                    f"“{name}”同时列在成因“{cause_of[name]}”和“{cause}”里；每个驱动因素只归一个成因。"
                )
    if len(groups) > MOST_CAUSES:
        problems.append(f"成因最多 {MOST_CAUSES} 个，现为 {len(groups)} 个；请合并。")
    if problems:
        raise DriverError(problems)
    taken = {cause: [name for name in _names(drivers) if name in kept] for cause, drivers in groups.items()}
    return {cause: names for cause, names in taken.items() if names}


def _known(result: DriverFit) -> set[str]:
    """Return the drivers the fit was asked for, those it refused among them."""
    return {*result.design.drivers, *result.diagnostics.refused["driver"]}


def _without_separated(result: DriverFit, frame: pd.DataFrame) -> pd.DataFrame:
    """Take levels that the fit set aside (all empty or all full) for missing: they have no finite effect."""
    for driver, rows in result.diagnostics.separated.groupby("driver"):
        is_aside = frame[driver].astype("str").isin(rows["level"])
        frame = frame.assign(**{driver: frame[driver].mask(is_aside)})
    return frame


def _columns(result: DriverFit, drivers: Sequence[str]) -> np.ndarray:
    return np.unique(np.concatenate([result.design.columns_of(name) for name in drivers]))


def _reference(result: DriverFit, frame: pd.DataFrame, reference: str | Mapping[str, Any]) -> pd.DataFrame:
    """Return the frame with the reference's values in its columns."""
    if not isinstance(reference, Mapping):
        raise DriverError(
            [f"参照“{reference}”不认识；可用“{MEAN}”（全区按面积平均），或逐项写明取值：{{驱动因素: 取值}}。"]
        )
    known, kept = _known(result), result.design.drivers
    held = "、".join(kept)
    problems = [f"参照里的“{name}”不在模型中；模型中有：{held}。" for name in reference if name not in known]
    problems += [
        f"参照里“{name}”没有取值；请填写或删去。" for name, value in reference.items() if pd.isna(value)
    ]
    if problems:
        raise DriverError(problems)
    return frame.assign(**{name: value for name, value in reference.items() if name in kept})
