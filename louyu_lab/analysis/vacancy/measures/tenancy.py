"""Drivers that tenants tell: who the largest is, how mixed their industries are, how these fare elsewhere.

All are by building and year end; the frame lags them, since the mix of tenants follows the vacancy.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from louyu_lab.analysis.industry.sections import UNRECOGNISED
from louyu_lab.analysis.panel import MEASURED_SHARE
from louyu_lab.analysis.vacancy.measures.declared import Shock

#: Least share of a building's tenants, by area, whose industry must be told for its mix to be known.
_RECOGNISED_SHARE = 0.8

_KEY = ["building_id", "year"]


def top_tenant_tenths(tenants: pd.DataFrame) -> pd.Series:
    """Return the largest tenant's share of the let area in steps of 10 points, by building and year.

    Takes ``panel.enterprise_years``; those there at the year's end. NaN where fewer than
    ``MEASURED_SHARE`` of them tell their area.
    """
    there = tenants[tenants["at_year_end"] & tenants["building_id"].notna()]
    area = there.groupby(_KEY)["area_sqm"]
    share = area.max() / area.sum(min_count=1)
    return (share * 10).where(area.count() / area.size() >= MEASURED_SHARE)


def mix_shares(mixes: Mapping[int, pd.DataFrame]) -> pd.DataFrame:
    """Return each industry's share (0–1) by building and year; columns industries, rows add up to 1.

    ``mixes`` as ``StudyYear.mixes``. By area or, where nobody in the district tells one, by firms. A
    building is left out where industries of less than ``_RECOGNISED_SHARE`` are told, or nobody is there.
    """
    amounts = mix_amounts(mixes)
    total = amounts.sum(axis=1)
    recognised = amounts.drop(columns=UNRECOGNISED, errors="ignore")
    told = recognised.sum(axis=1)
    kept = (told > 0) & (told >= _RECOGNISED_SHARE * total)
    return recognised[kept].div(told[kept], axis=0)


def mix_amounts(mixes: Mapping[int, pd.DataFrame]) -> pd.DataFrame:
    """Return ㎡ (or firms, see ``mix_shares``) by building and year, one column an industry, 0 for none."""
    parts = [mix[mix["level"] == "building"].assign(year=year) for year, mix in sorted(mixes.items())]
    if not parts:
        return pd.DataFrame(index=pd.MultiIndex.from_arrays([[], []], names=_KEY))
    rows = pd.concat(parts, ignore_index=True).rename(columns={"id": "building_id"})
    amount = "area_sqm" if rows["area_sqm"].notna().any() else "firms"
    return rows.pivot_table(index=_KEY, columns="industry", values=amount, aggfunc="sum").fillna(0.0)


def industry_hhi_tenths(shares: pd.DataFrame) -> pd.Series:
    """Return the sum of the industries' squared shares in steps of 0.1, by building and year."""
    return (shares**2).sum(axis=1) * 10


def mix_growth_tenths(amounts: pd.DataFrame, shares: pd.DataFrame) -> pd.Series:
    """Return how a building's industries of the year before grew elsewhere, in steps of 10 points, by year.

    ``Σ share(t−1) × growth of the others, t−1 to t`` (Bartik 1991), the growth being
    ``(a(t) − a(t−1)) ÷ mean of both`` (Davis, Haltiwanger and Schuh 1996), which newcomers do not send to
    infinity. The others are all buildings known in both years but the building itself.
    """
    found = []
    industries = shares.columns
    for year in sorted(set(amounts.index.get_level_values("year"))):
        if year - 1 not in shares.index.get_level_values("year"):
            continue
        now, before = (amounts[industries].xs(at, level="year") for at in (year, year - 1))
        common = now.index.intersection(before.index)
        now, before = now.loc[common], before.loc[common]
        weights = shares.xs(year - 1, level="year")
        others = [every.sum() - every.reindex(weights.index, fill_value=0.0) for every in (now, before)]
        mean = (others[0] + others[1]) / 2
        growth = ((others[0] - others[1]) / mean.where(mean > 0)).fillna(0.0)
        found.append(pd.concat({year: (weights * growth).sum(axis=1) * 10}, names=["year"]))
    if not found:
        return pd.Series(dtype="float64", index=pd.MultiIndex.from_arrays([[], []], names=_KEY))
    return pd.concat(found).reorder_levels(_KEY)


def exposure_tenths(shares: pd.DataFrame, shock: Shock) -> pd.Series:
    """Return the share of the industries hit at the end of the year before the shock, in steps of 10 points.

    By ``building_id``; buildings of that year whose mix is known.
    """
    hit = shares[[name for name in shares.columns if name in shock.industries]].sum(axis=1) * 10
    at = hit.index.get_level_values("year") == shock.first_year - 1
    return hit[at].droplevel("year")


def in_shock(exposure: pd.Series, panel: pd.DataFrame, shock: Shock) -> pd.Series:
    """Return the exposure in the years of the shock and 0 in all others; indexed as ``panel``.

    NaN throughout where nobody's exposure is known.
    """
    if exposure.notna().sum() == 0:
        return pd.Series(np.nan, index=panel.index)
    is_hit = panel["year"].between(shock.first_year, shock.last_year)
    own = panel["building_id"].map(exposure).astype("float64")
    return pd.Series(np.where(is_hit, own, 0.0), index=panel.index)
