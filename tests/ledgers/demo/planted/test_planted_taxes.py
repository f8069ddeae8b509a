"""What enterprises pay, worked out for a few stays, and how it adds up."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from louyu_lab.ledgers.demo.industries import SECTORS
from louyu_lab.ledgers.demo.planted import taxes
from louyu_lab.ledgers.demo.planted.plan import PlantedPlan
from louyu_lab.ledgers.demo.planted.sectors import sector_factors
from louyu_lab.ledgers.demo.planted.taxes import building_tax, draw_payers, draw_tax_years, make_taxes

PLAN = PlantedPlan(years=2, difficulty="plain")


def stays(*rows: tuple[int, int, float, str, str | None], sector: str = "商贸") -> pd.DataFrame:
    """Stays of (firm, building, ㎡, first day, day of leaving)."""
    frame = pd.DataFrame(rows, columns=["firm", "building", "area_sqm", "start", "end"])
    frame["start"], frame["end"] = pd.to_datetime(frame["start"]), pd.to_datetime(frame["end"])
    return frame.assign(sector=SECTORS.index(sector))


@pytest.fixture
def without_chance(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every firm pays, and pays what firms like it pay."""
    monkeypatch.setattr(taxes, "_FIRM_YEAR_SD", 0.0)
    all_pay = lambda rows, *_: (np.zeros(rows["firm"].max() + 1), np.ones(rows["firm"].max() + 1, bool))  # noqa: E731
    monkeypatch.setattr(taxes, "draw_payers", all_pay)


def paid(rows: pd.DataFrame, growth: float = 0.0, effect: float = 0.0) -> pd.DataFrame:
    two = np.full(2, effect), np.full(2, growth)
    return make_taxes(PLAN, rows, *two, np.zeros(5), np.random.default_rng(0))


@pytest.mark.usefixtures("without_chance")
def test_tax_follows_area_sector_and_building() -> None:
    rows = paid(stays((0, 0, 100.0, "2010-01-01", None)), effect=np.log(2))
    # 1,100 元 × yield of trade × 100^0.85 (= 50.1187) × 2, the sector's growth being 0 in the first year.
    expected = 1_100 * sector_factors().tax_yield[0] * 50.118723 * 2
    assert rows.loc[rows["year"] == 2019, "tax_yuan"].item() == pytest.approx(expected, abs=50)
    # Two ledger years and three withheld ones.
    assert rows["year"].tolist() == [2019, 2020, 2021, 2022, 2023]


@pytest.mark.usefixtures("without_chance")
def test_tax_grows_with_its_building() -> None:
    rows = paid(stays((0, 0, 5_000.0, "2010-01-01", None)), growth=0.10).set_index("year")["tax_yuan"]
    yearly = 0.10 + sector_factors().growth[0]
    # Rounded to 100 元 of some 10⁶: five digits hold.
    assert np.log(rows[2020] / rows[2019]) == pytest.approx(yearly, abs=5e-4)
    assert np.log(rows[2023] / rows[2019]) == pytest.approx(4 * yearly, abs=5e-4)


@pytest.mark.usefixtures("without_chance")
def test_part_of_a_year_pays_its_part() -> None:
    # 2019 from 1 July: 184 of 365 days; in 2020 until 31 January: 30 of 366 (the day of leaving not).
    rows = paid(stays((0, 0, 5_000.0, "2019-07-01", "2020-01-31"), (1, 1, 5_000.0, "2001-01-01", None)))
    by = rows.set_index(["firm", "year"])["tax_yuan"]
    assert by[0, 2019] / by[1, 2019] == pytest.approx(184 / 365, abs=1e-4)
    assert by[0, 2020] / by[1, 2020] == pytest.approx(30 / 366, abs=1e-4)
    assert (0, 2021) not in by.index


@pytest.mark.usefixtures("without_chance")
def test_a_movers_tax_is_one_row_and_goes_where_it_ends() -> None:
    rows = paid(stays((0, 0, 5_000.0, "2010-01-01", "2019-06-30"), (0, 1, 5_000.0, "2019-07-01", None)))
    assert rows.loc[rows["year"] == 2019, "building"].tolist() == [1]
    by_building = building_tax(rows, 2, np.array([2019, 2020]), recurring=False)
    assert by_building[0].tolist() == [0, 0]
    assert by_building[1].sum() == rows.loc[rows["year"] <= 2020, "tax_yuan"].sum()


def many(n: int) -> pd.DataFrame:
    return stays(*[(firm, firm % 2, 400.0, "2010-01-01", None) for firm in range(n)], sector="房地产")


def test_one_off_taxes_and_refunds_come_with_realism_only() -> None:
    zero = np.zeros(2), np.zeros(2), np.zeros(5)
    plain = make_taxes(PLAN, many(3_000), *zero, np.random.default_rng(1))
    assert (plain["tax_yuan"] > 0).all() and not plain["is_one_off"].any()
    realistic = make_taxes(PlantedPlan(years=2), many(3_000), *zero, np.random.default_rng(1))
    # Some 9,600 firm-years of developers, of which 1.2 % have a one-off tax: four standard errors are 43.
    assert realistic["is_one_off"].sum() == pytest.approx(115, abs=43)
    assert (realistic["tax_yuan"] < 0).any()
    years = np.array([2019, 2020])
    every, recurring = (building_tax(realistic, 2, years, recurring=which) for which in (False, True))
    one_off = realistic[realistic["is_one_off"] & realistic["year"].isin(years)]["tax_yuan"].sum()
    assert every.sum() - recurring.sum() == pytest.approx(one_off)


def test_realistic_taxes_have_a_heavy_tail() -> None:
    shares = {}
    for difficulty in ("plain", "realistic"):
        plan = PlantedPlan(difficulty=difficulty)
        effect, pays = draw_payers(many(20_000), plan, np.random.default_rng(1))
        tax = np.sort(np.exp(effect[pays]))[::-1]
        shares[difficulty] = tax[: len(tax) // 100].sum() / tax.sum()
    # Lognormal with σ = 1: the top 1 % hold Φ(1 − 2.326) = 9.2 % of the sum.
    assert shares["plain"] == pytest.approx(0.092, abs=0.02)
    assert shares["realistic"] > 0.2


def test_the_pandemic_year_pays_less() -> None:
    plan = PlantedPlan(years=4)
    factors = np.mean([draw_tax_years(plan, np.random.default_rng(seed)) for seed in range(400)], axis=0)
    # 3 % a year and −12 % in 2020, then half, a quarter and an eighth of it; the mean of 400 shocks of
    # 0.03 errs by 0.0015.
    assert factors == pytest.approx([0, 0.03, 0.06, -0.03, 0.06, 0.12, 0.165], abs=0.006)
