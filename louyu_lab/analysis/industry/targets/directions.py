"""Which way to take a building: strengthen what marks it (强链), or add what goes with it (补链).

The targets of ``ranking`` say who is likely to come, and in most buildings that is the district's largest
industries. These two say where the building differs: they are advice by fit, not a forecast.
"""

from __future__ import annotations

import pandas as pd

from louyu_lab.analysis.industry.indices.location import location_quotient
from louyu_lab.analysis.industry.sections import IndustryMap, industry_map
from louyu_lab.analysis.industry.targets.buildings import ABSENT, PRESENT, open_buildings
from louyu_lab.analysis.industry.targets.holdout import LEAST_FIRMS
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
    the building has less of than the district (location quotient below 1, none included), the one that
    its strong industries surround most densely (``relatedness.density`` above 0; ties: the higher score).
    The rest of ``industries`` is neither. Columns as table ``target_industries``. Buildings with fewer than
    ``LEAST_FIRMS`` firms have no direction of their own. Largest vacant area first.
    """
    rest = (industries or industry_map()).rest
    enough = counts[counts.sum(axis=1) >= LEAST_FIRMS]
    every = target_industries(counts, max(1, counts.shape[1]))
    every = every[every["building_id"].isin(enough.index) & (every["industry"] != rest)]
    quotient = location_quotient(counts).fillna(0.0)
    at = quotient.index.get_indexer(every["building_id"]), quotient.columns.get_indexer(every["industry"])
    every["quotient"] = quotient.to_numpy()[at]
    every["lift"] = every["score"] / every["share_district"].where(every["share_district"] > 0)
    strong = every[every["is_present"] & (every["score"] >= LEAST_SCORE) & (every["lift"] >= LEAST_LIFT)]
    added = every[(every["quotient"] < 1) & (every["density"] > 0)]
    parts = [
        _first(strong, ["lift", "score"]).assign(kind=PRESENT),
        _first(added, ["density", "score"]).assign(kind=ABSENT),
    ]
    found = pd.concat(parts, ignore_index=True).merge(open_buildings(panel, year, counts), on="building_id")
    found["tax_per_sqm_yuan"] = found["industry"].map(expected.tax_per_sqm_yuan).astype("float64")
    order = found["kind"].map({PRESENT: 0, ABSENT: 1})
    found = found.assign(order=order).sort_values(
        ["vacant_area_sqm", "building_id", "order"], ascending=[False, True, True]
    )
    return declared("target_directions", found[list(TABLES["target_directions"].columns)])


def _first(rows: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """The row of each building that is highest in ``by``; equal ones in the order of their rank."""
    ordered = rows.sort_values(by, ascending=False, kind="stable")
    return ordered.drop_duplicates("building_id").sort_values("building_id")
