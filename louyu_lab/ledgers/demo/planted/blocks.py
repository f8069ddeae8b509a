"""The blocks of the key to a planted district, computed from its parts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from louyu_lab.ledgers.demo.planted import effects, ledgers, outcome, rates, sectors, taxes
from louyu_lab.ledgers.demo.planted.drivers import DRIVERS, Driver
from louyu_lab.ledgers.demo.planted.parts import Part
from louyu_lab.ledgers.demo.planted.places import CITY, DISTRICT
from louyu_lab.ledgers.demo.planted.plan import WITHHELD_YEARS, PlantedPlan
from louyu_lab.ledgers.demo.planted.policy import POLICY
from louyu_lab.ledgers.demo.tax_rows import AREA_ELASTICITY


def summary(plan: PlantedPlan, parts: Sequence[Part], buildings: pd.DataFrame) -> dict[str, Any]:
    """Return every block by name, in the order of the file; ``buildings`` one row of truth a building."""
    sums = effects.together(part.sums for part in parts)
    counts = sum((part.counts for part in parts), Counter[str]())
    return {
        "plan": _plan(plan),
        "size": {
            "buildings": plan.buildings,
            "enterprises": counts["enterprises"],
            "tenancies": counts["tenancies"],
        },
        "vacancy": _vacancy(plan, parts, sums, buildings),
        "drivers": [_driver(driver, sums) for driver in DRIVERS],
        "events": {name: _by_lag(sums, name) for name in ("pandemic", "newly_opened")},
        "exits": _exits(parts),
        "letting": _letting(plan),
        "policy": _policy(plan, sums, buildings),
        "growth": _growth(plan),
        "taxes": _taxes(plan),
        "enterprises": _enterprises(counts),
        "types": dict(sectors.TYPES),
        "relatedness": _by_sectors(sectors.relatedness()),
        "co_location": _by_sectors(_co_location(parts)),
        "missing": _missing(plan, parts, counts),
    }


def _plan(plan: PlantedPlan) -> dict[str, Any]:
    return {
        "city": CITY,
        "district": DISTRICT,
        "buildings": plan.buildings,
        "years": plan.ledger_years.tolist(),
        "withheld_years": [plan.last_year + i for i in range(1, WITHHELD_YEARS + 1)],
        "seed": plan.seed,
        "difficulty": plan.difficulty,
    }


def _vacancy(
    plan: PlantedPlan, parts: Sequence[Part], sums: effects.Sums, buildings: pd.DataFrame
) -> dict[str, Any]:
    expected, realised, number = sum(part.vacancy for part in parts)

    def by_year(total: np.ndarray) -> dict[int, float]:
        """Means of the years in which there are buildings at all."""
        years = plan.ledger_years.tolist()
        return {year: total[i] / number[i] for i, year in enumerate(years) if number[i]}

    residual = buildings["vacancy_realised"] - buildings["vacancy_by_drivers"]
    weight = sums["all", "weight", "by_area"]
    return {
        "expected": expected.sum() / number.sum(),
        "expected_by_area": sums["all", "vacancy", "by_area"] / weight,
        "realised": realised.sum() / number.sum(),
        "building_residual_sd_points": float(residual.std() * 100),
        "expected_by_year": by_year(expected),
        "realised_by_year": by_year(realised),
    }


def _driver(driver: Driver, sums: effects.Sums) -> dict[str, Any]:
    def points(kind: str) -> dict[str, float]:
        """Mean over building-years, in percentage points."""
        return {
            f"{kind}_points{suffix}": 100 * sums[driver.name, kind, by] / sums["all", "weight", by]
            for suffix, by in (("", "plain"), ("_by_area", "by_area"))
        }

    return {
        "name": driver.name,
        "columns": list(driver.columns),
        "unit": driver.unit,
        "centre": driver.centre,
        **points("ape"),
        **points("ape_same_year"),
        "contrast": driver.contrast,
        "contrast_step": driver.step,
        **points("contrast"),
        **points("contrast_same_year"),
        "is_lasting": driver.is_lasting,
        "letting": driver.letting,
        "leaving": driver.leaving,
        **({"note": driver.note} if driver.note else {}),
    }


def _by_lag(sums: effects.Sums, name: str) -> list[dict[str, Any]]:
    """Mean effect on those exposed by years since the start, with the number of building-years."""
    lags = sorted({int(key[1]) for key in sums if key[0] == name})
    return [
        {
            "years_since": lag,
            "building_years": int(sums[name, str(lag), "weight", "plain"]),
            "points": 100 * sums[name, str(lag), "plain"] / sums[name, str(lag), "weight", "plain"],
            "points_by_area": 100
            * sums[name, str(lag), "by_area"]
            / sums[name, str(lag), "weight", "by_area"],
        }
        for lag in lags
    ]


def _exits(parts: Sequence[Part]) -> dict[str, Any]:
    factors = sectors.sector_factors()
    exits, tenant_years, expected, expected_years = sum(part.exits for part in parts)
    return {
        "yearly_hazard": _by_sector(rates.EXIT_HAZARD * factors.leaving),
        "pandemic_ratio": _by_sector(factors.pandemic_leaving),
        "hazard_ratios": {driver.name: float(np.exp(driver.leaving)) for driver in DRIVERS},
        "policy_ratio": float(np.exp(rates.POLICY_LEAVING)),
        "expected_per_hundred_years": 100 * expected.sum() / expected_years.sum(),
        "realised_per_hundred_years": 100 * exits.sum() / tenant_years.sum(),
        "expected_per_hundred_years_by_sector": _by_sector(100 * expected / expected_years),
        "realised_per_hundred_years_by_sector": _by_sector(100 * exits / np.maximum(tenant_years, 1e-9)),
    }


def _letting(plan: PlantedPlan) -> dict[str, Any]:
    return {
        "yearly_rate": rates.reference_letting_rate(plan),
        "rate_ratios": {driver.name: float(np.exp(driver.letting)) for driver in DRIVERS},
        "policy_ratio": float(np.exp(rates.POLICY_LETTING)),
        "pandemic_ratio": float(np.exp(rates.PANDEMIC_LETTING)),
        "trait_sd": plan.nature.trait_sd,
        "quality_effect": plan.nature.quality_letting,
        "year_shocks": _by_year(plan.simulated_years, outcome.year_shocks(plan)),
    }


def _policy(plan: PlantedPlan, sums: effects.Sums, buildings: pd.DataFrame) -> dict[str, Any]:
    by_lag = _by_lag(sums, "policy")

    def overall(by: str) -> float:
        """Mean over the treated building-years since the start."""
        keys = [("policy", str(row["years_since"])) for row in by_lag]
        return 100 * sum(sums[*key, by] for key in keys) / sum(sums[*key, "weight", by] for key in keys)

    return {
        "name": POLICY,
        "start_date": f"{plan.policy_year}-07-01",
        "assignment": {
            "by_ln_owners_and_age_decades": plan.nature.targeting,
            "by_quality": 0.0 - plan.nature.quality_targeting,
        },
        "treated_buildings": buildings.loc[buildings["is_treated"], "building_id"].tolist(),
        "att_points": overall("plain"),
        "att_points_by_area": overall("by_area"),
        "att_points_by_year": by_lag,
    }


def _growth(plan: PlantedPlan) -> dict[str, Any]:
    years = plan.simulated_years[plan.simulated_years >= plan.first_year]
    hit = years[taxes.pandemic_years(years) != 0]
    return {
        "district": taxes.DISTRICT_GROWTH,
        "building_sd": taxes.GROWTH_SD,
        "sectors": _by_sector(sectors.sector_factors().growth),
        "pandemic_log_points": taxes.PANDEMIC,
        "pandemic_persists": taxes.PANDEMIC_PERSISTS,
        "pandemic_by_year": _by_year(hit, taxes.pandemic_years(hit)),
        "year_factors": _by_year(years, outcome.tax_years(plan)),
    }


def _taxes(plan: PlantedPlan) -> dict[str, Any]:
    nature = plan.nature
    return {
        "area_elasticity": AREA_ELASTICITY,
        "building_sd": taxes.BUILDING_SD,
        "quality_effect": nature.quality_tax,
        "firm_sd": nature.firm_sd,
        "tail_share": nature.tail_share,
        # An exponential of mean m on the logarithm is a Pareto factor of index 1 / m.
        "tail_index": 1 / nature.tail_mean if nature.tail_share else None,
        "payer_share": taxes.PAYER_SHARE,
    }


def _enterprises(counts: Counter[str]) -> dict[str, Any]:
    return {
        "registered_share_planted": ledgers.REGISTERED_SHARE,
        "registered_share": counts["registered"] / counts["enterprises"],
        "taxed_here_share": counts["taxed_here"] / counts["enterprises"],
        "never_paying_share_of_taxed_here": 1 - counts["payers"] / counts["taxed_here"],
    }


def _co_location(parts: Sequence[Part]) -> np.ndarray:
    moments = parts[0].mixes
    for part in parts[1:]:
        moments += part.mixes
    return moments.correlation()


def _missing(plan: PlantedPlan, parts: Sequence[Part], counts: Counter[str]) -> dict[str, Any]:
    blanks = sum(part.blanks for part in parts)
    return {
        "columns": blanks.to_dict("index"),
        "buildings_losing_a_driver": counts["buildings_with_blanks"] / plan.buildings,
    }


def _by_sector(values: np.ndarray) -> dict[str, float]:
    return dict(zip(sectors.SECTORS, values.tolist(), strict=True))


def _by_sectors(matrix: np.ndarray) -> dict[str, dict[str, float]]:
    return {sector: _by_sector(row) for sector, row in zip(sectors.SECTORS, matrix, strict=True)}


def _by_year(years: np.ndarray, values: np.ndarray) -> dict[int, float]:
    return dict(zip(years.tolist(), values.tolist(), strict=True))
