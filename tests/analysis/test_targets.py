"""Progress towards targets: never 73 % on the day a plan begins."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from louyu_lab.analysis.printing import printed
from louyu_lab.analysis.targets import core_indicators
from louyu_lab.ledgers.model import no_targets

YI = "亿元楼数量"
CODES = {YI: "yi_buildings", "空置率": "vacancy_rate", "楼宇税收": "tax_yuan", "自持率": "self_held_rate"}


def values_of(name: str = YI, **by_year: float) -> pd.DataFrame:
    """Table ``indicators`` with what is read of it; keywords like ``y2020=13``."""
    years = [int(key[1:]) for key in by_year]
    return pd.DataFrame({"indicator": CODES[name], "value": list(by_year.values()), "year": years})


def target(
    name: str = YI, by: int = 2025, to: float = 15, since: int | None = 2020, base: float | None = 11
) -> dict:
    return {"indicator": name, "year": by, "target": to, "base_year": since, "base": base}


def targets_of(*rows: dict) -> pd.DataFrame:
    return pd.DataFrame(rows).astype(no_targets().dtypes.to_dict())


def progress(values: pd.DataFrame, row: dict, year: int, **options: float) -> pd.Series:
    return core_indicators(values, targets_of(row), year, **options).iloc[0]


def test_thirteen_of_eleven_to_fifteen_is_half_the_way() -> None:
    # 和平区: 11 亿元楼 in 2020, 15 by 2025.
    row = progress(values_of(y2022=12, y2023=13), target(), 2023)
    assert row["completion_rate"] == pytest.approx(0.5)
    assert row["elapsed_rate"] == pytest.approx(0.6)
    assert row["progress_gap"] == pytest.approx(-0.1)
    assert row["plain_rate"] == pytest.approx(13 / 15)
    assert (row["change"], row["change_rate"]) == (1, pytest.approx(1 / 12))
    assert row["status"] == "滞后"


def test_on_day_zero_nothing_is_completed() -> None:
    row = progress(values_of(y2020=11), target(), 2020)
    assert (row["completion_rate"], row["elapsed_rate"], row["progress_gap"]) == (0, 0, 0)
    assert row["plain_rate"] == pytest.approx(0.733, abs=5e-4)  # the figure that misleads
    assert row["status"] == "正常"


def test_day_zero_is_zero_even_where_the_ledgers_disagree_with_the_stated_base() -> None:
    assert progress(values_of(y2020=12), target(), 2020)["completion_rate"] == 0


def test_before_the_plan_there_is_no_progress_to_speak_of() -> None:
    row = progress(values_of(y2019=10), target(), 2019)
    assert row[["completion_rate", "elapsed_rate", "progress_gap"]].isna().all()
    assert row["status"] == "未开始"


@pytest.mark.parametrize(
    ("value", "status"),
    # Two of five years gone: 40 % is on time; the cut-offs lie 5 points either side of it.
    [
        (10.0 + 3.4, "滞后"),
        (10.0 + 3.5, "正常"),
        (10.0 + 4.4, "正常"),
        (10.0 + 4.5, "领先"),
        (20.0, "已达成"),
    ],
)
def test_status_by_the_gap_to_the_time_elapsed(value: float, status: str) -> None:
    row = progress(values_of(y2022=value), target(to=20, base=10), 2022)
    assert row["status"] == status


def test_a_target_missed_at_its_end_is_behind_however_close() -> None:
    assert progress(values_of(y2025=14.9), target(), 2025)["status"] == "滞后"
    assert progress(values_of(y2027=15), target(), 2027)["elapsed_rate"] == 1


def test_a_falling_target_is_completed_by_falling() -> None:
    # 空置率 20 % → 10 %: at 14 % six tenths are done; 14 ÷ 10 would say 140 %.
    row = progress(values_of("空置率", y2023=0.14), target("空置率", to=0.10, base=0.20), 2023)
    assert row["completion_rate"] == pytest.approx(0.6)
    assert np.isnan(row["plain_rate"])
    assert row["status"] == "正常"
    assert (
        progress(values_of("空置率", y2023=0.09), target("空置率", to=0.10, base=0.20), 2023)["status"]
        == "已达成"
    )


@pytest.mark.parametrize(
    ("name", "value", "status"),
    [(YI, 11, "已达成"), (YI, 10, "滞后"), ("空置率", 10, "已达成"), ("空置率", 12, "滞后")],
)
def test_a_target_equal_to_its_base_asks_to_hold(name: str, value: float, status: str) -> None:
    row = progress(values_of(name, y2023=value), target(name, to=11), 2023)
    assert np.isnan(row["completion_rate"])
    assert row["status"] == status


@pytest.mark.parametrize(
    ("name", "base", "to", "value", "status"),
    [
        # Another district's plan: eight 亿元楼 where there were eleven. Nothing to go, and it holds.
        (YI, 11, 8, 12, "已达成"),
        (YI, 11, 8, 7, "滞后"),
        # What should fall is met from the other side.
        ("空置率", 0.10, 0.15, 0.12, "已达成"),
        ("空置率", 0.10, 0.15, 0.16, "滞后"),
    ],
)
def test_a_target_that_the_base_already_meets_asks_to_hold(
    name: str, base: float, to: float, value: float, status: str
) -> None:
    row = progress(values_of(name, y2023=value), target(name, to=to, base=base), 2023)
    assert row["status"] == status
    assert np.isnan(row["completion_rate"])
    assert np.isnan(row["progress_gap"])


def test_a_missing_base_is_taken_from_the_base_years_own_value() -> None:
    row = progress(values_of(y2020=11, y2023=13), target(base=None), 2023)
    assert (row["base"], row["completion_rate"]) == (11, 0.5)


@pytest.mark.parametrize(
    ("row", "status"),
    [
        (target(base=None), "无基期"),  # the ledgers hold 2023 only
        (target(since=None), "无基期"),
        (target("楼宇税收"), "无数据"),
        (target("亿元楼数"), "指标名不认识"),
    ],
)
def test_what_cannot_be_judged_says_so(row: dict, status: str) -> None:
    table = core_indicators(values_of(y2023=13), targets_of(row), 2023).set_index("name_zh")
    found = table.loc[row["indicator"]]
    assert found["status"] == status
    assert np.isnan(found["completion_rate"])


def test_core_indicators_stand_without_target_and_others_only_with_one() -> None:
    values = pd.concat([values_of(y2023=13), values_of("自持率", y2023=0.4)])
    assert core_indicators(values, no_targets(), 2023)["status"].to_dict() == {0: "无目标"}
    with_target = core_indicators(values, targets_of(target("自持率", to=0.5, base=0.3)), 2023)
    assert with_target["name_zh"].tolist() == ["自持率", YI]
    assert with_target["completion_rate"].iloc[0] == pytest.approx(0.5)


def test_several_target_years_stand_one_below_the_other() -> None:
    # 三年行动计划: 楼宇税收 9, 12, 15 亿元.
    rows = [
        target("楼宇税收", by=by, to=to, since=2020, base=7e8)
        for by, to in ((2023, 15e8), (2021, 9e8), (2022, 12e8))
    ]
    table = core_indicators(values_of("楼宇税收", y2021=9e8), targets_of(*rows), 2021)
    assert table["target_year"].tolist() == [2021, 2022, 2023]
    assert table["status"].tolist() == ["已达成", "滞后", "滞后"]  # 0.4 of 0.5, and 0.25 of 0.333
    assert len(printed("core_indicators", table)) == 3


def test_targets_of_past_years_are_not_judged_again() -> None:
    rows = [target(by=by, to=to) for by, to in ((2021, 12), (2022, 13), (2023, 14))]
    for year, shown in ((2022, [2022, 2023]), (2024, [2023])):
        table = core_indicators(values_of(y2020=11, y2022=12, y2024=12), targets_of(*rows), year)
        assert table["target_year"].tolist() == shown


def test_within_a_year_the_time_gone_is_counted_in_parts() -> None:
    row = progress(values_of(y2021=11.5), target(), 2021, year_share=0.5)
    assert row["elapsed_rate"] == pytest.approx(0.1)  # half a year of five


@settings(max_examples=50, deadline=None)
@given(
    base=st.floats(1, 1e9),
    target_value=st.floats(1, 1e9),
    value=st.floats(1, 1e9),
    scale=st.sampled_from([1e-4, 1e4]),
)
def test_completion_does_not_depend_on_units(
    base: float, target_value: float, value: float, scale: float
) -> None:
    first = progress(values_of(y2023=value), target(to=target_value, base=base), 2023)
    again = progress(values_of(y2023=value * scale), target(to=target_value * scale, base=base * scale), 2023)
    # Differences of near values lose digits; six remain when they are not nearly equal.
    if abs(target_value - base) > 1e-6 * max(base, target_value):
        expected = pytest.approx(first["completion_rate"], rel=1e-6, abs=1e-9, nan_ok=target_value < base)
        assert again["completion_rate"] == expected
