"""Incubators: how long their tenants stay, and how many move on into the district's other buildings."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.analysis.industry.targets.holdout import LEVEL
from louyu_lab.analysis.outputs import TABLES, declared
from louyu_lab.analysis.vacancy.exits.spells import Spells
from louyu_lab.analysis.vacancy.exits.survival import FEWEST_AT_RISK, kaplan_meier

#: Types of carrier that count as incubators.
INCUBATOR_TYPES = r"孵化|众创|联合办公|创业|加速器"

#: Months of tenancy for which the table gives the share still there.
HORIZONS = (12, 24, 36)

ALL_INCUBATORS, OTHER_BUILDINGS = "全部孵化载体", "其他楼宇"


def is_incubator(buildings: pd.DataFrame) -> pd.Series:
    """Tell which buildings are incubators, by ``carrier_type``."""
    return buildings["carrier_type"].fillna("").str.contains(INCUBATOR_TYPES)


def incubators(spells: Spells, panel: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return table ``incubators``: all together, each with tenants, and all other buildings to compare.

    ``spells``: ``tenancy_spells``; ``panel``: ``panel.building_years``. ``tenants`` are there at the end of
    ``year``, ``spells`` were observed, ``exits`` seen to leave, ``graduates`` of them into another
    building of the district within three months, ``graduation_rate`` = graduates ÷ exits. ``rate_12,
    rate_24, rate_36`` (0–1): Kaplan–Meier share still there after so many months, with delayed entry,
    ``lo_…, hi_…`` at ``LEVEL``; missing where fewer than ``FEWEST_AT_RISK`` were under observation. No rows
    where the stock has no incubator, or its spells tell nothing.
    """
    held = panel[panel["year"] <= year].sort_values("year").drop_duplicates("building_id", keep="last")
    homes = held[is_incubator(held)]
    frame = spells.frame.dropna(subset=["entry_years", "duration_years"])
    own = frame[frame["building_id"].isin(homes["building_id"])]
    if not len(own):
        return declared("incubators", pd.DataFrame(columns=list(TABLES["incubators"].columns)))
    name, kind = (homes.set_index("building_id")[column] for column in ("building", "carrier_type"))
    groups = [(ALL_INCUBATORS, "", own)]
    name = name.fillna(name.index.to_series())
    groups += [(name[home], home, part) for home, part in own.groupby("building_id")]
    groups.append((OTHER_BUILDINGS, "", frame[~frame["building_id"].isin(homes["building_id"])]))
    firms = held.set_index("building_id")["firms"].where(held.set_index("building_id")["year"] == year)
    rows = []
    for label, home, part in groups:
        here = [home] if home else sorted(part["building_id"].unique())
        exits, left = int(part["event"].sum()), int((part["event"] & part["moved_on"]).sum())
        rows.append(
            {
                "group": label,
                "building_id": home or None,
                "carrier_type": kind.get(home),
                "tenants": firms.reindex(here).sum(min_count=1),
                "spells": len(part),
                "exits": exits,
                "graduates": left,
                "graduation_rate": left / exits if exits else np.nan,
            }
            | _survival(part)
        )
    table = pd.DataFrame(rows).astype({"building_id": "str", "carrier_type": "str", "tenants": "Int64"})
    return declared("incubators", table)


def _survival(part: pd.DataFrame) -> dict[str, float]:
    """Share still there at each horizon with its interval; NaN where too few were watched that long."""
    entry, duration = (part[name].to_numpy("float64") for name in ("entry_years", "duration_years"))
    curve = kaplan_meier(entry, duration, part["event"].to_numpy(), LEVEL) if len(part) else None
    told = {}
    for months in HORIZONS:
        years = months / 12
        watched = ((entry < years) & (duration >= years)).sum()
        value = dict.fromkeys(("rate", "lo", "hi"), np.nan)
        thin = curve is not None and (curve.loc[curve["years"] <= years, "at_risk"] < FEWEST_AT_RISK).any()
        if curve is not None and watched >= FEWEST_AT_RISK and not thin:
            before = curve[curve["years"] <= years]
            # Until somebody leaves all are there; the log-log interval is not defined then.
            last = before.iloc[-1] if len(before) else pd.Series({"survival": 1.0})
            value = {"rate": last["survival"], "lo": last.get("lo", np.nan), "hi": last.get("hi", np.nan)}
        told |= {f"{name}_{months}": value[name] for name in value}
    return told
