"""The earlier year as the later study has it.

What happened between two years is told from there, so that a correction of the earlier year is not
mistaken for news; what was corrected stands apart. A later study speaks for a street only where it
holds the street's earlier year, since ledgers come street by street.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import pandas as pd

from louyu_lab.analysis.changes.buildings import MEASURES
from louyu_lab.analysis.changes.matching import with_earlier_ids
from louyu_lab.analysis.changes.sameness import column_floor, same_values
from louyu_lab.analysis.changes.tenants import (
    CAME,
    FEWER,
    LEFT,
    MORE,
    MOVED,
    STRUCK,
    TenantChanges,
    in_order,
    tenant_changes,
)
from louyu_lab.analysis.stock import UNPLACED

#: Of the buildings a street knew a figure of, the share the later study must know for it to hold the
#: year: a stray row of a past year is no ledger of it, a row set aside since makes it none the less one.
HELD_SHARE = 0.5

#: What became of an object of the earlier year.
ADDED, DROPPED, CHANGED = "补登", "不再列", "改动"

#: Kind of a ``TenantChanges`` row between the two words of one year -> what it means there.
REVISED_AS = {CAME: ADDED, LEFT: DROPPED} | dict.fromkeys((MOVED, MORE, FEWER), CHANGED)

#: Figures of one ledger, which is there or not as a whole.
_LEDGERS = {"入驻": ("occupied_area_sqm", "occupancy_rate"), "税收": ("tax_yuan",)}


@dataclass(frozen=True)
class RestatedBuildings:
    """The earlier year's buildings to compare from, and what the later study says otherwise of them.

    ``base`` as one year of ``panel.building_years``, of its columns those ``building_changes`` takes.
    ``revised``: ``building_id, building, kind, measure, before, after``, a row a figure (stored units) or,
    without measure, a building of one side only. ``lacking``: what (入驻, 税收) -> the streets whose
    earlier year the later study lacks; there the earlier study's figures are kept.
    """

    base: pd.DataFrame
    revised: pd.DataFrame
    lacking: dict[str, tuple[str, ...]]


def restated_buildings(before: pd.DataFrame, again: pd.DataFrame) -> RestatedBuildings:
    """Set the earlier year's buildings (``panel.building_years``) beside the later study's of that year.

    A building the later study's register has without any figure of that year, and the earlier one had
    not, is left out: nothing says that it was there. One that only the earlier study has stays.
    """
    columns = ["building_id", "building", "street", *MEASURES]
    ids = with_earlier_ids(before, again, "building_id", "building")
    first = before.set_index("building_id").reindex(ids).reset_index(drop=True)
    again = again[columns].reset_index(drop=True)
    is_met = ids.isin(before["building_id"]).to_numpy()
    base, lacking = again.copy(), {}
    for what, measures in _LEDGERS.items():
        held = _held(first[measures[0]], again[measures[0]], _street(again))
        for measure in measures:
            base[measure] = again[measure].where(held, first[measure])
        lacking[what] = tuple(sorted(set(_street(again)[~held])))
    is_known = is_met | again[list(MEASURES)].notna().any(axis=1)
    alone = before.loc[~before["building_id"].isin(ids), columns]
    revised = _revised(first[is_known], base[is_known], is_met[is_known], alone)
    parts = [part for part in (base[is_known], alone) if len(part)]
    whole = pd.concat(parts, ignore_index=True) if parts else base
    return RestatedBuildings(whole, revised, lacking)


def restated_tenants(
    before: pd.DataFrame,
    again: pd.DataFrame,
    held: Collection[str],
    called: Mapping[str, str] | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the ``standing_tenants`` of the earlier year to compare from, and what was revised of them.

    ``again`` is the later study's word of that year, taken in the streets it ``held``. The second frame
    is ``TenantChanges.firms`` between the two words: nobody moved, the lists differ.
    """
    base = pd.concat([again[again["street"].isin(held)], before[~before["street"].isin(held)]])
    sides = [frame[frame["street"].isin(held)] for frame in (before, again)]
    revised = tenant_changes(*sides, held, held, called).firms
    return base.reset_index(drop=True), revised


def with_struck(
    changes: TenantChanges, revised: pd.DataFrame, known: Collection[str]
) -> tuple[TenantChanges, pd.DataFrame]:
    """Move the firms that no row of the later study's ledger names any more to the changes.

    ``known`` are the ids and names of every firm in that ledger. Such a firm may have left or may have
    been a mistake: only the district can tell, so that it must not vanish among the revisions.
    """
    is_struck = (revised["kind"] == LEFT) & ~revised[["enterprise_id", "enterprise"]].isin(known).any(axis=1)
    if not is_struck.any():
        return changes, revised
    struck = revised[is_struck].assign(kind=STRUCK)
    firms = pd.concat([part for part in (changes.firms, struck) if len(part)], ignore_index=True)
    changes = TenantChanges(in_order(firms), changes.unlisted_before, changes.unlisted_after)
    return changes, revised[~is_struck].reset_index(drop=True)


def _held(first: pd.Series, again: pd.Series, street: pd.Series) -> pd.Series:
    """Tell, row by row, whether the later study holds the figure for the row's street."""
    was = first.notna()
    both = (was & again.notna()).groupby(street).transform("sum")
    return both >= HELD_SHARE * was.groupby(street).transform("sum")


def _street(rows: pd.DataFrame) -> pd.Series:
    return rows["street"].fillna(UNPLACED["street"])


def _revised(first: pd.DataFrame, base: pd.DataFrame, is_met: pd.Series, alone: pd.DataFrame) -> pd.DataFrame:
    """Return the figures that differ, and the buildings of one side; rows of ``first`` and ``base`` agree."""
    columns = ["building_id", "building", "kind", "measure", "before", "after"]
    bare = {"measure": "", "before": float("nan"), "after": float("nan")}
    parts = [base[~is_met].assign(kind=ADDED, **bare), alone.assign(kind=DROPPED, **bare)]
    for measure in MEASURES:
        differs = is_met & ~same_values(first[measure], base[measure], column_floor(measure))
        figures = {"measure": measure, "before": first[measure], "after": base[measure]}
        parts.append(base.assign(kind=CHANGED, **figures)[differs])
    found = [part[columns] for part in parts if len(part)]
    return pd.concat(found, ignore_index=True) if found else base.head(0).reindex(columns=columns)
