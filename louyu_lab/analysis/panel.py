"""The two panels every chapter starts from: buildings by year, and enterprises by building and year.

Totals of any table are sums over these panels, so that district, street and building agree.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from louyu_lab.analysis.stays import stays_in_years
from louyu_lab.analysis.stock import stock_years
from louyu_lab.ledgers.model import Ledgers
from louyu_lab.ledgers.periods import lateness

#: Least share of a building's tenants whose area must be known for their sum to stand for its occupied area.
MEASURED_SHARE = 0.9


def building_years(
    ledgers: Ledgers, years: Sequence[int], tenants: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return one row a building in operation and year.

    Columns: ``building_id, year``, the ``stock.TRAITS``, ``gross_area_sqm, rentable_area_sqm,
    occupied_area_sqm, vacant_area_sqm, unmarketable_area_sqm`` (㎡), ``occupancy_rate`` (0–1,
    occupied ÷ rentable), ``asking_rent_yuan`` (元/㎡·月), ``firms``, ``tax_yuan``,
    ``recurring_tax_yuan`` (one-off taxes left out), ``retained_yuan``. What no ledger says is NaN,
    never 0. A building belongs to the stock from its opening year on (its completion where that is
    not told) unless its state is one of ``stock.NOT_OPERATING``.

    ``firms`` are those the enterprise ledger lists, else as reported; see ``_emptied`` for when nobody
    listed means 0. Where occupied area is not reported, the tenants' own areas stand in for it.
    ``tenants`` are the ``enterprise_years`` of the same years, where the caller has them.
    """
    tenants = enterprise_years(ledgers, years) if tenants is None else tenants
    panel = stock_years(ledgers, years)
    for part in (_occupancy(ledgers), _let(tenants), building_taxes(ledgers, tenants)):
        panel = panel.merge(part, on=["building_id", "year"], how="left")
    emptied = _emptied(panel, ledgers["tenancies"])
    panel["firms"] = panel["firms_counted"].fillna(panel["firms"]).mask(emptied, 0.0)
    panel["occupied_area_sqm"] = panel["occupied_area_sqm"].fillna(_measured_let(panel).mask(emptied, 0.0))
    panel["occupancy_rate"] = panel["occupied_area_sqm"] / panel["rentable_area_sqm"]
    panel["vacant_area_sqm"] = panel["rentable_area_sqm"] - panel["occupied_area_sqm"]
    panel = panel.drop(columns=["firms_counted", "let_sqm", "measured"])
    return panel.sort_values(["year", "building_id"], ignore_index=True)


def enterprise_years(ledgers: Ledgers, years: Sequence[int]) -> pd.DataFrame:
    """Return one row an enterprise, building and year, with its tax.

    Columns: ``enterprise_id, enterprise, building_id`` (missing outside buildings), ``year,
    at_year_end`` (present on 31 December; only these are counted as firms), ``area_sqm,
    industry_code, industry, business_scope, is_registered, is_taxed_here, is_hq, group_name,
    tax_yuan, recurring_tax_yuan, retained_yuan, in_tenancies, in_taxes``.

    A year's tax goes to the building where the enterprise stands at the year's end, or stood last in
    the year; with several at once it is split by area, equally where areas are not known. Only for an
    enterprise that the enterprise ledger places nowhere the tax ledger's own building counts.
    """
    stays = stays_in_years(ledgers["tenancies"], years)
    taxes = enterprise_taxes(ledgers, stays)
    taxes = taxes[taxes["year"].isin(list(years))]
    stays["share"] = _tax_share(stays)
    merged = stays.merge(
        taxes, on=["enterprise_id", "year"], how="outer", suffixes=("", "_taxed"), indicator=True
    )
    for money in ("tax_yuan", "recurring_tax_yuan", "retained_yuan"):
        merged[money] = merged[money] * merged["share"].fillna(1.0)
    merged["in_tenancies"] = merged["_merge"] != "right_only"
    merged["in_taxes"] = merged["_merge"] != "left_only"
    alone = ~merged.duplicated(["enterprise_id", "year"], keep=False) | ~merged["in_tenancies"]
    merged["building_id"] = merged["building_id"].fillna(merged["building_id_taxed"].where(alone))
    merged["enterprise"] = merged["enterprise"].fillna(merged["enterprise_taxed"])
    merged["at_year_end"] = merged["at_year_end"].astype("boolean").fillna(False).astype(bool)
    merged = merged.drop(columns=["_merge", "share", "building_id_taxed", "enterprise_taxed"])
    merged["year"] = merged["year"].astype("int64")
    return merged.sort_values(["year", "enterprise_id", "building_id"], ignore_index=True)


def enterprise_taxes(ledgers: Ledgers, stays: pd.DataFrame) -> pd.DataFrame:
    """Return each enterprise's tax by year (元), from enterprise rows of the tax ledger only.

    Columns: ``enterprise_id, enterprise, year, building_id, tax_yuan, recurring_tax_yuan,
    retained_yuan``. One row an enterprise with ``stays`` in the year; any other has one row a
    building that the tax ledger names.
    """
    rows = ledgers["taxes"]
    rows = rows[rows["level"] == "enterprise"]
    firm = ["enterprise_id", "year"]
    housed = pd.MultiIndex.from_frame(rows[firm].astype({"year": "int64"})).isin(
        pd.MultiIndex.from_frame(stays[firm])
    )
    named = rows.groupby(firm)["building_id"].transform("last")
    rows = rows.assign(building_id=rows["building_id"].mask(housed, named))
    return _yearly(rows, [*firm, "building_id"], enterprise=("enterprise", "last"))


def building_taxes(ledgers: Ledgers, tenants: pd.DataFrame) -> pd.DataFrame:
    """Return tax by building and year (元).

    Columns: ``building_id, year, tax_yuan, recurring_tax_yuan, retained_yuan``. An amount reported for
    the building is taken as it is; only where there is none are its enterprises added up. The two
    are never added together.
    """
    taxes = ledgers["taxes"]
    reported = _yearly(taxes[taxes["level"] == "building"], ["building_id", "year"])
    located = tenants[tenants["building_id"].notna() & tenants["in_taxes"]]
    money = ["tax_yuan", "recurring_tax_yuan", "retained_yuan"]
    added = located.groupby(["building_id", "year"], as_index=False)[money].sum(min_count=1)
    key = ["building_id", "year"]
    both = reported.set_index(key).combine_first(added.set_index(key))
    return both[money].reset_index()


def _occupancy(ledgers: Ledgers) -> pd.DataFrame:
    """Year-end occupancy: the period reported last in each year, by its end."""
    kept = ["occupied_area_sqm", "unmarketable_area_sqm", "asking_rent_yuan", "firms"]
    frame = ledgers["occupancy"]
    frame = frame.assign(lateness=lateness(frame["period"]))
    frame = frame.sort_values(["building_id", "year", "lateness"], kind="stable")
    frame = frame.drop_duplicates(["building_id", "year"], keep="last")
    return frame[["building_id", "year", *kept]].astype({"year": "int64", "firms": "float64"})


def _let(tenants: pd.DataFrame) -> pd.DataFrame:
    """Tenants at the year's end: ``firms_counted, let_sqm``, and ``measured``, the share with an area."""
    counted = tenants[tenants["at_year_end"] & tenants["building_id"].notna()]
    return counted.groupby(["building_id", "year"], as_index=False).agg(
        firms_counted=("enterprise_id", "nunique"),
        let_sqm=("area_sqm", "sum"),
        measured=("area_sqm", lambda areas: areas.notna().mean()),
    )


def _measured_let(panel: pd.DataFrame) -> pd.Series:
    """Area let to the listed tenants where it can pass for the occupied area.

    Nearly all tenants' areas must be known, and they must fit into the rentable area.
    """
    usable = (panel["measured"] >= MEASURED_SHARE) & ~(panel["let_sqm"] > panel["rentable_area_sqm"])
    return panel["let_sqm"].where(usable)


def _emptied(panel: pd.DataFrame, tenancies: pd.DataFrame) -> pd.Series:
    """Tell which buildings the enterprise ledger knows to be without firms in the year.

    A building nobody is listed in is empty only if the ledger lists tenants of it in another year, its
    street handed in a list for this one (stays speak of every year), and neither firms nor occupied
    area are reported. Otherwise it is a building whose list is missing.
    """
    stays = tenancies["year"].isna()
    snapshots = tenancies.loc[~stays, ["building_id", "year"]].drop_duplicates()
    street = panel["street"].fillna("")
    listed = panel[["building_id", "year"]].assign(street=street)
    listed = listed.merge(snapshots.dropna().astype({"year": "int64"}), on=["building_id", "year"])
    place = pd.MultiIndex.from_arrays([street, panel["year"]])
    reported = place.isin(pd.MultiIndex.from_frame(listed[["street", "year"]]))
    by_snapshots = panel["building_id"].isin(snapshots["building_id"]) & reported
    by_stays = panel["building_id"].isin(tenancies.loc[stays, "building_id"])
    used = (panel["firms"] > 0) | (panel["occupied_area_sqm"] > 0)
    return (by_snapshots | by_stays) & panel["firms_counted"].isna() & ~used


def _tax_share(stays: pd.DataFrame) -> pd.Series:
    """Share of an enterprise's tax that falls to each of its stays in the year (0–1, adds up to 1)."""
    by_firm = [stays["enterprise_id"], stays["year"]]
    any_at_end = stays["at_year_end"].groupby(by_firm).transform("max")
    candidate = stays["at_year_end"] | ~any_at_end
    # Without a year-end stay the last one in the ledger's order takes the tax.
    last = ~stays.loc[candidate].duplicated(["enterprise_id", "year"], keep="last")
    candidate &= any_at_end | last.reindex(stays.index, fill_value=False)
    all_measured = stays["area_sqm"].where(candidate, 0.0).notna().groupby(by_firm).transform("min")
    weight = stays["area_sqm"].where(all_measured, 1.0).where(candidate, 0.0)
    return weight / weight.groupby(by_firm).transform("sum")


def _yearly(rows: pd.DataFrame, by: list[str], **kept: tuple[str, str]) -> pd.DataFrame:
    """Sum the amounts of ``rows`` by year; an amount nobody states stays missing."""
    recurring = rows["tax_yuan"].mask(rows["is_one_off"].fillna(False) & rows["tax_yuan"].notna(), 0.0)
    grouped = rows.assign(recurring_tax_yuan=recurring).groupby(by, as_index=False, dropna=False)
    totals = grouped[["tax_yuan", "recurring_tax_yuan", "retained_yuan"]].sum(min_count=1)
    if kept:
        totals = grouped.agg(**kept).merge(totals, on=by)
    return totals.astype({"year": "int64"})
