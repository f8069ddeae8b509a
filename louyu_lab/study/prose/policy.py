"""What chapter 03 says of policies and refits: how far their effect can be told, and why no further."""

from __future__ import annotations

import numpy as np

from louyu_lab.analysis.vacancy.certainty import LEVEL
from louyu_lab.analysis.vacancy.policy.checks import PERMUTATIONS, PLACEBO_YEARS
from louyu_lab.analysis.vacancy.policy.event_panel import TREATED, UNMATCHED
from louyu_lab.analysis.vacancy.policy.findings import CAUSES, REFUSED, UNSEEN, Finding, PolicyStudy
from louyu_lab.study.prose.numbers import listed, paragraph


def policy_words(study: PolicyStudy) -> str:
    """Say of each event what was found, a paragraph each; one sentence where there is none."""
    if not study.findings:
        return "没有政策台账，也没有楼宇填改造年份，政策效果从略。"
    found = [_finding(finding) for finding in study.findings if finding.verdict != REFUSED]
    refused = [finding for finding in study.findings if finding.verdict == REFUSED]
    reasons = "；".join(f"“{finding.policy}”（{'，'.join(finding.doubts)}）" for finding in refused)
    return "\n\n".join([*found, *([f"数据不足、不作估计的：{reasons}。"] if refused else [])])


def exposure_words(study: PolicyStudy) -> str:
    """Say which buildings were matched and why others are not used."""
    rows = study.exposures
    if len(rows) == 0:
        return ""
    other = rows[(rows["role"] != TREATED) & (rows["role"] != UNMATCHED)]
    reasons = [
        f"{len(part)} 幢{role}（{listed(sorted(set(part['beneficiary'])), 5, '幢')}）"
        for role, part in other.groupby("role", sort=True)
    ]
    outside = (rows["role"] == UNMATCHED).sum()
    why = "企业的补贴多因企业来了才发，不能反过来解释空置；补给整幢楼的，请把“对象”写成楼宇名称"
    return paragraph(
        f"按政策和改造年份共对上 {(rows['role'] == TREATED).sum()} 幢次处理楼宇",
        f"另有 {'；'.join(reasons)}" if reasons else "",
        f"{outside} 个对象是企业或查不到的楼宇，不用：{why}" if outside else "",
    )


def _finding(finding: Finding) -> str:
    """Say one event's effect; 带来 only where every check is passed, otherwise that the two go together."""
    effect = finding.effect
    if finding.verdict == UNSEEN:
        said = f"看不出效果：相差 {_signed(effect.value)}（{_interval(effect.lo, effect.hi)}）"
        size = f"只分辨得出 {effect.detectable * 100:.1f} 个百分点以上的效果，更小的有没有不得而知"
    else:
        way = "降低" if effect.value < 0 else "升高"
        said = f"{abs(effect.value) * 100:.1f} 个百分点（{_interval(effect.lo, effect.hi)}）"
        if finding.verdict == CAUSES:
            said = f"带来的效果：处理楼宇的可招商空置率平均{way} {said}"
        else:
            said = f"与处理楼宇的可招商空置率{way}相关，平均{way} {said}，但不能说是它带来的"
        size = f"可分辨的最小效果为 {effect.detectable * 100:.1f} 个百分点"
    sides = f"处理楼宇 {finding.treated} 幢，对照 {finding.controls} 幢"
    return paragraph(
        f"“{finding.policy}”{said}",
        f"{sides}，开始前有 {finding.years_before} 个年末；{size}",
        f"不能这样说是因为：{'；'.join(finding.doubts)}" if finding.doubts else "",
        _checked(finding) if finding.verdict != UNSEEN else "",
    )


def _checked(finding: Finding) -> str:
    trend = (
        f"开始前走势相同的检验 p={_p(finding.trend.p_value)}，没有偏移的检验 p={_p(finding.trend.drift_p)}"
    )
    pretended = finding.placebo
    shown = f"假想提前 {PLACEBO_YEARS} 年开始，效果 {_signed(pretended.value)}（p={_p(pretended.p_value)}）"
    if not np.isfinite(pretended.p_value):
        shown = ""
    by_lot = f"把处理楼宇随机换过 {PERMUTATIONS} 次，{finding.permutation_p:.1%} 有这样大的差别"
    return "；".join(text for text in (trend, shown, by_lot) if text)


def _signed(effect: float) -> str:
    return f"{effect * 100:+.1f} 个百分点".replace("-", "−")


def _interval(low: float, high: float) -> str:
    ends = "至".join(f"{end * 100:+.1f}".replace("-", "−") for end in (low, high))
    return f"{LEVEL:.0%}区间 {ends}"


def _p(value: float) -> str:
    return f"{value:.2f}" if np.isfinite(value) else "无法计算"
