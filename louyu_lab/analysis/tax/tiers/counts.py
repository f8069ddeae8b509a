"""How many 亿元楼 there will be: the distribution of their number, with promotions and the target."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.analysis.indicator_catalogue import codes_by_name
from louyu_lab.analysis.outputs import TABLES, declared
from louyu_lab.analysis.tax.tiers.draws import TierDraws

#: The indicator that counts 亿元楼, by its name.
YI_COUNT = "亿元楼数量"


def yi_count(draws: TierDraws, targets: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return table ``yi_count``: the number of 亿元楼 in every coming year.

    ``now`` counts them by the last known tax; mean = now + promotions − relegations, both against now.
    ``p_more`` and ``p_fewer`` are the chances of more and of fewer than now, NaN where there cannot be any.
    ``targets`` comes from the ledgers: ``target`` is the next one due (in ``target_year``, this year or
    later) and ``p_target`` the chance that the year has that many.
    """
    number = _numbers(draws)
    if not number.size:
        return declared("yi_count", pd.DataFrame(columns=list(TABLES["yi_count"].columns)))
    now = int(draws.was_yi.sum())
    aims = _next_targets(targets, draws.paths.years)
    lo95, lo80, median, hi80, hi95 = _whole_quantiles(number, (0.025, 0.1, 0.5, 0.9, 0.975))
    table = pd.DataFrame(
        {
            "year": draws.paths.years,
            "now": now,
            "mean": number.mean(axis=0),
            "median": median,
            "lo80": lo80,
            "hi80": hi80,
            "lo95": lo95,
            "hi95": hi95,
            "p_more": (number > now).mean(axis=0) if now < len(draws.was_yi) else np.nan,
            "p_fewer": (number < now).mean(axis=0) if now else np.nan,
            "promotions": draws.is_yi[:, ~draws.was_yi].sum(axis=1).mean(axis=0),
            "relegations": (~draws.is_yi[:, draws.was_yi]).sum(axis=1).mean(axis=0),
            "target_year": aims["target_year"],
            "target": aims["target"],
        }
    )
    met = (number >= aims["target"].to_numpy(dtype="float64", na_value=np.inf)).mean(axis=0)
    table["p_target"] = np.where(aims["target"].notna(), met, np.nan)
    return declared("yi_count", table)


def yi_count_chances(draws: TierDraws) -> pd.DataFrame:
    """Return table ``yi_count_chances``: the chance of every number of 亿元楼 that was drawn, by year.

    ``share`` is the share of draws, which adds up to 1 within a year, ``p_at_least`` the chance of that
    number or more.
    """
    number = _numbers(draws)
    parts = []
    for at, year in enumerate(draws.paths.years if number.size else ()):
        values, times = np.unique(number[:, at], return_counts=True)
        share = times / len(number)
        tail = np.cumsum(times[::-1])[::-1] / len(number)
        parts.append(pd.DataFrame({"year": year, "yi_buildings": values, "share": share, "p_at_least": tail}))
    columns = list(TABLES["yi_count_chances"].columns)
    return declared(
        "yi_count_chances", pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)
    )


def _numbers(draws: TierDraws) -> np.ndarray:
    """Return the number of 亿元楼 by draw and year; (draws, horizon), empty without buildings."""
    return draws.is_yi.sum(axis=1) if draws.tier.size else np.empty((0, 0))


def _whole_quantiles(number: np.ndarray, levels: tuple[float, ...]) -> np.ndarray:
    """Return quantiles that are numbers really drawn; shape (levels, horizon)."""
    return np.quantile(number, levels, axis=0, method="inverted_cdf").astype("int64")


def yi_targets(targets: pd.DataFrame | None) -> pd.DataFrame:
    """Return the targets of the number of 亿元楼 among those of the ledgers: ``year, target``, by year."""
    empty = {"year": pd.Series(dtype="int64"), "target": pd.Series(dtype="float64")}
    rows = pd.DataFrame(empty)
    if targets is not None and len(targets):
        codes = targets["indicator"].map(codes_by_name()).fillna(targets["indicator"])
        rows = targets.loc[codes == codes_by_name()[YI_COUNT], ["year", "target"]]
    rows = rows.astype({"year": "int64", "target": "float64"})
    return rows.drop_duplicates("year").sort_values("year", ignore_index=True)


def _next_targets(targets: pd.DataFrame | None, years: np.ndarray) -> pd.DataFrame:
    """Return the next target due in each year, ``target_year`` and ``target``, missing where none is."""
    rows = yi_targets(targets).rename(columns={"year": "target_year"}).astype({"target_year": "Int64"})
    at = np.searchsorted(rows["target_year"].to_numpy(dtype="int64"), years)
    return rows.reset_index(drop=True).reindex(np.where(at < len(rows), at, -1)).reset_index(drop=True)
