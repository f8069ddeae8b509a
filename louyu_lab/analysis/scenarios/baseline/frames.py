"""A baseline as typed frames and back, without loss: what a run hands on from chapter 06."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from louyu_lab.analysis.scenarios.baseline.state import (
    BUILDING_COLUMNS,
    UNIT_COLUMNS,
    Baseline,
    Demand,
    Entrants,
    Estimate,
    Growth,
)

#: Columns that hold text, numbers or counts; all others are ``float64``.
_TEXT = {
    *("building_id", "building", "street", "zone", "grade", "enterprise_id", "enterprise", "sector"),
    *("project_id", "project", "indicator", "lever", "tax_type", "source", "district"),
}
_WHOLE = {"year", "planned_completion_year", "horizon", "draws"}

#: Columns of the parts that the state's own lists do not name.
HISTORY_COLUMNS = ("year", "net_absorption_sqm", "lettings_sqm")
SUPPLY_COLUMNS = (
    *("project_id", "project", "street", "planned_completion_year"),
    *("gross_area_sqm", "office_rate", "rentable_rate"),
)
TARGET_COLUMNS = ("indicator", "year", "target")
DRAW_COLUMNS = ("building_id", "year", "yuan")

#: Position of a unit's building is a whole number, its name is text.
_UNIT_DTYPES = {"building": "int64"}

_DEMAND = ("lettings_sqm", "spread", "source")
_ENTRANTS = ("firm_area_sqm", "yield_yuan_sqm", "exit_rate", "registration_rate", "paying_rate", "source")
_GROWTH = ("common_sd", "drift_sd", "building_sd")
_OWN = ("district", "year", "move_rate", "registration_rate", "retained_rate")


def typed(rows: pd.DataFrame, columns: tuple[str, ...], **dtypes: str) -> pd.DataFrame:
    """Return ``rows`` with exactly ``columns``, each of the type its name stands for, numbered from 0."""
    usual = {name: "str" if name in _TEXT else "int64" if name in _WHOLE else "float64" for name in columns}
    return rows.reindex(columns=list(columns)).astype(usual | dtypes).reset_index(drop=True)


def typed_units(rows: pd.DataFrame) -> pd.DataFrame:
    """Return ``rows`` as ``Baseline.units``: its columns and types, sorted by building, the order kept."""
    return typed(rows.sort_values("building", kind="stable"), UNIT_COLUMNS, **_UNIT_DTYPES)


def to_frames(baseline: Baseline) -> dict[str, pd.DataFrame]:
    """Return the parts of ``baseline`` by name; ``from_frames`` makes the same baseline of them.

    ``about`` one row of the single numbers, a part of a part as ``demand_spread``; ``years`` a row a year of
    the horizon (``ramp, drift``); ``multiples``; ``tax_draws`` a row a draw of the buildings that have a
    forecast, ascending; the others as in the baseline. A part without rows keeps its columns.
    """
    held = {"demand": (baseline.demand, _DEMAND), "entrants": (baseline.entrants, _ENTRANTS)}
    held["growth"] = (baseline.growth, _GROWTH)
    about = {name: getattr(baseline, name) for name in _OWN}
    about |= {f"{part}_{name}": getattr(own, name) for part, (own, names) in held.items() for name in names}
    draws = baseline.tax_draws
    about |= {"horizon": baseline.horizon, "draws": -1 if draws is None else len(draws)}
    estimates = [(lever, *vars(known).values()) for lever, known in baseline.estimates.items()]
    return {
        "about": _typed_about(about),
        "buildings": typed(baseline.buildings, BUILDING_COLUMNS),
        "units": typed(baseline.units, UNIT_COLUMNS, **_UNIT_DTYPES),
        "history": typed(baseline.demand.history, HISTORY_COLUMNS),
        "multiples": pd.DataFrame({"multiple": baseline.entrants.multiples.astype("float64")}),
        "years": pd.DataFrame(
            {"year": baseline.years, "ramp": baseline.entrants.ramp, "drift": baseline.growth.drift}
        ).astype({"year": "int64", "ramp": "float64", "drift": "float64"}),
        "supply": typed(baseline.supply, SUPPLY_COLUMNS),
        "targets": typed(baseline.targets, TARGET_COLUMNS),
        "indicators": baseline.indicators.reset_index(drop=True),
        "tax_draws": draws_frame(baseline),
        "tax_types": pd.DataFrame(
            {"tax_type": list(baseline.tax_types), "share": list(baseline.tax_types.values())}
        ).astype({"tax_type": "str", "share": "float64"}),
        "estimates": typed(
            pd.DataFrame(estimates, columns=["lever", "value", "low", "high", "source"]),
            ("lever", "value", "low", "high", "source"),
        ),
    }


def from_frames(frames: Mapping[str, pd.DataFrame]) -> Baseline:
    """Return the baseline that ``to_frames`` took apart.

    Raises KeyError where a part or a column is missing: then another version has written it.
    """
    about = frames["about"].iloc[0].to_dict()
    years = frames["years"]
    buildings = typed(frames["buildings"], BUILDING_COLUMNS)
    types, estimates = frames["tax_types"], frames["estimates"]
    draws = int(about["draws"])
    found = None if draws < 0 else draws_array(frames["tax_draws"], buildings, tuple(years["year"]), draws)
    return Baseline(
        **{name: about[name] for name in _OWN} | {"year": int(about["year"])},
        years=tuple(int(year) for year in years["year"]),
        buildings=buildings,
        units=typed(frames["units"], UNIT_COLUMNS, **_UNIT_DTYPES),
        demand=Demand(**_part(about, "demand", _DEMAND), history=typed(frames["history"], HISTORY_COLUMNS)),
        entrants=Entrants(
            **_part(about, "entrants", _ENTRANTS),
            multiples=frames["multiples"]["multiple"].to_numpy(),
            ramp=years["ramp"].to_numpy(),
        ),
        growth=Growth(drift=years["drift"].to_numpy(), **_part(about, "growth", _GROWTH)),
        supply=typed(frames["supply"], SUPPLY_COLUMNS),
        targets=typed(frames["targets"], TARGET_COLUMNS),
        indicators=frames["indicators"].reset_index(drop=True),
        tax_draws=found,
        tax_types=dict(zip(types["tax_type"], types["share"], strict=True)),
        estimates={row[0]: Estimate(*row[1:]) for row in estimates.itertuples(index=False, name=None)},
    )


def draws_frame(baseline: Baseline) -> pd.DataFrame:
    """Return ``tax_draws`` as ``building_id, year, yuan``: known buildings only, sorted by all three."""
    draws, ids = baseline.tax_draws, baseline.buildings["building_id"]
    if draws is None:
        return typed(pd.DataFrame(columns=list(DRAW_COLUMNS)), DRAW_COLUMNS)
    known = np.isfinite(draws).all(axis=(0, 2))
    count, horizon = len(draws), baseline.horizon
    rows = {
        "building_id": np.repeat(ids[known].to_numpy(), count * horizon),
        "year": np.tile(np.repeat(baseline.years, count), known.sum()),
        "yuan": np.sort(draws[:, known], axis=0).transpose(1, 2, 0).ravel(),
    }
    return typed(pd.DataFrame(rows), DRAW_COLUMNS)


def draws_array(
    frame: pd.DataFrame, buildings: pd.DataFrame, years: tuple[int, ...], draws: int | None = None
) -> np.ndarray:
    """Return the draws (draws, buildings, h) of a frame ``building_id, year, yuan``, ascending.

    A building without a forecast is NaN. A year of the horizon beyond the forecast's last keeps that one's
    draws. Buildings the stock does not hold are left out. Raises ValueError where the buildings and
    years do not all have equally many draws.
    """
    rows = frame[frame["building_id"].isin(buildings["building_id"])]
    sizes = rows.groupby(["building_id", "year"])["yuan"].size()
    count = int(sizes.iloc[0]) if len(sizes) else int(draws or 0)
    given, ids = np.sort(rows["year"].unique()), pd.Index(np.sort(rows["building_id"].unique()))
    is_whole = (sizes == count).all() and len(sizes) == len(given) * len(ids)
    if not is_whole or (draws is not None and len(sizes) and draws != count):
        raise ValueError("the draws of tax must be equally many for every building and year")
    array = np.full((count, len(buildings), len(years)), np.nan)
    rows = rows.sort_values(["building_id", "year", "yuan"])
    made = rows["yuan"].to_numpy("float64").reshape(len(ids), -1, count) if len(ids) else None
    for place, year in enumerate(years):
        before = given[given <= year]
        if len(before):
            step = int(np.searchsorted(given, before[-1]))
            array[:, pd.Index(buildings["building_id"]).get_indexer(ids), place] = made[:, step].T
    return array


def _typed_about(about: dict[str, object]) -> pd.DataFrame:
    """One row; names that end in ``source``, and the district, are text."""
    is_text = {name: name == "district" or name.endswith("source") for name in about}
    dtypes = {name: "str" if is_text[name] else "float64" for name in about} | {
        name: "int64" for name in about if name in _WHOLE
    }
    return pd.DataFrame([about]).astype(dtypes)


def _part(about: Mapping[str, object], part: str, names: tuple[str, ...]) -> dict[str, object]:
    return {name: about[f"{part}_{name}"] for name in names}
