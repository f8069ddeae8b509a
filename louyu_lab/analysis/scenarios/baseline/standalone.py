"""A baseline of amounts alone, without ledgers: for reference results and for trying things out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from louyu_lab.analysis.indicator_catalogue import indicator_catalogue
from louyu_lab.analysis.indicator_populations import building_population
from louyu_lab.analysis.indicators import COLUMNS, evaluate
from louyu_lab.analysis.scenarios.baseline.frames import (
    HISTORY_COLUMNS,
    SUPPLY_COLUMNS,
    TARGET_COLUMNS,
    typed,
    typed_units,
)
from louyu_lab.analysis.scenarios.baseline.priors import prior_entrants
from louyu_lab.analysis.scenarios.baseline.state import (
    BUILDING_COLUMNS,
    Baseline,
    Demand,
    Growth,
)
from louyu_lab.ledgers.model import empty_frame

#: Indicators that areas and tax alone tell.
_TOLD = (
    *("gross_area_sqm", "rentable_area_sqm", "occupancy_rate", "vacancy_rate", "yi_buildings"),
    *("tax_yuan", "tax_per_sqm_yuan", "tax_per_occupied_yuan_sqm"),
)

#: Columns of ``groups`` and ``areas`` that a stand-alone baseline may be given.
_GROUPS = ("building", "street", "zone", "grade", "sector")
_AREAS = (
    *("gross_area_sqm", "rentable_area_sqm", "occupied_area_sqm"),
    *("unmarketable_area_sqm", "asking_rent_yuan"),
)


def standalone(
    tax_yuan: Sequence[float] | np.ndarray,
    *,
    year: int,
    horizon: int,
    common_sd: float = 0.06,
    idiosyncratic_sd: float = 0.2,
    groups: Mapping[str, Sequence[str]] | None = None,
    areas: Mapping[str, Sequence[float]] | None = None,
) -> Baseline:
    """Return a baseline of buildings that pay ``tax_yuan`` (元), one taxpayer each; nobody comes or leaves.

    Log tax is a random walk without drift: a shock of ``common_sd`` a year that all share, one of
    ``idiosyncratic_sd`` of each building's own. ``groups`` may name ``building, street, zone, grade, sector``
    of each, ``areas`` give its ``gross_area_sqm, rentable_area_sqm, occupied_area_sqm,
    unmarketable_area_sqm`` (㎡) and ``asking_rent_yuan`` (元/㎡·月); what is not given is unknown.
    """
    groups, areas = dict(groups or {}), dict(areas or {})
    if unknown := sorted(set(groups) - set(_GROUPS) | set(areas) - set(_AREAS)):
        raise ValueError(f"columns unknown: {unknown}; groups {_GROUPS}, areas {_AREAS}")
    tax = np.asarray(tax_yuan, dtype="float64")
    ids = [f"L{place:04d}" for place in range(1, len(tax) + 1)]
    sectors = groups.pop("sector", [""] * len(tax))
    named = {"building": ids, "street": "", "zone": "", "grade": ""} | groups
    given = pd.DataFrame({"building_id": ids, **named, **areas, "tax_yuan": tax, "take_up": 1.0})
    buildings = typed(given, BUILDING_COLUMNS)
    units = typed_units(
        pd.DataFrame(
            {
                "building": np.arange(len(tax)),
                "enterprise_id": ids,
                "enterprise": named["building"],
                "sector": sectors,
                "firms": 1.0,
                "area_sqm": buildings["occupied_area_sqm"].fillna(0.0),
                "tax_yuan": np.nan_to_num(tax),
                "exit_rate": 0.0,
                "growth": 0.0,
                "growth_sd": idiosyncratic_sd,
                "area_firms": 1.0,
                "tax_firms": 1.0,
            }
        )
    )
    occupied = buildings["occupied_area_sqm"].sum()
    mean_yield = float(np.nansum(tax) / occupied) if occupied > 0 else float("nan")
    years = tuple(range(year + 1, year + horizon + 1))
    return Baseline(
        district="",
        year=year,
        years=years,
        buildings=buildings,
        units=units,
        demand=Demand(0.0, 0.0, _empty(HISTORY_COLUMNS), "没有台账，不计新租"),
        entrants=prior_entrants(mean_yield, horizon),
        growth=Growth(np.zeros(horizon), common_sd),
        supply=_empty(SUPPLY_COLUMNS),
        targets=_empty(TARGET_COLUMNS),
        indicators=_indicators(buildings, year),
    )


def _empty(columns: tuple[str, ...]) -> pd.DataFrame:
    return typed(pd.DataFrame(columns=list(columns)), columns)


def _indicators(buildings: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return table ``indicators`` of what areas and tax alone tell."""
    panel = buildings.assign(
        year=year,
        recurring_tax_yuan=buildings["tax_yuan"],
        vacant_area_sqm=buildings["rentable_area_sqm"] - buildings["occupied_area_sqm"],
    )
    population = building_population(empty_frame("buildings"), panel, {})
    rows = [evaluate(indicator_catalogue()[code], population, year) for code in _TOLD]
    return pd.DataFrame([row for row in rows if row], columns=list(COLUMNS)).astype(
        dict.fromkeys(("indicator", "name_zh", "unit", "scope"), "str")
        | dict.fromkeys(("value", "numerator", "denominator"), "float64")
        | {"year": "int64"}
    )
