"""Indicators of two studies side by side: value, change, and growth only where growth has a meaning."""

from __future__ import annotations

import pandas as pd

from louyu_lab.analysis.changes.sameness import same_values, unit_floors
from louyu_lab.analysis.indicator_catalogue import indicator_catalogue

#: Stored unit of the indicators that are rates: they change by percentage points, never by per cent.
RATE_UNIT = "比例"


def indicator_changes(
    before: pd.DataFrame,
    after: pd.DataFrame,
    year_before: int,
    year_after: int,
    *,
    from_restated: bool = False,
) -> pd.DataFrame:
    """Return one row an indicator of either study, each taken at its own study's year.

    ``before`` and ``after`` are tables ``indicators``. Columns: ``indicator, name_zh, unit, before,
    after, change`` (stored units; points 0–1 for a rate; 0 where both are the same number by
    ``sameness``), ``change_rate`` (change ÷ before, missing for rates and where before is not positive),
    ``first`` and ``restated`` (what the earlier and, where the years differ, the later study says of
    ``year_before``), ``is_core``. In the order of the catalogue. ``before`` is ``first``; with
    ``from_restated`` what the later study says, where it does.
    """
    sides = [
        frame.loc[frame["year"] == year, ["indicator", "name_zh", "unit", "value"]]
        for frame, year in ((before, year_before), (after, year_after))
    ]
    both = sides[0].merge(sides[1], on="indicator", how="outer", suffixes=("_before", "_after"))
    for text in ("name_zh", "unit"):
        both[text] = both[f"{text}_after"].fillna(both[f"{text}_before"])
    both = both.rename(columns={"value_before": "first", "value_after": "after"})
    again = after[after["year"] == year_before].set_index("indicator")["value"]
    both["restated"] = both["indicator"].map(again) if year_before != year_after else float("nan")
    both["before"] = both["restated"].fillna(both["first"]) if from_restated else both["first"]
    floors = unit_floors(both["unit"])
    is_same = same_values(both["before"], both["after"], floors) & both["before"].notna().to_numpy()
    both["change"] = (both["after"] - both["before"]).mask(is_same, 0.0)
    both["change_rate"] = (both["change"] / both["before"].where(both["before"] > floors)).mask(
        both["unit"] == RATE_UNIT
    )
    catalogue = indicator_catalogue()
    both["is_core"] = [code in catalogue and catalogue[code].core for code in both["indicator"]]
    place = {code: number for number, code in enumerate(catalogue)}
    order = both["indicator"].map(place).fillna(len(place)).astype("int64")
    both = both.assign(order=order).sort_values(["order", "indicator"], ignore_index=True)
    columns = ["indicator", "name_zh", "unit", "before", "after", "change", "change_rate"]
    return both[[*columns, "first", "restated", "is_core"]]
