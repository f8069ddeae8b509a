"""Stays made of spells, on spells small enough to follow by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from louyu_lab.ledgers.demo.planted import stays as stays_module
from louyu_lab.ledgers.demo.planted.chain import STILL_THERE, Spells
from louyu_lab.ledgers.demo.planted.plan import PlantedPlan
from louyu_lab.ledgers.demo.planted.stays import in_ledgers, let_at_year_end, make_stays
from louyu_lab.ledgers.demo.planted.suites import Suites, divide

#: Simulated from January 2016, ledgers 2019 and 2020.
PLAN = PlantedPlan(years=2)
SUITES = Suites(np.array([0, 0, 1, 1]), np.array([100.0, 50.0, 80.0, 30.0]), np.zeros(4, bool))
OPENED = np.array(["2000-01-18", "2016-03-18"], dtype="datetime64[D]")


def spells(*rows: tuple[int, int, int, int, float]) -> Spells:
    """Spells of (suite, sector, start month, end month, months before)."""
    suite, sector, start, end = (np.array(column) for column in list(zip(*rows, strict=True))[:4])
    return Spells(suite, sector, start, end, np.array([row[4] for row in rows]))


def made(
    monkeypatch: pytest.MonkeyPatch, movers: float, *rows: tuple[int, int, int, int, float]
) -> pd.DataFrame:
    monkeypatch.setattr(stays_module, "MOVER_SHARE", movers)
    return make_stays(PLAN, spells(*rows), SUITES, OPENED, np.random.default_rng(4))


def test_a_mover_enters_the_day_after_it_left(monkeypatch: pytest.MonkeyPatch) -> None:
    # Month 40 is May 2019: suite 0 is left by sector 3, suite 2 of the other building let to sector 3.
    rows = made(monkeypatch, 1.0, (0, 3, -1, 40, 24.0), (2, 3, 40, STILL_THERE, 0.0))
    assert rows["firm"].tolist() == [0, 0]
    assert rows["building"].tolist() == [0, 1]
    assert rows["end"][0].strftime("%Y-%m") == "2019-05"
    assert rows["start"][1] - rows["end"][0] == pd.Timedelta(days=1)
    assert pd.isna(rows["end"][1])


@pytest.mark.parametrize(
    "entry",
    [
        (2, 4, 40, STILL_THERE, 0.0),  # another sector
        (2, 3, 41, STILL_THERE, 0.0),  # another month
        (1, 3, 40, STILL_THERE, 0.0),  # the same building
    ],
)
def test_nobody_moves_where_it_does_not_fit(
    monkeypatch: pytest.MonkeyPatch, entry: tuple[int, int, int, int, float]
) -> None:
    rows = made(monkeypatch, 1.0, (0, 3, -1, 40, 24.0), entry)
    assert sorted(rows["firm"]) == [0, 1]


def test_one_enterprise_may_move_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = made(monkeypatch, 1.0, (0, 3, -1, 40, 24.0), (2, 3, 40, 50, 0.0), (1, 3, 50, STILL_THERE, 0.0))
    assert rows["firm"].nunique() == 1
    assert rows["building"].tolist() == [0, 1, 0]
    assert (rows["start"].iloc[1:].to_numpy() > rows["end"].iloc[:-1].to_numpy()).all()


def test_the_largest_leaver_takes_the_largest_suite(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = made(
        monkeypatch, 1.0,
        (1, 3, -1, 40, 9.0), (0, 3, -1, 40, 9.0), (3, 3, 40, STILL_THERE, 0.0), (2, 3, 40, STILL_THERE, 0.0),
    )  # fmt: skip
    assert rows.groupby("firm")["area_sqm"].agg(list).tolist() in (
        [[100, 80], [50, 30]],
        [[50, 30], [100, 80]],
    )


def test_one_leaves_on_any_day_and_movers_arrive_in_the_same_month(monkeypatch: pytest.MonkeyPatch) -> None:
    # 400 suites of one building are left in May 2019, those of the other let then, to the same sector.
    half = Suites(np.repeat([0, 1], 400), np.full(800, 50.0), np.zeros(800, bool))
    rows = [(i, 3, -1, 40, 24.0) for i in range(400)] + [
        (400 + i, 3, 40, STILL_THERE, 0.0) for i in range(400)
    ]
    monkeypatch.setattr(stays_module, "MOVER_SHARE", 0.5)
    made_stays = make_stays(PLAN, spells(*rows), half, OPENED, np.random.default_rng(4))
    leaving, coming = made_stays["end"].dropna(), made_stays.loc[made_stays["start_month"] == 40, "start"]
    assert set(leaving.dt.day) == set(range(1, 32))
    assert set(coming.dt.day) == set(range(1, 32))
    assert (coming.dt.to_period("M") == pd.Period("2019-05")).all()
    assert made_stays["firm"].duplicated().sum() > 150


def test_without_movers_every_stay_is_another_firms(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = made(monkeypatch, 0.0, (0, 3, -1, 40, 24.0), (2, 3, 40, STILL_THERE, 0.0))
    assert sorted(rows["firm"]) == [0, 1]


def test_who_was_there_at_the_beginning_came_when_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    # 24 months are 730 days (24 × 30.4375 = 730.5) before the last day of 2015.
    rows = made(monkeypatch, 0.0, (0, 3, -1, STILL_THERE, 24.0))
    assert rows["start"][0] == pd.Timestamp(2015, 12, 31) - pd.Timedelta(days=730)


def test_ledgers_hold_what_touches_their_years(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = made(
        monkeypatch, 0.0,
        (0, 1, -1, 35, 9.0),  # left in December 2018: before
        (0, 2, 36, 59, 0.0),  # January 2019 to December 2020: leaves within
        (1, 3, 40, 60, 0.0),  # leaves in January 2021: still there as far as the ledger knows
        (2, 4, 61, STILL_THERE, 0.0),  # comes in February 2021: after
    )  # fmt: skip
    seen = in_ledgers(rows, PLAN)
    assert sorted(seen["sector"]) == [2, 3]
    assert seen.set_index("sector")["end"].isna().to_dict() == {2: False, 3: True}
    # December 2019 (fourth simulated year) both are there, December 2020 only sector 3's 50 ㎡.
    let = let_at_year_end(rows, PLAN, 2)
    assert let[0, 3:5].tolist() == [150.0, 50.0]


def test_suites_add_up_and_anchors_are_planned() -> None:
    nature = PlantedPlan(difficulty="realistic").nature
    aimed = np.full(400, 20_000.0)
    suites = divide(aimed, nature, np.random.default_rng(1))
    total = suites.total_sqm(400)
    # About 93 suites rounded to whole ㎡ and lifted to 30 ㎡: a few hundred ㎡ at most.
    assert np.abs(total / aimed - 1).max() < 0.03
    assert (suites.area_sqm == suites.area_sqm.round()).all()
    largest = np.zeros(400)
    np.maximum.at(largest, suites.building, suites.area_sqm)
    # A quarter of 400 draws: two standard errors are 0.043.
    assert (largest / total > 0.19).mean() == pytest.approx(nature.anchor_share, abs=0.05)
    assert (largest / total).max() < 0.51
    assert 0 < suites.sealed_sqm(400).sum() < 0.05 * total.sum()


def test_plain_suites_are_about_equal() -> None:
    suites = divide(np.full(20, 20_000.0), PlantedPlan(difficulty="plain").nature, np.random.default_rng(1))
    assert np.log(suites.area_sqm).std() == pytest.approx(0.25, abs=0.02)
