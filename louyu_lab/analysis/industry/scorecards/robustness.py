"""How far ranks and grades hang on the exact weights: weights drawn around the given ones, and one left out.

The weights of a scorecard are somebody's judgement. Here they vary as a Dirichlet distribution around
them, Dir(κ·w) with κ = ``CONCENTRATION``: each has its given value as its mean and a standard deviation of
√(w(1 − w) ÷ (κ + 1)), so that a weight of 20 % usually lies between 15 and 26 %. What a building's rank
then does is no sampling error; it says how much of the order is the weights' doing (Saisana, Saltelli and
Tarantola 2005, J. R. Stat. Soc. A 168:307–323, for composite indicators in general).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from louyu_lab.analysis.industry.scorecards import conditions, scoring
from louyu_lab.analysis.industry.scorecards.cards import UNGRADED, Scorecard
from louyu_lab.analysis.industry.scorecards.tables import VETOED, in_scope
from louyu_lab.analysis.outputs import TABLES, declared

#: κ of the Dirichlet distribution of weights.
CONCENTRATION = 50.0

#: Draws of weights: a chance of 0.5 is then known to ±0.022 (two Monte Carlo standard errors).
DRAWS = 2000

#: Central part of the ranks that the interval holds.
RANK_LEVEL = 0.90

#: Fewest buildings that can be ranked against each other.
MIN_BUILDINGS = 3


def scorecard_robustness(
    cards: Sequence[Scorecard],
    measures: pd.DataFrame,
    stock: pd.DataFrame,
    *,
    rng: np.random.Generator,
    draws: int = DRAWS,
    concentration: float = CONCENTRATION,
) -> pd.DataFrame:
    """Return table ``scorecard_robustness``: every scored building of the cards that have weights.

    ``lo90_rank, hi90_rank`` hold the rank in 90 % of the drawn weights, ``best_rank, worst_rank`` what
    it becomes when one indicator is left out, ``pivotal`` the indicator whose omission moves it most.
    ``p_grade`` is the chance (0–1) of its present grade or a better one, ``p_next`` of the next better
    grade; missing where the building fails a requirement, has the best grade already (``p_next``), or the
    card has no grades. Ranks are among the scored buildings of the card. Cards with fewer than two
    indicators, or fewer than ``MIN_BUILDINGS`` scored buildings, have no rows.
    """
    parts = []
    for card in cards:
        own = in_scope(card, measures)
        table = scoring.scores(card, own)
        scored = own[table["score"].notna()]
        if len(card.criteria) >= 2 and len(scored) >= MIN_BUILDINGS:
            parts.append(_of_card(card, scored, table.loc[scored.index], rng, draws, concentration))
    names = stock.drop_duplicates("building_id").set_index("building_id")["building"]
    columns = list(TABLES["scorecard_robustness"].columns)
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)
    return declared("scorecard_robustness", table.assign(building=table["building_id"].map(names))[columns])


def ranks(score: np.ndarray) -> np.ndarray:
    """Return the rank of each row within each column of (b, d) scores.

    1 is the highest, ties share the better rank, NaN stays NaN.
    """
    return pd.DataFrame(score).rank(method="min", ascending=False).to_numpy()


def _of_card(
    card: Scorecard,
    measures: pd.DataFrame,
    table: pd.DataFrame,
    rng: np.random.Generator,
    draws: int,
    concentration: float,
) -> pd.DataFrame:
    part_points = scoring.points(card, measures).to_numpy()
    weights = rng.dirichlet(concentration * np.array(card.weights), size=draws)
    drawn = scoring.weighted(part_points, weights)
    tail = (1 - RANK_LEVEL) / 2
    low, high = np.nanquantile(ranks(drawn), [tail, 1 - tail], axis=1, method="nearest")
    without = ranks(scoring.weighted(part_points, _left_out(card)))
    moved = np.abs(without - table["rank"].to_numpy("float64")[:, None])
    farthest = np.nan_to_num(moved).argmax(axis=1)
    pivotal = np.array([criterion.indicator.zh for criterion in card.criteria])[farthest]
    fails = (~conditions.all_met(card.requirements, measures)).fillna(False).to_numpy(bool)
    p_grade, p_next = _grade_chances(card, fails, table["score"], drawn)
    grade = scoring.grades_of(card, table["score"])
    return pd.DataFrame(
        {
            "scorecard": card.name,
            "building_id": measures.index,
            "score": table["score"].to_numpy(),
            "rank": table["rank"].to_numpy(),
            "lo90_rank": low.astype("int64"),
            "hi90_rank": high.astype("int64"),
            "best_rank": np.nanmin(without, axis=1).astype("int64"),
            "worst_rank": np.nanmax(without, axis=1).astype("int64"),
            "pivotal": pd.Series(pivotal, dtype="str").where(moved.max(axis=1) > 0).to_numpy(),
            "grade": grade.mask(fails, VETOED).to_numpy() if card.grades else grade.to_numpy(),
            "p_grade": p_grade,
            "p_next": p_next,
        }
    ).sort_values(["rank", "building_id"], ignore_index=True)


def _left_out(card: Scorecard) -> np.ndarray:
    """Return the weights (k, k) with one indicator after the other at 0."""
    return np.array(card.weights) * (1 - np.eye(len(card.criteria)))


def _grade_chances(
    card: Scorecard, fails: np.ndarray, score: pd.Series, drawn: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return P(present grade or better) and P(next grade or better) over the drawn scores."""
    none = np.full(len(score), np.nan)
    if not card.grades:
        return none, none.copy()
    labels = [UNGRADED, *(name for name, _ in reversed(card.grades))]
    lows = [-np.inf, *(least - 10.0**-scoring.DECIMALS for _, least in reversed(card.grades)), np.inf]
    place = scoring.grades_of(card, score).map({name: at for at, name in enumerate(labels)}).to_numpy("int64")
    at_least = [(drawn >= np.array(lows)[place + step][:, None]).mean(axis=1) for step in (0, 1)]
    p_grade = np.where(fails, np.nan, at_least[0])
    return p_grade, np.where(fails | (place == len(card.grades)), np.nan, at_least[1])
