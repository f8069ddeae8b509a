"""What chapter 06 says of each scenario against the baseline: occupancy, tax, 亿元楼, what there was not."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from louyu_lab.analysis.scenarios.answers.comparing import Comparison
from louyu_lab.analysis.scenarios.answers.money import IDLE_UNLOCKING, is_idle_unlocking
from louyu_lab.analysis.scenarios.answers.newcomers import yield_bounds
from louyu_lab.analysis.scenarios.levers.scenario import ScenarioError
from louyu_lab.study.charts.chances import chance_text
from louyu_lab.study.prose.numbers import is_known, listed, paragraph, percent, sqm, yuan
from louyu_lab.study.prose.tax_tiers import spaced

#: Indicators told -> differences smaller than this are called none: of a rate, of money (元), of a mean
#: number of buildings or the chance of another one.
_LEAST = {"occupancy_rate": 0.0005, "tax_yuan": 5e3, "yi_buildings": 0.05}

#: Lacking space is told from this share of what was asked for on.
_LEAST_LACKING = 0.01

#: What more newcomers pay is told from so much (元) on, at the mean yield.
_LEAST_BY_NEWCOMERS = 1e6

#: Buildings named of each kind.
_NAMED = 3

#: Said of buildings in a district whose tax nobody knows.
NO_TAX = "没有税收数据，不推演哪幢楼能否达到 1 亿元。"

#: A change of a chance is told from here on.
LEAST_CHANGE = 0.01


def outcome_words(compared: Comparison) -> str:
    """Say what one scenario comes to in the last year, beside the baseline it is compared with."""
    after = compared.after
    reason = after.scenario.reason.rstrip("。") if after.scenario else ""
    rows, own = compared.paths, after.paths
    title = f"**{after.title}**：{reason}" if reason else f"**{after.title}**"
    if not len(rows):
        return paragraph(title, "没有入驻和税收数据，推演不出结果")
    year = int(rows["year"].max())
    last = rows[rows["year"] == year].set_index("indicator")
    ends = own[own["year"] == year].set_index("indicator")
    known = [code for code in _LEAST if code in last.index and code in ends.index]
    changed = [code for code in known if _is_changed(last.loc[code])]
    before = compared.before
    beside = f"“{before.title}”" if before.scenario else before.title
    told = [_indicator_words(last.loc[code], ends.loc[code], beside) for code in changed]
    same = [str(last.loc[code, "name_zh"]) for code in known if code not in changed]
    told += [f"{'、'.join(same)}与{beside}相同"] if same else []
    return paragraph(
        title,
        f"推演到 {year} 年，{'；'.join(told)}",
        bounds_words(compared),
        shortfall_words(compared),
        unlocking_words(compared),
    )


def bounds_words(compared: Comparison) -> str:
    """Say what more newcomers pay by past newcomers' yield, and by the mean yield; "" where it is little."""
    bounds = yield_bounds(compared.before, compared.after)
    if bounds is None or bounds.mean_yuan < _LEAST_BY_NEWCOMERS:
        return ""
    own, mean = (f"{value:,.0f} 元/㎡" for value in (bounds.own_yield_yuan_sqm, bounds.mean_yield_yuan_sqm))
    return (
        f"其中多租给新来企业的面积，按以往新来企业的单产（{own}），{bounds.year} 年多交"
        f" {yuan(bounds.own_yuan)}；"
        f"若都达到全区平均（{mean}），是 {yuan(bounds.mean_yuan)}"
    )


def shortfall_words(compared: Comparison) -> str:
    """Say where levers asked for more space than there was to let; "" where hardly any was lacking."""
    courses = compared.after.courses
    asked = float(courses.asked_sqm.sum(axis=1).mean())
    taken = float(courses.taken_sqm.sum(axis=1).mean())
    if asked - taken <= _LEAST_LACKING * asked:
        return ""
    return f"各年合计要多消化 {sqm(asked)}，可招商空置平均只够 {sqm(taken)}，其余没有计入"


def unlocking_words(compared: Comparison) -> str:
    """Say why space that is unlocked brings nothing; "" where it does, or none is."""
    scenario = compared.after.scenario
    if scenario is None or "unlock_rate" not in scenario.changes:
        return ""
    is_idle = is_idle_unlocking(compared.before.courses, compared.after.courses)
    return IDLE_UNLOCKING if is_idle else ""


def _is_changed(change: pd.Series) -> bool:
    least = _LEAST[str(change.name)]
    if change.name == "yi_buildings":
        return abs(change["mean"]) >= least or max(change["p_greater"], change["p_smaller"]) >= least
    return max(abs(change[name]) for name in ("median", "lo80", "hi80")) >= least


def _indicator_words(change: pd.Series, own: pd.Series, beside: str) -> str:
    """Say where an indicator stands with its interval, and its paired difference from the one ``beside``."""
    if change.name == "yi_buildings":
        return _yi_words(change, own, beside)
    told = percent if change["unit"] == "比例" else yuan
    middle = told(own["median"])
    interval = spanned(told(own["lo80"]), told(own["hi80"]))
    spread = f"（80% 区间 {interval}）" if interval != middle else ""
    return f"{change['name_zh']} {middle}{spread}，比{beside}{_difference(change)}"


def _difference(change: pd.Series) -> str:
    """Return a paired difference with its interval: 多 or 少, of a rate 高 or 低."""
    is_rate = change["unit"] == "比例"
    more, fewer = ("高", "低") if is_rate else ("多", "少")

    def size(value: float) -> str:
        return f"{abs(value) * 100:.1f} 个百分点" if is_rate else yuan(abs(value))

    def way(value: float) -> str:
        return more if value >= 0 else fewer

    middle, low, high = change["median"], change["lo80"], change["hi80"]
    told = f"{way(middle)} {size(middle)}"
    if size(low) == size(high) == size(middle):
        return told
    if low * high >= 0:
        near, far = sorted((abs(low), abs(high)))
        return f"{told}（80% 区间 {spanned(size(near), size(far))}）"
    return f"{told}（80% 区间{way(low)} {size(low)}至{way(high)} {size(high)}）"


def spanned(low: str, high: str) -> str:
    """Return two printed amounts as a span, the unit once where it is the same."""
    if low == high:
        return low
    (number, _, unit), (_, _, other) = low.partition(" "), high.partition(" ")
    return f"{number}—{high}" if unit == other else f"{low}—{high}"


def _yi_words(change: pd.Series, own: pd.Series, beside: str) -> str:
    low, high = int(own["lo80"]), int(own["hi80"])
    interval = f"{low}—{high} 幢" if low < high else f"{low} 幢"
    value = f"亿元楼平均 {own['mean']:.1f} 幢（80% 区间 {interval}）"
    if abs(change["mean"]) < _LEAST["yi_buildings"]:
        more, fewer = (spaced(chance_text(change[name], 0)) for name in ("p_greater", "p_smaller"))
        return f"{value}，平均与{beside}相同（多的可能性{more}，少的可能性{fewer}）"
    way, chance = ("多", change["p_greater"]) if change["mean"] >= 0 else ("少", change["p_smaller"])
    change_words = f"平均{way} {abs(change['mean']):.1f} 幢（{way}的可能性{spaced(chance_text(chance, 0))}）"
    return f"{value}，比{beside}{change_words}"


def movers_words(compared: Comparison) -> str:
    """Name the buildings whose chance of 1亿元 rises and falls most; say so where none moves."""
    if not _has_tax(compared):
        return NO_TAX
    moves = compared.buildings
    rows = moves[moves["p_yi_change"].abs() >= LEAST_CHANGE]
    title = f"“{compared.after.title}”"
    if not len(rows):
        others = int((moves[["p_tier_up", "p_tier_down"]].max(axis=1) >= 0.5).sum()) if len(moves) else 0
        beside = f"；{others} 幢在其他梯次间变动" if others else ""
        return paragraph(f"{title}没有明显改变哪幢楼达到 1 亿元的可能性{beside}")
    up = rows[rows["p_yi_change"] > 0].sort_values("p_yi_change", ascending=False, kind="stable")
    down = rows[rows["p_yi_change"] < 0].sort_values("p_yi_change", kind="stable")
    said = [f"升得最多的是{_chances(up)}"] if len(up) else []
    said += [f"降得最多的是{_chances(down)}"] if len(down) else []
    year = int(rows["year"].iloc[0])
    return paragraph(f"{title}下，{year} 年达到 1 亿元的可能性，{'；'.join(said)}")


def all_movers_words(pairs: Sequence[Comparison]) -> list[str]:
    """Say of every scenario which buildings it moves; those that move none share one sentence, the last."""
    if not any(_has_tax(pair) for pair in pairs):
        return [NO_TAX] if pairs else []
    still = [
        pair.after.title for pair in pairs if not (pair.buildings["p_yi_change"].abs() >= LEAST_CHANGE).any()
    ]
    said = [movers_words(pair) for pair in pairs if pair.after.title not in still]
    if not still:
        return said
    names = listed([f"“{title}”" for title in still], unit="个情景")
    return [*said, paragraph(f"没有明显改变哪幢楼达到 1 亿元的可能性的：{names}")]


def _chances(rows: pd.DataFrame) -> str:
    each = [f"{row.building}（{_way(row.p_yi_before, row.p_yi_after)}）" for row in rows.itertuples()]
    return listed(each, most=_NAMED, unit="幢")


def _way(before: float, after: float) -> str:
    """Return a chance before and after; a building that only one side has, has none on the other."""
    if not is_known(before):
        return f"新楼，{chance_text(after)}"
    return f"{chance_text(before)}→{chance_text(after) if is_known(after) else '没有此楼'}"


def _has_tax(compared: Comparison) -> bool:
    return bool(compared.after.baseline.buildings["tax_yuan"].notna().any())


def extrapolation_words(marked: Sequence[str]) -> str:
    """List what lies beyond the district's own record, each as the levers' table says it; "" for nothing."""
    if not marked:
        return ""
    return paragraph(
        f"超出本区以往范围（外推），结果更不可靠：{'；'.join(text.rstrip('。') for text in marked)}"
    )


def extrapolated(changes: pd.DataFrame) -> list[str]:
    """Return what table ``scenario_changes`` marks as 外推, a phrase a lever and scenario, no prices."""
    marked = changes[changes["provenance"].str.contains("外推", regex=False)]
    return [_beyond(row) for row in marked.itertuples()]


def _beyond(row: tuple) -> str:
    setting = row.setting.partition("；单价")[0]
    why = row.provenance.partition("外推：")[2] or "外推"
    return f"“{row.scenario}”的{row.title} {setting}（{why}）"


def refused_words(refused: Sequence[ScenarioError]) -> str:
    """List the scenario files that were not computed, each with everything that is wrong with it."""
    if not refused:
        return ""
    files = "\n".join(f"- {error.file}：{'；'.join(error.problems)}" for error in refused)
    return f"下列情景没有计算，改好后重跑：\n\n{files}"


def no_scenario_words(held: int, refused: int) -> str:
    """Say that there is no scenario file and how to write one; nothing where there is any."""
    if held or refused:
        return ""
    return paragraph(
        "台账文件夹里没有情景文件，只说明基准和可用的杠杆",
        "情景写在台账文件夹下的 scenarios/名称.yaml，写 title（标题）、reason（理由）和 changes（改变），"
        "例如 changes 下写一行“absorption_sqm: 5万㎡”",
    )
