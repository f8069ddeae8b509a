"""Where idle spaces lie, on which floors and in what houses, and the terms the census states for them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.ledgers.demo.published import margins
from louyu_lab.ledgers.demo.published.buildings import FEWEST_FLOORS, FLOOR_SQM
from louyu_lab.ledgers.demo.published.places import DISTRICT, PLACES

#: From this height on a building's floors go by zones; its podium ends at the fourth floor.
_ZONED_FROM, _PODIUM = 12, 4
_TOWER_FACILITIES = (
    "客梯6部、货梯1部，双回路供电",
    "客梯4部，水电消防齐备",
    "中央空调，停车场共用，水电消防齐备",
)
_HOUSE_FACILITIES = ("水电消防齐备", "水电齐备，消防待验", "双回路供电，消防齐备")
_YARD_FACILITIES = ("水电齐备，消防待验", "动力电400千瓦，水电齐备", "院内可停货车，水电消防齐备")
_LEASE_MODES = {"出租": 0.6, "租售皆可": 0.25, "合作经营": 0.1, "出售": 0.05}
_CONTACTS = {"国有": "资产管理科", "集体": "街道经济办", "民营": "产权方招商部", "分散": "物业服务中心"}
#: Asking rents (元/㎡·月) by type, where no building has one of its own.
_RENTS = {"办公楼": 52, "房地产商业": 68, "安置房商业": 34, "工业厂房": 16, "其他": 22}
#: Usual heights of a floor (metres).
_HEIGHTS = (3.3, 3.6, 3.8, 3.9)
_YARDS = ("工业厂房", "其他")

#: From this day on a tenant may have left because of the pandemic.
PANDEMIC = pd.Timestamp(margins.YEARS[-1], 2, 1)
_SMALL_OUTSIDE = 18
#: Closed large houses: type, name, cause, ownership, usual area (㎡), floors with their structure.
_CLOSED = (
    ("房地产商业", "{area}商业广场（停业）", "资金链断裂", "民营", 90_000, (6, "框架")),
    ("房地产商业", "{area}购物中心二期", "产权分散", "分散", 70_000, (6, "框架")),
    ("办公楼", "{area}未交付塔楼", "司法查封", "民营", 52_000, (28, "框架核心筒")),
    ("房地产商业", "{area}百货老楼", "停业", "国有", 38_000, (6, "框架")),
    ("其他", "{area}电子市场旧址", "停业", "集体", 26_000, (5, "框架")),
    ("办公楼", "{area}轻工大厦", "设施陈旧", "国有", 17_000, (6, "框架")),
    ("房地产商业", "{area}书城旧址", "停业", "国有", 11_000, (4, "框架")),
)
#: Small idle space outside the buildings: type, name, cause, intended use, ownership.
_YARD_SPACES = (
    ("工业厂房", "老仪表厂{n}号厂房", "停产腾空", "智能制造、检测服务", "国有"),
    ("安置房商业", "安置小区底商{n}号", "定位不准", "社区商业、养老托育", "集体"),
    ("工业厂房", "标准厂房{n}幢", "规划调整", "数字印刷、都市工业", "民营"),
    ("房地产商业", "临街商铺{n}号", "租金偏高", "零售、餐饮", "分散"),
    ("其他", "旧仓库{n}号", "停产腾空", "文创园区、直播基地", "国有"),
)


def placed(areas: list[float], floors: int, gross_area_sqm: float, rng: np.random.Generator) -> list[tuple]:
    """Return the lowest and highest floor of each of ``areas`` (㎡) that lie in one building, in their order.

    Each lies on adjoining floors, on no more than it needs; together they never fill a floor beyond its
    share of the gross area, as long as they do not exceed that.
    """
    free = np.full(floors, gross_area_sqm / floors)
    found: dict[int, tuple[int, int]] = {}
    for position in np.argsort(-np.asarray(areas), kind="stable"):
        room = np.concatenate([[0.0], np.cumsum(free)])
        for count in range(1, floors + 1):
            fits = np.flatnonzero(room[count:] - room[:-count] >= areas[position])
            if len(fits) or count == floors:
                break
        low = int(rng.choice(fits)) if len(fits) else 0
        rest = areas[position]
        for floor in range(low, low + count):
            rest -= (taken := min(free[floor], rest))
            free[floor] -= taken
        found[int(position)] = (low + 1, low + count)
    return [found[position] for position in range(len(areas))]


def zone_of(low: int, high: int, floors: int) -> str:
    """Return what a part of a tower is called by its floors, from 裙楼 to 高区; nothing in a low house."""
    if floors < _ZONED_FROM:
        return ""
    if high <= _PODIUM:
        return "裙楼"
    return ("低区", "中区", "高区")[min(int(1.5 * (low + high - 1) / floors), 2)]


def levels(low: int, high: int) -> str:
    """Return floors as they are written: ``3层``, ``3—5层``."""
    return f"{low}层" if low == high else f"{low}—{high}层"


def tower_structure(low: int, high: int, floors: int, height: float) -> str:
    """Return floors, height (metres; of a podium 1.2 more) and structure of a part of a tower."""
    frame = "框架核心筒" if floors > 30 else "框架剪力墙" if floors >= _ZONED_FROM else "框架"
    height += 1.2 * (zone_of(low, high, floors) == "裙楼")
    return f"{levels(low, high)}，层高{height:.1f}米，{frame}结构"


def house_structure(space_type: str, total_sqm: float, idle_sqm: float, rng: np.random.Generator) -> str:
    """Return floors, height and structure of an idle space outside the stock, by its type and area (㎡)."""
    if space_type == "工业厂房":
        top = int(rng.integers(1, 4)) if total_sqm > 6_000 else 1
        return f"{levels(1, top)}，层高{rng.choice((6, 8, 9))}米，{'框架' if top > 1 else '钢'}结构"
    if space_type == "其他":
        return f"1层，层高{rng.choice((5.5, 6, 7.5))}米，{rng.choice(('砖混', '钢'))}结构"
    if space_type == "安置房商业":
        return f"{levels(1, 1 if total_sqm < 2_000 else 2)}，层高4.5米，框架结构"
    if space_type == "房地产商业":
        top = int(np.clip(total_sqm // 2_500 + 1, 1, 5))
        return f"{levels(1, top)}，层高{rng.choice((4.5, 5.1))}米，框架结构"
    floors = int(np.clip(round(total_sqm / FLOOR_SQM), FEWEST_FLOORS, 32))
    low, high = placed([idle_sqm], floors, total_sqm, rng)[0]
    return tower_structure(low, high, floors, rng.choice(_HEIGHTS))


def described(spaces: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return ``spaces`` with ``structure, facilities, lease_mode, asking_rent_yuan, contact``.

    Needs ``space_type, ownership, total_area_sqm, idle_area_sqm`` (㎡). A ``structure`` or rent that is
    there already stays.
    """
    n, spaces = len(spaces), spaces.reindex(columns=spaces.columns.union(["structure"], sort=False))
    facts = zip(*(spaces[name] for name in ("space_type", "total_area_sqm", "idle_area_sqm")), strict=True)
    by_type = pd.Series([house_structure(*fact, rng) for fact in facts], spaces.index)
    spaces["structure"] = spaces["structure"].astype("str").fillna(by_type)
    choices = [rng.choice(kind, n) for kind in (_YARD_FACILITIES, _TOWER_FACILITIES, _HOUSE_FACILITIES)]
    yards, offices = spaces["space_type"].isin(_YARDS), spaces["space_type"].eq("办公楼")
    spaces["facilities"] = np.select([yards, offices], choices[:2], choices[2])
    spaces["lease_mode"] = rng.choice(list(_LEASE_MODES), n, p=list(_LEASE_MODES.values()))
    rent = (spaces["space_type"].map(_RENTS) * np.exp(0.15 * rng.standard_normal(n))).round()
    known = spaces["asking_rent_yuan"] if "asking_rent_yuan" in spaces else pd.Series(np.nan, spaces.index)
    spaces["asking_rent_yuan"] = known.fillna(rent)
    spaces["contact"] = spaces["ownership"].map(_CONTACTS)
    return spaces


def located(spaces: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Give each space floors of its building, a name and a structure; rooms of a podium are for shops."""
    size = spaces[["idle_before", "idle_now"]].max(axis=1)
    low, high = pd.Series(0, spaces.index), pd.Series(0, spaces.index)
    height = pd.Series(0.0, spaces.index)
    for _, rows in spaces.groupby("building_id"):
        found = placed(size[rows.index].tolist(), rows["floors"].iloc[0], rows["total_area_sqm"].iloc[0], rng)
        low[rows.index], high[rows.index] = zip(*found, strict=True)
        height[rows.index] = rng.choice(_HEIGHTS)
    parts = list(zip(low, high, spaces["floors"], strict=True))
    zone = pd.Series([zone_of(*part) for part in parts], spaces.index, dtype="str")
    name = spaces["building"] + zone + [levels(*part[:2]) for part in parts]
    twins, place = name.groupby(name).transform("size"), name.groupby(name).cumcount()
    room = place.map(lambda number: f"{chr(ord('A') + number)}区").where(twins > 1, "")
    shops = zone.eq("裙楼") & spaces["space_type"].eq("办公楼") & (rng.random(len(spaces)) < 0.6)
    return spaces.assign(
        idle_name=name + room,
        structure=[tower_structure(*part, metres) for part, metres in zip(parts, height, strict=True)],
        space_type=spaces["space_type"].mask(shops, "房地产商业"),
        intended_industry=spaces["intended_industry"].mask(shops, "零售、餐饮"),
    )


def causes(spaces: pd.DataFrame, rose: pd.Series, rng: np.random.Generator) -> pd.Series:
    """Why each space stands empty: one of the causes that its building and its date allow."""
    possible = pd.DataFrame(
        {
            "企业迁出": 1.0,
            "租金偏高": 0.4,
            "产权分散": spaces["owners"] > 60,
            "设施陈旧": spaces["completion_year"] < margins.YEARS[-1] - 17,
            "停车不足": spaces["parking"] < 0.55,
            "司法查封": spaces["seized"],
        }
    ).astype("float64")
    upto = possible.cumsum(axis=1).div(possible.sum(axis=1), axis=0).to_numpy()
    drawn = (upto < rng.random(len(spaces))[:, None]).sum(axis=1)
    cause = pd.Series(possible.columns.to_numpy()[drawn], spaces.index)
    since = spaces["idle_since_date"]
    pandemic = (since >= PANDEMIC) & (rng.random(len(spaces)) < np.where(rose, 0.75, 0.25))
    fresh = since < spaces["opened_date"] + pd.Timedelta(days=400)
    cause = cause.mask(pandemic | spaces["given_up"], "疫情退租")
    return cause.mask(fresh, "新近投用")


def closed_houses(inside: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Key resources outside the buildings in operation, in both years: what the published areas leave."""
    rows = []
    for area, (count, total) in margins.KEY_IDLE.items():
        key = inside.loc[inside["is_key"] & (inside["area"] == area), "idle_now"]
        weights = np.sort(rng.uniform(0.5, 1.5, count - len(key)))[::-1]
        idle = (weights / weights.sum() * (total - key.sum())).round(-1)
        idle[:1] += total - key.sum() - idle.sum()
        place = next(place for place in PLACES if place.area == area)
        left = list(_CLOSED)
        for i, size in enumerate(idle):
            left = left or list(_CLOSED)
            house = min(left, key=lambda entry: abs(np.log(entry[4] / size)))
            left.remove(house)
            kind, name, cause, ownership, _, (floors, frame) = house
            whole = rng.random() < 0.6
            rows.append(
                {
                    "idle_name": name.format(area=area) + ("", "（二）", "（三）")[i // len(_CLOSED)],
                    "area": area, "street": place.street, "space_type": kind,
                    "address": f"{DISTRICT}{place.road}{201 + 12 * i}号", "idle_cause": cause,
                    "ownership": ownership, "intended_industry": "商贸、文化体验",
                    "total_area_sqm": size if whole else np.ceil(size * rng.uniform(1.2, 1.3) / 100) * 100,
                    "idle_now": size, "idle_before": size, "outcome": "盘活",
                    "structure": f"{'整栋1' if whole else 2}—{floors}层，层高{4.2 if floors > 6 else 4.8}米，"
                    f"{frame}结构",
                    "idle_since_date": _some_day("2014-03-01", "2019-03-31", rng),
                }
            )  # fmt: skip
    return pd.DataFrame(rows)


def yards(rng: np.random.Generator) -> pd.DataFrame:
    """Small idle yards, shops and sheds: most last through both years, some are dealt with, some are new."""
    rows = []
    for i in range(_SMALL_OUTSIDE):
        place = PLACES[i * 4 % len(PLACES)]
        kind, name, cause, industry, ownership = _YARD_SPACES[i % len(_YARD_SPACES)]
        total = float(rng.integers(90, 290)) * 10
        idle = round(total * rng.uniform(0.45, 1.0), -1)
        row = {"street": place.street, "area": place.area, "space_type": kind, "idle_cause": cause}
        row |= {"intended_industry": industry, "ownership": ownership, "total_area_sqm": total}
        row |= {"idle_name": place.area + name.format(n=i + 1), "outcome": "核销" if i % 7 == 3 else "盘活"}
        row["address"] = f"{DISTRICT}{place.road}{401 + 14 * i}号"
        is_new = i % 6 == 5
        row["idle_before"] = np.nan if is_new else idle
        gone = i % 4 == 3 and not is_new
        row["idle_now"] = np.nan if gone else round(idle * (0.8 if i % 3 == 1 else 1.0), -1)
        first, last = ("2019-12-05", "2020-09-30") if is_new else ("2015-01-01", "2019-09-30")
        row["idle_since_date"] = _some_day(first, last, rng)
        rows.append(row)
    return pd.DataFrame(rows)


def _some_day(first: str, last: str, rng: np.random.Generator) -> pd.Timestamp:
    days = (pd.Timestamp(last) - pd.Timestamp(first)).days
    return pd.Timestamp(first) + pd.Timedelta(days=int(rng.integers(days + 1)))
