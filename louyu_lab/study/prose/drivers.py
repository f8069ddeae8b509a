"""What chapter 03 says of the drivers of vacancy: what goes with it, how sure, and what cannot be known."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.analysis.vacancy.drivers.hidden import robustness
from louyu_lab.analysis.vacancy.drivers.result import DriverFit
from louyu_lab.analysis.vacancy.drivers.tree_check import LOGIT, TREE, TreeCheck
from louyu_lab.analysis.vacancy.measures.declared import declared_drivers, in_words, without_years
from louyu_lab.analysis.vacancy.model import VacancyModel
from louyu_lab.study.prose.numbers import listed, paragraph, percent

#: Buildings whose blanks are told only beyond this share.
_FEW_BLANKS = 0.02


def sample_words(model: VacancyModel, unreported: int = 0) -> str:
    """Say which rows and drivers the model has, or why there is none.

    ``unreported`` counts the rows whose occupied area no occupancy ledger reports.
    """
    if model.fit is None:
        return f"本节从略：{'；'.join(text.rstrip('。') for text in model.problems)}。"
    found = model.fit.diagnostics
    years = sorted(model.frame.loc[~model.frame["is_lease_up"], "year"].unique())
    used = [name for name in model.fit.design.drivers if name != "year"]
    span = f"{years[0]}—{years[-1]} 年" if len(years) > 1 else f"{years[0]} 年"
    return paragraph(
        f"进入模型的是 {span} {found.clusters} 幢楼宇的 {found.rows} 个年末，{len(used)} 项因素同时比较",
        f"其中 {unreported} 个年末运营台账没有报，入驻面积由企业台账的租用面积相加" if unreported else "",
        _blank_words(model),
        *(in_words(text).rstrip("。") for text in found.cautions),
    )


def effect_words(effects: pd.DataFrame, level: float) -> str:
    """Say which effects are told apart from none, which run against practice, and what chance would give."""
    known = declared_drivers()
    rows = without_years(effects)
    if not len(rows):
        return ""
    apart = rows[(rows["lo_pp"] > 0) | (rows["hi_pp"] < 0)]
    apart = apart.assign(size=apart["effect_pp"].abs()).sort_values("size", ascending=False, kind="stable")
    named = "；".join(_effect(row) for row in apart.itertuples())
    against = [row.name_zh for row in apart.itertuples() if known[row.driver].sign * row.effect_pp < 0]
    by_chance = f"即使全无关系，{len(rows)} 项里平均也会有 {len(rows) * (1 - level):.1f} 项碰巧如此"
    return paragraph(
        f"其他因素相同时，与空置率相关的：{named}（括号内为 {level:.0%}区间）" if named else "",
        f"{len(rows)} 项里区间不含零的 {len(apart)} 项；{by_chance}",
        f"{listed(against)}的方向与通常经验相反，多半是与别的因素重叠或本区另有原因，不宜据此决策"
        if against
        else "",
    )


def advice_words(effects: pd.DataFrame) -> str:
    """Say of the effects told apart from none what to mind, and what a bureau could move."""
    known = declared_drivers()
    rows = without_years(effects)
    rows = rows[(rows["lo_pp"] > 0) | (rows["hi_pp"] < 0)]
    apart = [(known[row.driver], row.effect_pp) for row in rows.itertuples()]
    minded = [f"{driver.zh}：{driver.caution}" for driver, _ in apart if driver.caution]
    # What runs against practice is no ground to act on.
    movable = [
        f"{driver.zh}（{driver.movable}）"
        for driver, size in apart
        if driver.movable and driver.sign * size > 0
    ]
    return paragraph(
        f"解读时注意——{'。'.join(minded)}" if minded else "",
        f"区里有办法动的：{'、'.join(movable)}；动了会怎样，看政策一节或先做试点" if movable else "",
    )


def doubt_words(model: VacancyModel) -> str:
    """Say how far the effects hang on one building, on weighting by area, and on what no ledger shows."""
    if model.fit is None:
        return ""
    return paragraph(
        _influence_words(model.fit), _area_words(model.fit, model.by_area), _hidden_words(model.fit)
    )


def tree_words(check: TreeCheck) -> str:
    """Say whether a boosted tree predicts buildings it has not seen better than the model does."""
    if check.refused:
        return f"没有用提升树核对：{check.refused.rstrip('。')}。"
    said = {
        TREE: "提升树更准：与这些因素的关系可能有拐点或相互作用，上面的平均效应只是粗略",
        LOGIT: "本章的模型更准，没有发现被漏掉的拐点或相互作用",
    }.get(check.wins, "两者没有可靠的差别，没有发现被漏掉的拐点或相互作用")
    return paragraph(f"换用提升树，预测没有见过的楼宇（{check.clusters} 幢分组交叉验证）：{said}")


def unknown_words(model: VacancyModel) -> str:
    """Say which causes the ledgers cannot tell, by reason, and what a hidden quality does to the others."""
    left = model.status[~model.status["used"] & ~model.status["reason"].str.startswith("已用")]
    reasons = [
        f"{'、'.join(rows['zh'])}：{reason.rstrip('。')}"
        for reason, rows in left.groupby("reason", sort=False)
    ]
    return paragraph(
        f"没有进入模型的因素：{'；'.join(reasons)}" if reasons else "",
        *_bound_words(model),
        "没有进入模型，不等于没有关系",
    )


def left_out_words(model: VacancyModel) -> str:
    """Say that a section is left out for want of a model; empty where there is one."""
    return "" if model.fit else "没有模型（原因见第三节），本节从略。"


def _bound_words(model: VacancyModel) -> list[str]:
    """Say between what a driver's strata may lie apart where part of the vacancies is not known."""
    known = declared_drivers()
    return [
        f"{known[row.driver].zh}为“{row.stratum}”的楼宇与其余相差 {row.lo_pp:+.0f} 至 {row.hi_pp:+.0f} "
        "个百分点（没有空置数据的全按满租或全按空置算的两头）"
        for row in model.bounds.itertuples()
    ]


def _effect(row: object) -> str:
    word = "高" if row.effect_pp > 0 else "低"
    ends = np.sort(np.abs([row.lo_pp, row.hi_pp]))
    return f"{row.contrast}，空置率{word} {abs(row.effect_pp):.1f} 个百分点（{ends[0]:.1f}—{ends[1]:.1f}）"


def _blank_words(model: VacancyModel) -> str:
    known = declared_drivers()
    rows = model.blanks[model.blanks["blank_buildings"] > _FEW_BLANKS * model.blanks["buildings"]]
    if not len(rows):
        return ""
    named = "、".join(f"{known[row.driver].zh} {row.blank_buildings} 幢" for row in rows.itertuples())
    return f"缺数的按该楼其他条件推算（{named}），推算不看空置率"


def _influence_words(fit: DriverFit) -> str:
    known = declared_drivers()
    told = fit.effects.merge(fit.diagnostics.influence, on=["driver", "level"], suffixes=("", "_again"))
    told = told[(told["lo_pp"] > 0) | (told["hi_pp"] < 0)]
    told = without_years(told)
    halved = told[told["without_pp"] / told["effect_pp"] < 0.5]
    if not len(told):
        return ""
    if not len(halved):
        return "去掉任何一幢楼，上述关系都不减半"
    named = listed(f"{known[row.driver].zh}（去掉 {row.cluster}）" for row in halved.itertuples())
    return f"只去掉一幢楼就减半或变号的：{named}"


def _area_words(fit: DriverFit, by_area: DriverFit | None) -> str:
    if by_area is None:
        return ""
    known = declared_drivers()
    both = fit.effects.merge(by_area.effects, on=["driver", "level"], suffixes=("", "_area"))
    both = without_years(both)
    apart = both[(both["lo_pp"] > 0) | (both["hi_pp"] < 0)]
    turned = apart[np.sign(apart["effect_pp"]) != np.sign(apart["effect_pp_area"])]
    if len(turned):
        return f"按面积加权后变号的：{listed(known[name].zh for name in turned['driver'])}"
    return "按面积加权，方向都不变" if len(apart) else ""


def _hidden_words(fit: DriverFit) -> str:
    known = declared_drivers()
    rows = fit.effects.merge(robustness(fit), on=["driver", "level"])
    rows = rows[(rows["lo_pp"] > 0) | (rows["hi_pp"] < 0)]
    rows = without_years(rows).nlargest(3, "robustness")
    if not len(rows):
        return ""
    named = "、".join(f"{known[row.driver].zh} {percent(row.robustness)}" for row in rows.itertuples())
    return f"台账没有记的特质，要同时说明该因素和空置率各这么多的剩余差别，才能把关系抵消为零：{named}"
