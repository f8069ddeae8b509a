"""What chapter 06 says behind the results: where gaps come from, which levers and which buildings matter."""

from __future__ import annotations

import pandas as pd

from louyu_lab.analysis.scenarios.answers.gap_causes import (
    BASELINE_TO_SCENARIO,
    NOW_TO_PATH,
    NOW_TO_TARGET,
    PATH_TO_TARGET,
)
from louyu_lab.analysis.scenarios.answers.gap_sides import YIELD
from louyu_lab.analysis.scenarios.answers.tornado import INTERACTION
from louyu_lab.study.charts.chances import chance_text
from louyu_lab.study.prose.numbers import is_known, listed, paragraph, percent, yuan
from louyu_lab.study.prose.scenario_targets import short
from louyu_lab.study.prose.tax_tiers import spaced

#: Parts smaller than this share of the largest one are not told.
_NEWS = 0.05

#: A gap smaller than this (元) is called none.
_LEAST_YUAN = 5e3

#: Swings smaller than this are called none: money (元), a mean number of buildings.
_LEAST = {"tax_yuan": 5e3, "yi_buildings": 0.05}

#: Levers and buildings named.
_NAMED = 3

_OPENINGS = {
    NOW_TO_TARGET: "从基年到 {year} 年的税收目标，{change}",
    PATH_TO_TARGET: "按推演的中位数，到 {year} 年的税收目标{change}",
    NOW_TO_PATH: "从基年到 {year} 年，税收平均{change}",
    BASELINE_TO_SCENARIO: "{year} 年税收平均比基准{change}",
}


def gap_words(gap: pd.DataFrame, scenario: str = "") -> str:
    """Say of each comparison and year of table ``scenario_gap`` (one scenario) where the gap comes from."""
    groups = gap.groupby(["comparison", "year"], sort=False)
    said = paragraph(*(_gap_words(str(what), int(year), rows) for (what, year), rows in groups))
    return f"“{scenario}”：{said}" if scenario and said else said


def _gap_words(comparison: str, year: int, rows: pd.DataFrame) -> str:
    whole = float(rows["to_yuan"].iloc[0] - rows["from_yuan"].iloc[0])
    is_aim = comparison in (NOW_TO_TARGET, PATH_TO_TARGET)
    opening = _OPENINGS[comparison]
    if abs(whole) < _LEAST_YUAN and rows["effect_yuan"].abs().max() < _LEAST_YUAN:
        # Of a scenario that changes no tax its own sentence tells already.
        still = "没有差距" if is_aim else "没有增减"
        return "" if comparison == BASELINE_TO_SCENARIO else opening.format(year=year, change=still)
    if is_aim and whole <= 0:
        return opening.format(year=year, change=f"已超过 {yuan(-whole)}")
    way = "还差" if is_aim else ("增加" if whole >= 0 else "减少")
    parts = rows[rows["effect_yuan"].abs() >= _NEWS * rows["effect_yuan"].abs().max()]
    parts = parts.sort_values("effect_yuan", key=abs, ascending=False, kind="stable")
    each = "、".join(f"{row.part}{_signed(row.effect_yuan)}" for row in parts.itertuples())
    # Beside another course the parts read like claims of what a lever does: they are a sum taken apart.
    apart = "，按算术拆开是" if comparison == BASELINE_TO_SCENARIO else "："
    change = f"{way} {yuan(abs(whole))}"
    return f"{opening.format(year=year, change=change)}{apart}{each}{_needed(comparison, rows)}"


def _needed(comparison: str, rows: pd.DataFrame) -> str:
    """Say what unit tax the plan needs where its other targets are met."""
    own = rows[rows["part"] == YIELD]
    if comparison not in (NOW_TO_TARGET, PATH_TO_TARGET) or not len(own):
        return ""
    rate = own["change_rate"].iloc[0]
    if not is_known(rate) or rate <= 0:
        return ""
    return f"；面积、入驻等目标都做到，单位税收还须提高 {percent(rate)}"


def _signed(value: float) -> str:
    return f"{'增' if value >= 0 else '减'} {yuan(abs(value))}"


def tornado_words(effects: pd.DataFrame) -> str:
    """Say which levers matter most to each indicator of table ``scenario_tornado`` (one scenario)."""
    if not len(effects):
        return ""
    said = [_lever_words(rows) for _, rows in effects.groupby("indicator", sort=False)]
    said = [text for text in said if text]
    title = f"“{effects['scenario'].iloc[0]}”里"
    if not said:
        return paragraph(f"{title}没有哪个杠杆明显影响{'、'.join(dict.fromkeys(effects['name_zh']))}")
    return paragraph(f"{title}，{said[0]}", *said[1:])


def _lever_words(rows: pd.DataFrame) -> str:
    own = rows[rows["title"] != INTERACTION]
    biggest = own["swing"].max() if len(own) else 0.0
    code, name, year = rows["indicator"].iloc[0], rows["name_zh"].iloc[0], int(rows["year"].iloc[0])
    told = own[own["swing"] >= _NEWS * biggest].head(_NAMED)
    if biggest < _LEAST.get(code, 0.0) or biggest == 0:
        return ""
    each = [f"{row.title}（{_change(code, row.alone)}{_reach(code, row)}）" for row in told.itertuples()]
    rest = rows[rows["title"] == INTERACTION]
    beside = ""
    if len(rest) and abs(rest["alone"].iloc[0]) >= _NEWS * biggest:
        beside = f"；一起用比分别用之和{_change(code, rest['alone'].iloc[0])}"
    return f"对 {year} 年{name}最要紧的是{'、'.join(each)}{beside}"


def _change(code: str, value: float) -> str:
    if abs(value) < _LEAST.get(code, 0.0) / 2:
        return "不变"
    return f"{'多' if value >= 0 else '少'} {size(code, value)}"


def size(code: str, value: float) -> str:
    """Return the size of a difference of an indicator in its unit."""
    return yuan(abs(value)) if code == "tax_yuan" else short(code, abs(value))


def _reach(code: str, row: tuple) -> str:
    if not is_known(row.low, row.high):
        return ""
    return f"，取低值时{_change(code, row.low)}，取高值时{_change(code, row.high)}"


def deciding_words(deciding: pd.DataFrame, base: str = "基准") -> str:
    """Name the buildings on which a target of 亿元楼 hangs, by table ``scenario_deciding``.

    What belongs to another scenario than ``base`` bears its title.
    """
    said = []
    for (title, year, target), rows in deciding.groupby(["scenario", "year", "target"], sort=False):
        each = [
            f"{row.building}（做到时{spaced(chance_text(row.p_if, 0))}，"
            f"做不到时{spaced(chance_text(row.p_if_not, 0))}）"
            for row in rows.head(_NAMED).itertuples()
        ]
        chance = spaced(chance_text(rows["p_reached"].iloc[0], 0))
        beside = "" if title == base else f"“{title}”下，"
        said.append(
            f"{beside}{int(year)} 年 {target:.0f} 幢亿元楼的可能性{chance}，最取决于能否做到 1 亿元的"
            f"{listed(each, unit='幢')}"
        )
    return paragraph(*said)
