import numpy as np

from louyu_lab.analysis.scenarios.engine.noise import CHUNK, noise_of, places_to_let
from louyu_lab.analysis.scenarios.engine.world import world_of


def _noise(baseline, seed=0, chunk=0):
    world = world_of(baseline)
    return noise_of(baseline, world, places_to_let(baseline, world), seed, chunk)


def test_a_queue_pays_what_its_members_pay(baseline):
    queues = _noise(baseline).queues
    place = np.array([1])
    first, length = queues.first[1], queues.length[1]
    members = np.diff(queues.cumulated[:, first : first + length + 1], axis=1)
    assert np.isin(np.round(members, 9), np.round(baseline.entrants.multiples, 9)).all()
    for firms in (0.0, 1.0, 2.5, length, length + 1.5, 2 * length):
        rounds, within = divmod(firms, length)
        whole = int(within)
        expected = rounds * members.sum(axis=1) + members[:, :whole].sum(axis=1)
        expected += (within - whole) * (members[:, whole] if within > whole else 0)
        np.testing.assert_allclose(queues.paid(np.full((CHUNK, 1), firms), place)[:, 0], expected, atol=1e-9)


def test_members_pay_the_mean_on_average(baseline):
    queues = _noise(baseline).queues
    paid = [queues.paid(np.full((CHUNK, 1), 10.0), np.array([place])) for place in range(4)]
    # 10,000 members of mean 1 and standard deviation 1.3: the mean's error is 0.013, four of them.
    assert abs(np.concatenate(paid).mean() / 10 - 1) < 0.052


def test_chunks_are_their_own_and_repeat(baseline):
    once, again, other = _noise(baseline), _noise(baseline), _noise(baseline, chunk=1)
    for name in ("staying", "grown", "demand", "moving"):
        np.testing.assert_array_equal(getattr(once, name), getattr(again, name))
        assert (getattr(once, name) != getattr(other, name)).mean() > 0.8  # one unit pays nothing
    np.testing.assert_array_equal(once.of_lever("rent_elasticity"), again.of_lever("rent_elasticity"))
    assert not (once.of_lever("rent_elasticity") == once.of_lever("tax_factor")).any()


def test_growth_has_the_drift_and_the_scatter_of_the_baseline(baseline):
    level = np.log(np.concatenate([_noise(baseline, chunk=chunk).level for chunk in range(20)]))
    # Medians of 5,000 draws with sd up to 0.1: errors below 0.002 × 1.25; five of them.
    np.testing.assert_allclose(np.median(level[:, 0], axis=0), baseline.growth.drift, atol=0.012)
    ahead = np.arange(1, 4)
    spread = np.sqrt(0.05**2 * ahead + 0.01**2 * ahead**2 + 0.005**2 * ahead**2)
    np.testing.assert_allclose(level[:, 0].std(axis=0), spread, rtol=0.05)
    shared = np.corrcoef(level[:, 0, 2], level[:, 3, 2])[0, 1]
    common = (0.05**2 * 3 + 0.01**2 * 9) / spread[2] ** 2
    assert abs(shared - common) < 0.02
