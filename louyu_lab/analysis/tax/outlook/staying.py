"""Which of a building's taxpayers still pay there in the coming years, and who comes beside them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.analysis.tax.tenants import TenantForecast
from louyu_lab.analysis.tax.tenants.forecast import TenantModel
from louyu_lab.analysis.tax.tenants.simulation import ENTERED, PARTS

#: Entries of so many years, the latest, tell which industries newcomers are of.
LATEST_ENTRIES = 3

#: Newcomers to a building count as this many at least.
_FEWEST = 0.1


def still_paying(
    model: TenantModel | None, nodes: pd.DataFrame, horizon: int, draws: int, rng: np.random.Generator
) -> np.ndarray:
    """Return the share of its tax that each node still pays, draw by draw; (draws, n, h).

    ``nodes`` has ``level`` (enterprise, rest or building), ``id`` (of the enterprise) and ``building_id``.
    An enterprise leaves by its own rate: 1 − (1 − exit)(1 − moving to another building) a year; in every draw
    it is there or gone (``_drawn``), and in the year of leaving it pays the part that leavers do on average.
    One gone by the end of the base year pays only what comes in late. The rest of a building goes by the mean
    rate, weighed by tax, of its taxpayers without a node, or of the district's: they are many, so
    the mean share stands in every draw. Whole buildings stay, and without a model everybody does.
    """
    share = np.ones((draws, len(nodes), horizon))
    if model is None:
        return share
    payers = _payers(model)
    rate = _rates(payers, nodes)
    steps, parted = np.arange(horizon), model.leaving.parted_mean
    before, stays = ((1 - rate)[:, None] ** (steps + late) for late in (0, 1))
    share[:] = stays + (before - stays) * parted
    is_named = (nodes["level"] == "enterprise").to_numpy()
    share[:, is_named] = _drawn(stays[is_named], parted, draws, rng)
    gone = _of_enterprises(nodes, payers["is_gone"].astype("float64")).fillna(0.0).to_numpy() > 0
    share[:, gone] = np.where(steps == 0, model.leaving.late_rate, 0.0)
    return share


def _drawn(stays: np.ndarray, parted: float, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Return 1, ``parted`` or 0 for there, leaving and gone (draws, n, h); ``stays`` (n, h) falls with h.

    One uniform number a draw and payer, from a stratum of its own, so that as many leave as should.
    """
    strata = rng.permuted(np.tile(np.arange(draws, dtype="float64"), (len(stays), 1)), axis=1)
    chance = ((strata + rng.random(strata.shape)) / draws).T[:, :, None]
    is_here = chance < stays
    was_here = np.concatenate([np.ones_like(is_here[:, :, :1]), is_here[:, :, :-1]], axis=2)
    return np.where(is_here, 1.0, np.where(was_here, parted, 0.0))


def entrant_mix(model: TenantModel | None, names: np.ndarray) -> np.ndarray:
    """Return the share of each industry in what the enterprises come in the latest years pay now; (k,).

    ``names`` (k,) are the industries. All 0 where nobody came.
    """
    if model is None:
        return np.zeros(len(names))
    units = model.units
    first, last = units.first_paid, len(units.years)
    is_new = (first >= max(1, last - LATEST_ENTRIES)) & (first < last)
    at = pd.Index(names).get_indexer(units.sector)
    used = is_new & (at >= 0)
    paid = np.bincount(at[used], np.maximum(units.tax_yuan[used, -1], 0.0), minlength=len(names))
    return paid / paid.sum() if paid.sum() > 0 else paid


def newcomers(
    tenants: TenantForecast,
    building: str,
    mix: np.ndarray,
    now: np.ndarray,
    draws: int,
    rng: np.random.Generator,
) -> np.ndarray:
    """Return what newcomers to a building will pay by industry; (draws, k, h).

    How much is what the tenants' forecast draws. Which industries it comes from is drawn (Dirichlet) about
    the middle between the district's ``mix`` (``entrant_mix``) and the building's own, in proportion
    to ``now`` (k,): the more widely the fewer newcomers weigh, their number counted by (Σ paid)² ÷ Σ paid².
    Nothing where the model is refused or does not know the building, or where nobody pays.
    """
    place = np.flatnonzero(tenants.paths.building_id == building)
    parts = [of / of.sum() for of in (mix, now) if of.sum() > 0]
    if tenants.model is None or not len(place) or not parts:
        return np.zeros((draws, len(mix), len(tenants.paths.years)))
    entering = tenants.model.entering
    paid = entering.courses.sum(axis=1)
    evenness = paid.mean() ** 2 / (paid**2).mean() if paid.any() else 1.0
    number = max(entering.rate[place[0]] * len(tenants.paths.years) * evenness, _FEWEST)
    middle = np.mean(parts, axis=0)
    weight = rng.gamma(np.maximum(middle * number, 1e-9), size=(draws, len(mix)))
    weight = np.where(weight.sum(axis=1, keepdims=True) > 0, weight, middle)
    coming = tenants.draws[PARTS.index(ENTERED)][:, place[0]]
    coming = coming[np.arange(draws) % len(coming)]
    return (weight / weight.sum(axis=1, keepdims=True))[:, :, None] * coming[:, None]


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
