"""Idle space from the census of idle resources: by type, by area and cause, and the key list.

The tables show the latest census up to the year asked for. Idle space outside the buildings
(工业厂房, 安置房商业 …) belongs to them as well.
"""

from __future__ import annotations

import pandas as pd

from louyu_lab.analysis.outputs import TABLES, declared
from louyu_lab.ledgers.periods import lateness

#: From this idle area (㎡) on a resource stands in the key list.
KEY_FLOOR_SQM = 3000.0

PLACES = ("area", "street")

#: What 处置情况 says of a space that is no longer idle; 部分盘活 or 拟盘活 still is.
_DISPOSED = r"(?:已经?|现已|全部|已全部)?(?:盘活|核销|去化|消化)(?:完毕|完成)?"


def idle_in(idle: pd.DataFrame, year: int, with_disposed: bool = False) -> pd.DataFrame:
    """Return the spaces still idle in the latest census of ``year`` or before.

    A row without a census year is taken as current. Rows whose 处置情况 says 盘活 or 核销 are left out
    unless ``with_disposed``.
    """
    census = census_year(idle)
    current = census.isna() | (census == census[census <= year].max())
    # Of several censuses in that year the last one counts.
    late = lateness(idle["period"])
    dated = current & idle["period"].notna()
    current &= idle["period"].isna() | (late == late[dated].max())
    return idle[current] if with_disposed else idle[current & ~is_disposed(idle)]


def census_year(idle: pd.DataFrame) -> pd.Series:
    """Return each row's census year: its own, else that of its update date, else NaN."""
    return idle["year"].astype("float64").fillna(idle["updated_date"].dt.year)


def is_disposed(idle: pd.DataFrame) -> pd.Series:
    """Tell which rows' 处置情况 says that the space is no longer idle."""
    return idle["disposal"].fillna("").str.strip().str.fullmatch(_DISPOSED)


def idle_by_type(idle: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return table ``idle_by_type`` (T5): spaces and idle area (㎡) by type, largest first."""
    rows = idle_in(idle, year)
    rows = rows.assign(space_type=rows["space_type"].fillna("未填类型"))
    return declared("idle_by_type", _added_up(rows, ["space_type"]))


def idle_by_place(idle: pd.DataFrame, buildings: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return table ``idle_by_place`` (T6): spaces and idle area (㎡) by area and cause.

    A space that names no area takes that of its building; where no space has one, streets stand for
    areas. ``buildings`` has ``building_id, street, area`` (the ledger or one year of the panel).
    """
    rows = located(idle_in(idle, year), buildings)
    # A census that knows streets only is told by them.
    named = rows["area"] if rows["area"].notna().any() else rows["street"]
    rows = rows.assign(area=named.fillna("未填地区"), idle_cause=rows["idle_cause"].fillna("未填原因"))
    return declared("idle_by_place", _added_up(rows, ["area", "idle_cause"]))


def idle_key(
    idle: pd.DataFrame, buildings: pd.DataFrame, year: int, floor_sqm: float = KEY_FLOOR_SQM
) -> pd.DataFrame:
    """Return table ``idle_key`` (T7): idle spaces of ``floor_sqm`` and more, largest first.

    ``idle_months`` as the function of that name. ``in_stock`` tells whether the space lies in one of
    ``buildings``.
    """
    rows = located(idle_in(idle, year), buildings)
    in_stock = rows["building_id"].isin(buildings["building_id"].dropna())
    rows = rows.assign(idle_id=space_names(rows), in_stock=in_stock)
    rows = rows[rows["idle_area_sqm"] >= floor_sqm]
    rows = rows.assign(idle_months=idle_months(rows, year))
    rows = rows.sort_values(["idle_area_sqm", "idle_id"], ascending=[False, True])
    return declared("idle_key", rows[list(TABLES["idle_key"].columns)])


def idle_months(rows: pd.DataFrame, year: int) -> pd.Series:
    """Return whole months idle at the end of ``year``; missing without a start date or with a later one."""
    since = rows["idle_since_date"]
    months = ((year - since.dt.year) * 12 + 12 - since.dt.month).astype("Int64")
    return months.where(since <= pd.Timestamp(year, 12, 31))


def located(rows: pd.DataFrame, buildings: pd.DataFrame) -> pd.DataFrame:
    """Fill a missing area or street from the building the space lies in."""
    known = buildings.dropna(subset="building_id").drop_duplicates("building_id", keep="last")
    known = known.set_index("building_id")
    own = {name: rows["building_id"].map(known[name]).astype(rows[name].dtype) for name in PLACES}
    return rows.assign(**{name: rows[name].fillna(own[name]) for name in PLACES})


def space_names(rows: pd.DataFrame) -> pd.Series:
    """Return an id for each space: number, else name, else building; repeats are counted on."""
    name = rows["idle_id"].fillna(rows["idle_name"]).fillna(rows["building_id"]).fillna("未编号")
    repeat = name.groupby(name).cumcount()
    return name.where(repeat == 0, name + "-" + (repeat + 1).astype("str"))


def _added_up(rows: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    grouped = rows.groupby(by)["idle_area_sqm"]
    table = pd.DataFrame({"spaces": grouped.size(), "idle_area_sqm": grouped.sum(min_count=1)}).reset_index()
    table["share_idle"] = table["idle_area_sqm"] / table["idle_area_sqm"].sum(min_count=1)
    return table.sort_values(["idle_area_sqm", *by], ascending=[False] + [True] * len(by), ignore_index=True)
