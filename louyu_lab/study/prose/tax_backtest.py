"""What chapter 04 says of its own record: how right it would have been, and whether simpler is as good."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd

from louyu_lab.analysis.tax.forecasting.backtesting import OURS, Backtest
from louyu_lab.analysis.tax.forecasting.backtesting.district import (
    BUILDING,
    DISTRICT,
    STREET,
    DistrictBacktest,
)
from louyu_lab.analysis.tax.forecasting.backtesting.scores import ALL_HORIZONS
from louyu_lab.analysis.tax.forecasting.backtesting.verdict import (
    AS_GOOD,
    BETTER,
    LEAST_ORIGINS,
    UNKNOWN,
    WORSE,
    Verdict,
)
from louyu_lab.study.prose.numbers import is_known, listed, paragraph, percent

LEVELS_ZH = {DISTRICT: "全区", STREET: "各街道", BUILDING: "各楼"}

#: A coverage this far from its level is called narrow or wide.
_OFF = 0.05


def backtest_words(result: DistrictBacktest) -> str:
    """Say who forecast best at every level, how often the intervals held and the largest regret.

    Takes ``district.backtest_district``. Where a simple method was as good or better, it says so.
    """
    buildings = result.levels[BUILDING]
    if not len(buildings.errors):
        return paragraph(f"{result.reason}，预测有多准无从得知")
    return paragraph(
        _scope_words(buildings.errors),
        f"加权误差（误差绝对值之和 ÷ 实际税收之和）：{_level_words(result)}",
        _simple_words(result),
        _coverage_words(result),
        _regret_words(result),
    )


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
    judged = {name: result.levels[level].verdict for level, name in LEVELS_ZH.items()}
    known = {name: verdict for name, verdict in judged.items() if is_known(verdict.wape, verdict.rival_wape)}
    return "；".join(f"{name}{_verdict_words(verdict)}" for name, verdict in known.items())


def _verdict_words(verdict: Verdict) -> str:
    pair = f"{OURS} {percent(verdict.wape)}，简单方法中最好的{verdict.rival} {percent(verdict.rival_wape)}"
    return (
        pair
        + {
            BETTER: f"，{OURS}更准，误差小 {percent(verdict.gain)}",
            AS_GOOD: "，同样好（差别在偶然范围内）",
            WORSE: f"，{OURS}更差",
            UNKNOWN: "",
        }[verdict.word]
    )


def _simple_words(result: DistrictBacktest) -> str:
    """Say where the simple method does as well or better, or that there are too few origins to tell."""
    verdicts = {level: result.levels[level].verdict for level in LEVELS_ZH}
    if all(verdict.word == UNKNOWN for verdict in verdicts.values()):
        origins = verdicts[BUILDING].origins
        return f"起点只有 {origins} 个，少于 {LEAST_ORIGINS} 个，谁更准下不了结论"
    words = []
    for word, advice in ((WORSE, "应以{}为准"), (AS_GOOD, "用{}也一样")):
        simple: dict[str, list[str]] = {}
        for level, verdict in verdicts.items():
            if verdict.word == word:
                simple.setdefault(verdict.rival, []).append(LEVELS_ZH[level])
        words += [f"只看{_joined(names)}的数，{advice.format(rival)}" for rival, names in simple.items()]
    return "；".join(words)


def _joined(names: Sequence[str]) -> str:
    return "和".join(part for part in ("、".join(names[:-1]), names[-1]) if part)


def _coverage_words(result: DistrictBacktest) -> str:
    parts = []
    for level, name in LEVELS_ZH.items():
        row = _ours(result.levels[level])
        if row is not None and is_known(row["coverage80"], row["coverage95"]):
            text = f"{name} {percent(row['coverage80'])}、{percent(row['coverage95'])}"
            parts.append(text + _width_words(row))
    return f"80%、95% 区间实际包住的比例：{'，'.join(parts)}" if parts else ""


def _width_words(row: pd.Series) -> str:
    """Call the intervals narrow or wide where they are off by more than ``_OFF`` and than chance."""
    off = {level: row[f"coverage{level}"] - level / 100 for level in (80, 95)}
    chance = {level: 2 * math.sqrt(level / 100 * (1 - level / 100) / row["n"]) for level in off}
    if any(off[level] < -max(_OFF, chance[level]) for level in off):
        return "（偏窄）"
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
