"""The district's indicators in every draw, by the formulas of ``indicator_catalogue.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from louyu_lab.analysis.indicator_catalogue import Indicator, indicator_catalogue
from louyu_lab.analysis.scenarios.baseline.state import Baseline
from louyu_lab.analysis.tax.tiers.draws import YI, tier_positions

if TYPE_CHECKING:
    from louyu_lab.analysis.scenarios.engine.courses import Courses

#: Shares of enterprises: indicator -> what the engine counts of them.
_OF_FIRMS = {"registration_rate": "registered", "taxpayer_rate": "paying"}

#: Sums over buildings that a scenario moves: areas and tax, and the count of 亿元楼. Indicators over other
#: columns, or over a part of the buildings, are not simulated.
_COLUMNS = (
    *("gross_area_sqm", "rentable_area_sqm", "occupied_area_sqm", "vacant_area_sqm"),
    *("tax_yuan", "recurring_tax_yuan", "is_yi", "is_yi_recurring"),
)

#: A difference smaller than this, relative to what is subtracted, is none.
_ROUNDING = 1e-12

_ABSORPTION = "net_absorption_sqm"


@dataclass(frozen=True)
class _Column:
    """A column of the catalogue: ``values`` (draws or 1, places, h), ``known`` (places,)."""

    values: np.ndarray
    known: np.ndarray


def moved_indicators() -> list[str]:
    """Return the codes of the indicators that a scenario can move, in the order of the catalogue."""
    return [code for code, spec in indicator_catalogue().items() if code in _OF_FIRMS or _is_summed(spec)]


def indicator_draws(baseline: Baseline, courses: Courses) -> dict[str, np.ndarray]:
    """Return indicator code → values (draws, h) in stored units (㎡, 元, 元/㎡, 0–1, 幢).

    Every indicator is what the catalogue says: numerator and denominator summed over the same places,
    those where the base year knows both; new projects are known. Tax is recurring tax; 亿元楼 are counted
    of buildings, not of other new supply (``are_buildings``). Left out is what
    nobody knows: an indicator without any place that counts, or whose denominator is nowhere above 0.
    """
    count, years = courses.draws, len(courses.years)
    columns = _columns(baseline, courses)
    found: dict[str, np.ndarray] = {}
    for code in moved_indicators():
        if code in _OF_FIRMS:
            values = _ratio(getattr(courses, _OF_FIRMS[code]), courses.firms)
        elif code == _ABSORPTION:
            values = _absorption(baseline, columns["occupied_area_sqm"])
        else:
            values = _summed(indicator_catalogue()[code], columns)
        if values is not None and np.isfinite(values).any():
            found[code] = np.broadcast_to(values, (count, years))
    return found


def base_values(baseline: Baseline) -> dict[str, float]:
    """Return indicator code → value of the base year: that of table ``indicators``, as it was published.

    What the table does not hold is summed from the baseline's buildings.
    """
    given = baseline.indicators
    rows = given[given["year"] == baseline.year] if len(given) else given
    published = (
        dict(zip(rows["indicator"], rows["value"].astype("float64"), strict=True)) if len(rows) else {}
    )
    columns = _base_columns(baseline)
    own = {
        code: _summed(indicator_catalogue()[code], columns)
        for code in moved_indicators()
        if code not in _OF_FIRMS and code != _ABSORPTION
    }
    summed = {code: float(value[0, 0]) for code, value in own.items() if value is not None}
    return {code: value for code, value in (summed | published).items() if np.isfinite(value)}


def known_tax(baseline: Baseline, places: int) -> np.ndarray:
    """Return which places have tax that somebody knows (places,); new ones have, if any building has."""
    return _known(baseline, "tax_yuan", places)


def are_buildings(baseline: Baseline, places: pd.DataFrame) -> np.ndarray:
    """Return which places are buildings (places,): not new supply that is given as an area alone.

    Such a lump may be several buildings or a part of one: it has area and tax, but is no 亿元楼.
    """
    projects = places["building_id"].isin(baseline.supply["project_id"]).to_numpy(dtype=bool)
    return projects | ~places["is_new"].to_numpy(dtype=bool)


def are_there(courses: Courses) -> np.ndarray:
    """Return which places stand by each year's end (places, h): a new one from its opening on."""
    return ~courses.places["is_new"].to_numpy(dtype=bool)[:, None] | (courses.rentable_sqm > 0)


def without_rounding(change: np.ndarray, level: np.ndarray) -> np.ndarray:
    """Return ``change`` with 0 for what is only the rounding of sums of the size of ``level``."""
    return np.where(np.abs(change) <= _ROUNDING * np.abs(level), 0.0, change)


def _is_summed(spec: Indicator) -> bool:
    if spec.code == _ABSORPTION:
        return True
    needed = {spec.numerator, *([spec.denominator] if spec.denominator else [])}
    return spec.of == "buildings" and not spec.where and needed <= set(_COLUMNS)


def _known(baseline: Baseline, column: str, places: int) -> np.ndarray:
    own = baseline.buildings[column].notna().to_numpy(dtype=bool)
    return np.append(own, np.full(places - len(own), bool(own.any())))


def _columns(baseline: Baseline, courses: Courses) -> dict[str, _Column]:
    known = {
        name: _known(baseline, name, len(courses.places))
        for name in ("gross_area_sqm", "rentable_area_sqm", "occupied_area_sqm", "tax_yuan")
    }
    values = (courses.gross_sqm[None], courses.rentable_sqm[None], courses.occupied_sqm, courses.tax_yuan)
    return _derived(known, are_buildings(baseline, courses.places), *values)


def _base_columns(baseline: Baseline) -> dict[str, _Column]:
    names = ("gross_area_sqm", "rentable_area_sqm", "occupied_area_sqm", "tax_yuan")
    known = {name: baseline.buildings[name].notna().to_numpy(dtype=bool) for name in names}
    values = [baseline.buildings[name].to_numpy(dtype="float64")[None, :, None] for name in names]
    return _derived(known, np.ones(len(baseline.buildings), dtype=bool), *values)


def _derived(
    known: Mapping[str, np.ndarray],
    is_building: np.ndarray,
    gross: np.ndarray,
    rentable: np.ndarray,
    occupied: np.ndarray,
    tax: np.ndarray,
) -> dict[str, _Column]:
    """Return the columns of ``_COLUMNS``; future tax is recurring, so both readings of tax are the same."""
    taxed = _Column(tax, known["tax_yuan"])
    yi = _Column((tier_positions(tax) == YI).astype("float64"), known["tax_yuan"] & is_building)
    let = _Column(occupied, known["occupied_area_sqm"])
    return {
        "gross_area_sqm": _Column(gross, known["gross_area_sqm"]),
        "rentable_area_sqm": _Column(rentable, known["rentable_area_sqm"]),
        "occupied_area_sqm": let,
        "vacant_area_sqm": _Column(rentable - occupied, let.known & known["rentable_area_sqm"]),
        "tax_yuan": taxed,
        "recurring_tax_yuan": taxed,
        "is_yi": yi,
        "is_yi_recurring": yi,
    }


def _summed(spec: Indicator, columns: Mapping[str, _Column]) -> np.ndarray | None:
    """Return numerator ÷ denominator, or the numerator of a total (draws or 1, h); None where none counts."""
    top = columns[spec.numerator]
    low = columns[spec.denominator] if spec.denominator else None
    counted = top.known if low is None else top.known & low.known
    if not counted.any():
        return None
    numerator = _over(top.values, counted)
    return numerator if low is None else _ratio(numerator, _over(low.values, counted))


def _absorption(baseline: Baseline, occupied: _Column) -> np.ndarray | None:
    """Return the yearly change of the occupied area (draws, h): 净吸纳面积, new projects from nothing."""
    if not occupied.known.any():
        return None
    before = float(baseline.buildings["occupied_area_sqm"].sum())
    level = _over(occupied.values, occupied.known)
    return without_rounding(np.diff(level, axis=1, prepend=before), level)


def _over(values: np.ndarray, counted: np.ndarray) -> np.ndarray:
    return values.sum(axis=1) if counted.all() else values[:, counted].sum(axis=1)


def _ratio(top: np.ndarray, low: np.ndarray) -> np.ndarray:
    """Return top ÷ low, NaN where low is not above 0."""
    return top / np.where(low > 0, low, np.nan)
