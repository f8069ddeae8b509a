"""Buildings and tenants of two runs: what happened, and apart from it what was only corrected."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from louyu_lab.analysis import changes as found
from louyu_lab.analysis.changes.restated import DROPPED
from louyu_lab.run.compare.finished import YearEnd

#: What the later run may lack of the earlier year, beside what buildings tell (入驻, 税收).
LISTS = "企业名单"


@dataclass(frozen=True)
class Revisions:
    """What the later run says otherwise of the earlier run's year.

    ``buildings`` as ``RestatedBuildings.revised``, ``firms`` as ``TenantChanges.firms``; ``lacking``: what
    -> the streets of which it does not hold that year, where the changes are told from the earlier run.
    """

    buildings: pd.DataFrame
    firms: pd.DataFrame | None = None
    lacking: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def is_whole(self) -> bool:
        """Whether the later run holds the earlier year everywhere."""
        return not any(self.lacking.values())


@dataclass(frozen=True)
class ObjectChanges:
    """``buildings`` as ``building_changes``; ``tenants`` and ``revisions`` None where there are none."""

    buildings: pd.DataFrame
    tenants: found.TenantChanges | None = None
    revisions: Revisions | None = None


def object_changes(before: YearEnd, again: YearEnd | None, after: YearEnd) -> ObjectChanges:
    """Return what became of buildings and tenants between two year ends.

    ``again`` is the later run's word of the earlier year end: changes are told from it where it speaks.
    """
    has_lists = before.has_tenancies and after.has_tenancies
    if again is None:
        buildings = found.building_changes(before.buildings, after.buildings)
        tenants = _tenants(before, after, before.tenants, buildings) if has_lists else None
        return ObjectChanges(buildings, tenants)
    restated = found.restated_buildings(before.buildings, again.buildings)
    buildings = found.building_changes(restated.base, after.buildings)
    # A building the register has lost by now stands among the changes.
    lost = buildings.loc[~buildings["in_after"], "building_id"]
    told = (restated.revised["kind"] == DROPPED) & restated.revised["building_id"].isin(lost)
    revised = restated.revised[~told].reset_index(drop=True)
    if not has_lists:
        return ObjectChanges(buildings, None, Revisions(revised, lacking=restated.lacking))
    standing, firms = found.restated_tenants(before.tenants, again.tenants, again.streets, _called(buildings))
    tenants = _tenants(before, after, standing, buildings, again.streets)
    tenants, firms = found.with_struck(tenants, firms, after.known)
    lacking = restated.lacking | {LISTS: tuple(sorted(before.streets - again.streets))}
    return ObjectChanges(buildings, tenants, Revisions(revised, firms, lacking))


def _tenants(
    before: YearEnd,
    after: YearEnd,
    standing: pd.DataFrame,
    buildings: pd.DataFrame,
    listed: frozenset[str] = frozenset(),
) -> found.TenantChanges:
    """Compare those ``standing`` before with those after; ``listed`` are further streets with a list."""
    streets = [set(end.buildings["street"].dropna()) for end in (before, after)]
    # A street without a building in the stock is known to be empty, as in table moves.
    everywhere = streets[0] | streets[1]
    told = [end.streets | (everywhere - own) for end, own in zip((before, after), streets, strict=True)]
    return found.tenant_changes(standing, after.tenants, told[0] | listed, told[1], _called(buildings))


def _called(buildings: pd.DataFrame) -> dict[str, str]:
    return found.told_apart(buildings["building_id"], buildings["building"])
