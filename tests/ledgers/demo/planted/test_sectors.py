"""Sectors, their relatedness and the types of buildings."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score

from louyu_lab.ledgers.demo.industries import INDUSTRIES, SECTORS
from louyu_lab.ledgers.demo.planted.plan import DIFFICULTIES
from louyu_lab.ledgers.demo.planted.sectors import (
    TYPES,
    draw_branches,
    draw_types,
    entry_mix,
    mix_moments,
    relatedness,
    sector_factors,
    sector_weights,
)


def test_relatedness_is_symmetric_and_complete() -> None:
    matrix = relatedness()
    assert matrix.shape == (15, 15)
    assert np.array_equal(matrix, matrix.T)
    assert np.diag(matrix).tolist() == [1.0] * 15
    assert (matrix[~np.eye(15, dtype=bool)] < 1).all()
    assert matrix[SECTORS.index("商贸"), SECTORS.index("交通物流")] == 0.70


def test_sector_factors_are_weighted_means_of_their_branches() -> None:
    trade = [branch for branch in INDUSTRIES if branch.sector == "商贸"]
    weight = sum(branch.weight for branch in trade)
    expected = sum(branch.weight * branch.tax_yield for branch in trade) / weight
    assert sector_factors().tax_yield[0] == pytest.approx(expected)
    assert sector_weights().sum() == pytest.approx(1)
    # The reference hazard is the average tenant's.
    assert sector_factors().leaving @ sector_weights() == pytest.approx(1)


def test_a_building_leads_in_the_sector_of_its_type() -> None:
    rng = np.random.default_rng(2)
    types = draw_types(2_000, rng)
    mix = entry_mix(types, DIFFICULTIES["plain"], rng)
    assert mix.sum(axis=1) == pytest.approx(np.ones(2_000))
    for number, lead in enumerate(TYPES.values()):
        mean = mix[types == number].mean(axis=0)
        assert SECTORS[mean.argmax()] == lead
        # Apart from the types' own weights, more related sectors are stronger here than elsewhere.
        ratio = mean / mix[types != number].mean(axis=0)
        related = relatedness()[SECTORS.index(lead)]
        assert ratio[(related > 0.5) & (related < 1)].min() > ratio[related < 0.1].max()


@pytest.mark.parametrize("difficulty", [*DIFFICULTIES])
def test_every_related_pair_comes_together(difficulty: str) -> None:
    """Also pairs of which neither leads a type: the chance of a building's own goes through relatedness."""
    rng = np.random.default_rng(4)
    mix = entry_mix(draw_types(20_000, rng), DIFFICULTIES[difficulty], rng)
    together, related = mix_moments(mix).correlation(), relatedness()
    leads = [SECTORS.index(lead) for lead in TYPES.values()]
    i, j = np.triu_indices(15, 1)
    for chosen in (np.full(len(i), True), ~(np.isin(i, leads) | np.isin(j, leads))):
        here = together[i[chosen], j[chosen]], related[i[chosen], j[chosen]]
        assert np.median(here[0][here[1] > 0.2]) > np.quantile(here[0][here[1] < 0.1], 0.9)


def test_co_location_is_the_correlation_of_centred_log_shares() -> None:
    rng = np.random.default_rng(5)
    mix = rng.dirichlet(np.ones(15), 40)
    parts = mix_moments(mix[:11]) + mix_moments(mix[11:])
    logs = np.log(mix) - np.log(mix).mean(axis=1, keepdims=True)
    assert parts.correlation() == pytest.approx(np.corrcoef(logs.T))
    # Sectors that stay longer hold more, in every building alike: nothing changes.
    held = mix * rng.uniform(0.5, 2.0, 15)
    assert mix_moments(held / held.sum(axis=1, keepdims=True)).correlation() == pytest.approx(
        parts.correlation()
    )


def test_types_are_found_easily_only_where_it_is_plain() -> None:
    """Rand indices of clusters of 89 buildings' tenants, adjusted for chance: mean over ten districts."""
    found = {}
    for difficulty, nature in DIFFICULTIES.items():
        each = []
        for seed in range(10):
            rng = np.random.default_rng(seed)
            types = draw_types(89, rng)
            tenants = np.array([rng.multinomial(150, row) for row in entry_mix(types, nature, rng)])
            clusters = KMeans(5, n_init=10, random_state=1).fit_predict(np.sqrt(tenants / 150))
            each.append(adjusted_rand_score(types, clusters))
        found[difficulty] = np.mean(each)
    assert found["plain"] > 0.95
    # A standard deviation of about 0.08 over districts: the mean of ten errs by 0.025.
    assert 0.6 < found["realistic"] < 0.9 and 0.6 < found["confounded"] < 0.9


def test_branches_stay_in_their_sector_and_come_by_weight() -> None:
    sector = np.repeat(np.arange(15), 4_000)
    branch = draw_branches(sector, np.random.default_rng(3))
    assert [INDUSTRIES[b].sector for b in branch[::97]] == [SECTORS[k] for k in sector[::97]]
    trade = [i for i, known in enumerate(INDUSTRIES) if known.sector == "商贸"]
    expected = INDUSTRIES[trade[0]].weight / sum(INDUSTRIES[i].weight for i in trade)
    # 4,000 draws: four standard errors are at most 0.032.
    assert (branch[:4_000] == trade[0]).mean() == pytest.approx(expected, abs=0.032)
