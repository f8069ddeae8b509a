"""Table ``target_industries``: whom to invite to each building with vacant space, and what it may bring."""

from __future__ import annotations

import pandas as pd

from louyu_lab.analysis.industry.targets.holdout import LEAST_FIRMS, TARGETS
from louyu_lab.analysis.industry.targets.prospects import Prospects
from louyu_lab.analysis.industry.targets.ranking import target_industries
from louyu_lab.analysis.outputs import TABLES, declared
from louyu_lab.analysis.vacancy.accounting import split_vacancy

#: How a target stands to what is there already.
PRESENT, ABSENT = "强链", "补链"


def building_targets(
    counts: pd.DataFrame, panel: pd.DataFrame, year: int, expected: Prospects, k: int = TARGETS
) -> pd.DataFrame:
    """Return table ``target_industries``: ``k`` industries for each building that is not known to be full.

    ``counts``: ``composition.building_composition``; ``panel``: ``panel.building_years``. The columns of
    ``ranking.target_industries``, with ``kind`` (强链: some of it is there; 补链: none yet), ``lift``
    (score ÷ share of the district: how much more of the industry is to be expected here than elsewhere),
    ``vacant_area_sqm`` (vacant less 不可招商, ㎡), ``tax_per_sqm_yuan`` (of the industry,
    Σ tax ÷ Σ area), ``middle_tax_per_sqm_yuan`` (its middle enterprise's) and ``expected_tax_yuan`` = area ×
    let rate × tax per ㎡ × taxed-here rate (元 a year, see ``prospects``): what a year's
    usual letting would bring were all of it to go to this industry; the targets of a building are
    alternatives and never added up. Largest vacant area first, last the buildings whose vacant area is not
    known, among them all that only ``counts`` know (places told by their address). A building without firms
    gets the district's industries, ``firms`` 0. Full buildings are left out: see ``space_told``.
    """
    open_space = open_buildings(panel, year, counts)
    every = pd.concat([counts, _nobody_in(open_space, counts)])
    targets = target_industries(every, k).merge(open_space, on="building_id")
    targets["kind"] = targets["is_present"].map({True: PRESENT, False: ABSENT}).astype("str")
    targets["lift"] = targets["score"] / targets["share_district"].where(targets["share_district"] > 0)
    targets["tax_per_sqm_yuan"] = targets["industry"].map(expected.tax_per_sqm_yuan).astype("float64")
    middle = targets["industry"].map(expected.middle_tax_per_sqm_yuan)
    targets["middle_tax_per_sqm_yuan"] = middle.astype("float64")
    if_let = expected.tax_if_let(targets["industry"], targets["vacant_area_sqm"])
    targets["expected_tax_yuan"] = if_let * expected.let_rate
    order = ["vacant_area_sqm", "building_id", "rank"]
    targets = targets.sort_values(order, ascending=[False, True, True])
    return declared("target_industries", targets[list(TABLES["target_industries"].columns)])


def open_buildings(panel: pd.DataFrame, year: int, counts: pd.DataFrame) -> pd.DataFrame:
    """Return ``building_id, building, vacant_area_sqm`` of the buildings not known to be full (㎡, or NaN).

    Those of the stock, and the ones that only ``counts`` (by ``building_id``) know.
    """
    stock = panel[panel["year"] == year]
    stock = stock.assign(vacant_area_sqm=split_vacancy(stock)["marketable"])
    stock = stock.loc[~(stock["vacant_area_sqm"] <= 0), ["building_id", "building", "vacant_area_sqm"]]
    unlisted = counts.index.difference(panel.loc[panel["year"] == year, "building_id"])
    beside = pd.DataFrame({"building_id": unlisted, "building": pd.Series(None, index=unlisted, dtype="str")})
    return pd.concat([stock, beside.reset_index(drop=True)], ignore_index=True)


def space_told(panel: pd.DataFrame, year: int, counts: pd.DataFrame) -> dict[str, int]:
    """Return how many buildings there are to invite to, and of what kind.

    ``full``: known to be so; ``open``: the others; of these ``unknown``: nobody knows what is vacant, and
    ``large``: with ``LEAST_FIRMS`` firms of a known industry or more.
    """
    marketable = split_vacancy(panel[panel["year"] == year])["marketable"]
    space = open_buildings(panel, year, counts)
    firms = space["building_id"].map(counts.sum(axis=1)).astype("float64")
    return {
        "full": int((marketable <= 0).sum()),
        "open": len(space),
        "unknown": int(space["vacant_area_sqm"].isna().sum()),
        "large": int((firms >= LEAST_FIRMS).sum()),
    }


def _nobody_in(open_space: pd.DataFrame, counts: pd.DataFrame) -> pd.DataFrame:
    """Rows of zeros for the buildings with space that the composition does not know."""
    missing = open_space.loc[~open_space["building_id"].isin(counts.index), "building_id"]
    return pd.DataFrame(0.0, index=pd.Index(missing, name=counts.index.name), columns=counts.columns)
