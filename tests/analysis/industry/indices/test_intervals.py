"""Intervals of location quotients: against Fisher's exact interval, and how often they cover."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from scipy.stats import nchypergeom_fisher

from louyu_lab.analysis.industry.indices import location_quotient, location_quotient_interval


def test_bounds_are_where_the_exact_tails_have_2_5_per_cent() -> None:
    table = np.array([[7, 2, 1], [3, 11, 6], [20, 30, 0]])
    low, high = location_quotient_interval(table)
    total, rows, columns = table.sum(), table.sum(axis=1), table.sum(axis=0)
    for (b, k), own in np.ndenumerate(table):
        margins = (total, columns[k], rows[b])
        for bound, tail in ((low[b, k], "upper"), (high[b, k], "lower")):
            cell = bound * rows[b] * columns[k] / total
            if own == 0 and tail == "upper":
                assert cell == 0
                continue
            rest = (columns[k] - cell, rows[b] - cell, total - rows[b] - columns[k] + cell)
            odds = cell * rest[2] / (rest[0] * rest[1])
            law = nchypergeom_fisher(*margins, odds)
            reached = law.sf(own - 1) if tail == "upper" else law.cdf(own)
            # The bound is found to 1e-9 of the log odds; the tails of SciPy are good to 1e-8.
            assert reached == pytest.approx(0.025, abs=1e-6)


def test_intervals_hold_their_quotient_and_narrow_with_numbers() -> None:
    few = np.array([[3, 1], [5, 9]])
    for table in (few, few * 20):
        low, high = location_quotient_interval(table)
        assert ((low <= location_quotient(table)) & (location_quotient(table) <= high)).all()
    wide = np.diff(location_quotient_interval(few), axis=0)
    assert (np.diff(location_quotient_interval(few * 20), axis=0) < wide / 2).all()


def test_they_cover_as_often_as_they_say() -> None:
    """Buildings of 4 to 60 firms with mixes of their own: at least 95 % of the true quotients are inside."""
    rng = np.random.default_rng(5)
    sizes = np.array([4, 8, 15, 30, 60, 40, 80, 120])
    mixes = rng.dirichlet([4, 2, 1, 0.5], len(sizes))
    true = mixes / (sizes @ mixes / sizes.sum())
    inside = []
    for _ in range(150):
        table = np.array([rng.multinomial(n, p) for n, p in zip(sizes, mixes, strict=True)])
        low, high = location_quotient_interval(table)
        inside.append((low <= true) & (true <= high))
    cover = np.mean(inside)
    # 4,800 intervals: exact ones are conservative with few firms (98 % here), never below their word;
    # half a point is two standard errors.
    assert 0.945 < cover < 0.995
    assert np.mean(inside, axis=0).min() > 0.9


def test_poor_input() -> None:
    table = pd.DataFrame({"商贸": [2, 0, 4], "金融": [1, 0, 0]}, index=list("ABC"))
    low, high = location_quotient_interval(table)
    assert low.loc["B"].isna().all() and high.loc["B"].isna().all()
    assert list(low.columns) == ["商贸", "金融"]
    one_low, one_high = location_quotient_interval(np.array([[3, 4]]))
    assert one_low.tolist() == one_high.tolist() == [[1, 1]]
    with pytest.raises(ValueError, match="whole numbers"):
        location_quotient_interval(table / 3)
    with pytest.raises(ValueError, match="level must lie between 0 and 1"):
        location_quotient_interval(table, level=95)
    assert math.isnan(location_quotient_interval(np.zeros((2, 2)))[0][0, 0])
