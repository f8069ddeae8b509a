"""What the appendix of chapter 01 says of the district's distributions beside the references."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from louyu_lab.analysis.moments import FAR_FACTOR, district_statistic
from louyu_lab.analysis.moments_reference import STATISTICS_ZH, Reference, measures
from louyu_lab.analysis.printing import printed_value
from louyu_lab.study.prose.numbers import is_known, paragraph, percent

#: Measures that are near 0 for real taxes, in the order they are said, and how each is said.
REGULARITIES = {"same_tax_rate": "税额相同", "round_tax_rate": "整十万元", "even_tax_rate": "前后等距"}

#: Above this share of regular amounts the taxes ask for a look.
REGULAR_SHARE = 0.1


def far_words(far: pd.DataFrame, members: pd.DataFrame, single: pd.DataFrame) -> str:
    """Say of each measure far from its references what to look at, as a Markdown list.

    ``far`` comes from ``moments.far_from_references``, the others from ``member_values`` and
    ``district_values``.
    """
    if len(members) == 0 and len(single) == 0:
        return "没有可比的数据。"
    if len(far) == 0:
        return "与各地参照值相比，没有相差悬殊的。"
    return "\n".join(f"- {_far_sentence(row, members, single)}" for row in far.itertuples())


def _far_sentence(row: object, members: pd.DataFrame, single: pd.DataFrame) -> str:
    measure = measures()[row.measure]
    reference = measure.references[row.nearest]
    own = district_statistic(measure.name, reference.statistic, members, single)
    value, given = (printed_value(number, measure.unit) for number in (own, reference.value))
    head = f"{measure.zh}{_kind(reference)} {value}，参照 {given}（{reference.label}）"
    if row.reason == "factor":
        times = row.times if row.times > 1 else 1 / row.times if row.times > 0 else float("inf")
        apart = f"相差 {times:,.1f} 倍" if times < float("inf") else "本区为 0"
        return paragraph(f"{head}，{apart}，请核对单位或口径")
    spread = members.loc[members["measure"] == measure.name, "value"].quantile([0.1, 0.9])
    low, high = (printed_value(number, measure.unit) for number in spread)
    return paragraph(f"{head}，参照值在本区 10%—90% 分位（{low}—{high}）之外，请核对单位或口径")


def elsewhere(name: str) -> Reference | None:
    """Return the reference to set beside the printed one of a measure: the first from another place."""
    return measures()[name].elsewhere


def with_elsewhere(table: pd.DataFrame) -> pd.DataFrame:
    """Return table ``moments`` with the reference from elsewhere behind the place of the printed one."""
    others = {name: _named(name, other) for name in table["measure"] if (other := elsewhere(name))}
    told = table["measure"].map(others)
    return table.assign(place=table["place"].mask(told.notna(), table["place"] + "；另" + told))


def elsewhere_note(drawn: Iterable[str], members: pd.DataFrame) -> str:
    """Name under the figure the references from elsewhere of the measures ``drawn`` that are known."""
    known = [name for name in drawn if (members["measure"] == name).any()]
    told = [f"{measures()[name].zh}，{_named(name, other)}" for name in known if (other := elsewhere(name))]
    return f"别处：{'；'.join(told)}。" if told else ""


def elsewhere_words(members: pd.DataFrame, single: pd.DataFrame) -> str:
    """Say how the district stands to places other than the one its first references come from."""
    near, far = [], []
    for name, measure in measures().items():
        other = elsewhere(name)
        own = district_statistic(name, other.statistic, members, single) if other else float("nan")
        if not is_known(own):
            continue
        text = f"{measure.zh}{_kind(other)} {printed_value(own, measure.unit)}，{_named(name, other)}"
        is_near = 1 / FAR_FACTOR <= own / other.value <= FAR_FACTOR
        (near if is_near else far).append(text)
    if not near and not far:
        return ""
    apart = f"相差 {FAR_FACTOR:.0f} 倍以上的 {len(far)} 项：{'；'.join(far)}" if far else ""
    within = f"{'其余' if far else '都'}在 {FAR_FACTOR:.0f} 倍以内：{'；'.join(near)}" if near else ""
    return paragraph(f"换一个地方比，能比的有 {len(near) + len(far)} 项", apart, within)


def regularity_words(single: pd.DataFrame) -> str:
    """Say what share of the large taxes repeats another, is round or evenly spaced: numbers made up are."""
    own = single.set_index("measure")
    told = {name: own.loc[name, "value"] for name in REGULARITIES if name in own.index}
    if not told:
        return ""
    shares = "、".join(f"{REGULARITIES[name]}的占 {percent(value)}" for name, value in told.items())
    high = [REGULARITIES[name] for name, value in told.items() if value > REGULAR_SHARE]
    text = f"税收千万元以上的 {int(own.loc[next(iter(told)), 'n'])} 户中，{shares}"
    verdict = f"{'、'.join(high)}的偏多，请核对是否为估数" if high else "真实税额很少如此，这几项没有异常"
    return paragraph(f"{text}；{verdict}")


def _named(name: str, other: Reference) -> str:
    return f"{other.place}（{other.year}）" + f"{_kind(other)} {_value(name, other)}".lstrip()


def _kind(reference: Reference) -> str:
    return "" if reference.statistic in ("value", "pooled") else STATISTICS_ZH[reference.statistic]


def _value(name: str, reference: Reference) -> str:
    return printed_value(reference.value, measures()[name].unit)


def scope_words() -> str:
    """Say what a reference is, and when a measure is named."""
    return paragraph(
        "参照来自各地公开的规划、总结和研究，年份、口径不一，只用来发现单位和口径上的问题，不是标准",
        f"与各处参照都相差 {FAR_FACTOR:.0f} 倍以上，或参照都落在本区 10%—90% 分位之外的，下面逐条列出",
        "第一个参照多取自沈阳市和平区，演示城区正是照它编的，相符说明不了什么，所以另列一处别的地方",
        "入驻年限是年末在驻企业已经待了多久，参照是完整的租期或寿命，不能直接相比",
    )
