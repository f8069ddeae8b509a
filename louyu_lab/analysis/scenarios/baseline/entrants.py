"""Who comes: area and tax of past newcomers, from their first year end to when they are settled."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from louyu_lab.analysis.scenarios.baseline.priors import prior_entrants
from louyu_lab.analysis.scenarios.baseline.state import Entrants
from louyu_lab.analysis.scenarios.baseline.tenants import Turnover, exit_rates, newcomers

#: Years of newcomers that count, the latest.
_LATEST = 3

#: Years after coming in which tax counts as mature, where so many have passed; else a year less.
_MATURE = 2

#: With fewer settled newcomers than these the sample is filled up from the prior.
FEWEST = 50

#: A first or second year pays at most this part of mature tax in the mean.
_MOST_RAMP = 1.5


def learned_entrants(
    seen: Turnover,
    panel: pd.DataFrame,
    population: pd.DataFrame,
    taxes: pd.Series,
    index: pd.Series,
    mean_yield_yuan_sqm: float,
    horizon: int,
) -> Entrants:
    """Return what the latest newcomers tell, the prior where there are none.

    ``population`` is ``indicator_populations.tenant_population``; ``taxes`` recurring tax (元) by
    (enterprise_id, year), empty without tax by enterprise; ``index`` by year what a tenant's tax of that year
    is in money of the base year, its last; ``mean_yield_yuan_sqm`` of the tenants there (元/㎡).
    """
    year = int(panel["year"].max())
    came = newcomers(seen, panel)
    latest = came[came["year"] > year - _LATEST]
    found = prior_entrants(mean_yield_yuan_sqm, horizon)
    areas = latest["area_sqm"].dropna()
    areas = areas if len(areas) else seen.ends.loc[seen.ends["year"] == year, "area_sqm"].dropna()
    known = population[
        (population["year"] == year) & population["enterprise_id"].isin(latest["enterprise_id"])
    ]
    is_new = pd.MultiIndex.from_frame(seen.ends[["enterprise_id", "year"]]).isin(
        pd.MultiIndex.from_frame(came[["enterprise_id", "year"]])
    )
    found = replace(
        found,
        firm_area_sqm=float(areas.mean()) if areas.sum() > 0 else found.firm_area_sqm,
        exit_rate=exit_rates(seen, pd.Series(is_new, index=seen.ends.index))[1],
        registration_rate=float(known["is_registered"].astype("float64").mean()),
        paying_rate=float(known["is_taxpayer"].astype("float64").mean()),
    )
    if not len(taxes):
        return found
    return _with_taxes(found, _settled(seen, came, taxes, index), horizon)


def _settled(seen: Turnover, came: pd.DataFrame, taxes: pd.Series, index: pd.Series) -> pd.DataFrame:
    """Return ``area_sqm, first, second, mature`` (元 of the base year) of newcomers still there when settled.

    ``second`` is missing where it is the mature year itself.
    """
    base = int(index.index.max())
    first_known = int(index.index.min())
    rows = came[(came["year"] < base) & (came["year"] >= max(base - _LATEST, first_known))]
    at = np.minimum(rows["year"] + _MATURE, base)
    here = pd.MultiIndex.from_frame(seen.ends[["enterprise_id", "year"]])
    stays = pd.MultiIndex.from_arrays([rows["enterprise_id"], at]).isin(here)
    rows, at = rows[stays], at[stays]

    def paid(years: pd.Series) -> np.ndarray:
        keys = pd.MultiIndex.from_arrays([rows["enterprise_id"], years])
        yuan = taxes.reindex(keys).fillna(0.0).to_numpy() * index.reindex(years).to_numpy()
        return np.maximum(yuan, 0.0)

    second = np.where(at == rows["year"] + _MATURE, paid(rows["year"] + 1), np.nan)
    return pd.DataFrame(
        {
            "area_sqm": rows["area_sqm"].to_numpy(),
            "first": paid(rows["year"]),
            "second": second,
            "mature": paid(at),
        }
    )


def _with_taxes(found: Entrants, settled: pd.DataFrame, horizon: int) -> Entrants:
    """Put what settled newcomers pay in the place of the prior, in part where they are few."""
    n, total = len(settled), settled["mature"].sum()
    measured = settled[settled["area_sqm"] > 0]
    if total <= 0 or measured["mature"].sum() <= 0:
        return found
    share = min(n / FEWEST, 1.0)
    later = settled.dropna(subset=["second"])
    ramp = found.ramp.copy()
    for step, rows, name in ((0, settled, "first"), (1, later, "second")):
        if step < horizon and rows["mature"].sum() > 0:
            own = min(rows[name].sum() / rows["mature"].sum(), _MOST_RAMP)
            ramp[step] = share * own + (1 - share) * ramp[step]
    own_yield = float(measured["mature"].sum() / measured["area_sqm"].sum())
    prior_yield = found.yield_yuan_sqm if np.isfinite(found.yield_yuan_sqm) else own_yield
    multiples = settled["mature"].to_numpy() / settled["mature"].mean()
    if n < FEWEST:
        at = (np.arange(FEWEST - n) + 0.5) / (FEWEST - n)
        prior = np.quantile(found.multiples, at)
        multiples = np.append(multiples, prior / prior.mean() if prior.mean() > 0 else prior)
    rest = "" if n >= FEWEST else f"，不足 {FEWEST} 家，以先验补足"
    pays = (settled["mature"] > 0).mean()
    return replace(
        found,
        multiples=np.sort(multiples / multiples.mean()),
        ramp=ramp,
        yield_yuan_sqm=share * own_yield + (1 - share) * prior_yield,
        source=f"近年新入驻、已满一至两年的 {n} 家企业（其中纳税 {pays:.0%}）{rest}",
    )
