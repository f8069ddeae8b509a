"""The census of idle space: two vintages, in buildings and outside them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.ledgers.demo.plan import DistrictPlan

_TYPE_OF_CARRIER = {
    "写字楼": "办公楼",
    "商业综合体": "房地产商业",
    "城改底商": "安置房商业",
    "专业市场": "其他",
}

#: Idle space outside the buildings: type, name, cause, intended use, ownership.
_OUTSIDE_KINDS = (
    ("工业厂房", "老仪表厂{n}号厂房", "停产腾空", "智能制造、检测服务", "国有"),
    ("安置房商业", "安置小区底商{n}号", "定位不准", "社区商业、养老托育", "集体"),
    ("工业厂房", "标准厂房{n}幢", "规划调整", "数字印刷、都市工业", "民营"),
    ("房地产商业", "临街商铺{n}号", "租金偏高", "零售、餐饮", "分散"),
    ("其他", "旧仓库{n}号", "停产腾空", "文创园区、直播基地", "国有"),
)
_FACILITIES = ("水电消防齐备", "水电齐备，消防待验", "货梯2部，双回路供电", "停车场共用，水电消防齐备")
_LEASE_MODES = ("出租", "租售皆可", "合作经营", "出售")
_CONTACTS = ("产权方招商部", "物业服务中心", "街道经济办", "资产管理科")
#: How often one of the ten elements is left out.
_BLANK_SHARE = 0.06


def make_idle(
    plan: DistrictPlan, buildings: pd.DataFrame, occupancy: pd.DataFrame, rng: np.random.Generator
) -> pd.DataFrame:
    """Return the idle ledger of the last two years, canonical columns, the ten elements mostly filled.

    A space of the earlier vintage that is no longer idle stands in the later one with its former area
    and ``disposal`` 盘活 or 核销; a building's idle area never exceeds its vacant area.
    """
    spaces = pd.concat(
        [_in_buildings(plan, buildings, occupancy, rng), _outside(plan, rng)], ignore_index=True
    )
    spaces = spaces.sort_values("first_year", kind="stable", ignore_index=True)
    spaces.insert(0, "idle_id", [f"XZ{i:03d}" for i in range(1, len(spaces) + 1)])
    spaces = _describe(spaces, rng)
    vintages = []
    for year in plan.years[-2:]:
        rows = spaces[spaces["first_year"] <= year].assign(year=year)
        rows["idle_area_sqm"] = rows[f"idle_{year}"].fillna(rows[f"idle_{plan.years[-2]}"])
        # A space the last vintage no longer finds idle is reported as dealt with.
        rows["disposal"] = np.where(rows[f"idle_{year}"].isna(), rows["outcome"], "在闲")
        rows["updated_date"] = pd.Timestamp(year, 11, 30) - pd.to_timedelta(
            rng.integers(0, 25, len(rows)), unit="D"
        )
        vintages.append(rows)
    ledger = pd.concat(vintages, ignore_index=True)
    for column in ("structure", "facilities", "intended_industry", "contact", "lease_mode"):
        ledger[column] = ledger[column].mask(rng.random(len(ledger)) < _BLANK_SHARE)
    return ledger


def _in_buildings(
    plan: DistrictPlan, buildings: pd.DataFrame, occupancy: pd.DataFrame, rng: np.random.Generator
) -> pd.DataFrame:
    """Return the largest vacancies in each of the two years; a building listed in both stays idle."""
    facts = buildings.set_index("building_id")
    spaces = facts[["building", "street", "area", "address", "owners"]].copy()
    spaces["space_type"] = facts["carrier_type"].map(_TYPE_OF_CARRIER)
    spaces["idle_name"] = facts["building"] + pd.Series(
        rng.choice(["中高区", "裙楼", "低区", "标准层"], len(facts)), facts.index
    )
    spaces["total_area_sqm"] = facts["gross_area_sqm"]
    spaces["intended_industry"] = facts["focus"]
    part = rng.uniform(0.55, 0.9, len(facts))
    for year in plan.years[-2:]:
        rows = occupancy[occupancy["year"] == year].set_index("building_id")
        vacant = (facts["rentable_area_sqm"] - rows["occupied_area_sqm"]).reindex(facts.index)
        spaces[f"idle_{year}"] = (
            (vacant * part).where(vacant.rank(ascending=False) <= len(facts) * 0.4).round(-1)
        )
        seized = rows["unmarketable_area_sqm"].reindex(facts.index) > 0
    spaces["idle_cause"] = _causes(facts, seized, plan.last_year)
    public = facts["owners"].eq(1) & (np.arange(len(facts)) % 2 == 0)
    spaces["ownership"] = np.where(facts["owners"] > 20, "分散", np.where(public, "国有", "民营"))
    spaces["outcome"] = "盘活"
    found = _first_seen(spaces.reset_index(), plan)
    in_pandemic = (found["idle_cause"] == "企业迁出") & (found["first_year"] >= plan.pandemic_year)
    return found.assign(idle_cause=found["idle_cause"].mask(in_pandemic, "疫情退租"))


def _causes(facts: pd.DataFrame, seized: pd.Series, last_year: int) -> np.ndarray:
    return np.select(
        [
            seized,
            facts["opened_date"].dt.year >= last_year - 2,
            facts["owners"] > 40,
            facts["completion_year"] < last_year - 16,
            facts["parking_spaces"] / facts["gross_area_sqm"] < 0.006,
        ],
        ["司法查封", "新近投用", "产权分散", "设施陈旧", "停车不足"],
        "企业迁出",
    )


def _outside(plan: DistrictPlan, rng: np.random.Generator) -> pd.DataFrame:
    """Idle yards, shops and sheds: most last through both years, some are dealt with, some are new."""
    before, last = plan.years[-2:]
    n = max(plan.buildings * 3 // 10, len(_OUTSIDE_KINDS))
    rows = []
    for i in range(n):
        place = plan.places[i * 5 % len(plan.places)]
        kind, name, cause, industry, ownership = _OUTSIDE_KINDS[i % len(_OUTSIDE_KINDS)]
        total = float(rng.integers(30, 190)) * 100
        idle = round(total * rng.uniform(0.35, 1.0), -1)
        later = idle * (0.8 if i % 3 == 1 else 1.0)
        row = {"street": place.street, "area": place.area, "space_type": kind, "idle_cause": cause}
        row |= {"intended_industry": industry, "ownership": ownership, "total_area_sqm": total}
        row |= {"idle_name": place.area + name.format(n=i + 1), "outcome": "核销" if i % 7 == 3 else "盘活"}
        row["address"] = f"{plan.district}{place.road}{301 + 14 * i}号"
        row[f"idle_{before}"] = np.nan if i % 6 == 5 else idle
        row[f"idle_{last}"] = np.nan if i % 4 == 3 else round(later, -1)
        rows.append(row)
    return _first_seen(pd.DataFrame(rows), plan)


def _first_seen(spaces: pd.DataFrame, plan: DistrictPlan) -> pd.DataFrame:
    """Keep what is idle in one of the two years, with the year it is first listed."""
    before, last = plan.years[-2:]
    found = spaces[spaces[[f"idle_{before}", f"idle_{last}"]].notna().any(axis=1)]
    return found.assign(first_year=np.where(found[f"idle_{before}"].notna(), before, last))


def _describe(spaces: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Fill the remaining elements: structure, facilities, terms, since when, contact."""
    n = len(spaces)
    floors = rng.integers(1, 20, n)
    height = rng.choice([3.2, 3.6, 3.9, 4.5], n)
    office = [
        f"{floor}—{floor + 4}层，层高{metres}米，框架结构"
        for floor, metres in zip(floors, height, strict=True)
    ]
    kinds = [spaces["space_type"].isin(["工业厂房", "其他"]), spaces["building"].isna()]
    spaces["structure"] = np.select(kinds, ["单层，层高8米，钢结构", "1—2层，层高4.5米，砖混结构"], office)
    spaces["facilities"] = rng.choice(_FACILITIES, n)
    spaces["lease_mode"] = rng.choice(_LEASE_MODES, n, p=[0.6, 0.25, 0.1, 0.05])
    rent = spaces["space_type"].map(
        {"办公楼": 52, "房地产商业": 68, "安置房商业": 34, "工业厂房": 16, "其他": 22}
    )
    spaces["asking_rent_yuan"] = (rent * np.exp(0.15 * rng.standard_normal(n))).round()
    months = rng.integers(3, 50, n)
    first = pd.to_datetime({"year": spaces["first_year"], "month": 9, "day": 1})
    spaces["idle_since_date"] = (first - pd.to_timedelta(months * 30, unit="D")).dt.normalize()
    fresh = spaces["idle_cause"].isin(["新近投用", "疫情退租"])
    weeks = pd.to_timedelta(rng.integers(6, 22, n) * 7, unit="D")
    spaces["idle_since_date"] = spaces["idle_since_date"].mask(fresh, first - weeks)
    spaces["contact"] = rng.choice(_CONTACTS, n)
    return spaces
