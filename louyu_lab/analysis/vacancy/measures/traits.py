"""Drivers that are traits of a building, from the building ledger: one value a building."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from louyu_lab.analysis.vacancy.measures.declared import scales

#: The carrier every other one is compared with.
_OFFICE = "写字楼"


def trait_drivers(buildings: pd.DataFrame, years: Sequence[int]) -> pd.DataFrame:
    """Return the drivers of kind ``between`` by ``building_id``, in the units of ``drivers.yaml``.

    Takes the building ledger. What the ledger does not tell, or what is 0 where a logarithm or a
    quotient needs more, is NaN. ``years`` are those over which the age is averaged.
    """
    listed = buildings.drop_duplicates("building_id").set_index("building_id")
    gross = _positive(listed["gross_area_sqm"])
    values = {
        "owners_log2": np.log2(_positive(listed["owners"])),
        "non_top_owner_tenths": (1 - listed["top_owner_rate"]) * 10,
        "sold_tenths": (1 - listed["self_held_rate"]) * 10,
        "grade_steps": steps(listed["grade"], "grade"),
        "property_grade_steps": steps(listed["property_grade"], "property_grade"),
        "age_decades": mean_age_decades(listed, years),
        "parking_fifths": listed["parking_spaces"].astype("float64") / gross * 100 / 0.2,
        "thousand_sqm_per_lift": gross / _positive(listed["lifts"]) / 1000,
        "metro_log2": np.log2(_positive(listed["metro_distance_m"])),
        "gross_area_log2": np.log2(gross),
        "is_not_office": _is_not(listed["carrier_type"], _OFFICE),
    }
    return pd.DataFrame(values, index=listed.index).astype("float64")


def mean_age_decades(listed: pd.DataFrame, years: Sequence[int]) -> pd.Series:
    """Return decades since completion, or since a refit from its year on, averaged over all ``years``.

    The years are the same for every building, before its opening too (ages below 0 then), so that two
    buildings differ by what they differ in any one year: it is the completion cohort on the scale of an age.
    """
    completed = listed["completion_year"].astype("float64").to_numpy()[:, None]
    refit = listed["refit_year"].astype("float64").to_numpy()[:, None]
    if len(years) == 0:
        return pd.Series(np.nan, index=listed.index)
    at = np.asarray(sorted(years), dtype="float64")[None, :]
    since = np.where(refit <= at, refit, completed)
    return pd.Series((at - since).mean(axis=1) / 10, index=listed.index)


def steps(labels: pd.Series, trait: str) -> pd.Series:
    """Return each label's place on the scale of the trait, from 0; NaN for a label it does not know."""
    known = labels.str.strip()
    places = [known.map({label: float(i) for i, label in enumerate(scale)}) for scale in scales(trait)]
    return max(places, key=lambda place: place.notna().sum()).astype("float64")


def _positive(values: pd.Series) -> pd.Series:
    numbers = values.astype("float64")
    return numbers.where(numbers > 0)


def _is_not(labels: pd.Series, label: str) -> pd.Series:
    return labels.ne(label).astype("float64").where(labels.notna())
