"""The whole fictional district: every ledger generated from one plan, in canonical columns and units."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from louyu_lab.ledgers.demo.buildings import make_buildings, target_rates
from louyu_lab.ledgers.demo.enterprises import make_enterprises
from louyu_lab.ledgers.demo.idle import make_idle
from louyu_lab.ledgers.demo.occupancy import make_occupancy
from louyu_lab.ledgers.demo.plan import DistrictPlan
from louyu_lab.ledgers.demo.prospects import (
    make_pipeline,
    make_policies,
    make_projects,
    make_registrations,
    outside_addresses,
)
from louyu_lab.ledgers.demo.taxes import district_totals, make_taxes
from louyu_lab.ledgers.demo.tenants import make_stays

_LEASE_KNOWN_SHARE = 0.55


@dataclass(frozen=True)
class District:
    """A generated district; frames hold a ledger's canonical columns (and a few of the generator's own)."""

    plan: DistrictPlan
    buildings: pd.DataFrame
    occupancy: pd.DataFrame
    tenancies: pd.DataFrame
    taxes: pd.DataFrame
    registrations: pd.DataFrame
    idle: pd.DataFrame
    pipeline: pd.DataFrame
    totals: pd.DataFrame
    policies: pd.DataFrame
    projects: pd.DataFrame


def make_district(plan: DistrictPlan) -> District:
    """Generate the district of ``plan``. Each part draws from a stream of its own."""
    names = ("buildings", "rates", "stays", "firms", "taxes", "occupancy", "idle", "leases", "prospects")
    streams = np.random.SeedSequence(plan.seed).spawn(len(names))
    rng = {name: np.random.default_rng(stream) for name, stream in zip(names, streams, strict=True)}
    buildings = make_buildings(plan, rng["buildings"])
    rates = target_rates(buildings, plan, rng["rates"])
    stays = make_stays(plan, buildings, rates, rng["stays"])
    firms = make_enterprises(plan, stays, rng["firms"])
    stays["floor"] = _floors(stays, buildings, rng["leases"])
    taxes = make_taxes(plan, stays, firms, buildings, rng["taxes"])
    occupancy = make_occupancy(plan, buildings, stays, rng["occupancy"])
    return District(
        plan=plan,
        buildings=buildings,
        occupancy=occupancy,
        tenancies=_tenancies(plan, stays, firms, buildings, rng["leases"]),
        taxes=taxes,
        registrations=make_registrations(plan, buildings, stays, firms, rng["prospects"]),
        idle=make_idle(plan, buildings, occupancy, rng["idle"]),
        pipeline=make_pipeline(plan, rng["prospects"]),
        totals=district_totals(plan, taxes, stays),
        policies=make_policies(plan, buildings, firms, stays, rng["prospects"]),
        projects=make_projects(plan, rng["prospects"]),
    )


def _tenancies(
    plan: DistrictPlan,
    stays: pd.DataFrame,
    firms: pd.DataFrame,
    buildings: pd.DataFrame,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Return the enterprise ledger: each stay with what is known of its enterprise, by building and date."""
    facts = firms.drop(columns=["industry", "area_sqm", "first_building", "anchor_tax_yuan", "is_hq"])
    rows = stays.join(facts, on="firm")
    rows["building"] = rows["building_id"].map(buildings.set_index("building_id")["building"])
    outside = rows["building_id"].isna()
    rows["address"] = outside_addresses(plan, rows.set_index("firm")).to_numpy()
    rows["address"] = rows["address"].where(outside)
    for column in ("move_in_date", "move_out_date"):
        rows[column] = rows[column].dt.normalize()
    # Leases run whole years from the move; the current one ends after the ledger's date.
    last = pd.Timestamp(plan.last_year, 12, 31)
    term = 365.25 * rng.integers(2, 6, len(rows))
    elapsed = (last - rows["move_in_date"]).dt.days
    end = rows["move_in_date"] + pd.to_timedelta((np.floor(elapsed / term) + 1) * term // 1, unit="D")
    known = rows["move_out_date"].isna() & ~outside & (rng.random(len(rows)) < _LEASE_KNOWN_SHARE)
    rows["lease_end_date"] = end.dt.normalize().where(known)
    return rows.sort_values(["building_id", "move_in_date", "firm"], ignore_index=True)


def _floors(stays: pd.DataFrame, buildings: pd.DataFrame, rng: np.random.Generator) -> pd.Series:
    """Return a floor for each stay; buildings have a floor per 1,500 ㎡, at least four."""
    floors = (buildings.set_index("building_id")["gross_area_sqm"] / 1_500).clip(4, 48)
    top = stays["building_id"].map(floors)
    floor = (rng.random(len(stays)) * top.fillna(1)).astype(int) + 1
    return (floor.astype("str") + "层").where(top.notna())
