"""The idle ledger's two accounts: against the buildings' vacancy, and from one census to the next."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.analysis.idle import KEY_FLOOR_SQM, census_year, idle_in, is_disposed, space_names
from louyu_lab.analysis.outputs import TABLES, declared

#: The two sides of the bridge.
VACANCY, LEDGER = "空置面积", "闲置台账"

TOTAL = "合计"
LISTED_KEY, LISTED_OTHER, UNLISTED = "列入台账：重点", "列入台账：其他", "未列入台账"
MATCHED, BEYOND, UNKNOWN = "楼内：与空置对应", "楼内：超出该楼空置", "楼内：该楼空置未报"
OUTSIDE = "楼宇以外："

#: The entries between two censuses, in the order of 期末 = 期初 + 新增 − 盘活 ± 核减.
OPENING, ADDED, LET, WRITTEN_OFF = "期初闲置", "新增", "盘活", "核销"
GONE, REVISED, CLOSING = "未再列入（去向未注明）", "复核调整", "期末闲置"

#: What a census says of a resource that its groups are made by.
KINDS = ("space_type", "street", "ownership", "building_id")


def idle_bridge(
    idle: pd.DataFrame, buildings: pd.DataFrame, year: int, floor_sqm: float = KEY_FLOOR_SQM
) -> pd.DataFrame:
    """Return table ``idle_bridge``: the idle ledger and the buildings' vacancy, reconciled.

    ``buildings`` is one year of ``panel.building_years``. Each side has a total and parts that add up
    to it (㎡):

    空置面积 Σ(rentable − occupied), where both are known = 列入（重点）+ 列入（其他）+ 未列入;
    闲置台账 = 与空置对应 + 超出该楼空置 + 该楼空置未报 + 楼宇以外, one row a type.

    In each building the ledger's area meets the vacancy up to the smaller of the two, resources of
    ``floor_sqm`` and more first; what goes beyond stands apart and is listed by ``idle_excess``. A
    resource without an area counts among ``spaces`` only. ``share_part`` is of the side's total;
    ``share_rentable`` = area ÷ rentable area of the buildings whose vacancy is known: for what lies
    outside them a comparison of sizes, no rate of vacancy. Without an idle ledger there are no rows,
    without occupancy no vacancy side.
    """
    rows = idle_in(idle, year)
    if len(rows) == 0:
        return declared("idle_bridge", pd.DataFrame(columns=list(TABLES["idle_bridge"].columns)))
    met = _met(rows, buildings, floor_sqm)
    measured = buildings[buildings["vacant_area_sqm"].notna()]
    sides = [_ledger_side(rows, met)]
    if len(measured):
        sides.insert(0, _vacancy_side(rows, met, measured, floor_sqm))
    table = pd.concat(sides, ignore_index=True)
    whole = table.groupby("side")["area_sqm"].transform("first")
    rentable = measured["rentable_area_sqm"].sum()
    table["share_part"] = table["area_sqm"] / whole.where(whole > 0)
    table["share_rentable"] = table["area_sqm"] / rentable if rentable > 0 else np.nan
    return declared("idle_bridge", table)


def idle_excess(idle: pd.DataFrame, buildings: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return table ``idle_excess``: buildings whose idle area exceeds their vacancy, worst first (㎡)."""
    met = _met(idle_in(idle, year), buildings, KEY_FLOOR_SQM)
    table = met[met["excess_area_sqm"] > 0].merge(
        buildings[["building_id", "building", "street"]], on="building_id", how="left"
    )
    table = table.sort_values(["excess_area_sqm", "building_id"], ascending=[False, True])
    return declared("idle_excess", table[list(TABLES["idle_excess"].columns)])


def idle_changes(idle: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return table ``idle_changes``: 期末 = 期初 + 新增 − 盘活 − 核销 − 未再列入 ± 复核调整 (㎡).

    The latest census up to ``year`` against the one before; resources are matched by number, else name,
    else building. ``area_sqm`` carries its sign and the rows between add up from 期初 to 期末. A
    resource that shrank with 部分盘活 in 处置情况 counts the difference as 盘活, any other change of area as
    复核调整; an area unknown at one census counts 0 there, so its becoming known is 复核调整 too.
    ``share_opening`` is of 期初 (of 盘活: the 盘活率). No rows with fewer than two censuses.
    """
    both = census_changes(idle, year)
    if len(both) == 0:
        return declared("idle_changes", pd.DataFrame(columns=list(TABLES["idle_changes"].columns)))
    was, stands, entry = both["was"], both["stands"], both["entry"]
    change = (stands - was).groupby(entry).sum()
    count = entry.groupby(entry).size()
    names = [ADDED, LET, WRITTEN_OFF, GONE, REVISED]
    table = pd.DataFrame(
        {
            "entry": [OPENING, *names, CLOSING],
            "spaces": [
                both["idle_before"].sum(),
                *count.reindex(names, fill_value=0),
                both["idle_now"].sum(),
            ],
            "area_sqm": [was.sum(), *change.reindex(names, fill_value=0.0), stands.sum()],
        }
    ).astype({"spaces": "Int64"})
    opening = was.sum()
    table["share_opening"] = table["area_sqm"] / opening if opening > 0 else np.nan
    ends = {name: int(both[name].iloc[0]) for name in ("from_year", "to_year")}
    return declared("idle_changes", table.assign(**ends))


def census_changes(idle: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return the last two censuses up to ``year`` joined by resource, no rows where there are not two.

    Columns: ``was, stands`` (㎡ still idle, 0 where unknown or not idle), ``idle_before, idle_now``,
    ``entry`` (what the change is booked as, see ``idle_changes``; missing where there is none),
    ``from_year, to_year, row_now`` (the later census' row in ``idle``) and the ``KINDS``, as the later
    census says them, else the earlier one.
    """
    censuses = sorted(int(held) for held in census_year(idle).dropna().unique() if held <= year)
    if len(censuses) < 2:
        return pd.DataFrame()
    before, now = censuses[-2:]
    both = _matched(idle, before, now)
    both = both.assign(was=both["was"].fillna(0.0), stands=both["stands"].fillna(0.0))
    entry = _entries(both, both["was"], both["stands"])
    return both.assign(entry=entry, from_year=before, to_year=now)


def _met(rows: pd.DataFrame, buildings: pd.DataFrame, floor_sqm: float) -> pd.DataFrame:
    """Return one row a building of the stock with idle resources: its vacancy and what meets it (㎡).

    Columns: ``building_id, vacant_area_sqm, spaces, key_sqm, other_sqm, idle_area_sqm, met_key_sqm,
    met_other_sqm, excess_area_sqm``; the last three are missing where the vacancy is.
    """
    housed = rows[rows["building_id"].isin(buildings["building_id"].dropna())]
    large = housed["idle_area_sqm"] >= floor_sqm
    parts = housed.assign(
        key_sqm=housed["idle_area_sqm"].where(large, 0.0),
        other_sqm=housed["idle_area_sqm"].mask(large, 0.0),
        spaces=1,
    )
    added = parts.groupby("building_id", as_index=False)[["spaces", "key_sqm", "other_sqm"]].sum()
    added = added.merge(buildings[["building_id", "vacant_area_sqm"]], on="building_id")
    room = added["vacant_area_sqm"].clip(lower=0.0)
    met_key = added["key_sqm"].clip(upper=room).where(room.notna())
    met_other = added["other_sqm"].clip(upper=room - met_key).where(room.notna())
    total = added["key_sqm"] + added["other_sqm"]
    excess = (total - met_key - met_other).clip(lower=0.0)
    return added.assign(
        idle_area_sqm=total, met_key_sqm=met_key, met_other_sqm=met_other, excess_area_sqm=excess
    )


def _vacancy_side(
    rows: pd.DataFrame, met: pd.DataFrame, measured: pd.DataFrame, floor_sqm: float
) -> pd.DataFrame:
    """The vacant area of the buildings whose occupancy is known, by whether the ledger lists it."""
    inside = rows[rows["building_id"].isin(measured["building_id"])]
    large = inside["idle_area_sqm"] >= floor_sqm
    vacant = measured["vacant_area_sqm"].sum()
    key, other = met["met_key_sqm"].sum(), met["met_other_sqm"].sum()
    listed = met.set_index("building_id")[["met_key_sqm", "met_other_sqm"]].sum(axis=1)
    rest = measured["vacant_area_sqm"] - measured["building_id"].map(listed).fillna(0.0)
    table = pd.DataFrame(
        {
            "item": [TOTAL, LISTED_KEY, LISTED_OTHER, UNLISTED],
            # Vacancy is measured by building, not by space: only what the ledger lists has a number.
            "spaces": [pd.NA, int(large.sum()), int((~large).sum()), pd.NA],
            "buildings": [
                len(measured),
                inside.loc[large, "building_id"].nunique(),
                inside.loc[~large, "building_id"].nunique(),
                int((rest > 0).sum()),
            ],
            "area_sqm": [vacant, key, other, vacant - key - other],
        }
    )
    return table.assign(side=VACANCY).astype({"spaces": "Int64", "buildings": "Int64"})


def _ledger_side(rows: pd.DataFrame, met: pd.DataFrame) -> pd.DataFrame:
    """The ledger's area by where it lies, outside the buildings by type, largest first."""
    known, unknown = met[met["vacant_area_sqm"].notna()], met[met["vacant_area_sqm"].isna()]
    beyond = known[known["excess_area_sqm"] > 0]
    matched = known["met_key_sqm"].sum() + known["met_other_sqm"].sum()
    lines = [(TOTAL, len(rows), len(met), rows["idle_area_sqm"].sum(min_count=1))]
    if len(known):
        lines.append((MATCHED, int(known["spaces"].sum()), len(known), matched))
    if len(beyond):
        lines.append((BEYOND, pd.NA, len(beyond), beyond["excess_area_sqm"].sum()))
    if len(unknown):
        spaces, area = int(unknown["spaces"].sum()), unknown["idle_area_sqm"].sum()
        lines.append((UNKNOWN, spaces, len(unknown), area))
    out = rows[~rows["building_id"].isin(met["building_id"])]
    by_type = out.groupby(out["space_type"].fillna("未填类型"))["idle_area_sqm"]
    types = pd.DataFrame({"spaces": by_type.size(), "area_sqm": by_type.sum(min_count=1)}).reset_index()
    types = types.sort_values(["area_sqm", "space_type"], ascending=[False, True])
    lines += [(OUTSIDE + row.space_type, row.spaces, pd.NA, row.area_sqm) for row in types.itertuples()]
    table = pd.DataFrame(lines, columns=["item", "spaces", "buildings", "area_sqm"])
    return table.assign(side=LEDGER).astype({"spaces": "Int64", "buildings": "Int64"})


def _matched(idle: pd.DataFrame, before: int, now: int) -> pd.DataFrame:
    """Join two censuses by resource: ``was, stands`` (㎡ still idle), ``idle_before, idle_now, disposal``.

    ``disposal`` is what the later census says of it, whether still idle or not; ``row_now``
    and ``KINDS`` as ``census_changes``.
    """
    first, last = (idle_in(idle, held, with_disposed=True) for held in (before, now))
    frames = []
    for rows, area, flag in ((first, "was", "idle_before"), (last, "stands", "idle_now")):
        named = rows.assign(resource=space_names(rows))
        still = ~is_disposed(named)
        values = {area: named["idle_area_sqm"].where(still), flag: still}
        said = {f"{name}_{area}": named[name] for name in ("disposal", *KINDS)}
        said[f"row_{area}"] = pd.Series(named.index, index=named.index)
        frames.append(named[["resource"]].assign(**values, **said).set_index("resource"))
    both = frames[0].join(frames[1], how="outer")
    for flag in ("idle_before", "idle_now"):
        both[flag] = both[flag].astype("boolean").fillna(False).astype(bool)
    kinds = {name: both[f"{name}_stands"].fillna(both[f"{name}_was"]) for name in KINDS}
    both = both.assign(disposal=both["disposal_stands"].fillna(""), row_now=both["row_stands"], **kinds)
    kept = ["was", "stands", "idle_before", "idle_now", "disposal", "row_now", *KINDS]
    return both.loc[both["idle_before"] | both["idle_now"], kept]


def _entries(both: pd.DataFrame, was: pd.Series, stands: pd.Series) -> pd.Series:
    """Name the entry that each resource's change belongs to; one that did not change has none."""
    left = both["idle_before"] & ~both["idle_now"]
    stayed = both["idle_before"] & both["idle_now"]
    says = both["disposal"]
    choices = [
        (~both["idle_before"], ADDED),
        (left & says.str.contains("核销"), WRITTEN_OFF),
        (left & (says != ""), LET),
        (left, GONE),
        (stayed & (stands < was) & says.str.contains("盘活"), LET),
        (stayed & (stands != was), REVISED),
    ]
    conditions = [condition.to_numpy(dtype=bool) for condition, _ in choices]
    named = np.select(conditions, [name for _, name in choices], "")
    entry = pd.Series(named, index=both.index, dtype="str")
    return entry.mask(entry == "")
