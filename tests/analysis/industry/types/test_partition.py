"""k-means of many tables at once, against scikit-learn's of one."""

from __future__ import annotations

import numpy as np
from sklearn.cluster import KMeans

from louyu_lab.analysis.industry.types.partition import nearest, partitions


def clouds(seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    middles = rng.standard_normal((3, 4)) * 3
    return np.stack([middles[rng.integers(0, 3, 40)] + rng.standard_normal((40, 4)) for _ in range(6)])


def test_inertia_is_scikit_learns() -> None:
    points = clouds()
    found = partitions(points, 3, np.random.default_rng(1), starts=10)
    expected = [KMeans(3, n_init=10, random_state=0).fit(table).inertia_ for table in points]
    # Both look for the same least sum; ten starts find it in separated clouds.
    np.testing.assert_allclose(found.inertia, expected, rtol=1e-6)
    np.testing.assert_array_equal(nearest(points, found.centres), found.labels)


def test_a_point_of_weight_nothing_moves_no_centre() -> None:
    points = clouds()[:1]
    weights = np.ones((1, 40))
    weights[0, 5] = 0.0
    strayed = points.copy()
    strayed[0, 5] = 1e3
    runs = [partitions(p, 3, np.random.default_rng(4), starts=3, weights=weights) for p in (points, strayed)]
    np.testing.assert_allclose(runs[0].centres, runs[1].centres)


def test_weights_are_repeated_points() -> None:
    points = clouds()[:1]
    weights = np.ones((1, 40))
    weights[0, :10] = 2.0
    repeated = np.concatenate([points, points[:, :10]], axis=1)
    weighted = partitions(points, 3, np.random.default_rng(0), starts=10, weights=weights)
    plain = partitions(repeated, 3, np.random.default_rng(0), starts=10)
    np.testing.assert_allclose(weighted.inertia, plain.inertia, rtol=1e-9)


def test_equal_points_part_into_nothing() -> None:
    found = partitions(np.ones((2, 12, 3)), 4, np.random.default_rng(0), starts=2)
    assert (found.labels == found.labels[:, :1]).all()
    np.testing.assert_allclose(found.inertia, 0.0, atol=1e-12)
