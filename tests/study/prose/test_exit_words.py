"""The sentences on tenants who leave agree with the tables beside them."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd

from louyu_lab.analysis.vacancy.exits.hazard import ExitModel
from louyu_lab.analysis.vacancy.exits.spells import Spells
from louyu_lab.study.prose import exits as prose

FRAME = pd.DataFrame(
    {
        "entry_years": [0.0, 2.5, 0.0, 0.0],
        "event": [True, True, False, False],
        "moved_on": [True, False, False, False],
    }
)


def test_what_was_seen() -> None:
    assert prose.spells_words(Spells(FRAME, 2016, 2020, unknown_start=3, silent=("A座",))) == (
        "按迁入迁出日期，2016—2020 年看到 4 段入驻，其中 2 段以迁出结束。"
        "迁出的有 50.0%搬到区内别的楼，对楼是退租，对区不是流失。"
        "1 段早在台账之前就已入驻，此前同期迁走的企业台账里没有，所以从台账起始才开始计数。"
        "3 段没有迁入日期，未计。A座只列在驻企业，没有一户迁出，看来迁出未登记，未计。"
    )
    refused = Spells(FRAME.iloc[:0], refused="没有一家写明迁出日期")
    assert prose.spells_words(refused) == "企业退租没有估计：没有一家写明迁出日期。"


def survival(**changed: float) -> pd.DataFrame:
    row = {"grouping": "全部", "group": "全部", "median_years": 7.12, "observed_years": 20.0}
    row |= {"rate_1": 0.91, "lo_1": 0.90, "hi_1": 0.92, "rate_3": 0.75, "lo_3": 0.74, "hi_3": 0.76}
    row |= {"rate_5": np.nan, "lo_5": np.nan, "hi_5": np.nan}
    other = row | {"grouping": "行业", "group": "其他", "rate_3": 0.86, "lo_3": 0.80, "hi_3": 0.90}
    third = row | {"grouping": "行业", "group": "教育", "rate_3": 0.60, "lo_3": 0.55, "hi_3": 0.65}
    return pd.DataFrame([row | changed, other, third])


def test_how_long_they_stay() -> None:
    assert prose.stay_words(survival()) == (
        "入驻后仍在原楼的：满 1 年的有 91.0%（90.0—92.0），满 3 年的有 75.0%（74.0—76.0）；括号内为 90%区间。"
        "一半企业在入驻 7.1 年内迁出。"
        "满 3 年仍在的，其他行业最高，为 86.0%（80.0—90.0），教育最低，为 60.0%（55.0—65.0）。"
        "不足 30 段入驻或 10 户迁出的行业并入其余行业，仍不足的不列。"
    )
    assert "到可观察的 20.0 年为止，迁出的还不到一半" in prose.stay_words(survival(median_years=np.nan))
    assert prose.stay_words(survival().iloc[:0]) == ""


def test_who_leaves_sooner() -> None:
    table = pd.DataFrame(
        {
            "driver": ["行业", "行业", "租用面积", "租用面积", "产权户数（每翻一番）", "年份"],
            "level": ["商贸", "其他", "100㎡以下", "1000㎡及以上", "", "2020"],
            "effect_pp": [np.nan, -5.8, np.nan, 0.5, 0.31, 9.0],
            "lo_pp": [np.nan, -7.7, np.nan, -0.5, 0.11, 8.0],
            "hi_pp": [np.nan, -3.8, np.nan, 1.5, 0.52, 10.0],
            "is_reference": [True, False, True, False, False, False],
        }
    )
    rows = pd.DataFrame({"is_exit": [1.0, 0.0, 0.0, 0.0]})
    model = ExitModel(rows, fit=SimpleNamespace(), left_out=("楼宇等级有 40% 不详",))
    assert prose.hazard_words(model, table) == (
        "年初在驻的企业，当年迁出的平均占 25.0%（4 户次中 1 户）。"
        "其他特征相同时，与退租率相关的：其他行业比商贸低 5.8 个百分点（3.8—7.7）；"
        "产权户数（每翻一番），高 0.3 个百分点（0.1—0.5）；括号内为 90%区间。楼宇等级有 40% 不详。"
    )
    nothing = table.assign(lo_pp=-9.0, hi_pp=9.0)
    assert "看不出差别" in prose.hazard_words(model, nothing)
    refused = ExitModel(rows, refused="只有 3 户迁出")
    assert prose.hazard_words(refused, table) == "退租率没有分行业、面积估计：只有 3 户迁出。"
    assert prose.hazard_words(ExitModel(rows.iloc[:0], refused="没有迁出日期"), table) == ""


def test_what_may_go() -> None:
    table = pd.DataFrame(
        {
            "level": ["district", "building", "building"],
            "building": [None, "甲大厦", "乙大厦"],
            "tenants": [5988, 3000, 2988],
            "expected_exits": [543.0, 300.0, 243.0],
            "lo_exits": [482.0, 250.0, 200.0],
            "hi_exits": [616.0, 350.0, 290.0],
            "expected_area_sqm": [112600.0, 52600.0, 60000.0],
            "lo_area_sqm": [93300.0, 1.0, 1.0],
            "hi_area_sqm": [136300.0, 1.0, 1.0],
            "expected_tax_yuan": [1.79e8, 1e8, 7.9e7],
            "lo_tax_yuan": [1.13e8, 1.0, 1.0],
            "hi_tax_yuan": [2.79e8, 1.0, 1.0],
        }
    )
    assert prose.at_risk_words(table, 2020) == (
        "2020 年末在驻 5,988 户，按往年平均的退租水平，一年内预计退租约 543 户（482—616 户），"
        "退出面积 11.3 万㎡（9.3 万㎡—13.6 万㎡），涉及税收 1.79 亿元（1.13 亿元—2.79 亿元）。"
        "括号内为 80%区间，含年份好坏和偶然。预计退出面积最多的是乙大厦 6.0 万㎡、甲大厦 5.3 万㎡。"
        "名单按预计随迁税收排列，看的是损失多少，不是断定谁会走；迁到区内别的楼的也在内。"
    )
    assert "涉及税收" not in prose.at_risk_words(table.assign(expected_tax_yuan=np.nan), 2020)
    assert prose.at_risk_words(table.iloc[:0], 2020) == ""
