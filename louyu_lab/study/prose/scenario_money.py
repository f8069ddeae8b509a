"""What chapter 06 says of money: cost, local tax, payback; of the cheapest mix; of a swept lever."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from louyu_lab.analysis.scenarios.answers.goal import GoalAnswer
from louyu_lab.analysis.scenarios.levers.scenario import ScenarioError
from louyu_lab.analysis.scenarios.levers.schema import levers
from louyu_lab.study.charts.chances import chance_text
from louyu_lab.study.charts.scenario_sweep import moved
from louyu_lab.study.prose.numbers import is_known, paragraph, percent, yuan
from louyu_lab.study.prose.scenario_targets import name_of, printed
from louyu_lab.study.prose.tax_tiers import spaced

#: Targets told of a sweep.
_NAMED = 3


def money_words(prices: pd.DataFrame) -> str:
    """Say of every scenario of table ``scenario_price`` that costs something what it buys; a line each."""
    rows = prices[prices["cost_yuan"] > 0]
    if not len(rows):
        return "算出的情景都没有写补贴或单价，不算花费。" if len(prices) else ""
    lines = [_price_words(row) for row in rows.itertuples()]
    free = len(prices) - len(rows)
    left = paragraph(f"其余 {free} 个情景没有写花费") if free else ""
    caveat = paragraph(
        "新增税收只与本区的基准比，从别的区迁来的对全市是此增彼减；推演年份以后的收支都没有计入"
    )
    return "\n\n".join([*lines, left + caveat])


def _price_words(row: tuple) -> str:
    return paragraph(
        f"**{row.scenario}**：累计花费 {yuan(row.cost_yuan)}"
        + (f"，新增地方税收平均 {yuan(row.local_tax_yuan)}" if is_known(row.local_tax_yuan) else ""),
        _ratio_words(row),
        f"支出中 {percent(row.idle_rate)} 给了本来就会来的（无谓支出）"
        if _is_positive(row.idle_rate)
        else "",
        _present_words(row),
        f"预计 {row.payback_year} 年收回花费" if pd.notna(row.payback_year) else "",
        _break_even_words(row),
        str(row.note) if pd.notna(row.note) else "",
    )


def _is_positive(value: float) -> bool:
    return is_known(value) and value > 0


def _ratio_words(row: tuple) -> str:
    if not is_known(row.price_ratio):
        return ""
    low, high = row.price_lo80_ratio, row.price_hi80_ratio
    spread = f"（80% 区间 {low:.2f}—{high:.2f} 元）" if is_known(low, high) else ""
    if is_known(low) and not is_known(high):
        spread = f"（80% 区间 {low:.2f} 元以上）"
    return f"每新增 1 元地方税收花 {row.price_ratio:.2f} 元{spread}"


def _present_words(row: tuple) -> str:
    if not is_known(row.present_yuan):
        return ""
    chance = spaced(chance_text(row.p_present, 0)) if is_known(row.p_present) else ""
    beside = f"，为正的可能性{chance}" if chance else ""
    return f"净现值平均 {yuan(row.present_yuan)}{beside}"


def _break_even_words(row: tuple) -> str:
    if not is_known(row.break_even_rate) or row.break_even_rate > 1:
        return ""
    if not is_known(row.additional_rate):
        return f"推演的增收兑现 {percent(row.break_even_rate)} 就收支相抵"
    own = f"推演里是 {percent(row.additional_rate)}"
    return f"要收支相抵，受支持的须有 {percent(row.break_even_rate)} 是真正新增的，{own}"


def goal_words(answer: GoalAnswer) -> str:
    """Say what is the cheapest mix that reaches the goal, or that none does."""
    goal = answer.goal
    target = f"{name_of(goal.indicator)}达到 {printed(goal.indicator, goal.target)}"
    aim = f"“{answer.title}”要 {goal.year} 年{target}、把握 {goal.probability:.0%}"
    chance = spaced(chance_text(answer.p_reached, 0))
    if not answer.is_reached:
        return paragraph(f"{aim}：在给定范围内做不到，全部用足可能性也只有{chance}")
    used = [f"{levers()[name].title} {levers()[name].printed(value)}" for name, value in answer.mix.items()]
    if not used:
        return paragraph(f"{aim}：不用这些杠杆就已做到，可能性{chance}")
    binding = [levers()[name].title for name in answer.binding]
    return paragraph(
        f"{aim}：最省的组合是{'、'.join(used)}，共花 {yuan(answer.cost_yuan)}，可能性{chance}",
        f"{'、'.join(binding)}已用到上限" if binding else "",
        "最省是在给定的范围和单价之内说的，单价由使用者填写",
    )


def no_goal_words(asked: int, held: int) -> str:
    """Say that no scenario asks for a goal; nothing where one does, or where there is no scenario at all."""
    return "算出的情景都没有写 goal（目标倒推）。" if held and not asked else ""


def refused_goal_words(refused: Sequence[ScenarioError]) -> str:
    """Say which goals were not sought and why."""
    return paragraph(*(f"{error.file} 的目标倒推没有算：{'；'.join(error.problems)}" for error in refused))


def sweep_words(sweep: pd.DataFrame) -> str:
    """Say how the chance of each target goes with the swept lever, by ``scenario_sweep`` (one scenario)."""
    if not len(sweep):
        return ""
    last = sweep[sweep["year"] == sweep.groupby("indicator")["year"].transform("max")]
    first, end = (last.loc[last["lever_value"] == value, "setting"].iloc[0] for value in _ends(last))
    opening = f"“{sweep['scenario'].iloc[0]}”把{sweep['title'].iloc[0]}从 {first} 扫到 {end}"
    codes = moved(last)
    if not codes:
        return paragraph(f"{opening}，有目标的指标都没有变化")
    each = [_swept(last[last["indicator"] == code].sort_values("lever_value")) for code in codes[:_NAMED]]
    return paragraph(f"{opening}：{'；'.join(each)}")


def _ends(last: pd.DataFrame) -> tuple[float, float]:
    return float(last["lever_value"].min()), float(last["lever_value"].max())


def _swept(rows: pd.DataFrame) -> str:
    """Say the way of the chance, else of the median, from the lowest value to the highest."""
    low, high = rows.iloc[0], rows.iloc[-1]
    what = f"{int(low['year'])} 年{low['name_zh']}"
    code = str(low["indicator"])
    middle = f"中位数从 {printed(code, low['median'])}到 {printed(code, high['median'])}"
    if not is_known(low["p_reached"], high["p_reached"]):
        return f"{what}{middle}"
    enough = rows[rows["p_reached"] >= 0.5]
    is_late = len(enough) > 0 and enough.index[0] != rows.index[0]
    half = f"，到 {enough['setting'].iloc[0]} 才有一半可能" if is_late else ""
    chances = [spaced(chance_text(row["p_reached"], 0)) for row in (low, high)]
    way = f"从{'到'.join(chances)}" if chances[0] != chances[1] else f"都是{chances[0]}"
    return f"{what}达标的可能性{way}（{middle}）{half}"
