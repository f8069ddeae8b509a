"""Types of buildings by what their tenants do, declared only where chance does not make as good ones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from louyu_lab.analysis.industry.composition import ENOUGH_FIRMS, checked_counts
from louyu_lab.analysis.industry.types.agreement import jaccard
from louyu_lab.analysis.industry.types.assessing import (
    BUILDINGS_PER_TYPE,
    FEWEST,
    Assessment,
    assess,
    numbers_of_types,
    redrawn,
)
from louyu_lab.analysis.industry.types.coordinates import hellinger_coordinates
from louyu_lab.analysis.industry.types.nulls import matched_cloud, one_cloud, one_mix
from louyu_lab.analysis.industry.types.partition import partitions

#: Buildings with enough firms below which no types are looked for.
FEWEST_BUILDINGS = FEWEST * BUILDINGS_PER_TYPE

#: Labels of buildings without a type: all of them where no types are declared; those with too few firms.
NO_TYPES, TOO_SMALL = 0, -1

#: Districts drawn from each null, and how many of them may do as well as the real one (5 %, exactly).
NULL_DRAWS, MAY_REACH = 99, 4

#: k-means runs of the final partition; partitions redrawn for the Jaccard of each type, and runs of each.
FINAL_STARTS, FINAL_DRAWS, REDRAWN_STARTS = 20, 100, 5

#: Columns of ``BuildingTypes.choices``.
CHOICES = {
    "types": "int64",
    **dict.fromkeys(("stability", "null_stability", "separation", "null_separation"), "float64"),
    "is_chosen": "bool",
}

#: Why no types are declared.
FEW_BUILDINGS = "企业数足够的楼宇不足 10 幢"
ALL_ALIKE = "各楼行业构成完全相同，或只有一个行业"
UNSTABLE = "分出的类型并不比随机入驻更稳定"
CONTINUOUS = "楼宇之间有差异，但只是连续的差异，分不出界限"


@dataclass(frozen=True)
class BuildingTypes:
    """The types of a district's buildings, and how sure they are.

    ``labels`` by building, in the order of the counts: types 1, 2, … (most buildings first), ``TOO_SMALL``
    (−1) below ``ENOUGH_FIRMS``; where no types are declared all are ``NO_TYPES`` (0). ``stability`` of the
    partition (mean adjusted Rand index with those of buildings drawn anew, at most 1) and
    ``null_stability``, what it must exceed: the 95th percentile under one mix for all. ``contrast`` and
    ``null_contrast``: how far the separation of the types (silhouette) stands out from that of one cloud
    without groups, in the cloud's standard deviations, and what 95 of 100 such clouds reach.
    ``profiles`` shares of industries, a row a type (0–1, rows add up to 1; one row, type 0, where none is
    declared). ``jaccard`` by type (0–1). ``certainty`` by building: the share of redrawn partitions that
    put it into its type; NaN without types. ``choices`` (``CHOICES``) one row a number of types looked at,
    each figure beside the 95th percentile of its null. ``reason`` (Chinese) why none are declared,
    empty otherwise.
    """

    labels: pd.Series
    stability: float
    null_stability: float
    contrast: float
    null_contrast: float
    profiles: pd.DataFrame
    jaccard: pd.Series
    certainty: pd.Series
    choices: pd.DataFrame
    reason: str

    @property
    def is_declared(self) -> bool:
        """Whether there are types."""
        return self.reason == ""


def cluster_buildings(counts: pd.DataFrame, *, seed: int = 0) -> BuildingTypes:
    """Return the types of buildings by their firms in each industry.

    ``counts``: a row a building (unique index), a column an industry, numbers ≥ 0; what is not known
    must be 0. Buildings below ``ENOUGH_FIRMS`` are not typed. Method: k-means on Hellinger coordinates;
    the number of types by ``assessing.Assessment.chosen``; declared only where stability exceeds what 95
    of 100 districts of one mix reach (building sizes and the district's mix kept, each with the number
    of types of its own choice) and contrast what 95 of 100 clouds without groups reach. Either test alone
    errs in 5 % of districts like its null, both together in fewer. The order of rows and columns does not
    matter. Raises TypeError and ValueError as ``composition.checked_counts``.
    """
    counts = checked_counts(counts)
    table = counts.loc[sorted(counts.index, key=str), sorted(counts.columns, key=str)]
    enough = table.sum(axis=1) >= ENOUGH_FIRMS
    held = table[enough].loc[:, table[enough].sum(axis=0) > 0]
    rng = np.random.default_rng(seed)
    values = held.to_numpy()
    if len(held) < FEWEST_BUILDINGS:
        return _undeclared(counts, FEW_BUILDINGS)
    numbers = numbers_of_types(values)
    if len(numbers) == 0:
        return _undeclared(counts, ALL_ALIKE)
    whole = np.maximum(np.rint(values), 0)
    found = assess(values[None], numbers, rng)
    drawn = one_mix(whole, NULL_DRAWS, rng)
    mixed = assess(drawn, numbers, rng)
    tests = _Tests(found, mixed, None)
    is_even = _unevenness(values[None])[0] <= _reached(_unevenness(drawn))
    if is_even or not tests.stability > tests.null_stability:
        return _undeclared(counts, UNSTABLE, tests)
    clouds = one_cloud(matched_cloud(values, rng), whole.sum(axis=1), NULL_DRAWS, rng)
    tests = _Tests(found, mixed, assess(clouds, numbers, rng))
    if not tests.contrast > tests.null_contrast:
        return _undeclared(counts, CONTINUOUS, tests)
    return _declared(counts, held, rng, tests)


@dataclass(frozen=True)
class _Tests:
    """A district's assessment beside those of its nulls."""

    found: Assessment
    mixed: Assessment
    clouds: Assessment | None

    @property
    def stability(self) -> float:
        return float(self.found.of_chosen()[0])

    @property
    def null_stability(self) -> float:
        return _reached(self.mixed.of_chosen())

    @property
    def contrast(self) -> float:
        return float(self.found.contrast(self.clouds)[0]) if self.clouds else np.nan

    @property
    def null_contrast(self) -> float:
        return _reached(self.clouds.contrast(self.clouds)) if self.clouds else np.nan

    @property
    def types(self) -> int:
        """The number of types chosen."""
        return int(self.found.numbers[self.found.chosen()[0]])

    @property
    def figures(self) -> tuple[float, float, float, float]:
        return self.stability, self.null_stability, self.contrast, self.null_contrast

    def choices(self) -> pd.DataFrame:
        bounds = [_reached(self.mixed.stability[:, i]) for i in range(len(self.found.numbers))]
        apart = (
            [_reached(self.clouds.separation[:, i]) for i in range(len(self.found.numbers))]
            if self.clouds
            else np.nan
        )
        return pd.DataFrame(
            {
                "types": self.found.numbers,
                "stability": self.found.stability[0],
                "null_stability": bounds,
                "separation": self.found.separation[0],
                "null_separation": apart,
                "is_chosen": self.found.numbers == self.types,
            }
        )


def _reached(null: np.ndarray) -> float:
    """What a real district must exceed so that at most ``MAY_REACH`` of the null's do as well."""
    return float(np.sort(null)[-1 - MAY_REACH])


def _unevenness(tables: np.ndarray) -> np.ndarray:
    """Pearson's χ² of buildings by industries, per table: mixes more alike than chance make no types."""
    expected = tables.sum(axis=2, keepdims=True) * tables.sum(axis=1, keepdims=True)
    expected = expected / tables.sum(axis=(1, 2), keepdims=True)
    return ((tables - expected) ** 2 / np.where(expected > 0, expected, 1.0)).sum(axis=(1, 2))


def _declared(
    counts: pd.DataFrame, held: pd.DataFrame, rng: np.random.Generator, tests: _Tests
) -> BuildingTypes:
    k = tests.types
    points = hellinger_coordinates(held.to_numpy())
    raw = partitions(points[None], k, rng, starts=FINAL_STARTS).labels[0]
    # Types are numbered by size, equal ones by their first building.
    order = sorted(range(k), key=lambda j: (-(raw == j).sum(), int(np.argmax(raw == j))))
    types = np.argsort(order)[raw]
    labels = pd.Series(TOO_SMALL, index=counts.index, dtype="int64", name="type")
    labels[held.index] = types + 1
    again, drawn = redrawn(np.repeat(points[None], FINAL_DRAWS, axis=0), k, rng, starts=REDRAWN_STARTS)
    own = np.repeat(types[None], FINAL_DRAWS, axis=0)
    likeness = np.nanmean(jaccard(own, again, k, drawn > 0), axis=0)
    certainty = pd.Series(np.nan, index=counts.index, name="certainty")
    certainty[held.index] = _certainty(types, again, k)
    pooled = held.groupby(types + 1).sum().rename_axis("type").reindex(columns=counts.columns, fill_value=0.0)
    return BuildingTypes(
        labels,
        *tests.figures,
        profiles=pooled.div(pooled.sum(axis=1), axis=0),
        jaccard=pd.Series(likeness, index=pooled.index, name="jaccard"),
        certainty=certainty,
        choices=tests.choices(),
        reason="",
    )


def _certainty(types: np.ndarray, again: np.ndarray, k: int) -> np.ndarray:
    """Share of redrawn partitions that put each building into the part most like its own type."""
    member = types[:, None] == np.arange(k)
    share = np.zeros(len(types))
    for labels in again:
        crossed = np.array([[np.sum(member[:, a] & (labels == b)) for b in range(k)] for a in range(k)])
        union = crossed.sum(1, keepdims=True) + crossed.sum(0, keepdims=True) - crossed
        match = (crossed / np.maximum(union, 1)).argmax(axis=1)
        share += labels == match[types]
    return share / len(again)


def _undeclared(counts: pd.DataFrame, reason: str, tests: _Tests | None = None) -> BuildingTypes:
    total = counts.sum(axis=0)
    shares = total / total.sum() if total.sum() > 0 else total * np.nan
    return BuildingTypes(
        pd.Series(NO_TYPES, index=counts.index, dtype="int64", name="type"),
        *(tests.figures if tests else [np.nan] * 4),
        profiles=shares.to_frame(NO_TYPES).T.rename_axis("type"),
        jaccard=pd.Series(dtype="float64", index=pd.Index([], dtype="int64", name="type"), name="jaccard"),
        certainty=pd.Series(np.nan, index=counts.index, name="certainty"),
        choices=tests.choices() if tests else pd.DataFrame(columns=list(CHOICES)).astype(CHOICES),
        reason=reason,
    )
