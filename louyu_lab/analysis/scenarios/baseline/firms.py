"""The firms there at the end of the base year: area, expected tax, chance of leaving, registration."""

from __future__ import annotations

import pandas as pd

from louyu_lab.analysis.scenarios.baseline.priors import EXIT_RATE
from louyu_lab.analysis.scenarios.baseline.tax_model import TaxModel, expected_taxes
from louyu_lab.analysis.scenarios.baseline.tenants import Turnover, exit_rates
from louyu_lab.analysis.tax.history import RECURRING
from louyu_lab.analysis.tax.usable import UsableTaxes

_KEY = ["enterprise_id", "building_id"]


def firms_now(
    population: pd.DataFrame,
    taxes: UsableTaxes,
    model: TaxModel | None,
    seen: Turnover,
    building_id: pd.Series,
) -> pd.DataFrame:
    """Return a row a firm and building as ``units.made_units`` takes them; ``building`` is its position.

    ``population`` is ``indicator_populations.tenant_population`` of the base year; who pays but stands in no
    list of tenants is added with 0 ``firms``. Registration and paying of firms of which it is not known
    count as the known ones' share. Rates of leaving: chapter 04's of who pays, by industry of the others.
    """
    listed = pd.DataFrame(
        {
            **{name: population[name].astype("str") for name in (*_KEY, "enterprise", "sector")},
            "area_sqm": population["area_sqm"].astype("float64"),
            "firms": 1.0,
            **{
                name: flags.fillna(flags.mean())
                for name, column in (("registered", "is_registered"), ("paying", "is_taxpayer"))
                for flags in [population[column].astype("float64")]
            },
        }
    )
    paid = expected_taxes(model) if model is not None else _base_taxes(taxes)
    rows = listed.merge(paid, on=_KEY, how="outer", suffixes=("", "_taxed"))
    names = taxes.tenants.dropna(subset=["enterprise"]).groupby("enterprise_id")["enterprise"].last()
    sector = rows["sector"].fillna(rows["sector_taxed"]).fillna("")
    by_sector, overall = exit_rates(seen, seen.ends["tax_yuan"] <= 0)
    unpaid = sector.map(by_sector).fillna(overall)
    position = pd.Index(building_id).get_indexer(rows["building_id"])
    rows = rows.assign(
        building=position,
        sector=sector.astype("str"),
        enterprise=rows["enterprise"].fillna(rows["enterprise_id"].map(names)).fillna(""),
        firms=rows["firms"].fillna(0.0),
        tax_yuan=rows["tax_yuan"].fillna(0.0).clip(lower=0.0),
        exit_rate=rows["exit_rate"].fillna(unpaid),
    )
    for name in ("registered", "paying"):
        rows[name] = rows[name].mask(rows["firms"] == 0, 0.0) if listed[name].notna().any() else rows[name]
    rows = rows[rows["building"] >= 0].drop(columns=["sector_taxed", "building_id"])
    return rows.sort_values(["building", "enterprise_id"], ignore_index=True)


def _base_taxes(taxes: UsableTaxes) -> pd.DataFrame:
    """Return what each enterprise paid in the only year there is; columns as ``expected_taxes``."""
    rows = taxes.tenants[(taxes.tenants["year"] == taxes.base_year) & (taxes.tenants[RECURRING] > 0)]
    rows = rows[rows["building_id"].notna() & (rows["at_year_end"] | ~rows["in_tenancies"])]
    return pd.DataFrame(
        {
            **{name: rows[name].astype("str") for name in _KEY},
            "sector": rows["sector"].fillna("").astype("str"),
            "tax_yuan": rows[RECURRING].astype("float64"),
            "exit_rate": EXIT_RATE,
        }
    )
