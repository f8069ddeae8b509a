"""The planted buildings: traits drawn one by one or together, as the building ledger prints them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from louyu_lab.ledgers.demo.planted.drivers import GRADES, PROPERTY_GRADES
from louyu_lab.ledgers.demo.planted.places import make_places
from louyu_lab.ledgers.demo.planted.plan import PlantedPlan

_TRAITS = ("owners", "youth", "parking", "lifts", "metro", "grade", "property", "gross", "rent", "quality")

#: Correlations of the traits' normal scores where drivers are correlated (``lifts``: ㎡ per lift).
_TOGETHER = {
    ("grade", "property"): 0.50, ("grade", "youth"): 0.50, ("grade", "owners"): -0.40,
    ("grade", "parking"): 0.35, ("grade", "gross"): 0.35, ("grade", "lifts"): -0.30,
    ("grade", "metro"): -0.25, ("owners", "youth"): -0.30, ("owners", "property"): -0.35,
    ("owners", "parking"): -0.25, ("youth", "parking"): 0.35, ("youth", "property"): 0.30,
    ("property", "parking"): 0.25, ("gross", "lifts"): 0.20, ("youth", "metro"): 0.15,
}  # fmt: skip
#: Correlations of the unobserved quality with what the ledgers show.
_WITH_QUALITY = {("owners", "quality"): -0.45, ("property", "quality"): 0.50, ("parking", "quality"): 0.40,
                 ("grade", "quality"): 0.30, ("rent", "quality"): 0.30}  # fmt: skip

#: Share of buildings below each grade, from 丙级 up, as normal scores: 17, 57 and 90 %.
_GRADE_CUTS = (-0.954, 0.176, 1.282)
_PROPERTY_CUTS = (-0.6, 0.5)
_RENTS = np.array([36.0, 50.0, 72.0, 96.0])
_RENT_GROWTH, _RENT_PREMIUM_SD = 0.02, 0.12
_MEDIAN_GROSS_SQM, _GROSS_SD = 30_000.0, 0.55
_ENDINGS = ("大厦", "广场", "中心", "国际", "商务楼")

#: The oldest building, and the last day of a month on which one opens.
_OLDEST_YEARS, _LAST_OPENING_DAY = 38, 28


@dataclass(frozen=True)
class Buildings:
    """The buildings of a district: the ledger, and what the ledger does not show.

    ``quality`` has mean 0 and standard deviation 1 (zeros where there is none), ``rent_premium`` is the
    logarithm of the asking rent over that of the grade.
    """

    ledger: pd.DataFrame
    quality: np.ndarray
    rent_premium: np.ndarray


def make_buildings(
    plan: PlantedPlan, first: int, n: int, district: str, rng: np.random.Generator
) -> Buildings:
    """Draw buildings number ``first`` to ``first + n − 1`` of the district.

    The ledger has the canonical columns in stored units except ``rentable_area_sqm``, which the suites
    add up to, and ``rentable_rate`` (0–1) that the suites aim at.
    """
    score = dict(zip(_TRAITS, _scores(plan, n, rng), strict=True))
    frame = make_places(n, first, district, rng)
    frame.insert(0, "building_id", [f"P{i:05d}" for i in range(first + 1, first + n + 1)])
    frame["building"] = frame["area"] + _brands(n, first) + rng.choice(_ENDINGS, n)
    frame["grade"] = np.array(GRADES)[np.digitize(score["grade"], _GRADE_CUTS)]
    frame["carrier_type"] = "写字楼"
    frame["gross_area_sqm"] = (_MEDIAN_GROSS_SQM * np.exp(_GROSS_SD * score["gross"].clip(-2.2, 2.5))).round(
        -1
    )
    frame["rentable_rate"] = rng.uniform(0.70, 0.80, n)
    frame = _dates(frame, plan, score["youth"], rng)
    # Three in ten buildings have one owner; the others' number is lognormal.
    owners = np.exp(2.6 + 1.1 * score["owners"]).round().clip(2, 900)
    frame["owners"] = np.where(score["owners"] < -0.52, 1, owners).astype(np.int64)
    per_100sqm = (0.65 + 0.22 * score["parking"]).clip(0.10, 1.6)
    frame["parking_spaces"] = (frame["gross_area_sqm"] / 100 * per_100sqm).round().astype(np.int64)
    sqm_per_lift = (3_300 + 850 * score["lifts"]).clip(1_200, 7_000)
    frame["lifts"] = (frame["gross_area_sqm"] / sqm_per_lift).round().clip(lower=1).astype(np.int64)
    frame["metro_distance_m"] = np.exp(6.3 + 0.65 * score["metro"]).clip(60, 4_000).round(-1)
    frame["property_grade"] = np.array(PROPERTY_GRADES)[np.digitize(score["property"], _PROPERTY_CUTS)]
    frame["status"] = "运营"
    quality = standardised(score["quality"]) if plan.nature.has_quality else np.zeros(n)
    return Buildings(frame, quality, _RENT_PREMIUM_SD * score["rent"])


def standardised(values: np.ndarray) -> np.ndarray:
    """Return values brought to mean 0 and standard deviation 1, so that every district has its spread."""
    return (values - values.mean()) / max(values.std(), 1e-9)


def asking_rents(buildings: Buildings, years: np.ndarray) -> np.ndarray:
    """Return asking rents (元/㎡·月), shape (buildings, years), to a tenth as they are printed."""
    grade = np.array([GRADES.index(label) for label in buildings.ledger["grade"]])
    log_rent = np.log(_RENTS[grade]) + buildings.rent_premium
    return np.exp(log_rent[:, None] + _RENT_GROWTH * (years - years[0])).round(1)


def trait_correlations(plan: PlantedPlan) -> np.ndarray:
    """Return the correlation matrix of the traits' normal scores, in the order of ``_TRAITS``."""
    matrix = np.eye(len(_TRAITS))
    pairs = _TOGETHER if plan.nature.correlated else {}
    pairs = pairs | (_WITH_QUALITY if plan.nature.has_quality else {})
    for (one, other), value in pairs.items():
        i, j = _TRAITS.index(one), _TRAITS.index(other)
        matrix[i, j] = matrix[j, i] = value
    return matrix


def _scores(plan: PlantedPlan, n: int, rng: np.random.Generator) -> np.ndarray:
    """Normal scores of the traits, shape (traits, buildings): a Gaussian copula."""
    return np.linalg.cholesky(trait_correlations(plan)) @ rng.standard_normal((len(_TRAITS), n))


def _dates(
    frame: pd.DataFrame, plan: PlantedPlan, youth: np.ndarray, rng: np.random.Generator
) -> pd.DataFrame:
    """Opening, completion and refit; the youngest buildings open during the years of the ledgers."""
    n, last = len(frame), plan.last_year
    age = (17 - 9 * youth).round().clip(0, _OLDEST_YEARS).astype(int)
    opened, month = last - age, rng.integers(1, 13, n)
    day = rng.integers(1, _LAST_OPENING_DAY + 1, n)
    frame["opened_date"] = pd.to_datetime(pd.DataFrame({"year": opened, "month": month, "day": day}))
    frame["completion_year"] = opened - (month <= 6)
    refit = last - rng.integers(4, 25, n)
    has_refit = (refit - frame["completion_year"] >= 10) & (rng.random(n) < 0.5)
    frame["refit_year"] = np.where(has_refit, refit, np.nan)
    frame["opened_date"] = frame["opened_date"].astype("datetime64[us]")
    return frame


def _brands(n: int, first: int) -> np.ndarray:
    """Two-sign brands; with the area before them no two buildings share a name."""
    heads, tails = (
        np.array(list("嘉裕启拓颂铭钧锐鼎恺恪敏湛")),
        np.array(list("川岳野舟澄麓浦榭畴峤宸翰望昱泓")),
    )
    number = np.arange(first, first + n) * 37 % (len(heads) * len(tails))
    return heads[number % len(heads)].astype(object) + tails[number // len(heads)].astype(object)
