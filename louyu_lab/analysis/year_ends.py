"""Who stood in the buildings at each year's end, and which streets tell of which year.

Year ends are compared street by street: a street that handed in nothing for a year stands as it last did.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import pandas as pd

from louyu_lab.analysis.stays import stays_in_years
from louyu_lab.analysis.stock import UNPLACED


@dataclass(frozen=True)
class TenantReports:
    """What the enterprise ledger tells of the tenants of the stock.

    ``present``: ``building_id, enterprise_id, year, area_sqm, street, district``, who stands where at each
    year's end. ``reports``: ``street, year, is_report``, see ``street_reports``.
    """

    present: pd.DataFrame
    reports: pd.DataFrame

    @property
    def pairs(self) -> list[tuple[int, int]]:
        """Year ends to compare, each with the one before; years nobody reported are passed over."""
        years = sorted(self.reports.loc[self.reports["is_report"], "year"].unique())
        return [(int(before), int(after)) for before, after in pairwise(years)]

    def at(self, year: int, known_at: int | None = None) -> pd.DataFrame:
        """Return who stands where by each street's last report up to ``year``, in rows of ``present``.

        With ``known_at`` only streets that had reported by then: one heard of for the first time brings
        tenants, not entries.
        """
        latest = self.since(year)
        rows = self.present
        if known_at is not None:
            rows = rows[rows["street"].isin(self.streets(known_at))]
        return rows[rows["year"] == rows["street"].map(latest)]

    def since(self, year: int) -> pd.Series:
        """Return the year of each street's last report up to ``year``, by ``street``."""
        return self.reports[self.reports["year"] <= year].groupby("street")["year"].max()

    def streets(self, year: int) -> set[str]:
        """Return the streets that have reported up to ``year``."""
        return set(self.reports.loc[self.reports["year"] <= year, "street"])


def tenant_reports(tenancies: pd.DataFrame, panel: pd.DataFrame, district: str) -> TenantReports:
    """Return what ``tenancies`` tell of the tenants of the buildings in ``panel.building_years``.

    Stays none of which ever ended list today's tenants alone, tell of no exits and are left out; so are
    firms in buildings outside the stock.
    """
    streets = latest_streets(panel)
    rows = tenancies[tenancies["building_id"].isin(panel["building_id"])]
    if only_present(rows):
        rows = rows[rows["year"].notna()]
    present = stays_in_years(rows, sorted(panel["year"].unique()))
    present = present.loc[present["at_year_end"], ["building_id", "enterprise_id", "year", "area_sqm"]]
    reports = street_reports(
        placed_in_streets(rows, streets, district), placed_in_streets(panel, streets, district)
    )
    return TenantReports(placed_in_streets(present, streets, district), reports)


def only_present(tenancies: pd.DataFrame) -> bool:
    """Tell whether no stay ever ended: such stays list today's tenants alone."""
    return bool(tenancies["move_out_date"].isna().all())


def street_reports(tenancies: pd.DataFrame, panel: pd.DataFrame) -> pd.DataFrame:
    """Return ``street, year, is_report``: for which years the tenants of a street are known.

    Both frames have a ``street`` and a ``year``. Snapshots speak of their own year, stays of every year. A
    street that has no building in the stock yet is known to be empty, which is not a report of its own.
    """
    snapshots = tenancies[tenancies["year"].notna()]
    spoken = snapshots[["street", "year"]].drop_duplicates().astype({"year": "int64"})
    years = panel["year"].drop_duplicates()
    by_stays = set(tenancies["street"]) | set(panel["street"]) if len(snapshots) < len(tenancies) else set()
    by_stays = pd.Series(sorted(by_stays - set(spoken["street"])), name="street", dtype="str")
    grid = pd.merge(spoken["street"].drop_duplicates(), years, how="cross")
    bare = grid.merge(panel[["street", "year"]].drop_duplicates(), how="left", indicator=True)
    bare = bare.loc[bare.pop("_merge") == "left_only"]
    told = pd.concat([spoken[spoken["year"].isin(years)], pd.merge(by_stays, years, how="cross")])
    both = pd.concat([told.assign(is_report=True), bare.assign(is_report=False)])
    return both.drop_duplicates(["street", "year"], ignore_index=True)


def latest_streets(panel: pd.DataFrame) -> pd.Series:
    """Return the street of each building in its last year, by ``building_id``."""
    return panel.sort_values("year").groupby("building_id")["street"].last()


def placed_in_streets(rows: pd.DataFrame, streets: pd.Series, district: str) -> pd.DataFrame:
    """Return ``rows`` with their ``street``, by ``building_id`` in ``streets``, and the ``district``."""
    street = rows["building_id"].map(streets).fillna(UNPLACED["street"])
    return rows.assign(street=street, district=district)
