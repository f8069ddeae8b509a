import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from louyu_lab.analysis.scenarios.engine.letting import let_by_weight, let_evenly

_areas = arrays(np.float64, (3, 4), elements=st.floats(0, 1e5))


@given(free=_areas, weight=_areas, amount=arrays(np.float64, 3, elements=st.floats(0, 3e5)))
def test_all_is_let_or_nothing_is_free(free, weight, amount):
    for let in (let_by_weight(amount, weight, free), let_evenly(amount, free)):
        assert (let >= 0).all() and (let <= free * (1 + 1e-12) + 1e-9).all()
        # Sums of areas up to 1e5: 1e-6 ㎡ is far above rounding and far below any floor.
        np.testing.assert_allclose(let.sum(axis=1), np.minimum(amount, free.sum(axis=1)), atol=1e-6)


def test_shares_go_by_weight_and_what_does_not_fit_goes_on():
    free = np.array([[100.0, 100.0, 10.0]])
    # 60 by weights 1:1:2 would be 15, 15, 30; the third holds 10, its 20 go to the others 1:1.
    let = let_by_weight(np.array([60.0]), np.array([[1.0, 1.0, 2.0]]), free)
    np.testing.assert_allclose(let, [[25.0, 25.0, 10.0]])


def test_evenly_is_in_proportion_to_what_is_free():
    np.testing.assert_allclose(let_evenly(np.array([50.0]), np.array([[300.0, 100.0]])), [[37.5, 12.5]])
