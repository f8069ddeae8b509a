"""What chapter 04 says of coming 亿元楼, of the ladder, of who brings growth and of what may be lost."""

from __future__ import annotations

import pandas as pd

from louyu_lab.analysis.tax.tiers.chances import (
    CERTAIN,
    CERTAIN_FROM,
    HOPEFUL,
    HOPEFUL_FROM,
    LISTED_CHANCE,
    PRESSED,
)
from louyu_lab.analysis.tax.tiers.ladder import STAY, open_rungs
from louyu_lab.analysis.tax.tiers.reliability import EVERY, FIRST_ORIGIN_YEARS, MATRIX, OURS
from louyu_lab.analysis.tax.tiers.watch import BUILDING, FALL, LIKELY_FALL
from louyu_lab.analysis.tiers import YI_BUILDING, tier_of
from louyu_lab.study.charts.chances import chance_text
from louyu_lab.study.prose.numbers import is_known, listed, paragraph, percent, yuan

#: Scores this near to each other are called equal.
CLEAR_GAIN = 0.05

#: Times a class of chances needs to be judged, and all of them to be compared with the rival.
LEAST_TIMES, LEAST_TRIALS = 20, 30

#: With a lower score of the rival than this hardly any building changed its tier.
LEAST_SCORE = 0.01

#: A class of chances is named from this difference between said and come on.
NEWS = 0.02


def cut_off_words() -> str:
    """Say what the words for a chance stand for."""
    return paragraph(
        f"可能性不低于 {CERTAIN_FROM:.0%} 为“{CERTAIN}”，{HOPEFUL_FROM:.0%}—{CERTAIN_FROM:.0%} 为"
        f"“{HOPEFUL}”，低于 {HOPEFUL_FROM:.0%} 为“{PRESSED}”；现有亿元楼指保持的可能性"
    )


def count_words(count: pd.DataFrame) -> str:
    """Say how many 亿元楼 are expected in the last year, how sure that is, and how the target stands."""
    if len(count) == 0:
        return "没有楼宇税收，亿元楼数量无从预测。"
    row = next(count.tail(1).itertuples())
    spread = f"{row.lo80}—{row.hi80} 幢" if row.lo80 < row.hi80 else f"{row.lo80} 幢"
    return paragraph(
        f"现有亿元楼 {row.now} 幢，预计 {row.year} 年平均 {row.mean:.1f} 幢，80% 区间 {spread}",
        "；".join(part for part in (_moved_words(row), _expected_words(row)) if part),
    )


def _moved_words(row: tuple) -> str:
    each = (("比现有多", row.p_more), ("少", row.p_fewer))
    return "，".join(f"{name}的可能性{spaced(chance_text(p))}" for name, p in each if is_known(p))


def _expected_words(row: tuple) -> str:
    return f"预计晋级 {row.promotions:.1f} 幢、降级 {row.relegations:.1f} 幢" if row.mean or row.now else ""


def spaced(text: str) -> str:
    """Return the text, after a blank where it begins with a figure."""
    return f" {text}" if text[0].isdigit() else text


def candidate_words(outlook: pd.DataFrame, known_years: int | None = None) -> str:
    """Name who may rise and who may fall by table ``yi_outlook``, with their chances; nobody below 5 %.

    ``known_years`` is how many years of tax there are (``TierDraws.known_years``): that they are too few for
    a back-test is said beside 把握大.
    """
    if len(outlook) == 0:
        return "没有亿元楼，也没有接近的楼宇。"
    is_yi = tier_of(outlook["tax_yuan"]) == YI_BUILDING
    year = int(outlook["year"].iloc[0])
    rising = outlook[~is_yi & (outlook["p_yi"] >= LISTED_CHANCE)]
    falling = outlook[is_yi & (outlook["p_yi"] < CERTAIN_FROM)].sort_values("p_yi", kind="stable")
    sure = outlook[is_yi & (outlook["p_yi"] >= CERTAIN_FROM)]
    return paragraph(
        f"到 {year} 年，有可能升为亿元楼的有{_chances(rising)}"
        if len(rising)
        else f"到 {year} 年，没有楼宇有像样的机会升为亿元楼",
        f"可能保不住的有{_chances(falling, '保持')}" if len(falling) else "",
        f"现有亿元楼中 {len(sure)} 幢保持的把握大{_untested(known_years)}" if len(sure) else "",
    )


def _untested(known_years: int | None) -> str:
    """Return the reserve that belongs beside 把握大 where the district's own past cannot bear it out."""
    if known_years is None or known_years >= FIRST_ORIGIN_YEARS:
        return ""
    return f"（只有 {known_years} 年税收，借一般规律推得，未经本区历史检验）"


def _chances(rows: pd.DataFrame, verb: str = "") -> str:
    each = [f"{row.building}（{verb}{chance_text(row.p_yi)}）" for row in rows.itertuples()]
    return listed(each, unit="幢")


def ladder_words(ladder: pd.DataFrame) -> str:
    """Say of the nearest building below 1亿元 what it lacks and what growth it needs, beside the past."""
    rows = open_rungs(ladder)
    rows = rows[rows["next_tier"] != STAY]
    if len(rows) == 0:
        return "1 亿元以下没有接近门槛的楼宇。"
    row = rows.iloc[0]
    past = ""
    if is_known(row.past_rate):
        past = f"，本区同等规模楼宇以往 {row.past_growths} 次中有 {percent(row.past_rate)} 做到"
    words = rows["outlook"].value_counts()
    counts = "、".join(f"{word} {words[word]} 幢" for word in (CERTAIN, HOPEFUL, PRESSED) if word in words)
    return paragraph(
        f"最接近的是{row.building}，税收 {yuan(row.tax_yuan)}，离{row.next_tier}差 "
        f"{yuan(row.gap_to_next_yuan)}；到 {row.year} 年达到，年均需增长 {percent(row.needed_rate)}{past}",
        f"5000 万元以上、尚未稳居亿元楼之列的 {len(rows)} 幢，升上一梯次：{counts}" if len(rows) > 1 else "",
    )


#: A building's change is told from this part of the largest one on.
_NEWS = 0.01


def contribution_words(contributions: pd.DataFrame) -> str:
    """Say what change is expected of the district, which buildings bring and which take most."""
    if len(contributions) == 0:
        return "没有楼宇税收，无从说起增长来自哪里。"
    rows = contributions[contributions["year"] == contributions["year"].max()]
    whole = rows[rows["level"] == "district"].iloc[0]
    buildings = rows[rows["level"] == "building"].sort_values("change_yuan", ascending=False, kind="stable")
    sure = "" if whole.lo80_yuan > 0 or whole.hi80_yuan < 0 else "，增减还不能肯定"
    # A sure change of next to nothing is no news.
    size = buildings["change_yuan"].abs()
    buildings = buildings[size >= _NEWS * size.max()]
    gains, falls = buildings[buildings["lo80_yuan"] > 0], buildings[buildings["hi80_yuan"] < 0][::-1]
    ended = whole.one_off_change_yuan
    if not (rows[["change_yuan", "lo80_yuan", "hi80_yuan"]] != 0).any(axis=None):
        return f"到 {whole.year} 年，现有楼宇税收预计没有增减。"
    return paragraph(
        f"到 {whole.year} 年，现有楼宇税收预计{_changed(whole.change_yuan)}"
        f"（80% 区间 {_signed(whole.lo80_yuan)}至{_signed(whole.hi80_yuan)}）{sure}",
        f"其中最近一年的一次性税收不再有，少 {yuan(-ended)}" if ended < 0 else "",
        f"增收较有把握的：{_changes(gains)}"
        if len(gains)
        else "没有哪幢楼增收较有把握（80% 区间的下端都在零以下）",
        f"减收较有把握的：{_changes(falls)}" if len(falls) else "",
    )


def _changed(change_yuan: float) -> str:
    return f"{'增加' if change_yuan >= 0 else '减少'} {yuan(abs(change_yuan))}"


def _signed(value: float) -> str:
    return f"{'增' if value >= 0 else '减'} {yuan(abs(value))}"


def _changes(rows: pd.DataFrame) -> str:
    each = [
        f"{row.name_}（{_signed(row.change_yuan)}）"
        for row in rows.rename(columns={"name": "name_"}).itertuples()
    ]
    return listed(each, most=5, unit="幢")


def watch_words(watch: pd.DataFrame) -> str:
    """Say which buildings may lose most next year, and how many may fall likely."""
    rows = watch[watch["kind"] == BUILDING]
    if len(rows) == 0:
        return "没有可以关注的纳税楼宇。"
    year = int(rows["year"].iloc[0])
    top = [
        f"{row.name_}（{yuan(row.loss_yuan)}）"
        for row in rows.head(3).rename(columns={"name": "name_"}).itertuples()
    ]
    likely = rows[rows["p_fall"] >= LIKELY_FALL]
    single = rows["is_single_source"].fillna(False).astype(bool).sum()
    firms = int((watch["kind"] != BUILDING).sum())
    event = f"降 {FALL:.0%} 以上的可能性达到"
    return paragraph(
        f"按最坏一成的情形，{year} 年可能损失最多的是{'、'.join(top)}",
        f"清单所列 {len(rows)} 幢中，{event} {LIKELY_FALL:.0%} 的有 {len(likely)} 幢，"
        f"单一税源的有 {single} 幢",
        "" if firms else "没有分户税收，不列企业",
    )


def reliability_words(scores: pd.DataFrame, reliability: pd.DataFrame) -> str:
    """Say whether chances beat the transition matrix, and whether they held in the district's own past."""
    if len(scores) == 0:
        return "历史太短，可能性是否可信无从检验。"
    ours = scores[scores["method"] == OURS]
    trials = int(ours["n"].sum())
    start = f"在本区自己的历史上检验（起点年 {ours['origins'].max()} 个，共 {trials} 次）"
    if trials < LEAST_TRIALS:
        return paragraph(f"{start}，次数太少，可能性是否可信下不了结论")
    wide = scores.pivot(index="horizon", columns="method", values="brier_tiers")
    if wide[MATRIX].mean() < LEAST_SCORE:
        return paragraph(f"{start}，各楼几乎都没有升降，检验不出高下")
    each = [f"提前 {step} 年 {row[OURS]:.3f}，后者 {row[MATRIX]:.3f}" for step, row in wide.iterrows()]
    gain = 1 - wide[OURS].sum() / wide[MATRIX].sum()
    verdict = f"总的看误差小 {percent(gain)}" if gain >= CLEAR_GAIN else "两者不相上下"
    verdict = f"总的看误差大 {percent(-gain)}，梯次可能性只供参考" if gain <= -CLEAR_GAIN else verdict
    return paragraph(
        f"{start}，与按以往梯次升降比例推算相比，布赖尔分（越小越好）{'；'.join(each)}",
        verdict,
        _held_words(reliability),
    )


def _held_words(reliability: pd.DataFrame) -> str:
    """Name the classes of chances that did not keep their word: beyond chance and by ``NEWS`` or more."""
    rows = reliability[reliability["event"] == EVERY]
    middle = rows[rows["mean_chance"].between(0.2, 0.95)]
    if middle["n"].sum() < LEAST_TIMES:
        return f"说 20%—95% 的只有 {middle['n'].sum():.0f} 次，不足以判断可能性是否名副其实"
    off = rows["observed_rate"] - rows["mean_chance"]
    is_beyond = (rows["mean_chance"] < rows["lo_rate"]) | (rows["mean_chance"] > rows["hi_rate"])
    is_wrong = is_beyond & (off.abs() >= NEWS) & (rows["n"] >= LEAST_TIMES)
    if not is_wrong.any():
        return "可能性与后来的实际相符，各档的差别都在偶然范围内"
    said = [
        f"{row.chance_class.replace('–', '—')} 一档"
        f"说{'低' if row.observed_rate > row.mean_chance else '高'}了"
        f"（{row.n:,} 次，平均说 {percent(row.mean_chance)}，实际 {percent(row.observed_rate)}）"
        for row in rows[is_wrong].itertuples()
    ]
    rest = "" if is_wrong.all() else "；其余各档大体相符"
    return f"可能性并不都名副其实：{'，'.join(said)}{rest}"
