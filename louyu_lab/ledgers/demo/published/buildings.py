"""The 89 buildings: where they stand, how large and good they are, and which of them the plan speaks of."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import norm

from louyu_lab.ledgers.demo.addresses import street_addresses
from louyu_lab.ledgers.demo.names import building_names
from louyu_lab.ledgers.demo.published import margins
from louyu_lab.ledgers.demo.published.places import DISTRICT, PLACES

_LAST = margins.YEARS[-1]
_GRADES = {"超甲级": 9, "甲级": 26, "乙级": 36, "丙级": 18}
#: Grades as steps.
GRADE_STEP = {"超甲级": 2, "甲级": 1, "乙级": 0, "丙级": -1}
#: Typical year of completion, lifts per 10,000 ㎡ and rent of the first year (元/㎡·月) by grade.
_TRAITS = {
    "超甲级": (2013, 4.2, 92.0),
    "甲级": (2009, 3.4, 66.0),
    "乙级": (2004, 2.7, 46.0),
    "丙级": (1998, 2.1, 33.0),
}
_CARRIERS = {"写字楼": 0.60, "商业综合体": 0.12, "城改底商": 0.14, "专业市场": 0.14}
#: Gross area (㎡) of a floor and the bounds of how many there are; shops and markets are no towers.
FLOOR_SQM, FEWEST_FLOORS, _MOST_FLOORS = 1_500, 4, 48
_LOW_HOUSES, _LOW_FLOORS = ("城改底商", "专业市场"), 6
#: What a building may be known for, and how it is then named.
_FOCUS = {
    "金融": "金融中心",
    "科技": "科创大厦",
    "商务服务": "商务中心",
    "商贸": "国际贸易大厦",
    "文化": "文创中心",
}
_FOCUS_ODDS = {
    "澜江金融商贸区": (0.20, 0.17, 0.10, 0.50, 0.03),
    "望湖科创区": (0.04, 0.56, 0.08, 0.30, 0.02),
    "老城文商区": (0.06, 0.14, 0.10, 0.46, 0.24),
    "新港文旅发展带": (0.10, 0.30, 0.30, 0.10, 0.20),
}
_PLAIN_ENDINGS = ("大厦", "广场", "中心", "国际", "商务楼")
_LEAST_SQM_LEFT = 95_000.0
#: Towers that opened during the years studied, besides the published one of the end of 2019.
_OPENINGS = (2014, 2015, 2016, 2016, 2017, 2018, 2018)


def make_buildings(rng: np.random.Generator) -> pd.DataFrame:
    """Return the building ledger of 2020, canonical columns in stored units, ordered by ``building_id``.

    Besides the ledger's columns: ``tax_rank`` (place among the 18 with a published tax tier, else NaN),
    ``focus`` (sector it is known for), ``focus_share`` (0–1), ``floors``, ``rent_yuan`` (元/㎡·月, first
    year), ``is_new_tower`` and ``is_pandemic_tower``.
    """
    frame = _sites(rng)
    frame["grade"] = _grades(frame, rng)
    frame["gross_area_sqm"] = _areas(frame, rng)
    frame["tax_rank"] = _tax_ranks(frame, rng)
    frame = _roles(frame)
    frame["rentable_area_sqm"] = (frame["gross_area_sqm"] * rng.uniform(0.70, 0.82, len(frame))).round(-1)
    frame.loc[frame["is_new_tower"], "rentable_area_sqm"] = 56_200.0
    frame = _opened(_aged(frame, rng), rng)
    frame = _named(_served(_owned(frame, rng), rng), rng)
    frame.insert(0, "building_id", [f"HA{i:03d}" for i in range(1, len(frame) + 1)])
    return frame


def is_unified(buildings: pd.DataFrame) -> pd.Series:
    """Tell whose ownership is not scattered: a single owner, or one who holds half and more himself."""
    return buildings["owners"].eq(1) | buildings["self_held_rate"].ge(0.5)


def _sites(rng: np.random.Generator) -> pd.DataFrame:
    frame = pd.DataFrame([vars(place) for place in PLACES])
    frame = frame.loc[frame.index.repeat(frame["buildings"])].reset_index(drop=True)
    n = len(frame)
    frame["lon"] = (frame["lon"] + 0.0022 * rng.standard_normal(n)).round(5)
    frame["lat"] = (frame["lat"] + 0.0022 * rng.standard_normal(n)).round(5)
    frame["address"] = street_addresses(DISTRICT, frame["road"], rng)
    return frame.drop(columns="buildings")


def _grades(frame: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    """Best grades where the district's centres are."""
    standing = frame["area"].map({"澜江口": 0.5, "望湖": 0.3, "东岭": 0.5, "北广场": -0.4}).fillna(0.0)
    order = np.argsort(-(standing + rng.standard_normal(len(frame))).to_numpy(), kind="stable")
    grades = np.empty(len(frame), dtype=object)
    grades[order] = np.repeat(list(_GRADES), list(_GRADES.values()))
    return grades


def _areas(frame: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    """Gross areas (㎡): eleven above 10 万㎡, a lognormal below, together the published area."""
    n, large = margins.BUILDINGS, margins.LARGE_BUILDINGS
    top = 1.015 * margins.LARGE_SQM + 24_000 * -np.log(1 - (np.arange(large) + 0.5) / large)
    rest_sum = margins.GROSS_SQM - top.sum()
    # One draw from each of equal shares of a lognormal that ends below the eleven.
    share = (np.arange(n - large) + rng.random(n - large)) / (n - large)
    rest = np.exp(0.60 * norm.ppf(0.01 + 0.962 * share))
    areas = np.sort(np.concatenate([top, rest / rest.sum() * rest_sum]).round(-1))[::-1]
    # What rounding left over goes to the largest, where ten square metres do not show.
    areas[0] += margins.GROSS_SQM - areas.sum()
    score = frame["grade"].map(GRADE_STEP) * 0.8 + rng.standard_normal(n)
    result = np.empty(n)
    result[np.argsort(-score.to_numpy(), kind="stable")] = areas
    return result


def _tax_ranks(frame: pd.DataFrame, rng: np.random.Generator) -> pd.Series:
    """Who holds the 18 published taxes: good and large buildings, 亿元楼 in the published areas."""
    score = frame["grade"].map(GRADE_STEP) + np.log(frame["gross_area_sqm"] / 40_000)
    order = (score + 0.4 * rng.standard_normal(len(frame))).sort_values(ascending=False, kind="stable").index
    yi = [
        i
        for area, count in margins.YI_BY_AREA.items()
        for i in order[frame.loc[order, "area"].eq(area)][:count]
    ]
    yi = [i for i in order if i in set(yi)]
    others = [i for i in order if i not in set(yi)][: len(margins.QUASI_YI_TAXES + margins.UPPER_TAXES)]
    ranked = [*yi, *others]
    return pd.Series(np.arange(len(ranked), dtype=float), ranked).reindex(frame.index)


def _roles(frame: pd.DataFrame) -> pd.DataFrame:
    """Choose the published towers: the one that opened in 2019 and the one left in the pandemic."""
    ordinary = frame[frame["tax_rank"].isna() & frame["area"].eq("澜江口")]
    tower = (ordinary["gross_area_sqm"] - 75_000).abs().idxmin()
    # As published it lies by the water; it must be large enough for what was given up.
    paying = frame[frame["tax_rank"] < len(margins.YI_TAXES)].sort_values("gross_area_sqm", ascending=False)
    large = paying[paying["gross_area_sqm"] >= _LEAST_SQM_LEFT]
    left = (
        (large if len(large) else paying)
        .sort_values("area", key=lambda area: area != "东岭", kind="stable")
        .index[0]
    )
    frame = frame.assign(is_new_tower=frame.index == tower, is_pandemic_tower=frame.index == left)
    # The tower takes the place of a building of about its size, which keeps the sum.
    frame.loc[tower, "grade"] = "超甲级"
    frame.loc[left, "grade"] = "甲级"
    return frame


def _aged(frame: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    traits = pd.DataFrame(frame["grade"].map(_TRAITS).tolist(), columns=["year", "lifts", "rent"])
    n = len(frame)
    completed, latest = traits["year"] + rng.integers(-7, 4, n), margins.YEARS[0] - 2
    # Who would be later than the years studied allow is some years older.
    frame["completion_year"] = completed.where(completed <= latest, latest - rng.integers(0, 6, n))
    per_area = traits["lifts"] * rng.uniform(0.7, 1.2, n)
    frame["lifts"] = ((frame["gross_area_sqm"] / 1e4 * per_area).round() + 1).astype(int)
    frame["rent_yuan"] = traits["rent"] * np.exp(0.12 * rng.standard_normal(n))
    old = frame["completion_year"] < _LAST - 14
    frame["refit_year"] = np.where(
        old & (rng.random(n) < 0.35), rng.integers(_LAST - 9, _LAST - 1, n), np.nan
    )
    return frame


def _opened(frame: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Opening dates: the year after completion, or during the years studied for a few better buildings."""
    opened = frame["completion_year"] + 1
    young = frame.index[
        frame["grade"].isin(["超甲级", "甲级"]) & frame["tax_rank"].isna() & ~frame["is_new_tower"]
    ]
    chosen = rng.permutation(young)[: len(_OPENINGS)]
    opened[chosen] = list(_OPENINGS)
    opened[frame["is_new_tower"]] = margins.TAX_YEAR
    month = rng.integers(1, 11, len(frame))
    month[frame["is_new_tower"]] = 12
    frame.loc[[*chosen, *frame.index[frame["is_new_tower"]]], "refit_year"] = np.nan
    recent = opened >= margins.YEARS[0]
    frame["completion_year"] = frame["completion_year"].where(~recent, opened - (month < 7)).astype(int)
    day = rng.integers(2, 28, len(frame))
    day[frame["is_new_tower"]] = 18
    frame["opened_date"] = pd.to_datetime({"year": opened, "month": month, "day": day})
    return frame


def _owned(frame: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    n = len(frame)
    chance = frame["grade"].map({"超甲级": 0.85, "甲级": 0.5, "乙级": 0.25, "丙级": 0.12})
    single = (rng.random(n) < chance) | frame["is_new_tower"]
    owners = np.where(single, 1, np.exp(rng.normal(3.2, 1.1, n)).round().clip(2, 420))
    top = np.where(single, 1.0, (rng.uniform(0.15, 0.75, n) * owners**-0.12).round(3))
    frame["owners"] = owners.astype(int)
    frame["top_owner_rate"] = top
    frame["self_held_rate"] = np.where(single, 1.0, (top * rng.uniform(0.5, 1.0, n)).round(3))
    return frame


def _served(frame: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Parking, metro, services, awards and what the building is known for."""
    n, good = len(frame), frame["grade"].map(GRADE_STEP)
    per_100sqm = (0.62 + 0.14 * good + 0.18 * rng.standard_normal(n)).clip(lower=0.12)
    frame["parking_spaces"] = (frame["gross_area_sqm"] / 100 * per_100sqm).round().astype(int)
    frame["metro_distance_m"] = np.exp(rng.normal(6.25, 0.65, n)).clip(60, 3000).round(-1)
    frame["property_grade"] = np.where(good >= 1, "一级", np.where(good == 0, "二级", "三级"))
    # Shops at the foot of renewed housing are small, markets not large.
    largest = {"写字楼": np.inf, "商业综合体": np.inf, "城改底商": 20_000, "专业市场": 50_000}
    carrier = pd.Series(rng.choice(list(_CARRIERS), n, p=list(_CARRIERS.values())), frame.index)
    fits = frame["gross_area_sqm"] <= carrier.map(largest)
    frame["carrier_type"] = carrier.where(fits & (good < 1) & frame["tax_rank"].isna(), "写字楼")
    towers = (frame["gross_area_sqm"] / FLOOR_SQM).clip(FEWEST_FLOORS, _MOST_FLOORS).round()
    frame["floors"] = towers.mask(frame["carrier_type"].isin(_LOW_HOUSES), _LOW_FLOORS).astype(int)
    for flag, share in (("has_party_org", 0.50), ("has_intermediary", 0.42), ("has_smart_platform", 0.38)):
        frame[flag] = rng.random(n) < share + 0.15 * good
    stars = (good + rng.standard_normal(n)).rank(ascending=False) <= 16
    frame["star"] = np.where(stars & ~frame["is_new_tower"], 3 + good.clip(0, 2), 0)
    frame["focus"] = [rng.choice(list(_FOCUS), p=_FOCUS_ODDS[zone]) for zone in frame["zone"]]
    # No district's largest taxes come from culture.
    frame["focus"] = frame["focus"].mask(frame["tax_rank"].notna() & frame["focus"].eq("文化"), "金融")
    frame["focus_share"] = rng.beta(3.2, 2.0, n).round(2)
    feature = (frame["focus_share"] + 0.1 * good).rank(ascending=False) <= 7
    # Awards come one after another over the years, none lies in the future.
    frame["feature_year"] = (_LAST - feature.cumsum() % 5).where(feature & ~frame["is_new_tower"])
    frame["feature_year"] = frame["feature_year"].mask(frame["feature_year"] <= frame["opened_date"].dt.year)
    return frame


def _named(frame: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Name the buildings; every ninth answers to a second name as well, one is being refitted."""
    plain = rng.choice(_PLAIN_ENDINGS, len(frame))
    endings = pd.Series(np.where(frame["focus_share"] >= 0.55, frame["focus"].map(_FOCUS), plain))
    endings = frame["carrier_type"].map({"城改底商": "商街", "专业市场": "市场"}).fillna(endings)
    frame["building"] = building_names(endings.tolist(), rng)
    second = frame["building"].str[:2] + np.where(frame["building"].str.endswith("大厦"), "国际", "大厦")
    frame["alias"] = second.where(frame.index % 9 == 4)
    frame["status"] = "运营"
    refitted = frame.index[frame["grade"].eq("丙级") & frame["tax_rank"].isna()][:1]
    frame.loc[refitted, "status"] = "改造"
    return frame
