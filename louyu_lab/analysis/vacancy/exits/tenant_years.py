"""Tenant-years: a row a tenant and year begun in the building, as the hazard of exit counts them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.analysis.vacancy.exits.dated import DAYS_A_YEAR
from louyu_lab.analysis.vacancy.exits.spells import Spells

_COLUMNS = ("enterprise_id", "building_id", "sector", "area_sqm", "years_in", "year", "is_exit")


def tenant_years(spells: Spells) -> pd.DataFrame:
    """Return one row a tenant and year that it began in the building, up to the year it left.

    Columns: ``enterprise_id, building_id, sector, area_sqm, years_in`` (since moving in, at the year's
    beginning; missing where not told), ``year, is_exit`` (1.0 if it was gone at the year's end). Who came
    and left within one calendar year began none.
    """
    frame = spells.frame
    count = (frame["last_year"] - frame["first_year"] + 1).clip(lower=0).to_numpy("int64")
    rows = frame.loc[frame.index.repeat(count)]
    step = np.arange(count.sum()) - np.repeat(count.cumsum() - count, count)
    rows = rows.assign(year=rows["first_year"].to_numpy("int64") + step)
    begin = pd.to_datetime(rows["year"].astype("str") + "-01-01")
    years_in = (begin - rows["start"]).dt.days / DAYS_A_YEAR
    is_exit = rows["event"] & (rows["year"] == rows["last_year"])
    rows = rows.assign(years_in=years_in, is_exit=is_exit.astype("float64"))
    return rows[list(_COLUMNS)].reset_index(drop=True)
