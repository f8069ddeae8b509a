"""The drivers of vacancy: a fractional logit with average partial effects and honest standard errors."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import expit
from scipy.stats import norm as normal
from scipy.stats import t as student

from louyu_lab.analysis.vacancy.drivers import diagnostics, sandwich
from louyu_lab.analysis.vacancy.drivers.checks import (
    refuse_bad_columns,
    refuse_collinear,
    refuse_constant,
    refuse_names,
    refuse_too_little,
)
from louyu_lab.analysis.vacancy.drivers.design import Design, learn_design, tidy_levels
from louyu_lab.analysis.vacancy.drivers.diagnostics import Diagnostics
from louyu_lab.analysis.vacancy.drivers.effects import average_effects, effect_terms
from louyu_lab.analysis.vacancy.drivers.newton import NotConverged, Optimum, blocks, maximise
from louyu_lab.analysis.vacancy.drivers.problems import DriverError, few
from louyu_lab.analysis.vacancy.drivers.result import DriverFit
from louyu_lab.analysis.vacancy.drivers.sample import (
    Sample,
    cluster_codes,
    complete_rows,
    sampled,
    without_separated,
)
from louyu_lab.analysis.vacancy.drivers.screening import Screened, screened

EFFECT_COLUMNS = ("driver", "level", "effect_pp", "se_pp", "lo_pp", "hi_pp", "p_value", "n")


def fit_drivers(
    frame: pd.DataFrame,
    outcome: str,
    drivers: Sequence[str],
    *,
    weights: str | None = None,
    cluster: str | None = None,
    mundlak: str | None = None,
    level: float = 0.95,
    reference: Mapping[str, str] | None = None,
    allow_consequences: Collection[str] = (),
) -> DriverFit:
    """Fit ``outcome`` (a rate in 0–1, or 0/1) on ``drivers`` by fractional logit (Papke & Wooldridge 1996).

    A text driver is taken level by level against ``reference[driver]`` (the first in sorted order where
    not given), a number as it is. ``weights`` (areas, ≥ 0), ``cluster`` (what goes together: the
    building) and ``mundlak`` (the unit of a panel: group means are added for numbers that vary
    within it, so that the effect is that of a change within the unit) name columns. Rows that lack
    outcome, weight or a driver are left out and counted. Drivers that follow from emptiness, or
    whose measurement depends on it, are refused: set aside with their reason in
    ``diagnostics.refused`` unless named in ``allow_consequences``. Levels all empty or all full
    have no finite effect: set aside with their rows in ``diagnostics.separated``.

    Raises DriverError (a ValueError) with every problem at once: columns missing, constant or collinear, an
    outcome outside 0–1 or without variation, infinite or mistyped values, a single cluster, no driver left.
    """
    drivers, reference = list(drivers), dict(reference or {})
    named = {"weights": weights, "cluster": cluster, "mundlak": mundlak}
    refuse_bad_columns(frame, outcome, drivers, named, reference)
    if not 0 < level < 1:
        raise DriverError([f"置信水平 level 应在 0 和 1 之间，现为 {level:g}。"])
    frame = tidy_levels(frame, drivers)
    screen = screened(frame, outcome, drivers, cluster, set(allow_consequences))
    if not screen.kept:
        raise DriverError(list(screen.refused["reason"]))
    asked = _prepared(frame, outcome, screen, named, reference, level)
    try:
        optimum = maximise(asked.sample.z, asked.sample.y, asked.sample.w)
    except (NotConverged, np.linalg.LinAlgError):
        raise DriverError([_separation_words(asked)]) from None
    return _result(asked, optimum)


@dataclass(frozen=True)
class _Asked:
    """A question ready to be answered: rows that lack nothing, their matrix, and what was set aside.

    ``lost`` counts the rows each column cost, the outcome first.
    """

    rows: pd.DataFrame
    design: Design
    sample: Sample
    screen: Screened
    lost: Mapping[str, int]
    separated: pd.DataFrame
    level: float
    cluster: str | None

    @property
    def outcome(self) -> str:
        return next(iter(self.lost))


def _prepared(
    frame: pd.DataFrame,
    outcome: str,
    screen: Screened,
    named: Mapping[str, str | None],
    reference: Mapping[str, str],
    level: float,
) -> _Asked:
    """Return the rows and the matrix of the drivers kept; raises DriverError where they can tell nothing."""
    cluster = named["cluster"]
    rows, lost = complete_rows(frame, outcome, screen.kept, named)
    dropped = _dropped_words(lost)
    refuse_too_little(rows, outcome, cluster, dropped)
    rows, separated = without_separated(rows, outcome, screen.kept)
    refuse_too_little(rows, outcome, cluster, dropped)
    refuse_constant(rows, screen.kept, dropped)
    refuse_names(rows, screen.kept, cluster)
    design = learn_design(rows, screen.kept, reference, named["mundlak"])
    sample, design = sampled(rows, outcome, design, named["weights"], cluster)
    refuse_collinear(sample.z, screen.kept, {name: design.columns_of(name) for name in design.drivers})
    if len(rows) <= design.width:
        raise DriverError([f"可用的只有 {len(rows)} 行，系数却有 {design.width} 个。请减少成因或补填数据。"])
    return _Asked(rows, design, sample, screen, lost, separated, level, cluster)


def _result(asked: _Asked, optimum: Optimum) -> DriverFit:
    sample, design, beta = asked.sample, asked.design, optimum.beta
    mu = np.concatenate([expit(sample.z[part] @ beta) for part in blocks(len(sample.z))])
    w = 1.0 if sample.w is None else sample.w
    scores = sandwich.Rows(sample.z, w * (sample.y - mu), w * mu * (1 - mu), optimum.gram, sample.codes)
    sizes, gradient = average_effects(sample.z, sample.w, beta, design, sample.centre, sample.scale)
    effects = _effects(asked, sizes, sandwich.uncertainty(scores, gradient, sandwich.CR2))
    to_raw = np.diag(1 / sample.scale)
    to_raw[0, 1:] = -sample.centre[1:] / sample.scale[1:]
    spread = sandwich.uncertainty(scores, to_raw, sandwich.CR2)
    errors = {
        "se": spread.se,
        "se_cr1": sandwich.uncertainty(scores, to_raw, sandwich.CR1).se,
        "se_cr3": sandwich.uncertainty(scores, to_raw, sandwich.CR3).se,
    }
    tail = (1 + asked.level) / 2
    widened = float(np.mean(student.ppf(tail, spread.dof[1:]) / normal.ppf(tail)))
    raw = sample.raw(beta)
    return DriverFit(
        effects=effects,
        coefficients=design.terms().assign(coefficient=raw, **errors),
        diagnostics=_diagnosed(asked, scores, effects, gradient),
        design=design,
        beta=raw,
        level=asked.level,
        outcome=asked.outcome,
        _spread=sandwich.covariance(scores, sandwich.CR2) * widened**2,
        _sample=sample,
        _start=beta,
    )


def _effects(asked: _Asked, sizes: np.ndarray, spread: sandwich.Uncertainty) -> pd.DataFrame:
    names, rows = effect_terms(asked.design), asked.rows
    reach = student.ppf((1 + asked.level) / 2, spread.dof) * spread.se
    with np.errstate(divide="ignore", invalid="ignore"):
        p_value = 2 * student.sf(np.abs(sizes) / spread.se, spread.dof)
    counts = [
        int((rows[driver].astype("str") == name).sum()) if name else len(rows) for driver, name in names
    ]
    table = pd.DataFrame(names, columns=["driver", "level"]).assign(
        effect_pp=sizes, se_pp=spread.se, lo_pp=sizes - reach, hi_pp=sizes + reach, p_value=p_value, n=counts
    )
    return table[list(EFFECT_COLUMNS)]


def _diagnosed(
    asked: _Asked, scores: sandwich.Rows, effects: pd.DataFrame, gradient: np.ndarray
) -> Diagnostics:
    sample, design, screen = asked.sample, asked.design, asked.screen
    vif = diagnostics.variance_inflation(sample.z, design)
    per_coefficient = diagnostics.units_per_coefficient(sample.z, design, sample.codes)
    lost = [(name, number) for name, number in asked.lost.items() if number and name != asked.outcome]
    return Diagnostics(
        rows=len(asked.rows),
        clusters=sample.clusters,
        rows_without_outcome=asked.lost[asked.outcome],
        rows_per_driver_missing=pd.DataFrame(lost, columns=["driver", "rows"]),
        refused=screen.refused,
        bounds=screen.bounds,
        separated=asked.separated,
        vif=vif,
        influence=_influence(asked, scores, effects, gradient),
        units_per_coefficient=per_coefficient,
        cautions=(
            *diagnostics.cautions(vif, per_coefficient, asked.separated, "组" if asked.cluster else "行"),
            *diagnostics.reading_cautions(asked.rows, design, sample.codes),
            *screen.suspicions,
        ),
    )


def _influence(
    asked: _Asked, scores: sandwich.Rows, effects: pd.DataFrame, gradient: np.ndarray
) -> pd.DataFrame:
    """Return the cluster that moves each effect most; no rows without clusters."""
    sizes, terms = effects["effect_pp"].to_numpy(), effect_terms(asked.design)
    if asked.cluster is None:
        return diagnostics.most_influential(sizes, np.empty((0, len(sizes))), terms, pd.Index([]))
    # Effects are nearly linear over one cluster's step; the gradient carries it.
    without = sizes - sandwich.left_out(scores) @ gradient.T
    return diagnostics.most_influential(sizes, without, terms, cluster_codes(asked.rows[asked.cluster])[1])


def _dropped_words(lost: Mapping[str, int]) -> str:
    named = [f"{name} {number} 行" for name, number in lost.items() if number]
    return f"（空白：{few(named)}）" if named else ""


def _separation_words(asked: _Asked) -> str:
    """Name the numbers whose order alone tells the outcome; else those there are."""
    telling = []
    for place in asked.design.columns:
        if not place.is_text:
            order = np.argsort(asked.rows[place.driver].to_numpy(dtype="float64"), kind="stable")
            y = asked.sample.y[order]
            telling += [place.driver] * bool((np.diff(y) >= 0).all() or (np.diff(y) <= 0).all())
    named = "、".join(f"“{name}”" for name in telling or asked.design.drivers)
    return f"{named}（合起来）把空置与不空置完全分开，作用趋于无穷，估不出来。请去掉或合并最能区分的一项。"
