"""What can be said of each policy: its effect by years since the start, checks, how far words may go."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from louyu_lab.analysis.outputs import TABLES, declared
from louyu_lab.analysis.vacancy.accounting import opening_years
from louyu_lab.analysis.vacancy.certainty import LEVEL
from louyu_lab.analysis.vacancy.policy.checks import PreTrend, permutation_p_value, placebo, pre_trend
from louyu_lab.analysis.vacancy.policy.effects import (
    Comparisons,
    Effect,
    comparisons,
    effect_of,
)
from louyu_lab.analysis.vacancy.policy.event_panel import (
    EventPanel,
    event_panel,
    exposure_roles,
    marketable_rates,
)
from louyu_lab.analysis.vacancy.policy.exposure import REFIT, policy_exposures, refit_exposures
from louyu_lab.ledgers.model import Ledgers

#: Fewest buildings on either side. On 300 planted districts 90 % intervals hold with fewer too (92 % with 5),
#: but 5 treated see nothing below 11 points, more than such a policy plausibly does, and their tests
#: of the trend before reject in 1 % instead of 5 %; with 8 it is 9 points, with 25 it is 5.
FEWEST_TREATED, FEWEST_CONTROLS = 8, 8

#: Fewest year-ends before the start: one to compare with, one to see whether both sides moved alike.
FEWEST_YEARS_BEFORE = 2

#: A lag is listed from so many treated buildings on.
FEWEST_AT_LAG = 5

#: An effect counts as seen where its printed interval leaves out 0. For 因果 it must also hold below the
#: stricter p-value, on paper and against chance, and each check must stay quiet above ``QUIET``.
SEEN, STRICT, QUIET = 1 - LEVEL, 0.05, 0.10

#: A standing doubt of refits. On 60 planted districts of 250 buildings the old buildings refitted would
#: have emptied faster than the others anyway: 1.3 of 4.5 points were missed, 90 % intervals held 82 %.
CHOSEN_BY_OWNERS = "改造由业主择时，改造的多是老楼，不改造时的走势未必与其他楼相同"

#: How far words may go.
REFUSED, UNSEEN, GOES_WITH, CAUSES = "不估计", "看不出", "相关", "因果"


@dataclass(frozen=True)
class Finding:
    """What was found of one event; effects are differences of rates (0–1).

    ``treated, controls, years_before`` are what there is to go by; ``doubts`` say why words go no further.
    ``effect, trend, placebo`` are None where ``verdict`` is ``REFUSED``; ``permutation_p`` is NaN there and
    where no effect is seen.
    """

    policy: str
    treated: int
    controls: int
    years_before: int
    verdict: str
    doubts: tuple[str, ...] = ()
    effect: Effect | None = None
    trend: PreTrend | None = None
    placebo: Effect | None = None
    permutation_p: float = np.nan


@dataclass(frozen=True)
class PolicyStudy:
    """``findings`` by event; tables ``policy_effects``, ``policy_findings`` and ``policy_exposures``."""

    findings: tuple[Finding, ...]
    effects: pd.DataFrame
    summary: pd.DataFrame
    exposures: pd.DataFrame


def study_policies(ledgers: Ledgers, panel: pd.DataFrame, rng: np.random.Generator) -> PolicyStudy:
    """Study every policy of the ledger and the refits on ``panel.building_years``.

    Never fails for lack of data: without a policy ledger, refits or vacancy the tables are empty, and an
    event that cannot be studied is a finding that says so. Policies in the order of their names.
    """
    buildings = ledgers["buildings"]
    rates = marketable_rates(panel, opening_years(buildings))
    first_year = int(panel["year"].min()) if len(panel) else 0
    exposures = pd.concat(
        [policy_exposures(ledgers["policies"], buildings), refit_exposures(buildings, first_year)],
        ignore_index=True,
    )
    findings, effects, roles = [], [], []
    for policy, rows in exposures.groupby("policy", sort=False):
        made = event_panel(rows, rates)
        compared = comparisons(made)
        findings.append(find(str(policy), made, compared, rng))
        effects.append(_by_lag(findings[-1], compared))
        roles.append(exposure_roles(rows, rates))
    exposures["role"] = pd.concat(roles) if roles else pd.Series(dtype="str")
    exposures["first_year"] = exposures["first_year"].astype("Int64")
    return PolicyStudy(
        findings=tuple(findings),
        effects=_table("policy_effects", [row for rows in effects for row in rows]),
        summary=_table("policy_findings", [_printed(finding) for finding in findings]),
        exposures=declared("policy_exposures", exposures.drop(columns="is_building")),
    )


def find(policy: str, panel: EventPanel, made: Comparisons, rng: np.random.Generator) -> Finding:
    """Return the finding of one event: refused where there is too little to go by, else with its checks."""
    overall = effect_of(made)
    there_is = (overall.n_treated, overall.n_control, _years_before(made))
    short = tuple(_shortages(*there_is)) or (() if overall.se > 0 else ("各楼的变化完全相同，误差无从估计",))
    if short:
        return Finding(policy, *there_is, REFUSED, short)
    trend, pretended = pre_trend(made, FEWEST_AT_LAG), placebo(panel)
    # Only an effect that is seen has to hold against chance.
    by_lot = permutation_p_value(panel, overall, rng) if overall.p_value < SEEN else np.nan
    standing = (CHOSEN_BY_OWNERS,) if policy == REFIT else ()
    verdict, doubts = judged(overall, trend, pretended, by_lot, standing)
    return Finding(policy, *there_is, verdict, doubts, overall, trend, pretended, by_lot)


def judged(
    effect: Effect, trend: PreTrend, pretended: Effect, permutation_p: float, standing: tuple[str, ...] = ()
) -> tuple[str, tuple[str, ...]]:
    """Return how far words may go and the doubts that hold them back.

    看不出 where the interval holds 0. 因果 only where the effect is seen at 95 % too, both sides moved alike
    before, a start that never was shows nothing although it would have shown an effect of this size, chance
    seldom gives as much, and there is no ``standing`` doubt of the design itself.
    """
    if not effect.p_value < SEEN:
        return UNSEEN, ()
    doubts = list(standing)
    if not effect.p_value < STRICT:
        doubts.append(f"只在{LEVEL:.0%}水平上看得出，{1 - STRICT:.0%}水平上看不出")
    if min(trend.p_value, trend.drift_p) < QUIET:
        doubts.append("开始前两组走势已有差别")
    elif not trend.p_value >= QUIET:
        doubts.append("楼宇太少，开始前的走势无法检验")
    if not pretended.se > 0:
        doubts.append("开始前的年末不足三个，无法作提前两年的假想检验")
    elif pretended.p_value < QUIET:
        doubts.append("假想提前两年开始，也“看得到”效果")
    elif pretended.detectable > abs(effect.value):
        doubts.append("开始前的数据看不出这么大的差别，走势相同未必属实")
    if not permutation_p < STRICT:
        doubts.append("随机指定受惠楼宇，也常有这样大的差别")
    return (GOES_WITH if doubts else CAUSES), tuple(doubts)


def _years_before(made: Comparisons) -> int:
    """Number of year-ends before the start, the base among them, at which enough treated are known."""
    before = np.unique(made.lag[made.lag < 0])
    enough = [lag for lag in before if made.treated[made.lag == lag].sum() >= FEWEST_AT_LAG]
    return len(enough) + int((made.lag >= 0).any())


def _shortages(treated: int, controls: int, years_before: int) -> list[str]:
    """Say what there is too little of: found and needed; without treated buildings nothing else matters."""
    pairs = (
        ("可用的处理楼宇 {} 幢，至少要 {} 幢", treated, FEWEST_TREATED),
        ("可用的对照楼宇 {} 幢，至少要 {} 幢", controls, FEWEST_CONTROLS),
        ("开始前可用的年末 {} 个，至少要 {} 个", years_before, FEWEST_YEARS_BEFORE),
    )
    short = [text.format(found, needed) for text, found, needed in pairs if found < needed]
    return short if treated else short[:1]


def _by_lag(finding: Finding, made: Comparisons) -> list[dict[str, object]]:
    """Rows of ``policy_effects``: one a lag with enough treated buildings; the base, lag −1, is 0."""
    if finding.verdict == REFUSED:
        return []
    rows = [{"policy": finding.policy, "lag": -1, "effect_pp": 0.0, "lo_pp": np.nan, "hi_pp": np.nan}]
    rows[0] |= {"n_treated": finding.treated, "n_control": finding.controls}
    for lag in sorted({int(lag) for lag in made.lag}):
        effect = effect_of(made, [lag])
        if effect.n_treated >= FEWEST_AT_LAG:
            counts = {"n_treated": effect.n_treated, "n_control": effect.n_control}
            rows.append({"policy": finding.policy, "lag": lag, **_points(effect), **counts})
    return sorted(rows, key=lambda row: row["lag"])


def _points(effect: Effect) -> dict[str, float]:
    return {f"{name}_pp": 100 * getattr(effect, name) for name in ("lo", "hi")} | {
        "effect_pp": 100 * effect.value
    }


def _printed(finding: Finding) -> dict[str, object]:
    """Return a row of ``policy_findings``."""
    row: dict[str, object] = {name: np.nan for name in TABLES["policy_findings"].columns}
    names = ("policy", "treated", "controls", "years_before", "verdict", "permutation_p")
    row |= {name: getattr(finding, name) for name in names}
    row["reason"] = "；".join(finding.doubts)
    if finding.effect is not None:
        row |= _points(finding.effect) | {"p_value": finding.effect.p_value}
        row |= {"detectable_pp": 100 * finding.effect.detectable, "trend_p": finding.trend.p_value}
        row |= {"drift_p": finding.trend.drift_p}
        row |= {"placebo_pp": 100 * finding.placebo.value, "placebo_p": finding.placebo.p_value}
    return row


def _table(name: str, rows: list[dict[str, object]]) -> pd.DataFrame:
    """Return the rows as a declared table, typed by its declaration also where it is empty."""
    kinds = {"text": "str", "int": "int64"}
    table = TABLES[name]
    frame = pd.DataFrame(rows, columns=list(table.columns))
    typed = {column: kinds.get(table.headings[column][1], "float64") for column in table.columns}
    return declared(name, frame.astype(typed))
