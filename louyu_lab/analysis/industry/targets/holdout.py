"""Hold-outs: hide who moved in later, name target industries from before, and count who is among them.

Recall@k is the share of hidden entrants whose industry was one of their building's k targets. It measures
foresight (who will come), not whether they are the ones a district should want.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.analysis.industry.targets.ranking import ranked
from louyu_lab.analysis.industry.targets.recommenders import RECOMMENDERS

#: Targets a building is given, firms it must have had before, and draws of the bootstrap.
TARGETS, LEAST_FIRMS, DRAWS = 3, 5, 1000

#: Level of the bootstrap intervals, and the buildings below which there is none.
LEVEL, LEAST_BUILDINGS = 0.95, 5

#: Who is counted: all entrants; those of industries the building did not have; the same with targets
#: chosen among the industries it did not have.
EVERYBODY, NEW, NEW_AMONG_NEW = "全部新入驻", "新行业入驻", "新行业入驻（只荐新行业）"

_HIT_COLUMNS = ("building_id", "industry", "recommender", "is_new", "hit", "hit_among_new")


def entrant_hits(
    counts: pd.DataFrame, entrants: pd.DataFrame, k: int = TARGETS, least_firms: float = LEAST_FIRMS
) -> pd.DataFrame:
    """Return whether each entrant's industry was a target: one row an entrant and recommender.

    ``counts`` (buildings × industries) is what was there before, ``entrants`` (``building_id, industry``)
    who came. Entrants into buildings with fewer than ``least_firms`` are left out. An industry that
    nobody had cannot be named, so it counts as missed. Columns: ``building_id, industry, recommender,
    is_new`` (the building had none of it), ``hit`` (among its k targets), ``hit_among_new`` (among the k
    best of the industries it did not have; False unless ``is_new``).
    """
    counts = counts[counts.sum(axis=1) >= least_firms]
    counts = counts.loc[:, counts.sum() > 0]
    came = entrants[entrants["building_id"].isin(counts.index)]
    row = counts.index.get_indexer(came["building_id"])
    column = counts.columns.get_indexer(came["industry"])
    values, known = counts.to_numpy(dtype="float64"), column >= 0
    is_new = ~known | (values[row, column] == 0)
    parts = []
    for name in RECOMMENDERS if len(came) else ():
        order, _ = ranked(values, name)
        place = _places(order)
        among_new = _places(_absent_first(order, values))
        parts.append(
            came[["building_id", "industry"]].assign(
                recommender=name,
                is_new=is_new,
                hit=known & (place[row, column] < k),
                hit_among_new=known & is_new & (among_new[row, column] < k),
            )
        )
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(_HIT_COLUMNS))


def recall(hits: pd.DataFrame, rng: np.random.Generator, draws: int = DRAWS) -> pd.DataFrame:
    """Return ``entrants, recommender, n, recall, lo, hi``: the share of hits of each recommender.

    ``entrants`` is one of ``EVERYBODY, NEW, NEW_AMONG_NEW``; ``n`` entrants. The interval is the
    percentile bootstrap at ``LEVEL`` over buildings, the same draws for all recommenders: tenants of a
    building are not independent of each other. It is missing with entrants into fewer than
    ``LEAST_BUILDINGS``. No rows where nobody came.
    """
    hits = hits.reset_index(drop=True)
    new = hits["is_new"].astype(bool)
    populations = {
        EVERYBODY: hits.assign(found=hits["hit"]),
        NEW: hits.assign(found=hits["hit"])[new],
        NEW_AMONG_NEW: hits.assign(found=hits["hit_among_new"])[new],
    }
    parts = [_shares(rows, rng, draws).assign(entrants=name) for name, rows in populations.items()]
    return pd.concat(parts, ignore_index=True)[["entrants", "recommender", "n", "recall", "lo", "hi"]]


def lead(hits: pd.DataFrame, over: str, of: str, rng: np.random.Generator, draws: int = DRAWS) -> dict:
    """Return by how much recommender ``of`` beats ``over`` in recall, with its paired interval.

    Keys ``lead, lo, hi`` (differences of shares) over all entrants; buildings are drawn, both
    recommenders judged on the same ones.
    """
    found, came = _by_building(hits.assign(found=hits["hit"]))
    difference = found[of] - found[over]
    drawn = _drawn(difference.to_frame(), came, rng, draws)[:, 0]
    low, high = np.quantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return {"lead": float(difference.sum() / came.sum()), "lo": float(low), "hi": float(high)}


def _shares(rows: pd.DataFrame, rng: np.random.Generator, draws: int) -> pd.DataFrame:
    columns = ["recommender", "n", "recall", "lo", "hi"]
    if not len(rows):
        return pd.DataFrame(columns=columns)
    found, came = _by_building(rows)
    low, high = np.nan, np.nan
    if len(came) >= LEAST_BUILDINGS:
        low, high = np.quantile(_drawn(found, came, rng, draws), [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    table = pd.DataFrame({"n": int(came.sum()), "recall": found.sum() / came.sum(), "lo": low, "hi": high})
    return table.rename_axis("recommender").reset_index()[columns]


def _by_building(rows: pd.DataFrame) -> tuple[pd.DataFrame, np.ndarray]:
    """Hits by building and recommender (in their order), and entrants by building."""
    grouped = rows.groupby(["building_id", "recommender"])["found"]
    order = [name for name in RECOMMENDERS if name in set(rows["recommender"])]
    found = grouped.sum().unstack("recommender")[order].astype("float64")
    return found, grouped.size().unstack("recommender").iloc[:, 0].to_numpy("float64")


def _drawn(found: pd.DataFrame, came: np.ndarray, rng: np.random.Generator, draws: int) -> np.ndarray:
    """Recall of each draw of as many buildings as there are (draws × recommenders)."""
    times = rng.multinomial(len(came), np.full(len(came), 1 / len(came)), size=draws)
    return (times @ found.to_numpy()) / (times @ came)[:, None]


def _places(order: np.ndarray) -> np.ndarray:
    """Turn the columns of each row from best to last into each column's place."""
    return order.argsort(axis=1)


def _absent_first(order: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Move the industries a building has behind those it does not have."""
    present = np.take_along_axis(values, order, axis=1) > 0
    return np.take_along_axis(order, present.argsort(axis=1, kind="stable"), axis=1)
