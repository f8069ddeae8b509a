"""Which buildings and streets bring the change that is expected of the district's tax."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.analysis.outputs import TABLES, declared
from louyu_lab.analysis.tax.tiers.draws import TierDraws

#: Shares of the district's change are told only where it is at least this part of the base year's tax.
LEAST_CHANGE = 0.01


def growth_contributions(
    draws: TierDraws, district: str, one_off_yuan: pd.Series | None = None
) -> pd.DataFrame:
    """Return table ``growth_contributions``: expected change against the last known tax.

    ``change_yuan`` = mean of the draws − ``base_yuan``; buildings add up to their street and streets to the
    district. The 80 % interval is of the draws of each sum. ``one_off_yuan`` (by building_id, 元) is the
    one-off tax within the base where the paths are of recurring tax: its end is −one-off and part of the
    change, told in ``one_off_change_yuan``. ``share_growth`` is the part of the district's change, NaN where
    that is under ``LEAST_CHANGE`` of its base: shares of next to nothing mislead. A building without a known
    tax counts from 0. ``name`` is the building's, for the others the same as ``id``. District first, then
    streets and buildings, the largest gain first.
    """
    columns = list(TABLES["growth_contributions"].columns)
    paths = draws.paths
    if not paths.yuan.size:
        return declared("growth_contributions", pd.DataFrame(columns=columns))
    base = np.nan_to_num(draws.base_yuan)
    ids = pd.Series(paths.building_id, dtype="str")
    ended = ids.map(one_off_yuan).fillna(0.0) if one_off_yuan is not None else pd.Series(0.0, index=ids.index)
    one_off = ended.to_numpy(dtype="float64")
    streets = pd.Series(paths.street, dtype="str").fillna("").to_numpy(dtype="str")
    groups = {
        "district": np.full(len(base), district),
        "street": streets,
        "building": paths.building_id,
    }
    parts = [_level(draws, base, one_off, of).assign(level=level) for level, of in groups.items()]
    table = _shared(pd.concat(parts, ignore_index=True))
    names = dict(zip(paths.building_id, draws.building, strict=True))
    table["name"] = table["id"].map(names).where(table["level"] == "building", table["id"])
    order = table["level"].map({level: at for at, level in enumerate(groups)})
    last = table["change_yuan"].where(table["year"] == paths.years[-1])
    gain = last.groupby([table["level"], table["id"]]).transform("max")
    table = table.assign(order=order, gain=gain).sort_values(
        ["order", "gain", "id", "year"], ascending=[True, False, True, True]
    )
    return declared("growth_contributions", table[columns])


def _level(draws: TierDraws, base: np.ndarray, one_off: np.ndarray, labels: np.ndarray) -> pd.DataFrame:
    """Return the sums of each label's buildings by year; the change and its interval."""
    ids, place = np.unique(labels, return_inverse=True)
    start, ended = (np.bincount(place, weights=of, minlength=len(ids)) for of in (base, one_off))
    order = np.argsort(place, kind="stable")
    firsts = np.searchsorted(place[order], np.arange(len(ids)))
    drawn = np.add.reduceat(draws.paths.yuan[:, order], firsts, axis=1) - start[:, None]
    lo80, hi80 = np.quantile(drawn, [0.1, 0.9], axis=0)
    years = draws.paths.years
    return pd.DataFrame(
        {
            "id": pd.Series(np.repeat(ids, len(years)), dtype="str"),
            "year": np.tile(years, len(ids)),
            "base_yuan": np.repeat(start, len(years)),
            "change_yuan": drawn.mean(axis=0).ravel(),
            "lo80_yuan": lo80.ravel(),
            "hi80_yuan": hi80.ravel(),
            # Adding zero turns the -0.0 of none into 0.0.
            "one_off_change_yuan": np.repeat(0.0 - ended, len(years)) + 0.0,
        }
    )


def _shared(table: pd.DataFrame) -> pd.DataFrame:
    """Add ``share_growth``: the part of the district's change of the year."""
    whole = table[table["level"] == "district"].set_index("year")
    change, base = table["year"].map(whole["change_yuan"]), table["year"].map(whole["base_yuan"])
    tells = change.abs() >= LEAST_CHANGE * base.abs()
    return table.assign(share_growth=(table["change_yuan"] / change).where(tells & (change != 0)))
