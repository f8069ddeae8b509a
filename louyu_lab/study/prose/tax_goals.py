"""What chapter 04 says of more 亿元楼: how likely, what is missing, what growth it takes, and the targets."""

from __future__ import annotations

import pandas as pd

from louyu_lab.analysis.tax.tiers.goals import STEPS, last_goals
from louyu_lab.study.charts.chances import chance_text
from louyu_lab.study.prose.numbers import paragraph, percent, yuan
from louyu_lab.study.prose.tax_tiers import spaced

#: Below this chance no growth is told that a number would take: it would be beyond all experience.
HOPELESS = 0.005


def goal_words(goals: pd.DataFrame) -> str:
    """Say by table ``yi_goal`` what more 亿元楼 take, and how every target stands."""
    if len(goals) == 0:
        return ""
    last = last_goals(goals)
    ahead = last[last["gap_yuan"].notna()].head(STEPS)
    return paragraph(_step_words(ahead), _gap_words(ahead), _growth_words(ahead), *_target_words(goals))


def _step_words(ahead: pd.DataFrame) -> str:
    if not len(ahead) or ahead["p_reach"].max() < HOPELESS:
        return f"{ahead['year'].iloc[0]} 年亿元楼再多一幢的希望很小" if len(ahead) else ""
    each = [f"{row.goal} 幢{spaced(chance_text(row.p_reach))}" for row in ahead.itertuples()]
    return f"{ahead['year'].iloc[0]} 年不少于这么多幢亿元楼的可能性：{'、'.join(each)}"


def _gap_words(ahead: pd.DataFrame) -> str:
    if not len(ahead):
        return ""
    each = [f"{row.next_building}（差 {yuan(row.building_gap_yuan)}）" for row in ahead.itertuples()]
    total = f"，合计差 {yuan(ahead['gap_yuan'].iloc[-1])}" if len(each) > 1 else ""
    return f"离 1 亿元最近的是{'、'.join(each)}{total}"


def _growth_words(ahead: pd.DataFrame) -> str:
    """Say what growth makes each number as likely as not, of those that are less likely and not hopeless."""
    is_told = ahead["p_reach"].between(HOPELESS, 0.5, inclusive="left")
    known = ahead[is_told].dropna(subset=["needed_rate", "expected_rate"])
    if not len(known):
        return ""
    each = [f"{row.goal} 幢 {percent(row.needed_rate)}" for row in known.itertuples()]
    expected = percent(known["expected_rate"].iloc[0])
    return f"要有一半把握，全区税收年均须增长（各楼同比例增减）：{'、'.join(each)}；预测是 {expected}"


def _target_words(goals: pd.DataFrame) -> list[str]:
    """Say of every target, by year, whether it is met and how it stands; past ones that were missed too."""
    due = goals[goals["due_years"] != ""]
    pairs = {(int(year), row.goal) for row in due.itertuples() for year in row.due_years.split("、")}
    first, last = int(goals["year"].min()), int(goals["year"].max())
    chances = goals.set_index(["goal", "year"])["p_reach"]
    now, words = int(goals["now"].iloc[0]), []
    for year, goal in sorted(pairs):
        at = year if first <= year <= last else last
        told = spaced(chance_text(chances[goal, at]))
        aim = f"{year} 年目标 {goal} 幢"
        if year < first:
            words.append(f"{aim}未达到，{at} 年达到的可能性{told}")
            continue
        aim += f"，现有 {now} 幢已达到" if now >= goal else ""
        beyond = f"，在预测期之外；{at} 年就达到的可能性" if now < goal else f"，{at} 年仍达到的可能性"
        words.append(aim + (beyond if year > last or now >= goal else "，达到的可能性") + told)
    return words
