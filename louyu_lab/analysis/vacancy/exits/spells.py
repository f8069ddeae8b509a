"""Spells of tenancy: from the enterprise ledger to who was in which building from when to when.

A ledger lists a tenant who came before it was kept only if the tenant was still there when it began;
the tenants of that time who had already left are in no list. Such a spell enters observation late
(delayed entry, left truncation): it belongs to those who could have been seen leaving only from the
ledger's first day on. Counting its earlier years as years in which it might have left and did not would
make tenants look far more loyal than they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from louyu_lab.analysis.industry.classification import enterprise_industries
from louyu_lab.analysis.industry.sections import IndustryMap
from louyu_lab.analysis.vacancy.exits.dated import GAP_DAYS, dated_spells, recorded_years
from louyu_lab.analysis.vacancy.exits.yearly import yearly_spells

#: Fewer exits than this estimate nothing worth printing.
FEWEST_EXITS = 10

#: A building without one exit where this many were to be expected does not report them: were it as the
#: others, that would happen once in 3,000 times (e^−8), at half their rate once in 55.
_SILENT_EXPECTED = 8.0

#: Columns of the spells, see ``Spells``.
SPELL_COLUMNS = (
    *("enterprise_id", "enterprise", "building_id", "sector", "area_sqm", "start"),
    *("entry_years", "duration_years", "event", "first_year", "last_year", "moved_on"),
)


@dataclass(frozen=True)
class Spells:
    """Spells of tenancy in the buildings of the stock, observed from ``since`` to ``until`` (years, whole).

    ``frame``, one row a spell: ``enterprise_id, enterprise, building_id, sector, area_sqm`` (at entry into
    observation), ``start`` (date of moving in), ``entry_years, duration_years`` (years since ``start`` at
    which observation begins and ends), ``event`` (left the building, not censored), ``first_year,
    last_year`` (the years begun as a tenant; none where first > last), ``moved_on`` (left for another
    building of the district). ``start`` and both durations are missing where yearly lists do not tell.
    ``is_yearly``: from yearly lists, durations are whole years. ``refused`` says why there is nothing.
    ``unknown_start`` stays without a move-in date and ``silent`` buildings were set aside.
    """

    frame: pd.DataFrame
    since: int = 0
    until: int = 0
    is_yearly: bool = False
    refused: str = ""
    unknown_start: int = 0
    silent: tuple[str, ...] = ()

    @property
    def exits(self) -> int:
        """Spells seen to end."""
        return int(self.frame["event"].sum())


def tenancy_spells(
    tenancies: pd.DataFrame,
    panel: pd.DataFrame,
    years: Sequence[int],
    industries: IndustryMap | None = None,
) -> Spells:
    """Return the spells that ``tenancies`` tell of up to the last of ``years``, those reported on.

    ``panel`` is ``panel.building_years`` of those years. Several floors of one enterprise in a building,
    a renewed lease, and a return within ``GAP_DAYS`` are one spell. Whichever form covers more buildings
    counts: stays with dates, some of which ended, or yearly lists. ``industries`` are those the district
    counts in.
    """
    rows = tenancies[tenancies["building_id"].isin(panel["building_id"].unique())]
    if not len(rows):
        lacking = "企业台账没有写明企业在哪幢在册楼宇" if len(tenancies) else "没有企业台账"
        return _refused(f"{lacking}，看不出谁迁出")
    dated, lists = rows[rows["year"].isna()], rows[rows["year"].notna()]
    since, until = recorded_years(dated["move_out_date"], years)
    covered = dated["building_id"].nunique() if since else 0
    if covered and covered >= lists["building_id"].nunique():
        frame, unknown = dated_spells(dated, since, until)
        told = Spells(frame, since, until, unknown_start=unknown)
    else:
        told = _from_lists(lists, panel, years)
    if told.refused:
        return told
    # What firms do in years after those studied is not known in them.
    so_far = tenancies[tenancies["year"].fillna(0) <= max(years)]
    return _checked(_described(told, rows, sectors_of(so_far, industries)))


def _from_lists(lists: pd.DataFrame, panel: pd.DataFrame, years: Sequence[int]) -> Spells:
    listed = sorted({int(year) for year in lists["year"].dropna()} & set(years))
    if len(listed) < 2 or all(year + 1 not in listed for year in listed):
        reason = "企业台账只列在驻企业，没有一家写明迁出日期，也没有前后两年的名单，看不出谁走了"
        return _refused(f"{reason}；请补已迁出的企业和迁出日期，或逐年名单")
    frame = yearly_spells(lists, panel, listed)
    return Spells(frame, listed[0], listed[-1], is_yearly=True)


def _described(spells: Spells, rows: pd.DataFrame, sectors: pd.Series) -> Spells:
    """Add each enterprise's name and industry (one for all its spells) and take out silent buildings."""
    name = rows.groupby("enterprise_id")["enterprise"].first()
    frame = spells.frame.join(name, on="enterprise_id")
    frame["sector"] = frame["enterprise_id"].map(sectors)
    silent = _silent_buildings(frame)
    frame = frame[~frame["building_id"].isin(silent)].sort_values(
        ["building_id", "enterprise_id", "first_year"]
    )
    frame = frame[list(SPELL_COLUMNS)].reset_index(drop=True)
    return Spells(
        frame, spells.since, spells.until, spells.is_yearly, unknown_start=spells.unknown_start, silent=silent
    )


def sectors_of(rows: pd.DataFrame, industries: IndustryMap | None = None) -> pd.Series:
    """Return the district industry of each enterprise, by ``enterprise_id``.

    That of its latest year in ``rows``: as they tell (``StudyYear.tenants``), or else from its words in
    ``rows`` of the enterprise ledger or of ``panel.enterprise_years``, in ``industries``.
    """
    if "sector" in rows:
        return rows.sort_values("year", kind="stable").groupby("enterprise_id")["sector"].last()
    return enterprise_industries(rows, industries)


def _silent_buildings(frame: pd.DataFrame) -> tuple[str, ...]:
    """Return the buildings that list tenants but evidently not those who leave."""
    at_risk = (frame["last_year"] - frame["first_year"] + 1).clip(lower=0)
    by_building = (
        pd.DataFrame({"at_risk": at_risk, "exits": frame["event"]}).groupby(frame["building_id"]).sum()
    )
    telling = by_building[by_building["exits"] > 0]
    if not len(telling) or not telling["at_risk"].sum():
        return ()
    rate = telling["exits"].sum() / telling["at_risk"].sum()
    quiet = (by_building["exits"] == 0) & (by_building["at_risk"] * rate >= _SILENT_EXPECTED)
    return tuple(sorted(by_building.index[quiet]))


def _checked(spells: Spells) -> Spells:
    """Refuse what is too little to estimate from."""
    if spells.exits >= FEWEST_EXITS:
        return spells
    aside = f"（另有 {spells.unknown_start} 段没有迁入日期，未计）" if spells.unknown_start else ""
    span = f"{spells.since}—{spells.until} 年"
    return _refused(f"{span}只见 {spells.exits} 户迁出{aside}，不足 {FEWEST_EXITS} 户，不作估计")


def _refused(reason: str) -> Spells:
    kinds = dict.fromkeys(SPELL_COLUMNS, "str") | dict.fromkeys(("event", "moved_on"), "bool")
    kinds |= dict.fromkeys(("area_sqm", "entry_years", "duration_years"), "float64")
    kinds |= {"start": "datetime64[us]", "first_year": "int64", "last_year": "int64"}
    empty = pd.DataFrame({name: pd.Series(dtype=kinds[name]) for name in SPELL_COLUMNS})
    return Spells(empty, refused=reason)


__all__ = ["FEWEST_EXITS", "GAP_DAYS", "SPELL_COLUMNS", "Spells", "tenancy_spells"]
