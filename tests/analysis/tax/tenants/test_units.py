"""Taxpayers as arrays: who, where, how much, and when there is nothing to go by."""

import numpy as np

from louyu_lab.analysis.tax.tenants.units import OLD, units_until


def test_who_pays_where_by_hand(panels_of):
    rows = [
        {"firm": "a", "building": "B1", "year": 2019, "tax": 100.0},
        {"firm": "a", "building": "B2", "year": 2020, "tax": 150.0},  # moved
        {"firm": "b", "building": "B1", "year": 2019, "tax": 50.0},
        {"firm": "b", "building": "B1", "year": 2020, "tax": 20.0, "here": False},  # left in 2020
        {"firm": "c", "building": "B1", "year": 2020, "tax": 90.0, "one_off": 60.0},  # came in 2020
        {"firm": "d", "building": "B1", "year": 2020, "tax": 0.0},  # never paid
    ]
    units = units_until(*panels_of(rows), 2020)
    assert units.enterprise_id.tolist() == ["a", "b", "c"]
    assert units.building_id.tolist() == ["B1", "B2"]
    assert units.tax_yuan.tolist() == [[100.0, 150.0], [50.0, 20.0], [0.0, 30.0]]
    assert units.home.tolist() == [[0, 1], [0, 0], [-1, 0]]
    assert units.is_here.tolist() == [[True, True], [True, False], [False, True]]
    assert units.age.tolist() == [[OLD, OLD], [OLD, OLD], [-1, 0]]
    assert not units.unlisted_yuan.any()


def test_an_enterprise_paying_in_two_places_is_two_units(panels_of):
    rows = [
        {"firm": "bank", "building": name, "year": year, "tax": tax}
        for year in (2019, 2020)
        for name, tax in (("B1", 10.0), ("B2", 30.0))
    ]
    units = units_until(*panels_of(rows), 2020)
    assert units.tax_yuan.tolist() == [[10.0, 10.0], [30.0, 30.0]]
    assert units.home.tolist() == [[0, 0], [1, 1]]


def test_what_nobody_listed_pays_is_the_rest_of_the_building(panels_of):
    rows = [{"firm": "a", "building": "B1", "year": year, "tax": 100.0} for year in (2019, 2020)]
    tenants, panel = panels_of(rows)
    units = units_until(tenants, panel.assign(recurring_tax_yuan=[250.0, 300.0]), 2020)
    assert units.unlisted_yuan.tolist() == [[150.0, 200.0]]
    # Without a total for the year, that of the year before stands.
    units = units_until(tenants, panel.assign(recurring_tax_yuan=[250.0, np.nan]), 2020)
    assert units.unlisted_yuan.tolist() == [[150.0, 150.0]]


def test_only_the_tax_ledger_knows_them(panels_of):
    rows = [
        {"firm": "a", "building": "B1", "year": year, "tax": tax} for year, tax in ((2019, 5.0), (2020, 6.0))
    ]
    rows.append({"firm": "b", "building": "B1", "year": 2019, "tax": 5.0})
    units = units_until(*panels_of(rows, listed=False), 2020)
    assert units.is_here.tolist() == [[True, True], [True, False]]


def test_years_before_a_gap_do_not_count(panels_of):
    rows = [{"firm": "a", "building": "B1", "year": year, "tax": 5.0} for year in (2015, 2018, 2019, 2020)]
    assert units_until(*panels_of(rows), 2020).years.tolist() == [2018, 2019, 2020]


def test_too_little_is_refused_with_the_reason(panels_of):
    tenants, panel = panels_of([{"firm": "a", "building": "B1", "year": 2020, "tax": 5.0}])
    assert units_until(tenants, panel, 2020) == "分企业的税收只有 2020 年一年，看不出企业的去留和增减"
    assert units_until(tenants.iloc[:0], panel, 2020) == "2020 年没有分企业的税收"
