"""Structural vacancy: the area that has been empty for three years and more, and its upper bound."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.analysis.idle_ages import LONG_MONTHS, long_idle

#: What the structural part of a building and year rests on; the year ends also bound what dates leave open.
BY_DATES, BY_ENDS = "闲置台账起始日期", "历年年末空置"
TOO_NEW, UNTOLD = "在册不足三年", "历史不足三年"

#: Year ends back to the first one of the 36 months.
_SPAN_YEARS = LONG_MONTHS // 12


def structural_areas(panel: pd.DataFrame, marketable: pd.Series, idle: pd.DataFrame | None) -> pd.DataFrame:
    """Return ``basis, structural_sqm, bound_sqm, dated_sqm, excess_sqm`` of each row of ``panel`` (㎡).

    ``marketable`` is the vacant area that can be let (㎡), indexed as ``panel``. None is capped yet at what
    earlier parts leave.

    ``structural_sqm`` is what the census valid for the year dates as idle for 36 months and more, and
    ``dated_sqm`` all that it dates, NaN where nothing; of both, what has a cause that makes it 不可招商 is
    taken to be in that part already, as far as that reaches. ``bound_sqm`` is how much more can have been
    empty for 36 months among what nobody dates: the smallest marketable vacancy of the year end and the
    three before it, less ``structural_sqm``, since no more than that minimum can have been empty throughout.
    A year end in between that nobody reported only loosens it. It is 0 for a building not in the stock
    three years ago, and where the vacancy at that year end is not known.

    ``basis`` is ``BY_DATES`` where a space of the building is dated, else why the bound is what it is
    (``BY_ENDS, TOO_NEW, UNTOLD``). ``excess_sqm`` is by how much the dates exceed the smallest year end
    known, which cannot be: one of the ledgers is wrong.
    """
    found = pd.DataFrame({"basis": UNTOLD}, index=panel.index, dtype="str")
    areas = {"structural_sqm": 0.0, "bound_sqm": 0.0, "dated_sqm": np.nan, "excess_sqm": 0.0}
    found = found.assign(**areas)
    if len(panel) == 0:
        return found
    lowest, is_told = _lowest_vacancy(panel, marketable)
    is_young = _is_young(panel)
    found.loc[is_told, "basis"] = BY_ENDS
    found.loc[is_young, "basis"] = TOO_NEW
    if idle is not None and len(idle):
        sealed = (panel["vacant_area_sqm"].clip(lower=0.0) - marketable).fillna(0.0)
        found[["structural_sqm", "dated_sqm"]] = _dated_areas(panel, sealed, idle)
    found.loc[found["dated_sqm"].notna(), "basis"] = BY_DATES
    beyond = (lowest - found["structural_sqm"]).fillna(0.0)
    bound = beyond.clip(lower=0.0).where(is_told & ~is_young, 0.0)
    return found.assign(bound_sqm=bound, excess_sqm=(-beyond).clip(lower=0.0))


def _dated_areas(panel: pd.DataFrame, sealed: pd.Series, idle: pd.DataFrame) -> pd.DataFrame:
    """Return ``structural_sqm, dated_sqm`` of each row, without what is in ``sealed`` (㎡) already."""
    dated = long_idle(idle, panel, panel["year"].unique().tolist()).astype({"year": "int64"})
    dated = panel[["building_id", "year"]].merge(dated, on=["building_id", "year"], how="left")
    dated = dated.set_index(panel.index)
    long = dated["long_sqm"] - dated["long_sealed_sqm"].clip(upper=sealed)
    every = dated["dated_sqm"] - dated["dated_sealed_sqm"].clip(upper=sealed)
    return pd.DataFrame({"structural_sqm": long.fillna(0.0), "dated_sqm": every})


def _lowest_vacancy(panel: pd.DataFrame, marketable: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Smallest known marketable vacancy of the four year ends (㎡); whether the first and last are known."""
    wide = panel.assign(vacancy=marketable).pivot(index="building_id", columns="year", values="vacancy")
    wide = wide.reindex(columns=range(int(wide.columns.min()) - _SPAN_YEARS, int(wide.columns.max()) + 1))
    lowest = wide.T.rolling(_SPAN_YEARS + 1, min_periods=1).min().T
    is_told = wide.notna() & wide.shift(_SPAN_YEARS, axis=1).notna()
    at = pd.MultiIndex.from_frame(panel[["building_id", "year"]])
    lowest, is_told = (
        pd.Series(of.stack().reindex(at).to_numpy(), index=panel.index) for of in (lowest, is_told)
    )
    return lowest.astype("float64"), is_told.astype("bool")


def _is_young(panel: pd.DataFrame) -> np.ndarray:
    """Tell which rows' buildings were not in the stock three years ago, where the panel holds that year."""
    then = panel["year"] - _SPAN_YEARS
    held = pd.MultiIndex.from_frame(panel[["building_id", "year"]])
    was_there = pd.MultiIndex.from_arrays([panel["building_id"], then]).isin(held)
    return then.isin(panel["year"]).to_numpy() & ~was_there
