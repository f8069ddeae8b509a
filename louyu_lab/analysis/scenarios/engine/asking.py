"""What a scenario wants let beyond the demand of the market, and what there is of it."""

from __future__ import annotations

import numpy as np

from louyu_lab.analysis.scenarios.engine.letting import let_evenly
from louyu_lab.analysis.scenarios.engine.noise import Noise
from louyu_lab.analysis.scenarios.engine.plan import Plan, begins


def asked_for(
    plan: Plan,
    noise: Noise,
    step: int,
    free: np.ndarray,
    free_at_start: np.ndarray,
    occupied: np.ndarray,
    leaving: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Return the area asked for (draws,) and let (draws, places) in a year, ㎡.

    ``free`` (draws, places) is what the market has left; ``free_at_start`` likewise at the beginning of the
    year; ``occupied`` (draws,) is occupied in the district before this is let; ``leaving`` (…, places) the
    rate at which newcomers leave again.
    """
    room = free.copy()
    wanted = np.zeros(len(free))
    for chosen, amount in plan.amounts("absorption_sqm"):
        wanted += amount[step]
        room -= let_evenly(np.full(len(free), amount[step]), room * chosen)
    b = plan.world.buildings
    cuts = _by_building(plan, noise, step, free_at_start[:, :b], leaving[..., :b])
    if cuts is not None:
        wanted += cuts.sum(axis=1)
        room[:, :b] -= np.minimum(cuts, room[:, :b])
    if plan.is_set("target_occupancy_rate"):
        rate = plan.by_year("target_occupancy_rate", np.nan)[step]
        rentable = (plan.world.rentable * plan.world.is_known).sum() + plan.new_space.rentable[:, step].sum()
        taken = (free - room).sum(axis=1)
        lacking = np.maximum(np.nan_to_num(rate * rentable - occupied - taken), 0.0)
        wanted += lacking
        room -= let_evenly(lacking, room)
    return wanted, free - room


def _by_building(
    plan: Plan, noise: Noise, step: int, free_at_start: np.ndarray, leaving: np.ndarray
) -> np.ndarray | None:
    """Return what is asked for building by building (1 or draws, b), None where nothing is.

    What a refit or one hand adds is kept up: in later years those who leave of it are made good.
    """
    asked = None
    if plan.is_set("absorption_rate"):
        asked = plan.over("absorption_rate", plan.of_buildings).center[:, step] * free_at_start
    rentable = plan.world.rentable
    if plan.is_set("vacancy_cut_rate"):
        cut = plan.over("vacancy_cut_rate", plan.of_buildings).drawn(noise.of_lever("vacancy_cut_rate"))
        asked = cut[:, :, step] * rentable + (0.0 if asked is None else asked)
    for state, lever in (
        (plan.refit_from, "refit_vacancy_cut_rate"),
        (plan.merged_from, "merge_vacancy_cut_rate"),
    ):
        if state[:, step].any():
            share = np.where(begins(state)[:, step], 1.0, state[:, step] * leaving)
            cut = plan.one_drawn(lever, noise.of_lever(lever))
            asked = cut * (share * rentable) + (0.0 if asked is None else asked)
    return None if asked is None else np.broadcast_to(asked, free_at_start.shape)
