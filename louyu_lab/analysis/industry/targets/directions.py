"""Which way to take a building: strengthen what marks it (强链), or add what it lacks and could get (补链).

The targets of ``ranking`` say who is likely to come, and in most buildings that is the district's largest
industries. These two say where the building differs. 补链 goes by the default score because that is what held
up: of entrants of industries their building lacked, the one named first foresaw 54 % in 沈阳 (417 entrants
of 2009, 2012, 2018; 50 % of those of 2003–2007, by which it was chosen) and 51 % in the demo district, the
densest related industry 22 % (15 %) and 18 %. The largest industry of the district that the building lacks
does as well (53 % and 51 %): relatedness is shown beside the direction as evidence, it does not choose it.
Every district's own figures are in table ``target_record`` (``holdout.LACKING``).
"""

from __future__ import annotations

import pandas as pd

from louyu_lab.analysis.industry.sections import IndustryMap, industry_map
from louyu_lab.analysis.industry.targets.buildings import ABSENT, PRESENT, open_buildings
from louyu_lab.analysis.industry.targets.holdout import LEAST_FIRMS, lacking
from louyu_lab.analysis.industry.targets.prospects import Prospects
from louyu_lab.analysis.industry.targets.ranking import target_industries
from louyu_lab.analysis.outputs import TABLES, declared

#: An industry that makes up less of the entrants to be expected is too small to be a direction.
LEAST_SCORE = 0.05

#: An industry that is less above the district than this does not mark a building.
LEAST_LIFT = 1.2


def target_directions(
    counts: pd.DataFrame,
    panel: pd.DataFrame,
    year: int,
    expected: Prospects,
    industries: IndustryMap | None = None,
) -> pd.DataFrame:
    """Return table ``target_directions``: up to two directions for each building not known to be full.

    强链: of the industries present with a score of ``LEAST_SCORE`` or more, the one with the highest
    ``lift`` (score ÷ share of the district), where that reaches ``LEAST_LIFT``. 补链: of the industries
    the building has less of than the district (``holdout.lacking``, none included), the one with the
    highest score, where that reaches ``LEAST_SCORE`` (ties: the larger in the district); its ``density``
    and ``related_to`` are evidence only. The rest of ``industries`` is neither. Columns as table
    ``target_industries``. Buildings with fewer than ``LEAST_FIRMS`` firms have no direction of their own.
    Largest vacant area first.
    """
    rest = (industries or industry_map()).rest
    enough = counts[counts.sum(axis=1) >= LEAST_FIRMS]
    every = target_industries(counts, max(1, counts.shape[1]))
    every = every[every["building_id"].isin(enough.index) & (every["industry"] != rest)]
    short = lacking(counts, rest)
    at = short.index.get_indexer(every["building_id"]), short.columns.get_indexer(every["industry"])
    every["is_lacking"] = short.to_numpy()[at]
    every["lift"] = every["score"] / every["share_district"].where(every["share_district"] > 0)
    strong = every[every["is_present"] & (every["score"] >= LEAST_SCORE) & (every["lift"] >= LEAST_LIFT)]
    added = every[every["is_lacking"] & (every["score"] >= LEAST_SCORE)]
    parts = [
        _first(strong, ["lift", "score"]).assign(kind=PRESENT),
        _first(added, ["score"]).assign(kind=ABSENT),
    ]
    found = pd.concat(parts, ignore_index=True).merge(open_buildings(panel, year, counts), on="building_id")
    found["tax_per_sqm_yuan"] = found["industry"].map(expected.tax_per_sqm_yuan).astype("float64")
    middle = found["industry"].map(expected.middle_tax_per_sqm_yuan)
    found["middle_tax_per_sqm_yuan"] = middle.astype("float64")
    order = found["kind"].map({PRESENT: 0, ABSENT: 1})
    found = found.assign(order=order).sort_values(
        ["vacant_area_sqm", "building_id", "order"], ascending=[False, True, True]
    )
    return declared("target_directions", found[list(TABLES["target_directions"].columns)])


def _first(rows: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """The row of each building that is highest in ``by``; equal ones in the order of their rank."""
    ordered = rows.sort_values(by, ascending=False, kind="stable")
    return ordered.drop_duplicates("building_id").sort_values("building_id")
