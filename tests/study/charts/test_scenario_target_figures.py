"""Chances of targets and numbers of 亿元楼: readable, and true to the tables."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_rgba

from louyu_lab.study.charts import scenario_targets as charts
from louyu_lab.study.charts.style import INK

CODES = ["gross_area_sqm", "rentable_area_sqm", "occupancy_rate", "registration_rate", "taxpayer_rate",
         "yi_buildings", "tax_yuan", "tax_per_sqm_yuan", "vacancy_rate", "tax_per_occupied_yuan_sqm"]  # fmt: skip
LONG = "第{}个情景：消化闲置面积并提高新入驻企业注册率和单产的一种组合"


def chances(names: list[str], codes: list[str], years: tuple[int, ...] = (2021,)) -> pd.DataFrame:
    rows = [
        {"scenario": name, "indicator": code, "year": year, "target": 1.0, "p_baseline": 0.25, "p_reached": p}
        for name in names
        for code in codes
        for year, p in zip(years, np.linspace(0.0, 1.0, len(years) + 1)[1:], strict=True)
    ]
    return pd.DataFrame(rows)


def numbers(names: list[str], low: int = 9, high: int = 14) -> dict[str, np.ndarray]:
    return {name: np.tile(np.arange(low, high + 1), 10) for name in ["基准", *names]}


@pytest.mark.parametrize(
    ("count", "indicators", "years"),
    [(1, 1, (2021,)), (4, 5, (2021, 2022)), (25, 10, (2021,)), (1, 10, (2021, 2022))],
)
def test_chances_are_readable(readable, count: int, indicators: int, years: tuple[int, ...]) -> None:
    names = [LONG.format(at) for at in range(count)]
    readable(charts.target_chances(chances(names, CODES[:indicators], years)))


def test_chances_by_hand() -> None:
    table = chances(["甲", "乙"], ["tax_yuan", "yi_buildings"])
    table.loc[0, "p_reached"], table.loc[1, "p_reached"] = 0.0, np.nan
    silent = chances(["甲", "乙"], ["party_org_rate", "不认识"]).assign(p_reached=np.nan, p_baseline=np.nan)
    figure = charts.target_chances(pd.concat([table, silent]))
    ax = figure.axes[0]
    assert [text.get_text() for text in ax.get_yticklabels()] == ["基准", "甲", "乙"]
    printed = [text.get_text() for text in ax.texts]
    # Baseline 25 % twice; 甲: never, not known; 乙: always. Cells come row by row, — last.
    assert printed == ["25", "25", "<1", ">99", ">99", "—"]
    assert figure.get_suptitle() == "各情景2021年达到目标的可能性（%）"
    assert "情景不改变的未画出：党组织覆盖率、不认识" in figure.get_supxlabel().replace("\n", "")


def test_only_the_last_target_of_an_indicator_is_drawn() -> None:
    figure = charts.target_chances(chances(["甲"], ["tax_yuan"], (2021, 2022)))
    assert [text.get_text() for text in figure.axes[0].texts] == ["25", ">99"]
    assert "没有情景能改变的目标" in charts.target_chances(
        chances(["甲"], ["tax_yuan"]).assign(p_reached=np.nan)
    ).axes[0].texts[0].get_text().replace("\n", "")


@pytest.mark.parametrize(
    ("names", "low", "high", "target"), [(0, 0, 0, np.nan), (2, 9, 14, 15.0), (9, 3, 60, 80.0)]
)
def test_numbers_are_readable(readable, names: int, low: int, high: int, target: float) -> None:
    table = numbers([LONG.format(at) for at in range(names)], low, high)
    readable(charts.yi_number_bars(table, 2023, low, target))


def test_numbers_by_hand() -> None:
    # 9 of the baseline comes once in 401 draws: rarer than one in 200.
    draws = {"基准": np.array([9] + [10] * 100 + [11] * 200 + [12] * 100), "甲": np.array([9, 10, 11, 12])}
    figure = charts.yi_number_bars(draws, 2023, 11, 13.0)
    base, own = figure.axes
    bars = [bar.get_x() + bar.get_width() / 2 for bar in base.patches]
    assert bars == pytest.approx([10, 11, 12])
    dark = [bar.get_facecolor() == to_rgba(INK) for bar in base.patches]
    assert dark == [False, True, False]
    assert own.get_title(loc="left") == "甲"
    # The baseline's steps run over every number drawn and the target, 0 where it has none.
    steps = own.patches[-1].get_data().values
    assert steps.tolist() == pytest.approx([0, 100 / 401, 200 / 401, 100 / 401, 0])
    assert "竖虚线为目标13幢" in figure.get_supxlabel().replace("\n", "")
    assert "没有楼宇税收" in charts.yi_number_bars({}, 2023, 0).axes[0].texts[0].get_text()
