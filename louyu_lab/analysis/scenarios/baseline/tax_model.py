"""Chapter 04's model of tenants without its simulation: who pays how much, and leaves how often."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from louyu_lab.analysis.tax.history import RECURRING
from louyu_lab.analysis.tax.tenants.growth import Growth, fit_growth
from louyu_lab.analysis.tax.tenants.leaving import Leaving, fit_leaving
from louyu_lab.analysis.tax.tenants.units import Units, units_until
from louyu_lab.analysis.tax.usable import UsableTaxes


@dataclass(frozen=True)
class TaxModel:
    """What chapter 04 learns of the taxpayers."""

    units: Units
    growth: Growth
    leaving: Leaving


def tax_model(taxes: UsableTaxes) -> TaxModel | None:
    """Return the model of the taxpayers up to the last year with tax; None without two years of them."""
    found = units_until(taxes.tenants, taxes.panel, taxes.base_year)
    if isinstance(found, str):
        return None
    return TaxModel(found, fit_growth(found), fit_leaving(found))


def expected_taxes(model: TaxModel) -> pd.DataFrame:
    """Return who is there and ever paid: ``enterprise_id, building_id, sector, tax_yuan, exit_rate``.

    ``tax_yuan`` = exp(level) × the chance of paying at all.
    """
    units, growth, leaving = model.units, model.growth, model.leaving
    used = np.flatnonzero(units.is_here[:, -1] & (units.home[:, -1] >= 0) & np.isfinite(growth.level))
    base, level = units.tax_yuan[used, -1], np.exp(growth.level[used])
    pays = np.where(base > 0, 1 - leaving.silent_rate, leaving.return_rate)
    return pd.DataFrame(
        {
            "enterprise_id": units.enterprise_id[used].astype("str"),
            "building_id": units.building_id[units.home[used, -1]].astype("str"),
            "sector": units.sector[used].astype("str"),
            "tax_yuan": level * pays,
            "exit_rate": leaving.exit_rate[used],
        }
    ).astype(dict.fromkeys(("enterprise_id", "building_id", "sector"), "str"))


def unlisted_taxes(model: TaxModel | None, taxes: UsableTaxes, base_yuan: pd.Series) -> pd.Series:
    """Return by building the recurring tax (元) of the base year that no listed enterprise pays.

    ``base_yuan`` the buildings' last known tax, by ``building_id``. Never negative: where enterprises are
    said to pay more than the building, nothing is unlisted.
    """
    if model is not None:
        rest = pd.Series(model.units.unlisted_yuan[:, -1], index=model.units.building_id)
        return rest.reindex(base_yuan.index).fillna(0.0).clip(lower=0.0)
    rows = taxes.tenants[taxes.tenants["year"] == taxes.base_year]
    listed = rows.groupby("building_id")[RECURRING].sum()
    return (base_yuan - listed.reindex(base_yuan.index).fillna(0.0)).fillna(0.0).clip(lower=0.0)
