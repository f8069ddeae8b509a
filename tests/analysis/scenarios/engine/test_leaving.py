import numpy as np
import pytest
from scipy import stats

from louyu_lab.analysis.scenarios.engine.leaving import forced_out, staying
from louyu_lab.analysis.scenarios.engine.world import world_of

DRAWS = 40_000


def _shares(baseline, factor=1.0):
    world = world_of(baseline)
    chance = np.random.default_rng(3).standard_normal((DRAWS, len(world.home)), dtype=np.float32)
    rates = np.broadcast_to(world.exit_rate * factor, (3, 1, len(world.home)))
    return world, np.moveaxis(staying(world, rates, chance), 0, 2)


def test_means_are_survival_rates_of_singles_and_groups(baseline):
    world, shares = _shares(baseline)
    survival = (1 - world.exit_rate[:, None]) ** np.arange(1, 4)
    # The standard error of a mean of 40,000 numbers between 0 and 1 is at most 0.0025; four of them.
    np.testing.assert_allclose(shares.mean(axis=0), survival, atol=0.01)


def test_scatter_is_that_of_so_many_tenants(baseline):
    world, shares = _shares(baseline)
    survival = (1 - world.exit_rate) ** 3
    alone = survival * (1 - survival)
    sizes = np.where(world.tax > 0, world.tax_firms, world.area_firms)
    # One enterprise: exactly Bernoulli. Groups: exact at a survival of one half; at 0.6–0.75 within 15 %.
    ratio = shares[:, :, 2].var(axis=0) / (alone / sizes)
    np.testing.assert_allclose(ratio[world.single], 1, rtol=0.05)
    np.testing.assert_allclose(ratio[~world.single], 1, rtol=0.15)


def test_scatter_is_exact_at_one_half(baseline):
    world = world_of(baseline)
    chance = np.random.default_rng(4).standard_normal((DRAWS, len(world.home)), dtype=np.float32)
    shares = staying(world, np.full((1, 1, len(world.home)), 0.5), chance)[0]
    sizes = np.where(world.tax > 0, world.tax_firms, world.area_firms)
    groups = ~world.single & (sizes > 1.5)
    # Var of a sample variance of 40,000: about 1 %.
    np.testing.assert_allclose(shares.var(axis=0)[groups], (0.25 / sizes)[groups], rtol=0.04)


def test_a_higher_rate_keeps_nobody_and_nobody_comes_back(baseline):
    _, usual = _shares(baseline)
    _, more = _shares(baseline, 1.5)
    assert (more <= usual + 1e-6).all()
    assert (np.diff(usual, axis=2) <= 1e-6).all()
    assert (more < usual - 0.01).any()


def test_no_rate_keeps_everybody(baseline):
    _, shares = _shares(baseline, 0.0)
    assert (shares == 1).all()


def test_single_enterprises_leave_by_their_normal_score(baseline):
    world = world_of(baseline)
    at = int(np.flatnonzero(world.single)[0])
    bound = stats.norm.ppf(1 - world.exit_rate[at])
    chance = np.zeros((2, len(world.home)), dtype=np.float32)
    chance[:, at] = -bound + 0.01, -bound - 0.01
    shares = staying(world, world.exit_rate[None, None], chance)
    assert shares[0, :, at].tolist() == [1.0, 0.0]


@pytest.mark.parametrize(
    ("largest", "names", "gone"),
    [
        ([0, 0, 0], [], []),
        ([1, 0, 0], [], [(2, 0)]),  # E2 pays most: 9e7
        ([1, 1, 0], [], [(2, 0), (0, 1)]),
        ([0, 0, 0], ["甲银行"], [(0, 0)]),
        ([1, 0, 0], ["E2"], [(2, 0), (0, 0)]),  # the largest of those still there
        ([9, 0, 0], [], [(0, 0), (2, 0), (6, 0)]),
    ],
)
def test_who_is_sent_away(baseline, largest, names, gone):
    expected = np.zeros((8, 3))
    for unit, first in gone:
        expected[unit, first:] = 1
    made = forced_out(baseline, world_of(baseline), np.array(largest, dtype=float), names)
    np.testing.assert_array_equal(made.T, expected)
