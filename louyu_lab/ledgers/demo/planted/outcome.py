"""What happens in some of a planted district's buildings, before anybody writes it down."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from louyu_lab.ledgers.demo.planted import effects, floors, sectors, stays, taxes
from louyu_lab.ledgers.demo.planted.buildings import Buildings, make_buildings, standardised
from louyu_lab.ledgers.demo.planted.chain import simulate
from louyu_lab.ledgers.demo.planted.drivers import driver_values
from louyu_lab.ledgers.demo.planted.places import DISTRICT
from louyu_lab.ledgers.demo.planted.plan import PlantedPlan, random_stream
from louyu_lab.ledgers.demo.planted.policy import choose_treated
from louyu_lab.ledgers.demo.planted.rates import Circumstances, Rates, process_rates
from louyu_lab.ledgers.demo.planted.suites import divide

#: Random streams, by what they are drawn for; the first two belong to the whole district.
_YEARS, _TAX_YEARS, _PART = 0, 1, 2
_PURPOSES = (
    *("buildings", "suites", "mix", "trait", "policy", "chain", "stays", "firms"),
    *("building_tax", "taxes", "blanks"),
)

#: Standard deviation of the years' shock to the logarithm of the letting rate.
_YEAR_SD = 0.05


@dataclass(frozen=True)
class Outcome:
    """What happened in a part's buildings.

    ``types`` (position in ``sectors.TYPES``), ``growth`` (yearly, log), ``opened_year``, ``suites`` that
    can be let (number), ``sealed_sqm`` and ``marketable_sqm`` by building; ``suite_floor`` by suite as
    ``stays`` count them; ``let_sqm`` on 31 December and ``is_open`` (buildings, ledger years); ``stays``
    and ``paid`` with the withheld years.
    """

    buildings: Buildings
    types: np.ndarray
    state: Circumstances
    rates: Rates
    opened_year: np.ndarray
    suites: np.ndarray
    suite_floor: np.ndarray
    sealed_sqm: np.ndarray
    marketable_sqm: np.ndarray
    stays: pd.DataFrame
    let_sqm: np.ndarray
    is_open: np.ndarray
    growth: np.ndarray
    paid: pd.DataFrame


def part_streams(plan: PlantedPlan, part: int) -> dict[str, np.random.Generator]:
    """Return the random streams of the district's part number ``part``, by purpose."""
    return {name: random_stream(plan, _PART, part, i) for i, name in enumerate(_PURPOSES)}


def year_shocks(plan: PlantedPlan) -> np.ndarray:
    """Return the years' shocks to the logarithm of the letting rate, by simulated year."""
    return _YEAR_SD * random_stream(plan, _YEARS).standard_normal(len(plan.simulated_years))


def tax_years(plan: PlantedPlan) -> np.ndarray:
    """Return the logarithm of the year factor of tax from the first ledger year to the last withheld."""
    return taxes.draw_tax_years(plan, random_stream(plan, _TAX_YEARS))


def simulated(plan: PlantedPlan, first: int, n: int, rng: dict[str, np.random.Generator]) -> Outcome:
    """Draw buildings ``first`` to ``first + n − 1``, let the process run, and tax who is there."""
    buildings = make_buildings(plan, first, n, DISTRICT, rng["buildings"])
    ledger = buildings.ledger
    aimed_sqm = (ledger["gross_area_sqm"] * ledger["rentable_rate"]).to_numpy()
    suites = divide(aimed_sqm, plan.nature, rng["suites"])
    ledger["rentable_area_sqm"] = suites.total_sqm(n)
    types = sectors.draw_types(n, rng["mix"])
    state = circumstances(plan, buildings, sectors.entry_mix(types, plan.nature, rng["mix"]), rng)
    rates = process_rates(plan, state)
    let = suites.lettable()
    spells = simulate(rates, let.building, rng["chain"])
    opened = ledger["opened_date"].to_numpy("datetime64[D]")
    every = stays.make_stays(plan, spells, let, opened, rng["stays"])
    growth = taxes.draw_growth(n, rng["building_tax"])
    effect = taxes.building_effects(plan, n, buildings.quality, rng["building_tax"])
    opened_year = ledger["opened_date"].dt.year.to_numpy()
    return Outcome(
        buildings=buildings,
        types=types,
        state=state,
        rates=rates,
        opened_year=opened_year,
        suites=np.bincount(let.building, minlength=n),
        suite_floor=floors.suite_floors(suites, ledger["gross_area_sqm"].to_numpy())[~suites.is_sealed],
        sealed_sqm=suites.sealed_sqm(n),
        marketable_sqm=let.total_sqm(n),
        stays=every,
        let_sqm=effects.ledger_years(plan, stays.let_at_year_end(every, plan, n)),
        is_open=opened_year[:, None] <= plan.ledger_years,
        growth=growth,
        paid=taxes.make_taxes(plan, every, effect, growth, tax_years(plan), rng["taxes"]),
    )


def circumstances(
    plan: PlantedPlan, buildings: Buildings, mix: np.ndarray, rng: dict[str, np.random.Generator]
) -> Circumstances:
    """What the buildings' rates depend on, the policy's lot included."""
    ledger = buildings.ledger
    drivers = driver_values(ledger, buildings.rent_premium, plan.simulated_years)
    opened = ledger["opened_date"].dt
    return Circumstances(
        drivers=drivers,
        # Plus nothing: without traits some would read −0.
        trait=plan.nature.trait_sd * standardised(rng["trait"].standard_normal(len(ledger))) + 0.0,
        quality=plan.nature.quality_letting * buildings.quality,
        year_shock=year_shocks(plan),
        is_treated=choose_treated(plan, ledger, drivers, buildings.quality, rng["policy"]),
        entry_mix=mix,
        opening_month=((opened.year - plan.start_year) * 12 + opened.month - 1).to_numpy(),
    )
