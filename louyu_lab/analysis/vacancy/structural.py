"""Structural vacancy: the area that has been empty for three years and more, or its upper bound."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.analysis.idle_ages import LONG_MONTHS, long_idle

#: What the structural part of a building and year rests on.
BY_DATES, BY_ENDS = "闲置台账起始日期", "历年年末空置"
TOO_NEW, UNTOLD = "在册不足三年", "历史不足三年"

#: Year ends back to the first one of the 36 months.
_SPAN_YEARS = LONG_MONTHS // 12


def structural_areas(panel: pd.DataFrame, marketable: pd.Series, idle: pd.DataFrame | None) -> pd.DataFrame:
    """Return ``basis, structural_sqm, dated_sqm`` of each row of ``panel``, not yet capped at what remains.

    ``marketable`` is the vacant area that can be let (㎡), indexed as ``panel``. Where the census valid
    for the year dates a space of the building (``BY_DATES``), the area idle for 36 months and more; what
    of it has a cause that makes it 不可招商 is taken to be in that part already, as far as that reaches.
    Otherwise (``BY_ENDS``) the smallest marketable vacancy of the year end and the three before it: no
    more than that can have been empty throughout, so it is an upper bound. A year end in between that
    nobody reported only loosens it. A building not in the stock three years ago has none (``TOO_NEW``);
    where the vacancy at that year end is not known it cannot be told (``UNTOLD``): 0 in both cases.
    ``dated_sqm`` (㎡) is all that the census dates in the building, NaN where nothing.
    """
    found = pd.DataFrame({"basis": UNTOLD, "structural_sqm": 0.0, "dated_sqm": np.nan}, index=panel.index)
    if len(panel) == 0:
        return found
    lowest = _lowest_vacancy(panel, marketable)
    found.loc[lowest.notna(), "basis"] = BY_ENDS
    found["structural_sqm"] = lowest.fillna(0.0)
    found.loc[_is_young(panel), ["basis", "structural_sqm"]] = [TOO_NEW, 0.0]
    if idle is None or len(idle) == 0:
        return found
    dated = long_idle(idle, panel, panel["year"].unique().tolist()).astype({"year": "int64"})
    dated = panel[["building_id", "year"]].merge(dated, on=["building_id", "year"], how="left")
    dated = dated.set_index(panel.index)
    sealed = (panel["vacant_area_sqm"].clip(lower=0.0) - marketable).fillna(0.0)
    counted = dated["long_sqm"] - dated["long_sealed_sqm"].clip(upper=sealed)
    has_dates = dated["long_sqm"].notna()
    found.loc[has_dates, "basis"] = BY_DATES
    structural = counted.fillna(found["structural_sqm"])
    return found.assign(structural_sqm=structural, dated_sqm=dated["dated_sqm"])


def _lowest_vacancy(panel: pd.DataFrame, marketable: pd.Series) -> pd.Series:
    """Smallest marketable vacancy of the four year ends (㎡); NaN where the first or last is not known."""
    wide = panel.assign(vacancy=marketable).pivot(index="building_id", columns="year", values="vacancy")
    wide = wide.reindex(columns=range(int(wide.columns.min()) - _SPAN_YEARS, int(wide.columns.max()) + 1))
    lowest = wide.T.rolling(_SPAN_YEARS + 1, min_periods=1).min().T
    lowest = lowest.where(wide.notna() & wide.shift(_SPAN_YEARS, axis=1).notna())
    at = pd.MultiIndex.from_frame(panel[["building_id", "year"]])
    return pd.Series(lowest.stack().reindex(at).to_numpy(dtype="float64"), index=panel.index)


def _is_young(panel: pd.DataFrame) -> np.ndarray:
    """Tell which rows' buildings were not in the stock three years ago, where the panel holds that year."""
    then = panel["year"] - _SPAN_YEARS
    held = pd.MultiIndex.from_frame(panel[["building_id", "year"]])
    was_there = pd.MultiIndex.from_arrays([panel["building_id"], then]).isin(held)
    return then.isin(panel["year"]).to_numpy() & ~was_there
