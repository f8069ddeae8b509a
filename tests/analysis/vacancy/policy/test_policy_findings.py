"""How far words may go: refused, unseen, goes with, causes; and nothing fails for lack of data."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.outputs import TABLES
from louyu_lab.analysis.panel import building_years
from louyu_lab.analysis.vacancy.policy import findings as found
from louyu_lab.analysis.vacancy.policy.checks import PreTrend
from louyu_lab.analysis.vacancy.policy.effects import comparisons, effect_of
from louyu_lab.analysis.vacancy.policy.event_panel import TREATED, UNMATCHED
from louyu_lab.analysis.vacancy.policy.exposure import REFIT
from louyu_lab.ledgers.model import Ledgers, typed_frame

QUIET = PreTrend((-2, -3, -4), 0.5, 0.5)


@pytest.fixture
def effect(event_of: Callable):
    rng = np.random.default_rng(1)
    panel = event_of(0.3 + rng.normal(0, 0.02, (40, 6)), [2016.0] * 15 + [np.inf] * 25)
    return effect_of(comparisons(panel))


def test_words_go_as_far_as_the_checks(effect) -> None:
    seen = dataclasses.replace(effect, value=-0.08, p_value=0.001)
    quiet = dataclasses.replace(effect, p_value=0.6, se=0.01)
    assert found.judged(seen, QUIET, quiet, 0.002) == (found.CAUSES, ())
    assert found.judged(dataclasses.replace(seen, p_value=0.2), QUIET, quiet, 0.002)[0] == found.UNSEEN
    nan = float("nan")
    held_back = {
        "走势已有差别": (PreTrend((-2,), 0.05, 0.5), quiet, 0.002),
        "开始前两组走势": (PreTrend((-2,), 0.5, 0.05), quiet, 0.002),
        "无法检验": (PreTrend((), nan, nan), quiet, 0.002),
        "不足三个": (QUIET, dataclasses.replace(quiet, se=nan, p_value=nan), 0.002),
        "也“看得到”": (QUIET, dataclasses.replace(quiet, p_value=0.04), 0.002),
        # At least 2.49 × 3.5 points is more than the 8 found: the years before could not have shown it.
        "看不出这么大": (QUIET, dataclasses.replace(quiet, se=0.035), 0.002),
        "随机指定": (QUIET, quiet, 0.3),
    }
    for words, (trend, pretended, by_lot) in held_back.items():
        verdict, doubts = found.judged(seen, trend, pretended, by_lot)
        assert verdict == found.GOES_WITH
        assert len(doubts) == 1
        assert words in doubts[0]


def test_few_buildings_before_show_less_than_their_error_seems_to(effect) -> None:
    # 8 points found; an error of 3 before shows 2.49 × 3 = 7.5 points of very many buildings, but with
    # 4 degrees of freedom (2.132 + 0.941) × 3 = 9.2: too few to take silence for quiet.
    seen = dataclasses.replace(effect, value=-0.08, p_value=0.001)
    many, few = (dataclasses.replace(effect, p_value=0.6, se=0.03, df=df) for df in (1000.0, 4.0))
    assert found.judged(seen, QUIET, many, 0.002) == (found.CAUSES, ())
    verdict, doubts = found.judged(seen, QUIET, few, 0.002)
    assert (verdict, len(doubts)) == (found.GOES_WITH, 1)
    assert "看不出这么大" in doubts[0]


def test_seen_at_the_intervals_level_only_goes_with(effect) -> None:
    quiet = dataclasses.replace(effect, p_value=0.6, se=0.01)
    between = dataclasses.replace(effect, value=-0.08, p_value=0.07)
    verdict, doubts = found.judged(between, QUIET, quiet, 0.002)
    assert (verdict, doubts) == (found.GOES_WITH, ("只在90%水平上看得出，95%水平上看不出",))


def test_unseen_is_an_interval_that_holds_zero(event_of: Callable) -> None:
    rng = np.random.default_rng(5)
    between = 0
    for shift in np.linspace(-0.03, 0.0, 60):
        rate = 0.3 + rng.normal(0, 0.02, (30, 5))
        rate[:12, 3:] += shift
        made = effect_of(comparisons(event_of(rate, [2016.0] * 12 + [np.inf] * 18)))
        verdict, _ = found.judged(made, QUIET, dataclasses.replace(made, p_value=0.6), 0.002)
        assert (verdict == found.UNSEEN) == (made.lo <= 0 <= made.hi)
        between += 0.05 <= made.p_value < 0.10
    # Some of the effects lie where two levels would contradict each other.
    assert between > 0


@pytest.mark.parametrize(
    ("treated", "controls", "years", "says"),
    [
        (7, 20, 3, "处理楼宇 7 幢，至少要 8 幢"),
        (20, 7, 3, "对照楼宇 7 幢，至少要 8 幢"),
        (8, 8, 1, "年末 1 个，至少要 2 个"),
        (0, 20, 3, "处理楼宇 0 幢"),
    ],
)
def test_too_little_is_refused_with_found_and_needed(
    event_of: Callable, treated: int, controls: int, years: int, says: str
) -> None:
    rng = np.random.default_rng(2)
    first = [2013.0 + years] * treated + [np.inf] * controls
    panel = event_of(0.3 + rng.normal(0, 0.02, (treated + controls, years + 2)), first)
    finding = found.find("补贴", panel, comparisons(panel), rng)
    assert finding.verdict == found.REFUSED
    assert finding.effect is None
    assert len(finding.doubts) == 1
    assert says in finding.doubts[0]


def test_just_enough_is_not_refused(event_of: Callable) -> None:
    rng = np.random.default_rng(3)
    panel = event_of(0.3 + rng.normal(0, 0.02, (16, 4)), [2015.0] * 8 + [np.inf] * 8)
    finding = found.find("补贴", panel, comparisons(panel), rng)
    assert finding.verdict != found.REFUSED
    assert (finding.treated, finding.controls, finding.years_before) == (8, 8, 2)


def test_a_large_clean_effect_is_caused_but_never_by_a_refit(event_of: Callable) -> None:
    # Three checks at 10 % doubt one clean draw in five (41 of 200); this seed is one of the others.
    rng = np.random.default_rng(1)
    rate = 0.4 + rng.normal(0, 0.01, (60, 8))
    rate[:20, 4:] -= 0.10
    panel = event_of(rate, [2017.0] * 20 + [np.inf] * 40)
    policy = found.find("补贴", panel, comparisons(panel), np.random.default_rng(0))
    assert policy.verdict == found.CAUSES
    # An error of 0.3 points: ten points within three of them.
    assert policy.effect.value == pytest.approx(-0.10, abs=0.01)
    refit = found.find(REFIT, panel, comparisons(panel), np.random.default_rng(0))
    assert (refit.verdict, refit.doubts) == (found.GOES_WITH, (found.CHOSEN_BY_OWNERS,))


def district(policies: pd.DataFrame | None, buildings: int = 40) -> Ledgers:
    """Forty buildings over six years; the first ten fall by ten points from 2018 on."""
    rng = np.random.default_rng(3)
    ids = [f"L{at:03d}" for at in range(buildings)]
    years = range(2015, 2021)
    rate = 0.3 + rng.normal(0, 0.01, (buildings, len(years)))
    rate[:10, 3:] -= 0.10
    frames = {
        "buildings": pd.DataFrame(
            {
                "building_id": ids,
                "building": [f"{name}大厦" for name in ids],
                "rentable_area_sqm": 1000.0,
                "completion_year": 2000,
                "status": "运营",
            }
        ),
        "occupancy": pd.DataFrame(
            {
                "building_id": np.repeat(ids, len(years)),
                "year": np.tile(list(years), buildings),
                "occupied_area_sqm": 1000 * (1 - rate.ravel()),
            }
        ),
    }
    frames = {name: typed_frame(name, frame) for name, frame in frames.items()}
    if policies is not None:
        frames["policies"] = typed_frame("policies", policies)
    return Ledgers("某区", frames, *(pd.DataFrame() for _ in range(3)))


def studied(ledgers: Ledgers, seed: int = 0) -> found.PolicyStudy:
    panel = building_years(ledgers, ledgers.years)
    return found.study_policies(ledgers, panel, np.random.default_rng(seed))


POLICIES = pd.DataFrame(
    {
        "policy": ["运营补贴"] * 10 + ["入驻奖励"],
        "beneficiary": [f"L{at:03d}大厦" for at in range(10)] + ["某某公司"],
        "building_id": [None] * 10 + ["L020"],
        "start_date": pd.Timestamp(2018, 3, 1),
    }
)


def test_from_ledgers_to_tables() -> None:
    study = studied(district(POLICIES))
    verdicts = {finding.policy: finding.verdict for finding in study.findings}
    assert verdicts == {"入驻奖励": found.REFUSED, "运营补贴": found.CAUSES}
    lags = study.effects.set_index("lag")
    assert lags.index.tolist() == [-3, -2, -1, 0, 1, 2]
    assert lags.loc[-1, "effect_pp"] == 0
    # Points, not rates; an error of half a point.
    assert lags.loc[[0, 1, 2], "effect_pp"].to_numpy() == pytest.approx([-10.0] * 3, abs=2)
    assert (lags["n_treated"] == 10).all()
    assert study.exposures["role"].value_counts().to_dict() == {TREATED: 10, UNMATCHED: 1}
    row = study.summary.set_index("policy").loc["运营补贴"]
    assert row["lo_pp"] < row["effect_pp"] < row["hi_pp"] < 0
    assert row["detectable_pp"] > 0


def test_the_same_seed_gives_the_same_tables() -> None:
    one, two = studied(district(POLICIES), 3), studied(district(POLICIES), 3)
    for name in ("effects", "summary", "exposures"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(two, name))


@pytest.mark.parametrize("policies", [None, POLICIES.iloc[:0], POLICIES.assign(start_date=pd.NaT)])
def test_poor_ledgers_never_fail(policies: pd.DataFrame | None) -> None:
    study = studied(district(policies))
    assert len(study.effects) == 0
    assert all(finding.verdict == found.REFUSED for finding in study.findings)
    for name in ("policy_effects", "policy_findings", "policy_exposures"):
        frame = {"policy_effects": study.effects, "policy_findings": study.summary}.get(name, study.exposures)
        assert tuple(frame.columns) == TABLES[name].columns


def test_no_vacancy_at_all() -> None:
    ledgers = district(POLICIES)
    panel = building_years(ledgers, ledgers.years)
    for rows in (panel.iloc[:0], panel.assign(vacant_area_sqm=np.nan), panel[panel["year"] == 2020]):
        study = found.study_policies(ledgers, rows, np.random.default_rng(0))
        assert all(finding.verdict == found.REFUSED for finding in study.findings)
