"""Drivers that change around a building: its rent, what opens near by, how long ago it opened, support."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.analysis.vacancy.accounting import LEASE_UP_YEARS
from louyu_lab.analysis.vacancy.measures.pace import done_by_year_end, rest_after
from louyu_lab.analysis.vacancy.measures.traits import standard_labels

#: A rent is compared with its grade's mean from this many buildings on.
_FEWEST_RENTS = 3

#: Years in which space newly opened near by still competes: its opening year and the next.
_SUPPLY_YEARS = 2

#: A lagged value comes from the year before or, where that is blank, from the one before it.
_LAGS = (1, 2)


def rent_premium_tenths(panel: pd.DataFrame) -> pd.Series:
    """Return the year's asking rent over the mean of its grade and year, in steps of 10 %, by row.

    ``log1.1(rent ÷ geometric mean)``. NaN without rent or grade, or with fewer than three rents to compare.
    """
    rent = panel["asking_rent_yuan"].where(panel["asking_rent_yuan"] > 0)
    log_rent = np.log(rent).where(panel["grade"].notna())
    peers = log_rent.groupby([standard_labels(panel["grade"], "grade"), panel["year"]])
    premium = (log_rent - peers.transform("mean")) / np.log(1.1)
    return premium.where(peers.transform("count") >= _FEWEST_RENTS)


def nearby_supply_tenths(panel: pd.DataFrame, opening: pd.Series) -> pd.Series:
    """Return gross area of others near by opened this year or last over their stock; indexed as ``panel``.

    Near by is the same 地区, else the same 街道. In steps of 10 % of the stock; 0 where no other building
    stands near by, NaN where the place is not told. ``opening`` as ``accounting.opening_years``; a building
    of unknown opening counts as old.
    """
    place = ("地区" + panel["area"]).fillna("街道" + panel["street"])
    opened = panel["building_id"].map(opening).astype("float64")
    stock = panel["gross_area_sqm"].fillna(0.0)
    new = stock.where(opened > panel["year"] - _SUPPLY_YEARS, 0.0)
    others_stock, others_new = (_of_others(values, place, panel["year"]) for values in (stock, new))
    share = (others_new / others_stock.where(others_stock > 0)).fillna(0.0)
    return (share * 10).where(place.notna())


def lease_up_tail(panel: pd.DataFrame, opening: pd.Series) -> pd.Series:
    """Return what is left of having been new: 1 two years after opening, half as much each year on.

    Without this the young look worse than they will be. 0 where the opening is not known.
    """
    since = panel["year"] - panel["building_id"].map(opening).astype("float64")
    return rest_after(since - LEASE_UP_YEARS).fillna(0.0)


def policy_support(panel: pd.DataFrame, exposures: pd.DataFrame) -> pd.Series:
    """Return how far a building's first policy has had time to act, 0 to 1; NaN without any policy dated.

    ``exposures`` as ``policy.exposure.policy_exposures``; money to an enterprise does not count.
    """
    given = exposures[exposures["is_building"] & exposures["first_year"].notna()]
    if given.empty:
        return pd.Series(np.nan, index=panel.index)
    first = panel["building_id"].map(given.groupby("building_id")["first_year"].min())
    return done_by_year_end(panel["year"], first).astype("float64")


def lagged(values: pd.Series, panel: pd.DataFrame) -> pd.Series:
    """Return each building's value of the year before; indexed as ``panel``, whose rows ``values`` follow.

    Where that is blank the value of two years before stands in.
    """
    keyed = pd.Series(values.to_numpy(), index=pd.MultiIndex.from_frame(panel[["building_id", "year"]]))
    found = pd.Series(np.nan, index=panel.index)
    for lag in _LAGS:
        before = pd.MultiIndex.from_arrays([panel["building_id"], panel["year"] - lag])
        found = found.fillna(pd.Series(keyed.reindex(before).to_numpy(), index=panel.index))
    return found


def _of_others(values: pd.Series, place: pd.Series, year: pd.Series) -> pd.Series:
    """Sum of the same place and year without the row's own; NaN without a place."""
    return values.groupby([place, year]).transform("sum") - values
