"""What chapter 05 says of tenants on the move, and of groups that grew in the district."""

from __future__ import annotations

import pandas as pd

from louyu_lab.analysis.industry.moves.doubts import Doubts
from louyu_lab.analysis.industry.moves.kinds import (
    BORN,
    CLOSED,
    ENTRIES,
    EXITS,
    FROM_OUTSIDE_BUILDINGS,
    INSIDE,
    TO_OUTSIDE_BUILDINGS,
)
from louyu_lab.study.prose.numbers import is_known, listed, paragraph, percent, yuan


def moves_words(moves: pd.DataFrame, tenancies: pd.DataFrame, year: int) -> str:
    """Say who changed building, came and left up to ``year``, with how much tax, or why nobody can tell."""
    if not len(moves):
        return _nothing_words(tenancies)
    rows = moves[moves["year"] == year]
    if not len(rows):
        return f"{year} 年末没有可与上年比较的企业名单，最近能比较的是 {int(moves['year'].max())} 年末。"
    inside, came, left = (rows[rows["kind"].isin(kinds)] for kinds in (INSIDE, ENTRIES, EXITS))
    return paragraph(
        f"{year} 年末与 {int(rows['from_year'].max())} 年末相比，有{_count(inside)}家企业在区内换楼，"
        f"有{_count(came)}家新来，有{_count(left)}家离开",
        _earlier_words(rows),
        _parts_words(came, left),
        _tax_words("换楼企业", inside),
        _largest_words(inside.head(1)),
        _tax_words("离开企业", left),
        "换楼只是税收在区内挪位，全区不增不减"
        + ("；上面的税收都是迁前最近一年的经常性税收" if rows["tax_before_yuan"].notna().any() else ""),
    )


def _earlier_words(rows: pd.DataFrame) -> str:
    """Say which streets are compared with an earlier year end, for want of a list."""
    usual = int(rows["from_year"].max())
    late = rows[rows["from_year"] < usual]
    street = late["from_street"].fillna(late["to_street"])
    return "；".join(
        f"其中{listed(sorted(set(names)))}没有 {usual} 年末的名单，是与 {int(at)} 年末相比，"
        f"所列 {late.loc[names.index, 'enterprise_id'].nunique():,} 家是几年合计"
        for at, names in street.groupby(late["from_year"])
    )


def _count(rows: pd.DataFrame) -> str:
    return f" {rows['enterprise_id'].nunique():,} "


def _nothing_words(tenancies: pd.DataFrame) -> str:
    if not len(tenancies) or tenancies["building_id"].isna().all():
        return "企业台账没有写明企业在哪幢楼，看不出谁换了楼。"
    if tenancies["year"].isna().all() and tenancies["move_out_date"].isna().all():
        return (
            "企业台账只列在驻企业，没有一家写明迁出日期，看不出谁搬走了；"
            "请补已迁出的企业和迁出日期，或逐年名单。"
        )
    return "企业台账没有前后两年可比的名单，或两年之间无人迁移，本节从略。"


def _parts_words(came: pd.DataFrame, left: pd.DataFrame) -> str:
    """Say how many that came and left the ledgers can explain."""
    told = [
        f"新来的有{_count(came[came['kind'] == BORN])}家是新设企业" if (came["kind"] == BORN).any() else "",
        f"有{_count(came[came['kind'] == FROM_OUTSIDE_BUILDINGS])}家原在区内楼外"
        if (came["kind"] == FROM_OUTSIDE_BUILDINGS).any()
        else "",
        f"离开的有{_count(left[left['kind'] == CLOSED])}家已注销" if (left["kind"] == CLOSED).any() else "",
        f"有{_count(left[left['kind'] == TO_OUTSIDE_BUILDINGS])}家去了区内楼外"
        if (left["kind"] == TO_OUTSIDE_BUILDINGS).any()
        else "",
    ]
    told = [text for text in told if text]
    rest = "台账没有记原址和去向，" + ("其余" if told else "") + "是否来自区外、去了区外，看不出来"
    return "，".join([*told, rest])


def _tax_words(who: str, rows: pd.DataFrame) -> str:
    known = rows[rows["tax_before_yuan"].notna()]
    if not len(rows):
        return ""
    if not len(known):
        return f"{who}的税收不详"
    return f"{who}中{_count(known)}家有税收记录，合计 {yuan(known['tax_before_yuan'].sum())}"


def _largest_words(rows: pd.DataFrame) -> str:
    """Say where the largest taxpayer that changed building went; name and tax are left to the list."""
    if not len(rows) or not is_known(rows["tax_before_yuan"].iloc[0]):
        return ""
    origin, goal = (_named(rows.iloc[0], name, f"{name}_id") for name in ("from_building", "to_building"))
    return f"其中税收最多的一家由{origin}迁到{goal}"


def _named(row: pd.Series, name: str, id_: str) -> str:
    return row[name] if isinstance(row[name], str) else row[id_]


def balance_words(balance: pd.DataFrame) -> str:
    """Say which buildings and streets won and lost tax by firms changing building, over the latest years."""
    if not len(balance):
        return ""
    whole = balance[balance["level"] == "district"].iloc[0]
    first, last = int(whole["from_year"]) + 1, int(whole["to_year"])
    span = f"{first}—{last} 年" if first < last else f"{last} 年"
    if not whole["moved_in"]:
        return f"{span}没有企业在区内楼宇之间换楼。"
    buildings = balance[(balance["level"] == "building") & balance["net_moved_yuan"].notna()]
    won = buildings[buildings["net_moved_yuan"] > 0].nlargest(3, "net_moved_yuan")
    lost = buildings[buildings["net_moved_yuan"] < 0].nsmallest(3, "net_moved_yuan")
    total = whole["moved_in_yuan"]
    return paragraph(
        f"{span}区内换楼 {int(whole['moved_in']):,} 家次"
        + (f"，迁前税收合计 {yuan(total)}" if is_known(total) else "，税收不详"),
        f"净得最多的是{_each(won)}" if len(won) else "",
        f"净失最多的是{_each(lost)}" if len(lost) else "",
        _area_words(whole),
        f"新来企业的次年税收不含 {int(whole['to_year'])} 年新来的，他们还没有完整的一年，不宜与离开企业的相减"
        if is_known(whole["came_yuan"]) and whole["came_yuan"] > 0
        else "",
    )


def _each(rows: pd.DataFrame) -> str:
    return "、".join(f"{row['name']}（{yuan(abs(row['net_moved_yuan']))}）" for _, row in rows.iterrows())


def _area_words(whole: pd.Series) -> str:
    if not is_known(whole["net_area_sqm"]):
        return ""
    more = whole["net_area_sqm"] >= 0
    return (
        f"连同新来、离开和增减租，企业租用面积净{'增' if more else '减'} {abs(whole['net_area_sqm']):,.0f}㎡"
    )


def industry_words(balance: pd.DataFrame) -> str:
    """Say which industries gained and lost most firms to outside the buildings."""
    rows = balance[balance["level"] == "industry"]
    if not len(rows):
        return ""
    net = (rows["came"] - rows["left"]).set_axis(rows["name"])
    gains, losses = net[net > 0].nlargest(3), net[net < 0].nsmallest(3)
    return paragraph(
        "分行业看，"
        + "；".join(
            [
                f"净增的有{_nets(gains)}" if len(gains) else "没有行业净增",
                f"净减的有{_nets(losses)}" if len(losses) else "没有行业净减",
            ]
        )
    )


def _nets(net: pd.Series) -> str:
    return "、".join(f"{name} {abs(int(count)):,} 家" for name, count in net.items())


def tax_parts_words(parts: pd.DataFrame) -> str:
    """Say how much of the change of building tax moves account for, and where they weigh most."""
    if not len(parts):
        return "缺少前后两年的企业名单和分企业税收，分不出楼宇税收增减中有多少来自企业迁移。"
    total = parts.sum(numeric_only=True)
    year, before = int(parts["year"].iloc[0]), int(parts["from_year"].iloc[0])
    moved = total["came_yuan"] + total["left_yuan"] + total["moved_in_yuan"] + total["moved_out_yuan"]
    inside = (parts["moved_in_yuan"] + parts["moved_out_yuan"]).abs()
    weighs = parts[inside > 0.5 * parts["change_yuan"].abs()]
    weighs = weighs[inside[weighs.index] > 0]
    return paragraph(
        f"两年税收都有数据的 {len(parts)} 幢楼，{year} 年经常性税收比 {before} 年"
        f"{_signed(total['change_yuan'])}："
        f"新来企业{_signed(total['came_yuan'])}，离开企业{_signed(total['left_yuan'])}，"
        f"换楼企业{_signed(total['moved_in_yuan'] + total['moved_out_yuan'])}（换楼前后之差），"
        f"与迁移无关的{_signed(total['change_yuan'] - moved)}",
        f"{len(weighs)} 幢楼的增减有一半以上可由区内换楼解释，评比增速时应剔除" if len(weighs) else "",
        "迁移当年只纳了一部分税，新来企业的贡献次年才看得全",
    )


def _signed(amount: float) -> str:
    return f"{'增' if amount >= 0 else '减'} {yuan(abs(amount))}"


def spinoff_words(groups: pd.DataFrame, namesakes: int) -> str:
    """Say what followed the first enterprise of each group (1+X), and whether into the same buildings."""
    asked = (
        f"另有 {namesakes:,} 家企业字号与台账里的集团相同而未填集团，是否同一集团请核对" if namesakes else ""
    )
    if not len(groups):
        return paragraph("企业台账没有填集团，看不出“1+X”", asked)
    grown = groups[groups["added"] > 0]
    first = "、".join(f"{row.group_name} {int(row.added)} 家" for row in grown.head(3).itertuples())
    added, same = int(grown["added"].sum()), int(grown["same_building"].sum())
    expected = grown["expected_same_building"].sum()
    share = groups["share_tax"].sum(min_count=1)
    return paragraph(
        f"台账填了集团的有 {len(groups)} 个集团，现有企业 {int(groups['firms'].sum()):,} 家"
        + (f"，税收占楼内列名企业的 {percent(share)}" if is_known(share) else ""),
        f"{len(grown)} 个集团在首家企业之后又来了 {added:,} 家，"
        f"现仍在驻 {int(grown['added_now'].sum()):,} 家；最多的是{first}"
        if len(grown)
        else "没有集团在首家之后再来企业",
        _together_words(added, same, expected) if added else "",
        _hq_words(groups),
        "先来后到只说明次序，不等于后来的由先到的引来",
        asked,
    )


def _together_words(added: int, same: int, expected: float) -> str:
    """Compare with chance: beyond three standard deviations of a sum of rare events (√expected) it tells."""
    beyond = abs(same - expected) > 3 * max(expected, 1.0) ** 0.5
    judged = ("明显多于" if same > expected else "明显少于") if beyond else "与随机落户相当，看不出"
    return (
        f"后来的 {added:,} 家中 {same:,} 家进了同集团已在的楼；若与同年其他新来企业一样随机落户，"
        f"应有约 {expected:,.0f} 家，{judged}{'随机' if beyond else '抱团'}"
    )


def _hq_words(groups: pd.DataFrame) -> str:
    marked = groups["hq_first"].dropna()
    if not len(marked):
        return "各集团都没有标明总部，说不上是否由总部带来"
    first = int(marked.astype(bool).sum())
    return f"标明总部的集团有 {len(marked)} 个，" + (
        f"其中 {first} 个是总部先到" if first else "都不是总部先到"
    )


def doubt_words(doubts: Doubts, year: int) -> str:
    """Say which moves may be none: firms renamed, buildings joined, space taken or given up."""
    pairs = doubts.renamed[doubts.renamed["year"] == year]
    shown = [f"{row.left}与{row.came}（{row.basis}）" for row in pairs.itertuples()]
    whole = [
        f"{row.from_building}并入{row.to_building}（{row.firms} 家）" for row in doubts.together.itertuples()
    ]
    return paragraph(
        f"{year} 年一出一进、可能是同一企业换照的有 {len(pairs)} 对：{listed(shown, 3, '对')}；"
        "台账看不出，按离开和新来各计一次"
        if len(pairs)
        else "",
        f"整楼转移疑为楼宇合并或改号，未计入换楼：{listed(whole, 3, '处')}" if whole else "",
        f"另有 {doubts.resized:,} 家次只是在别的楼增租或退租，不算迁移" if doubts.resized else "",
    )
