"""行业集聚度: how much one industry dominates a building, beside what chance alone would give.

A small building looks specialised by accident: with three firms the largest industry holds at least
a third. Each share by firms is therefore printed beside its expectation were the district's firms
dealt to the buildings at random, every building and every industry keeping its number.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.analysis.industry.chance import LIMITS, Tables, against_chance, firm_tables
from louyu_lab.analysis.industry.chance.statistics import of_buildings
from louyu_lab.analysis.industry.sections import UNRECOGNISED
from louyu_lab.analysis.outputs import declared

#: Measures of the mix and the ending of their columns.
MEASURES = {"firms": "firms", "area_sqm": "area", "tax_yuan": "tax"}

#: Firms below which a building's mix says too little.
ENOUGH_FIRMS = 10

#: Random tables drawn: enough for one building of a hundred to stand out after adjusting for the hundred.
DRAWS = 2000


def dominant_industries(mix: pd.DataFrame) -> pd.DataFrame:
    """Return the dominant industry of every building of a mix, index ``building_id``.

    ``firms`` at the year's end; ``dominant_industry`` and ``share_industry_firms`` go by firms, the columns
    ending in ``_area`` and ``_tax`` by each of these (the largest industry's share of all that is known,
    0–1; 未识别 is in the total but never dominant; refunds count as no tax). Buildings without a firm at the
    year's end are left out. Ties go to the industry listed first.
    """
    rows = _held(mix)
    result = pd.DataFrame({"firms": rows.groupby("building_id")["firms"].sum()})
    for measure, ending in MEASURES.items():
        name = "dominant_industry" if measure == "firms" else f"dominant_industry_{ending}"
        result[[name, f"share_industry_{ending}"]] = _dominant(rows, measure)
    return result


def industry_concentration(
    mix: pd.DataFrame, buildings: pd.DataFrame, *, rng: np.random.Generator, draws: int = DRAWS
) -> pd.DataFrame:
    """Return table ``industry_concentration``: ``dominant_industries`` beside what chance gives.

    ``expected_rate`` and ``expected_p95_rate`` are mean and 95th percentile of the share by firms over
    ``draws`` random tables, the unrecognised left where they are (see package ``chance``): small buildings
    score high by chance. ``is_small`` below ``ENOUGH_FIRMS``. ``buildings`` gives ``building_id,
    building``. The most concentrated stand first, small buildings last.
    """
    result = dominant_industries(mix)
    result[["expected_rate", "expected_p95_rate"]] = _chance_shares(
        _held(mix), list(mix["industry"].unique()), rng, draws
    )
    result["is_above_chance"] = result["share_industry_firms"] > result["expected_p95_rate"]
    result["is_small"] = result["firms"] < ENOUGH_FIRMS
    result = result.reset_index()
    names = buildings.drop_duplicates("building_id").set_index("building_id")["building"]
    result["building"] = result["building_id"].map(names)
    order = ["is_small", "share_industry_firms", "building_id"]
    return declared("industry_concentration", result.sort_values(order, ascending=[True, False, True]))


def _held(mix: pd.DataFrame) -> pd.DataFrame:
    """Rows of buildings with a firm at the year's end."""
    rows = mix[mix["level"] == "building"].rename(columns={"id": "building_id"})
    return rows[rows.groupby("building_id")["firms"].transform("sum") > 0]


def _chance_shares(
    rows: pd.DataFrame, order: list[str], rng: np.random.Generator, draws: int
) -> pd.DataFrame:
    """Mean and 95th percentile of the largest share of each building under the null."""
    is_named = rows["industry"] != UNRECOGNISED
    named = rows[is_named & (rows["firms"] > 0)].pivot(
        index="building_id", columns="industry", values="firms"
    )
    named = named.fillna(0.0).reindex(columns=[name for name in order if name in named])
    columns = ["expected_rate", "expected_p95_rate"]
    if not len(named):
        return pd.DataFrame(columns=columns, dtype="float64")
    rest = rows[~is_named].groupby("building_id")["firms"].sum().reindex(named.index).fillna(0.0)
    counts = named.to_numpy(dtype="float64")
    statistic = {"dominant_share": of_buildings(rest.to_numpy())["dominant_share"]}
    found = Tables(counts[None], np.full((1, counts.shape[1]), np.nan))
    chance = against_chance(found, firm_tables(counts, draws, rng), statistic, LIMITS)["dominant_share"]
    return pd.DataFrame({columns[0]: chance.expected, columns[1]: chance.hi}, index=named.index)


def _dominant(rows: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Largest recognised industry of each building by ``measure``, and its share."""
    amount = rows[measure].clip(lower=0)
    total = amount.groupby(rows["building_id"]).sum()
    named = rows.assign(amount=amount)[(rows["industry"] != UNRECOGNISED) & (amount > 0)]
    largest = named.sort_values("amount", ascending=False, kind="stable").drop_duplicates("building_id")
    largest = largest.set_index("building_id").reindex(total.index)
    share = largest["amount"] / total.where(total > 0)
    return pd.DataFrame({"industry": largest["industry"], "share": share})
