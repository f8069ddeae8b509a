"""What chapter 04 says of its own record: how right it would have been, and whether simpler is as good."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd

from louyu_lab.analysis.tax.forecasting.backtesting import OURS, Backtest
from louyu_lab.analysis.tax.forecasting.backtesting.scores import ALL_HORIZONS
from louyu_lab.analysis.tax.forecasting.backtesting.verdict import (
    AS_GOOD,
    BETTER,
    LEAST_ORIGINS,
    NEAR,
    UNKNOWN,
    UNSURE,
    WORSE,
    Verdict,
)
from louyu_lab.analysis.tax.record.district import (
    BUILDING,
    DISTRICT,
    STREET,
    DistrictBacktest,
    simple_forecast,
)
from louyu_lab.study.prose.numbers import is_known, listed, paragraph, percent, yuan

LEVELS_ZH = {DISTRICT: "全区", STREET: "各街道", BUILDING: "各楼"}

#: A coverage this far from its level is called narrow or wide.
_OFF = 0.05

#: With fewer origins than this it is their number that leaves a difference open.
_FEW_ORIGINS = 10


def backtest_words(result: DistrictBacktest) -> str:
    """Say who forecast best at every level, how often the intervals held and the largest regret.

    Takes ``district.backtest_district``. Where a simple method was better, surely or maybe, it says so and
    gives the method's own figure for the district.
    """
    buildings = result.levels[BUILDING]
    if not len(buildings.errors):
        return paragraph(f"{result.reason}，预测有多准无从得知")
    if not _known(result):
        return paragraph(_scope_words(buildings.errors), "这些年的实际税收都是零，谁更准无从比较")
    return paragraph(
        _scope_words(buildings.errors),
        f"加权误差（误差绝对值之和 ÷ 实际税收之和）：{_level_words(result)}",
        _simple_words(result),
        _coverage_words(result),
        _regret_words(result),
    )


def _known(result: DistrictBacktest) -> dict[str, Verdict]:
    """Return level → verdict of the levels that are told and have one."""
    judged = {level: result.levels[level].verdict for level in result.told}
    return {level: each for level, each in judged.items() if is_known(each.wape, each.rival_wape)}


def _names(result: DistrictBacktest) -> dict[str, str]:
    """Return level → its name; a district of one street or building is theirs too."""
    names = dict(LEVELS_ZH)
    if result.told == (DISTRICT,):
        names[DISTRICT] = "全区（只有 1 幢楼）"
    elif result.levels[STREET].errors["unique_id"].nunique() == 1:
        names[DISTRICT] = "全区（只有 1 个街道）"
    return names


def _scope_words(errors: pd.DataFrame) -> str:
    origins = sorted(errors["origin"].unique())
    ahead = int(errors["horizon"].max())
    reach = f"{ahead} 年" if ahead == 1 else f"1—{ahead} 年"
    span = _span(origins)
    return (
        f"回到 {span}年底（{len(origins)} 个起点），只用当时已有的数据预测其后 {reach}，"
        "再与后来的实际税收相比"
    )


def _span(years: Sequence[int]) -> str:
    if len(years) > 1 and years[-1] - years[0] == len(years) - 1:
        return f"{years[0]}—{years[-1]} "
    return "、".join(str(year) for year in years) + " "


def _level_words(result: DistrictBacktest) -> str:
    names = _names(result)
    return "；".join(f"{names[level]}{_verdict_words(each)}" for level, each in _known(result).items())


def _verdict_words(verdict: Verdict) -> str:
    pair = f"{OURS} {percent(verdict.wape)}，简单方法中最好的{verdict.rival} {percent(verdict.rival_wape)}"
    gap = ""
    if is_known(verdict.gain):
        gap = f"误差{'低' if verdict.gain > 0 else '高'} {percent(abs(verdict.gain))}"
    few = f"起点只有 {verdict.origins} 个" if verdict.origins < _FEW_ORIGINS else "各起点有高有低"
    said = {
        BETTER: (f"{OURS}更准", gap),
        WORSE: (f"{OURS}更差", gap),
        AS_GOOD: ("同样好",),
        NEAR: (gap, "在偶然范围内"),
        UNSURE: (gap, f"但{few}，不能排除偶然"),
        UNKNOWN: (),
    }[verdict.word]
    return "，".join(part for part in (pair, *said) if part)


def _simple_words(result: DistrictBacktest) -> str:
    """Say where the simple method does as well or better, with its figure, or that nobody can tell."""
    verdicts, words = _known(result), []
    if all(verdict.word == UNKNOWN for verdict in verdicts.values()):
        origins = result.levels[BUILDING].verdict.origins
        words.append(f"起点只有 {origins} 个，少于 {LEAST_ORIGINS} 个，谁更准下不了结论")
    for picked, advice in (
        (lambda each: each.word == WORSE, "应以{}为准"),
        (lambda each: each.word != WORSE and each.is_behind, "应拿{}作对照"),
        (lambda each: each.word == AS_GOOD, "用{}也一样"),
    ):
        simple: dict[str, list[str]] = {}
        for level, verdict in verdicts.items():
            if picked(verdict):
                simple.setdefault(verdict.rival, []).append(level)
        for rival, levels in simple.items():
            text = f"只看{_joined([LEVELS_ZH[level] for level in levels])}的数，{advice.format(rival)}"
            behind = DISTRICT in levels and verdicts[DISTRICT].is_behind
            words.append(text + (_figure_words(result, rival) if behind else ""))
    return "；".join(words)


def _figure_words(result: DistrictBacktest, method: str) -> str:
    """Give what the simple method says of the district's coming years."""
    coming = simple_forecast(result, method)
    if not is_known(*coming):
        return ""
    first = int(result.history.years[-1]) + 1
    years = f"{first}—{first + len(coming) - 1}" if len(coming) > 1 else f"{first}"
    each = f"{'依次' if len(coming) > 1 else ''}为 {'、'.join(map(yuan, coming.tolist()))}"
    return f"（按它推算，全区 {years} 年{each}）"


def _joined(names: Sequence[str]) -> str:
    return "和".join(part for part in ("、".join(names[:-1]), names[-1]) if part)


def _coverage_words(result: DistrictBacktest) -> str:
    parts, short, names = [], [], _names(result)
    for level in result.told:
        row = _ours(result.levels[level])
        if row is not None and is_known(row["coverage80"], row["coverage95"]):
            blank = "" if names[level].endswith("）") else " "
            rates = f"{percent(row['coverage80'])}、{percent(row['coverage95'])}"
            parts.append(names[level] + blank + rates + _width_words(row))
            if row["coverage80"] < 0.8 - _OFF:
                short.append(LEVELS_ZH[level])
    told = f"80%、95% 区间实际包住的比例：{'，'.join(parts)}" if parts else ""
    # What the chapter calls eight chances in ten has to be read by what became of them.
    return told + (f"；{_joined(short)}的八成把握、80% 区间要打折扣看" if short else "")


def _width_words(row: pd.Series) -> str:
    """Call the intervals narrow or wide where off by more than ``_OFF``, and say what may be chance."""
    off = {level: row[f"coverage{level}"] - level / 100 for level in (80, 95)}
    chance = {level: 2 * math.sqrt(level / 100 * (1 - level / 100) / row["n"]) for level in off}
    if any(off[level] < -max(_OFF, chance[level]) for level in off):
        return "（偏窄）"
    if any(off[level] < -_OFF for level in off):
        return f"（不足，但只有 {row['n']:.0f} 次，样本少）"
    return "（偏宽）" if off[80] > max(_OFF, chance[80]) else ""


def _ours(test: Backtest) -> pd.Series | None:
    rows = test.scores[(test.scores["method"] == OURS) & (test.scores["horizon"] == ALL_HORIZONS)]
    return rows.iloc[0] if len(rows) else None


def _regret_words(result: DistrictBacktest) -> str:
    """Say which method fell furthest behind the best one at one origin, and how far ours did."""
    regret = result.levels[BUILDING].regret
    worst = regret.sort_values("max_regret", ascending=False, kind="stable").head(1)
    ours = regret[regret["method"] == OURS]
    if not len(worst) or not worst["max_regret"].iloc[0] > 0:
        return ""
    said = [f"{row.method}（{row.origin} 年，{_behind(row.max_regret)}）" for row in worst.itertuples()]
    own = ""
    if len(ours) and worst["method"].iloc[0] != OURS:
        row = ours.iloc[0]
        own = f"，{OURS}最多落后 {_behind(row['max_regret'])}"
        if row["max_regret"] < 0.0005:
            own = f"，{OURS}在每个起点都不落后"
    return f"逐楼预测，单个起点上落后当年最好方法最多的是{listed(said)}{own}"


def _behind(regret: float) -> str:
    return f"{regret * 100:.1f} 个百分点"
