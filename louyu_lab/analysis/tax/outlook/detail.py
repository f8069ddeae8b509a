"""The buildings' forecast split: to enterprises with a history of their own, and by industry."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from louyu_lab.analysis.tax.forecasting.forecasting import simulate_panel
from louyu_lab.analysis.tax.history import RECURRING
from louyu_lab.analysis.tax.levels import TaxLevels, tax_levels
from louyu_lab.analysis.tax.outlook.mixing import mixed_quantiles
from louyu_lab.analysis.tax.outlook.outlook import TaxOutlook
from louyu_lab.analysis.tax.outlook.splitting import coupled, prorated
from louyu_lab.analysis.tax.outlook.staying import newcomers, still_paying

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
    industry, and weighed by the share of them that still pays there (``staying.still_paying``: the named
    are those that survived till now and will not all survive on); newcomers are added to the others. The
    draws of a building's nodes are then put in the order of its own draws and prorated to them
    (``splitting``), so that they add up in every draw. The building's draws stay as they are.

    What is not of a named enterprise (the rest of an industry in a building) grows from its last year alone:
    its past holds those who have gone, and falls for that reason.
    """
    year, paths = int(outlook.total.years[-1]), outlook.paths
    levels = tax_levels(_recurring(panel), _recurring(tenants), year)
    names = levels.nodes.loc[levels.nodes["level"] == "industry", "id"].to_numpy(dtype="str")
    draws, horizon = len(paths.yuan), len(paths.years)
    by_industry = np.zeros((draws, len(names), horizon))
    if not len(names):
        return TaxDetail(_enterprises([]), names, by_industry, _industry_past(levels), levels.unopened)
    nodes = _bottom(levels)
    own = _own_draws(levels, nodes, horizon, seed)
    share, stays = still_paying(outlook.tenants.model, nodes, horizon)
    own *= share
    is_rest = (nodes["level"] == "rest").to_numpy()
    parts = []
    for building, rows in nodes.groupby("building_id").indices.items():
        at = int(np.flatnonzero(paths.building_id == building)[0])
        drawn = newcomers(own[:, rows], is_rest[rows], outlook.tenants, building)
        split = prorated(coupled(drawn, paths.yuan[:, at]), paths.yuan[:, at])
        codes = nodes["industry"].to_numpy()[rows]
        for code in np.unique(codes):
            by_industry[:, code] += split[:, codes == code].sum(axis=1)
        is_named = (nodes["level"].to_numpy() == "enterprise")[rows]
        named = rows[is_named]
        bounds = mixed_quantiles(split[:, is_named], share[named], stays[named], list(BOUNDS.values()))
        values = dict(zip(BOUNDS, bounds, strict=True)) | {"mean_yuan": split[:, is_named].mean(axis=0)}
        parts.append(_named_rows(nodes.iloc[named], paths.years, values))
    return TaxDetail(_enterprises(parts), names, by_industry, _industry_past(levels), levels.unopened)


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


def _named_rows(nodes: pd.DataFrame, years: np.ndarray, values: dict[str, np.ndarray]) -> pd.DataFrame:
    ids = {"building_id": nodes["building_id"], "enterprise_id": nodes["id"]}
    rows = {name: np.repeat(of.to_numpy(dtype="str"), len(years)) for name, of in ids.items()}
    rows |= {"year": np.tile(years, len(nodes))}
    return pd.DataFrame(rows | {name: value.ravel() for name, value in values.items()})


def _enterprises(parts: list[pd.DataFrame]) -> pd.DataFrame:
    columns = dict.fromkeys(_ENTERPRISES, "float64")
    columns |= {"building_id": "str", "enterprise_id": "str", "year": "int64"}
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(columns))
    return table[list(columns)].astype(columns)
