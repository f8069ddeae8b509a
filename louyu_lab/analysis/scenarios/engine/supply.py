"""New places: projects under construction, and supply that no ledger holds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from louyu_lab.analysis.scenarios.baseline.state import Baseline

#: How far into a year space is open on average in the year it opens.
_HALF_A_YEAR = 0.5


@dataclass(frozen=True)
class NewSpace:
    """What opens: ``gross, rentable`` (k, h) area (㎡) open by the year's end, ``age`` (k, h) years since."""

    gross: np.ndarray
    rentable: np.ndarray
    age: np.ndarray

    def let_sqm(self, prelet_rate: np.ndarray, half_life_years: np.ndarray) -> np.ndarray:
        """Return the area (draws, k, h) let by each year's end; both rates are (draws, 1).

        Let after a years is p + (1 − p)(1 − 2^(−a ÷ half-life)) of the rentable area, p the pre-let share.
        """
        left = 2.0 ** (-self.age / half_life_years[:, :, None])
        return self.rentable * (1 - (1 - prelet_rate[:, :, None]) * left)


def all_places(baseline: Baseline) -> pd.DataFrame:
    """Return the buildings, the projects, and a place a year for other new supply.

    Columns ``building_id, building, street, grade, is_new``. The places are the same in every scenario: what
    does not open has no area.
    """
    columns = ["building_id", "building", "street", "grade"]
    projects = baseline.supply.rename(columns={"project_id": "building_id", "project": "building"})
    projects = projects[["building_id", "building", "street"]].assign(grade="")
    other = [f"另增{year}" for year in baseline.years]
    others = pd.DataFrame({"building_id": other, "building": other, "street": "", "grade": ""})
    parts = [baseline.buildings[columns].assign(is_new=False)]
    parts += [part[columns].assign(is_new=True) for part in (projects, others)]
    return pd.concat(parts, ignore_index=True).astype({name: "str" for name in columns})


def potential_sqm(baseline: Baseline) -> np.ndarray:
    """Return the rentable area (㎡) that newcomers are drawn for at each new place; (k,)."""
    rows = baseline.supply
    planned = rows["gross_area_sqm"] * rows["office_rate"].fillna(1.0) * rows["rentable_rate"]
    typical = baseline.buildings["rentable_area_sqm"].mean()
    others = np.full(baseline.horizon, 0.0 if np.isnan(typical) else typical)
    return np.concatenate([planned.fillna(0.0).to_numpy(dtype="float64"), others])


def new_space(
    baseline: Baseline,
    *,
    rate: float,
    delay_years: float,
    office_rate: float | None,
    other_sqm: np.ndarray,
) -> NewSpace:
    """Return what opens year by year.

    A project opens in the year planned (one already due in the first) plus ``delay_years`` with ``rate`` of
    its office area (``office_rate`` in place of the ledger's where given); ``other_sqm`` (h,) rentable area
    opens beside them. Age counts from the middle of the year of opening.
    """
    rows, years = baseline.supply, np.array(baseline.years)
    planned = rows["planned_completion_year"].to_numpy(dtype="float64", na_value=np.nan)
    opens = np.maximum(planned, years[0]) + delay_years
    known = rows["office_rate"].to_numpy(dtype="float64", na_value=np.nan)
    offices = known if office_rate is None else np.full(len(rows), office_rate)
    gross = rate * rows["gross_area_sqm"].to_numpy(dtype="float64", na_value=np.nan) * offices
    rentable = gross * rows["rentable_rate"].to_numpy(dtype="float64", na_value=np.nan)
    stock = baseline.buildings[["gross_area_sqm", "rentable_area_sqm"]].dropna().sum()
    ratio = stock["rentable_area_sqm"] / stock["gross_area_sqm"] if stock["gross_area_sqm"] > 0 else 1.0
    opens = np.concatenate([opens, years])
    gross, rentable = np.append(gross, other_sqm / ratio), np.append(rentable, other_sqm)
    age = np.nan_to_num(years - opens[:, None] + _HALF_A_YEAR)
    is_open = age > 0
    area = (np.nan_to_num(own)[:, None] * is_open for own in (gross, rentable))
    return NewSpace(*area, np.maximum(age, 0.0))
