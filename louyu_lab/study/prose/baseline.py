"""What chapter 02 says of stock, occupancy, tax, movement, idle space and supply."""

from __future__ import annotations

import pandas as pd

from louyu_lab.analysis.bands import NO_DATA
from louyu_lab.analysis.growth import ENTERED, LEFT, UNSPLIT
from louyu_lab.analysis.idle import KEY_FLOOR_SQM
from louyu_lab.study.prose.numbers import grown, is_known, listed, paragraph, percent, points, sqm, yuan


def values_of(indicators: pd.DataFrame, year: int) -> dict[str, float]:
    """Return indicator -> value in one year; what is not known is absent."""
    rows = indicators[indicators["year"] == year]
    return dict(zip(rows["indicator"], rows["value"].astype(float), strict=True))


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


def growth_words(parts: pd.DataFrame) -> str:
    """Say what the change of building tax consists of, largest part first; parts below 1 万元 are silent."""
    rows = parts[parts["level"] == "district"].dropna(subset=["amount_yuan"])
    whole = rows["amount_yuan"].sum()
    rows = rows[rows["amount_yuan"].abs() >= 1e4]
    if len(rows) == 0:
        return ""
    rows = rows.reindex(rows["amount_yuan"].abs().sort_values(ascending=False).index)
    pieces = [_growth_piece(row.part, row.amount_yuan) for row in rows.itertuples()]
    change = f"增加 {yuan(whole)}" if whole >= 0 else f"减少 {yuan(-whole)}"
    return paragraph(f"楼宇税收比上年{change}：{'，'.join(pieces)}")


def _growth_piece(part: str, amount_yuan: float) -> str:
    direction = "增收" if amount_yuan > 0 else "减收"
    reason = {ENTERED: "新纳入楼宇", LEFT: "楼宇退出", UNSPLIT: "无法分解的"}.get(part, f"因{part}变化")
    return f"{reason}{direction} {yuan(abs(amount_yuan))}"


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


def idle_words(by_type: pd.DataFrame, key: pd.DataFrame) -> str:
    """Say how much space is idle, of which type most, and what the large ones make up."""
    if len(by_type) == 0:
        return ""
    spaces, whole, first = by_type["spaces"].sum(), by_type["idle_area_sqm"].sum(), by_type.iloc[0]
    text = f"普查闲置 {int(spaces)} 处、{sqm(whole)}"
    most = f"{first['space_type']}最多，占 {percent(first['share_idle'])}"
    large = ""
    if len(key):
        inside = key[key["in_stock"].fillna(False).astype(bool)]
        large = (
            f"{KEY_FLOOR_SQM:,.0f}㎡以上的重点闲置 {len(key)} 处、{sqm(key['idle_area_sqm'].sum())}，"
            f"其中在册楼宇内 {len(inside)} 处、{sqm(inside['idle_area_sqm'].sum())}"
        )
    note = "闲置资源含楼宇以外的空间，与空置面积不是一个口径，不能相减"
    return paragraph(f"{text}，{most}", large, note)


def supply_words(table: pd.DataFrame) -> str:
    """Say how much is under construction and what it is to the stock."""
    if len(table) == 0:
        return ""
    office = table["office_area_sqm"].sum()
    of_it = f"（其中办公 {sqm(office)}）" if office else ""
    return paragraph(
        f"在建项目 {int(table['projects'].sum())} 个、{sqm(table['gross_area_sqm'].sum())}{of_it}，"
        f"相当于现有楼宇建筑面积的 {percent(table['share_stock'].sum())}"
    )
