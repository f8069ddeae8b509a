"""Moves added up: from where to where, and what each building, street and industry won and lost by them.

Firms that only take or give up space, and buildings that went over to another as a whole (``TOGETHER``),
are no flows; the balance counts the former apart.
"""

from __future__ import annotations

import pandas as pd

from louyu_lab.analysis.industry.moves.kinds import ENTRIES, EXITS, INSIDE, RESIZED
from louyu_lab.analysis.outputs import TABLES, declared

#: Years of moves that flows and balance add up, the latest.
SPAN_YEARS = 3

_TAXES = ("tax_before_yuan", "tax_after_yuan")

#: Level -> columns of the two sides and of their names.
_SIDES = {
    "district": ("from_district", "to_district"),
    "street": ("from_street", "to_street"),
    "building": ("from_building_id", "to_building_id"),
}


def latest_moves(moves: pd.DataFrame, span_years: int = SPAN_YEARS) -> pd.DataFrame:
    """Return the rows of the latest ``span_years`` years that table ``tenant_moves`` compares."""
    held = sorted(moves["year"].unique())
    return moves[moves["year"].isin(held[-span_years:])]


def move_flows(moves: pd.DataFrame, district: str, span_years: int = SPAN_YEARS) -> pd.DataFrame:
    """Return table ``move_flows`` from table ``tenant_moves``: from where to where, over the latest years.

    ``from_id, to_id`` are buildings, streets or the district; outside its buildings they are the kind of
    entry or exit (新设, 迁出（去向不明） …). ``firms`` counts enterprises by year; ``area_sqm`` (㎡) is what
    they gave up, or took where they came; taxes (元) as in ``tenant_moves``, the known ones added up. The
    level of streets holds moves within a street as well (from and to the same). ``from_year`` is the
    first year end compared, ``to_year`` the last. District first, most firms first.
    """
    columns = list(TABLES["move_flows"].columns)
    rows = latest_moves(moves, span_years)
    rows = rows[rows["kind"].isin([*INSIDE, *ENTRIES, *EXITS])]
    if not len(rows):
        return declared("move_flows", pd.DataFrame(columns=columns))
    rows = rows.assign(
        from_district=district,
        to_district=district,
        area_sqm=rows["area_before_sqm"].fillna(rows["area_after_sqm"]),
    )
    table = pd.concat([_level_flows(rows, level) for level in _SIDES], ignore_index=True)
    table = table.assign(from_year=rows["from_year"].min(), to_year=rows["year"].max())
    return declared("move_flows", table[columns])


def _level_flows(rows: pd.DataFrame, level: str) -> pd.DataFrame:
    origin, goal = _SIDES[level]
    came, left = rows["kind"].isin(ENTRIES), rows["kind"].isin(EXITS)
    sided = rows.assign(
        from_id=rows[origin].astype("str").mask(came, rows["kind"]),
        to_id=rows[goal].astype("str").mask(left, rows["kind"]),
        firm_year=rows["enterprise_id"] + "\t" + rows["year"].astype("str"),
    )
    for way in ("from", "to"):
        name = (
            sided[f"{way}_building"].fillna(sided[f"{way}_id"]) if level == "building" else sided[f"{way}_id"]
        )
        sided[f"{way}_place"] = name
    by_pair = sided.groupby(["from_id", "to_id"])
    table = by_pair[["from_place", "to_place"]].last()
    table["firms"] = by_pair["firm_year"].nunique()
    for amount in ("area_sqm", *_TAXES):
        table[amount] = by_pair[amount].sum(min_count=1)
    table = table.reset_index().assign(level=level)
    return table.sort_values(["firms", "from_id", "to_id"], ascending=[False, True, True])


def inside_flows(flows: pd.DataFrame, level: str) -> pd.DataFrame:
    """Return the rows of table ``move_flows`` of one level that start and end in the district's buildings."""
    outside = flows["from_id"].isin(ENTRIES) | flows["to_id"].isin(EXITS)
    return flows[(flows["level"] == level) & ~outside]


def move_balance(moves: pd.DataFrame, district: str, span_years: int = SPAN_YEARS) -> pd.DataFrame:
    """Return table ``move_balance`` from table ``tenant_moves``: what each place and industry won and lost.

    For the district, its streets, buildings and industries, over the latest years: ``moved_in, moved_out,
    net_moved`` firms that came from, or went to, another of the district's buildings (of streets: another
    street), ``moved_in_yuan, moved_out_yuan, net_moved_yuan`` their tax before the move (元); over the
    district these cancel out. ``came, left`` firms from and to outside its buildings,
    ``came_yuan`` their tax in the first full year, ``left_yuan`` that before they left; ``resized`` rows of
    firms that took or gave up further space; ``net_area_sqm`` (㎡) all areas taken less those given up.
    Sums leave out what is not known, NaN where nothing is. Firms are counted once a year in each place.
    """
    columns = list(TABLES["move_balance"].columns)
    rows = latest_moves(moves, span_years)
    rows = rows[rows["kind"].isin([*INSIDE, *ENTRIES, *EXITS, *RESIZED])]
    if not len(rows):
        return declared("move_balance", pd.DataFrame(columns=columns))
    rows = rows.assign(
        from_district=district,
        to_district=district,
        from_industry=rows["industry"],
        to_industry=rows["industry"],
        firm_year=rows["enterprise_id"] + "\t" + rows["year"].astype("str"),
    )
    sides = _SIDES | {"industry": ("from_industry", "to_industry")}
    table = pd.concat([_level_balance(rows, level, *sides[level]) for level in sides], ignore_index=True)
    names = pd.concat([rows.set_index(f"{way}_building_id")[f"{way}_building"] for way in ("from", "to")])
    names = names[names.index.notna()].groupby(level=0).last()
    table["name"] = table["id"].map(names).where(table["level"] == "building").fillna(table["id"])
    table = table.assign(from_year=rows["from_year"].min(), to_year=rows["year"].max())
    return declared("move_balance", table[columns])


def _level_balance(rows: pd.DataFrame, level: str, origin: str, goal: str) -> pd.DataFrame:
    inside = rows[rows["kind"].isin(INSIDE)]
    if level == "street":
        inside = inside[inside[origin] != inside[goal]]
    came, left = rows[rows["kind"].isin(ENTRIES)], rows[rows["kind"].isin(EXITS)]
    resized = rows[rows["kind"].isin(RESIZED)]
    took, gave_up = rows[rows["to_building_id"].notna()], rows[rows["from_building_id"].notna()]
    ids = sorted(set(took[goal].dropna()) | set(gave_up[origin].dropna()))
    table = pd.DataFrame({"id": pd.Series(ids, dtype="str")})

    def summed(part: pd.DataFrame, by: str, amount: str) -> pd.Series:
        known = part.groupby(by)[amount].sum(min_count=1)
        # Nobody moving is a true 0; movers whose amounts are unknown are not.
        return table["id"].map(known).astype("float64").mask(~table["id"].isin(part[by]), 0.0)

    def counted(part: pd.DataFrame, by: str) -> pd.Series:
        return (
            table["id"]
            .map(part.groupby(by)["firm_year"].nunique())
            .astype("float64")
            .fillna(0)
            .astype("int64")
        )

    for name, part, by, amount in (
        ("moved_in", inside, goal, "tax_before_yuan"),
        ("moved_out", inside, origin, "tax_before_yuan"),
        ("came", came, goal, "tax_after_yuan"),
        ("left", left, origin, "tax_before_yuan"),
    ):
        table[name], table[f"{name}_yuan"] = counted(part, by), summed(part, by, amount)
    place = resized[goal].where(resized["to_building_id"].notna(), resized[origin])
    table["resized"] = table["id"].map(place.value_counts()).astype("float64").fillna(0).astype("int64")
    table["net_moved"] = table["moved_in"] - table["moved_out"]
    table["net_moved_yuan"] = table["moved_in_yuan"] - table["moved_out_yuan"]
    table["net_area_sqm"] = summed(took, goal, "area_after_sqm") - summed(gave_up, origin, "area_before_sqm")
    table = table.assign(
        level=level, size=-(table["moved_in"] + table["moved_out"] + table["came"] + table["left"])
    )
    return table.sort_values(["size", "id"]).drop(columns="size")
