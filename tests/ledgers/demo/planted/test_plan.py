"""What may be asked for, and that every wrong wish is told at once."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from louyu_lab.ledgers.demo.planted.parts import part_sizes
from louyu_lab.ledgers.demo.planted.places import make_places
from louyu_lab.ledgers.demo.planted.plan import DIFFICULTIES, PlantedPlan, plan_problems, random_stream


def test_the_defaults_and_every_difficulty_are_allowed() -> None:
    assert plan_problems(PlantedPlan()) == []
    for difficulty in DIFFICULTIES:
        assert plan_problems(PlantedPlan(6, 2, 0, difficulty)) == []


def test_all_that_is_wrong_is_said_at_once() -> None:
    found = plan_problems(PlantedPlan(5, 1, -1, "hard"), "ods")
    assert len(found) == 5
    for text, part in zip(
        found, ("至少 6 幢，现为 5", "2–30", "现为 -1", "现为“hard”", "csv、xlsx"), strict=True
    ):
        assert part in text


def test_large_districts_are_not_written_as_workbooks() -> None:
    assert plan_problems(PlantedPlan(buildings=1_001)) == []
    assert "改用 csv" in plan_problems(PlantedPlan(buildings=1_001), "xlsx")[0]


@pytest.mark.parametrize(("years", "start"), [(8, 2017), (2, 2020), (3, 2020), (5, 2019)])
def test_the_policy_starts_in_the_later_half(years: int, start: int) -> None:
    plan = PlantedPlan(years=years)
    assert plan.policy_year == start
    assert plan.first_year < plan.policy_year <= plan.last_year


def test_years() -> None:
    plan = PlantedPlan(years=8)
    assert plan.ledger_years.tolist() == list(range(2013, 2021))
    # Three years before the first ledger year, three withheld ones.
    assert plan.simulated_years.tolist() == list(range(2010, 2024))


def test_streams_differ_by_seed_and_purpose_and_repeat() -> None:
    draws = {
        tuple(random_stream(PlantedPlan(seed=seed), *purpose).integers(0, 1 << 30, 4))
        for seed in (1, 2)
        for purpose in ((0,), (1,), (2, 0, 0), (2, 0, 1), (2, 1, 0))
    }
    assert len(draws) == 10
    again = [random_stream(PlantedPlan(), 2, 0, 1).random(3) for _ in range(2)]
    assert np.array_equal(*again)


@pytest.mark.parametrize("buildings", [6, 89, 250, 251, 1_000, 10_000])
def test_parts_are_about_equal_and_miss_nobody(buildings: int) -> None:
    """A district of 251 buildings is two halves, not 250 and one that has no neighbours."""
    sizes = part_sizes(buildings)
    assert [first for first, _ in sizes] == [0, *np.cumsum([n for _, n in sizes])[:-1].tolist()]
    assert sum(n for _, n in sizes) == buildings
    assert max(n for _, n in sizes) <= 250
    assert max(n for _, n in sizes) - min(n for _, n in sizes) <= 1


@given(first=st.integers(0, 16_000), n=st.integers(6, 250), seed=st.integers(0, 99))
def test_places_of_one_part_are_no_places_of_the_next(first: int, n: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    here, there = (make_places(size, start, "某区", rng) for start, size in ((first, n), (first + n, 50)))
    for column in ("area", "street", "zone", "address"):
        assert not set(here[column]) & set(there[column]), column
    assert here["address"].is_unique
    # The open sea between the coast and Jeju.
    assert here["lon"].between(123.9, 125.2).all()
    assert here["lat"].between(29, 35).all()
