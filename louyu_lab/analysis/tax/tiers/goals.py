"""What more 亿元楼 ask for: which buildings come next, what they lack, and what growth makes it even odds."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from louyu_lab.analysis.outputs import TABLES, declared
from louyu_lab.analysis.tax.history import YI_YUAN, TaxHistory, last_known
from louyu_lab.analysis.tax.tiers.counts import yi_targets
from louyu_lab.analysis.tax.tiers.draws import YI, TierDraws

#: Numbers above the one of today that are always looked at, and up to which every one is, towards a target.
STEPS, MOST_STEPS = 4, 10


def yi_goals(draws: TierDraws, history: TaxHistory, targets: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return table ``yi_goal``: what it takes to have ``goal`` 亿元楼, a row a number and coming year.

    Goals are the next ``STEPS`` numbers above ``now``, those on the way to the highest target (at most
    ``MOST_STEPS`` above now), and the targets themselves: those of coming years, also beyond the horizon
    and also where met already, and those of past years that were missed. ``due_years`` are their years.
    ``p_reach`` is the chance of that many in the year. ``next_building`` is the one that brings the number
    to ``goal`` when buildings follow in the order of their last known tax, ``building_gap_yuan`` what it
    lacks of 1亿元 and ``gap_yuan`` what all up to it lack, the 亿元楼 of today staying;
    nothing for a goal met.

    ``needed_rate`` is the growth a year of the district's tax at which the goal is as likely as not, growth
    coming to every building alike: N ≥ goal in a draw where the goal-th largest tax reaches 1亿元, so all
    draws have to be multiplied by f = 1亿元 ÷ median of it, and the rate is (f·E[tax] ÷ tax)^(1/years) − 1.
    ``expected_rate`` is that with f = 1. ``tax`` is the last known one of ``history``, which has to
    be the tax that is simulated (recurring); both are NaN where a sum or the median is not above 0.
    """
    columns = list(TABLES["yi_goal"].columns)
    yuan, years = draws.paths.yuan, draws.paths.years
    now, buildings = int(draws.was_yi.sum()), yuan.shape[1]
    due = _due(targets, int(years[0]), now) if yuan.size else {}
    goals = _goals(now, buildings, due) if yuan.size else []
    if not goals:
        return declared("yi_goal", pd.DataFrame(columns=columns))
    nearest = _nearest(draws)
    growth = _growth(draws, history)
    # Rows of rank: the largest tax of each draw first.
    ranked = -np.sort(-yuan, axis=1)
    number = (draws.tier == YI).sum(axis=1)
    parts = []
    for goal in goals:
        follows = nearest.get(goal - now, ("", np.nan, np.nan))
        is_possible = 1 <= goal <= buildings
        middle = np.median(ranked[:, goal - 1], axis=0) if is_possible else np.full(len(years), np.nan)
        factor = YI_YUAN / np.where(middle > 0, middle, np.nan)
        row = {
            "goal": goal,
            "due_years": due.get(goal, ""),
            "now": now,
            "year": years,
            "p_reach": (number >= goal).mean(axis=0),
            **dict(zip(("next_building", "building_gap_yuan", "gap_yuan"), follows, strict=True)),
            "expected_rate": growth - 1,
            "needed_rate": growth * factor ** (1 / _ahead(years)) - 1,
        }
        parts.append(pd.DataFrame(row))
    return declared("yi_goal", pd.concat(parts, ignore_index=True)[columns])


def last_goals(goals: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of table ``yi_goal`` of the last year, what a chapter shows."""
    return goals[goals["year"] == goals["year"].max()].reset_index(drop=True)


def _ahead(years: np.ndarray) -> np.ndarray:
    return years - years[0] + 1


def _due(targets: pd.DataFrame | None, first: int, now: int) -> dict[int, str]:
    """Return number → the years of its target: coming ones, and past ones (before ``first``) not met."""
    rows = yi_targets(targets)
    rows = rows[(rows["year"] >= first) | (rows["target"] > now)]
    goal = np.ceil(rows["target"]).astype("int64")
    return rows["year"].astype("str").groupby(goal).agg("、".join).to_dict()


def _goals(now: int, buildings: int, due: Mapping[int, str]) -> list[int]:
    upto = min(max([now + STEPS, *due]), now + MOST_STEPS)
    return sorted({*range(now + 1, min(upto, buildings) + 1), *due})


def _nearest(draws: TierDraws) -> dict[int, tuple[str, float, float]]:
    """Return 1, 2, … → name, gap and gaps so far (元) of the buildings below 1亿元, the nearest first."""
    below = np.flatnonzero(np.isfinite(draws.base_yuan) & ~draws.was_yi)
    below = below[np.argsort(-draws.base_yuan[below], kind="stable")]
    gap = YI_YUAN - draws.base_yuan[below]
    names = draws.building[below].tolist()
    each = zip(names, gap.tolist(), np.cumsum(gap).tolist(), strict=True)
    return dict(enumerate(each, start=1))


def _growth(draws: TierDraws, history: TaxHistory) -> np.ndarray:
    """Return the factor a year by which the district's tax is expected to grow until each coming year."""
    at = pd.Index(history.building_id).get_indexer(draws.paths.building_id)
    last = np.append(last_known(history.tax_yuan), np.nan)[at]
    ratio = draws.paths.yuan.mean(axis=0).sum(axis=0) / (np.nansum(last) or np.nan)
    return np.where(ratio > 0, ratio, np.nan) ** (1 / _ahead(draws.paths.years))
