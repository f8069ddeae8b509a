"""The legal warning that goes with support reckoned by the tax an enterprise pays.

It hangs on what a scenario names alone: nothing here takes an argument, a parameter or a setting that would
keep it from being said.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

import pandas as pd

from louyu_lab.analysis.outputs import TABLES, declared
from louyu_lab.analysis.scenarios.levers.schema import levers
from louyu_lab.analysis.scenarios.levers.setting import Clause

if TYPE_CHECKING:
    from louyu_lab.analysis.scenarios.levers.scenario import Scenario

#: 国务院令第783号, article 10, items 1 and 2.
LAW = (
    "《公平竞争审查条例》（国务院令第783号，自2024年8月1日起施行）第十条：没有法律、行政法规依据或者未经国务院批准，"
    "政策措施不得含有“给予特定经营者税收优惠”（第一项）、“给予特定经营者选择性、差异化的财政奖励或者补贴”（第二项）等影响生产经营成本的内容"
)
WARNING, NOTICE = "警告", "提示"

#: Words that speak of support tied to tax paid, wherever a title or reason uses them.
_WORDS = re.compile(
    r"返税|返点|税[收费款]?返还|返还.{0,4}税|先征后[返退]|即征即退|列收列支|税收优惠"
    r"|按.{0,8}贡献.{0,4}[奖补扶]|贡献奖|奖励?.{0,8}税|税.{0,8}(?:奖|挂钩|分成)"
)

#: Kind, the graver first -> what is to be done.
_ADVICE = {
    WARNING: "与缴税额挂钩的返还、奖励，没有上述依据的不得写入政策措施；"
    "推演只算账，不表示可以这样做，出台前须作公平竞争审查。",
    NOTICE: "是否属于上述情形，请在出台前作公平竞争审查。",
}

#: Where a phrase ends.
_STOPS = re.compile(r"[\s，。；：、！？,;:!?“”‘’\"'（）()《》【】\[\]]")

_SUBSIDY = "rent_subsidy_yuan_sqm_month"


def legal_table(scenarios: Iterable[Scenario | None]) -> pd.DataFrame:
    """Return table ``scenario_legal``: a row a scenario and what of it touches the regulation.

    警告 for a lever tied to the tax paid, wherever the file names it (changes, sweep, goal, unit costs) and
    whatever its value; 提示 for words of the kind in title or reason, and for a rent subsidy for chosen
    buildings or industries.
    """
    rows = [row for scenario in scenarios if scenario is not None for row in _touched(scenario)]
    columns = list(TABLES["scenario_legal"].columns)
    table = pd.DataFrame(rows, columns=columns, dtype="str").drop_duplicates(["scenario", "subject"])
    return declared("scenario_legal", table)


def legal_warning(scenarios: Iterable[Scenario | None]) -> str:
    """Return the warning on these scenarios in Chinese, "" where none touches the regulation."""
    table = legal_table(scenarios)
    if table.empty:
        return ""
    kinds = [kind for kind in _ADVICE if (table["severity"] == kind).any()]
    lines = [f"【法律{kind}】{'；'.join(_named(table[table['severity'] == kind]))}。" for kind in kinds]
    return "\n".join([*lines, f"{LAW}。", _ADVICE[kinds[0]]])


def _named(rows: pd.DataFrame) -> list[str]:
    return [
        f"情景“{title}”：{'、'.join(found['subject'])}"
        for title, found in rows.groupby("scenario", sort=False)
    ]


def _touched(scenario: Scenario) -> list[dict[str, str]]:
    named = [*scenario.changes, *scenario.costs]
    named += [scenario.sweep[0]] if scenario.sweep else []
    named += list(scenario.goal.bounds) if scenario.goal else []
    rows = [
        {"scenario": scenario.title, "severity": WARNING, "subject": levers()[name].title}
        for name in dict.fromkeys(named)
        if levers()[name].is_tied_to_tax
    ]
    words = "" if rows else _written(f"{scenario.title}\n{scenario.reason}")
    if words:
        rows.append({"scenario": scenario.title, "severity": NOTICE, "subject": f"写到“{words}”"})
    chosen = [part for part in scenario.changes.get(_SUBSIDY, ()) if isinstance(part, Clause)]
    if any({"buildings", "industries"} & set(clause.scope) for clause in chosen):
        subject = f"{levers()[_SUBSIDY].title}限定了楼宇或行业"
        rows.append({"scenario": scenario.title, "severity": NOTICE, "subject": subject})
    return rows


def _written(text: str) -> str:
    """Return the whole phrase in which support tied to tax paid is spoken of, "" where none is."""
    words = _WORDS.search(text)
    if words is None:
        return ""
    before, after = text[: words.start()], text[words.end() :]
    return _STOPS.split(before)[-1] + words[0] + _STOPS.split(after)[0]
