"""What chapter 02 says of stock, occupancy, tax, movement and supply."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from louyu_lab.analysis.bands import NO_DATA
from louyu_lab.analysis.growth import ENTERED, LEFT, OCCUPANCY, UNSPLIT
from louyu_lab.ledgers.catalogue import catalogue
from louyu_lab.ledgers.model import Ledgers
from louyu_lab.study.prose.numbers import grown, is_known, listed, paragraph, percent, points, sqm, yuan


def values_of(indicators: pd.DataFrame, year: int) -> dict[str, float]:
    """Return indicator -> value in one year; what is not known is absent."""
    rows = indicators[indicators["year"] == year]
    return dict(zip(rows["indicator"], rows["value"].astype(float), strict=True))


def left_out_words(ledgers: Ledgers) -> str:
    """Say what chapter 02 leaves out without a building ledger, and for want of what; else nothing."""
    if ledgers.has("buildings"):
        return ""
    zh = {name: catalogue()[name].zh for name in ("buildings", "idle", "pipeline")}
    pipeline = f"缺{zh['pipeline']}，在建供应从略" if not ledgers.has("pipeline") else ""
    return paragraph(
        f"缺{zh['buildings']}：第一节核心指标与目标、第二节规模、第三节入驻与空置、第四节税收、第六节街道考核，"
        "以及闲置与空置面积的衔接，都从略",
        pipeline,
        f"以下只有第五节，据{zh['idle']}",
    )


def stock_words(indicators: pd.DataFrame, year: int, sizes: pd.DataFrame) -> str:
    """Say how many buildings there are, how large, and which size is most frequent."""
    now = values_of(indicators, year)
    areas = [
        f"{name} {sqm(now[code])}"
        for code, name in (("gross_area_sqm", "总建筑面积"), ("rentable_area_sqm", "可租售面积"))
        if code in now
    ]
    head = f"{year} 年末，全区在用商务楼宇 {now.get('buildings', 0):,.0f} 幢"
    known = sizes[(sizes["band"] != NO_DATA) & (sizes["buildings"] > 0)]
    most = ""
    if len(known):
        top = known.loc[known["buildings"].astype(float).idxmax()]
        most = f"{top['band']}的楼最多，{top['buildings']:,.0f} 幢，占 {percent(top['share_buildings'])}"
    return paragraph("，".join([head, *areas]), most)


def occupancy_words(indicators: pd.DataFrame, year: int, bands: pd.DataFrame) -> str:
    """Say the occupancy rate, its change, the vacant area and how the buildings spread over the bands."""
    now, before = values_of(indicators, year), values_of(indicators, year - 1)
    if "occupancy_rate" not in now:
        return "没有入驻数据，入驻率无从计算。"
    rate = f"入驻率 {percent(now['occupancy_rate'])}（入驻面积 ÷ 可租售面积）"
    if "occupancy_rate" in before:
        rate += f"，{points(now['occupancy_rate'] - before['occupancy_rate'])}"
    rows = indicators[(indicators["year"] == year) & (indicators["indicator"] == "vacancy_rate")]
    vacant = f"空置 {sqm(rows['numerator'].iloc[0])}" if len(rows) else ""
    unified = now.get("occupancy_rate_unified")
    split = f"不含分散产权楼宇，入驻率为 {percent(unified)}" if unified is not None else ""
    spread = "、".join(
        f"{row.band}的 {int(row.buildings)} 幢（{percent(row.share_buildings)}）"
        for row in bands.itertuples()
        if row.buildings
    )
    return paragraph("，".join(part for part in (rate, vacant) if part), split, f"按入驻率分档，{spread}")


def place_words(places: pd.DataFrame, level: str = "street") -> str:
    """Say which place has most buildings, and which the highest and lowest occupancy."""
    rows = places[places["level"] == level]
    if len(rows) < 2:
        return ""
    counts = rows["buildings"].astype(float)
    first = rows.loc[counts == counts.max(), "id"]
    each = "各 " if len(first) > 1 else ""
    text = f"楼宇最多的是{listed(first)}（{each}{counts.max():,.0f} 幢）"
    rated = rows.dropna(subset=["occupancy_rate"])
    if len(rated) < 2:
        return paragraph(text)
    high, low = rated.loc[rated["occupancy_rate"].idxmax()], rated.loc[rated["occupancy_rate"].idxmin()]
    spread = (
        f"入驻率最高的是{high['id']}（{percent(high['occupancy_rate'])}），"
        f"最低的是{low['id']}（{percent(low['occupancy_rate'])}）"
    )
    return paragraph(text, spread)


def tax_words(indicators: pd.DataFrame, year: int, bands: pd.DataFrame) -> str:
    """Say the building tax, its growth and share of the district, and what the top tier pays."""
    now, before = values_of(indicators, year), values_of(indicators, year - 1)
    if "tax_yuan" not in now:
        return "没有税收数据，本节从略。"
    total = f"{year} 年楼宇全口径税收 {yuan(now['tax_yuan'])}"
    if before.get("tax_yuan", 0) > 0:
        total += f"，{grown(now['tax_yuan'] / before['tax_yuan'] - 1)}"
    top = bands.iloc[0]
    yi = f"亿元楼 {int(top['buildings'])} 幢"
    if top["buildings"]:
        yi += f"，实现税收 {yuan(top['tax_yuan'])}，占楼宇税收 {percent(top['share_tax'])}"
        if is_known(top["share_district_tax"]):
            yi += f"、占全区税收 {percent(top['share_district_tax'])}"
    return paragraph(total, yi)


def tier_words(transitions: pd.DataFrame, order: list[str]) -> str:
    """Say how many buildings rose, fell or stayed between the tiers; ``order`` runs from the highest."""
    rank = {tier: place for place, tier in enumerate(order)}
    known = transitions[transitions["from_tier"].isin(order) & transitions["to_tier"].isin(order)]
    if len(known) == 0:
        return ""
    step = known["from_tier"].map(rank).astype(int) - known["to_tier"].map(rank).astype(int)
    up, down = (int(known.loc[side, "buildings"].sum()) for side in (step > 0, step < 0))
    same = int(known.loc[step == 0, "buildings"].sum())
    return paragraph(f"与上年相比，晋级 {up} 幢，降级 {down} 幢，{same} 幢不变")


def concentration_words(table: pd.DataFrame) -> str:
    """Say how many buildings live on a single taxpayer, and what is at stake."""
    rows = table[(table["level"] == "building") & table["is_single_source"].fillna(False).astype(bool)]
    if len(rows) == 0:
        return ""
    return paragraph(
        f"单一税源楼宇（首位税源占八成以上）{len(rows)} 幢，税收 {yuan(rows['tax_yuan'].sum())}",
        f"首位企业若全部迁出，共减收 {yuan(rows['loss_if_top_leaves_yuan'].sum())}",
    )


def key_taxpayer_words(table: pd.DataFrame) -> str:
    """Say, for each threshold, how many of the large taxpayers sit in buildings."""
    texts = []
    for threshold, part in table.groupby("threshold_yuan", sort=False):
        by_group = part.set_index("group")
        if not {"楼内", "全区"} <= set(by_group.index) or not by_group.loc["全区", "firms"]:
            continue
        whole, inside = by_group.loc["全区"], by_group.loc["楼内"]
        texts.append(
            f"税收 {yuan(threshold)}以上企业 {int(whole['firms'])} 户，"
            f"其中楼内 {int(inside['firms'])} 户（{percent(inside['share_firms'])}），"
            f"纳税 {yuan(inside['tax_yuan'])}（{percent(inside['share_tax'])}）"
        )
    return paragraph(*texts)


def growth_words(parts: pd.DataFrame, names: Mapping[str, str] | None = None) -> str:
    """Say what the change of building tax consists of, largest part first; parts below 1 万元 are silent.

    ``names`` (building id -> name) lets the part of occupancy name the buildings that make most of it:
    weighted by tax, it may well run against the district's occupancy rate.
    """
    rows = parts[parts["level"] == "district"].dropna(subset=["amount_yuan"])
    whole = rows["amount_yuan"].sum()
    rows = rows[rows["amount_yuan"].abs() >= 1e4]
    if len(rows) == 0:
        return ""
    rows = rows.reindex(rows["amount_yuan"].abs().sort_values(ascending=False).index)
    pieces = [_growth_piece(row.part, row.amount_yuan) for row in rows.itertuples()]
    makers = {OCCUPANCY: _makers_words(parts, OCCUPANCY, names or {})}
    pieces = [piece + makers.get(part, "") for piece, part in zip(pieces, rows["part"], strict=True)]
    change = f"增加 {yuan(whole)}" if whole >= 0 else f"减少 {yuan(-whole)}"
    return paragraph(f"楼宇税收比上年{change}：{'，'.join(pieces)}")


def _growth_piece(part: str, amount_yuan: float) -> str:
    direction = "增收" if amount_yuan > 0 else "减收"
    reason = {ENTERED: "新纳入楼宇", LEFT: "楼宇退出", UNSPLIT: "无法分解的"}.get(part, f"因{part}变化")
    return f"{reason}{direction} {yuan(abs(amount_yuan))}"


def _makers_words(parts: pd.DataFrame, part: str, names: Mapping[str, str], most: int = 3) -> str:
    """Name, in brackets, the up to ``most`` buildings that together make over half of the district's part."""
    rows = parts[parts["part"] == part]
    whole = rows.loc[rows["level"] == "district", "amount_yuan"].sum()
    if abs(whole) < 1e4 or not names:
        return ""
    share = rows[rows["level"] == "building"].set_index("id")["amount_yuan"] / whole
    first = share[share > 0].sort_values(ascending=False, kind="stable").head(most)
    enough = int((first.cumsum() <= 0.5).sum()) + 1
    if enough > len(first):
        return ""
    told = first.head(enough)
    direction = "增收" if whole > 0 else "减收"
    named = listed(names.get(building, building) for building in told.index)
    together = "合计" if enough > 1 else ""
    amount = yuan(abs(whole) * told.sum())
    return f"（逐幢按税收计，不同于全区入驻率的升降；主要是{named}，{together}{direction} {amount}）"


def move_words(table: pd.DataFrame, year: int) -> str:
    """Say how many firms came and left, and the net absorption."""
    rows = table[(table["level"] == "district") & (table["year"] == year)]
    if len(rows) == 0:
        return ""
    row = rows.iloc[0]
    text = f"{year} 年迁入 {int(row['entries'])} 家、迁出 {int(row['exits'])} 家"
    if is_known(row["net_absorption_sqm"]):
        area = row["net_absorption_sqm"]
        text += f"，净吸纳 {sqm(area)}" if area >= 0 else f"，净吸纳为负，入驻面积减少 {sqm(-area)}"
    if is_known(row["churn_rate"]):
        text += f"，换手率 {percent(row['churn_rate'])}"
    return paragraph(text)


def supply_words(table: pd.DataFrame) -> str:
    """Say how much is under construction and what it is to the stock."""
    if len(table) == 0:
        return ""
    office = table["office_area_sqm"].sum()
    of_it = f"（其中办公 {sqm(office)}）" if office else ""
    share = table["share_stock"].sum(min_count=1)
    of_stock = f"，相当于现有楼宇建筑面积的 {percent(share)}" if is_known(share) else ""
    return paragraph(
        f"在建项目 {int(table['projects'].sum())} 个、{sqm(table['gross_area_sqm'].sum())}{of_it}{of_stock}"
    )
