"""行业集聚度: how much one industry dominates a building, beside what chance alone would give.

A small building looks specialised by accident: with three firms the largest industry holds at least
a third. Each share by firms is therefore printed beside its expectation were the district's firms
dealt to the buildings at random, every building and every industry keeping its number.
"""

from __future__ import annotations

import pandas as pd

from louyu_lab.analysis.industry.composition import ENDINGS, MEASURES_ZH
from louyu_lab.analysis.industry.concentration.table import INDICES_ZH
from louyu_lab.analysis.industry.sections import UNRECOGNISED
from louyu_lab.analysis.outputs import declared

#: Columns of table ``concentration`` -> of ``industry_concentration``.
_CHANCE = {"expected": "expected_rate", "hi": "expected_p95_rate", "q_value": "q_value"}
_JUDGED = ("is_above_chance", "is_small")


def dominant_industries(mix: pd.DataFrame) -> pd.DataFrame:
    """Return the dominant industry of every building of a mix, index ``building_id``.

    ``firms`` at the year's end; ``dominant_industry`` and ``share_industry_firms`` go by firms, the columns
    ending in ``_area`` and ``_tax`` by each of these (the largest industry's share of all that is known,
    0–1; 未识别 is in the total but never dominant; refunds count as no tax). Buildings without a firm at the
    year's end are left out. Ties go to the industry listed first.
    """
    rows = _held(mix)
    result = pd.DataFrame({"firms": rows.groupby("building_id")["firms"].sum()})
    for measure, ending in ENDINGS.items():
        name = "dominant_industry" if measure == "firms" else f"dominant_industry_{ending}"
        result[[name, f"share_industry_{ending}"]] = _dominant(rows, measure)
    return result


def industry_concentration(mix: pd.DataFrame, buildings: pd.DataFrame, indices: pd.DataFrame) -> pd.DataFrame:
    """Return table ``industry_concentration``: ``dominant_industries`` beside what chance gives.

    ``indices`` is table ``concentration`` of the same year; from its 集聚度 by firms are ``expected_rate``
    and ``expected_p95_rate`` (mean and 95th percentile by chance: small buildings score high), ``q_value``,
    ``is_above_chance`` (by ``q_value``: of many buildings a few are above the percentile by chance) and
    ``is_small``. A building where nobody was recognised is small, its chance NaN. ``buildings`` gives
    ``building_id, building``. The most concentrated stand first, small buildings last.
    """
    result = dominant_industries(mix)
    own = (indices["level"] == "building") & (indices["index"] == INDICES_ZH["dominant_share"])
    own &= indices["measure"] == MEASURES_ZH["firms"]
    chance = indices[own].set_index("id").reindex(result.index)
    for column, name in _CHANCE.items():
        result[name] = chance[column].astype("float64")
    for column in _JUDGED:
        result[column] = chance[column].astype("boolean").fillna(column == "is_small").astype("bool")
    result = result.reset_index()
    names = buildings.drop_duplicates("building_id").set_index("building_id")["building"]
    result["building"] = result["building_id"].map(names)
    order = ["is_small", "share_industry_firms", "building_id"]
    return declared("industry_concentration", result.sort_values(order, ascending=[True, False, True]))


def _held(mix: pd.DataFrame) -> pd.DataFrame:
    """Rows of buildings with a firm at the year's end."""
    rows = mix[mix["level"] == "building"].rename(columns={"id": "building_id"})
    return rows[rows.groupby("building_id")["firms"].transform("sum") > 0]


def _dominant(rows: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Largest recognised industry of each building by ``measure``, and its share."""
    amount = rows[measure].clip(lower=0)
    total = amount.groupby(rows["building_id"]).sum()
    named = rows.assign(amount=amount)[(rows["industry"] != UNRECOGNISED) & (amount > 0)]
    largest = named.sort_values("amount", ascending=False, kind="stable").drop_duplicates("building_id")
    largest = largest.set_index("building_id").reindex(total.index)
    share = largest["amount"] / total.where(total > 0)
    return pd.DataFrame({"industry": largest["industry"], "share": share})
