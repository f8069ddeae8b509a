"""Kaplan–Meier: published values, delayed entry by hand, planted hazards recovered."""

from __future__ import annotations

import dataclasses
from math import exp, log

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from louyu_lab.analysis.study_year import StudyYear
from louyu_lab.analysis.vacancy.exits.groups import lumped, size_bands
from louyu_lab.analysis.vacancy.exits.spells import Spells, tenancy_spells
from louyu_lab.analysis.vacancy.exits.survival import exit_survival, kaplan_meier, survival_curves
from louyu_lab.ledgers.demo.planted.truth import Truth


def test_the_published_example() -> None:
    """6-MP arm of Freireich et al. (1963), as in Kalbfleisch & Prentice and in every manual since."""
    events, censored = (
        [6, 6, 6, 7, 10, 13, 16, 22, 23],
        [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35],
    )
    time = np.array(events + censored, dtype="float64")
    event = np.arange(len(time)) < len(events)
    curve = kaplan_meier(np.zeros(len(time)), time, event, level=0.95)
    assert curve["years"].tolist() == [6, 7, 10, 13, 16, 22, 23]
    assert curve["at_risk"].tolist() == [21, 17, 15, 12, 11, 7, 6]
    # Printed to four and three digits.
    published = [0.8571, 0.8067, 0.7529, 0.6902, 0.6275, 0.5378, 0.4482]
    assert curve["survival"].to_numpy() == pytest.approx(published, abs=5e-5)
    assert curve["se"].to_numpy() == pytest.approx(
        [0.0764, 0.0869, 0.0963, 0.1068, 0.1141, 0.1282, 0.1346], abs=5e-5
    )
    assert curve["lo"].to_numpy() == pytest.approx(
        [0.620, 0.563, 0.503, 0.432, 0.368, 0.268, 0.188], abs=6e-4
    )
    assert curve["hi"].to_numpy() == pytest.approx(
        [0.952, 0.923, 0.889, 0.849, 0.805, 0.747, 0.680], abs=6e-4
    )


def test_delayed_entry_by_hand() -> None:
    # Exits at 2 and 5. At 2: those who entered before 2 and are still there: a, b, c (d enters at 3): 1 of 3.
    # At 5: b left at 4 (censored); a, d: 1 of 2. Without delayed entry 1 of 4 and 1 of 2.
    entry, duration = np.array([0, 0, 1, 3.0]), np.array([5, 4, 2, 6.0])
    event = np.array([True, False, True, False])
    curve = kaplan_meier(entry, duration, event)
    assert curve["at_risk"].tolist() == [3, 2]
    assert curve["survival"].tolist() == pytest.approx([2 / 3, 1 / 3])
    # Greenwood: S² Σ d / (n (n − d)) = 1/9 × (1/6 + 1/2).
    assert curve["se"].iloc[1] == pytest.approx((1 / 9 * (1 / 6 + 1 / 2)) ** 0.5)
    step = 1.6448536 * curve["se"].iloc[1] / (1 / 3 * log(1 / 3))
    assert curve["hi"].iloc[1] == pytest.approx((1 / 3) ** exp(step))
    assert kaplan_meier(np.zeros(4), duration, event)["survival"].iloc[0] == pytest.approx(3 / 4)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(1, 9), st.booleans()), min_size=2, max_size=40))
def test_curves_fall_inside_their_bounds(rows: list[tuple[int, int, bool]]) -> None:
    entry = np.array([row[0] for row in rows], dtype="float64")
    duration = entry + [row[1] for row in rows]
    curve = kaplan_meier(entry, duration, np.array([row[2] for row in rows]))
    survival = curve["survival"].to_numpy()
    assert (np.diff(survival) <= 1e-12).all()
    inside = curve.dropna(subset=["lo"])
    assert ((inside["lo"] <= inside["survival"]) & (inside["survival"] <= inside["hi"])).all()


def made(n: int, yearly: float, late: float, rng: np.random.Generator) -> Spells:
    """Spells of a constant hazard, seen over 8 years; of those from before only who lasted is seen."""
    begin = -late + (late + 8) * rng.random(n)
    end = begin + rng.exponential(1 / yearly, n)
    seen = end > 0
    entry, duration = np.maximum(-begin, 0), np.minimum(end, 8) - begin
    frame = pd.DataFrame({"entry_years": entry, "duration_years": duration, "event": end < 8})[seen]
    return Spells(frame.assign(sector="商贸", area_sqm=50.0))


def test_ignoring_delayed_entry_would_bias() -> None:
    spells = made(20_000, 0.1, 20.0, np.random.default_rng(2))
    naive = dataclasses.replace(spells, frame=spells.frame.assign(entry_years=0.0))
    # exp(−0.5) = 0.607; about 900 exits before the fifth year: standard error under 0.01.
    assert exit_survival(spells)["rate_5"].iloc[0] == pytest.approx(exp(-0.5), abs=0.03)
    assert exit_survival(naive)["rate_5"].iloc[0] > exp(-0.5) + 0.10


def test_intervals_cover() -> None:
    # Nominal 90 %: of 200 districts 180 expected, standard deviation 4.2; three of them are 13.
    covered = 0
    for seed in range(200):
        frame = made(200, 0.15, 6.0, np.random.default_rng(seed)).frame
        curve = kaplan_meier(*(frame[name].to_numpy() for name in ("entry_years", "duration_years", "event")))
        row = curve[curve["years"] <= 3].iloc[-1]
        covered += row["lo"] <= exp(-0.45) <= row["hi"]
    assert 167 <= covered <= 193


def test_medians_and_where_the_curve_ends() -> None:
    # 40 tenants, one leaves at the end of each of 35 quarters; then fewer than 10 are at risk from 7.75 on.
    duration = np.r_[np.arange(1, 36) / 4, np.full(5, 9.0)]
    frame = pd.DataFrame({"entry_years": 0.0, "duration_years": duration, "event": duration < 9})
    row = exit_survival(Spells(frame.assign(sector="商贸", area_sqm=50.0))).iloc[0]
    # Nobody leaves in the first year and a half of another forty: no interval, not a certain one.
    later = Spells(frame.assign(sector="商贸", area_sqm=50.0, duration_years=duration + 1.5))
    first = exit_survival(later).iloc[0]
    assert first["rate_1"] == 1.0
    assert first[["lo_1", "hi_1"]].isna().all()
    # 20 of 40 are left after the 20th exit.
    assert row["median_years"] == 5.0
    # At risk at the i-th exit are 41 − i: 10 at the 31st, 7.75 years.
    assert row["observed_years"] == 7.75
    assert (row["rate_1"], row["rate_3"], row["rate_5"]) == pytest.approx((36 / 40, 28 / 40, 20 / 40))


def test_small_groups_are_joined_or_left_out() -> None:
    names = pd.Series(["甲"] * 40 + ["乙"] * 20 + ["丙"] * 15)
    event = pd.Series([True] * 12 + [False] * 28 + [True] * 20 + [False] * 15)
    assert lumped(names, event, 30, 10).value_counts().to_dict() == {"甲": 40, "其余行业": 35}
    area = pd.Series([50.0] * 30 + [200.0] * 30 + [500.0] * 30 + [2000.0] * 5)
    left = pd.Series(([True] * 15 + [False] * 15) * 3 + [True] * 5)
    assert size_bands(area, left, 30, 10).labels == ("100㎡以下", "100—300㎡", "300㎡及以上")
    # Too few everywhere: one band, which is not compared with anything.
    assert size_bands(area, left & (area > 1000), 30, 10).labels == ("全部",)


def test_planted_hazards_are_found(district: tuple[StudyYear, Truth]) -> None:
    study, truth = district
    spells = tenancy_spells(study.ledgers["tenancies"], study.panel, study.years)
    table = exit_survival(spells).set_index("group")
    # About 2,700 exits: standard error of the rate a year 0.2 points, of S(5) about 0.009; buildings differ.
    truth_rate = truth.summary["exits"]["realised_per_hundred_years"] / 100
    assert table.loc["全部", "rate_5"] == pytest.approx(exp(-5 * truth_rate), abs=0.03)
    by_sector = truth.summary["exits"]["expected_per_hundred_years_by_sector"]
    sectors = [name for name in table.index if name in by_sector]
    found = -np.log(table.loc[sectors, "rate_5"].astype("float64")) / 5 * 100
    wanted = pd.Series(by_sector)[sectors]
    # Standard errors of the sectors' rates are 0.3 to 1.5 per hundred, the rates 5 to 15.
    assert np.corrcoef(found, wanted)[0, 1] > 0.7
    curves = survival_curves(spells)
    assert set(curves["grouping"]) == {"全部", "行业", "面积"}
    assert (curves.groupby(["grouping", "group"])["years"].first() == 0).all()


def test_nothing_gives_no_rows() -> None:
    columns = ["sector", "area_sqm", "entry_years", "duration_years", "event"]
    empty = Spells(pd.DataFrame(columns=columns).astype({"event": "bool", "area_sqm": "float64"}))
    assert not len(exit_survival(empty))
    assert not len(survival_curves(empty))
