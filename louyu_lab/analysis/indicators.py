"""The values of the indicators, with numerator, denominator and 口径 beside each.

What an indicator is stands in ``indicator_catalogue.yaml``; here it is only summed. An indicator
whose data are missing is left out, never 0, and ``missing_indicators`` says why.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from louyu_lab.analysis.absorption import occupied_changes
from louyu_lab.analysis.indicator_catalogue import Indicator, indicator_catalogue
from louyu_lab.analysis.indicator_populations import (
    building_population,
    district_population,
    industry_population,
    tenant_population,
)
from louyu_lab.analysis.industry.sections import industry_map_of
from louyu_lab.analysis.panel import building_years, enterprise_years
from louyu_lab.ledgers.model import Ledgers

_COUNTED_IN = {"buildings": "幢", "tenants": "家", "industries": "幢", "changes": "幢"}

_ONLY_TODAY = "台账只有现状，不能追溯到该年"

COLUMNS = ("indicator", "name_zh", "value", "unit", "numerator", "denominator", "scope", "year")


def indicators(
    ledgers: Ledgers,
    years: Sequence[int],
    mixes: Mapping[int, pd.DataFrame] | None = None,
) -> pd.DataFrame:
    """Return table ``indicators``: every indicator that the ledgers allow, by year.

    ``mixes`` is the table ``industry_mix`` by year; without it 行业集聚度 and the taxes without real estate
    are left out. Values
    are in stored units (㎡, 元, 元/㎡, 0–1, 幢, 家). ``denominator`` is NaN for totals. Indicators that
    the ledgers know only as of today (coverage, stars, ownership) are given for the latest year alone.
    """
    found = populations(ledgers, years, mixes or {})
    latest = max([*ledgers.years, *([] if ledgers.years else years)], default=None)
    rows = [
        row
        for year in sorted(set(years))
        for spec in indicator_catalogue().values()
        if _is_held(spec, ledgers) and (not spec.today or year == latest)
        if (row := evaluate(spec, found[spec.of], year)) is not None
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype({"value": "float64", "year": "int64"})


def populations(
    ledgers: Ledgers,
    years: Sequence[int],
    mixes: Mapping[int, pd.DataFrame],
) -> dict[str, pd.DataFrame]:
    """Return the frames that indicators are summed over, by the name the catalogue uses in ``of``."""
    # The year before each year is needed for what was taken up in it.
    span = sorted({*years, *(year - 1 for year in years)})
    panel = building_years(ledgers, span)
    tenants = enterprise_years(ledgers, span)
    return {
        "buildings": building_population(ledgers["buildings"], panel, mixes, industry_map_of(ledgers)),
        "tenants": tenant_population(tenants, panel, ledgers["registrations"]),
        "changes": occupied_changes(panel),
        "industries": industry_population(mixes),
        "district": district_population(ledgers, panel),
    }


def evaluate(spec: Indicator, population: pd.DataFrame, year: int) -> dict[str, object] | None:
    """Return one row of table ``indicators``, or None where nothing is known.

    Numerator and denominator are summed over the same rows: those of the year that meet the
    condition and know both.
    """
    rows = population[population["year"] == year]
    counted = rows[rows[spec.where] == 1] if spec.where else rows
    needed = [column for column in (spec.numerator, spec.denominator) if column]
    counted = counted.dropna(subset=needed)
    numerator = float(counted[spec.numerator].sum())
    denominator = float(counted[spec.denominator].sum()) if spec.denominator else float("nan")
    if counted.empty or denominator == 0:
        return None
    return {
        "indicator": spec.code,
        "name_zh": spec.zh,
        "value": numerator / denominator if spec.denominator else numerator,
        "unit": spec.unit,
        "numerator": numerator,
        "denominator": denominator,
        "scope": _scope(spec, rows, counted),
        "year": year,
    }


def missing_indicators(values: pd.DataFrame, years: Sequence[int]) -> pd.DataFrame:
    """Return table ``missing_indicators``: the indicators that ``values`` lacks in ``years``, and why."""
    present = set(zip(values["indicator"], values["year"], strict=True))
    once = set(values["indicator"])
    rows = [
        {
            "indicator": code,
            "name_zh": spec.zh,
            "year": year,
            "reason": _ONLY_TODAY if spec.today and code in once else f"缺少{spec.lacking}",
        }
        for year in sorted(set(years))
        for code, spec in indicator_catalogue().items()
        if (code, year) not in present
    ]
    return pd.DataFrame(rows, columns=["indicator", "name_zh", "year", "reason"])


def _is_held(spec: Indicator, ledgers: Ledgers) -> bool:
    if not spec.requires:
        return True
    ledger, column = spec.requires.split(".")
    return ledgers.has(ledger, column)


def _scope(spec: Indicator, rows: pd.DataFrame, counted: pd.DataFrame) -> str:
    """Tell the basis, and how many members of the population the number rests on."""
    if spec.of == "district":
        return str(counted["scope"].iloc[0])
    unit = _COUNTED_IN[spec.of]
    if len(counted) == len(rows):
        return f"{spec.basis}；全部 {len(rows)} {unit}{spec.counted}"
    return f"{spec.basis}；{len(rows)} {unit}中 {len(counted)} {unit}{spec.counted}"
