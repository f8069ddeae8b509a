"""Buildings' tax of years in another unit than the rest of their history: as good as not known."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.analysis.tax.forecasting import unit_breaks
from louyu_lab.analysis.tax.history import RECURRING

#: Tax of a building or of its enterprises, as ``analysis.panel`` has it.
TAXES = ("tax_yuan", RECURRING, "retained_yuan")


def unit_errors(panel: pd.DataFrame) -> pd.DataFrame:
    """Return ``building_id, building, year, tax_yuan``: years of recurring tax in a wrong unit.

    ``panel`` is ``panel.building_years``. ``forecasting.unit_breaks`` finds where a building's tax changes by
    10⁴ or 10⁸; the years between breaks are in one unit. The unit with the most positive years is right; of
    two with as many the one that comes nearer to the median of all buildings. A building with a single year
    of tax has no such break: it is taken to share an error of others in that year where undoing it brings it
    nearer to that median. Sorted by building and year.
    """
    rows = panel.dropna(subset=[RECURRING]).sort_values(["building_id", "year"], ignore_index=True)
    rows["log"] = np.log10(rows[RECURRING].where(rows[RECURRING] > 0))
    series = rows[["building_id", "year", RECURRING]].set_axis(["unique_id", "ds", "y"], axis="columns")
    usual = rows["log"].median()
    rows["power"] = 0
    for building, breaks in unit_breaks(series).groupby("unique_id"):
        own = rows["building_id"] == building
        rows.loc[own, "power"] = _powers(rows[own], breaks, usual)
    rows["power"] = rows["power"].mask(~rows["building_id"].duplicated(keep=False), _shared(rows, usual))
    found = rows.assign(tax_yuan=rows[RECURRING])[rows["power"] != 0]
    return found[["building_id", "building", "year", "tax_yuan"]].reset_index(drop=True)


def _powers(own: pd.DataFrame, breaks: pd.DataFrame, usual: float) -> np.ndarray:
    """Return the power of ten each of a building's years is too large by, 0 in the right unit; (years,)."""
    step = np.round(np.log10(breaks["factor"].to_numpy())).astype("int64")
    unit = (step * (own["year"].to_numpy()[:, None] >= breaks["ds"].to_numpy())).sum(axis=1)
    logs = own["log"].dropna().groupby(unit[own["log"].notna()])
    rank = pd.DataFrame({"years": -logs.size(), "off": (logs.median() - usual).abs()})
    return unit - rank.sort_values(["years", "off"], kind="stable").index[0]


def _shared(rows: pd.DataFrame, usual: float) -> pd.Series:
    """Return the commonest error of each row's year where it would explain the row, else 0."""
    wrong = rows[rows["power"] != 0].groupby("year")["power"].agg(lambda powers: powers.mode().iloc[0])
    power = rows["year"].map(wrong).fillna(0).astype("int64")
    is_nearer = (rows["log"] - power - usual).abs() < (rows["log"] - usual).abs()
    return power.where(is_nearer, 0)


def without_years(frame: pd.DataFrame, errors: pd.DataFrame) -> pd.DataFrame:
    """Return the panel of buildings or of enterprises with the taxes of those years not known.

    ``frame`` has ``building_id``, ``year`` and ``TAXES``; ``errors`` is what ``unit_errors`` returns. An
    enterprise's tax goes with its building's: which of them is in the wrong unit is not known.
    """
    if not len(errors):
        return frame
    key = ["building_id", "year"]
    is_wrong = pd.MultiIndex.from_frame(frame[key]).isin(pd.MultiIndex.from_frame(errors[key]))
    return frame.assign(**{name: frame[name].mask(is_wrong) for name in TAXES if name in frame})
