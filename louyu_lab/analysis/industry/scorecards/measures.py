"""The values of the scorecards' indicators for every building of the study's year."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.analysis.concentration import tax_concentration
from louyu_lab.analysis.indicator_catalogue import Indicator
from louyu_lab.analysis.indicator_populations import building_population, tenant_population
from louyu_lab.analysis.industry.scorecards.catalogue import NO, YES, building_indicators
from louyu_lab.analysis.study_year import StudyYear
from louyu_lab.analysis.tiers import tax_ladder
from louyu_lab.analysis.vacancy.measures.traits import standard_labels, trait_drivers

_FLAGS = ("has_party_org", "has_intermediary", "has_smart_platform")
_ORDERED = ("grade", "property_grade")

#: Rounding that the mean of many equal shares leaves behind.
_ROUNDING = 1e-9


def building_measures(study: StudyYear) -> pd.DataFrame:
    """Return every indicator of ``indicators.yaml`` by building of the stock of ``study.year``.

    Index ``building_id``, ascending; numbers float64 in stored units, labels str. What the ledgers do
    not tell is missing, never 0. Traits and recognitions are the building ledger's as of today.
    """
    stock = study.panel[study.panel["year"] == study.year]
    index = pd.Index(stock["building_id"].astype("str").sort_values(), name="building_id")
    if len(index):
        parts = {**_summed(study), **_concentrated(study), **_taxed(study), **_traits(study)}
    else:
        parts = dict.fromkeys(building_indicators(), pd.Series(dtype="float64"))
    columns = {}
    for code, indicator in building_indicators().items():
        values = parts[code].reindex(index)
        if indicator.is_label:
            columns[code] = values.astype("str")
        else:
            columns[code] = values.astype("float64").replace([np.inf, -np.inf], np.nan)
    return pd.DataFrame(columns, index=index)


def by_building(spec: Indicator, population: pd.DataFrame) -> pd.Series:
    """Return one indicator by ``building_id``: its numerator ÷ denominator, as ``indicators.evaluate`` does.

    ``population`` holds one year; a building about which nothing is known is left out.
    """
    rows = population[population[spec.where] == 1] if spec.where else population
    needed = list(dict.fromkeys(column for column in (spec.numerator, spec.denominator) if column))
    rows = rows.assign(**{column: rows[column].astype("float64") for column in needed}).dropna(subset=needed)
    sums = rows.groupby("building_id")[needed].sum()
    if not spec.denominator:
        return sums[spec.numerator]
    return sums[spec.numerator] / sums[spec.denominator].where(sums[spec.denominator] > 0)


def _summed(study: StudyYear) -> dict[str, pd.Series]:
    """Return the indicators that are sums over the building or its tenants."""
    ledgers, year = study.ledgers, study.year
    panel = study.panel[study.panel["year"] == year]
    tenants = study.tenants[study.tenants["year"] == year]
    mixes = {year: study.mixes[year]} if year in study.mixes else {}
    populations = {
        "buildings": building_population(ledgers["buildings"], panel, mixes, study.industries),
        "tenants": tenant_population(tenants, panel, ledgers["registrations"]),
    }
    found = {}
    for code, indicator in building_indicators().items():
        spec = indicator.spec
        if spec is None:
            continue
        is_held = not spec.requires or ledgers.has(*spec.requires.split("."))
        values = by_building(spec, populations[spec.of])
        found[code] = values if is_held else values.iloc[:0]
    return found


def _concentrated(study: StudyYear) -> dict[str, pd.Series]:
    """Return how far one industry dominates, from table ``industry_concentration``."""
    columns = {
        "concentration_firms": "share_industry_firms",
        "concentration_area": "share_industry_area",
        "concentration_tax": "share_industry_tax",
        "dominant_industry": "dominant_industry",
    }
    if study.concentration is None:
        return {code: pd.Series(dtype="float64") for code in (*columns, "is_above_chance")}
    table = study.concentration.set_index("building_id")
    above = table["is_above_chance"].astype("boolean").mask(~_can_be_judged(table))
    return {code: table[column] for code, column in columns.items()} | {"is_above_chance": _yes_or_no(above)}


def _can_be_judged(table: pd.DataFrame) -> pd.Series:
    """Tell which buildings could be above chance at all: not the small, nor where chance cannot vary.

    That is so in a district of one building or one industry: its random tables are all the same.
    """
    varies = table["expected_p95_rate"] > table["expected_rate"] + _ROUNDING
    return ~table["is_small"].astype("bool") & varies & (table["expected_p95_rate"] < 1)


def _taxed(study: StudyYear) -> dict[str, pd.Series]:
    """Return the growth of tax and how much of it one taxpayer makes up."""
    ladder = tax_ladder(study.panel, study.year, floor_yuan=-np.inf).set_index("building_id")
    shares = tax_concentration(study.tenants, study.panel, study.year, study.district)
    own = shares[shares["level"] == "building"].set_index("id")
    return {"tax_growth_rate": ladder["change_rate"], "top1_rate": own["top1_rate"]}


def _traits(study: StudyYear) -> dict[str, pd.Series]:
    """Return what the building ledger says of the building itself."""
    ledger = study.ledgers["buildings"]
    listed = ledger.drop_duplicates("building_id").set_index("building_id")
    drivers = trait_drivers(ledger)
    age = study.year - listed["completion_year"].astype("float64")
    return {
        "owners": listed["owners"],
        "metro_distance_m": listed["metro_distance_m"],
        "carrier_type": listed["carrier_type"],
        # The drivers are counted in fifths of a space and thousands of ㎡.
        "parking_per_100sqm": drivers["parking_fifths"] * 0.2,
        "sqm_per_lift": drivers["thousand_sqm_per_lift"] * 1000,
        "age_years": age.where(age >= 0),
        **{trait: standard_labels(listed[trait], trait) for trait in _ORDERED},
        **{flag: _yes_or_no(listed[flag]) for flag in _FLAGS},
    }


def _yes_or_no(flags: pd.Series) -> pd.Series:
    return flags.astype("boolean").astype("object").map({True: YES, False: NO}).astype("str")
