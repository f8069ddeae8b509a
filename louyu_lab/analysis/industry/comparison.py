"""Like with like: what the industry mixes of two years have in common.

A street that handed in no list for a year is not empty then, and a ledger of today's tenants alone tells of
no earlier year. Who is known when goes by ``year_ends``, as in table ``moves``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from louyu_lab.analysis.stock import UNPLACED
from louyu_lab.analysis.year_ends import latest_streets, only_present, street_reports, tenant_reports

#: Amounts of a mix.
_AMOUNTS = ["firms", "area_sqm", "tax_yuan"]


@dataclass(frozen=True)
class ListedStreets:
    """Of which streets the tenants are known at which year's end.

    ``known`` by year; streets that have no building yet are in it, for they are known to be empty.
    ``is_only_present``: the ledger lists today's tenants and nobody who left. ``street_of``: street of each
    building, by ``building_id``; empty where streets tell nothing apart.
    """

    known: Mapping[int, frozenset[str]]
    is_only_present: bool
    street_of: pd.Series

    @property
    def complete_years(self) -> set[int]:
        """The years for which the tenants of every street are known that ever told of any."""
        every = frozenset().union(*self.known.values())
        return {year for year, streets in self.known.items() if streets == every}

    def missing(self, year: int, among: Collection[str]) -> list[str]:
        """Return the streets of ``among`` whose tenants of ``year`` are not known."""
        return sorted(set(among) - self.known.get(year, frozenset()))


@dataclass(frozen=True)
class MixComparison:
    """A year's mix beside the one before, both of the streets known in both.

    ``before`` is None where nothing can be compared. ``lacking``: the streets left out, by the year whose
    list is missing.
    """

    now: pd.DataFrame
    before: pd.DataFrame | None
    lacking: Mapping[int, tuple[str, ...]]

    @property
    def is_whole(self) -> bool:
        """Whether nobody is left out."""
        return self.before is not None and not any(self.lacking.values())


def listed_streets(
    tenancies: pd.DataFrame, panel: pd.DataFrame, years: Sequence[int], district: str
) -> ListedStreets:
    """Return who is known when, from the enterprise ledger and ``panel.building_years``.

    Without a stock, or without any tenant in it, the whole district counts as one street.
    """
    if tenancies["building_id"].isin(panel["building_id"]).any():
        reports = tenant_reports(tenancies, panel, district).reports
        street_of = latest_streets(panel).fillna(UNPLACED["street"])
    else:
        rows = tenancies[tenancies["year"].notna()] if only_present(tenancies) else tenancies
        whole = pd.DataFrame({"year": list(years), "street": UNPLACED["street"]})
        reports = street_reports(rows.assign(street=UNPLACED["street"]), whole)
        street_of = pd.Series(dtype="str")
    known = {int(year): frozenset(rows["street"]) for year, rows in reports.groupby("year")}
    nobody = not reports["is_report"].any()
    return ListedStreets({} if nobody else known, nobody and len(tenancies) > 0, street_of)


def compared_mixes(
    mixes: Mapping[int, pd.DataFrame], listed: ListedStreets, before: int | None, year: int
) -> MixComparison:
    """Return the mixes (``industry_mix``) of ``before`` and ``year``, cut to the streets known in both."""
    now = mixes[year]
    if before is None or listed.is_only_present:
        return MixComparison(now, None, {})
    held = set().union(*(_streets_held(mixes[at], listed.street_of) for at in (before, year)))
    lacking = {at: tuple(listed.missing(at, held)) for at in (before, year)}
    kept = held.difference(*lacking.values())
    if kept == held:
        return MixComparison(now, mixes[before] if held else None, lacking)
    if not kept:
        return MixComparison(now, None, lacking)
    cut = {at: _of_streets(mixes[at], kept, listed.street_of) for at in (before, year)}
    return MixComparison(cut[year], cut[before], lacking)


def _streets_held(mix: pd.DataFrame, street_of: pd.Series) -> set[str]:
    """Return the streets in which the mix has firms."""
    there = mix[mix["firms"] > 0]
    if street_of.empty:
        return {UNPLACED["street"]} if len(there) else set()
    buildings = there.loc[there["level"] == "building", "id"]
    return set(buildings.map(street_of).fillna(UNPLACED["street"]))


def _of_streets(mix: pd.DataFrame, streets: Collection[str], street_of: pd.Series) -> pd.DataFrame:
    """Return the mix of some streets' buildings alone, in the columns and order of ``mix``."""
    order = {name: at for at, name in enumerate(mix["industry"].drop_duplicates())}
    rows = mix[mix["level"] == "building"]
    street = rows["id"].map(street_of).fillna(UNPLACED["street"])
    rows, street = rows[street.isin(streets)], street[street.isin(streets)]
    district = mix.loc[mix["level"] == "district", "id"].iloc[0]
    levels = []
    for level, ids in (("district", district), ("street", street), ("building", rows["id"])):
        summed = rows.assign(id=ids).groupby(["id", "industry"], as_index=False)[_AMOUNTS].sum(min_count=1)
        summed = summed.assign(level=level, order=summed["industry"].map(order))
        total = summed.groupby("id")["firms"].transform("sum")
        summed["share_firms"] = summed["firms"] / total.where(total > 0)
        levels.append(summed.sort_values(["id", "order"]))
    return pd.concat(levels, ignore_index=True)[list(mix.columns)]
