"""Agreement of partitions against scikit-learn, and Jaccard by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import adjusted_rand_score, silhouette_score

from louyu_lab.analysis.industry.types.agreement import adjusted_rand, jaccard, silhouette

K = 4
labellings = st.lists(st.tuples(st.integers(0, K - 1), st.integers(0, K - 1)), min_size=5, max_size=30)


@settings(max_examples=40, deadline=None)
@given(labellings)
def test_adjusted_rand_is_scikit_learns(pairs: list[tuple[int, int]]) -> None:
    one, other = np.array(pairs).T
    found = adjusted_rand(np.stack([one, other]), np.stack([other, other]), K)
    if len(set(one)) == 1 or len(set(other)) == 1:
        # Nothing is parted on one side: 0 by the formula, 1 only where both are the same.
        assert found[0] == pytest.approx(adjusted_rand_score(one, other), abs=1e-12)
    else:
        assert found[0] == pytest.approx(adjusted_rand_score(one, other), abs=1e-12)
    assert found[1] == pytest.approx(1.0)


def test_silhouette_is_scikit_learns() -> None:
    rng = np.random.default_rng(3)
    points = rng.standard_normal((5, 20, 3))
    labels = rng.integers(0, 3, (5, 20))
    # A cluster of one point counts 0.
    labels[0] = [0] * 10 + [1] * 9 + [2]
    found = silhouette(points, labels, K)
    expected = [silhouette_score(p, lab) for p, lab in zip(points, labels, strict=True)]
    np.testing.assert_allclose(found, expected, atol=1e-10)


def test_silhouette_of_one_cluster_and_of_equal_points_is_none() -> None:
    points = np.zeros((2, 6, 2))
    points[0] = np.random.default_rng(0).standard_normal((6, 2))
    labels = np.array([[0] * 6, [0, 0, 0, 1, 1, 1]])
    np.testing.assert_allclose(silhouette(points, labels, 2), [0.0, 0.0])


def test_jaccard_by_hand_over_the_counted_points() -> None:
    one = np.array([[0, 0, 0, 1, 1, 2]])
    other = np.array([[0, 0, 1, 1, 1, 1]])
    counted = np.array([[True, True, True, True, True, False]])
    # 0: {0,1,2} and {0,1} share 2 of 3; 1: {3,4} and {2,3,4} share 2 of 3; 2: nobody counted.
    np.testing.assert_allclose(jaccard(one, other, 3, counted)[0], [2 / 3, 2 / 3, np.nan])
