"""The sentences on drivers agree with the model beside them, and claim no more than it tells."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.vacancy.drivers.tree_check import LOGIT, TREE, TreeCheck
from louyu_lab.analysis.vacancy.measures.declared import declared_drivers
from louyu_lab.analysis.vacancy.model import VacancyModel
from louyu_lab.study.prose import drivers as prose

EFFECTS = pd.DataFrame(
    {
        "driver": ["year", "owners_log2", "grade_steps", "metro_log2"],
        "level": ["2020", "", "", ""],
        "effect_pp": [9.0, 2.5, 3.1, -0.2],
        "se_pp": [1.0, 0.5, 1.0, 1.0],
        "lo_pp": [8.0, 1.5, 1.2, -1.8],
        "hi_pp": [10.0, 3.5, 5.0, 1.4],
        "p_value": [0.0, 0.0, 0.01, 0.8],
    }
)
INFLUENCE = pd.DataFrame(
    {
        "driver": ["year", "owners_log2", "grade_steps", "metro_log2"],
        "level": ["2020", "", "", ""],
        "cluster": ["L1", "L2", "L3", "L4"],
        "effect_pp": [9.0, 2.5, 3.1, -0.2],
        "without_pp": [0.0, 2.0, 1.0, 0.5],
    }
)
NO_BOUNDS = pd.DataFrame(columns=["driver", "stratum", "rows", "lo_pp", "hi_pp"])
STATUS = pd.DataFrame(
    {
        "driver": ["owners_log2", "lifts", "sold_tenths", "amenities", "top"],
        "zh": ["产权户数", "电梯负荷", "散售占比", "周边配套", "大租户依赖"],
        "used": [True, False, False, False, False],
        "reason": ["", "排在后面。", "已用“产权户数”", "各台账都没有", "排在后面。"],
    }
)


def fit(effects: pd.DataFrame = EFFECTS, cautions: tuple[str, ...] = ()) -> SimpleNamespace:
    return SimpleNamespace(
        effects=effects,
        design=SimpleNamespace(drivers=("year", "owners_log2", "grade_steps", "metro_log2"), width=10),
        diagnostics=SimpleNamespace(rows=300, clusters=60, cautions=cautions, influence=INFLUENCE),
    )


def model(**changed: object) -> VacancyModel:
    frame = pd.DataFrame({"year": ["2018", "2019", "2020"], "is_lease_up": [True, False, False]})
    blanks = pd.DataFrame(
        {"driver": ["owners_log2", "grade_steps"], "buildings": [60, 60], "blank_buildings": [5, 1]}
    )
    given = {
        "raw": frame,
        "frame": frame,
        "fit": fit(),
        "by_area": None,
        "status": STATUS,
        "bounds": NO_BOUNDS,
    }
    return VacancyModel(**(given | {"blanks": blanks, "problems": ()} | changed))


def test_what_the_model_rests_on() -> None:
    # 1 of 60 is below 2 %; 2018 is all lease-up.
    assert prose.sample_words(model()) == (
        "进入模型的是 2019—2020 年 60 幢楼宇的 300 个年末，3 项因素同时比较。"
        "缺数的按该楼其他条件推算（产权户数 5 幢），推算不看空置率。"
    )
    cautious = model(fit=fit(cautions=("“grade_steps”与其他成因重叠严重。",)))
    assert prose.sample_words(cautious).endswith("“楼宇等级”与其他成因重叠严重。")


def test_why_there_is_no_model() -> None:
    refused = model(fit=None, problems=("“产权户数”共线。", "楼宇太少"))
    assert prose.sample_words(refused) == "本节从略：“产权户数”共线；楼宇太少。"
    assert prose.doubt_words(refused) == ""


def test_effects_apart_from_none_are_named_largest_first() -> None:
    table = EFFECTS.assign(
        name_zh=[declared_drivers()[name].zh for name in EFFECTS["driver"]],
        contrast=[declared_drivers()[name].contrast for name in EFFECTS["driver"]],
    )
    # Practice expects less vacancy of a higher grade. Three compared at 90 %: 0.3 by chance; the year does not count.
    assert prose.effect_words(table, 0.90) == (
        "其他因素相同时，与空置率相关的：高一个等级，空置率高 3.1 个百分点（1.2—5.0）；"
        "产权户数翻一番，空置率高 2.5 个百分点（1.5—3.5）（括号内为 90%区间）。"
        "3 项里区间不含零的 2 项；即使全无关系，3 项里平均也会有 0.3 项碰巧如此。"
        "楼宇等级的方向与通常经验相反，多半是与别的因素重叠或本区另有原因，不宜据此决策。"
    )
    lower = table.assign(effect_pp=-table["effect_pp"], lo_pp=-table["hi_pp"], hi_pp=-table["lo_pp"])
    assert "产权户数翻一番，空置率低 2.5 个百分点（1.5—3.5）" in prose.effect_words(lower, 0.90)
    none = prose.effect_words(table[table["driver"] == "metro_log2"], 0.90)
    assert none == "1 项里区间不含零的 0 项；即使全无关系，1 项里平均也会有 0.1 项碰巧如此。"
    assert prose.effect_words(table[table["driver"] == "year"], 0.90) == ""
    assert "导致" not in prose.effect_words(table, 0.90)


def test_doubts() -> None:
    # 3.1 falls to 1.0 without L3, 2.5 only to 2.0; the year's fall to nothing is not told.
    said = prose.doubt_words(model())
    assert said.startswith("只去掉一幢楼就减半或变号的：楼宇等级（去掉 L3）。")
    steady = fit()
    steady.diagnostics.influence = INFLUENCE.assign(without_pp=INFLUENCE["effect_pp"])
    assert prose.doubt_words(model(fit=steady)).startswith("去掉任何一幢楼，上述关系都不减半。")


def test_weighting_by_area() -> None:
    turned = fit(EFFECTS.assign(effect_pp=[9.0, 2.0, -1.0, 5.0]))
    assert "按面积加权后变号的：楼宇等级。" in prose.doubt_words(model(by_area=turned))
    # metro turns too, but is not told apart from none.
    assert "按面积加权，方向都不变。" in prose.doubt_words(model(by_area=fit()))


def test_what_a_hidden_trait_would_have_to_explain() -> None:
    # t = 5 and 3.1 on 60 − 10 = 50: ½ (√(f⁴ + 4f²) − f²) with f² = 0.5 and 0.1922.
    assert prose.doubt_words(model()).endswith("才能把关系抵消为零：产权户数 50.0%、楼宇等级 35.3%。")
    unsure = fit(EFFECTS.assign(lo_pp=-9.0, hi_pp=9.0))
    assert prose.doubt_words(model(fit=unsure)) == ""


@pytest.mark.parametrize(
    ("wins", "said"),
    [(TREE, "提升树更准：与这些因素的关系可能有拐点"), (LOGIT, "本章的模型更准"), ("", "两者没有可靠的差别")],
)
def test_the_tree_is_reported_whoever_wins(wins: str, said: str) -> None:
    words = prose.tree_words(TreeCheck(wins=wins, clusters=60))
    assert words.startswith(f"换用提升树，预测没有见过的楼宇（60 幢分组交叉验证）：{said}")
    assert prose.tree_words(TreeCheck(refused="只有 19 组。")) == "没有用提升树核对：只有 19 组。"


def test_what_cannot_be_known_is_told_by_reason() -> None:
    # A stand-in that was not needed is no gap.
    assert prose.unknown_words(model()) == (
        "没有进入模型的因素：电梯负荷、大租户依赖：排在后面；周边配套：各台账都没有。没有进入模型，不等于没有关系。"
    )


def test_numbers_that_are_missing_do_not_reach_the_words() -> None:
    blank = EFFECTS.assign(se_pp=np.nan, lo_pp=np.nan, hi_pp=np.nan)
    assert "nan" not in prose.doubt_words(model(fit=fit(blank)))
