"""Hold-outs: hide who moved in later, name target industries from before, and count who is among them.

Recall@k is the share of hidden entrants whose industry was one of their building's k targets. It measures
foresight (who will come), not whether they are the ones a district should want.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.analysis.industry.indices.location import location_quotient
from louyu_lab.analysis.industry.targets.ranking import ranked
from louyu_lab.analysis.industry.targets.recommenders import DEFAULT, RECOMMENDERS

#: Targets a building is given, firms it must have had before, and draws of the bootstrap.
TARGETS, LEAST_FIRMS, DRAWS = 3, 5, 1000

#: Level of the bootstrap intervals, and the buildings below which there is none.
LEVEL, LEAST_BUILDINGS = 0.95, 5

#: Who is counted: all entrants; those of industries the building did not have; the same with targets
#: chosen among the industries it did not have; those of industries it had less of than the district, with
#: the one such industry that is named first (the direction 补链).
EVERYBODY, NEW, NEW_AMONG_NEW = "全部新入驻", "新行业入驻", "新行业入驻（只荐新行业）"
LACKING = "低占比行业入驻（只荐补链一个）"

_HIT_COLUMNS = (
    *("building_id", "industry", "recommender", "is_new", "is_lacking"),
    *("hit", "hit_among_new", "hit_among_lacking"),
)
_LEADS = ["lead", "lead_lo", "lead_hi"]


def lacking(counts: pd.DataFrame, rest: str | None = None) -> pd.DataFrame:
    """Return whether a building has less of an industry than the district: location quotient below 1.

    Same shape as ``counts``; none at all is included, ``rest`` (what is no industry) never.
    """
    short = location_quotient(counts).fillna(0.0) < 1
    return short.assign(**{rest: False}) if rest in short else short


def entrant_hits(
    counts: pd.DataFrame,
    entrants: pd.DataFrame,
    k: int = TARGETS,
    least_firms: float = LEAST_FIRMS,
    rest: str | None = None,
) -> pd.DataFrame:
    """Return whether each entrant's industry was a target: one row an entrant and recommender.

    ``counts`` (buildings × industries) is what was there before, ``entrants`` (``building_id, industry``)
    who came. Entrants into buildings with fewer than ``least_firms`` are left out. An industry that
    nobody had cannot be named, so it counts as missed. Columns: ``building_id, industry, recommender,
    is_new`` (the building had none of it), ``is_lacking`` (see ``lacking``), ``hit`` (among its k targets),
    ``hit_among_new`` (among the k best of the industries it did not have; False unless ``is_new``),
    ``hit_among_lacking`` (the very best of the industries it lacked; False unless ``is_lacking``).
    """
    counts = counts[counts.sum(axis=1) >= least_firms]
    counts = counts.loc[:, counts.sum() > 0]
    came = entrants[entrants["building_id"].isin(counts.index)]
    row = counts.index.get_indexer(came["building_id"])
    column = counts.columns.get_indexer(came["industry"])
    values, known = counts.to_numpy(dtype="float64"), column >= 0
    is_new = ~known | (values[row, column] == 0)
    short = lacking(counts, rest).to_numpy(dtype=bool)
    is_lacking = known & short[row, column]
    parts = []
    for name in RECOMMENDERS if len(came) else ():
        order, _ = ranked(values, name)
        place = _places(order)
        among_new = _places(_first_of(order, values == 0))
        among_lacking = _places(_first_of(order, short))
        parts.append(
            came[["building_id", "industry"]].assign(
                recommender=name,
                is_new=is_new,
                is_lacking=is_lacking,
                hit=known & (place[row, column] < k),
                hit_among_new=known & is_new & (among_new[row, column] < k),
                hit_among_lacking=is_lacking & (among_lacking[row, column] == 0),
            )
        )
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(_HIT_COLUMNS))


def recall(hits: pd.DataFrame, rng: np.random.Generator, draws: int = DRAWS) -> pd.DataFrame:
    """Return ``entrants, recommender, n, recall, lo, hi, lead, lead_lo, lead_hi`` of each recommender.

    ``entrants`` is one of ``EVERYBODY, NEW, NEW_AMONG_NEW, LACKING``; ``n`` entrants, ``recall`` the share
    of hits, ``lead`` by how much ``DEFAULT`` exceeds the recommender (0 of itself, missing without it).
    Intervals are the percentile bootstrap at ``LEVEL`` over buildings, the same draws for all recommenders:
    tenants of a building are not independent of each other, and of a difference the pair is drawn. They are
    missing with entrants into fewer than ``LEAST_BUILDINGS``. No rows where nobody came.
    """
    hits = hits.reset_index(drop=True)
    new, short = hits["is_new"].astype(bool), hits["is_lacking"].astype(bool)
    populations = {
        EVERYBODY: hits.assign(found=hits["hit"]),
        NEW: hits.assign(found=hits["hit"])[new],
        NEW_AMONG_NEW: hits.assign(found=hits["hit_among_new"])[new],
        LACKING: hits.assign(found=hits["hit_among_lacking"])[short],
    }
    parts = [_shares(rows, rng, draws).assign(entrants=name) for name, rows in populations.items()]
    table = pd.concat(parts, ignore_index=True)
    return table[["entrants", "recommender", "n", "recall", "lo", "hi", *_LEADS]]


def _shares(rows: pd.DataFrame, rng: np.random.Generator, draws: int) -> pd.DataFrame:
    columns = ["recommender", "n", "recall", "lo", "hi", *_LEADS]
    if not len(rows):
        return pd.DataFrame(columns=columns)
    found, came = _by_building(rows)
    table = pd.DataFrame({"n": int(came.sum()), "recall": found.sum() / came.sum()})
    table = table.assign(lo=np.nan, hi=np.nan, lead=np.nan, lead_lo=np.nan, lead_hi=np.nan)
    chosen = list(found).index(DEFAULT) if DEFAULT in found else None
    if chosen is not None:
        table["lead"] = table["recall"].iloc[chosen] - table["recall"]
    if len(came) >= LEAST_BUILDINGS:
        drawn, ends = _drawn(found, came, rng, draws), [(1 - LEVEL) / 2, (1 + LEVEL) / 2]
        table["lo"], table["hi"] = np.quantile(drawn, ends, axis=0)
        if chosen is not None:
            apart = drawn[:, [chosen]] - drawn
            table["lead_lo"], table["lead_hi"] = np.quantile(apart, ends, axis=0)
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


def _first_of(order: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Move the industries that are ``wanted`` (buildings × industries) before the others."""
    others = ~np.take_along_axis(wanted, order, axis=1)
    return np.take_along_axis(order, others.argsort(axis=1, kind="stable"), axis=1)
