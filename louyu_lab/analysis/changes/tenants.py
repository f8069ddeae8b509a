"""Tenants between two year ends: who came, who left, and who only changed building.

The same definition as table ``moves``: firms in buildings at the year's end; a change of building
inside the district is neither an entry nor an exit of it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import pandas as pd

from louyu_lab.analysis.changes.matching import with_earlier_ids
from louyu_lab.analysis.stock import UNPLACED

CAME, LEFT, MOVED, MORE, FEWER = "新入驻", "迁出", "换楼", "增租他楼", "退租部分楼宇"

#: A firm the later study's enterprise ledger no longer knows at all: it left, or its row was a mistake.
STRUCK = "名单已删"

#: Kinds in the order they are listed.
KINDS = (CAME, LEFT, STRUCK, MOVED, MORE, FEWER)


@dataclass(frozen=True)
class TenantChanges:
    """Firms that came, left or changed building, and the streets of which one side has no list.

    ``firms``: ``kind, enterprise_id, enterprise, buildings_before, buildings_after`` (names joined by
    、), ``area_before, area_after`` (㎡), ``tax_before, tax_after`` (元, that year's), the largest first.
    Firms of ``unlisted_before`` and ``unlisted_after`` neither came nor left.
    """

    firms: pd.DataFrame
    unlisted_before: tuple[str, ...] = ()
    unlisted_after: tuple[str, ...] = ()


def standing_tenants(tenants: pd.DataFrame, buildings: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return who stands in the stock at the end of ``year``, one row a firm and building.

    From ``panel.enterprise_years`` and ``panel.building_years``. Columns: ``enterprise_id, enterprise,
    building_id, building, street, area_sqm`` (㎡), ``tax_yuan`` (元). As in table ``moves``, firms
    in buildings outside the stock are not counted.
    """
    rows = tenants[(tenants["year"] == year) & tenants["at_year_end"] & tenants["enterprise_id"].notna()]
    places = buildings.loc[buildings["year"] == year, ["building_id", "building", "street"]]
    rows = rows.merge(places.assign(street=_streets(places)), on="building_id")
    columns = ["enterprise_id", "enterprise", "building_id", "building", "street", "area_sqm", "tax_yuan"]
    return rows[columns]


def listed_streets(
    tenancies: pd.DataFrame, buildings: pd.DataFrame, year: int, *, looking_back: bool = False
) -> set[str]:
    """Return the streets whose tenants the enterprise ledger knows at the end of ``year``.

    Snapshots speak of their own year, stays of every year; ``buildings`` is ``panel.building_years``.
    ``looking_back`` at an earlier year, stays none of which ever ended say nothing, as in table
    ``moves``: they list today's tenants alone.
    """
    if looking_back and tenancies["move_out_date"].isna().all():
        tenancies = tenancies[tenancies["year"].notna()]
    places = buildings.loc[buildings["year"] == year, ["building_id", "street"]]
    street = places.assign(street=_streets(places)).set_index("building_id")["street"]
    speaking = tenancies[tenancies["year"].isna() | (tenancies["year"] == year).fillna(False)]
    return set(speaking["building_id"].map(street).dropna())


def tenant_changes(
    before: pd.DataFrame,
    after: pd.DataFrame,
    listed_before: Collection[str] | None = None,
    listed_after: Collection[str] | None = None,
    called: Mapping[str, str] | None = None,
) -> TenantChanges:
    """Compare two ``standing_tenants``; ``listed_…`` are the streets that handed in a list for each.

    Without them a street is listed where anybody stands. Firms of a street that only one side lists
    are taken to have stayed where they were, or to have been there before. A firm or building that
    has got its number since is taken for the same by its name. ``called`` gives buildings' names by id.
    """
    for id_, name in (("building_id", "building"), ("enterprise_id", "enterprise")):
        after = after.assign(**{id_: with_earlier_ids(before, after, id_, name)})
    told = [
        set(frame["street"]) | set(listed or ())
        for frame, listed in ((before, listed_before), (after, listed_after))
    ]
    unlisted_before = tuple(sorted(set(after["street"]) - told[0]))
    unlisted_after = tuple(sorted(set(before["street"]) - told[1]))
    stayed = before[before["street"].isin(unlisted_after)]
    after = pd.concat([after[~after["street"].isin(unlisted_before)], stayed], ignore_index=True)
    sides = [_by_firm(frame, called or {}) for frame in (before, after)]
    both = sides[0].merge(sides[1], on="enterprise_id", how="outer", suffixes=("_before", "_after"))
    both["enterprise"] = both["enterprise_after"].fillna(both["enterprise_before"])
    both["kind"] = _kinds(both, before, after)
    return TenantChanges(in_order(both[both["kind"].isin(KINDS)]), unlisted_before, unlisted_after)


def in_order(firms: pd.DataFrame) -> pd.DataFrame:
    """Return ``TenantChanges.firms`` in the order of the kinds, the largest taxpayers first in each."""
    weight = firms[["tax_before", "tax_after"]].max(axis=1).fillna(0.0)
    area = firms[["area_before", "area_after"]].max(axis=1).fillna(0.0)
    order = firms["kind"].map({kind: place for place, kind in enumerate(KINDS)})
    firms = firms.assign(order=order, weight=-weight, area=-area)
    firms = firms.sort_values(["order", "weight", "area", "enterprise_id"], ignore_index=True)
    columns = ["kind", "enterprise_id", "enterprise"]
    columns += [f"{part}_{side}" for part in ("buildings", "area", "tax") for side in ("before", "after")]
    return firms[columns]


def _streets(places: pd.DataFrame) -> pd.Series:
    return places["street"].fillna(UNPLACED["street"])


def _by_firm(rows: pd.DataFrame, called: Mapping[str, str]) -> pd.DataFrame:
    """Return one row a firm: its buildings in words, its area (㎡) and tax (元)."""
    name = rows["building_id"].map(dict(called)).astype("str").fillna(rows["building"])
    named = rows.assign(building=name.fillna(rows["building_id"]))
    named = named.sort_values(["enterprise_id", "building_id"])
    by_firm = named.groupby("enterprise_id")
    firms = pd.DataFrame(
        {
            "enterprise": by_firm["enterprise"].first(),
            "buildings": by_firm["building"].agg(lambda names: "、".join(dict.fromkeys(names))),
            "area": by_firm["area_sqm"].sum(min_count=1),
            "tax": by_firm["tax_yuan"].sum(min_count=1),
        }
    )
    return firms.astype({"enterprise": "str", "buildings": "str"}).reset_index()


def _kinds(both: pd.DataFrame, before: pd.DataFrame, after: pd.DataFrame) -> pd.Series:
    """Return what each firm did; empty for one that stands where it stood."""
    places = [
        frame.groupby("enterprise_id")["building_id"].agg(frozenset).to_dict() for frame in (before, after)
    ]
    kinds = []
    for firm in both["enterprise_id"]:
        old, new = (place.get(firm, frozenset()) for place in places)
        if not old or not new:
            kinds.append(LEFT if old else CAME)
        elif old == new:
            kinds.append("")
        elif old < new:
            kinds.append(MORE)
        else:
            kinds.append(FEWER if new < old else MOVED)
    return pd.Series(kinds, index=both.index, dtype="str")
