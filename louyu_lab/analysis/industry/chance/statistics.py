"""The indices as they are compared with chance: from drawn tables one number a draw and place."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from louyu_lab.analysis.industry.chance.drawing import Tables
from louyu_lab.analysis.industry.indices import formulas

Statistic = Callable[[Tables], np.ndarray]

#: Statistics that are small where things are concentrated; of all others much is concentrated.
SMALL_IS_CONCENTRATED = ("evenness",)


def of_buildings(unnamed: np.ndarray, groups: np.ndarray | None = None) -> dict[str, Statistic]:
    """Return the indices of every building (draws, buildings), or of every group of buildings.

    ``unnamed`` are the amounts of unrecognised industry by building or group, in the total of the
    dominant share; ``groups`` (groups, buildings) has 1 where a building belongs, for streets.
    """

    def places(tables: Tables) -> np.ndarray:
        return tables.amounts if groups is None else groups @ tables.amounts

    def whole(tables: Tables) -> np.ndarray:
        return formulas.shares(tables.amounts.sum(axis=-2))[..., None, :]

    return {
        "dominant_share": lambda t: formulas.dominant_share(places(t), unnamed),
        "herfindahl": lambda t: formulas.herfindahl(formulas.shares(places(t))),
        "krugman": lambda t: formulas.krugman(formulas.shares(places(t)), whole(t)),
        "evenness": lambda t: formulas.pielou(places(t)),
    }


def of_industries() -> dict[str, Statistic]:
    """Return the indices of every industry over the buildings (draws, industries)."""
    return {"ellison_glaeser": _ellison_glaeser, "locational_gini": _locational_gini}


def of_pairs(industries: int) -> dict[str, Statistic]:
    """Return co-agglomeration of every pair of industries (draws, pairs), in ``np.triu_indices`` order."""
    first, second = np.triu_indices(industries, 1)

    def pairs(tables: Tables) -> np.ndarray:
        share = _region_share(tables)
        return formulas.coagglomeration(formulas.excess_shares(tables.amounts, share), share)[
            :, first, second
        ]

    return {"coagglomeration": pairs}


def _ellison_glaeser(tables: Tables) -> np.ndarray:
    share = _region_share(tables)
    excess = formulas.excess_shares(tables.amounts, share)
    return formulas.ellison_glaeser(excess, share, tables.plant_herfindahl)


def _locational_gini(tables: Tables) -> np.ndarray:
    return formulas.gini(np.swapaxes(formulas.location_quotient(tables.amounts), -1, -2))


def _region_share(tables: Tables) -> np.ndarray:
    return formulas.shares(tables.amounts.sum(axis=-1))
