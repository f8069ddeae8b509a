"""行业集聚度: how much one industry dominates a building, beside what chance alone would give.

A small building looks specialised by accident: with three firms the largest industry holds at least
a third. Each share by firms is therefore printed beside its expectation were the building's firms
drawn at random from the district's mix.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.analysis.industry.sections import UNRECOGNISED
from louyu_lab.analysis.outputs import declared

#: Measures of the mix and the ending of their columns.
MEASURES = {"firms": "firms", "area_sqm": "area", "tax_yuan": "tax"}

#: Firms below which a building's mix says too little.
ENOUGH_FIRMS = 10

#: Quantile of the random draws that a building must exceed to be more than chance.
CHANCE_QUANTILE = 0.95


def industry_concentration(
    mix: pd.DataFrame, buildings: pd.DataFrame, *, rng: np.random.Generator, draws: int = 1000
) -> pd.DataFrame:
    """Return table ``industry_concentration``: the dominant industry of every building of a mix.

    ``dominant_industry`` and ``share_industry_firms`` go by firms, the columns ending in ``_area`` and
    ``_tax`` by each of these (the largest industry's share of all that is known, 0–1; 未识别 is in the
    total but never dominant; refunds count as no tax). ``expected_rate`` and ``expected_p95_rate`` are
    mean and 95th percentile of the share by firms over ``draws`` multinomial draws of the building's
    firms from the mix of all buildings: small buildings score high by chance. ``is_small`` below
    ``ENOUGH_FIRMS``. Buildings without a firm at the year's end are left out. Ties go to the industry
    listed first. ``buildings`` gives ``building_id, building``. The most concentrated stand first,
    small buildings last.
    """
    rows = mix[mix["level"] == "building"].rename(columns={"id": "building_id"})
    rows = rows[rows.groupby("building_id")["firms"].transform("sum") > 0]
    firms = rows.groupby("building_id")["firms"].sum()
    result = pd.DataFrame(index=firms.index).assign(firms=firms)
    for measure, ending in MEASURES.items():
        name = "dominant_industry" if measure == "firms" else f"dominant_industry_{ending}"
        result[[name, f"share_industry_{ending}"]] = _dominant(rows, measure)
    chance = chance_shares(rows, rng=rng, draws=draws).reindex(firms).set_axis(firms.index)
    result[["expected_rate", "expected_p95_rate"]] = chance
    result["is_above_chance"] = result["share_industry_firms"] > result["expected_p95_rate"]
    result["is_small"] = firms < ENOUGH_FIRMS
    result = result.reset_index()
    names = buildings.drop_duplicates("building_id").set_index("building_id")["building"]
    result["building"] = result["building_id"].map(names)
    order = ["is_small", "share_industry_firms", "building_id"]
    return declared("industry_concentration", result.sort_values(order, ascending=[True, False, True]))


def chance_shares(rows: pd.DataFrame, *, rng: np.random.Generator, draws: int) -> pd.DataFrame:
    """Return mean and 95th percentile of the largest share, by number of firms, under one mix.

    Index: each number of firms found among the buildings; columns ``expected_rate,
    expected_p95_rate``. The largest share of n firms drawn from the industries' overall shares.
    """
    totals = rows.groupby("industry")["firms"].sum().sort_index()
    recognised = (totals.index != UNRECOGNISED).nonzero()[0]
    sizes = np.unique(rows.groupby("building_id")["firms"].sum().to_numpy(dtype="int64"))
    found = {}
    for size in sizes:
        counts = rng.multinomial(size, totals / totals.sum(), size=draws)[:, recognised]
        largest = counts.max(axis=1, initial=0) / size
        found[float(size)] = (largest.mean(), np.quantile(largest, CHANCE_QUANTILE))
    return pd.DataFrame.from_dict(found, orient="index", columns=["expected_rate", "expected_p95_rate"])


def _dominant(rows: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Largest recognised industry of each building by ``measure``, and its share."""
    amount = rows[measure].clip(lower=0)
    total = amount.groupby(rows["building_id"]).sum()
    named = rows.assign(amount=amount)[(rows["industry"] != UNRECOGNISED) & (amount > 0)]
    largest = named.sort_values("amount", ascending=False, kind="stable").drop_duplicates("building_id")
    largest = largest.set_index("building_id").reindex(total.index)
    share = largest["amount"] / total.where(total > 0)
    return pd.DataFrame({"industry": largest["industry"], "share": share})
