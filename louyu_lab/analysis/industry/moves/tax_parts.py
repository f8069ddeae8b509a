"""How much of the growth of a building's tax is due to tenants that came, left or changed building."""

from __future__ import annotations

import pandas as pd

from louyu_lab.analysis.industry.moves.kinds import ENTRIES, EXITS, INSIDE, RESIZED, TOGETHER
from louyu_lab.analysis.outputs import TABLES, declared
from louyu_lab.analysis.stock import UNPLACED

#: Column -> kinds whose firms it holds, and the side of the move that names the building.
_PARTS = {
    "moved_in_yuan": ((*INSIDE, TOGETHER), "to"),
    "moved_out_yuan": ((*INSIDE, TOGETHER), "from"),
    "came_yuan": (ENTRIES, "to"),
    "left_yuan": (EXITS, "from"),
    "resized_yuan": (RESIZED, "either"),
}


def move_tax_parts(
    moves: pd.DataFrame, panel: pd.DataFrame, tenants: pd.DataFrame, year: int
) -> pd.DataFrame:
    """Return table ``move_tax_parts``: the change of recurring tax up to ``year``, building by building (元).

    From table ``tenant_moves``, ``panel.building_years`` and ``panel.enterprise_years``; between the two
    year ends compared there. ``change_yuan`` is the building's tax of ``year`` less ``base_yuan``, that
    of ``from_year``, and the sum of: ``moved_in_yuan, moved_out_yuan`` of the firms that came from, or went
    to, another building of the district, ``came_yuan, left_yuan`` of those from and to outside its
    buildings, ``resized_yuan`` of those that took or gave up further space, ``stayed_yuan`` of all other
    listed enterprises, and ``unlisted_yuan``, what no listed enterprise accounts for. An enterprise counts
    with what it paid in the building in ``year`` less what it paid there before; in the year of the move
    that is part of a year. Buildings whose tax is known in both years only, and none in a street whose
    tenants of ``from_year`` are not known: its moves are of several years. Largest part by moves first.
    """
    columns = list(TABLES["move_tax_parts"].columns)
    rows = moves[moves["year"] == year]
    empty = declared("move_tax_parts", pd.DataFrame(columns=columns))
    if not len(rows):
        return empty
    from_year = int(rows["from_year"].max())
    earlier = rows[rows["from_year"] < from_year]
    silent = set(earlier["from_street"].fillna(earlier["to_street"]))
    total = panel.pivot(index="building_id", columns="year", values="recurring_tax_yuan")
    if not {from_year, year} <= set(total.columns):
        return empty
    total = total[[from_year, year]].dropna()
    total = total[
        ~total.index.isin(panel.loc[panel["street"].fillna(UNPLACED["street"]).isin(silent), "building_id"])
    ]
    table = pd.DataFrame({"base_yuan": total[from_year], "change_yuan": total[year] - total[from_year]})
    listed = _listed_changes(tenants, from_year, year)
    for column, (kinds, way) in _PARTS.items():
        table[column] = _part(listed, rows[rows["kind"].isin(kinds)], way).reindex(table.index).fillna(0.0)
    every = listed.groupby("building_id").sum().reindex(table.index).fillna(0.0)
    table["stayed_yuan"] = every - table[list(_PARTS)].sum(axis=1)
    # Sums of the same amounts in another order differ in the last digits.
    rest = table["change_yuan"] - every
    table["unlisted_yuan"] = rest.mask(rest.abs() < 0.01, 0.0)
    names = panel[panel["year"] == year].set_index("building_id")[["building", "street"]]
    table = table.join(names).assign(from_year=from_year, year=year).rename_axis("building_id").reset_index()
    moved = table[[column for column in _PARTS if column != "resized_yuan"]].abs().max(axis=1)
    table = table.assign(size=-moved).sort_values(["size", "building_id"])
    return declared("move_tax_parts", table[columns])


def _listed_changes(tenants: pd.DataFrame, from_year: int, year: int) -> pd.Series:
    """Return what each enterprise paid more (or less) in each building, by ``building_id, enterprise_id``."""
    rows = tenants[
        tenants["in_taxes"] & tenants["year"].isin([from_year, year]) & tenants["building_id"].notna()
    ]
    signed = (
        rows["recurring_tax_yuan"]
        .fillna(0.0)
        .where(rows["year"] == year, -rows["recurring_tax_yuan"].fillna(0.0))
    )
    return signed.groupby([rows["building_id"], rows["enterprise_id"]]).sum()


def _part(listed: pd.Series, rows: pd.DataFrame, way: str) -> pd.Series:
    """Return the change of the firms of ``rows`` in the building they took or gave up, by building."""
    ways = ("from", "to") if way == "either" else (way,)
    pairs = [rows[[f"{each}_building_id", "enterprise_id"]].dropna().to_numpy().tolist() for each in ways]
    keys = {(building, firm) for part in pairs for building, firm in part}
    chosen = listed[listed.index.isin(keys)] if keys else listed.iloc[:0]
    return chosen.groupby("building_id").sum()
