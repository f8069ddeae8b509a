"""行业集聚度: how much one industry dominates a building, beside what chance alone would give.

A small building looks specialised by accident: with three firms the largest industry holds at least
a third. Each share by firms is therefore printed beside its expectation were the building's firms
drawn at random from the district's mix.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.analysis.industry.sections import UNRECOGNISED

#: Measures of the mix and the ending of their columns.
MEASURES = {"firms": "firms", "area_sqm": "area", "tax_yuan": "tax"}

#: Quantile of the random draws that a building must exceed to be more than chance.
CHANCE_QUANTILE = 0.95


def industry_concentration(
    mix: pd.DataFrame,
    weights: pd.Series | None = None,
    *,
    rng: np.random.Generator,
    draws: int = 1000,
) -> pd.DataFrame:
    """Return the dominant industry and its share for every building of an ``industry_mix``.

    Columns: ``building_id, industry`` (largest by firms), ``industry_area, industry_tax`` (largest
    by each), ``share_firms, share_area, share_tax`` (largest industry's share of all that is known,
    0–1; 未识别 is in the total but never dominant; refunds count as no tax), ``firms``,
    ``chance_share`` and ``chance_share_p95`` (mean and 95th percentile of ``share_firms`` over
    ``draws`` multinomial draws of the building's firms from the mix of all buildings),
    ``above_chance``, ``weight`` (``weights`` by building_id, e.g. occupied ㎡; default the firms).
    Buildings without a firm at the year's end are left out. Ties go to the industry listed first.
    """
    rows = mix[mix["level"] == "building"].rename(columns={"id": "building_id"})
    rows = rows[rows.groupby("building_id")["firms"].transform("sum") > 0]
    firms = rows.groupby("building_id")["firms"].sum()
    result = pd.DataFrame(index=firms.index)
    for measure, ending in MEASURES.items():
        name = "industry" if measure == "firms" else f"industry_{ending}"
        result[[name, f"share_{ending}"]] = _dominant(rows, measure)
    result["firms"] = firms
    chance = chance_shares(rows, rng=rng, draws=draws).reindex(firms).set_axis(firms.index)
    result[["chance_share", "chance_share_p95"]] = chance
    result["above_chance"] = result["share_firms"] > result["chance_share_p95"]
    result["weight"] = firms if weights is None else weights.reindex(firms.index)
    return result.reset_index()


def district_concentration(concentration: pd.DataFrame) -> pd.Series:
    """Return the district's 行业集聚度 by firms, area and tax: Σ_b w_b · max_k share_bk.

    Weights are ``weight``, scaled to 1 over the buildings whose share and weight are known; an index
    ``share_firms, share_area, share_tax, chance_share`` (0–1, NaN where no building is known).
    """
    shares = concentration[["share_firms", "share_area", "share_tax", "chance_share"]]
    weights = shares.notna().mul(concentration["weight"].fillna(0.0), axis=0)
    total = weights.sum()
    return (shares.fillna(0.0) * weights).sum() / total.where(total > 0)


def chance_shares(rows: pd.DataFrame, *, rng: np.random.Generator, draws: int) -> pd.DataFrame:
    """Return mean and 95th percentile of the largest share, by number of firms, under one mix.

    Index: each number of firms found among the buildings; columns ``chance_share,
    chance_share_p95``. The largest share of n firms drawn from the industries' overall shares.
    """
    totals = rows.groupby("industry")["firms"].sum().sort_index()
    recognised = (totals.index != UNRECOGNISED).nonzero()[0]
    sizes = np.unique(rows.groupby("building_id")["firms"].sum().to_numpy(dtype="int64"))
    found = {}
    for size in sizes:
        counts = rng.multinomial(size, totals / totals.sum(), size=draws)[:, recognised]
        largest = counts.max(axis=1, initial=0) / size
        found[float(size)] = (largest.mean(), np.quantile(largest, CHANCE_QUANTILE))
    return pd.DataFrame.from_dict(found, orient="index", columns=["chance_share", "chance_share_p95"])


def _dominant(rows: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Largest recognised industry of each building by ``measure``, and its share."""
    amount = rows[measure].clip(lower=0)
    total = amount.groupby(rows["building_id"]).sum()
    named = rows.assign(amount=amount)[(rows["industry"] != UNRECOGNISED) & (amount > 0)]
    largest = named.sort_values("amount", ascending=False, kind="stable").drop_duplicates("building_id")
    largest = largest.set_index("building_id").reindex(total.index)
    share = largest["amount"] / total.where(total > 0)
    return pd.DataFrame({"industry": largest["industry"], "share": share})
