"""Who will be 亿元楼: the buildings near the threshold, with their chances."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.analysis.outputs import TABLES, declared
from louyu_lab.analysis.stock import of_year
from louyu_lab.analysis.tax.history import TaxHistory, carried, last_known
from louyu_lab.analysis.tiers import tier_of

#: Words for a chance, with the least chance of each; printed with the table.
CERTAIN, HOPEFUL, PRESSED = "把握大", "有望", "有压力"
CERTAIN_FROM, HOPEFUL_FROM = 0.8, 0.4

#: A building is listed from this tax (元) or this chance on.
LISTED_YUAN, LISTED_CHANCE = 5e7, 0.05


def yi_outlook(forecast: pd.DataFrame, history: TaxHistory, panel: pd.DataFrame) -> pd.DataFrame:
    """Return table ``yi_outlook``: buildings that are or may become 亿元楼, by their chance in the last year.

    Takes table ``tax_forecast``, the histories it was made from and ``panel.building_years``. ``tax_yuan``
    is the last known tax and ``tier`` its tier; where that is of a former year the tier names it, as in
    亿元楼（2019 年）: nobody knows today's. ``outlook`` is 把握大, 有望 or 有压力 by ``p_yi``, 无法判断 where
    that is unknown.
    """
    rows = forecast[forecast["level"] == "building"]
    rows = rows[rows["year"] == rows["year"].max()].rename(columns={"id": "building_id"})
    now = pd.Series(last_known(history.tax_yuan), index=history.building_id)
    rows = rows.assign(tax_yuan=rows["building_id"].map(now).astype("float64"))
    rows = rows[(rows["tax_yuan"] >= LISTED_YUAN) | (rows["p_yi"] >= LISTED_CHANCE)]
    names = of_year(panel, int(history.years[-1]))[["building_id", "building", "street"]]
    rows = rows.merge(names, on="building_id", how="left")
    tier = _dated(tier_of(rows["tax_yuan"]), rows["building_id"], carried(history, panel))
    rows = rows.assign(tier=tier, outlook=_words(rows["p_yi"]))
    rows = rows.sort_values(["p_yi", "mean_yuan", "building_id"], ascending=[False, False, True])
    return declared("yi_outlook", rows[list(TABLES["yi_outlook"].columns)])


def _dated(tiers: pd.Series, ids: pd.Series, former: pd.DataFrame) -> list[str]:
    """Return each building's tier, with the year of its tax where ``former`` holds the building."""
    years = dict(zip(former["building_id"], former["year"], strict=True))
    return [
        f"{tier}（{years[name]} 年）" if name in years else str(tier)
        for tier, name in zip(tiers, ids, strict=True)
    ]


def _words(chance: pd.Series) -> np.ndarray:
    conditions = [chance >= CERTAIN_FROM, chance >= HOPEFUL_FROM, chance >= 0]
    return np.select(conditions, [CERTAIN, HOPEFUL, PRESSED], "无法判断")
