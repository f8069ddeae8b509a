"""The drivers of vacancy: a fractional logit with average partial effects and honest standard errors."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

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
    reference = dict(reference or {})
    drivers, allowed = list(drivers), set(allow_consequences)
    named = {"weights": weights, "cluster": cluster, "mundlak": mundlak}
    refuse_bad_columns(frame, outcome, drivers, named, reference)
    if not 0 < level < 1:
        raise DriverError([f"置信水平 level 应在 0 和 1 之间，现为 {level:g}。"])
    frame = tidy_levels(frame, drivers)
    screen = screened(frame, outcome, drivers, cluster, allowed)
    if not screen.kept:
        raise DriverError(list(screen.refused["reason"]))
    rows, lost = complete_rows(frame, outcome, screen.kept, named)
    dropped = _dropped_words(lost)
    refuse_too_little(rows, outcome, cluster, dropped)
    rows, separated = without_separated(rows, outcome, screen.kept)
    refuse_too_little(rows, outcome, cluster, dropped)
    refuse_constant(rows, screen.kept, dropped)
    refuse_names(rows, screen.kept, cluster)
    design = learn_design(rows, screen.kept, reference, mundlak)
    sample, design = sampled(rows, outcome, design, weights, cluster)
    places = {driver: design.columns_of(driver) for driver in design.drivers}
    refuse_collinear(sample.z, screen.kept, places)
    if len(rows) <= design.width:
        raise DriverError([f"可用的只有 {len(rows)} 行，系数却有 {design.width} 个。请减少成因或补填数据。"])
    try:
        optimum = maximise(sample.z, sample.y, sample.w)
    except (NotConverged, np.linalg.LinAlgError):
        raise DriverError([_separation_words(sample, design, rows)]) from None
    return _result(rows, design, sample, optimum, screen, lost, separated, level, cluster)


def _result(
    rows: pd.DataFrame,
    design: Design,
    sample: Sample,
    optimum: Optimum,
    screen: Screened,
    lost: Mapping[str, int],
    separated: pd.DataFrame,
    level: float,
    cluster: str | None,
) -> DriverFit:
    beta = optimum.beta
    mu = np.concatenate([expit(sample.z[part] @ beta) for part in blocks(len(sample.z))])
    w = 1.0 if sample.w is None else sample.w
    scores = sandwich.Rows(sample.z, w * (sample.y - mu), w * mu * (1 - mu), optimum.gram, sample.codes)
    sizes, gradient = average_effects(sample.z, sample.w, beta, design, sample.centre, sample.scale)
    effects = _effects(rows, design, sizes, sandwich.uncertainty(scores, gradient, sandwich.CR2), level)
    to_raw = np.diag(1 / sample.scale)
    to_raw[0, 1:] = -sample.centre[1:] / sample.scale[1:]
    spread = sandwich.uncertainty(scores, to_raw, sandwich.CR2)
    errors = {
        "se": spread.se,
        "se_cr1": sandwich.uncertainty(scores, to_raw, sandwich.CR1).se,
        "se_cr3": sandwich.uncertainty(scores, to_raw, sandwich.CR3).se,
    }
    tail = (1 + level) / 2
    widened = float(np.mean(student.ppf(tail, spread.dof[1:]) / normal.ppf(tail)))
    raw = sample.raw(beta)
    return DriverFit(
        effects=effects,
        coefficients=design.terms().assign(coefficient=raw, **errors),
        diagnostics=_diagnosed(
            rows, design, sample, scores, effects, gradient, screen, lost, separated, cluster
        ),
        design=design,
        beta=raw,
        level=level,
        outcome=next(iter(lost)),
        _spread=sandwich.covariance(scores, sandwich.CR2) * widened**2,
        _sample=sample,
        _start=beta,
    )


def _effects(
    rows: pd.DataFrame, design: Design, sizes: np.ndarray, spread: sandwich.Uncertainty, level: float
) -> pd.DataFrame:
    names = effect_terms(design)
    reach = student.ppf((1 + level) / 2, spread.dof) * spread.se
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
    rows: pd.DataFrame,
    design: Design,
    sample: Sample,
    scores: sandwich.Rows,
    effects: pd.DataFrame,
    gradient: np.ndarray,
    screen: Screened,
    lost: Mapping[str, int],
    separated: pd.DataFrame,
    cluster: str | None,
) -> Diagnostics:
    vif = diagnostics.variance_inflation(sample.z, design)
    per_coefficient = diagnostics.units_per_coefficient(sample.z, design, sample.codes)
    influence = pd.DataFrame(columns=["driver", "level", "cluster", "effect_pp", "without_pp"])
    if cluster:
        # Effects are nearly linear over one cluster's step; the gradient carries it.
        without = effects["effect_pp"].to_numpy() - sandwich.left_out(scores) @ gradient.T
        names = cluster_codes(rows[cluster])[1]
        influence = diagnostics.most_influential(
            effects["effect_pp"].to_numpy(), without, effect_terms(design), names
        )
    unit = "组" if cluster else "行"
    outcome = next(iter(lost))
    return Diagnostics(
        rows=len(rows),
        clusters=sample.clusters,
        rows_without_outcome=lost[outcome],
        rows_per_driver_missing=pd.DataFrame(
            [(name, number) for name, number in lost.items() if number and name != outcome],
            columns=["driver", "rows"],
        ),
        refused=screen.refused,
        bounds=screen.bounds,
        separated=separated,
        vif=vif,
        influence=influence,
        units_per_coefficient=per_coefficient,
        cautions=(
            *diagnostics.cautions(vif, per_coefficient, separated, unit),
            *diagnostics.reading_cautions(rows, design, sample.codes),
            *screen.suspicions,
        ),
    )


def _dropped_words(lost: Mapping[str, int]) -> str:
    named = [f"{name} {number} 行" for name, number in lost.items() if number]
    return f"（空白：{few(named)}）" if named else ""


def _separation_words(sample: Sample, design: Design, rows: pd.DataFrame) -> str:
    """Name the numbers whose order alone tells the outcome; else those there are."""
    telling = []
    for place in design.columns:
        if not place.is_text:
            order = np.argsort(rows[place.driver].to_numpy(dtype="float64"), kind="stable")
            y = sample.y[order]
            telling += [place.driver] * bool((np.diff(y) >= 0).all() or (np.diff(y) <= 0).all())
    named = "、".join(f"“{name}”" for name in telling or design.drivers)
    return f"{named}（合起来）把空置与不空置完全分开，作用趋于无穷，估不出来。请去掉或合并最能区分的一项。"
