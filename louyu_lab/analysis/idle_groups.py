"""The idle ledger by type × street × ownership: its account between two censuses, and how full it is."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.analysis.idle import census_year, idle_in, located
from louyu_lab.analysis.idle_accounts import ADDED, GONE, KINDS, LET, REVISED, WRITTEN_OFF, census_changes
from louyu_lab.analysis.outputs import TABLES, declared

#: The ten elements (10 个要素) and the ledger's columns of each; 联系人 is only kept as given or not.
ELEMENTS = {
    "编号、名称、地址": ("idle_id", "idle_name", "address"),
    "类型": ("space_type",),
    "总面积与闲置面积": ("total_area_sqm", "idle_area_sqm"),
    "楼层、层高、结构": ("structure",),
    "产权性质": ("ownership",),
    "闲置起始日与原因": ("idle_since_date", "idle_cause"),
    "配套设施": ("facilities",),
    "租售方式与价格": ("lease_mode", "asking_rent_yuan"),
    "招商功能或意向行业": ("intended_industry",),
    "联系人与更新日期": ("contact", "updated_date"),
}

#: What the groups are made by, and the name of what is not filled in.
GROUPS = {"space_type": "未填类型", "street": "未填街道", "ownership": "未填产权"}

#: The groupings: each dimension alone, all of them crossed, and the district. The dimensions that a
#: grouping does not divide by hold ``EVERY``.
GROUPINGS = {
    "全部": (),
    "类型": ("space_type",),
    "街道": ("street",),
    "产权": ("ownership",),
    "类型×街道×产权": tuple(GROUPS),
}
EVERY = "合计"

#: Column of the account -> the entries booked in it, and the sign with which it is printed.
_BOOKED = {
    "added_area_sqm": (ADDED, 1.0),
    "let_area_sqm": (LET, -1.0),
    "written_off_area_sqm": (WRITTEN_OFF, -1.0),
    "gone_area_sqm": (GONE, -1.0),
    "revised_area_sqm": (REVISED, 1.0),
}


def filled_elements(rows: pd.DataFrame) -> pd.DataFrame:
    """Tell which of the ``ELEMENTS`` each row of the idle ledger fills; booleans, one column an element.

    An element of several columns is filled where all of them are.
    """
    given = rows.notna().assign(contact=rows["contact"].fillna(False).astype(bool))
    for name in rows.select_dtypes("string"):
        given[name] &= rows[name].fillna("").str.strip() != ""
    filled = {element: given[list(columns)].all(axis=1) for element, columns in ELEMENTS.items()}
    return pd.DataFrame(filled, index=rows.index)


def idle_elements(idle: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return table ``idle_elements``: of the spaces still idle, how many fill each of the ten elements.

    The latest census up to ``year``; no rows without one.
    """
    rows = idle_in(idle, year)
    if len(rows) == 0:
        return declared("idle_elements", pd.DataFrame(columns=list(TABLES["idle_elements"].columns)))
    filled = filled_elements(rows)
    table = pd.DataFrame({"element": list(ELEMENTS), "spaces": len(rows), "filled": filled.sum().to_numpy()})
    return declared("idle_elements", table.assign(completeness_rate=table["filled"] / len(rows)))


def idle_groups(idle: pd.DataFrame, buildings: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return table ``idle_groups``: the idle ledger's account by type, street and ownership (㎡).

    In every row 期末 = 期初 + 新增 − 盘活 − 核销 − 未再列入 + 复核调整, the entries being those of
    ``idle_accounts.idle_changes``. A resource belongs to one group at both censuses, that of the later
    one (of the earlier one where it stands no more): a changed entry moves its opening area along and is
    no entry of the account. ``let_rate`` (盘活率) = 盘活 ÷ 期初 (0–1); ``completeness_rate`` the mean share
    of the ten ``ELEMENTS`` filled over the ``spaces`` still idle. One row a group of each of the
    ``GROUPINGS``, the crossed one with the combinations that occur. A space that names no street takes
    that of its building (``buildings``: the ledger). With a single census only 期末 and the completeness
    are known; without any there are no rows.
    """
    changes, current = census_changes(idle, year), idle_in(idle, year)
    stands = _named(_as_booked(current, changes), buildings).assign(
        area=current["idle_area_sqm"], filled=filled_elements(current).mean(axis=1)
    )
    booked = _booked(_named(changes, buildings)) if len(changes) else pd.DataFrame()
    parts = [_grouping(name, by, booked, stands) for name, by in GROUPINGS.items()]
    table = pd.concat(parts, ignore_index=True)
    opening = table["opening_area_sqm"]
    table["let_rate"] = table["let_area_sqm"] / opening.where(opening > 0)
    held = census_year(current).max()
    ends = (changes["from_year"].iloc[0], changes["to_year"].iloc[0]) if len(changes) else (pd.NA, held)
    years = {
        name: pd.array([end] * len(table), dtype="Int64")
        for name, end in zip(("from_year", "to_year"), ends, strict=True)
    }
    return declared("idle_groups", table.assign(**years))


def _as_booked(current: pd.DataFrame, changes: pd.DataFrame) -> pd.DataFrame:
    """Let a space whose kind only the earlier census told stand in the group its account is kept in."""
    if len(changes) == 0:
        return current
    kinds = changes[changes["idle_now"]].set_index("row_now")[list(KINDS)].reindex(current.index)
    return current.assign(**{name: current[name].fillna(kinds[name]) for name in KINDS})


def _named(rows: pd.DataFrame, buildings: pd.DataFrame) -> pd.DataFrame:
    """Give every resource a type, a street and an ownership."""
    placed = located(rows.assign(area=pd.Series(dtype="str")), buildings) if len(rows) else rows
    return placed.assign(**{name: placed[name].fillna(unfilled) for name, unfilled in GROUPS.items()})


def _booked(changes: pd.DataFrame) -> pd.DataFrame:
    """Set each resource's change under its entry (㎡), beside what it opened and closed with."""
    change = changes["stands"] - changes["was"]
    entries = {
        column: (sign * change).where(changes["entry"] == entry, 0.0)
        for column, (entry, sign) in _BOOKED.items()
    }
    opening = {"opening_area_sqm": changes["was"], "closing_area_sqm": changes["stands"]}
    return changes[list(GROUPS)].assign(**opening, **entries)


def _grouping(name: str, by: tuple[str, ...], booked: pd.DataFrame, stands: pd.DataFrame) -> pd.DataFrame:
    """Add up one grouping, largest 期末 first."""
    keys = list(by) or ["grouping"]
    counted = stands.assign(grouping=name).groupby(keys)
    table = counted.agg(spaces=("filled", "size"), completeness_rate=("filled", "mean"))
    if len(booked):
        sums = booked.assign(grouping=name).groupby(keys)[["opening_area_sqm", *_BOOKED, "closing_area_sqm"]]
        table = sums.sum().join(table, how="outer")
    else:
        table = table.join(counted["area"].sum(min_count=1).rename("closing_area_sqm"))
        table = table.assign(**dict.fromkeys(["opening_area_sqm", *_BOOKED], np.nan))
    table = table.assign(spaces=table["spaces"].fillna(0).astype("int64")).reset_index()
    table = table.assign(grouping=name, **{other: EVERY for other in GROUPS if other not in by})
    return table.sort_values(["closing_area_sqm", *GROUPS], ascending=[False, True, True, True])
