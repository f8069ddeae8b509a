"""Drivers that are traits of a building, from the building ledger: one value a building."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.analysis.vacancy.measures.declared import scales, spellings
from louyu_lab.analysis.vacancy.measures.pace import done_by_year_end

#: The carrier every other one is compared with.
_OFFICE = "写字楼"


def trait_drivers(buildings: pd.DataFrame) -> pd.DataFrame:
    """Return the drivers of kind ``between`` by ``building_id``, in the units of ``drivers.yaml``.

    Takes the building ledger. What the ledger does not tell, or what is 0 where a logarithm or a
    quotient needs more, is NaN. The age, which a refit changes, is made by ``age_decades``.
    """
    listed = buildings.drop_duplicates("building_id").set_index("building_id")
    gross = _positive(listed["gross_area_sqm"])
    values = {
        "owners_log2": np.log2(_positive(listed["owners"])),
        "non_top_owner_tenths": (1 - listed["top_owner_rate"]) * 10,
        "sold_tenths": (1 - listed["self_held_rate"]) * 10,
        "grade_steps": steps(listed["grade"], "grade"),
        "property_grade_steps": steps(listed["property_grade"], "property_grade"),
        "parking_fifths": listed["parking_spaces"].astype("float64") / gross * 100 / 0.2,
        "thousand_sqm_per_lift": gross / _positive(listed["lifts"]) / 1000,
        "metro_log2": np.log2(_positive(listed["metro_distance_m"])),
        "gross_area_log2": np.log2(gross),
        "is_not_office": _is_not(listed["carrier_type"], _OFFICE),
    }
    return pd.DataFrame(values, index=listed.index).astype("float64")


def age_decades(buildings: pd.DataFrame, panel: pd.DataFrame) -> pd.Series:
    """Return decades from completion, or the last refit, to the middle of the panel's years, by its rows.

    That is the completion cohort on the scale of an age: within a building only a refit moves it, as the
    years themselves are common to all. A refit shows in the vacancy bit by bit, and so it does here.
    """
    listed = buildings.drop_duplicates("building_id").set_index("building_id")
    completed = panel["building_id"].map(listed["completion_year"]).astype("float64")
    refit = panel["building_id"].map(listed["refit_year"]).astype("float64")
    since = completed + (done_by_year_end(panel["year"], refit) * (refit - completed)).fillna(0.0)
    middle = (panel["year"].min() + panel["year"].max()) / 2
    return (middle - since) / 10


def standard_labels(labels: pd.Series, trait: str) -> pd.Series:
    """Return the labels as the scales of the trait write them; one that no scale has stays as it is.

    A blank cell is missing.
    """
    written = labels.astype("str").str.normalize("NFKC").str.replace(r"\s+", "", regex=True).str.upper()
    return written.replace(spellings(trait)).where(written != "")


def scale_of(labels: pd.Series, trait: str) -> tuple[str, ...]:
    """Return the scale of the trait that knows most labels, the first one in a tie; () if none does."""
    standard = standard_labels(labels, trait)
    known = {scale: int(standard.isin(scale).sum()) for scale in scales(trait)}
    best = max(known, key=lambda scale: known[scale])
    return best if known[best] else ()


def steps(labels: pd.Series, trait: str) -> pd.Series:
    """Return each label's place on the scale of the trait, from 0; NaN for a label it does not know."""
    places = {label: float(at) for at, label in enumerate(scale_of(labels, trait))}
    return standard_labels(labels, trait).map(places).astype("float64")


def _positive(values: pd.Series) -> pd.Series:
    numbers = values.astype("float64")
    return numbers.where(numbers > 0)


def _is_not(labels: pd.Series, label: str) -> pd.Series:
    return labels.ne(label).astype("float64").where(labels.notna())
