"""Buildings between two year ends: new and gone ones, tier moves, falls, and which falls are alerts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from louyu_lab.analysis.bands import NO_DATA
from louyu_lab.analysis.changes.matching import with_earlier_ids
from louyu_lab.analysis.changes.sameness import column_floor, same_values
from louyu_lab.analysis.tiers import tier_of

#: What is compared of a building, in stored units.
MEASURES = ("occupancy_rate", "occupied_area_sqm", "tax_yuan")

#: Ways of a tier move.
PROMOTED, RELEGATED = "晋级", "降级"


@dataclass(frozen=True)
class Alert:
    """From which fall on a building is to be looked at: every bound that is given must be reached.

    ``change`` in the measure's stored unit (a rate's in points, 0–1), ``rate`` the share of the value
    before (0–1); both positive.
    """

    zh: str
    change: float = 0.0
    rate: float = 0.0


#: Districts warn of buildings whose occupancy, office area or tax falls, without publishing by how much;
#: the bounds are ours. Occupancy: a usual tenant (290 ㎡) takes about one point of a usual building
#: (4.75万㎡ gross), so 5 points is several firms or one large one. Occupied area: a tenth, which also
#: shows where the rentable area shrank along and the rate did not move. Tax: a fifth, beyond a usual
#: firm's yearly swing, and a million 元 besides, a tenth of what makes a 千万元楼, so that small
#: buildings do not fill the list.
ALERTS = {
    "occupancy_rate": Alert("入驻率", change=0.05),
    "occupied_area_sqm": Alert("入驻面积", rate=0.10),
    "tax_yuan": Alert("税收", rate=0.20, change=1e6),
}


def building_changes(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Return one row a building in the stock at either end, from one year of ``panel.building_years`` each.

    Columns: ``building_id, building, street`` (as written after, else before), ``in_before, in_after``,
    and ``<measure>_before, <measure>_after`` of the ``MEASURES``, ``tier_before, tier_after``. A
    building that has got its number since is taken for the same by its name.
    """
    after = after.assign(building_id=with_earlier_ids(before, after, "building_id", "building"))
    kept = ["building_id", "building", "street", *MEASURES]
    sides = [
        frame[kept].assign(tier=tier_of(frame["tax_yuan"]).astype("str"), held=True)
        for frame in (before, after)
    ]
    both = sides[0].merge(sides[1], on="building_id", how="outer", suffixes=("_before", "_after"))
    for text in ("building", "street"):
        both[text] = both[f"{text}_after"].fillna(both[f"{text}_before"])
    for side in ("before", "after"):
        both[f"in_{side}"] = both[f"held_{side}"].notna()
    paired = [f"{measure}_{side}" for measure in (*MEASURES, "tier") for side in ("before", "after")]
    columns = ["building_id", "building", "street", "in_before", "in_after", *paired]
    return both[columns].sort_values("building_id", ignore_index=True)


def tier_moves(changes: pd.DataFrame) -> pd.DataFrame:
    """Return the buildings whose tier is known at both ends and differs, promotions first.

    Columns: ``building_id, building, street, direction`` (晋级 or 降级), ``tier_before, tier_after,
    tax_yuan_before, tax_yuan_after`` (元).
    """
    known = changes["in_before"] & changes["in_after"]
    known &= (changes[["tier_before", "tier_after"]] != NO_DATA).all(axis=1)
    rows = changes[known & (changes["tier_before"] != changes["tier_after"])]
    # Another tier at another tax is higher exactly where the tax is.
    is_up = rows["tax_yuan_after"] > rows["tax_yuan_before"]
    rows = rows.assign(direction=is_up.map({True: PROMOTED, False: RELEGATED}).astype("str"), is_up=is_up)
    rows = rows.sort_values(["is_up", "tax_yuan_after", "building_id"], ascending=[False, False, True])
    kept = ["building_id", "building", "street", "direction", "tier_before", "tier_after"]
    return rows[[*kept, "tax_yuan_before", "tax_yuan_after"]].reset_index(drop=True)


def falls(changes: pd.DataFrame) -> pd.DataFrame:
    """Return every fall of a measure known at both ends, deepest first within each measure.

    Columns: ``measure, building_id, building, street, before, after, change`` (stored units, negative),
    ``change_rate`` (of before, 0–1) and ``is_alert`` by ``ALERTS``. Buildings new or gone are no falls.
    """
    parts = []
    for measure, alert in ALERTS.items():
        pair = changes.rename(columns={f"{measure}_before": "before", f"{measure}_after": "after"})
        pair = pair[["building_id", "building", "street", "before", "after"]].assign(measure=measure)
        # Rounded as bands are, so that 0.85 − 0.80 is 0.05 and not a hair less.
        pair["change"] = (pair["after"] - pair["before"]).round(9)
        pair["change_rate"] = (pair["change"] / pair["before"].where(pair["before"] > 0)).round(9)
        is_same = same_values(pair["before"], pair["after"], column_floor(measure))
        pair = pair[(pair["change"] < 0) & ~is_same]
        deep = (pair["change"] <= -alert.change) & ~(pair["change_rate"] > -alert.rate)
        pair = pair.assign(is_alert=deep.astype(bool))
        parts.append(pair.sort_values(["is_alert", "change", "building_id"], ascending=[False, True, True]))
    columns = ["measure", "building_id", "building", "street", "before", "after"]
    return pd.concat(parts, ignore_index=True)[[*columns, "change", "change_rate", "is_alert"]]


def alerts(fallen: pd.DataFrame) -> pd.DataFrame:
    """Return one row a building to be looked at, from ``falls``: most measures first, then most tax lost.

    Columns: ``building_id, building, street`` and, for each measure that is an alert, its change:
    ``occupancy_rate, occupied_area_sqm, tax_yuan`` (stored units), else missing.
    """
    rows = fallen[fallen["is_alert"]]
    place = ["building_id", "building", "street"]
    if rows.empty:
        return rows[place].assign(**dict.fromkeys(MEASURES, np.nan)).reset_index(drop=True)
    wide = rows.pivot(index="building_id", columns="measure", values="change").reindex(columns=list(MEASURES))
    wide = rows[place].drop_duplicates("building_id").merge(wide.reset_index(), on="building_id")
    order = wide.assign(count=wide[list(MEASURES)].notna().sum(axis=1), lost=wide["tax_yuan"].fillna(0.0))
    order = order.sort_values(["count", "lost", "building_id"], ascending=[False, True, True])
    return order[[*place, *MEASURES]].reset_index(drop=True)
