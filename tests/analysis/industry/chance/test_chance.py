"""Chance: tables with both margins kept, p-values that keep their word, planted concentration found."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import hypergeom

from louyu_lab.analysis.industry.chance import (
    Tables,
    against_chance,
    cells_against_chance,
    discovery_rates,
    firm_tables,
    observed,
    shuffled_tables,
)
from louyu_lab.analysis.industry.chance.statistics import of_buildings, of_industries, of_pairs
from louyu_lab.analysis.industry.indices import (
    coagglomeration,
    ellison_glaeser,
    evenness,
    herfindahl,
    krugman,
    locational_gini,
)


def enterprises(counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """One building and one industry a firm."""
    building, industry = (np.repeat(axis.ravel(), counts.ravel()) for axis in np.indices(counts.shape))
    return building, industry


SHAPES = st.tuples(st.integers(1, 4), st.integers(1, 4))


@settings(max_examples=60, deadline=None)
@given(SHAPES.flatmap(lambda shape: arrays("int64", shape, elements=st.integers(0, 30))), st.integers(0, 99))
def test_margins_are_kept(counts: np.ndarray, seed: int) -> None:
    building, industry = enterprises(counts)
    rng = np.random.default_rng(seed)
    for drawn in firm_tables(counts, 5, rng):
        assert (drawn.amounts.sum(axis=2) == counts.sum(axis=1)).all()
        assert (drawn.amounts.sum(axis=1) == counts.sum(axis=0)).all()
    # Every enterprise of the industry k has k + 1 ㎡, which tells their number in every cell.
    own = np.arange(1.0, counts.shape[1] + 1)
    found = observed(building, industry, own[industry], counts.shape)
    for drawn in shuffled_tables(building, industry, own[industry], counts.shape, 5, rng):
        assert (drawn.amounts.sum(axis=1) == found.amounts.sum(axis=1)).all()
        assert ((drawn.amounts / own).sum(axis=2) == counts.sum(axis=1)).all()
        assert np.array_equal(drawn.plant_herfindahl, found.plant_herfindahl, equal_nan=True)


def test_both_ways_of_drawing_agree_with_every_shuffle() -> None:
    counts = np.array([[2, 1], [1, 1], [1, 0]])
    building, industry = enterprises(counts)
    shuffles = set(itertools.permutations(range(len(industry))))
    cell = np.mean([(industry[list(s)][building == 0] == 0).sum() ** 2 for s in shuffles])
    for drawn in (
        firm_tables(counts, 4000, np.random.default_rng(1)),
        shuffled_tables(building, industry, np.ones(6), counts.shape, 4000, np.random.default_rng(1)),
    ):
        square = np.concatenate([tables.amounts[:, 0, 0] ** 2 for tables in drawn])
        # Six standard errors of the mean.
        assert square.mean() == pytest.approx(cell, abs=6 * square.std() / 4000**0.5)


def test_many_firms_are_drawn_by_the_hypergeometric_law() -> None:
    counts = np.array([[50, 10, 0], [20, 40, 30], [5, 5, 60]])
    drawn = np.concatenate([tables.amounts for tables in firm_tables(counts, 4000, np.random.default_rng(6))])
    law = hypergeom(counts.sum(), counts.sum(axis=0)[None, :], counts.sum(axis=1)[:, None])
    # Six standard errors of mean and variance (of a nearly normal number: σ²·√(2/n)).
    assert (np.abs(drawn.mean(axis=0) - law.mean()) < 6 * law.std() / 4000**0.5).all()
    assert (np.abs(drawn.var(axis=0) - law.var()) < 6 * law.var() * (2 / 4000) ** 0.5).all()


def test_statistics_are_the_published_indices() -> None:
    rng = np.random.default_rng(2)
    counts = rng.integers(1, 9, (5, 4))
    building, industry = enterprises(counts)
    size = rng.lognormal(size=len(building))
    found = observed(building, industry, size, counts.shape)
    amounts = found.amounts[0]
    statistics = of_buildings(np.zeros(5)) | of_industries() | of_pairs(4)
    value = {name: statistic(found)[0] for name, statistic in statistics.items()}
    assert value["dominant_share"] == pytest.approx(amounts.max(axis=1) / amounts.sum(axis=1))
    assert value["herfindahl"] == pytest.approx(herfindahl(amounts))
    assert value["evenness"] == pytest.approx(evenness(amounts))
    assert value["krugman"] == pytest.approx([krugman(row, amounts.sum(axis=0)) for row in amounts])
    assert value["ellison_glaeser"] == pytest.approx(ellison_glaeser(size, industry, building).to_numpy())
    gini = [locational_gini(column, amounts.sum(axis=1)) for column in amounts.T]
    assert value["locational_gini"] == pytest.approx(gini)
    pairs = coagglomeration(pd.DataFrame(amounts)).to_numpy()[np.triu_indices(4, 1)]
    assert value["coagglomeration"] == pytest.approx(pairs)


def test_streets_add_up_their_buildings() -> None:
    amounts = np.array([[[3.0, 1.0], [1.0, 1.0], [0.0, 2.0]]])
    groups = np.array([[1.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    share = of_buildings(np.array([2.0, 0.0]), groups)["dominant_share"](Tables(amounts, np.ones((1, 2))))
    # First street 4 + 2 recognised and 2 unrecognised: 4 of 8.
    assert share.tolist() == [[0.5, 1.0]]


def test_p_values_are_even_where_there_is_nothing_but_chance() -> None:
    """160 districts drawn from the null: no more p-values below 5 % than 5 %."""
    rng = np.random.default_rng(8)
    margins = rng.integers(1, 12, (6, 4))
    rates = {"dominant_share": [], "evenness": [], "ellison_glaeser": []}
    statistics = of_buildings(np.zeros(6)) | of_industries()
    statistics = {name: statistics[name] for name in rates}
    for tables in firm_tables(margins, 160, rng):
        for amounts in tables.amounts:
            found = Tables(amounts[None], tables.plant_herfindahl)
            for name, chance in against_chance(found, firm_tables(margins, 199, rng), statistics).items():
                rates[name].append(np.nanmean(chance.p_value <= 0.05))
    for name, hits in rates.items():
        # Ties make them conservative; two standard errors of the mean above 5 % is the limit.
        assert np.mean(hits) <= 0.05 + 2 * np.std(hits) / 160**0.5, name


def district_of_large_tenants(rng: np.random.Generator, times: float) -> tuple[np.ndarray, ...]:
    """40 buildings, six industries at random; tenants of the first have ``times`` the area of others."""
    building = np.repeat(np.arange(40), rng.integers(10, 40, 40))
    industry = rng.choice(6, len(building), p=[0.15, 0.3, 0.25, 0.15, 0.1, 0.05])
    return building, industry, rng.lognormal(5, 0.8, len(building)) * np.where(industry == 0, times, 1.0)


def by_area(building: np.ndarray, industry: np.ndarray, area: np.ndarray) -> dict[str, np.ndarray]:
    """p-values of every index by area."""
    shape, rng = (40, 6), np.random.default_rng(0)
    drawn = shuffled_tables(building, industry, area, shape, 399, rng)
    found = observed(building, industry, area, shape)
    chances = against_chance(found, drawn, of_buildings(np.zeros(40)) | of_industries())
    return {name: chance.p_value for name, chance in chances.items()}


def test_an_industry_of_large_tenants_is_not_concentrated_for_that() -> None:
    rng = np.random.default_rng(5)
    districts = [by_area(*district_of_large_tenants(rng, 20.0)) for _ in range(10)]
    for name in districts[0]:
        p_value = np.array([district[name] for district in districts])
        # Four standard errors of 400 (industries: 60) independent p-values; with the industries shuffled
        # among tenants that keep their area it is 45 % of the buildings and 37 % of the industries.
        assert (p_value <= 0.05).mean() < 0.05 + 4 * (0.05 * 0.95 / p_value.size) ** 0.5, name
        # One call in all districts at most.
        assert sum((discovery_rates(row) <= 0.05).sum() for row in p_value) <= 1, name


def test_a_planted_building_is_found_by_area_among_large_tenants() -> None:
    building, industry, area = district_of_large_tenants(np.random.default_rng(6), 5.0)
    planted = building == 3
    chances = by_area(building, np.where(planted, 5, industry), np.where(planted, 150.0, area))
    for name in ("dominant_share", "herfindahl", "krugman"):
        assert (np.nonzero(discovery_rates(chances[name]) <= 0.05)[0] == [3]).all(), name


def test_a_planted_building_and_industry_are_found() -> None:
    rng = np.random.default_rng(4)
    counts = rng.multinomial(20, [0.4, 0.3, 0.2, 0.1], 30)
    counts[0] = [0, 0, 0, 20]
    building, industry = enterprises(counts)
    found = observed(building, industry, np.ones(len(building)), counts.shape)
    statistics = of_buildings(np.zeros(30)) | of_industries()
    chance = against_chance(found, firm_tables(counts, 2000, rng), statistics)
    for name in ("dominant_share", "herfindahl", "krugman"):
        found_places = np.nonzero(discovery_rates(chance[name].p_value) <= 0.05)[0]
        assert 0 in found_places and len(found_places) <= 2, name
    assert chance["ellison_glaeser"].p_value.argmin() == 3
    cells = cells_against_chance(counts)
    flagged = discovery_rates(cells.p_value.ravel()).reshape(counts.shape) <= 0.05
    assert flagged[0, 3] and flagged.sum() <= 2


def test_evenness_is_concentrated_where_it_is_small() -> None:
    """Of streets as of buildings, whose name is the last word."""
    found = Tables(np.array([[[19.0, 1.0], [10.0, 10.0]]]), np.ones((1, 2)))
    drawn = Tables(np.tile([[11.0, 9.0], [12.0, 8.0]], (9, 1, 1)), np.ones((1, 2)))
    both = of_buildings(np.zeros(2))
    both |= {f"street {name}": each for name, each in of_buildings(np.zeros(2), np.eye(2)).items()}
    for name, chance in against_chance(found, [drawn], both).items():
        if "krugman" not in name:
            # No draw is as concentrated as the first building, every one more than the second.
            assert chance.p_value.tolist() == [0.1, 1.0], name
            assert chance.p_opposite.tolist() == [1.0, 0.1], name


def test_cells_follow_the_hypergeometric_law() -> None:
    counts = np.array([[9, 1, 0], [2, 4, 3], [0, 0, 1], [0, 0, 0]])
    chance = cells_against_chance(counts)
    law = hypergeom(counts.sum(), counts.sum(axis=0)[None, :], counts.sum(axis=1)[:, None])
    # gammaln against SciPy's own logs: twelve digits.
    assert chance.p_value == pytest.approx(law.sf(counts - 1), rel=1e-9)
    assert chance.expected == pytest.approx(np.outer(counts.sum(axis=1), counts.sum(axis=0)) / counts.sum())
    assert (chance.lo == law.ppf(0.05)).all() and (chance.hi == law.ppf(0.95)).all()


def test_a_refund_lowers_its_own_cell_but_not_below_nothing() -> None:
    building, industry = np.array([0, 0, 1]), np.array([0, 0, 1])
    found = observed(building, industry, np.array([5.0, -2.0, -1.0]), (2, 2))
    assert found.amounts.tolist() == [[[3.0, 0.0], [0.0, 0.0]]]
    # Σz² of the plants with a refund as nothing; an industry of nothing has none.
    assert found.plant_herfindahl[0, 0] == 1 and np.isnan(found.plant_herfindahl[0, 1])


def test_poor_tables_have_no_chance_rather_than_an_error() -> None:
    one = np.array([[4]])
    found = observed(np.zeros(4, "int64"), np.zeros(4, "int64"), np.ones(4), (1, 1))
    chance = against_chance(
        found, firm_tables(one, 50, np.random.default_rng(0)), of_buildings(np.zeros(1)) | of_industries()
    )
    assert chance["dominant_share"].value.tolist() == [1] and chance["dominant_share"].p_value.tolist() == [1]
    assert np.isnan(chance["ellison_glaeser"].value).all() and np.isnan(chance["evenness"].p_value).all()
    assert np.isnan(discovery_rates(np.array([np.nan])))
    rates = discovery_rates(np.array([0.01, np.nan, 0.04]))
    # Two tests: 0.01·2/1 and 0.04·2/2.
    assert rates[[0, 2]] == pytest.approx([0.02, 0.04])


def test_same_seed_same_answer() -> None:
    counts = np.arange(12).reshape(4, 3)
    first, second = (
        np.concatenate([t.amounts for t in firm_tables(counts, 20, np.random.default_rng(3))]) for _ in "ab"
    )
    assert (first == second).all()
