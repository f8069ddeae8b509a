"""Agglomeration of industries over regions: Ellison–Glaeser γ and pairwise co-agglomeration γᶜ."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from louyu_lab.analysis.industry.indices import formulas
from louyu_lab.analysis.industry.indices.checks import amounts, entries, labelled, matched


def ellison_glaeser(
    size: object,
    industry: object,
    region: object,
    region_totals: Mapping[object, float] | pd.Series | None = None,
) -> pd.Series:
    """Return Ellison–Glaeser's γ by industry from one entry a plant.

    γ = [G/(1 − Σx²) − H]/(1 − H), G = Σ_m(s_m − x_m)², s_m the industry's share in region m by ``size``,
    H = Σz² of its plants' shares, x_m the region's share of all. About 0 where plants fall at random, above
    where they gather beyond what few large plants explain, below where they spread.
    ``region_totals`` maps region to its total, by default the plants' own; only their proportions count, so
    that shares do as well. Every region of a plant must be there; regions without a plant count. NaN for an
    industry of one plant or of no size, and for all with one region. Index: the industries in ascending
    order, named ``industry``; the Series is named ``gamma``. Series are matched by index
    (``checks.matched``), lists by place. Raises ValueError for unequal lengths or indexes, a plant without
    industry or region, a region of a plant without total or with a total of 0, a region with two totals,
    and sizes that are missing, infinite or negative; TypeError for what is no list, or no mapping.
    Source: Ellison/Glaeser (1997), JPE 105.
    """
    plants = _plants(size, industry, region)
    matrix = plants.groupby(["region", "industry"])["size"].sum().unstack(fill_value=0.0)
    region_share, matrix = _region_shares(matrix, region_totals)
    total = plants.groupby("industry")["size"].sum()
    squares = (plants["size"] ** 2).groupby(plants["industry"]).sum()
    plant_herfindahl = (squares / total.where(total > 0) ** 2).to_numpy()
    excess = formulas.excess_shares(matrix.to_numpy(), region_share)
    gamma = formulas.ellison_glaeser(excess, region_share, plant_herfindahl)
    return pd.Series(gamma, index=pd.Index(matrix.columns, name="industry"), name="gamma", dtype="float64")


def coagglomeration(
    matrix: pd.DataFrame, region_totals: Mapping[object, float] | pd.Series | None = None
) -> pd.DataFrame:
    """Return the pairwise co-agglomeration γᶜ of industries from a table of regions by industries.

    γᶜ_ij = Σ_m(s_mi − x_m)(s_mj − x_m)/(1 − Σx²): above 0 the two choose the same regions, below 0 they
    keep apart; how far from 0 chance alone reaches is another matter. ``region_totals`` as in
    ``ellison_glaeser``, by default the table's own. Industries by industries, symmetric; the diagonal is
    NaN (one industry's own gathering is γ). NaN for an industry of nothing and with one region.
    Source: Ellison/Glaeser/Kerr (2010), AER 100.
    """
    region_share, table = _region_shares(labelled(matrix, "matrix"), region_totals)
    pairs = formulas.coagglomeration(formulas.excess_shares(table.to_numpy(), region_share), region_share)
    np.fill_diagonal(pairs, np.nan)
    return pd.DataFrame(pairs, index=matrix.columns, columns=matrix.columns)


def _plants(size: object, industry: object, region: object) -> pd.DataFrame:
    listed = {"size": size, "industry": industry, "region": region}
    size, industry, region = matched(**{name: entries(part, name) for name, part in listed.items()})
    plants = pd.DataFrame(
        {"size": amounts(size, "size", dimensions=1), "industry": list(industry), "region": list(region)}
    )
    for name in ("industry", "region"):
        lost = plants[name].isna()
        if lost.any():
            raise ValueError(f"{int(lost.sum())} plants without {name}, first at {int(lost.argmax())}")
    return plants


def _region_shares(
    matrix: pd.DataFrame, region_totals: Mapping[object, float] | pd.Series | None
) -> tuple[np.ndarray, pd.DataFrame]:
    """Return the regions' shares x and the matrix with a row for each of them."""
    if region_totals is None:
        return formulas.shares(matrix.to_numpy(dtype="float64").sum(axis=1)), matrix
    if not isinstance(region_totals, (Mapping, pd.Series)):
        kind = type(region_totals).__name__
        raise TypeError(f"region_totals must be a mapping or Series from region to its total, not {kind}")
    totals = region_totals if isinstance(region_totals, pd.Series) else pd.Series(dict(region_totals))
    if not totals.index.is_unique:
        raise ValueError(f"region_totals has {totals.index[totals.index.duplicated()][0]} twice")
    totals = pd.Series(amounts(totals, "region_totals"), index=totals.index)
    unknown = [str(region) for region in matrix.index if region not in totals.index]
    if unknown:
        raise ValueError(f"region_totals lacks {', '.join(unknown)}")
    own = matrix.sum(axis=1)
    empty = [str(region) for region in own.index[own > 0] if totals[region] == 0]
    if empty:
        raise ValueError(f"region_totals is 0 where there are plants: {', '.join(empty)}")
    return formulas.shares(totals.to_numpy()), matrix.reindex(totals.index, fill_value=0.0)
