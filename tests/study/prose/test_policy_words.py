"""The sentences of policies agree with the findings; 带来 stands only where every check is passed."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.analysis.vacancy.policy import findings as found
from louyu_lab.analysis.vacancy.policy.checks import PreTrend
from louyu_lab.analysis.vacancy.policy.effects import Effect
from louyu_lab.study.prose import policy as prose

# (1.697 + 0.854) × 1.2 = 3.06 points are detectable at 30 degrees of freedom.
EFFECT = Effect(-0.0612, 0.012, 30.0, -0.0813, -0.0411, 0.0001, 25, 52, np.zeros(1))
PLACEBO = Effect(0.004, 0.011, 30.0, -0.014, 0.022, 0.72, 25, 52, np.zeros(1))
TREND = PreTrend((-2, -3, -4), 0.43, 0.51)


def study(*findings: found.Finding, exposures: pd.DataFrame | None = None) -> found.PolicyStudy:
    columns = ["policy", "beneficiary", "building_id", "first_year", "rows", "role"]
    empty = pd.DataFrame(columns=columns)
    return found.PolicyStudy(findings, empty, empty, empty if exposures is None else exposures)


def finding(verdict: str, *doubts: str, effect: Effect = EFFECT) -> found.Finding:
    return found.Finding("运营补贴", 25, 52, 4, verdict, doubts, effect, TREND, PLACEBO, 0.002)


def test_an_effect_that_passed_every_check() -> None:
    assert prose.policy_words(study(finding(found.CAUSES))) == (
        "“运营补贴”带来的效果：处理楼宇的可招商空置率平均降低 6.1 个百分点（90%区间 −8.1至−4.1）。"
        "处理楼宇 25 幢，对照 52 幢，开始前有 4 个年末；可分辨的最小效果为 3.1 个百分点。"
        "开始前走势相同的检验 p=0.43，没有偏移的检验 p=0.51；假想提前 2 年开始，效果 +0.4 个百分点（p=0.72）；"
        "把处理楼宇随机换过 499 次，0.2% 有这样大的差别。"
    )


def test_doubts_keep_it_to_goes_with() -> None:
    said = prose.policy_words(study(finding(found.GOES_WITH, "开始前两组走势已有差别")))
    assert "带来的效果" not in said
    assert "降低相关，平均降低 6.1 个百分点" in said
    assert "不能这样说是因为：开始前两组走势已有差别。" in said


def test_nothing_seen_says_what_could_have_been() -> None:
    small = Effect(-0.01, 0.012, 30.0, -0.030, 0.010, 0.41, 25, 52, np.zeros(1))
    said = prose.policy_words(study(finding(found.UNSEEN, effect=small)))
    assert said == (
        "“运营补贴”看不出效果：相差 −1.0 个百分点（90%区间 −3.0至+1.0）。处理楼宇 25 幢，对照 52 幢，"
        "开始前有 4 个年末；只分辨得出 3.1 个百分点以上的效果，更小的有没有不得而知。"
    )


def test_refused_and_nothing() -> None:
    refused = found.Finding("改造补贴", 5, 80, 4, found.REFUSED, ("可用的处理楼宇 5 幢，至少要 8 幢",))
    assert prose.policy_words(study(refused)) == (
        "数据不足、不作估计的：“改造补贴”（可用的处理楼宇 5 幢，至少要 8 幢）。"
    )
    assert prose.policy_words(study()) == "没有政策台账，也没有楼宇填改造年份，政策效果从略。"
    assert prose.exposure_words(study()) == ""


def test_who_is_not_used_and_why() -> None:
    exposures = pd.DataFrame(
        {
            "beneficiary": ["甲大厦", "乙大厦", "丙大厦", "某某公司"],
            "role": ["处理组", "处理组", "没有起始日期，不用", "对象不是楼宇台账中的楼宇，不用"],
        }
    )
    assert prose.exposure_words(study(exposures=exposures)) == (
        "按政策和改造年份共对上 2 幢次处理楼宇。另有 1 幢没有起始日期，不用（丙大厦）。"
        "1 个对象是企业或查不到的楼宇，不用：企业的补贴多因企业来了才发，不能反过来解释空置；"
        "补给整幢楼的，请把“对象”写成楼宇名称。"
    )
