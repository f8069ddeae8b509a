"""The district's totals: the published tax at the end, and a growth path of its own for every series."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from louyu_lab.ledgers.demo.published import margins
from louyu_lab.ledgers.demo.published.totals import district_totals


@pytest.fixture(params=range(20))
def totals(request: pytest.FixtureRequest) -> pd.DataFrame:
    """Columns the series, rows the years; the ledger's taxes jump about more than real ones."""
    rng = np.random.default_rng(request.param)
    taxes = pd.DataFrame({"year": margins.YEARS, "tax_yuan": 1e10 * np.exp(0.15 * rng.standard_normal(8))})
    present = pd.DataFrame({"year": np.repeat(margins.YEARS, 1_000), "firm": np.tile(np.arange(1_000), 8)})
    rows = district_totals(taxes, present, rng)
    assert rows["value"].notna().all()
    return rows.pivot(index="year", columns=["indicator", "scope"], values="value")


def test_tax_ends_at_the_published_sum_and_never_falls_far(totals: pd.DataFrame) -> None:
    tax = totals["全区税收", "全口径"]
    assert tax[2020] == margins.DISTRICT_TAX_YI
    assert tax.pct_change().dropna().between(-0.05, 0.121).all()


def test_the_series_do_not_hang_on_one_factor(totals: pd.DataFrame) -> None:
    tax, gdp = totals["全区税收", "全口径"], totals["地区生产总值", "现价"]
    budget = totals["全区税收", "一般公共预算"] / tax
    # Printed to 0.01 of about 60: 0.0002.
    assert budget.between(0.4198, 0.4502).all()
    assert budget.nunique() == 8
    assert np.ptp(budget) > 0.003
    assert np.ptp(gdp / tax) > 0.1


def test_gdp_and_entities_grow_as_districts_do(totals: pd.DataFrame) -> None:
    growth = totals["地区生产总值", "现价"].pct_change().dropna()
    assert growth[:-1].between(0.045, 0.10).all()
    assert -0.005 < growth[2020] < 0.025
    entities = totals["经营主体", "期末实有"]
    # Whole numbers of some 5,000: rounding moves a rate by 0.0002.
    assert entities.pct_change().dropna().between(0.0498, 0.0902).all()
    assert (entities % 1 == 0).all()
    assert entities[2020] > 1_000
