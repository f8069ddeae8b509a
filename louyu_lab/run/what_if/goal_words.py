"""What is said of a goal beside the study's own sentence: aim, mix, and how far the draws bear it out."""

from __future__ import annotations

from louyu_lab.analysis.indicator_catalogue import indicator_catalogue
from louyu_lab.analysis.scenarios.answers.goal import GoalAnswer
from louyu_lab.run.what_if.answering import QUICK_DRAWS, Answer
from louyu_lab.study.charts.chances import chance_text
from louyu_lab.study.prose.numbers import paragraph, yuan
from louyu_lab.study.prose.scenario_targets import name_of, printed
from louyu_lab.study.prose.tax_tiers import spaced


def goal_line(answer: Answer) -> str:
    """Return aim, cheapest mix, its cost and chance on one line; "" without a goal."""
    found = answer.goal
    if found is None:
        return ""
    goal = found.goal
    way = "降到" if indicator_catalogue()[goal.indicator].falls else "达到"
    aim = f"{goal.year} 年{name_of(goal.indicator)}{way} {printed(goal.indicator, goal.target)}"
    checked = f"（{_how(answer)}）" if answer.tape.draws > QUICK_DRAWS else ""
    return f"目标倒推（{aim}，把握 {goal.probability:.0%}）：{_found(found)}{checked}"


def _found(found: GoalAnswer) -> str:
    chance = spaced(chance_text(found.p_reached))
    if not found.is_reached:
        return f"全部用足也达不到，可能性最高{chance}"
    if found.cost_yuan <= 0:
        return f"不用这些杠杆，可能性已有{chance}"
    return f"最省的组合是{found.options['setting'].iloc[0]}，花费 {yuan(found.cost_yuan)}，可能性{chance}"


def checked_words(answer: Answer) -> str:
    """Say by how many draws a mix was sought and what all of them make of it; "" where they are the same."""
    found = answer.goal
    if found is None or answer.tape.draws <= QUICK_DRAWS:
        return ""
    is_short = found.is_reached and answer.goal_chance < found.goal.probability
    return paragraph(
        f"倒推要反复模拟，上面的组合和可能性{_how(answer)}",
        f"核对的可能性比要求的 {found.goal.probability:.0%} 低一点，用时宜留余地" if is_short else "",
    )


def _how(answer: Answer) -> str:
    """Say how many draws sought the mix and what chance all of them give it."""
    chance = spaced(chance_text(answer.goal_chance))
    return f"用 {QUICK_DRAWS} 次模拟求得，全部 {answer.tape.draws:,} 次核对为{chance}"
