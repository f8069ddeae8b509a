"""机会清单: the projects of the library and the spaces that would suit them, best first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from louyu_lab.analysis.industry.sections import IndustryMap
from louyu_lab.analysis.industry.targets.funnel import GIVEN_UP, LANDED, project_stages
from louyu_lab.analysis.industry.targets.matching import LEAST_SCORE, Fits, best_assignment, fits
from louyu_lab.analysis.industry.targets.prospects import Prospects
from louyu_lab.analysis.industry.targets.wording import industries_named
from louyu_lab.analysis.outputs import TABLES, declared

#: Spaces named for each project.
CHOICES = 3

#: Why a project has no space.
NO_NEED, NO_ROOM, TOO_DEAR, NO_MATCH = (
    "需求面积没有写或读不懂",
    "没有面积相当的空间",
    "面积相当的空间租金都超出预算",
    "面积、租金相当的空间行业不合",
)

_OF_PROJECT = ("project_id", "project", "stage", "industry", "needed_area_sqm", "rent_budget_yuan")
_OF_SPACE = ("space_id", "space", "source", "building_id", "street", "area_sqm", "asking_rent_yuan")


@dataclass(frozen=True)
class Opportunities:
    """Tables ``opportunities`` and ``unmatched_projects``, and what else there is to say of both sides.

    ``projects`` matched or not (without the ``landed`` and ``given_up``), ``spaces`` as
    ``spaces.vacant_spaces``; ``repeated`` rows of the library stand in it twice.
    """

    table: pd.DataFrame
    unmatched: pd.DataFrame
    projects: int
    landed: int
    given_up: int
    repeated: int
    spaces: pd.DataFrame

    @property
    def unused(self) -> pd.DataFrame:
        """Spaces on offer that are nobody's choice."""
        named = set(self.table["space_id"])
        return self.spaces[(self.spaces["blocked"] == "") & ~self.spaces["space_id"].isin(named)]

    @property
    def blocked(self) -> pd.DataFrame:
        """Spaces that are not offered, with the reason in ``blocked``."""
        return self.spaces[self.spaces["blocked"] != ""]


def opportunities(
    projects: pd.DataFrame,
    spaces: pd.DataFrame,
    counts: pd.DataFrame,
    expected: Prospects,
    industries: IndustryMap | None = None,
) -> Opportunities:
    """Return each project's ``CHOICES`` best spaces, and one space each that does not clash.

    ``projects``: the project library; ``spaces``: ``spaces.vacant_spaces``; ``counts``:
    ``composition.building_composition``. Projects 落地 or 终止 need no space any more.

    Table ``opportunities``, one row a project and choice: the project's side, the space's side,
    ``area_fit, industry_fit, rent_fit`` and their product ``score`` (see ``matching``; ``LEAST_SCORE`` and
    better only), ``is_assigned`` (the one-to-one assignment with the highest total: no ㎡ promised twice;
    such a space is listed though it be the project's fourth choice) and ``expected_tax_yuan`` (元 a year if
    the project comes: the area it takes × tax per ㎡ of its industry × registered rate). Best first.
    """
    wanted, done, repeated = _open_projects(projects, industries)
    offered = spaces[spaces["blocked"] == ""].reset_index(drop=True)
    match = fits(wanted, offered, counts)
    table = _choices(wanted, offered, match)
    table["expected_tax_yuan"] = expected.tax_if_let(
        table["industry"], table[["needed_area_sqm", "area_sqm"]].min(axis=1)
    )
    order = ["score", "project_id", "choice"]
    table = table.sort_values(order, ascending=[False, True, True])
    return Opportunities(
        table=declared("opportunities", table[list(TABLES["opportunities"].columns)]),
        unmatched=_unmatched(wanted, match),
        projects=len(wanted),
        landed=int(done.get(LANDED, 0)),
        given_up=int(done.get(GIVEN_UP, 0)),
        repeated=repeated,
        spaces=spaces,
    )


def _open_projects(
    projects: pd.DataFrame, industries: IndustryMap | None
) -> tuple[pd.DataFrame, dict[str, int], int]:
    """Projects still looking, with their stage and industries; how many by stage do not, and stood twice."""
    told = ["project", "industry", "needed_area_sqm", "rent_budget_yuan", "project_stage"]
    rows = projects[told].drop_duplicates()
    repeated = len(projects) - len(rows)
    stage = project_stages(rows["project_stage"])
    is_done = stage.isin([LANDED, GIVEN_UP])
    looking = rows[~is_done].assign(stage=stage[~is_done])
    repeat = looking.groupby("project").cumcount()
    number = looking["project"].where(repeat == 0, looking["project"] + "-" + (repeat + 1).astype("str"))
    named = industries_named(looking["industry"], industries)
    first = pd.Series([names[0] if names else None for names in named], index=looking.index, dtype="str")
    looking = looking.assign(project_id=number, industries=named, industry=first)
    return looking.reset_index(drop=True), stage[is_done].value_counts().to_dict(), repeated


def _choices(wanted: pd.DataFrame, offered: pd.DataFrame, match: Fits) -> pd.DataFrame:
    score = match.score
    assigned = best_assignment(score)
    # Of equally good spaces the smaller one: less of it stays empty.
    area = np.broadcast_to(offered["area_sqm"].to_numpy("float64"), score.shape)
    order = np.lexsort((area, -score), axis=1)
    rows = []
    for project, spaces in enumerate(order):
        listed = [int(space) for space in spaces[:CHOICES] if score[project, space] >= LEAST_SCORE]
        own = int(assigned[project])
        listed += [own] if own >= 0 and own not in listed else []
        rows += [(project, choice, space, space == own) for choice, space in enumerate(listed, start=1)]
    project, choice, space, own = np.array(rows, dtype="int64").reshape(-1, 4).T
    left = wanted.iloc[project][list(_OF_PROJECT)].reset_index(drop=True)
    right = offered.iloc[space][list(_OF_SPACE)].reset_index(drop=True)
    return pd.concat([left, right], axis=1).assign(
        choice=choice,
        is_assigned=own.astype(bool),
        area_fit=match.area[project, space],
        industry_fit=match.industry[project, space],
        rent_fit=match.rent[project, space],
        score=score[project, space],
    )


def _unmatched(wanted: pd.DataFrame, match: Fits) -> pd.DataFrame:
    """Return table ``unmatched_projects``: the projects without any space, and the first thing amiss."""
    none = ~(match.score >= LEAST_SCORE).any(axis=1)
    room, affordable = (match.area > 0), (match.area > 0) & (match.rent > 0)
    reason = np.select(
        [wanted["needed_area_sqm"].isna(), ~room.any(axis=1), ~affordable.any(axis=1)],
        [NO_NEED, NO_ROOM, TOO_DEAR],
        NO_MATCH,
    )
    table = wanted.assign(reason=reason)[none].sort_values("project_id")
    return declared("unmatched_projects", table[list(TABLES["unmatched_projects"].columns)])
