"""How buildings move between types over the years, told only where their firms are enough to tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from louyu_lab.analysis.industry.composition import ENOUGH_FIRMS
from louyu_lab.analysis.industry.types.coordinates import hellinger_coordinates
from louyu_lab.analysis.industry.types.partition import nearest
from louyu_lab.analysis.outputs import TABLES, declared

#: Draws of a building's firms from its own mix, and the share of them that must agree on its type.
REDRAWS, SURE = 200, 0.8

#: Firms of the district's mix added to a building's own before its firms are drawn again: a mix of few firms
#: is likely less its own than it looks, and a 转型 should not be told too easily.
CAUTION_FIRMS = 15.0


@dataclass(frozen=True)
class TypeCentres:
    """The types of the study's year as places: ``types`` (k,), ``centres`` (k, industries), ``district``.

    ``industries`` are the columns, ``district`` their shares in the year of the types.
    """

    types: np.ndarray
    centres: np.ndarray
    district: np.ndarray
    industries: pd.Index


def type_centres(counts: pd.DataFrame, labels: pd.Series) -> TypeCentres:
    """Return the centres of the declared types; ``labels`` by building of ``counts``, types from 1 on."""
    typed = labels[labels > 0]
    held = counts.reindex(typed.index).to_numpy(dtype="float64")
    district = held.sum(axis=0) / held.sum()
    points = hellinger_coordinates(held, district)
    types = np.unique(typed.to_numpy())
    centres = np.array([points[typed.to_numpy() == label].mean(axis=0) for label in types])
    return TypeCentres(types, centres, district, counts.columns)


def types_in_years(
    counts: Mapping[int, pd.DataFrame], centres: TypeCentres, rng: np.random.Generator
) -> pd.DataFrame:
    """Return each building's type in each year, held against the types of the study's year.

    Columns ``building_id, year, type, certainty``: the nearest centre, and the share of ``REDRAWS`` draws of
    the building's firms from its own (smoothed) mix that fall to the same one. Buildings below
    ``ENOUGH_FIRMS`` in a year are left out of it.
    """
    parts = []
    for year in sorted(counts):
        table = counts[year].reindex(columns=centres.industries, fill_value=0.0).sort_index()
        table = table[table.sum(axis=1) >= ENOUGH_FIRMS]
        if table.empty:
            continue
        values = table.to_numpy(dtype="float64")
        points = hellinger_coordinates(values, centres.district)
        place = nearest(points[None], centres.centres[None])[0]
        sizes = np.rint(values.sum(axis=1)).astype("int64")
        drawn = rng.multinomial(sizes, _shares(values, centres.district), size=(REDRAWS, len(sizes))).astype(
            "float64"
        )
        again = hellinger_coordinates(drawn, centres.district)
        agreed = nearest(again, np.repeat(centres.centres[None], REDRAWS, axis=0)) == place
        year_rows = {"building_id": table.index, "year": year, "type": centres.types[place]}
        parts.append(pd.DataFrame(year_rows | {"certainty": agreed.mean(axis=0)}))
    if not parts:
        kinds = {"building_id": "str", "year": "int64", "type": "int64", "certainty": "float64"}
        return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in kinds.items()})
    return pd.concat(parts, ignore_index=True)


def type_moves(in_years: pd.DataFrame, names: Mapping[int, str], buildings: pd.DataFrame) -> pd.DataFrame:
    """Return table ``type_moves``: each building's first and last year and the types it had in them.

    ``in_years`` as ``types_in_years``. ``verdict``: 未变, 转型 (both ends at least ``SURE``), 说不准.
    ``sure_share`` is the lower certainty of the two ends. Buildings known in one year only are left out.
    Moved ones first.
    """
    ordered = in_years.sort_values(["building_id", "year"])
    first = ordered.drop_duplicates("building_id").set_index("building_id")
    last = ordered.drop_duplicates("building_id", keep="last").set_index("building_id")
    both = first.merge(last, left_index=True, right_index=True, suffixes=("_from", "_to"))
    both = both[both["year_to"] > both["year_from"]]
    sure = both[["certainty_from", "certainty_to"]].min(axis=1)
    moved = both["type_from"] != both["type_to"]
    verdict = np.select([~moved, sure >= SURE], ["未变", "转型"], "说不准")
    named = buildings.drop_duplicates("building_id").set_index("building_id")["building"]
    table = both.assign(
        verdict=verdict,
        sure_share=sure,
        building=named.reindex(both.index).astype("str").fillna(both.index.to_series()),
        from_type=both["type_from"].map(names),
        to_type=both["type_to"].map(names),
        from_year=both["year_from"],
        to_year=both["year_to"],
    ).reset_index()
    order = table["verdict"].map({"转型": 0, "说不准": 1, "未变": 2})
    table = table.assign(order=order).sort_values(["order", "building_id"], kind="stable")
    return declared("type_moves", table[list(TABLES["type_moves"].columns)])


def _shares(counts: np.ndarray, district: np.ndarray) -> np.ndarray:
    shares = hellinger_coordinates(counts, district, prior_firms=CAUTION_FIRMS) ** 2
    return shares / shares.sum(axis=1, keepdims=True)
