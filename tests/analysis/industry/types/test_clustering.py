"""Types are found where they are planted and not declared where there are none."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import adjusted_rand_score

from louyu_lab.analysis.industry.types import cluster_buildings
from louyu_lab.analysis.industry.types.clustering import ALL_ALIKE, CONTINUOUS, FEW_BUILDINGS, UNSTABLE

INDUSTRIES = [f"行业{i}" for i in range(8)]
MIX = np.array([0.3, 0.2, 0.15, 0.1, 0.1, 0.06, 0.05, 0.04])


def frame(values: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame(values, index=[f"B{i:03}" for i in range(len(values))], columns=INDUSTRIES)


def typed(buildings: int = 45, firms: int = 60, seed: int = 0) -> tuple[pd.DataFrame, np.ndarray]:
    """Three types: the last, middle and first industries five times as frequent as elsewhere."""
    rng = np.random.default_rng(seed)
    types = rng.integers(0, 3, buildings)
    weights = np.ones((3, 8))
    weights[0, 5:], weights[1, 3:5], weights[2, :1] = 5, 5, 5
    shares = MIX * weights[types] * np.exp(0.2 * rng.standard_normal((buildings, 8)))
    shares /= shares.sum(axis=1, keepdims=True)
    return frame(np.array([rng.multinomial(firms, share) for share in shares])), types


def test_planted_types_are_found() -> None:
    counts, types = typed()
    found = cluster_buildings(counts)
    assert found.is_declared
    assert found.stability > found.null_stability
    assert found.contrast > found.null_contrast
    # Three well separated types of 60 firms each: at most one building in 45 goes astray.
    assert adjusted_rand_score(types, found.labels) >= 0.9
    assert sorted(found.labels.unique()) == [1, 2, 3]
    assert found.labels.value_counts().is_monotonic_decreasing
    np.testing.assert_allclose(found.profiles.sum(axis=1), 1.0)
    assert (found.jaccard > 0.75).all()
    assert found.certainty.between(0, 1).all()


def test_order_of_rows_and_columns_does_not_matter() -> None:
    counts, _ = typed(30)
    rng = np.random.default_rng(1)
    mixed = counts.iloc[rng.permutation(30), rng.permutation(8)]
    one, other = cluster_buildings(counts), cluster_buildings(mixed)
    assert other.labels.index.tolist() == mixed.index.tolist()
    pd.testing.assert_series_equal(one.labels, other.labels.sort_index())
    assert (one.stability, one.null_contrast) == (other.stability, other.null_contrast)


def test_without_types_they_are_declared_no_oftener_than_by_chance() -> None:
    declared = 0
    for seed in range(16):
        rng = np.random.default_rng(100 + seed)
        counts = frame(np.array([rng.multinomial(n, MIX) for n in rng.integers(12, 90, 20)]))
        declared += cluster_buildings(counts, seed=seed).is_declared
    # At 5 % more than 3 of 16 come about in 0.7 % of runs; the seeds are fixed.
    assert declared <= 3


def test_a_continuum_is_no_set_of_types() -> None:
    # Buildings strung along one line from trade to finance, evenly: differences, but no border.
    rng = np.random.default_rng(8)
    at = rng.standard_normal(60)
    logs = np.log(MIX) + np.outer(at, [0.8, 0.4, 0, 0, 0, 0, -0.4, -0.8])
    shares = np.exp(logs) / np.exp(logs).sum(axis=1, keepdims=True)
    found = cluster_buildings(frame(np.array([rng.multinomial(80, share) for share in shares])))
    assert not found.is_declared
    assert found.reason == CONTINUOUS
    assert found.stability > found.null_stability


def test_small_buildings_are_told_apart() -> None:
    counts, _ = typed(40)
    counts.iloc[:3] = 0
    counts.iloc[0, 0] = 9
    found = cluster_buildings(counts)
    assert found.labels.iloc[:3].tolist() == [-1, -1, -1]
    assert (found.labels.iloc[3:] > 0).all()
    assert found.certainty.iloc[:3].isna().all()


@pytest.mark.parametrize(
    ("counts", "reason"),
    [
        (frame(np.full((9, 8), 20)), FEW_BUILDINGS),
        (frame(np.full((30, 8), 1)), FEW_BUILDINGS),
        (frame(np.full((30, 8), 20)), ALL_ALIKE),
        (frame(np.outer(np.arange(20, 50), MIX)), ALL_ALIKE),
        (frame(np.eye(8)[[0] * 30] * 50), ALL_ALIKE),
        (frame(np.zeros((0, 8))), FEW_BUILDINGS),
        (frame(np.zeros((1, 8))), FEW_BUILDINGS),
    ],
    ids=["few buildings", "small ones", "identical", "same shares", "one industry", "none", "empty building"],
)
def test_what_cannot_be_typed_says_why(counts: pd.DataFrame, reason: str) -> None:
    found = cluster_buildings(counts)
    assert (found.reason, found.is_declared) == (reason, False)
    assert (found.labels == 0).all()
    assert found.labels.index.tolist() == counts.index.tolist()
    assert found.choices.empty
    assert found.profiles.index.tolist() == [0]


@pytest.mark.parametrize("kinds", [2, 3])
def test_pure_buildings_of_few_kinds_are_just_these_types(kinds: int) -> None:
    counts = frame(np.repeat(np.eye(8)[:kinds] * 20, 10, axis=0))
    found = cluster_buildings(counts)
    assert found.is_declared
    assert found.labels.nunique() == kinds
    assert adjusted_rand_score(np.repeat(np.arange(kinds), 10), found.labels) == 1


def test_mixes_more_alike_than_chance_make_no_types() -> None:
    # Four kinds that differ by one firm of 49, again and again the same: stable, but no difference.
    counts = frame(np.array([[12 + (i % 4 == j) for j in range(4)] + [0] * 4 for i in range(40)]))
    assert cluster_buildings(counts).reason == UNSTABLE


def test_random_tenants_are_called_unstable() -> None:
    rng = np.random.default_rng(2)
    found = cluster_buildings(frame(rng.multinomial(40, MIX, size=30)))
    assert found.reason in (UNSTABLE, CONTINUOUS)
    assert len(found.choices) == 5


def test_everything_wrong_is_named_at_once() -> None:
    counts = frame(np.ones((12, 8))).astype("object")
    counts.iloc[2, 3], counts.iloc[4, 1], counts.iloc[5, 0] = -1, None, "三"
    counts.index = [*counts.index[:-1], "B000"]
    with pytest.raises(ValueError, match="listed twice: B000") as error:
        cluster_buildings(counts)
    for cell in ("B002 × 行业3", "B004 × 行业1", "B005 × 行业0"):
        assert cell in str(error.value)
