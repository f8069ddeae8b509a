"""Which buildings decide whether a number of 亿元楼 is reached."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.analysis.outputs import TABLES, declared
from louyu_lab.analysis.scenarios.answers.indicator_draws import are_buildings, known_tax
from louyu_lab.analysis.scenarios.answers.outcome import Outcome
from louyu_lab.analysis.scenarios.answers.spread import reached
from louyu_lab.analysis.scenarios.answers.tiers import tier_labels
from louyu_lab.analysis.tax.tiers.draws import YI, tier_positions

#: The target that is counted in 亿元楼.
YI_INDICATOR = "yi_buildings"

#: Buildings listed, and draws there must be with the building at 1亿元 and without it.
LISTED, LEAST_DRAWS = 10, 20

#: A building decides where it makes at least this difference to the chance.
LEAST_DIFFERENCE = 0.01

#: Beyond this chance, and short of the rest of it, a target is as good as settled: nothing decides it.
SETTLED = 0.99


def deciding_buildings(outcome: Outcome) -> pd.DataFrame:
    """Return table ``scenario_deciding``: for each target of 亿元楼数量, the buildings that decide it.

    Targets of the years simulated, and the scenario's own goal where it is one of 亿元楼.
    With A the building at 1亿元 or more in the target's year and B the target reached: ``p_yi`` = P(A),
    ``p_if`` = P(B | A), ``p_if_not`` = P(B | not A), ``difference`` of the two, and ``weight`` =
    P(A)·(1 − P(A))·difference, the covariance of A and B, by which they are sorted: a building counts when
    it is both in doubt and of consequence. Buildings with too few draws on one side (``LEAST_DRAWS``) or a
    difference below ``LEAST_DIFFERENCE`` are left out. No rows where the target is ``SETTLED``.
    """
    parts = [_deciding(outcome, year, target) for year, target in sorted(_aims(outcome))]
    empty = pd.DataFrame(columns=list(TABLES["scenario_deciding"].columns))
    return declared("scenario_deciding", pd.concat(parts, ignore_index=True) if parts else empty)


def _aims(outcome: Outcome) -> set[tuple[int, float]]:
    rows = outcome.baseline.targets
    rows = rows[rows["indicator"] == YI_INDICATOR].dropna(subset=["target"])
    aims = {(int(row.year), float(row.target)) for row in rows.itertuples(index=False)}
    goal = outcome.scenario.goal if outcome.scenario else None
    if goal and goal.indicator == YI_INDICATOR:
        aims.add((goal.year, goal.target))
    return {(year, target) for year, target in aims if year in outcome.courses.years}


def _deciding(outcome: Outcome, year: int, target: float) -> pd.DataFrame:
    courses = outcome.courses
    tax = courses.tax_yuan[:, :, courses.years.index(year)]
    counted = known_tax(outcome.baseline, len(courses.places)) & are_buildings(
        outcome.baseline, courses.places
    )
    is_yi = (tier_positions(tax) == YI) & counted
    met = reached(is_yi.sum(axis=1), target, falls=False)
    having, draws = is_yi.sum(axis=0), len(is_yi)
    with_and_met = is_yi[met].sum(axis=0)
    p_yi = having / draws
    p_if = with_and_met / np.maximum(having, 1)
    p_if_not = (met.sum() - with_and_met) / np.maximum(draws - having, 1)
    table = courses.places[["building_id", "building", "street"]].assign(
        scenario=outcome.title,
        year=year,
        target=target,
        p_reached=met.mean(),
        tier=tier_labels(outcome.baseline, len(courses.places)),
        p_yi=p_yi,
        p_if=p_if,
        p_if_not=p_if_not,
        difference=p_if - p_if_not,
        weight=p_yi * (1 - p_yi) * (p_if - p_if_not),
    )
    is_open = 1 - SETTLED <= met.mean() <= SETTLED
    counts = (having >= LEAST_DRAWS) & (draws - having >= LEAST_DRAWS) & (p_if - p_if_not >= LEAST_DIFFERENCE)
    table = (
        table[counts & is_open].sort_values(["weight", "building_id"], ascending=[False, True]).head(LISTED)
    )
    return table[list(TABLES["scenario_deciding"].columns)]
