"""The buildings' forecast split: to enterprises with a history of their own, and by industry."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from louyu_lab.analysis.tax.forecasting.forecasting import simulate_panel
from louyu_lab.analysis.tax.history import RECURRING
from louyu_lab.analysis.tax.levels import TaxLevels, tax_levels
from louyu_lab.analysis.tax.outlook.industries import calibrated
from louyu_lab.analysis.tax.outlook.outlook import TaxOutlook
from louyu_lab.analysis.tax.outlook.splitting import coupled, prorated
from louyu_lab.analysis.tax.outlook.staying import entrant_mix, newcomers, still_paying

#: Draws of the bottom nodes' own series; each serves several draws of its building.
DRAWS = 200

#: Column -> probability it leaves below it.
BOUNDS = {"lo80_yuan": 0.1, "hi80_yuan": 0.9, "lo95_yuan": 0.025, "hi95_yuan": 0.975}

_ENTERPRISES = ("building_id", "enterprise_id", "year", "mean_yuan", *BOUNDS)


@dataclass(frozen=True)
class TaxDetail:
    """The forecast of ``TaxOutlook.paths`` below and across the buildings (元, recurring tax).

    ``enterprises`` a row an enterprise, building and year, columns ``building_id, enterprise_id, year,
    mean_yuan, lo80_yuan, hi80_yuan, lo95_yuan, hi95_yuan``: those with a node in ``levels.tax_levels``. The
    means of a building's enterprises and what is left of it (others, newcomers, the unlisted) are its mean.
    ``industry`` (k,) names and ``industry_yuan`` (draws, k, h): in every draw they add up to the district.
    ``industry_past`` has their ``industry, year, tax_yuan`` so far, as in ``levels.tax_levels``. All are
    empty where no enterprise fits its building's tax; ``unopened`` says which and why, see ``TaxLevels``.
    """

    enterprises: pd.DataFrame
    industry: np.ndarray
    industry_yuan: np.ndarray
    industry_past: pd.DataFrame
    unopened: pd.DataFrame


def tax_detail(panel: pd.DataFrame, tenants: pd.DataFrame, outlook: TaxOutlook, seed: int) -> TaxDetail:
    """Return the split of ``outlook.paths``; ``panel.building_years`` and ``enterprise_years`` as it took.

    The bottom nodes of each building are forecast by their own series, leaning on the growth of their
    industry; in every draw a named one still pays or has gone (``staying.still_paying``), and newcomers join
    by industry (``staying.newcomers``). The draws of a building's nodes are then put in the order of its own
    draws and prorated to them (``splitting``), so that they add up in every draw. The building's draws stay
    as they are. The industries' sums are at last made to stray from their shares in the buildings as
    far as they have in the past (``industries.calibrated``): the district's sum stays in every draw, but
    enterprises and industries are then two readings of it, whose draws do not belong together.

    What is not of a named enterprise (the rest of an industry in a building) grows from its last year alone:
    its past holds those who have gone, and falls for that reason.
    """
    year, paths = int(outlook.total.years[-1]), outlook.paths
    levels = tax_levels(_recurring(panel), _recurring(tenants), year)
    names = levels.nodes.loc[levels.nodes["level"] == "industry", "id"].to_numpy(dtype="str")
    by_industry = np.zeros((len(paths.yuan), len(names), len(paths.years)))
    if not len(names):
        return TaxDetail(_enterprises([]), names, by_industry, _industry_past(levels), levels.unopened)
    rng = np.random.default_rng([seed, year])
    nodes = _bottom(levels)
    own = _own_draws(levels, nodes, len(paths.years), seed)
    own *= still_paying(outlook.tenants.model, nodes, len(paths.years), DRAWS, rng)
    mix = entrant_mix(outlook.tenants.model, names)
    in_shares, parts = np.zeros_like(by_industry), []
    for building, rows in nodes.groupby("building_id").indices.items():
        whole = paths.yuan[:, int(np.flatnonzero(paths.building_id == building)[0])]
        its = nodes.iloc[rows]
        drawn, codes = own[:, rows], its["industry"].to_numpy()
        if not (its["level"] == "building").any():
            now = np.bincount(codes, drawn.mean(axis=(0, 2)).clip(min=0.0), minlength=len(names))
            joined = newcomers(outlook.tenants, building, mix, now, DRAWS, rng)
            drawn, codes = np.append(drawn, joined, axis=1), np.append(codes, np.arange(len(names)))
        split = prorated(coupled(drawn, whole), whole)
        for code in np.unique(codes):
            paid = split[:, codes == code].sum(axis=1)
            by_industry[:, code] += paid
            in_shares[:, code] += whole * _share(paid.mean(axis=0), whole.mean(axis=0))
        is_named = np.flatnonzero(its["level"] == "enterprise")
        parts.append(_named_rows(its.iloc[is_named], paths.years, split[:, is_named]))
    by_industry = calibrated(by_industry, in_shares, levels, nodes, names)
    return TaxDetail(_enterprises(parts), names, by_industry, _industry_past(levels), levels.unopened)


def _share(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    return np.divide(part, whole, out=np.zeros_like(whole), where=whole > 0)


def _recurring(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(tax_yuan=frame[RECURRING])


def _bottom(levels: TaxLevels) -> pd.DataFrame:
    """Return the bottom nodes with ``industry``, the position of theirs among the industries."""
    made = levels.hierarchy
    belongs = made.summing[np.flatnonzero(levels.nodes["level"] == "industry")].tocoo()
    industry = np.zeros(len(made.bottom), dtype="int64")
    industry[belongs.col] = belongs.row
    return levels.nodes.tail(len(made.bottom)).reset_index(drop=True).assign(industry=industry)


def _own_draws(levels: TaxLevels, nodes: pd.DataFrame, horizon: int, seed: int) -> np.ndarray:
    """Return draws (DRAWS, n, h) of the nodes' own series; years that were filled are unknown in them."""
    past = levels.history.merge(nodes[["unique_id", "level"]], on="unique_id")
    past["y"] = past["y"].where(past["filled_yuan"] == 0)
    last = past["ds"].where(past["y"].notna()).groupby(past["unique_id"]).transform("max")
    past = past[(past["level"] != "rest") | (past["ds"] >= last)]
    industry = nodes.set_index("unique_id")["industry"].astype("str")
    drawn = simulate_panel(past[["unique_id", "ds", "y"]], horizon, groups=industry, seed=seed, draws=DRAWS)
    order = pd.Index(drawn.unique_id).get_indexer(nodes["unique_id"])
    return drawn.paths[:, order]


def _industry_past(levels: TaxLevels) -> pd.DataFrame:
    names = levels.nodes.loc[levels.nodes["level"] == "industry"].set_index("unique_id")["id"]
    past = levels.history[levels.history["unique_id"].isin(names.index)]
    table = pd.DataFrame(
        {"industry": past["unique_id"].map(names), "year": past["ds"], "tax_yuan": past["y"]}
    )
    return table.astype({"industry": "str"}).sort_values(["industry", "year"], ignore_index=True)


def _named_rows(nodes: pd.DataFrame, years: np.ndarray, drawn: np.ndarray) -> pd.DataFrame:
    """Return mean and bounds of the named enterprises from their draws (draws, n, h)."""
    ids = {"building_id": nodes["building_id"], "enterprise_id": nodes["id"]}
    rows = {name: np.repeat(of.to_numpy(dtype="str"), len(years)) for name, of in ids.items()}
    rows |= {"year": np.tile(years, len(nodes)), "mean_yuan": drawn.mean(axis=0).ravel()}
    bounds = np.quantile(drawn, list(BOUNDS.values()), axis=0)
    return pd.DataFrame(rows | {name: of.ravel() for name, of in zip(BOUNDS, bounds, strict=True)})


def _enterprises(parts: list[pd.DataFrame]) -> pd.DataFrame:
    columns = dict.fromkeys(_ENTERPRISES, "float64")
    columns |= {"building_id": "str", "enterprise_id": "str", "year": "int64"}
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(columns))
    return table[list(columns)].astype(columns)
