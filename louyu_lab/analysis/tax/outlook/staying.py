"""Which share of a building's taxpayers still pays there in the coming years, and who comes beside them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.analysis.tax.tenants import TenantForecast
from louyu_lab.analysis.tax.tenants.forecast import TenantModel
from louyu_lab.analysis.tax.tenants.simulation import ENTERED, PARTS


def still_paying(
    model: TenantModel | None, nodes: pd.DataFrame, horizon: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return the mean share of each node's tax that stays, and the chance that an enterprise does; (n, h).

    ``nodes`` has ``level`` (enterprise, rest or building), ``id`` (of the enterprise) and ``building_id``.
    An enterprise leaves by its own rate: 1 − (1 − exit)(1 − moving to another building) a year;
    in the year of leaving it pays the part that leavers do on average. One gone by the end of the base year
    pays only what comes in late. The rest of a building goes by the mean rate, weighed by tax, of its
    taxpayers without a node, or of the district's. Whole buildings stay, and without a model everybody does.
    """
    shape = (len(nodes), horizon)
    if model is None:
        return np.ones(shape), np.ones(shape)
    payers = _payers(model)
    rate = _rates(payers, nodes)
    steps = np.arange(horizon)
    before, stays = ((1 - rate)[:, None] ** (steps + late) for late in (0, 1))
    share = stays + (before - stays) * model.leaving.parted_mean
    gone = _of_enterprises(nodes, payers["is_gone"].astype("float64")).fillna(0.0).to_numpy() > 0
    share[gone] = np.where(steps == 0, model.leaving.late_rate, 0.0)
    stays[gone] = 0.0
    return share, stays


def newcomers(own: np.ndarray, is_rest: np.ndarray, tenants: TenantForecast, building: str) -> np.ndarray:
    """Return the draws (m, n, h) of a building's nodes with the mean tax of newcomers in its rests.

    They are divided as the rests' mean tax is, evenly where that is 0. A building without rests, where
    nobody has come or gone for years, is left as it is.
    """
    place = np.flatnonzero(tenants.paths.building_id == building)
    if not len(place) or not is_rest.any():
        return own
    coming = tenants.draws[PARTS.index(ENTERED)][:, place[0]].mean(axis=0)
    usual = np.maximum(own[:, is_rest].mean(axis=0), 0.0)
    usual = np.where(usual.sum(axis=0) > 0, usual, 1.0)
    joined = own.copy()
    joined[:, is_rest] += coming * usual / usual.sum(axis=0)
    return joined


def _payers(model: TenantModel) -> pd.DataFrame:
    """Return ``rate``, ``tax`` (元) and ``is_gone`` of the base year's payers by building and enterprise."""
    units, leaving = model.units, model.leaving
    home = units.home[:, -1]
    rate = 1 - (1 - leaving.exit_rate) * (1 - leaving.move_rate)
    table = pd.DataFrame(
        {
            "building_id": units.building_id[np.maximum(home, 0)],
            "enterprise_id": units.enterprise_id,
            "rate": rate,
            "tax": np.maximum(units.tax_yuan[:, -1], 0.0),
            "is_gone": ~units.is_here[:, -1],
        }
    )
    return table[home >= 0].set_index(["building_id", "enterprise_id"])


def _rates(payers: pd.DataFrame, nodes: pd.DataFrame) -> np.ndarray:
    """Return the yearly rate of leaving of every node; (n,)."""
    here = payers[~payers["is_gone"]]
    is_named = nodes["level"] == "enterprise"
    named = pd.MultiIndex.from_frame(nodes.loc[is_named, ["building_id", "id"]])
    others = here[~here.index.isin(named)]
    lost = (others["rate"] * others["tax"]).groupby(level="building_id").sum()
    paid = others["tax"].groupby(level="building_id").sum()
    whole = float(here["tax"].sum())
    usual = float((here["rate"] * here["tax"]).sum() / whole) if whole > 0 else float(here["rate"].mean())
    rest = nodes["building_id"].map(lost / paid.where(paid > 0))
    rate = rest.where(~is_named, _of_enterprises(nodes, payers["rate"])).fillna(usual).fillna(0.0)
    return rate.where(nodes["level"] != "building", 0.0).to_numpy(dtype="float64")


def _of_enterprises(nodes: pd.DataFrame, values: pd.Series) -> pd.Series:
    """Return each node's value by building and enterprise, NaN for nodes that are none."""
    key = pd.MultiIndex.from_frame(nodes[["building_id", "id"]])
    found = pd.Series(values.reindex(key).to_numpy(dtype="float64"), index=nodes.index)
    return found.where(nodes["level"] == "enterprise")
