"""What is said of the weight is what it was learned from."""

from __future__ import annotations

from types import SimpleNamespace

from louyu_lab.analysis.tax.outlook.combining import LearnedWeight
from louyu_lab.study.prose.tax_outlook import weight_words


def outlook_of(learned: LearnedWeight, past: dict[int, float], refused: str = "") -> SimpleNamespace:
    return SimpleNamespace(
        tenants=SimpleNamespace(refused=refused),
        learned=learned,
        weight=learned.value,
        past_learned={origin: LearnedWeight(value) for origin, value in past.items()},
    )


def test_learned_from_former_years() -> None:
    outlook = outlook_of(LearnedWeight(0.24, 320, (2016, 2017, 2018, 2019), 7), dict.fromkeys(range(4), 0.3))
    assert weight_words(outlook) == (
        "各楼的预测由两部分加权：逐户推算占 24%，楼宇税收总额的历史占 76%；"
        "权重由通常的权重和 2016—2019 年末所作预测的 320 个误差（楼宇 × 年份）折中得出。"
    )
    gap = outlook_of(LearnedWeight(0.24, 320, (2016, 2019), 7), {2016: 0.3, 2017: 0.0})
    assert "2016、2019 年末所作" in weight_words(gap)
    assert "2 个起点中，1 个有逐户推算，其余只看总额。" in weight_words(gap)


def test_nothing_to_learn_from_is_said() -> None:
    outlook = outlook_of(LearnedWeight(0.1, 0, (), 1), {2016: 0.0, 2017: 0.0})
    assert weight_words(outlook) == (
        "各楼的预测由两部分加权：逐户推算占 10%，楼宇税收总额的历史占 90%；没有往年误差可学，用通常的权重。"
        "分企业的税收连续只有 2 年，好年景和长期增长还分不清，逐户推算的权重已压低。"
        "检验所用的 2 个起点都没有逐户推算，检验的只是看总额那一部分。"
    )


def test_a_refused_model_is_said() -> None:
    outlook = outlook_of(LearnedWeight(0.0), {}, "2020 年没有分企业的税收")
    assert weight_words(outlook) == "2020 年没有分企业的税收，预测只依据各楼税收总额的历史。"
