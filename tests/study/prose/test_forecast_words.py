"""The sentences of chapter 04 agree with the tables beside them, and say what is not known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.tax.forecast import TaxOutlook, tax_outlook
from louyu_lab.analysis.tax.promotion import yi_outlook
from louyu_lab.study.prose import forecast as prose


def panel(taxes: dict[str, list[float]], last: int = 2020) -> pd.DataFrame:
    """Buildings and years in the columns the forecast reads."""
    rows = [
        {
            "building_id": name,
            "building": f"{name}大厦",
            "street": "南街",
            "year": last - len(values) + 1 + at,
            "tax_yuan": tax,
        }
        for name, values in taxes.items()
        for at, tax in enumerate(values)
    ]
    return (
        pd.DataFrame(rows)
        .astype({"building_id": "str", "building": "str", "street": "str"})
        .assign(zone=None, area=None)
    )


def outlook_of(rows: pd.DataFrame, horizon: int = 2) -> TaxOutlook:
    return tax_outlook(rows, 2020, "某区", horizon, np.random.default_rng(0))


def test_scope_names_who_is_left_out() -> None:
    rows = panel({"甲": [1e8, 2e8], "乙": [1e7, np.nan], "丙": [np.nan, np.nan]})
    assert prose.scope_words(outlook_of(rows), rows) == (
        "依据 2019—2020 年的税收，预测在册 2 幢楼宇。"
        "其中 1 幢没有 2020 年的税收数据，从最后有数据的一年推起：乙大厦（2019 年 1,000 万元）。"
        "丙大厦没有任何一年的税收，未预测。"
    )
    assert prose.carried_note(outlook_of(rows)) == "预测含 2020 年没有数据的 1 幢楼宇，当年实际数不含。"
    assert prose.carried_note(outlook_of(rows.head(2))) == ""


def test_a_tier_of_former_years_is_not_todays() -> None:
    rows = panel({"甲": [1e8, 2e8], "乙": [1.2e8, np.nan], "丙": [6e7, np.nan]})
    outlook = outlook_of(rows)
    yi = yi_outlook(outlook.forecast, outlook.history, rows)
    assert prose.yi_words(yi, outlook) == (
        "按最后有数据的一年，亿元楼 2 幢。其中 1 幢没有 2020 年的税收数据：乙大厦（2019 年 1.20 亿元）。"
    )
    # 丙 is listed as well, but is no 亿元楼: the figure says of which year each of them is.
    assert prose.former_note(yi, outlook) == "以前年度税收：乙大厦（2019年）、丙大厦（2019年）。"
    assert prose.former_note(yi[yi["building"] == "甲大厦"], outlook) == ""


def test_buildings_that_may_fall_are_said_to_go_down() -> None:
    # 20 buildings near 1亿 that move by a tenth up or down by turns.
    taxes = {f"楼{at}": [1.02e8, 0.95e8, 1.05e8, 0.94e8, 1.03e8, 1.01e8] for at in range(20)}
    outlook = outlook_of(panel(taxes), horizon=1)
    said = prose.yi_words(yi_outlook(outlook.forecast, outlook.history, panel(taxes)), outlook)
    assert "可能降级的有楼0大厦（" in said


def test_a_short_history_is_said_and_nothing_is_invented() -> None:
    rows = panel({"甲": [2e8], "乙": [1e7]})
    outlook = outlook_of(rows)
    said = prose.method_words(outlook)
    assert said.startswith("只有 1 年税收，不足 3 年，无法回测。预测沿用末年值")
    assert prose.district_words(outlook.forecast) == (
        "现有楼宇的税收，2021 年 2.10 亿元，2022 年 2.10 亿元。"
        "2021、2022 年可比的回测年份不足 3 个，全区和街道不给区间。"
    )
    yi = yi_outlook(outlook.forecast, outlook.history, rows)
    assert prose.yi_words(yi, outlook) == "现有亿元楼 1 幢。"


def test_the_method_is_said_with_both_errors() -> None:
    # 甲 doubles each year: from 2018 on the last value misses 2 of 4, then 4 of 8: 6 ÷ 12 = 50 %. Growth at the
    # median step ln 2 is exact.
    outlook = outlook_of(panel({"甲": [1e6, 2e6, 4e6, 8e6]}), horizon=1)
    said = prose.method_words(outlook)
    assert "末年值 50.0%，分组增长 0.0%。采用分组增长，误差比另一种小 100.0%。" in said
    assert said.startswith("站在 2018—2019 年末")
    assert "回测起点只有 2 个，结论不稳" in said


def test_a_draw_goes_to_the_simple_method() -> None:
    # A tax that never changes: both are exact, and there is no bias to speak of.
    said = prose.method_words(outlook_of(panel({"甲": [1e6] * 6}), horizon=1))
    assert "末年值 0.0%，分组增长 0.0%。两种方法不相上下（相差不到 2.0%），采用较简单的末年值。" in said
    assert said.endswith("末年值。")


def test_chances_are_said_with_their_cut_offs() -> None:
    rng = np.random.default_rng(1)
    taxes = {f"楼{at}": list(9.7e7 * np.exp(rng.normal(0, 0.05, 6))) for at in range(20)}
    outlook = outlook_of(panel(taxes), horizon=1)
    yi = yi_outlook(outlook.forecast, outlook.history, panel(taxes))
    said = prose.yi_words(yi, outlook)
    now = sum(values[-1] >= 1e8 for values in taxes.values())
    chances = outlook.forecast.loc[outlook.forecast["level"] == "building", "p_yi"].sum()
    assert said.startswith(f"现有亿元楼 {now} 幢，各楼可能性之和为 {chances:.1f} 幢（2021 年）。")
    assert said.endswith("可能性不低于 80.0% 为“把握大”，不低于 40.0% 为“有望”，其余为“有压力”。")


@pytest.mark.parametrize("tax", [1e5, 1e6])
def test_no_building_near(tax: float) -> None:
    rows = panel({"甲": [tax] * 4})
    outlook = outlook_of(rows)
    yi = yi_outlook(outlook.forecast, outlook.history, rows)
    assert prose.yi_words(yi, outlook) == "没有亿元楼，也没有接近的楼宇。"
