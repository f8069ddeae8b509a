"""Exits, moves and newcomers come out at the rates that were put in."""

import numpy as np
import pytest

from louyu_lab.analysis.tax.tenants.entering import fit_entering
from louyu_lab.analysis.tax.tenants.growth import fit_growth
from louyu_lab.analysis.tax.tenants.leaving import fit_leaving
from louyu_lab.analysis.tax.tenants.units import units_until


def leavers(rate_small: float, rate_large: float, firms: int = 1200, seed: int = 5) -> list[dict]:
    """Half the firms pay 1万, half 100万; each leaves in a year at its rate, paying half of that year."""
    rng = np.random.default_rng(seed)
    rows = []
    for firm in range(firms):
        large = firm % 2
        for year in range(2015, 2021):
            leaves = year > 2015 and rng.random() < (rate_large if large else rate_small)
            tax = (1e6 if large else 1e4) * (0.5 if leaves else 1.0)
            rows.append(
                {
                    "firm": f"F{firm:04d}",
                    "building": f"B{firm % 3}",
                    "year": year,
                    "tax": tax,
                    "here": not leaves,
                }
            )
            if leaves:
                break
    return rows


def test_exit_rates_by_size(panels_of):
    units = units_until(*panels_of(leavers(0.20, 0.05)), 2020)
    leaving = fit_leaving(units)
    here = units.is_here[:, -1]
    small = here & (units.tax_yuan[:, -1] < 1e5)
    # Some 2,000 tenant-years a side: standard errors 0.009 and 0.005; three of them.
    assert leaving.exit_rate[small].mean() == pytest.approx(0.20, abs=0.027)
    assert leaving.exit_rate[here & ~small].mean() == pytest.approx(0.05, abs=0.016)
    # All leavers but the prior's one paid half.
    assert leaving.parted_mean == pytest.approx(0.5)
    assert leaving.late_rate == 0.0


def test_nobody_left_yet_is_not_never(panels_of, steady):
    rate = fit_leaving(units_until(*panels_of(steady(firms=20, years=2)), 2020)).exit_rate
    assert ((rate > 0) & (rate < 0.062)).all()  # below the prior, above nothing


def test_moves_inside_the_district(panels_of, steady):
    rows = steady(firms=200, years=4)
    for row in rows:
        if int(row["firm"][1:]) < 20 and row["year"] == 2020:
            row["building"] = "B0" if row["building"] != "B0" else "B1"
    # 20 moves in 600 tenant-years, the prior adds half a move and 50 years.
    assert fit_leaving(units_until(*panels_of(rows), 2020)).move_rate == pytest.approx(20.5 / 650)


def newcomers() -> list[dict]:
    """A building that gains 4 taxpayers a year and one that gains none; all pay 60 in the first year, then 100."""
    rows = [
        {"firm": f"old{name}{at}", "building": name, "year": year, "tax": 100.0}
        for name in ("B0", "B1") for at in range(10) for year in range(2015, 2021)
    ]  # fmt: skip
    for came in range(2016, 2021):
        for at in range(4):
            for year in range(came, 2021):
                tax = 60.0 if year == came else 100.0
                rows.append({"firm": f"new{came}{at}", "building": "B0", "year": year, "tax": tax})
    return rows


def test_newcomers_by_hand(panels_of):
    tenants, panel = panels_of(newcomers())
    units = units_until(tenants, panel, 2020)
    entering = fit_entering(units, fit_growth(units), panel, 3)
    # 12 in the latest 3 years; the district's usual 4 a year halved by space: (12 + 2) ÷ 4 and (0 + 2) ÷ 4.
    assert entering.rate == pytest.approx([3.5, 0.5])
    assert (entering.arrivals, entering.payers) == (4.0, 4.0)
    # No common growth: courses are as paid; who came in 2020 goes on as the others did.
    assert entering.courses.mean(axis=0) == pytest.approx([60.0, 100.0, 100.0])
    assert entering.destination == pytest.approx([7 / 8, 1 / 8])


def test_building_factors_do_not_change_what_newcomers_pay_together(planted):
    tenants, panel, _ = planted(2)
    units = units_until(tenants, panel, 2020)
    entering = fit_entering(units, fit_growth(units), panel, 3)
    first = units.first_paid
    new = np.flatnonzero((first >= 1) & (first < len(units.years)))
    home = units.home[new, first[new]]
    inside = home >= 0
    paid = entering.courses.sum(axis=1)
    factors = entering.scale[home[inside]]
    assert (factors * paid.mean()).sum() == pytest.approx(paid[inside].sum())
    assert entering.scale.std() > 0
