"""The key taxpayers: which tenants pay 500万 and more."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.ledgers.demo.published import margins
from louyu_lab.ledgers.demo.published.trades import TRADES, draw_trades

#: Large (1000万 and more) and middle (500–1000万) payers of the 18 buildings with a published tax, by rank.
LARGE_PAYERS = (6, 1, 7, 1, 6, 1, 4, 1, 5, 1, 4, 1, 2, 1, 2, 1, 2, 2)
_MIDDLE = (2, 0, 2, 0, 2, 0, 2, 0, 2, 0, 2, 0, 2, 0, 1, 0, 2, 1)
#: A key payer has been in the district since this day, most of them since the first year studied.
_SETTLED, _OLD = pd.Timestamp(margins.TAX_YEAR - 3, 6, 30), pd.Timestamp(margins.YEARS[0], 6, 30)
_NEWCOMERS = 0.10
#: Least area (㎡) of a large payer, and since when the one that moved to a better tower may have moved.
_LEAST_SQM, _MOVED_SINCE = 300.0, pd.Timestamp(2016, 1, 1)


def key_payers(spells: pd.DataFrame, buildings: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return the key payers inside the buildings, indexed by ``firm``.

    Columns: ``building_id`` (where they stand), ``tax_rank`` of it (NaN outside the 18), ``is_large``,
    ``place`` (0 for a building's largest payer), ``trade`` (position in ``TRADES``), ``is_hq_move``
    (true for the one that went from a lower tier to an 亿元楼).
    """
    came = spells.groupby("firm")["move_in_date"].min()
    settled = (came <= _OLD) | ((came <= _SETTLED) & (rng.random(len(came)) < _NEWCOMERS))
    here = spells[spells["move_out_date"].isna() & spells["firm"].map(settled)]
    here = here.merge(buildings[["building_id", "tax_rank"]], on="building_id")
    here = here.sort_values(["area_sqm", "firm"], ascending=[False, True])
    moved = _moved_up(here, spells, buildings)
    ranked = [
        _first(here[here["tax_rank"] == rank], large, middle, moved)
        for rank, (large, middle) in enumerate(zip(LARGE_PAYERS, _MIDDLE, strict=True))
    ]
    payers = pd.concat([*ranked, _elsewhere(here[here["tax_rank"].isna()])], ignore_index=True)
    payers["trade"] = draw_trades(len(payers), rng, inside=True)
    single = payers["tax_rank"].isin(margins.SINGLE_SOURCE_RANKS) & (payers["place"] == 0)
    payers.loc[single, "trade"] = draw_trades(int(single.sum()), rng, inside=True, owning=True)
    payers["is_hq_move"] = payers["firm"] == moved
    # As published, it is a bank's city branch.
    payers.loc[payers["is_hq_move"], "trade"] = 0
    columns = ["building_id", "tax_rank", "is_large", "place", "trade", "is_hq_move"]
    return payers.set_index("firm")[columns]


def outside_payers(rng: np.random.Generator) -> pd.DataFrame:
    """Return ``is_large, trade`` of the key payers outside the buildings, those of large trades first."""
    large, middle = margins.LARGE_PAYERS[1], margins.MIDDLE_PAYERS[1]
    trade = draw_trades(large + middle, rng, inside=False)
    weight = np.array([float(TRADES[position].outweighs) for position in trade])
    order = np.argsort(1.6 * rng.random(len(trade)) - weight, kind="stable")
    return pd.DataFrame({"is_large": np.arange(large + middle) < large, "trade": trade[order]})


def _first(here: pd.DataFrame, large: int, middle: int, moved: int) -> pd.DataFrame:
    """Return the largest tenants of one building; who ``moved`` in is the first of the middle payers."""
    others = here[here["firm"] != moved]
    of_mover = here[here["firm"] == moved]
    chosen = pd.concat([others[:large], of_mover, others[large:]])[: large + middle]
    return chosen.assign(is_large=np.arange(len(chosen)) < large, place=np.arange(len(chosen)))


def _elsewhere(here: pd.DataFrame) -> pd.DataFrame:
    """Key payers of the other buildings, their largest tenants: a large and a middle one, or three middle.

    ``here`` is sorted by area. Small buildings have none.
    """
    large = margins.LARGE_PAYERS[0] - sum(LARGE_PAYERS)
    middle = margins.MIDDLE_PAYERS[0] - sum(_MIDDLE)
    leaders = (
        here[here["area_sqm"] >= _LEAST_SQM]
        .drop_duplicates("building_id")
        .head(large)
        .assign(is_large=True, place=0)
    )
    others = here.drop(index=leaders.index)
    place = others.groupby("building_id").cumcount()
    led = others["building_id"].isin(leaders["building_id"])
    others = others[place < np.where(led, 1, 3)].head(middle)
    return pd.concat([leaders, others.assign(is_large=False, place=1)])


def _moved_up(here: pd.DataFrame, spells: pd.DataFrame, buildings: pd.DataFrame) -> int:
    """The largest enterprise that left a building of the lower tiers for an 亿元楼 in the plan's years."""
    rank = buildings.set_index("building_id")["tax_rank"]
    left = spells[spells["move_out_date"].notna()].sort_values("move_out_date", kind="stable")
    left = left.drop_duplicates("firm", keep="last").set_index("firm")
    yi = (here["tax_rank"] < len(margins.YI_TAXES)) & ~here["tax_rank"].isin(margins.SINGLE_SOURCE_RANKS)
    came_from = here["firm"].map(left["building_id"]).map(rank)
    up = here[yi & (came_from >= len(margins.YI_TAXES))]
    area = np.minimum(up["area_sqm"], up["firm"].map(left["area_sqm"]))
    recent = area[up["move_in_date"] >= _MOVED_SINCE]
    return int(up.loc[(recent if len(recent) else area).idxmax(), "firm"])
