"""Moves that may be none: what the ledgers cannot tell, counted so that somebody can ask."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from louyu_lab.analysis.industry.moves.kinds import ENTRIES, EXITS, RESIZED, TOGETHER
from louyu_lab.ledgers.texts import folded


@dataclass(frozen=True)
class Doubts:
    """What to ask about the moves of the latest years.

    ``renamed``: ``year, basis`` (同名 or 同集团同行业), ``left, came, from_building, to_building``, pairs of
    which one left the year the other came: perhaps one firm under another code or name. ``together``:
    buildings that went over to another as a whole, ``year, from_building, to_building, firms``.
    ``resized``: rows of firms that only took or gave up space.
    """

    renamed: pd.DataFrame
    together: pd.DataFrame
    resized: int


def move_doubts(moves: pd.DataFrame) -> Doubts:
    """Return what table ``tenant_moves`` leaves open.

    Pairs are made within a year: first by equal names, then, of the others, by 集团 and industry, the
    largest taxpayers together; each firm is in one pair at most.
    """
    left = moves[moves["kind"].isin(EXITS)].drop_duplicates(["year", "enterprise_id"])
    came = moves[moves["kind"].isin(ENTRIES)].drop_duplicates(["year", "enterprise_id"])
    pairs = []
    for basis, columns in (("同名", ["enterprise"]), ("同集团同行业", ["group_name", "industry"])):
        pair = _pairs(left, came, columns).assign(basis=basis)
        left = left[~left.index.isin(pair["left_at"])]
        came = came[~came.index.isin(pair["came_at"])]
        pairs.append(pair)
    found = pd.concat(pairs, ignore_index=True)
    renamed = found[["year", "basis", "left", "came", "from_building", "to_building"]]
    whole = moves[moves["kind"] == TOGETHER]
    place = ["year", "from_building", "to_building"]
    together = whole.groupby(place, as_index=False).agg(firms=("enterprise_id", "nunique"))
    return Doubts(renamed, together, int(moves["kind"].isin(RESIZED).sum()))


def _pairs(left: pd.DataFrame, came: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Pair those that left with those that came in the same year under the same folded ``columns``."""
    sides = []
    for rows, at, tax in ((left, "left", "tax_before_yuan"), (came, "came", "tax_after_yuan")):
        rows = rows.dropna(subset=columns)
        alike = rows[columns[0]].map(folded).astype("str").str.cat(rows[columns[1:]], sep="\t")
        rows = rows.assign(alike=alike).sort_values(
            ["year", "alike", tax, "enterprise_id"], ascending=[True, True, False, True]
        )
        rows = rows.assign(nth=rows.groupby(["year", "alike"]).cumcount())
        place = "from_building" if at == "left" else "to_building"
        kept = rows[["year", "alike", "nth", "enterprise", place]].rename(columns={"enterprise": at})
        sides.append(kept.assign(**{f"{at}_at": rows.index}))
    return sides[0].merge(sides[1], on=["year", "alike", "nth"]).sort_values(["year", "alike", "nth"])
