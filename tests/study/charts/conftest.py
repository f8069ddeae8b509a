"""Invented tables in several sizes, and the check that a figure can be read."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

LONG = "东北亚国际金融与科技创新中心OneWorld世界城(二期)A座"
STREETS = [
    "南湖街道", "太原街街道", "马路湾街道", "浑河湾街道",
    "北市场街道", "西塔街道", "沈水湾街道", "长白岛新区街道办事处",
]  # fmt: skip
INDUSTRIES = [
    "商贸", "科技", "金融", "文化", "商务服务", "房地产", "建筑", "制造",
    "交通物流", "住宿餐饮", "教育", "卫生社会", "居民服务", "公共设施环境", "其他",
]  # fmt: skip
CORE = [
    "楼宇总建筑面积", "可租售面积", "入驻率", "注册率", "行业集聚度",
    "税源率", "亿元楼数量", "楼宇税收", "单位面积税收（按可租售面积）", "党组织覆盖率",
    "中介服务覆盖率", "政企智慧平台覆盖率", "星级楼宇数量", "特色楼宇数量",
]  # fmt: skip
CAUSES = [
    "司法查封", "产权纠纷", "资金链断裂", "设施陈旧", "新入市招租", "疫情退租", "规划调整", "其他", None,
]  # fmt: skip
TIERS = ("亿元楼", "准亿元楼", "5000万–7000万元", "千万元楼", "准千万元楼", "其他", "无数据")


def sample_tables(
    buildings: int, streets: int, years: int, awkward: bool = False, seed: int = 7
) -> SimpleNamespace:
    """Return one of every table drawn; ``awkward`` puts in NaN, zeros, refunds and long names."""
    rng = np.random.default_rng(seed)
    places = [STREETS[at] if at < len(STREETS) else f"第{at + 1}街道" for at in range(streets)]
    span = list(range(2021 - years, 2021))
    tables = SimpleNamespace(year=2020, **_stock(rng, buildings, places, span, awkward))
    for part in (_bands(rng, buildings, awkward), _change(rng, span, awkward), _idle(rng, places, awkward)):
        vars(tables).update(part)
    vars(tables).update(_industry(rng, buildings, places, span, awkward))
    vars(tables).update(_checks(rng, awkward))
    return tables


def _stock(rng, count: int, places: list[str], span: list[int], awkward: bool) -> dict[str, pd.DataFrame]:
    gross = rng.lognormal(10.5, 0.6, count).round()
    tax = rng.lognormal(16.3, 1.85, count).round()
    names = [f"和安{'国际金融中心' if at % 3 else '大厦'}{at + 1}号" for at in range(count)]
    occupancy = rng.uniform(0.3, 1.0, count).round(3)
    if awkward:
        names[0], tax[0] = LONG, -3.2e6
        tax[1:count:5], occupancy[1:count:7] = np.nan, np.nan
        tax[2:count:9] = 0.0
    ids = [f"B{at + 1:03d}" for at in range(count)]
    street = [places[at % len(places)] for at in range(count)]
    unit_tax = pd.DataFrame({
        "rank": range(1, count + 1), "building_id": ids, "building": names, "street": street, "grade": "甲级",
        "tax_yuan": tax, "gross_area_sqm": gross, "tax_per_gross_yuan_sqm": tax / gross,
        "tax_per_rentable_yuan_sqm": tax / gross / 0.8,
        "tax_per_occupied_yuan_sqm": tax / gross / 0.8 / occupancy,
        "class": "A",
    })  # fmt: skip
    level = ["district", *["street"] * len(places), *["building"] * count]
    keys = ["和安区", *places, *ids]
    areas = np.concatenate([[gross.sum()], rng.uniform(1e5, 9e5, len(places)), gross])
    rollup = pd.DataFrame(
        {"level": level, "id": keys, "gross_area_sqm": areas, "rentable_area_sqm": areas * 0.8}
    )
    rollup["tax_yuan"] = np.concatenate([[np.nansum(tax)], rng.uniform(1e7, 9e8, len(places)), tax])
    rollup["occupancy_rate"] = np.concatenate([[0.82], rng.uniform(0.6, 0.98, len(places)), occupancy])
    rollup["tax_per_sqm_yuan"] = rollup["tax_yuan"] / rollup["gross_area_sqm"]
    if awkward:
        rollup.loc[1, ["occupancy_rate", "tax_yuan", "tax_per_sqm_yuan"]] = np.nan
    moved = [
        rollup.assign(year=y, occupancy_rate=rollup["occupancy_rate"] - 0.015 * (2020 - y)) for y in span
    ]
    yearly = {"tax_yuan": rng.uniform(3e9, 6e9, len(span)), "yi_buildings": np.arange(len(span))}
    indicators = pd.DataFrame({"year": span, **yearly}).melt("year", var_name="indicator")
    return {
        "unit_tax": unit_tax, "rollup": rollup, "places": rollup[rollup["level"] == "street"],
        "rollup_by_year": pd.concat(moved, ignore_index=True), "indicators": indicators,
    }  # fmt: skip


def _bands(rng, count: int, awkward: bool) -> dict[str, pd.DataFrame]:
    def split(names: list[str], money: str) -> pd.DataFrame:
        buildings = rng.multinomial(count, np.full(len(names), 1 / len(names)))
        amount = buildings * rng.uniform(2e4, 9e4) * (1.0 if money != "tax_yuan" else 1e3)
        if awkward:
            buildings[-1], amount[-1] = 0, np.nan
        shares = {
            "share_buildings": buildings / max(1, buildings.sum()),
            "share_area": amount / np.nansum(amount),
        }
        frame = pd.DataFrame({"band": names, "buildings": buildings, money: amount, **shares})
        return frame.assign(share_tax=frame["share_area"])

    rates = ["85%及以上", "70%—85%", "50%—70%", "50%以下", "无数据"]
    sizes = ["1万㎡以下", "1万—3万㎡", "3万—5万㎡", "5万—10万㎡", "10万㎡及以上"]
    return {
        "occupancy_bands": split(rates, "rentable_area_sqm"),
        "size_bands": split(sizes, "gross_area_sqm"),
        "tax_bands": split(list(TIERS), "tax_yuan"),
    }


def _change(rng, span: list[int], awkward: bool) -> dict[str, pd.DataFrame]:
    parts = ["面积", "入驻率", "单产", "新纳入楼宇", "退出楼宇", "无法分解"]
    amounts = np.array([1.2e8, -0.8e8, 3.4e8, 0.9e8, -0.3e8, 0.0])
    growth = pd.DataFrame(
        {"from_year": 2019, "to_year": 2020, "level": "district", "id": "和安区", "part": parts}
    )
    growth["amount_yuan"] = amounts / (1e4 if awkward else 1.0)
    after = [*TIERS, "退出"]
    pairs = [(a, b) for row, a in enumerate([*TIERS, "新纳入"]) for b in after[max(0, row - 2) : row + 3]]
    moves = pd.DataFrame(pairs, columns=["from_tier", "to_tier"]).assign(from_year=2019, to_year=2020)
    moves["buildings"] = rng.integers(0, 30, len(moves))
    flows = pd.DataFrame({"year": span, "level": "district", "id": "和安区"})
    flows["entries"], flows["exits"] = rng.integers(50, 1400, len(span)), rng.integers(30, 900, len(span))
    flows["net_absorption_sqm"] = rng.normal(0, 9e4, len(span))
    if awkward:
        flows = flows.astype({"entries": "Float64"})
        flows.loc[0, ["entries", "net_absorption_sqm"]] = [pd.NA, np.nan]
    core = pd.DataFrame({"indicator": CORE, "name_zh": CORE, "target_year": 2022})
    core["completion_rate"] = rng.uniform(0.0, 1.0, len(CORE))
    core["elapsed_rate"] = 1 / 3
    core["status"] = np.where(
        core["completion_rate"] > 0.38, "领先", np.where(core["completion_rate"] < 0.28, "滞后", "正常")
    )
    if awkward:
        core.loc[[0, 1, 2], "completion_rate"] = [-2.4, 7.5, np.nan]
    return {"growth_parts": growth, "tier_transitions": moves, "moves": flows, "core_indicators": core}


def _idle(rng, places: list[str], awkward: bool) -> dict[str, pd.DataFrame]:
    types = ["工业厂房", "办公楼", "房地产商业", "安置房商业", "其他"] + ([LONG] if awkward else [])
    by_type = pd.DataFrame({"space_type": types, "spaces": rng.integers(1, 60, len(types))})
    by_type["idle_area_sqm"] = rng.uniform(1e4, 5e5, len(types))
    by_type["share_idle"] = by_type["idle_area_sqm"] / by_type["idle_area_sqm"].sum()
    pairs = pd.MultiIndex.from_product([places, CAUSES], names=["area", "idle_cause"]).to_frame(index=False)
    pairs["idle_area_sqm"], pairs["spaces"] = rng.uniform(0, 6e4, len(pairs)), 2
    months = rng.integers(0, 140, 40).astype("float64")
    key = pd.DataFrame(
        {"idle_id": range(40), "idle_area_sqm": rng.uniform(3e3, 5e4, 40), "idle_months": months}
    )
    supply = pd.DataFrame(
        {"planned_completion_year": pd.array([2021, 2021, 2022, 2023, 2025, pd.NA], dtype="Int64")}
    )
    supply["gross_area_sqm"] = rng.uniform(5e4, 9e5, 6)
    supply["office_area_sqm"] = supply["gross_area_sqm"] * 0.55
    supply["street"] = [places[0], "乙街道", *[places[0]] * 4]
    if awkward:
        pairs.loc[::4, "idle_area_sqm"], key.loc[::3, "idle_months"] = np.nan, np.nan
        supply.loc[[1, 4], "office_area_sqm"] = np.nan
    return {"idle_by_type": by_type, "idle_by_place": pairs, "idle_key": key, "supply": supply}


def _industry(rng, count: int, places: list[str], span: list[int], awkward: bool) -> dict[str, pd.DataFrame]:
    firms = (rng.dirichlet(np.full(15, 0.5)) * 12000).round() + 1
    summary = pd.DataFrame({"industry": INDUSTRIES, "firms": firms, "share_firms": firms / firms.sum()})
    summary["share_area"], summary["share_tax"] = rng.dirichlet(np.ones(15)), rng.dirichlet(np.ones(15))
    if awkward:
        summary["share_tax"] = np.nan
        summary.loc[3, "share_area"] = np.nan
    keys = [("district", "和安区"), *[("street", place) for place in places]]
    mixes = []
    for year in span:
        for level, key in keys:
            shares = rng.dirichlet(np.full(15, 0.8))
            frame = pd.DataFrame({"year": year, "level": level, "id": key, "industry": INDUSTRIES})
            mixes.append(frame.assign(share_firms=shares, firms=(shares * 1000).round()))
    mix = pd.concat(mixes, ignore_index=True)
    shares, tenants = rng.uniform(0.2, 1.0, count), rng.integers(2, 300, count)
    concentration = pd.DataFrame({"building_id": [f"B{at + 1:03d}" for at in range(count)], "firms": tenants})
    concentration["share_industry_firms"] = shares
    concentration["expected_rate"] = 0.35 + 0.6 / np.sqrt(tenants)
    concentration["building"] = [f"云台{at + 1}号大厦" for at in range(count)]
    concentration["is_small"] = tenants < 10
    concentration["is_above_chance"] = shares > concentration["expected_rate"] + 0.2
    last = mix[mix["year"] == 2020].drop(columns="year")
    return {
        "industry_summary": summary, "industry_mix": last, "industry_mix_by_year": mix,
        "industry_concentration": concentration,
    }  # fmt: skip


def _checks(rng, awkward: bool) -> dict[str, pd.DataFrame]:
    rules = [
        "信用代码校验位不对",
        "入驻面积大于可租售面积",
        "楼宇不在楼宇台账",
        "单位前后年份不一致",
        "日期无法识别",
        "负税收",
    ]
    rules += [f"第{at}种问题：说明文字写得很长的一种情况" for at in range(14)] if awkward else []
    faults = pd.DataFrame({"rule": rng.choice(rules, 400), "severity": rng.choice(["error", "warning"], 400)})
    rows = []
    for ledger, count in (("楼宇台账", 30), ("企业台账", 20), ("税收台账", 5)):
        columns = [
            *["统一社会信用代码", "特色楼宇认定年份", "可租售面积", "客梯"],
            *map("第{}列".format, range(count - 4)),
        ]
        rates = np.minimum(1.0, rng.uniform(0.3 if awkward else 0.7, 1.3, len(columns)))
        rows.append(pd.DataFrame({"ledger": ledger, "column": columns, "completeness_rate": rates}))
    completeness = pd.concat(rows, ignore_index=True).assign(rows=89)
    return {"faults": faults, "column_completeness": completeness}


def visible_texts(figure: Figure) -> list[Text]:
    """Return the texts that are really printed; tick labels outside the view are not."""
    texts = []
    for ax in figure.axes:
        ticks = {}
        for axis in (ax.xaxis, ax.yaxis):
            low, high = sorted(axis.get_view_interval())
            for at, tick in zip(axis.get_majorticklocs(), axis.get_major_ticks(), strict=False):
                inside = low - 1e-9 <= at <= high + 1e-9 and axis.get_visible() and ax.axison
                ticks |= {tick.label1: inside, tick.label2: inside}
            ticks |= {label: False for tick in axis.get_minor_ticks() for label in (tick.label1, tick.label2)}
        texts += [text for text in ax.findobj(Text) if ticks.get(text, True)]
        if not ax.axison:
            hidden = {ax.xaxis.label, ax.yaxis.label, ax.xaxis.offsetText, ax.yaxis.offsetText}
            texts = [text for text in texts if text not in hidden]
    inner = {text for ax in figure.axes for text in ax.findobj(Text)}
    texts += [text for text in figure.findobj(Text) if text not in inner]
    return [text for text in texts if text.get_visible() and text.get_text().strip()]


def check_readable(figure: Figure) -> None:
    """Fail on missing glyphs, text beyond the edge, texts over each other, and text too small."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure.canvas.draw()
    renderer = figure.canvas.get_renderer()
    boxes = {text: text.get_window_extent(renderer) for text in visible_texts(figure)}
    for text, box in boxes.items():
        # One pixel at 100 dpi is a quarter of a millimetre: rounding of glyph edges, not a cut.
        edge = figure.bbox.padded(1.0)
        assert edge.x0 <= box.x0 and box.x1 <= edge.x1, f"cut at the side: {text.get_text()!r}"
        assert edge.y0 <= box.y0 and box.y1 <= edge.y1, f"cut at top or foot: {text.get_text()!r}"
        assert text.get_fontsize() >= 10.5
    assert_apart([text.get_text() for text in boxes], list(boxes.values()))


def assert_apart(texts: list[str], boxes: list[Bbox]) -> None:
    """Fail where two texts overlap, naming both."""
    # Line boxes hold some air above and below the glyphs; 1.5 px of it may be shared.
    left, foot, right, top = np.array([box.padded(-1.5).extents for box in boxes]).reshape(-1, 4).T
    meet = (left[:, None] < right) & (left < right[:, None]) & (foot[:, None] < top) & (foot < top[:, None])
    pairs = np.argwhere(np.triu(meet, 1))
    assert not len(pairs), f"{texts[pairs[0][0]]!r} over {texts[pairs[0][1]]!r}"


SIZES = {
    "usual": (89, 6, 5, False),
    "one": (1, 1, 1, False),
    "few": (5, 2, 2, True),
    "many": (200, 20, 14, True),
}


@pytest.fixture(scope="session", params=["one", "few", "many"])
def tables(request: pytest.FixtureRequest) -> SimpleNamespace:
    """Every table drawn, from one building in one year to 200 in fourteen."""
    return sample_tables(*SIZES[request.param])


@pytest.fixture(scope="session")
def usual() -> SimpleNamespace:
    """Every table drawn, of a district of usual size."""
    return sample_tables(*SIZES["usual"])


@pytest.fixture(scope="session")
def readable() -> Callable[[Figure], None]:
    """The check that a figure can be read."""
    return check_readable
