"""What chapter 05 says of whom to invite: the targets, the matches, funnel and incubators."""

from __future__ import annotations

import pandas as pd

from louyu_lab.analysis.industry.scorecards.entry_thresholds import MIN_TENANTS
from louyu_lab.analysis.industry.targets.buildings import ABSENT, PRESENT
from louyu_lab.analysis.industry.targets.funnel import STAGES
from louyu_lab.analysis.industry.targets.holdout import LEAST_FIRMS
from louyu_lab.analysis.industry.targets.incubators import ALL_INCUBATORS, OTHER_BUILDINGS
from louyu_lab.analysis.industry.targets.opportunities import Opportunities
from louyu_lab.analysis.industry.targets.prospects import NEWCOMER_YEARS, Prospects
from louyu_lab.study.prose.numbers import is_known, listed, paragraph, percent, sqm, yuan


def target_words(targets: pd.DataFrame, told: dict[str, int]) -> str:
    """Say how many buildings have targets, which industries come first, and who is left out.

    ``told`` as ``targets.buildings.space_told``.
    """
    full = f"{told['full']} 幢没有可招商的空置面积，不列" if told["full"] else ""
    if not len(targets):
        return _no_targets_words(told)
    first = targets[targets["rank"] == 1]
    often = first["industry"].value_counts()
    new = targets[targets["kind"] == ABSENT]["building_id"].nunique()
    return paragraph(
        f"列出目标行业的楼宇 {len(first)} 幢，首选行业为"
        + listed([f"{name}（{count} 幢）" for name, count in often.items()], 5),
        f"{new} 幢的目标中有楼里还没有的行业" if new else "目标都是楼里已有的行业",
        f"其中 {told['unknown']} 幢不知空置多少，排在最后" if told["unknown"] else "",
        full,
    )


def expected_tax_words(targets: pd.DataFrame, expected: Prospects) -> str:
    """Say what the expected tax rests on, or what is lacking for it."""
    lacking = []
    if not len(expected.tax_per_sqm_yuan):
        lacking.append(f"没有一个行业有 {MIN_TENANTS} 户以上同时知道面积和税收的企业")
    if not is_known(expected.let_rate):
        lacking.append("缺连续两年的入驻面积，算不出消化率")
    if not is_known(expected.taxed_here_rate):
        lacking.append("企业台账没有填纳税地或区内注册")
    if lacking:
        return paragraph(f"预期税收从略：{'；'.join(lacking)}")
    whom = f"近 {NEWCOMER_YEARS} 年新来、已满一年的企业" if expected.of_newcomers else "全部在驻企业"
    first = targets[targets["rank"] == 1]
    sum_told = expected.yearly_total(first["industry"], first["vacant_area_sqm"])
    middle = f"；若来的都是中位企业，约 {yuan(sum_told['middle'])}" if is_known(sum_told["middle"]) else ""
    ends = f"（95%区间 {yuan(sum_told['lo'])}—{yuan(sum_told['hi'])}）" if is_known(sum_told["lo"]) else ""
    return paragraph(
        f"预期年税收 = 可招商空置面积 × 年消化率 {percent(expected.let_rate)}（近三年）× 该行业每㎡税收"
        f"（{whom}税收合计 ÷ 面积合计，不含一次性）× 本区纳税面积占比 {percent(expected.taxed_here_rate)}"
        "（按纳税地，没填的看是否区内注册）",
        ""
        if expected.of_newcomers
        else f"没有一个行业看得出 {MIN_TENANTS} 户以上新来的企业，只好用全部在驻企业，其中的老户使估计偏高",
        f"各楼只招首选行业，一年合计约 {yuan(sum_told['total'])}{ends}{middle}"
        if is_known(sum_told["total"])
        else "",
        "税收集中在少数大户，单幢楼的数只看量级",
        "同一幢楼的几个目标是几种选择，不能相加",
    )


def direction_words(directions: pd.DataFrame, told: dict[str, int]) -> str:
    """Say where buildings differ from the district, what to strengthen and what to add, or why none does.

    ``told`` as ``targets.buildings.space_told``. Without a building to invite to, ``target_words`` says so.
    """
    if not len(directions):
        if not told["open"]:
            return ""
        if not told["large"]:
            return f"没有一幢楼有 {LEAST_FIRMS} 家以上认得出行业的企业，看不出各楼自己的方向。"
        return "各楼的行业构成与全区相近，没有一个行业明显更多，看不出各楼自己的方向。"
    strong = directions[directions["kind"] == PRESENT].nlargest(3, "lift")
    named = [f"{_name(row)}的{row.industry}（约为全区的 {row.lift:.1f} 倍）" for row in strong.itertuples()]
    added = directions[directions["kind"] == ABSENT]["industry"].value_counts()
    return paragraph(
        f"特色最明显的是{'、'.join(named)}" if named else "",
        "补链方向（低于全区占比的行业中预期新入驻最多的）："
        + listed([f"{name}（{count} 幢）" for name, count in added.items()], 4, "个行业")
        if len(added)
        else "",
    )


def opportunity_words(found: Opportunities) -> str:
    """Say how many projects and spaces there are, how many match, and what is left on either side."""
    if found.projects == 0:
        done = "、".join(_done(found))
        return f"项目库没有在谈的项目{f'（{done}）' if done else ''}，机会清单从略。"
    blocked = found.blocked.groupby("blocked")["area_sqm"].agg(["size", "sum"])
    blocked = blocked.sort_values("size", ascending=False, kind="stable")
    reasons = listed(
        [
            f"{name} {int(row['size'])} 处" + (f"（{sqm(row['sum'])}）" if row["sum"] > 0 else "")
            for name, row in blocked.iterrows()
        ],
        5,
        "种情形",
    )
    matched = found.table["project_id"].nunique()
    assigned = found.table[found.table["is_assigned"]]
    taken = assigned[["needed_area_sqm", "area_sqm"]].min(axis=1).sum()
    why = found.unmatched["reason"].value_counts()
    offered = int((found.spaces["blocked"] == "").sum())
    return paragraph(
        f"项目库在谈 {found.projects} 个项目，可用空间 {offered} 处；{matched} 个项目有合适的空间",
        f"一处只给一个项目，可同时落位 {len(assigned)} 个，用去 {sqm(taken)}" if len(assigned) else "",
        f"{len(found.unmatched)} 个项目没有：" + "；".join(f"{name} {n} 个" for name, n in why.items())
        if len(found.unmatched)
        else "",
        f"{len(found.unused)} 处空间没有进入任何项目的备选（{sqm(found.unused['area_sqm'].sum())}）"
        if len(found.unused)
        else "",
        f"不列入的空间：{reasons}" if reasons else "",
        _left_out(found),
    )


def funnel_words(funnel: pd.DataFrame) -> str:
    """Say the conversions with their intervals, and that they are upper bounds."""
    rows = funnel[funnel["stage"].isin(STAGES)]
    if not len(rows):
        return "项目库没有写明项目阶段，漏斗从略。"
    steps = [
        f"{before}到{row.stage} {percent(row.conversion_rate)}（{_span(row.lo, row.hi)}）"
        for before, row in zip(rows["stage"], rows.iloc[1:].itertuples(), strict=False)
        if is_known(row.conversion_rate)
    ]
    others = funnel[~funnel["stage"].isin(STAGES)]
    aside = "、".join(f"{row.stage} {row.projects} 个" for row in others.itertuples())
    return paragraph(
        f"项目库 {int(funnel['projects'].sum())} 个项目" + (f"（{aside}未计入漏斗）" if aside else ""),
        f"转化率：{'，'.join(steps)}" if steps else "",
        "流失的项目多半已不在库里，真实转化率只会更低",
    )


def incubator_words(table: pd.DataFrame) -> str:
    """Say how long tenants of incubators stay beside others', and how many graduate."""
    if not len(table):
        return "楼宇台账没有标明孵化器、众创空间或联合办公，或看不出其中谁迁出，孵化情况从略。"
    rows = table.drop_duplicates("group").set_index("group")
    own = rows.loc[ALL_INCUBATORS]
    houses = int(table["building_id"].notna().sum())
    held = [
        f"{months} 个月 {percent(own[f'rate_{months}'])}" + _other(rows, f"rate_{months}")
        for months in (12, 24, 36)
        if is_known(own[f"rate_{months}"])
    ]
    graduated = ""
    if own["exits"] > 0:
        graduated = (
            f"迁出 {int(own['exits'])} 家，其中 {int(own['graduates'])} 家迁往区内其他楼宇"
            f"（毕业率 {percent(own['graduation_rate'])}{_other(rows, 'graduation_rate')}）"
        )
    return paragraph(
        f"孵化载体 {houses} 处，观察到 {int(own['spells'])} 段入驻",
        f"仍在的比例：{'，'.join(held)}" if held else "观察时间太短，留存率从略",
        graduated,
    )


def over_listed_words(rows: pd.DataFrame) -> str:
    """Say where the idle ledger offers more than the building has to let, from ``spaces.over_listed``."""
    if not len(rows):
        return ""
    excess = (rows["offered_sqm"] - rows["marketable_sqm"]).sum()
    first = "、".join(
        f"{_name(row)}（列出 {sqm(row.offered_sqm)}，可招商空置 {sqm(row.marketable_sqm)}）"
        for row in rows.head(3).itertuples()
    )
    return paragraph(
        f"{len(rows)} 幢楼在闲置台账里列出的可用面积多于运营台账的可招商空置，共多 {sqm(excess)}：{first}"
        + ("等" if len(rows) > 3 else ""),
        "两本台账不一致，清单照闲置台账列，请核对",
    )


def _no_targets_words(told: dict[str, int]) -> str:
    """Say why no building has targets."""
    if told["open"]:
        return "没有一家企业认得出行业，定不出目标行业。"
    if told["full"]:
        return f"{told['full']} 幢楼都没有可招商的空置面积，不列目标行业。"
    return "没有一幢楼可列：楼宇台账没有本年在用的楼宇，企业地址也对不上楼。"


def _done(found: Opportunities) -> list[str]:
    """The projects that look for nothing any more, in words."""
    parts = ((found.landed, "个已落地"), (found.given_up, "个已终止"))
    return [f"{count} {words}" for count, words in parts if count]


def _left_out(found: Opportunities) -> str:
    told = "、".join([*_done(found), *([f"{found.repeated} 行重复"] if found.repeated else [])])
    return f"项目库中另有 {told}，不再匹配" if told else ""


def _other(rows: pd.DataFrame, column: str) -> str:
    """What the other buildings have, in brackets, where it is known."""
    if OTHER_BUILDINGS not in rows.index or not is_known(rows.loc[OTHER_BUILDINGS, column]):
        return ""
    text = percent(rows.loc[OTHER_BUILDINGS, column])
    return f"，其他楼宇 {text}" if column == "graduation_rate" else f"（其他楼宇 {text}）"


def _span(low: float, high: float) -> str:
    return f"{percent(low)}—{percent(high)}"


def _name(row: object) -> str:
    return row.building if isinstance(row.building, str) else row.building_id
