"""The sentences on more 亿元楼: what is missing, what growth it takes, and every target, not the last alone."""

from __future__ import annotations

import pandas as pd

from louyu_lab.study.prose.tax_goals import goal_words


def goals(rows: list[tuple]) -> pd.DataFrame:
    columns = [
        "goal",
        "due_years",
        "year",
        "p_reach",
        "next_building",
        "building_gap_yuan",
        "gap_yuan",
        "needed_rate",
    ]
    return pd.DataFrame(rows, columns=columns).assign(now=11, expected_rate=0.047)


NO = float("nan")
AHEAD = [
    (12, "", 2023, 0.869, "甲", 4.09e6, 4.09e6, -0.006),
    (13, "", 2023, 0.631, "乙", 8.58e6, 12.67e6, 0.031),
    (14, "", 2023, 0.343, "丙", 14.15e6, 26.82e6, 0.063),
    (15, "", 2023, 0.0004, "丁", 18.55e6, 45.37e6, 0.093),
]


def test_what_more_take() -> None:
    # No growth is asked for what is likely already, none told for what is beyond hope.
    assert goal_words(goals(AHEAD)) == (
        "2023 年不少于这么多幢亿元楼的可能性：12 幢 86.9%、13 幢 63.1%、14 幢 34.3%、15 幢不足0.1%。"
        "离 1 亿元最近的是甲（差 409 万元）、乙（差 858 万元）、丙（差 1,415 万元）、丁（差 1,855 万元），合计差 4,537 万元。"
        "要有一半把握，全区税收年均须增长（各楼同比例增减）：14 幢 6.3%；预测是 4.7%。"
    )
    hopeless = goal_words(goals([(12, "", 2023, 0.0, "甲", 9e7, 9e7, 2.0)]))
    assert hopeless == "2023 年亿元楼再多一幢的希望很小。离 1 亿元最近的是甲（差 9,000 万元）。"
    assert goal_words(goals([])) == ""


def test_every_target() -> None:
    rows = [
        (10, "2021", 2021, 1.0, "", NO, NO, NO), (10, "2021", 2022, 0.99, "", NO, NO, NO),
        (12, "2020", 2021, 0.3, "甲", 4e6, 4e6, 0.0), (12, "2020", 2022, 0.4, "甲", 4e6, 4e6, 0.0),
        (13, "2022、2023", 2021, 0.1, "乙", 8e6, 12e6, 0.0), (13, "2022、2023", 2022, 0.2, "乙", 8e6, 12e6, 0.0),
    ]  # fmt: skip
    assert goal_words(goals(rows)).endswith(
        "2020 年目标 12 幢未达到，2022 年达到的可能性 40.0%。"
        "2021 年目标 10 幢，现有 11 幢已达到，2021 年仍达到的可能性超过99.9%。"
        "2022 年目标 13 幢，达到的可能性 20.0%。"
        "2023 年目标 13 幢，在预测期之外；2022 年就达到的可能性 20.0%。"
    )
