"""The district's buildings, and how full each of them is to be in each year."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.ledgers.demo.industries import FOCUS_NAMES
from louyu_lab.ledgers.demo.names import building_names
from louyu_lab.ledgers.demo.plan import DistrictPlan

#: Typical year of completion, lifts per 10,000 ㎡ and first rent (元/㎡·月) by grade.
_GRADE_TRAITS = {
    "超甲级": (2014, 4.2, 96.0),
    "甲级": (2010, 3.4, 72.0),
    "乙级": (2004, 2.7, 50.0),
    "丙级": (1998, 2.1, 36.0),
}
_CARRIERS = ("写字楼", "商业综合体", "城改底商", "专业市场")
_PLAIN_ENDINGS = ("大厦", "广场", "中心", "国际", "商务楼")


def make_buildings(plan: DistrictPlan, rng: np.random.Generator) -> pd.DataFrame:
    """Return the building ledger of the plan's last year, canonical columns in stored units.

    Besides the ledger's columns: ``focus`` (industry the building is known for), ``focus_share``
    (share of its tenants drawn from it), ``single_source_tax`` (元 a year, NaN for most), ``coverage``
    (part of its occupied area whose tenants the enterprise ledger lists), ``opened_year`` and
    ``first_tenants`` (of towers that open during the years studied) and ``rent_yuan``.
    """
    n = plan.buildings
    frame = _places(plan, rng)
    frame["grade"] = _grades(plan)
    traits = pd.DataFrame(frame["grade"].map(_GRADE_TRAITS).tolist(), columns=["year", "lifts", "rent"])
    better = frame["grade"].map({"超甲级": 0.7, "甲级": 0.3, "乙级": -0.1, "丙级": -0.5})
    gross = np.exp(better + plan.gross_sd * rng.standard_normal(n))
    smallest = frame["grade"].map({"超甲级": 1.5, "甲级": 0.6, "乙级": 0.3, "丙级": 0.25})
    gross = np.maximum(gross, smallest * rng.uniform(1.0, 1.3, n))
    frame["gross_area_sqm"] = (plan.median_gross_sqm * gross).round(-1)
    frame["rentable_area_sqm"] = (frame["gross_area_sqm"] * rng.uniform(0.70, 0.82, n)).round(-1)
    completed = traits["year"] + rng.integers(-6, 4, n)
    frame["completion_year"] = completed.clip(upper=plan.years[0] - 2)
    frame["lifts"] = (frame["gross_area_sqm"] / 1e4 * traits["lifts"] * rng.uniform(0.7, 1.2, n)).round() + 1
    frame["rent_yuan"] = traits["rent"] * np.exp(0.12 * rng.standard_normal(n))
    frame = _name(_open_towers(_services(_ownership(frame, rng), plan, rng), plan), rng)
    frame.insert(0, "building_id", [f"HA{i:03d}" for i in range(1, n + 1)])
    frame["coverage"] = rng.uniform(*plan.ledger_coverage, n)
    frame["single_source_tax"] = np.nan
    towers = frame.index[frame["grade"].eq("甲级") & frame["opened_year"].isna()]
    for tower, tax in zip(towers, plan.single_source_taxes, strict=False):
        frame.loc[tower, ["single_source_tax", "focus"]] = [tax, "货币金融服务"]
    return frame


def target_rates(buildings: pd.DataFrame, plan: DistrictPlan, rng: np.random.Generator) -> pd.DataFrame:
    """Return the planned occupancy rate (0–1), one row a building, one column a year.

    The year before the plan's first is included: it fills the buildings the study finds occupied.
    A building has rate 0 before it opens.
    """
    effects, n = plan.occupancy, len(buildings)
    parking = buildings["parking_spaces"] / buildings["gross_area_sqm"] * 100
    grade = buildings["grade"].map({"丙级": -1, "乙级": 0, "甲级": 1, "超甲级": 2})
    modernised = buildings["refit_year"].fillna(buildings["completion_year"])
    fixed = (
        effects.base
        + effects.ln_owners * np.log(buildings["owners"])
        + effects.parking_per_100sqm * (parking - 0.7)
        + effects.grade_step * grade
        + effects.ln_metro_500m * np.log(buildings["metro_distance_m"] / 500)
        + effects.building_sd * rng.standard_normal(n)
    )
    rates = {}
    for step, year in enumerate((plan.years[0] - 1, *plan.years)):
        age = (year - modernised).clip(lower=0) / 10
        logit = fixed + effects.age_decade * (age - 1) + effects.yearly_trend * step
        logit += effects.pandemic * (year >= plan.pandemic_year) + effects.year_sd * rng.standard_normal(n)
        open_years = year - buildings["opened_year"].fillna(plan.years[0] - 9)
        ramp = np.array([0.0, *effects.lease_up, 1.0])[open_years.clip(-1, 3).astype(int) + 1]
        rates[year] = (ramp / (1 + np.exp(-logit))).clip(upper=0.985)
    return pd.DataFrame(rates).set_index(buildings["building_id"])


def _places(plan: DistrictPlan, rng: np.random.Generator) -> pd.DataFrame:
    places = pd.DataFrame([vars(place) for place in plan.places])
    # Every place gets a building before any gets its second; the rest fall by weight.
    sure = np.arange(plan.buildings) % len(places)
    drawn = rng.choice(len(places), size=plan.buildings, p=places["weight"] / places["weight"].sum())
    chosen = np.sort(np.where(np.arange(plan.buildings) < len(places), sure, drawn))
    frame = places.iloc[chosen].reset_index(drop=True)
    frame["lon"] = (frame["lon"] + 0.0025 * rng.standard_normal(len(frame))).round(5)
    frame["lat"] = (frame["lat"] + 0.0025 * rng.standard_normal(len(frame))).round(5)
    number = frame.groupby("road").cumcount() * 16 + rng.integers(1, 8, len(frame)) * 2
    frame["address"] = plan.district + frame["road"] + number.astype(str) + "号"
    return frame.drop(columns=["weight"])


def _grades(plan: DistrictPlan) -> np.ndarray:
    """Grades in the planned shares, spread evenly over the places."""
    counts = np.round(np.array(list(plan.grade_shares.values())) * plan.buildings).astype(int)
    counts[-1] = plan.buildings - counts[:-1].sum()
    grades = np.repeat(list(plan.grade_shares), counts)
    # A stride prime to the number of buildings visits each once and mixes the grades.
    stride = next(k for k in (7, 11, 13, 17) if np.gcd(k, plan.buildings) == 1)
    return grades[np.arange(plan.buildings) * stride % plan.buildings]


def _ownership(frame: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    n = len(frame)
    single = rng.random(n) < frame["grade"].map({"超甲级": 0.8, "甲级": 0.5, "乙级": 0.25, "丙级": 0.1})
    owners = np.where(single, 1, np.exp(rng.normal(3.0, 1.1, n)).round().clip(2, 400))
    top = np.where(single, 1.0, (rng.uniform(0.15, 0.75, n) * owners**-0.12).round(3))
    frame["owners"] = owners.astype(int)
    frame["top_owner_rate"] = top
    frame["self_held_rate"] = np.where(single, 1.0, (top * rng.uniform(0.5, 1.0, n)).round(3))
    return frame


def _services(frame: pd.DataFrame, plan: DistrictPlan, rng: np.random.Generator) -> pd.DataFrame:
    """Parking, metro, refits, coverage flags and awards."""
    n, last = len(frame), plan.last_year
    good = frame["grade"].map({"超甲级": 2, "甲级": 1, "乙级": 0, "丙级": -1})
    per_100sqm = (0.62 + 0.14 * good + 0.18 * rng.standard_normal(n)).clip(lower=0.12)
    frame["parking_spaces"] = (frame["gross_area_sqm"] / 100 * per_100sqm).round().astype(int)
    frame["metro_distance_m"] = np.exp(rng.normal(6.25, 0.65, n)).clip(60, 3000).round(-1)
    old = frame["completion_year"] < last - 14
    refit = np.where(old & (rng.random(n) < 0.4), rng.integers(last - 9, last - 1, n), np.nan)
    frame["refit_year"] = refit
    frame["property_grade"] = np.where(good >= 1, "一级", np.where(good == 0, "二级", "三级"))
    frame["carrier_type"] = np.where(rng.random(n) < 0.8, _CARRIERS[0], rng.choice(_CARRIERS[1:], n))
    frame.loc[good >= 1, "carrier_type"] = _CARRIERS[0]
    for flag, share in (("has_party_org", 0.48), ("has_intermediary", 0.42), ("has_smart_platform", 0.36)):
        frame[flag] = rng.random(n) < share + 0.15 * good
    awarded = rng.random(n) < 0.30 + 0.18 * good
    frame["star"] = np.where(awarded, 3 + good.clip(0, 2), 0)
    feature = rng.random(n) < 0.09 + 0.07 * good
    # Awards come one after another over the years studied, none lies in the future.
    frame["feature_year"] = (last - feature.cumsum() * 3 % 5).where(feature)
    frame["focus"] = rng.choice(list(FOCUS_NAMES), n, p=[0.10, 0.22, 0.28, 0.12, 0.18, 0.10])
    frame["focus_share"] = rng.uniform(0.15, 0.65, n).round(2)
    return frame


def _open_towers(frame: pd.DataFrame, plan: DistrictPlan) -> pd.DataFrame:
    """Make good towers the ones that open during the years studied; the rest opened on completion."""
    frame["opened_year"], frame["first_tenants"] = np.nan, np.nan
    towers = frame.index[frame["grade"].eq("超甲级")]
    for tower, (year, tenants) in zip(towers, sorted(plan.openings.items()), strict=False):
        frame.loc[tower, ["completion_year", "refit_year", "opened_year"]] = [year - 1, np.nan, year]
        frame.loc[tower, ["star", "feature_year", "first_tenants"]] = [0, np.nan, tenants]
    opened = frame["opened_year"].fillna(frame["completion_year"] + 1).astype(int)
    month = np.where(frame["opened_year"].notna(), 5, 1 + frame.index.to_numpy() * 5 % 12)
    frame["opened_date"] = pd.to_datetime({"year": opened, "month": month, "day": 18})
    return frame


def _name(frame: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Name the buildings; every sixth answers to a second name as well, one is being refitted."""
    plain = rng.choice(_PLAIN_ENDINGS, len(frame))
    endings = np.where(frame["focus_share"] >= 0.45, frame["focus"].map(FOCUS_NAMES), plain)
    frame["building"] = building_names(endings.tolist(), rng)
    second = frame["building"].str[:2] + np.where(frame["building"].str.endswith("大厦"), "国际", "大厦")
    frame["alias"] = second.where(frame.index % 6 == 2)
    frame["status"] = "运营"
    frame.loc[frame.index[frame["grade"].eq("丙级")][:1], "status"] = "改造"
    return frame
