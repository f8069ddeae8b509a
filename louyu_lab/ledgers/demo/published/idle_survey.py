"""A second published example: a district that has nothing but its census of idle space.

The areas by type are those of a district's 招商 report (工业厂房 21.3 万㎡ … together about 125.4 万㎡);
its name and places are invented.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.ledgers.demo.frames import District
from louyu_lab.ledgers.demo.published.idle_details import described

_NAME, _CITY, _YEAR = "和宁区", "澜州", 2018
#: Type -> idle area (㎡), number of spaces, name, what it is meant for.
_TYPES = {
    "工业厂房": (213_000.0, 22, "{n}号标准厂房", "智能制造、检测服务"),
    "办公楼": (501_000.0, 58, "{n}号商务楼", "总部经济、软件服务"),
    "房地产商业": (289_000.0, 47, "{n}号商业用房", "零售、餐饮"),
    "安置房商业": (161_500.0, 39, "安置小区{n}号底商", "社区商业、养老托育"),
    "其他": (89_500.0, 16, "{n}号旧仓库", "文创园区、直播基地"),
}
#: Streets with the road that runs through each.
_ROADS = {"柳泉街道": "柳泉路", "云河街道": "云河大道", "石桥街道": "石桥街", "东湖镇": "东湖大街"}
#: What a type stands empty for, and whose it is, with shares.
_CAUSES = {
    "工业厂房": {"停产腾空": 0.5, "规划调整": 0.2, "设施陈旧": 0.2, "企业迁出": 0.1},
    "办公楼": {"企业迁出": 0.35, "新近投用": 0.25, "租金偏高": 0.2, "产权分散": 0.2},
    "房地产商业": {"定位不准": 0.35, "租金偏高": 0.25, "产权分散": 0.25, "新近投用": 0.15},
    "安置房商业": {"定位不准": 0.5, "新近投用": 0.3, "租金偏高": 0.2},
    "其他": {"停产腾空": 0.6, "设施陈旧": 0.4},
}
_OWNERSHIP = {
    "工业厂房": {"国有": 0.3, "集体": 0.25, "民营": 0.45},
    "办公楼": {"国有": 0.25, "民营": 0.5, "分散": 0.25},
    "房地产商业": {"国有": 0.1, "民营": 0.6, "分散": 0.3},
    "安置房商业": {"国有": 0.4, "集体": 0.6},
    "其他": {"国有": 0.6, "集体": 0.4},
}
#: Days that a space is idle at least and at most at the census: one just opened, and any other.
_FRESH_DAYS, _OTHER_DAYS = (60, 400), (90, 1_900)


def make_idle_survey(seed: int = 20180930) -> District:
    """Return the district: its idle ledger of one census, and the district's name in 区级总量."""
    rng = np.random.default_rng(seed)
    rows = pd.concat([_spaces(kind, *entry, rng) for kind, entry in _TYPES.items()], ignore_index=True)
    rows["street"] = rng.choice(list(_ROADS), len(rows))
    rows["idle_name"] = rows["street"].str.removesuffix("街道").str.removesuffix("镇") + rows["idle_name"]
    place = pd.Series(rng.permutation(len(rows))).groupby(rows["street"]).rank().astype(int)
    number = place * 6 - rng.integers(0, 3, len(rows)) * 2
    rows["address"] = _NAME + rows["street"] + rows["street"].map(_ROADS) + number.astype("str") + "号"
    scattered = rows["ownership"].mask(rows["idle_cause"].eq("产权分散"), "分散")
    rows["ownership"], rows["year"] = scattered, _YEAR
    rows.insert(0, "idle_id", [f"XZ{i:03d}" for i in range(1, len(rows) + 1)])
    days = pd.to_timedelta(rng.integers(0, 25, len(rows)), unit="D")
    rows["updated_date"], rows["disposal"] = pd.Timestamp(_YEAR, 11, 30) - days, "在闲"
    fresh, other = (rng.integers(*bounds, len(rows)) for bounds in (_FRESH_DAYS, _OTHER_DAYS))
    idle_days = np.where(rows["idle_cause"].eq("新近投用"), fresh, other)
    since = rows["updated_date"] - pd.to_timedelta(idle_days, unit="D")
    rows["idle_since_date"] = since.astype("datetime64[us]")
    totals = pd.DataFrame(
        [(_NAME, "总部企业税收", _YEAR, 13_397.0, "万元", "全口径")],
        columns=["region", "indicator", "year", "value", "unit", "scope"],
    )
    return District(_NAME, _CITY, _YEAR, {"idle": described(rows, rng), "district": totals})


def _spaces(
    kind: str, total: float, count: int, name: str, industry: str, rng: np.random.Generator
) -> pd.DataFrame:
    """Return ``count`` spaces of one type whose idle areas add up to ``total`` ㎡."""
    weights = np.exp(0.8 * rng.standard_normal(count))
    idle = (weights / weights.sum() * total).round(-1)
    idle[idle.argmax()] += total - idle.sum()
    cause, owner = _CAUSES[kind], _OWNERSHIP[kind]
    return pd.DataFrame(
        {
            "idle_name": [name.format(n=i) for i in range(1, count + 1)],
            "space_type": kind,
            "total_area_sqm": (idle * rng.uniform(1.0, 1.8, count)).round(-1),
            "idle_area_sqm": idle,
            "intended_industry": industry,
            "idle_cause": rng.choice(list(cause), count, p=list(cause.values())),
            "ownership": rng.choice(list(owner), count, p=list(owner.values())),
        }
    )
