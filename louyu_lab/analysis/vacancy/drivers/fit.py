"""The drivers of vacancy: a fractional logit with average partial effects and honest standard errors."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from scipy.special import expit
from scipy.stats import t as student

from louyu_lab.analysis.vacancy.drivers import diagnostics, sandwich
from louyu_lab.analysis.vacancy.drivers.checks import (
    refuse_bad_columns,
    refuse_collinear,
    refuse_constant,
    refuse_too_little,
)
from louyu_lab.analysis.vacancy.drivers.design import Design, is_text, learn_design
from louyu_lab.analysis.vacancy.drivers.diagnostics import Diagnostics
from louyu_lab.analysis.vacancy.drivers.effects import average_effects, effect_terms
from louyu_lab.analysis.vacancy.drivers.newton import NotConverged, blocks, maximise, maximise_many
from louyu_lab.analysis.vacancy.drivers.problems import DriverError, few
from louyu_lab.analysis.vacancy.drivers.screening import Screened, screened

EFFECT_COLUMNS = ("driver", "level", "effect_pp", "se_pp", "lo_pp", "hi_pp", "p_value", "n")

#: Draws refitted at a time: as many as keep the (draws × rows) weights within some tens of megabytes.
_CELLS_AT_A_TIME = 4_000_000


@dataclass(frozen=True)
class _Sample:
    """Rows in the model on the scale they are fitted on: ``z = (x − centre) / scale`` (n, k)."""

    z: np.ndarray
    y: np.ndarray
    w: np.ndarray | None
    codes: np.ndarray | None
    centre: np.ndarray
    scale: np.ndarray

    @property
    def clusters(self) -> int:
        return len(self.z) if self.codes is None else int(self.codes.max()) + 1

    def raw(self, beta: np.ndarray) -> np.ndarray:
        """Return coefficients (…, k) for the columns as they are in the frame."""
        slopes = beta / self.scale
        return np.concatenate(
            [beta[..., :1] - (slopes[..., 1:] @ self.centre[1:])[..., None], slopes[..., 1:]], axis=-1
        )


@dataclass(frozen=True)
class DriverFit:
    """A fitted driver model.

    ``effects``: ``driver, level, effect_pp, se_pp, lo_pp, hi_pp, p_value, n``, average partial effects in percentage
    points: of a number per unit (of a 0/1 number the step from 0 to 1), of a text one row a level against
    the reference. Standard errors are CR2 by ``cluster`` with Satterthwaite degrees of freedom, the
    interval is at ``level``; ``n`` counts the rows used, of a level its own.
    ``coefficients``: ``driver, level, is_mean, coefficient, se, se_cr1, se_cr3``, on the logit scale; the
    intercept first, ``is_mean`` marks a Mundlak mean. ``beta`` (k,) are the same numbers, in the columns of ``design``.
    """

    effects: pd.DataFrame
    coefficients: pd.DataFrame
    diagnostics: Diagnostics
    design: Design
    beta: np.ndarray
    level: float
    outcome: str
    _sample: _Sample = field(repr=False)
    _start: np.ndarray = field(repr=False)

    def predict(self, frame: pd.DataFrame) -> np.ndarray:
        """Return the expected vacancy rate (n,) in 0–1 of a frame; NaN where a driver is missing.

        Raises DriverError for missing columns and for levels the model has not seen.
        """
        return expit(self.design.matrix(frame) @ self.beta)

    def bootstrap(self, replicates: int, rng: np.random.Generator) -> np.ndarray:
        """Return coefficients (replicates, k) refitted on clusters drawn with replacement.

        A draw that leaves some level without rows, or has no maximum, is drawn again; raises DriverError
        where that goes on for ever.
        """
        kept: list[np.ndarray] = []
        at_a_time = max(1, min(replicates, _CELLS_AT_A_TIME // len(self._sample.z)))
        for _ in range(20 * (replicates // at_a_time + 1)):
            clusters = self._sample.clusters
            counts = rng.multinomial(clusters, np.full(clusters, 1 / clusters), size=at_a_time)
            drawn = self._refitted(counts)
            kept += list(drawn[np.isfinite(drawn).all(axis=1)])
            if len(kept) >= replicates:
                return np.array(kept[:replicates])
        raise DriverError(["重抽样后多数样本无法估计：某个类别只在个别楼里出现。请合并类别或减少成因。"])

    def _refitted(self, counts: np.ndarray) -> np.ndarray:
        """Refit with each cluster counted (draws, clusters) times; coefficients in raw columns."""
        sample = self._sample
        weights = (counts if sample.codes is None else counts[:, sample.codes]).astype("float64")
        if sample.w is not None:
            weights *= sample.w
        return sample.raw(maximise_many(sample.z, sample.y, weights, self._start))


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
    """Fit ``outcome`` (a rate in 0–1, or 0/1) on ``drivers`` by the fractional logit of Papke & Wooldridge (1996).

    A text driver is taken level by level against ``reference[driver]`` (the first in sorted order where not
    given), a number as it is. ``weights`` (areas, ≥ 0), ``cluster`` (what goes together: the building) and
    ``mundlak`` (the unit of a panel: group means are added for numbers that vary within it, so that the effect is
    that of a change within the unit) name columns. Rows that lack outcome, weight or a driver are left out
    and counted. Drivers that follow from emptiness, or whose measurement depends on it, are refused: set
    aside with their reason in ``diagnostics.refused`` unless named in ``allow_consequences``. Levels all empty
    or all full have no finite effect: set aside with their rows in ``diagnostics.separated``.

    Raises DriverError (a ValueError) with every problem at once: columns missing, constant or collinear, an
    outcome outside 0–1 or without variation, infinite or mistyped values, a single cluster, no driver left.
    """
    reference = dict(reference or {})
    drivers, allowed = list(drivers), set(allow_consequences)
    named = {"weights": weights, "cluster": cluster, "mundlak": mundlak}
    refuse_bad_columns(frame, outcome, drivers, named, reference)
    if not 0 < level < 1:
        raise DriverError([f"置信水平 level 应在 0 和 1 之间，现为 {level:g}。"])
    screen = screened(frame, outcome, drivers, cluster, allowed)
    if not screen.kept:
        raise DriverError(list(screen.refused["reason"]))
    rows, lost = _complete(frame, outcome, screen.kept, named)
    dropped = _dropped_words(lost)
    refuse_too_little(rows, outcome, cluster, dropped)
    rows, separated = _without_separated(rows, outcome, screen.kept)
    refuse_too_little(rows, outcome, cluster, dropped)
    refuse_constant(rows, screen.kept, dropped)
    design = learn_design(rows, screen.kept, reference, mundlak)
    sample, design = _sampled(rows, outcome, design, weights, cluster)
    places = {driver: design.columns_of(driver) for driver in design.drivers}
    refuse_collinear(sample.z, screen.kept, places)
    if len(rows) <= design.width:
        raise DriverError([f"可用的只有 {len(rows)} 行，系数却有 {design.width} 个。请减少成因或补填数据。"])
    try:
        optimum = maximise(sample.z, sample.y, sample.w)
    except (NotConverged, np.linalg.LinAlgError):
        raise DriverError([_separation_words(sample, design, rows)]) from None
    return _result(rows, design, sample, optimum, screen, lost, separated, level, cluster)


def _complete(
    frame: pd.DataFrame, outcome: str, drivers: Sequence[str], named: Mapping[str, str | None]
) -> tuple[pd.DataFrame, dict[str, int]]:
    """Return the rows that lack nothing, and how many each column costs; the outcome first."""
    needed = list(dict.fromkeys([outcome, *drivers, *(name for name in named.values() if name)]))
    missing = {name: frame[name].isna() for name in needed}
    if named.get("weights"):
        missing[named["weights"]] = missing[named["weights"]] | (frame[named["weights"]] == 0)
    lost = {name: int(blank.sum()) for name, blank in missing.items()}
    if not any(lost.values()):
        return frame[needed].reset_index(drop=True), lost
    complete = ~np.logical_or.reduce([blank.to_numpy() for blank in missing.values()])
    return frame.loc[complete, needed].reset_index(drop=True), lost


def _without_separated(
    rows: pd.DataFrame, outcome: str, drivers: Sequence[str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Set aside levels all empty or all full with their rows, until there are none.

    At the limit of the likelihood such a level fits its rows perfectly, so leaving them out changes
    nothing for the others.
    """
    found: list[tuple[str, str, int, float]] = []
    texts = [driver for driver in drivers if is_text(rows[driver])]
    while True:
        before = len(found)
        for driver in texts:
            groups = rows.groupby(rows[driver].astype("str").to_numpy())[outcome].agg(["size", "min", "max"])
            flat = groups[(groups["max"] == 0) | (groups["min"] == 1)]
            if len(flat) and len(flat) < len(groups):
                found += [(driver, str(name), int(row["size"]), float(row["max"])) for name, row in flat.iterrows()]
                rows = rows[~rows[driver].astype("str").isin(flat.index)].reset_index(drop=True)
        if len(found) == before:
            return rows, pd.DataFrame(found, columns=["driver", "level", "rows", "rate"])


def _sampled(
    rows: pd.DataFrame, outcome: str, design: Design, weights: str | None, cluster: str | None
) -> tuple[_Sample, Design]:
    """Write the matrix and bring its columns to mean 0 and scale 1 in place."""
    z = design.matrix(rows)
    w = rows[weights].to_numpy(dtype="float64") if weights else None
    centre, scale = np.zeros(z.shape[1]), np.ones(z.shape[1])
    for at in range(1, z.shape[1]):
        centre[at] = z[:, at].mean()
        z[:, at] -= centre[at]
        scale[at] = max(np.sqrt(np.mean(z[:, at] ** 2)), 1e-300)
        z[:, at] /= scale[at]
    codes = pd.factorize(rows[cluster], sort=True)[0] if cluster else None
    # Weights only matter by their proportions; a mean of 1 keeps the likelihood near the number of rows.
    w = None if w is None else w / w.mean()
    sample = _Sample(z, rows[outcome].to_numpy(dtype="float64"), w, codes, centre, scale)
    return sample, replace(design, fill=centre + np.eye(len(centre))[0])


def _result(
    rows: pd.DataFrame,
    design: Design,
    sample: _Sample,
    optimum: object,
    screen: Screened,
    lost: Mapping[str, int],
    separated: pd.DataFrame,
    level: float,
    cluster: str | None,
) -> DriverFit:
    beta = optimum.beta
    mu = np.concatenate([expit(sample.z[part] @ beta) for part in blocks(len(sample.z))])
    w = 1.0 if sample.w is None else sample.w
    order, bounds = (None, None) if sample.codes is None else sandwich.by_cluster(sample.codes)
    scores = sandwich.Rows(sample.z, w * (sample.y - mu), w * mu * (1 - mu), order, bounds)
    sizes, gradient = average_effects(sample.z, sample.w, beta, design, sample.centre, sample.scale)
    effects = _effects(rows, design, sizes, sandwich.uncertainty(scores, optimum.gram, gradient, sandwich.CR2), level)
    to_raw = np.diag(1 / sample.scale)
    to_raw[0, 1:] = -sample.centre[1:] / sample.scale[1:]
    errors = {
        name: sandwich.uncertainty(scores, optimum.gram, to_raw, power).se
        for name, power in (("se", sandwich.CR2), ("se_cr1", sandwich.CR1), ("se_cr3", sandwich.CR3))
    }
    raw = sample.raw(beta)
    return DriverFit(
        effects=effects,
        coefficients=design.terms().assign(coefficient=raw, **errors),
        diagnostics=_diagnosed(rows, design, sample, scores, optimum, effects, gradient, screen, lost, separated, cluster),
        design=design,
        beta=raw,
        level=level,
        outcome=str(rows.columns[0]),
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
    sample: _Sample,
    scores: sandwich.Rows,
    optimum: object,
    effects: pd.DataFrame,
    gradient: np.ndarray,
    screen: Screened,
    lost: Mapping[str, int],
    separated: pd.DataFrame,
    cluster: str | None,
) -> Diagnostics:
    vif = diagnostics.variance_inflation(sample.z, design)
    per_coefficient = diagnostics.units_per_coefficient(rows, design, cluster)
    influence = pd.DataFrame(columns=["driver", "level", "cluster", "effect_pp", "without_pp"])
    if cluster:
        # Effects are nearly linear over one cluster's step; the gradient carries it.
        without = effects["effect_pp"].to_numpy() - sandwich.left_out(scores, optimum.gram) @ gradient.T
        names = pd.Index(np.sort(rows[cluster].unique()))
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
        cautions=diagnostics.cautions(vif, per_coefficient, separated, unit),
    )


def _dropped_words(lost: Mapping[str, int]) -> str:
    named = [f"{name} {number} 行" for name, number in lost.items() if number]
    return f"（空白：{few(named)}）" if named else ""


def _separation_words(sample: _Sample, design: Design, rows: pd.DataFrame) -> str:
    """Name the numbers whose order alone tells the outcome; else those there are."""
    telling = []
    for place in design.columns:
        if not place.is_text:
            order = np.argsort(rows[place.driver].to_numpy(dtype="float64"), kind="stable")
            y = sample.y[order]
            telling += [place.driver] * bool((np.diff(y) >= 0).all() or (np.diff(y) <= 0).all())
    named = "、".join(f"“{name}”" for name in telling or design.drivers)
    return f"{named}（合起来）把空置与不空置完全分开，作用趋于无穷，估不出来。请去掉或合并最能区分的一项。"
