"""The words of a comparison: points and per cent are never mixed up, long lists are cut short."""

from __future__ import annotations

import pandas as pd
import pytest

from louyu_lab.analysis.changes import TenantChanges, building_changes, tenant_changes
from louyu_lab.analysis.changes.relation import ANOTHER_YEAR, ELSEWHERE, REVISION
from louyu_lab.study.prose.changed_objects import building_words, tenant_words
from louyu_lab.study.prose.changes import indicator_words, joined, opening, record_words, table_words
from louyu_lab.study.prose.revisions import basis_words


def indicator(unit: str, before: float, after: float, rate: float = float("nan")) -> pd.DataFrame:
    row = {"indicator": "x", "name_zh": "某指标", "unit": unit, "before": before, "after": after}
    return pd.DataFrame(
        [row | {"change": after - before, "change_rate": rate, "restated": float("nan"), "is_core": True}]
    )


@pytest.mark.parametrize(
    ("years", "relation", "rate_said", "amount_said"),
    [
        ((2019, 2020), ANOTHER_YEAR, "升 5.0 个百分点", "增加 0.10 亿元（同比 +5.0%）"),
        ((2018, 2020), ANOTHER_YEAR, "升 5.0 个百分点", "增加 0.10 亿元（+5.0%）"),
        ((2020, 2020), REVISION, "调升 5.0 个百分点", "调增 0.10 亿元（+5.0%）"),
        ((2020, 2020), ELSEWHERE, "高 5.0 个百分点", "多 0.10 亿元（+5.0%）"),
    ],
)
def test_rates_change_by_points_and_amounts_by_per_cent(
    years: tuple[int, int], relation: str, rate_said: str, amount_said: str
) -> None:
    rate = indicator_words(indicator("比例", 0.80, 0.85), years, relation)
    assert rate == ["#主要指标", f"  某指标 80.0% → 85.0%，{rate_said}"]
    amount = indicator_words(indicator("元", 2e8, 2.1e8, 0.05), years, relation)
    assert amount == ["#主要指标", f"  某指标 2.00 亿元 → 2.10 亿元，{amount_said}"]


def test_a_change_without_growth_rate_says_none() -> None:
    words = indicator_words(indicator("元", -1e8, 1e8), (2019, 2020), ANOTHER_YEAR)
    assert words[1].endswith("，增加 2.00 亿元")


@pytest.mark.parametrize(
    ("unit", "before", "after", "said"),
    [
        # The first three: 0.04 points, 0.05 points, and 0.2 points that the usual digit shows.
        ("比例", 0.94302, 0.94262, "  某指标 94.30% → 94.26%，降 0.04 个百分点"),
        ("比例", 0.44851, 0.44901, "  某指标 44.85% → 44.90%，升 0.05 个百分点"),
        ("比例", 0.448, 0.450, "  某指标 44.8% → 45.0%，升 0.2 个百分点"),
        ("元", 1.6301e8, 1.6312e8, "  某指标 1.630 亿元 → 1.631 亿元，增加 0.001 亿元"),
        # Across a rounding bound the ends differ while the change still reads 0.0.
        ("比例", 0.44449, 0.44451, "  某指标 44.449% → 44.451%，升 0.002 个百分点"),
        ("比例", 0.943, 0.9430001, "  另有 1 项变化极小，见工作簿"),
    ],
)
def test_a_change_is_told_with_the_digits_it_needs(unit: str, before: float, after: float, said: str) -> None:
    assert indicator_words(indicator(unit, before, after), (2019, 2020), ANOTHER_YEAR) == ["#主要指标", said]


def test_buildings_of_one_name_are_told_by_their_number() -> None:
    state = pd.DataFrame(
        {"building_id": ["L1", "L2", "L3"], "building": ["甲楼", "甲楼", "乙楼"], "street": "东"}
    )
    before = state.assign(occupancy_rate=0.9, occupied_area_sqm=9e3, tax_yuan=[2e8, 2e8, 2e8])
    after = state.assign(occupancy_rate=[0.5, 0.9, 0.9], occupied_area_sqm=9e3, tax_yuan=[2e8, 3e7, 3e7])
    text = "\n".join(building_words(building_changes(before, after), ANOTHER_YEAR, ""))
    assert "甲楼 L2（亿元楼 → " in text and "；乙楼（亿元楼 → " in text
    assert "    甲楼 L1：入驻率 90.0% → 50.0%" in text
    gone = "\n".join(building_words(building_changes(before, after.iloc[1:]), ANOTHER_YEAR, ""))
    assert "不再在册 1 幢：甲楼 L1" in gone


def test_a_list_of_streets_without_the_year_is_said() -> None:
    assert basis_words({"税收": (), "入驻": ()}, 2019)[0].startswith("B 里也有 2019 年")
    assert "缺 2019 年的税收（东街道）" in basis_words({"税收": ("东街道",), "入驻": ()}, 2019)[0]


def test_equal_and_absent_indicators_are_said() -> None:
    assert "没有变化" in indicator_words(indicator("家", 3, 3), (2019, 2020), ANOTHER_YEAR)[1]
    assert "从略" in indicator_words(None, (2019, 2020), ANOTHER_YEAR)[1]


def test_runs_in_the_wrong_order_and_altered_ones_are_pointed_out() -> None:
    lines = opening(("a", "b"), ("和安区", "和安区"), (2020, 2019), ANOTHER_YEAR, altered=["b"])
    assert any("对调" in line for line in lines)
    assert lines[-1].startswith("注意：b ")


def test_many_ledgers_take_one_line() -> None:
    rows = [("台账", f"{number}.xlsx", "改动", "a", "b") for number in range(30)]
    records = pd.DataFrame(rows, columns=["part", "name", "what", "before", "after"])
    assert record_words(records)[1:] == ["  台账文件：改动 30 个（0.xlsx、1.xlsx、2.xlsx等 30 个）"]
    assert len(record_words(records.head(0))) == 2


def test_many_alerts_firms_and_tables_are_cut_short() -> None:
    count = 50
    names = [f"L{number:02d}" for number in range(count)]
    state = pd.DataFrame({"building_id": names, "building": names, "street": "东"})
    before = state.assign(occupancy_rate=0.9, occupied_area_sqm=9e3, tax_yuan=2e8)
    after = state.assign(occupancy_rate=0.5, occupied_area_sqm=5e3, tax_yuan=1e7)
    lines = building_words(building_changes(before, after), ANOTHER_YEAR, "")
    assert "预警 50 幢" in "\n".join(lines) and "降级 50 幢" in "\n".join(lines)
    firms = pd.DataFrame(
        {"enterprise_id": names, "enterprise": names, "building_id": "L1", "building": "甲楼"}
    )
    firms = firms.assign(street="东", area_sqm=100.0, tax_yuan=1e6)
    lines += tenant_words(tenant_changes(firms.head(0), firms, {"东"}, {"东"}), ANOTHER_YEAR, "")
    overview = pd.DataFrame({"table": names, "zh": names, "status": "有变化", "note": ""})
    overview = overview.assign(rows_new=1, rows_gone=0, cells=2)
    lines += table_words(
        overview, pd.DataFrame(columns=["table", "key", "column", "before", "after", "weight"])
    )
    assert len(lines) < 40
    assert joined([lines]).startswith("一、楼宇\n")


def test_streets_without_a_list_are_named() -> None:
    firms = pd.DataFrame(columns=["kind"], dtype="str")
    lines = tenant_words(TenantChanges(firms, (), ("西街道",)), ANOTHER_YEAR, "")
    assert "B 没有西街道的企业名单" in lines[-1]
