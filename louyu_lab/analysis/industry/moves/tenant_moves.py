"""Table ``tenant_moves``: every enterprise that changed building, came or left, with its area and tax."""

from __future__ import annotations

import pandas as pd

from louyu_lab.analysis.industry.moves.ends import YearEnds, complete_years, year_ends
from louyu_lab.analysis.industry.moves.kinds import KINDS
from louyu_lab.analysis.industry.moves.origins import (
    cancelled_years,
    entry_kinds,
    exit_kinds,
    known_outside,
    registered_years,
)
from louyu_lab.analysis.industry.moves.pairing import paired_changes
from louyu_lab.analysis.industry.sections import IndustryMap, industry_map_of
from louyu_lab.analysis.outputs import TABLES, declared
from louyu_lab.analysis.stock import UNPLACED
from louyu_lab.analysis.vacancy.exits.spells import sectors_of
from louyu_lab.ledgers.model import Ledgers


def tenant_moves(ledgers: Ledgers, panel: pd.DataFrame, tenants: pd.DataFrame) -> pd.DataFrame:
    """Return table ``tenant_moves`` from ``panel.building_years`` and ``panel.enterprise_years``.

    One row an enterprise, year and building given up for another (see ``kinds``); a side in none of the
    district's buildings is missing. The same year ends and rules as table ``moves`` (T23): each building's
    rows are its entries and exits there. ``from_year`` and ``year`` are the year ends compared;
    ``from_year`` is earlier where the street (given up, else taken) handed in no list for that year.

    ``area_before_sqm, area_after_sqm`` (㎡) are those of the two buildings. Taxes (元) are recurring ones:
    ``tax_before_yuan`` of the last year up to ``from_year`` with a tax ledger by enterprise,
    ``tax_after_yuan`` of the first year after ``year``, the first that can be a whole one. A firm in
    several buildings moves with the part of each. Missing where nothing was listed or, at either
    side, where the firm was not in the district. Latest year first, then by kind, tax and area.
    """
    if not len(panel):
        return _empty()
    told = ledgers["tenancies"], panel, ledgers.district
    outside = known_outside(tenants, panel, complete_years(*told))
    born, closed = registered_years(ledgers), cancelled_years(ledgers)
    parts, seen = [], set()
    for ends in year_ends(*told):
        rows = paired_changes(ends)
        came, left = rows["from_building_id"].isna(), rows["to_building_id"].isna()
        unnamed = rows["kind"].isna()
        firms = rows["enterprise_id"]
        rows["kind"] = (
            rows["kind"]
            .mask(unnamed & came, entry_kinds(firms, ends, seen, outside, born))
            .mask(unnamed & left, exit_kinds(firms, ends, outside, closed))
        )
        seen |= set(ends.first["enterprise_id"])
        parts.append(rows.assign(from_year=_compared_with(rows, ends), year=ends.after))
    moves = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
    if not len(moves):
        return _empty()
    moves = _with_taxes(_described(moves, panel, tenants, industry_map_of(ledgers)), tenants)
    order = moves["kind"].map({kind: at for at, kind in enumerate(KINDS)})
    tax = moves[["tax_before_yuan", "tax_after_yuan"]].max(axis=1).fillna(0.0)
    area = moves["area_before_sqm"].fillna(moves["area_after_sqm"]).fillna(0.0)
    moves = moves.assign(order=order, tax=-tax, area=-area, late=-moves["year"])
    moves = moves.sort_values(["late", "order", "tax", "area", "enterprise_id", "place"])
    return declared("tenant_moves", moves[list(TABLES["tenant_moves"].columns)])


def _compared_with(rows: pd.DataFrame, ends: YearEnds) -> pd.Series:
    """Return the year end each row is compared with: that of the last list of its street."""
    sides = (ends.first, "from_building_id"), (ends.last, "to_building_id")
    years = [
        rows[column]
        .map(frame.drop_duplicates("building_id").set_index("building_id")["street"])
        .map(ends.since)
        for frame, column in sides
    ]
    return years[0].fillna(years[1]).fillna(ends.before).astype("int64")


def _empty() -> pd.DataFrame:
    return declared("tenant_moves", pd.DataFrame(columns=list(TABLES["tenant_moves"].columns)))


def _described(
    moves: pd.DataFrame, panel: pd.DataFrame, tenants: pd.DataFrame, industries: IndustryMap
) -> pd.DataFrame:
    """Add names of enterprises and buildings, streets, industry, 总部 and 集团."""
    places = panel.sort_values("year").groupby("building_id")[["building", "street"]].last()
    places["street"] = places["street"].fillna(UNPLACED["street"])
    for way in ("from", "to"):
        for column in ("building", "street"):
            moves[f"{way}_{column}"] = moves[f"{way}_building_id"].map(places[column]).astype("str")
    rows = tenants[tenants["enterprise_id"].isin(moves["enterprise_id"])].sort_values("year")
    latest = rows.groupby("enterprise_id")[["enterprise", "is_hq", "group_name"]].last()
    latest["industry"] = sectors_of(rows, industries)
    return moves.join(latest, on="enterprise_id")


def _with_taxes(moves: pd.DataFrame, tenants: pd.DataFrame) -> pd.DataFrame:
    """Add ``tax_before_yuan, tax_after_yuan``: the firm's, or its building's where it has several."""
    listed = tenants[tenants["in_taxes"] & tenants["recurring_tax_yuan"].notna()]
    years = sorted(listed["year"].unique())
    by_firm = listed.groupby(["enterprise_id", "year"])["recurring_tax_yuan"].sum()
    by_place = listed.groupby(["enterprise_id", "year", "building_id"])["recurring_tax_yuan"].sum()
    sides = (
        (
            "before",
            "from",
            {at: max((y for y in years if y <= at), default=-1) for at in set(moves["from_year"])},
        ),
        ("after", "to", {at: min((y for y in years if y > at), default=-1) for at in set(moves["year"])}),
    )
    for side, way, taxed in sides:
        year = moves["from_year" if side == "before" else "year"].map(taxed)
        firm = pd.MultiIndex.from_arrays([moves["enterprise_id"], year])
        place = pd.MultiIndex.from_arrays([moves["enterprise_id"], year, moves[f"{way}_building_id"]])
        whole = pd.Series(by_firm.reindex(firm).to_numpy(dtype="float64"), index=moves.index)
        part = pd.Series(by_place.reindex(place).to_numpy(dtype="float64"), index=moves.index)
        count = moves[f"buildings_{side}"]
        here = moves[f"{way}_building_id"].notna()
        # A firm outside the buildings is one firm, however many it takes or gives up.
        alone = (here & (count == 1)) | (~here & (count == 0) & (moves["place"] == 0))
        moves[f"tax_{side}_yuan"] = whole.where(alone, part.where(here))
    return moves
