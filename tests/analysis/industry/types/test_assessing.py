"""How many types: the rule by hand, and how often chance passes the tests."""

from __future__ import annotations

import numpy as np

from louyu_lab.analysis.industry.types.assessing import Assessment
from louyu_lab.analysis.industry.types.clustering import MAY_REACH, NULL_DRAWS, _reached


def test_of_the_stable_numbers_the_best_apart_and_of_these_the_largest() -> None:
    stability = [[0.90, 0.70, 0.60], [0.90, 0.90, 0.90], [0.50, 0.90, 0.60]]
    separation = [[0.20, 0.30, 0.50], [0.30, 0.29, 0.10], [0.50, 0.20, 0.30]]
    found = Assessment(np.array([2, 3, 4]), np.array(stability), np.array(separation))
    # First: 4 is too unstable (0.60 < 0.90 − 0.25), 3 is not, and further apart than 2. Second: all stable,
    # 2 and 3 as far apart (within 0.02), the larger. Third: 2 is too unstable however far apart.
    assert found.numbers[found.chosen()].tolist() == [3, 3, 3]
    assert found.of_chosen().tolist() == [0.70, 0.90, 0.90]


def test_a_district_like_its_null_passes_in_five_of_a_hundred() -> None:
    # The real district is one more draw of its null: it is among the largest five of a hundred in 5 %.
    assert (1 + MAY_REACH) / (1 + NULL_DRAWS) == 0.05
    null = np.random.default_rng(0).permutation(float(NULL_DRAWS) - np.arange(NULL_DRAWS))
    assert (null > _reached(null)).sum() == MAY_REACH
