"""The demonstration district put together: every ledger, from one seed."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.ledgers.demo.frames import District
from louyu_lab.ledgers.demo.published import margins
from louyu_lab.ledgers.demo.published.buildings import make_buildings
from louyu_lab.ledgers.demo.published.filling import occupancy_rates
from louyu_lab.ledgers.demo.published.idle import make_idle
from louyu_lab.ledgers.demo.published.occupancy import make_occupancy
from louyu_lab.ledgers.demo.published.outside import outside_spells
from louyu_lab.ledgers.demo.published.payers import key_payers, outside_payers
from louyu_lab.ledgers.demo.published.places import CITY, DISTRICT
from louyu_lab.ledgers.demo.published.prospects import (
    make_pipeline,
    make_policies,
    make_projects,
    make_registrations,
)
from louyu_lab.ledgers.demo.published.sectors import make_industries
from louyu_lab.ledgers.demo.published.spells import make_spells
from louyu_lab.ledgers.demo.published.suites import make_suites
from louyu_lab.ledgers.demo.published.tax_ledger import make_taxes, presence
from louyu_lab.ledgers.demo.published.tenancies import make_enterprises, make_tenancies
from louyu_lab.ledgers.demo.published.totals import district_totals
from louyu_lab.ledgers.demo.published.trades import sectors

SEED = 20201230
_STREAMS = (
    *("buildings", "rates", "suites", "spells", "payers", "industries", "outside", "firms", "taxes"),
    *("tenancies", "occupancy", "idle", "prospects", "policies", "totals"),
)


def make_published(seed: int = SEED) -> District:
    """Return the district whose tables equal the published ones; each part draws from a stream of its own."""
    streams = np.random.SeedSequence(seed).spawn(len(_STREAMS))
    rng = {name: np.random.default_rng(stream) for name, stream in zip(_STREAMS, streams, strict=True)}
    buildings = make_buildings(rng["buildings"])
    suites = make_suites(buildings, occupancy_rates(buildings, rng["rates"]), rng["suites"])
    inside = make_spells(suites, buildings, rng["spells"])
    keys = key_payers(inside, buildings, rng["payers"])
    industry = make_industries(inside, buildings, sectors(keys["trade"]), rng["industries"])
    elsewhere = outside_payers(rng["outside"])
    outside = outside_spells(elsewhere, int(inside["firm"].max()) + 1, rng["outside"])
    elsewhere = elsewhere.set_index(outside["firm"].iloc[: len(elsewhere)])
    spells = pd.concat([inside, outside], ignore_index=True)
    industry = pd.concat([industry, outside.set_index("firm")["industry"]])
    firms = make_enterprises(spells, industry, keys, elsewhere, rng["firms"])
    present = presence(spells)
    taxes = make_taxes(present, firms, elsewhere, rng["taxes"])
    tenancies = make_tenancies(spells, firms, buildings, rng["tenancies"])
    occupancy = make_occupancy(buildings, inside, rng["occupancy"])
    frames = {
        "buildings": buildings,
        "occupancy": occupancy,
        "tenancies": tenancies,
        "taxes": taxes.join(firms[["credit_code", "enterprise"]], on="firm"),
        "registrations": make_registrations(tenancies, buildings, rng["prospects"]),
        "idle": make_idle(buildings, occupancy, rng["idle"]),
        "pipeline": make_pipeline(rng["prospects"]),
        "district": district_totals(taxes, present, rng["totals"]),
        "policies": make_policies(buildings, tenancies, taxes, rng["policies"]),
        "projects": make_projects(rng["prospects"]),
    }
    return District(DISTRICT, CITY, margins.YEARS[-1], frames)
