"""The answer on a console, in a few lines."""

from __future__ import annotations

import pandas as pd

from louyu_lab.analysis.indicator_catalogue import indicator_catalogue
from louyu_lab.analysis.printing import printed_value
from louyu_lab.analysis.scenarios.levers.schema import levers
from louyu_lab.run.what_if.answering import KEY, Answer
from louyu_lab.study.charts.chances import chance_text
from louyu_lab.study.prose.numbers import is_known, yuan
from louyu_lab.study.prose.scenario_outcomes import shortfall_words

#: Targets, values of a sweep and buildings told; the report holds all.
_TARGETS, _VALUES, _MOVERS = 4, 6, 3

#: A change of a chance is told from here on.
_LEAST_CHANGE = 0.01


def summary(answer: Answer, run: str) -> list[str]:
    """Return the answer's lines: title, key figures, targets, money, buildings, warnings."""
    # A file that only sweeps or seeks changes nothing by itself.
    changes = bool(answer.scenario.changes) or answer.against is not None
    lines = [
        f"{answer.after.title}（对比{answer.before.title}，{answer.base.baseline.district}，运行 {run}）",
        _key_figures(answer),
        _targets(answer) if changes else "",
        _money(answer),
        _movers(answer),
        _beyond(answer),
        _sweep(answer),
        _goal(answer),
        # The warning stands on a line of its own however long it is.
        " ".join(answer.legal.splitlines()),
    ]
    return [line for line in lines if line]


def _key_figures(answer: Answer) -> str:
    """Return ``2023 年：入驻率 85.0% → 87.2%（80% 区间 86.1%–88.0%）；…``; what is the same once."""
    year = answer.after.courses.years[-1]
    paths = (outcome.paths for outcome in (answer.before, answer.after))
    before, after = (rows[rows["year"] == year].set_index("indicator") for rows in paths)
    told = [_figure(code, before.loc[code], after.loc[code]) for code in KEY if code in after.index]
    return f"{year} 年：{'；'.join(told)}" if told else "台账里没有入驻和税收，推演不出结果"


def _figure(code: str, before: pd.Series, after: pd.Series) -> str:
    unit = indicator_catalogue()[code].unit
    column, more = ("mean", 1) if unit == "幢" else ("median", 0)
    start, end = (printed_value(row[column], unit, more) for row in (before, after))
    low, high = (printed_value(after[name], unit) for name in ("lo80", "hi80"))
    told = f"{start} → {end}" if start != end else f"{end} 不变"
    return f"{indicator_catalogue()[code].zh} {told}（80% 区间 {low}–{high}）"


def _targets(answer: Answer) -> str:
    """Return the chances of the targets within the horizon, those that change most first."""
    rows = answer.after.targets.dropna(subset=["p_reached"])
    before = answer.before.targets[["indicator", "year", "p_reached"]]
    rows = rows.merge(before, on=["indicator", "year"], suffixes=("", "_before"))
    if not len(rows):
        return "目标：推演年份里没有情景能改变的目标" if len(answer.after.targets) else ""
    rows = rows.assign(change=(rows["p_reached"] - rows["p_reached_before"]).abs())
    is_open = rows["p_reached"].between(_LEAST_CHANGE, 1 - _LEAST_CHANGE)
    open_rows = rows[is_open | (rows["change"] >= _LEAST_CHANGE)]
    open_rows = open_rows.sort_values("change", ascending=False, kind="stable")
    told = [
        f"{row.year} 年{row.name_zh} {printed_value(row.target, row.unit)}："
        f"{chance_text(row.p_reached_before, 0)} → {chance_text(row.p_reached, 0)}"
        for row in open_rows.head(_TARGETS).itertuples()
    ]
    left = len(rows) - len(told)
    # What no draw or every draw reaches, with the scenario and without, is no news.
    settled = "" if len(open_rows) > _TARGETS else "把握大或几乎达不到、情景没有改变，"
    told += [f"{'另' if told else '共'} {left} 项{settled}见报告"] if left else []
    return f"达到目标的可能性：{'；'.join(told)}"


def _money(answer: Answer) -> str:
    own = [each for each in answer.monies if each.title == answer.after.title]
    if not own:
        return ""
    money = own[0]
    additional, cost = (
        float(values.sum(axis=1).mean()) for values in (money.additional_yuan, money.cost_yuan)
    )
    local = float(money.local_yuan.sum(axis=1).mean())
    way = "新增" if additional >= 0 else "减少"
    told = [f"{money.years[0]}–{money.years[-1]} 年比基准{way}税收 {yuan(abs(additional))}"]
    told += [f"其中地方 {yuan(abs(local))}"] if is_known(local) else ["地方部分不明（台账没有区级留存）"]
    told += [f"花费 {yuan(cost)}"] if cost else ["没有写花费"]
    if cost and is_known(money.price.value):
        told.append(f"每新增 1 元地方税收花 {money.price.value:.2f} 元")
    return "，".join(told)


def _movers(answer: Answer) -> str:
    """Name the buildings whose chance of 1亿元 changes most."""
    moves = answer.compared.buildings
    moves = moves[moves["p_yi_change"].abs() >= _LEAST_CHANGE]
    if not len(moves):
        return ""
    told = [
        f"{row.building} {chance_text(row.p_yi_before, 0)} → {chance_text(row.p_yi_after, 0)}"
        for row in moves.head(_MOVERS).itertuples()
    ]
    more = f"等 {len(moves)} 幢" if len(moves) > _MOVERS else ""
    return f"达到 1 亿元的可能性变化最大：{'；'.join(told)}{more}"


def _beyond(answer: Answer) -> str:
    """Say what lies beyond the record, and what was asked for and not there."""
    told = [f"{levers()[name].title}{mark}" for name, mark in answer.marks.items()]
    told += [words] if (words := shortfall_words(answer.compared)) else []
    return f"注意：{'；'.join(told)}" if told else ""


def _sweep(answer: Answer) -> str:
    """Return a small table of the swept lever: the key figures of the last year at each of its values."""
    rows = answer.sweep[answer.sweep["indicator"].isin(KEY)]
    if not len(rows):
        return ""
    rows = rows[rows["year"] == rows["year"].max()]
    told = [f"扫描{rows['title'].iloc[0]}（{rows['year'].iloc[0]} 年）："]
    for setting, own in rows.groupby("setting", sort=False):
        told.append(f"  {setting}：{'；'.join(map(_swept, own.itertuples()))}")
    more = len(told) - 1 - _VALUES
    return "\n".join([*told[: _VALUES + 1], *([f"  其余 {more} 个值见报告"] if more > 0 else [])])


def _swept(row: tuple) -> str:
    chance = f"（达到目标 {chance_text(row.p_reached, 0)}）" if is_known(row.p_reached) else ""
    return f"{row.name_zh} {printed_value(row.median, row.unit)}{chance}"


def _goal(answer: Answer) -> str:
    found = answer.goal
    if found is None:
        return ""
    if not found.is_reached or found.note:
        return f"目标倒推：{found.note}"
    mix = found.options["setting"].iloc[0]
    chance = chance_text(found.p_reached, 0)
    return f"目标倒推，最省的组合：{mix}；花费 {yuan(found.cost_yuan)}，达到的可能性 {chance}"
