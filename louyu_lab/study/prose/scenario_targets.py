"""What chapter 06 says of targets: which are likely, which scenario helps, what is not simulated."""

from __future__ import annotations

import pandas as pd

from louyu_lab.analysis.indicator_catalogue import indicator_catalogue
from louyu_lab.analysis.printing import printed_value
from louyu_lab.analysis.scenarios.answers.outcome import BEYOND
from louyu_lab.analysis.tax.tiers.chances import CERTAIN, HOPEFUL, PRESSED, judged
from louyu_lab.study.charts.chances import chance_text
from louyu_lab.study.prose.numbers import listed, paragraph
from louyu_lab.study.prose.tax_tiers import spaced

#: A scenario is said to help or to harm a target from this change of its chance on.
NEWS = 0.05

#: Targets named of each kind.
_NAMED = 4


def baseline_target_words(targets: pd.DataFrame) -> str:
    """Say how likely each target is if nothing is done, from ``Outcome.targets`` of the baseline."""
    if not len(targets):
        return "没有推演年份内的目标，不说达标的可能性。"
    known = targets[targets["p_reached"].notna()]
    return paragraph(_judged_words(known), _lacking_words(known), _silent_words(targets))


def target_words(chances: pd.DataFrame) -> str:
    """Say which scenario raises and which lowers a target's chance most, from ``targets_probability``."""
    rows = chances.dropna(subset=["p_reached", "p_baseline"])
    if not len(rows):
        return ""
    rows = rows.assign(change=rows["p_reached"] - rows["p_baseline"])
    up = rows[rows["change"] >= NEWS].sort_values("change", ascending=False, kind="stable")
    down = rows[rows["change"] <= -NEWS].sort_values("change", kind="stable")
    # The best scenario of each target; one target with thirteen scenarios would fill the page.
    up, down = (part.drop_duplicates(["indicator", "year"]) for part in (up, down))
    return paragraph(
        f"可能性提高最多的：{_changes(up)}" if len(up) else "没有一个情景明显提高目标达到的可能性",
        f"降低最多的：{_changes(down)}" if len(down) else "",
    )


def _judged_words(known: pd.DataFrame) -> str:
    if not len(known):
        return "没有情景能改变的目标"
    is_one = known["year"].nunique() == 1
    words = judged(known["p_reached"].to_numpy("float64"))
    parts = []
    for word in (CERTAIN, HOPEFUL, PRESSED):
        rows = known[words == word]
        if len(rows):
            named = [f"{_aim(row, is_one)}（{chance_text(row.p_reached, 0)}）" for row in rows.itertuples()]
            parts.append(f"{word}的 {len(rows)} 项，{listed(named, _NAMED, '项')}")
    when = f" {int(known['year'].iloc[0])} 年" if is_one else ""
    return f"什么都不改变，推演能说的{when}目标有 {len(known)} 项：{'；'.join(parts)}"


def _aim(row: tuple, is_one_year: bool) -> str:
    year = "" if is_one_year else f"{row.year} 年"
    return f"{year}{name_of(row.indicator)} {printed(row.indicator, row.target)}"


def _lacking_words(known: pd.DataFrame) -> str:
    """Say what the least likely targets lack on average."""
    rows = known[(known["p_reached"] < 0.4) & (known["shortfall"] > 0)]
    rows = rows.sort_values("p_reached", kind="stable").head(_NAMED)
    each = [f"{name_of(row.indicator)} {short(row.indicator, row.shortfall)}" for row in rows.itertuples()]
    return f"有压力的平均还差：{'、'.join(each)}" if each else ""


def _silent_words(targets: pd.DataFrame) -> str:
    """Say which targets no scenario moves, and which lie beyond the simulated years."""
    silent = targets[targets["p_reached"].isna()]
    beyond = silent[silent["note"] == BEYOND]
    names = list(dict.fromkeys(name_of(code) for code in silent.loc[silent["note"] != BEYOND, "indicator"]))
    said = (
        [f"情景不改变或缺数据、不推演的 {len(names)} 项：{listed(names, most=6, unit='项')}"] if names else []
    )
    said += [f"另有 {len(beyond)} 项目标超出推演年份"] if len(beyond) else []
    return "；".join(said)


def _changes(rows: pd.DataFrame) -> str:
    each = [
        f"“{row.scenario}”使 {row.year} 年{name_of(row.indicator)}达标的可能性从"
        f"{spaced(chance_text(row.p_baseline, 0))} 变为{spaced(chance_text(row.p_reached, 0))}"
        for row in rows.head(_NAMED).itertuples()
    ]
    return "；".join(each)


def name_of(code: str) -> str:
    """Return an indicator's Chinese name, or the code of one that the catalogue does not know."""
    spec = indicator_catalogue().get(code)
    return spec.zh if spec else code


def printed(code: str, value: float) -> str:
    """Return an indicator's value with its printed unit."""
    spec = indicator_catalogue().get(code)
    return printed_value(value, spec.unit) if spec else f"{value:,.6g}"


def short(code: str, value: float) -> str:
    """Return what is lacking: of a rate in 个百分点, of a count with a decimal, for it is a mean."""
    spec = indicator_catalogue().get(code)
    if spec and spec.unit == "比例":
        return f"{value * 100:.1f} 个百分点"
    return (
        printed_value(value, spec.unit, more=1 if spec.unit in ("幢", "家") else 0)
        if spec
        else printed(code, value)
    )
