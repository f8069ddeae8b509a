"""The baseline of a district, learned from its ledgers up to the base year."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from louyu_lab.analysis.indicator_catalogue import codes_by_name
from louyu_lab.analysis.indicator_populations import tenant_population
from louyu_lab.analysis.indicators import indicators
from louyu_lab.analysis.scenarios.baseline.demand import learned_demand, steady_changes, take_up
from louyu_lab.analysis.scenarios.baseline.entrants import learned_entrants
from louyu_lab.analysis.scenarios.baseline.firms import firms_now
from louyu_lab.analysis.scenarios.baseline.frames import TARGET_COLUMNS, draws_array, typed
from louyu_lab.analysis.scenarios.baseline.growth import agreeing, learned_growth, money_index
from louyu_lab.analysis.scenarios.baseline.priors import prior_entrants
from louyu_lab.analysis.scenarios.baseline.shares import (
    coming_projects,
    refit_estimate,
    retained_rate,
    tax_type_shares,
)
from louyu_lab.analysis.scenarios.baseline.state import BUILDING_COLUMNS, Baseline
from louyu_lab.analysis.scenarios.baseline.tax_model import tax_model, unlisted_taxes
from louyu_lab.analysis.scenarios.baseline.tenants import exit_rates, followed_exits, turnover
from louyu_lab.analysis.scenarios.baseline.units import made_units
from louyu_lab.analysis.stock import of_year
from louyu_lab.analysis.study_year import StudyYear
from louyu_lab.analysis.tax.history import RECURRING, TaxHistory, last_known, tax_history
from louyu_lab.analysis.tax.usable import UsableTaxes, usable_taxes
from louyu_lab.analysis.vacancy.accounting import opening_years
from louyu_lab.ledgers.model import Ledgers


def baseline_of(
    ledgers: Ledgers,
    year: int,
    horizon_years: int,
    seed: int = 0,
    tax_draws: pd.DataFrame | None = None,
    policy_findings: pd.DataFrame | None = None,
) -> Baseline:
    """Return the baseline of ``year`` over the ``horizon_years`` that follow, by nothing later than ``year``.

    ``tax_draws`` (``building_id, year, yuan``) are chapter 04's draws, ``policy_findings`` the table of that
    name of chapter 03. What the ledgers do not tell is a prior, NaN or empty, as ``state`` says.
    Raises ValueError where ``year`` has no stock of buildings.
    """
    study, taxes = StudyYear(ledgers, year, seed), usable_taxes(ledgers, year)
    stock = of_year(study.panel, year).sort_values("building_id", ignore_index=True)
    history, model = tax_history(taxes.panel, taxes.base_year, RECURRING), tax_model(taxes)
    tenants = model.growth if model else None
    seen = turnover(study.tenants, study.panel)
    population = tenant_population(study.tenants, study.panel, ledgers["registrations"])
    population = population[population["year"] == year]

    leaving = exit_rates(seen, pd.Series(True, index=seen.ends.index))[1]
    changes = steady_changes(study.panel, opening_years(ledgers["buildings"]))
    eased = take_up(stock, changes, study.panel, followed_exits(seen), leaving)
    buildings = _buildings(stock, history, eased)

    firms = firms_now(population, taxes, model, seen, buildings["building_id"])
    last = buildings.set_index("building_id")["tax_yuan"]
    rest = unlisted_taxes(model, taxes, last).to_numpy()
    units = made_units(firms, buildings, rest, tenants, horizon_years)
    exits = float((units["area_sqm"] * units["exit_rate"]).sum())
    years = tuple(range(year + 1, year + horizon_years + 1))
    known = indicators(ledgers, [year], {year: study.mix(year)} if ledgers.has("tenancies") else None)
    baseline = Baseline(
        district=study.district,
        year=year,
        years=years,
        buildings=buildings,
        units=units,
        demand=learned_demand(changes, float(buildings["occupied_area_sqm"].sum()), exits),
        entrants=prior_entrants(float("nan"), horizon_years),
        growth=learned_growth(tenants, history, year - taxes.base_year, horizon_years),
        supply=coming_projects(ledgers["pipeline"], stock, year),
        targets=_targets(ledgers.targets),
        indicators=known,
        tax_draws=None if tax_draws is None else draws_array(tax_draws, buildings, years),
        move_rate=model.leaving.move_rate if model else seen.move_rate,
        registration_rate=_registration_rate(known),
        retained_rate=retained_rate(stock),
        tax_types=tax_type_shares(ledgers["taxes"], taxes.base_year),
        estimates=refit_estimate(policy_findings),
    )
    entrants = learned_entrants(
        seen,
        study.panel,
        population,
        _enterprise_taxes(taxes),
        money_index(tenants, np.arange(min(study.years), taxes.base_year + 1)),
        baseline.mean_yield_yuan_sqm,
        horizon_years,
    )
    return agreeing(replace(baseline, entrants=entrants), year - taxes.base_year)


def _buildings(stock: pd.DataFrame, history: TaxHistory, eased: np.ndarray) -> pd.DataFrame:
    """Return ``Baseline.buildings`` of the year's rows of the panel, in their order."""
    last = pd.Series(last_known(history.tax_yuan), index=history.building_id, dtype="float64")
    texts = {name: stock[name].fillna("").astype("str") for name in ("street", "zone", "grade")}
    rows = stock.assign(
        **texts,
        building=stock["building"].fillna(stock["building_id"]),
        tax_yuan=stock["building_id"].map(last),
        take_up=eased,
    )
    return typed(rows, BUILDING_COLUMNS)


def _enterprise_taxes(taxes: UsableTaxes) -> pd.Series:
    """Return recurring tax (元) by enterprise and year, of the enterprises that stand in buildings."""
    rows = taxes.tenants.dropna(subset=[RECURRING, "building_id"])
    return rows.groupby(["enterprise_id", "year"])[RECURRING].sum()


def _targets(targets: pd.DataFrame) -> pd.DataFrame:
    """Return ``Baseline.targets``; a name that is no indicator's stands for itself."""
    codes = targets["indicator"].map(codes_by_name()).fillna(targets["indicator"])
    rows = targets.assign(indicator=codes).dropna(subset=["year", "target"])
    return typed(rows.sort_values(["indicator", "year"]), TARGET_COLUMNS)


def _registration_rate(known: pd.DataFrame) -> float:
    """Return 注册率 by count, else by area; NaN where neither is known."""
    values = known.set_index("indicator")["value"]
    codes = [code for code in ("registration_rate", "registration_rate_area") if code in values.index]
    return float(values[codes[0]]) if codes else float("nan")
