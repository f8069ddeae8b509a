"""Figures of targets under scenarios: the chance of each, the number of 亿元楼, and along a swept lever."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from louyu_lab.analysis.indicator_catalogue import indicator_catalogue
from louyu_lab.study.charts.chances import chance_text
from louyu_lab.study.charts.parts import heat_cells
from louyu_lab.study.charts.scenario_paths import BASELINE, names_of
from louyu_lab.study.charts.style import (
    INK,
    MAIN,
    MUTED,
    SMALL,
    TAX,
    chart,
    new_figure,
    no_data,
)
from louyu_lab.study.charts.text import balance

#: Rows and columns of the table of chances at most.
MOST_SCENARIOS, MOST_TARGETS = 20, 9

#: A number of buildings rarer than this in every scenario has no bar.
_RARE = 0.005

#: Scenarios whose number of 亿元楼 is drawn.
_MOST_PANELS = 5


@chart
def target_chances(chances: pd.DataFrame, note: str = "") -> Figure:
    """Draw the chance of every target by scenario from table ``targets_probability``, the baseline on top.

    Of an indicator's targets the last one is drawn. Targets that no scenario moves are named in the footnote;
    a cell with — is one that this scenario cannot answer.
    """
    title = "达到目标的可能性（%）"
    names_zh = {code: spec.zh for code, spec in indicator_catalogue().items()}
    named = chances.assign(name_zh=[names_zh.get(code, code) for code in chances["indicator"]])
    known = named[named["p_reached"].notna()]
    if not len(known):
        return no_data(f"各情景{title}", "推演的年份里没有情景能改变的目标")
    last = known[known["year"] == known.groupby("indicator")["year"].transform("max")]
    heads = last.drop_duplicates("indicator")
    first, more = heads.head(MOST_TARGETS), max(len(heads) - MOST_TARGETS, 0)
    years = sorted({int(year) for year in first["year"]})
    is_one = len(years) == 1
    title = f"各情景{years[0]}年{title}" if is_one else f"各情景{title}"
    columns = [row.name_zh if is_one else f"{row.name_zh} {row.year}" for row in first.itertuples()]
    names = names_of(known)
    wide = last.pivot(index="scenario", columns="indicator", values="p_reached")[first["indicator"]]
    wide.columns = columns
    base = last.drop_duplicates("indicator").set_index("indicator")["p_baseline"][first["indicator"]]
    wide.loc[BASELINE] = base.to_numpy()
    left = max(len(names) - MOST_SCENARIOS, 0)
    wide = wide.loc[[BASELINE, *names[:MOST_SCENARIOS]]]
    scope = "口径：占全部模拟的比例，颜色越深可能性越大。" + _unmoved(named, known)
    scope += "" if is_one else "指标名后为目标年。"
    scope += f"另有{more}项目标未画出。" if more else ""
    scope += f"另有{left}个情景未画出。" if left else ""
    labels = [balance(name, 11, 2) for name in wide.index]
    height = 1.0 + sum(0.36 + 0.16 * label.count("\n") for label in labels)
    figure, ax = new_figure(title, height, scope + note)
    heat_cells(ax, wide, _cell, top=1.0)
    ax.set_yticks(range(len(labels)), labels, linespacing=1.1)
    per_column = max(2.0, 27.0 / len(columns) - 0.5)
    ax.set_xticks(range(len(columns)), [balance(name, per_column, 4) for name in columns])
    for row, column in np.argwhere(wide.isna().to_numpy()):
        ax.text(column, row, "—", ha="center", va="center", size=SMALL, color=MUTED)
    return figure


def _cell(p: float) -> str:
    """Return a chance in per cent without its sign; what draws cannot tell from 0 or 1 as < or >."""
    told = chance_text(p, 0)
    return told.removesuffix("%").replace("不足", "<").replace("超过", ">")


def _unmoved(named: pd.DataFrame, known: pd.DataFrame) -> str:
    """Name the indicators with a target that no scenario moves."""
    others = named.loc[~named["indicator"].isin(known["indicator"]), "name_zh"].drop_duplicates().tolist()
    return f"情景不改变的未画出：{'、'.join(others)}。" if others else ""


@chart
def yi_number_bars(
    numbers: Mapping[str, np.ndarray], year: int, now: float, target: float = float("nan"), note: str = ""
) -> Figure:
    """Draw the chance of every number of 亿元楼 in a year, a panel a scenario, the baseline's outlined.

    ``numbers`` title → number in every draw (draws,), that of ``BASELINE`` among them; ``now`` is the number
    of the base year, dark; ``target`` a dashed stroke. Numbers rarer than ``_RARE`` are left out; the
    scenarios furthest from the baseline come first.
    """
    title = "亿元楼数量的可能性"
    if not numbers:
        return no_data(title, "没有楼宇税收")
    names = _furthest(numbers)
    drawn, left = [BASELINE, *names[: _MOST_PANELS - 1]], max(len(names) - _MOST_PANELS + 1, 0)
    shares = {name: _shares(numbers[name]) for name in drawn if name in numbers}
    every = [*(number for own in shares.values() for number in own.index), now]
    every += [target] if np.isfinite(target) else []
    low, high = int(min(every)), int(max(every))
    scope = f"口径：税收1亿元及以上，不含一次性税收；深色为基年的{now:.0f}幢，折线为基准。"
    scope += f"竖虚线为目标{target:.0f}幢。" if np.isfinite(target) else ""
    scope += f"另有{left}个情景未画出。" if left else ""
    figure, axes = new_figure(
        f"{year}年{title}",
        1.3 * len(shares) + 0.5,
        scope + note,
        rows=len(shares),
        sharex=True,
        squeeze=False,
    )
    tallest = max(0.1, *(float(own.max()) for own in shares.values()))
    for ax, (name, own) in zip(axes[:, 0], shares.items(), strict=True):
        _numbers(ax, own, now, high - low)
        if name != BASELINE and BASELINE in shares:
            steps = shares[BASELINE].reindex(range(low, high + 1), fill_value=0.0)
            ax.stairs(steps, np.arange(low, high + 2) - 0.5, color=MUTED, linewidth=1.4)
        if np.isfinite(target):
            ax.axvline(target, color=MAIN, linewidth=1.6, linestyle="--", zorder=0)
        ax.set_title(balance(name, 40, 1), size=SMALL)
        ax.set_ylim(0, tallest * 1.3)
    foot = axes[-1, 0]
    foot.set_xticks(range(low, high + 1, max(1, -(-(high - low + 1) // 12))))
    foot.set_xlim(low - 0.7, high + 0.7)
    foot.set_xlabel("亿元楼数量（幢）")
    return figure


def _furthest(numbers: Mapping[str, np.ndarray]) -> list[str]:
    """Return the scenarios, those first whose mean number is furthest from the baseline's."""
    names = [name for name in numbers if name != BASELINE]
    base = np.mean(numbers.get(BASELINE, np.zeros(1)))
    return sorted(names, key=lambda name: -abs(np.mean(numbers[name]) - base))


def _shares(numbers: np.ndarray) -> pd.Series:
    """Return how often each number comes among the draws, without the rare ones."""
    shares = pd.Series(numbers).astype("int64").value_counts(normalize=True).sort_index()
    return shares[shares >= _RARE]


def _numbers(ax: Axes, own: pd.Series, now: float, span: int) -> None:
    """Draw one bar a number, with its chance where there is room."""
    bars = ax.bar(own.index, own, width=0.7, color=[INK if number == now else TAX for number in own.index])
    if span <= 12:
        texts = ax.bar_label(bars, [f"{_cell(p)}%" for p in own], padding=2, fontsize=SMALL)
        for text in texts:
            text.set_bbox({"facecolor": "white", "edgecolor": "none", "pad": 1.0})
    ax.yaxis.set_visible(False)
    ax.spines["left"].set_visible(False)
