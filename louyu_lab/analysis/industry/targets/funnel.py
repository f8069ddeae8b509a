"""The project funnel: 意向 → 协议 → 合同 → 落地, and how many get from one to the next."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.analysis.industry.targets.holdout import LEVEL
from louyu_lab.analysis.outputs import TABLES, declared

INTENT, AGREED, SIGNED, LANDED = "意向", "协议", "合同", "落地"
GIVEN_UP, UNTOLD = "终止", "未填阶段"

#: The stages in order, and words that stand for each; the first that fits, from the end backwards.
STAGES = (INTENT, AGREED, SIGNED, LANDED)
_WORDS = (
    (GIVEN_UP, r"终止|流失|放弃|取消|失败|未落地|退出"),
    (LANDED, r"落地|落户|入驻|开业|投产|投用"),
    (SIGNED, r"合同|签约"),
    (AGREED, r"协议|备忘录"),
    (INTENT, r"意向|洽谈|在谈|对接|拟|信息|接洽"),
)


def project_stages(texts: pd.Series) -> pd.Series:
    """Return each text's stage: one of ``STAGES``, 终止, or 未填阶段 where it is none of them."""
    stage = pd.Series(UNTOLD, index=texts.index, dtype="str")
    for name, words in reversed(_WORDS):
        stage = stage.mask(texts.fillna("").str.contains(words), name)
    return stage


def project_funnel(projects: pd.DataFrame) -> pd.DataFrame:
    """Return table ``project_funnel``, one row a stage in order, 终止 and 未填阶段 last where there are any.

    ``projects`` stand at the stage now, ``reached`` at it or beyond (whoever has a contract had an
    agreement), ``conversion_rate`` = reached ÷ reached at the stage before, with its Wilson interval at
    ``LEVEL`` (``lo, hi``; missing at the first stage); ``needed_area_sqm`` is Σ ㎡ of those at the stage,
    ``median_area_sqm`` their median. What was given up before is rarely in a library, so the rates are upper
    bounds. No rows for an empty library or one that tells no stage.
    """
    from statsmodels.stats.proportion import proportion_confint

    stage = project_stages(projects["project_stage"])
    if not stage.isin(STAGES).any():
        return declared("project_funnel", pd.DataFrame(columns=list(TABLES["project_funnel"].columns)))
    others = [name for name in (GIVEN_UP, UNTOLD) if (stage == name).any()]
    area = projects["needed_area_sqm"].astype("float64").groupby(stage)
    table = pd.DataFrame({"stage": [*STAGES, *others]})
    table["projects"] = table["stage"].map(stage.value_counts()).fillna(0).astype("int64")
    at = table["projects"].head(len(STAGES)).to_numpy()
    reached = at[::-1].cumsum()[::-1]
    table["reached"] = pd.Series(reached).reindex(table.index).astype("Int64")
    table[["conversion_rate", "lo", "hi"]] = np.nan
    for step in range(1, len(STAGES)):
        if reached[step - 1] > 0:
            low, high = proportion_confint(reached[step], reached[step - 1], 1 - LEVEL, method="wilson")
            rate = reached[step] / reached[step - 1]
            table.loc[step, ["conversion_rate", "lo", "hi"]] = rate, low, high
    table["needed_area_sqm"] = table["stage"].map(area.sum(min_count=1)).astype("float64")
    table["median_area_sqm"] = table["stage"].map(area.median()).astype("float64")
    return declared("project_funnel", table)
