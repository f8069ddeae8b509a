import numpy as np
import pytest

from louyu_lab.analysis.scenarios.engine.resolving import grid_of, objects_of_buildings, objects_of_units
from louyu_lab.analysis.scenarios.levers.setting import Clause

YEARS = (2021, 2022, 2023)
EVERYWHERE = (-np.inf, np.inf)


def test_later_clauses_overrule_earlier_ones_where_they_meet(baseline):
    clauses = [
        Clause(2.0),
        Clause(3.0, years=(2022,), scope={"streets": ("东街",)}),
        Clause(4.0, scope={"buildings": ("乙楼",), "grades": ("乙级",)}),
    ]
    grid = grid_of(clauses, Clause(1.0), objects_of_buildings(baseline.buildings), YEARS, EVERYWHERE)
    np.testing.assert_array_equal(grid.center, [[2, 3, 2], [4, 4, 4], [2, 2, 2], [2, 2, 2]])


def test_units_are_narrowed_by_industry_and_by_their_building(baseline):
    objects = objects_of_units(baseline.buildings, baseline.units)
    clause = Clause(2.0, scope={"industries": ("商贸",), "streets": ("东街",)})
    grid = grid_of([clause], Clause(1.0), objects, YEARS, EVERYWHERE)
    assert grid.center[:, 0].tolist() == [1, 1, 2, 2, 1, 1, 1, 1]


def test_intervals_are_eighty_per_cent(baseline):
    clause = Clause(0.5, low=0.3, high=0.9)
    grid = grid_of([clause], Clause(0.0), objects_of_buildings(baseline.buildings), YEARS, EVERYWHERE)
    drawn = grid.drawn(np.random.default_rng(0).standard_normal(200_000))[:, 0, 0]
    # Shares of 200,000 draws: standard error 0.0007; four of them.
    assert np.mean(drawn < 0.3) == pytest.approx(0.1, abs=0.003)
    assert np.mean(drawn > 0.9) == pytest.approx(0.1, abs=0.003)
    assert np.median(drawn) == pytest.approx(0.5, abs=0.005)


def test_draws_stay_in_the_range_and_certain_values_are_not_drawn(baseline):
    objects = objects_of_buildings(baseline.buildings)
    chance = np.array([-9.0, 0.0, 9.0])
    grid = grid_of([Clause(0.5, low=0.1, high=0.9)], Clause(0.0), objects, YEARS, (0.0, 1.0))
    assert grid.drawn(chance)[:, 0, 0].tolist() == [0.0, 0.5, 1.0]
    certain = grid_of([Clause(0.5)], Clause(0.0), objects, YEARS, (0.0, 1.0))
    assert certain.drawn(chance).shape == (1, 4, 3)
