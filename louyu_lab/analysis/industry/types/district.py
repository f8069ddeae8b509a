"""The types of one district's buildings and all its chapter says of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from louyu_lab.analysis.industry.composition import MEASURES_ZH, building_composition
from louyu_lab.analysis.industry.sections import UNRECOGNISED
from louyu_lab.analysis.industry.types.agreement import adjusted_rand
from louyu_lab.analysis.industry.types.clustering import (
    FEW_BUILDINGS,
    BuildingTypes,
    cluster_buildings,
)
from louyu_lab.analysis.industry.types.movement import type_centres, type_moves, types_in_years
from louyu_lab.analysis.industry.types.portraits import type_names, type_profiles, type_summary, type_word
from louyu_lab.analysis.outputs import TABLES, declared

#: Why area or tax part nothing where hardly a building has enough tenants that tell.
FEW_KNOWN = "有这项数据、又不集中于几户的楼宇不足 10 幢"


@dataclass(frozen=True)
class DistrictTypes:
    """``found`` by firms, ``names`` by type, and the tables of the same names; see their functions."""

    found: BuildingTypes
    names: dict[int, str]
    building_types: pd.DataFrame
    type_profiles: pd.DataFrame
    type_summary: pd.DataFrame
    type_moves: pd.DataFrame
    type_measures: pd.DataFrame


def district_types(
    mixes: Mapping[int, pd.DataFrame],
    stock: pd.DataFrame,
    year: int,
    *,
    tenants: pd.DataFrame,
    seed: int = 0,
) -> DistrictTypes:
    """Return the types of ``year`` from ``industry_mix`` by year and the year's ``panel.building_years``.

    Types are made by firms; by area and by tax they are made once more to see whether these agree.
    ``tenants`` are the year's ``mix.tenants_by_industry``: how uneven their areas and taxes are decides how
    much a building's shares say.
    """
    compositions = {measure: building_composition(mixes[year], measure) for measure in MEASURES_ZH}
    counts = compositions["firms"]
    found = cluster_buildings(counts, seed=seed)
    names = type_names(found.profiles, counts.sum() / counts.to_numpy().sum()) if found.is_declared else {}
    return DistrictTypes(
        found,
        names,
        building_types(found, names, counts, stock),
        type_profiles(found.labels, names, compositions),
        type_summary(found.labels, names, found.jaccard, stock),
        _moves(mixes, counts, found, names, stock, seed),
        type_measures(found, compositions, tenants, seed),
    )


def building_types(
    found: BuildingTypes, names: Mapping[int, str], counts: pd.DataFrame, stock: pd.DataFrame
) -> pd.DataFrame:
    """Return table ``building_types``: every building with its type, its first industry and its certainty.

    ``type`` and ``type_name`` are 0 and 未分型 where no types are declared, −1 and 样本不足 for buildings
    with too few firms. By type, the surest first.
    """
    rows = stock.drop_duplicates("building_id").set_index("building_id").reindex(counts.index)
    firms = counts.sum(axis=1)
    table = pd.DataFrame(
        {
            "building_id": counts.index,
            "building": rows["building"].astype("str").fillna(counts.index.to_series()).to_numpy(),
            "street": rows["street"].to_numpy(),
            "type": found.labels.to_numpy(),
            "type_name": [type_word(label, names) for label in found.labels],
            "certainty": found.certainty.to_numpy(),
            "firms": firms.to_numpy(),
            "dominant_industry": _first_industry(counts).where(firms > 0).to_numpy(),
            "share_industry_firms": (counts.max(axis=1) / firms.where(firms > 0)).to_numpy(),
        }
    )
    order = [table["type"] <= 0, table["type"], -table["certainty"].fillna(0.0), table["building_id"]]
    return declared("building_types", table.iloc[np.lexsort(order[::-1])])


def _first_industry(counts: pd.DataFrame) -> pd.Series:
    if counts.shape[1] == 0:
        return pd.Series(index=counts.index, dtype="str")
    return counts.idxmax(axis=1).astype("str")


def type_measures(
    found: BuildingTypes,
    compositions: Mapping[str, pd.DataFrame],
    tenants: pd.DataFrame,
    seed: int = 0,
) -> pd.DataFrame:
    """Return table ``type_measures``: whether area and tax part the buildings too, and in the same way.

    A building's shares of area (or tax) count as the ``equal_firms`` of ``tenants``
    (``mix.tenants_by_industry``): what chance does to the shares of few or uneven tenants is allowed for.
    ``agreement`` = adjusted Rand index with the types by firms over the buildings typed by both (1 the same,
    0 chance), NaN unless both are declared.
    """
    buildings = compositions["firms"].index
    rows = []
    for measure, amounts in compositions.items():
        by = found
        if measure != "firms":
            even = equal_firms(tenants, measure).reindex(buildings)
            by = cluster_buildings(_as_firms(amounts, even), seed=seed)
        both = (found.labels > 0) & (by.labels.reindex(found.labels.index) > 0)
        rows.append(
            {
                "measure": measure,
                "types": int(by.labels.max()) if by.is_declared else 0,
                "stability": by.stability,
                "null_stability": by.null_stability,
                "contrast": by.contrast,
                "null_contrast": by.null_contrast,
                "agreement": _agreement(found.labels[both], by.labels.reindex(found.labels.index)[both]),
                "reason": FEW_KNOWN if by.reason == FEW_BUILDINGS != found.reason else by.reason,
            }
        )
    table = pd.DataFrame(rows, columns=list(TABLES["type_measures"].columns))
    return declared("type_measures", table.assign(measure=table["measure"].map(MEASURES_ZH)))


def equal_firms(tenants: pd.DataFrame, measure: str) -> pd.Series:
    """Return how many firms of equal size tell as much of a building's shares, by ``building_id``.

    (Σa)² ÷ Σa², Kish's effective number (1965), of the area of tenants there at the year's end, or of the
    tax of all (refunds are none); 未识别 and what is not known are left out, NaN where nothing is left.
    """
    counted = tenants["industry"] != UNRECOGNISED
    if measure != "tax_yuan":
        counted &= tenants["at_year_end"]
    amounts = tenants.loc[counted, measure].clip(lower=0.0)
    by = tenants.loc[counted, "building_id"]
    squares = (amounts**2).groupby(by).sum()
    return amounts.groupby(by).sum() ** 2 / squares.where(squares > 0)


def _agreement(one: pd.Series, other: pd.Series) -> float:
    if one.empty:
        return float("nan")
    types = int(max(one.max(), other.max()))
    return float(adjusted_rand(one.to_numpy()[None] - 1, other.to_numpy()[None] - 1, types)[0])


def _as_firms(amounts: pd.DataFrame, firms: pd.Series) -> pd.DataFrame:
    total = amounts.sum(axis=1)
    return amounts.div(total.where(total > 0), axis=0).mul(firms, axis=0).fillna(0.0)


def _moves(
    mixes: Mapping[int, pd.DataFrame],
    counts: pd.DataFrame,
    found: BuildingTypes,
    names: Mapping[int, str],
    stock: pd.DataFrame,
    seed: int,
) -> pd.DataFrame:
    if not found.is_declared:
        return declared("type_moves", pd.DataFrame(columns=list(TABLES["type_moves"].columns)))
    by_year = {held: building_composition(mix) for held, mix in mixes.items()}
    # An industry that nobody is in any more still counts in the years when somebody was.
    gone = {name for table in by_year.values() for name in table} - set(counts)
    all_industries = counts.assign(**dict.fromkeys(sorted(gone), 0.0))
    centres = type_centres(all_industries, found.labels)
    in_years = types_in_years(by_year, centres, np.random.default_rng(seed))
    return type_moves(in_years, names, stock)
