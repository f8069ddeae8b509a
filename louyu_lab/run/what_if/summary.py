"""The answer on a console, in a few lines."""

from __future__ import annotations

import pandas as pd

from louyu_lab.analysis.indicator_catalogue import indicator_catalogue
from louyu_lab.analysis.printing import printed_value
from louyu_lab.analysis.scenarios.answers.money import Money
from louyu_lab.analysis.scenarios.answers.returns import Price
from louyu_lab.analysis.scenarios.levers.schema import levers
from louyu_lab.run.what_if.answering import KEY, Answer
from louyu_lab.run.what_if.goal_words import goal_line
from louyu_lab.study.charts.chances import chance_text
from louyu_lab.study.prose.numbers import is_known, yuan
from louyu_lab.study.prose.scenario_outcomes import shortfall_words

#: Targets, values of a sweep and buildings told; the report holds all.
_TARGETS, _VALUES, _MOVERS = 4, 6, 3

#: A change of a chance is told from here on, and one of tax (元): less is printed as none.
_LEAST_CHANGE, _LEAST_YUAN = 0.01, 5e3


def summary(answer: Answer, run: str) -> list[str]:
    """Return the answer's lines: title, key figures, targets, money, buildings, warnings."""
    beside = f"对比{answer.before.title}，" if answer.changes else ""
    lines = [
        f"{answer.after.title}（{beside}{answer.base.baseline.district}，运行 {run}）",
        _key_figures(answer),
        _targets(answer) if answer.changes else "",
        _money(answer),
        _movers(answer),
        _beyond(answer),
        _sweep(answer),
        goal_line(answer),
        # The warning stands on a line of its own however long it is.
        " ".join(answer.legal.splitlines()),
    ]
    return [line for line in lines if line]


def _key_figures(answer: Answer) -> str:
    """Return ``2023 年（中位数）：入驻率 85.0% → 87.2%（80% 区间 86.1%–88.0%）；…``."""
    year = answer.after.courses.years[-1]
    paths = (outcome.paths for outcome in (answer.before, answer.after))
    before, after = (rows[rows["year"] == year].set_index("indicator") for rows in paths)
    codes = [code for code in KEY if code in after.index]
    if not codes:
        return "台账里没有入驻和税收，推演不出结果"
    if not answer.changes:
        told = (_figure(code, after.loc[code]) for code in codes)
        return f"情景本身不作改变，基准 {year} 年（中位数）：{'；'.join(told)}"
    told = (_figure(code, after.loc[code], before.loc[code]) for code in codes)
    return f"{year} 年（中位数）：{'；'.join(told)}"


def _figure(code: str, after: pd.Series, before: pd.Series | None = None) -> str:
    """Return one indicator's median and interval; of buildings, which medians count in ones, the mean too."""
    unit = indicator_catalogue()[code].unit
    told, still = _from_to("median", unit, 0, after, before)
    # Where there was nothing to compare with, nothing stayed the same either.
    same = " 不变" if still and before is not None else ""
    beside = [interval] if (interval := interval_text(after["lo80"], after["hi80"], unit)) else []
    if unit == "幢":
        beside.append(f"平均 {_from_to('mean', unit, 1, after, before)[0]}")
    held = f"（{'；'.join(beside)}）" if beside else ""
    return f"{indicator_catalogue()[code].zh} {told}{same}{held}"


def _from_to(
    column: str, unit: str, more: int, after: pd.Series, before: pd.Series | None
) -> tuple[str, bool]:
    """Return ``12.9 → 13.2 幢``, or the value once, and whether it reads the same."""
    end = printed_value(after[column], unit, more)
    start = end if before is None else printed_value(before[column], unit, more)
    return (end, True) if start == end else (f"{_number(start, end)} → {end}", False)


def interval_text(low: float, high: float, unit: str) -> str:
    """Return ``80% 区间 11–15 幢``; "" where both ends read the same."""
    start, end = (printed_value(value, unit) for value in (low, high))
    return f"80% 区间 {_number(start, end)}–{end}" if start != end else ""


def _number(start: str, end: str) -> str:
    """Return the first of two printed values without its unit where the second has the same after a blank."""
    number, _, unit = start.partition(" ")
    return number if unit and unit == end.partition(" ")[2] else start


def _targets(answer: Answer) -> str:
    """Return the chances of the targets within the horizon, those that change most first."""
    rows = answer.after.targets.dropna(subset=["p_reached"])
    before = answer.before.targets[["indicator", "year", "p_reached"]]
    rows = rows.merge(before, on=["indicator", "year"], suffixes=("", "_before"))
    if not len(rows):
        return "目标：推演年份里没有情景能改变的目标" if len(answer.after.targets) else ""
    rows = rows.assign(change=(rows["p_reached"] - rows["p_reached_before"]).abs())
    moved = rows[rows["change"] >= _LEAST_CHANGE].sort_values("change", ascending=False, kind="stable")
    if not len(moved):
        return f"达到目标的可能性：{len(rows)} 项都没有明显改变，见报告"
    told = [
        f"{row.year} 年{row.name_zh} {printed_value(row.target, row.unit)}："
        f"{chance_text(row.p_reached_before, 0)} → {chance_text(row.p_reached, 0)}"
        for row in moved.head(_TARGETS).itertuples()
    ]
    left = len(rows) - len(told)
    still = "" if len(moved) > _TARGETS else "没有明显改变，"
    told += [f"另 {left} 项{still}见报告"] if left else []
    return f"达到目标的可能性：{'；'.join(told)}"


def _money(answer: Answer) -> str:
    own = [each for each in answer.monies if each.title == answer.after.title]
    if not own:
        return ""
    money = own[0]
    additional, cost = (
        float(values.sum(axis=1).mean()) for values in (money.additional_yuan, money.cost_yuan)
    )
    told = [_tax_words(money, additional)]
    if cost:
        told.append(f"花费 {yuan(cost)}")
        told += [_price_words(money.price)] if is_known(money.price.value) else []
    elif additional > 0 and any(levers()[name].cost_unit for name in answer.scenario.changes):
        told.append("没有写单价，不算花费")
    return "；".join([f"{money.years[0]}–{money.years[-1]} 年比基准{'，'.join(told)}", *money.remarks])


def _tax_words(money: Money, additional: float) -> str:
    if abs(additional) < _LEAST_YUAN:
        return "税收没有增减"
    local = float(money.local_yuan.sum(axis=1).mean())
    way = "新增" if additional >= 0 else "减少"
    beside = f"，其中地方 {yuan(abs(local))}" if is_known(local) else ""
    return f"{way}税收 {yuan(abs(additional))}{beside}"


def _price_words(price: Price) -> str:
    """Return what one 元 of local tax costs, with its interval where that has ends."""
    low, high = price.low, price.high
    span = f"{low:.2f}–{high:.2f} 元" if is_known(high) else f"{low:.2f} 元以上"
    interval = f"（80% 区间 {span}）" if is_known(low) and low != high else ""
    return f"每新增 1 元地方税收花 {price.value:.2f} 元{interval}"


def _movers(answer: Answer) -> str:
    """Name the buildings whose chance of 1亿元 changes most."""
    moves = answer.compared.buildings
    moves = moves[moves["p_yi_change"].abs() >= _LEAST_CHANGE]
    if not len(moves):
        return ""
    told = [
        f"{row.building}{moved_text(row.p_yi_before, row.p_yi_after)}"
        for row in moves.head(_MOVERS).itertuples()
    ]
    more = f"等 {len(moves)} 幢" if len(moves) > _MOVERS else ""
    return f"达到 1 亿元的可能性变化最大：{'；'.join(told)}{more}"


def moved_text(before: float, after: float) -> str:
    """Return ``12% → 14%``; a building that stands on one side only has no chance on the other."""
    if not is_known(before):
        return f"（新建）{chance_text(after, 0)}"
    return f" {chance_text(before, 0)} → {chance_text(after, 0) if is_known(after) else '没有这幢'}"


def _beyond(answer: Answer) -> str:
    """Say what lies beyond the record, and what was asked for and not there."""
    beyond = [
        f"{levers()[name].title}（{mark.removeprefix('外推：')}）" for name, mark in answer.marks.items()
    ]
    told = [f"超出本区以往范围（外推），结果更不可靠：{'、'.join(beyond)}"] if beyond else []
    told += [words] if (words := shortfall_words(answer.compared)) else []
    return f"注意：{'；'.join(told)}" if told else ""


def _sweep(answer: Answer) -> str:
    """Return a small table of the swept lever: the key figures of the last year at each of its values."""
    rows = answer.sweep[answer.sweep["indicator"].isin(KEY)]
    rows = rows[rows["year"] == rows["year"].max()]
    # What the lever does not move reads the same at every value.
    rows = rows[rows.groupby("indicator")["median"].transform("nunique") > 1]
    if not len(rows):
        return "扫描：主要结果都不随这个杠杆变，见报告" if len(answer.sweep) else ""
    told = [f"扫描{rows['title'].iloc[0]}（{rows['year'].iloc[0]} 年，中位数）："]
    for setting, own in rows.groupby("setting", sort=False):
        told.append(f"  {setting}：{'；'.join(map(_swept, own.itertuples()))}")
    more = len(told) - 1 - _VALUES
    return "\n".join([*told[: _VALUES + 1], *([f"  其余 {more} 个值见报告"] if more > 0 else [])])


def _swept(row: tuple) -> str:
    beside = [interval_text(row.lo80, row.hi80, row.unit)]
    if is_known(row.p_reached):
        beside.append(f"达到 {printed_value(row.target, row.unit)}的可能性 {chance_text(row.p_reached, 0)}")
    held = "；".join(text for text in beside if text)
    return f"{row.name_zh} {printed_value(row.median, row.unit)}{f'（{held}）' if held else ''}"
