"""What the sliders come to, as HTML: figures, key numbers, chances of the targets, money, warnings."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from html import escape

import pandas as pd

from louyu_lab.analysis.indicator_catalogue import indicator_catalogue
from louyu_lab.analysis.printing import printed_value
from louyu_lab.analysis.scenarios.answers.comparing import Comparison
from louyu_lab.analysis.scenarios.answers.legal import legal_warning
from louyu_lab.analysis.scenarios.answers.money import Money, money
from louyu_lab.analysis.scenarios.answers.spread import COUNTED
from louyu_lab.study.charts.what_if import fan
from louyu_lab.study.prose.numbers import is_known, yuan
from louyu_lab.study.prose.scenario_outcomes import shortfall_words

#: What is drawn, and what stands in the table of the last year.
_DRAWN = ("occupancy_rate", "tax_yuan")
_KEY = ("occupancy_rate", "tax_yuan", "yi_buildings")


def answer_html(compared: Comparison) -> str:
    """Return all of the answer; ``compared.before`` is the baseline, ``after`` what the sliders say."""
    parts = [
        _warning(compared),
        _figures(compared),
        _key_numbers(compared),
        _targets(compared),
        _money(compared),
        _paragraphs([shortfall_words(compared)]),
    ]
    return "".join(parts)


def brief_html(compared: Comparison) -> str:
    """Return the last year's key numbers on one line, to stay in view while the sliders are moved."""
    year, parts = compared.after.courses.years[-1], []
    for code in _KEY:
        if code in compared.before.draws:
            spec = indicator_catalogue()[code]
            before, after = (_at(side.paths, code, year) for side in (compared.before, compared.after))
            now, was = (printed_value(each["median"], spec.unit) for each in (after, before))
            parts.append(f"{escape(spec.zh)} <b>{escape(now)}</b>（基准 {escape(was)}）")
    return f'<p role="status">{year} 年：{"　".join(parts)}</p>' if parts else ""


def problems_html(problems: Sequence[str]) -> str:
    """Return what keeps the sliders from being computed."""
    items = "".join(f"<li>{escape(problem)}</li>" for problem in problems)
    return f'<div class="louyu-note" role="alert">没有计算：<ul>{items}</ul></div>'


def _warning(compared: Comparison) -> str:
    """Return the legal warning of what is computed; there is no way not to show it."""
    scenario = compared.after.scenario
    text = legal_warning([scenario]) if scenario else ""
    return f'<div class="louyu-note" role="alert">{escape(text)}</div>' if text else ""


def _figures(compared: Comparison) -> str:
    drawn = [code for code in _DRAWN if code in compared.before.draws]
    return f'<div class="louyu-fans">{"".join(_figure(compared, code) for code in drawn)}</div>'


def _figure(compared: Comparison, code: str) -> str:
    before, after = compared.before, compared.after
    png = fan(code, before.baseline.indicators, before.paths, after.paths)
    spec, year = indicator_catalogue()[code], after.courses.years[-1]
    middle = printed_value(_at(after.paths, code, year)["median"], spec.unit)
    alt = f"{spec.zh}：{year} 年中位数 {middle}；逐年走势，灰色为基准，色带为 80% 区间"
    source = base64.b64encode(png).decode("ascii")
    return f'<img src="data:image/png;base64,{source}" alt="{escape(alt)}" width="432" height="300">'


def _key_numbers(compared: Comparison) -> str:
    year = compared.after.courses.years[-1]
    rows = []
    for code in _KEY:
        if code not in compared.before.draws:
            continue
        spec = indicator_catalogue()[code]
        before, after = (_at(side.paths, code, year) for side in (compared.before, compared.after))
        change = compared.paths
        change = change[(change["indicator"] == code) & (change["year"] == year)].iloc[0]
        cells = (
            spec.zh,
            printed_value(before["median"], spec.unit),
            printed_value(after["median"], spec.unit),
            _interval(after["lo80"], after["hi80"], spec.unit),
            _signed(float(change["mean"]), spec.unit),
        )
        rows.append(cells)
    headings = (f"{year} 年", "基准", "滑杆", "80% 区间", "平均变化")
    return _table("主要指标", headings, rows, "各次模拟的中位数；变化为同一次模拟里两者之差的平均。")


def _targets(compared: Comparison) -> str:
    before, after = compared.before.targets, compared.after.targets
    is_told = after["p_reached"].notna().to_numpy()
    rows = [
        (
            f"{row.name_zh} {printed_value(row.target, row.unit)}",
            f"{row.year} 年",
            _chance(was),
            _chance(row.p_reached),
            printed_value(row.median, row.unit),
        )
        for row, was in zip(after[is_told].itertuples(), before.loc[is_told, "p_reached"], strict=True)
    ]
    if not rows:
        return _paragraphs(["推演年份里没有情景能改变的目标。"] if len(after) else [])
    left = after.loc[~is_told, ["name_zh", "note"]].drop_duplicates("name_zh")
    notes = "；".join(f"{row.name_zh}：{row.note}" for row in left.itertuples() if row.note)
    headings = ("目标", "年份", "基准下的可能性", "滑杆下的可能性", "滑杆的中位数")
    return _table("能否达到目标", headings, rows, f"未列出的目标：{notes}。" if notes else "")


def _money(compared: Comparison) -> str:
    scenario, before, after = compared.after.scenario, compared.before, compared.after
    if scenario is None or "tax_yuan" not in before.draws:
        return ""
    told = money(before.baseline, scenario, before.courses, after.courses)
    if not (told.additional_yuan.any() or told.costs):
        return ""
    years = f"{told.years[0]}–{told.years[-1]} 年合计" if len(told.years) > 1 else f"{told.years[0]} 年"
    rows = [("新增税收", yuan(told.additional_yuan.sum(axis=1).mean()))]
    local = told.local_yuan.sum(axis=1).mean()
    rows += [("其中区级留存", yuan(local))] if is_known(local) else []
    rows += [(name, yuan(cost.sum(axis=1).mean())) for name, cost in told.costs.items()]
    rows += [("每增加 1 元区级税收的花费", _price(told))] if told.costs else []
    remarks = "；".join(told.remarks)
    return _table("收支", (years, "平均"), rows, f"{remarks}。" if remarks else "")


def _price(told: Money) -> str:
    price = told.price
    return f"{price.value:.2f} 元" if is_known(price.value) else "没有新增，算不出"


def _at(paths: pd.DataFrame, code: str, year: int) -> pd.Series:
    return paths[(paths["indicator"] == code) & (paths["year"] == year)].iloc[0]


def _interval(low: float, high: float, unit: str) -> str:
    """Return both ends, their unit once."""
    first, last = printed_value(low, unit), printed_value(high, unit)
    name = last.rpartition(" ")[2] if " " in last else "%" if last.endswith("%") else ""
    return f"{first.removesuffix(name).rstrip()}–{last}"


def _signed(value: float, unit: str) -> str:
    """Return a mean difference with its sign; of what is counted with a decimal, for it is a mean."""
    text = printed_value(abs(value), unit, more=1 if unit in COUNTED else 0)
    text = f"{text.removesuffix('%')} 个百分点" if text.endswith("%") else text
    is_nothing = not any(sign in "123456789" for sign in text)
    return "不变" if is_nothing else f"{'+' if value > 0 else '−'}{text}"


def _chance(chance: float) -> str:
    """Return a chance in per cent; never 0 or 100, which draws cannot tell."""
    if not is_known(chance):
        return "—"
    return "<1%" if chance < 0.01 else ">99%" if chance > 0.99 else f"{chance * 100:.0f}%"


def _table(caption: str, headings: Sequence[str], rows: Sequence[Sequence[str]], note: str = "") -> str:
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in headings)
    body = "".join(
        f'<tr><th scope="row">{escape(first)}</th>{"".join(f"<td>{escape(cell)}</td>" for cell in rest)}</tr>'
        for first, *rest in rows
    )
    return (
        f'<div class="louyu-scroll" tabindex="0" role="region" aria-label="{caption}"><table>'
        f"<caption>{caption}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
        + _paragraphs([note])
    )


def _paragraphs(texts: Sequence[str]) -> str:
    return "".join(f"<p>{escape(text)}</p>" for text in texts if text)
