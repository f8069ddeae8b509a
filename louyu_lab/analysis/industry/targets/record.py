"""The recommenders' record in the district itself: would they have named who moved in, year by year?"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from louyu_lab.analysis.industry.composition import building_composition
from louyu_lab.analysis.industry.sections import UNRECOGNISED
from louyu_lab.analysis.industry.targets.holdout import TARGETS, entrant_hits, recall
from louyu_lab.analysis.industry.targets.recommenders import DEFAULT
from louyu_lab.analysis.outputs import TABLES, declared

#: The row of all years together.
ALL_YEARS = "合计"


def target_record(
    mixes: Mapping[int, pd.DataFrame],
    tenants: pd.DataFrame,
    *,
    rng: np.random.Generator,
    k: int = TARGETS,
    rest: str | None = None,
) -> pd.DataFrame:
    """Return table ``target_record``: recall of each recommender by year, and of all years together.

    ``mixes`` are ``industry_mix`` by year, ``tenants`` rows of ``StudyYear.tenants`` (with
    their ``sector``). For each year whose year before is known, ``k`` targets a building
    are named from the mix at the end of the year before and compared with ``entrants`` of the year.
    Columns see ``holdout.recall``; ``year`` is text, ``is_chosen`` marks the chapter's recommender; ``rest``
    is the industry that is no direction (``IndustryMap.rest``). No rows where no year has a year before it,
    or nobody moved in.
    """
    parts, every = [], []
    for year in sorted(mixes):
        if year - 1 not in mixes:
            continue
        hits = entrant_hits(building_composition(mixes[year - 1]), entrants(tenants, year), k, rest=rest)
        every.append(hits)
        parts.append(recall(hits, rng).assign(year=str(year)))
    if sum(len(hits) for hits in every) == 0:
        return declared("target_record", pd.DataFrame(columns=list(TABLES["target_record"].columns)))
    whole = pd.concat([hits for hits in every if len(hits)], ignore_index=True)
    parts.append(recall(whole, rng).assign(year=ALL_YEARS))
    table = pd.concat([part for part in parts if len(part)], ignore_index=True)
    return declared("target_record", table.assign(is_chosen=table["recommender"] == DEFAULT))


def entrants(tenants: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return ``building_id, industry`` of who stood in a building at the end of ``year``, not a year before.

    Coming from another building of the district counts. Who is 未识别 is left out, as in the compositions;
    who came and went within the year is not seen.
    """
    there = tenants[tenants["at_year_end"] & tenants["building_id"].notna()]
    pairs = there[["enterprise_id", "building_id"]]
    before = pd.MultiIndex.from_frame(pairs[there["year"] == year - 1])
    now = pairs[there["year"] == year].drop_duplicates()
    came = now[~pd.MultiIndex.from_frame(now).isin(before)]
    industry = there["sector"].reindex(came.index)
    came = came.assign(industry=industry)[["building_id", "industry"]]
    told = came["industry"].notna() & (came["industry"] != UNRECOGNISED)
    return came[told].reset_index(drop=True)
