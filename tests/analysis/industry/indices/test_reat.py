"""The indices against the published values of the R package REAT (its manual's examples and data sets)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.industry.indices import (
    ellison_glaeser,
    gini,
    herfindahl,
    krugman,
    krugman_against_others,
    location_quotient,
    locational_gini,
    theil,
)

FOLDER = Path(__file__).resolve().parents[5] / "shared" / "data" / "reat_regional"
with_data = pytest.mark.skipif(not FOLDER.is_dir(), reason="the REAT data sets are not here")

SALES = [20, 50, 20, 10]
#: GDP of the German states 2015 (billion EUR), as printed in the manual.
GDP = [
    460.69, 549.19, 124.16, 65.29, 31.59, 109.27, 263.44, 39.87, 258.53, 645.59, 131.95, 35.03, 112.66, 56.22, 85.61, 56.81,
]  # fmt: skip


def as_printed(value: float, printed: str) -> None:
    """The value rounds to the printed digits: half of the last one is all the room there is."""
    assert round(value, len(printed.split(".")[1])) == float(printed)


def read(name: str) -> pd.DataFrame:
    return pd.read_csv(FOLDER / f"{name}.csv")


def test_inequality_of_printed_vectors() -> None:
    as_printed(herfindahl(SALES), "0.34")
    as_printed(herfindahl(SALES, normalised=True), "0.12")
    as_printed(1 / herfindahl(SALES), "2.94")
    as_printed(gini(SALES), "0.3")
    as_printed(gini(SALES, normalised=True), "0.4")
    as_printed(
        gini([500, 1500, 2500, 4000, 7500, 15000], weights=[1000, 1200, 1600, 400, 200, 600]), "0.5278"
    )
    as_printed(gini(GDP), "0.5009")
    as_printed(herfindahl(GDP), "0.125")
    # REAT's theil() is the mean log deviation.
    as_printed(theil([10, 10, 10, 20, 50], kind="L"), "0.2326302")
    as_printed(theil([10, 10, 10, 20, 50]), "0.2502012")


def test_comparisons_of_printed_vectors() -> None:
    # locq(e_ij, e_j, e_i, e): the one cell of a table of two regions and two industries.
    own, region, industry, whole = 1714, 79006, 879213, 15593224
    table = np.array([[own, region - own], [industry - own, whole - region - industry + own]])
    as_printed(location_quotient(table)[0, 0], "0.3847623")
    as_printed(locational_gini([500, 500, 1000, 7000, 1000], [20000, 15000, 20000, 40000, 5000]), "0.4068966")
    as_printed(
        locational_gini([700, 600, 500, 10000, 40000], [30000, 15000, 10000, 60000, 50000]), "0.6222222"
    )
    assert krugman([20, 10, 70, 0, 0], [0, 0, 0, 60, 40]) == pytest.approx(2)
    regions = np.array([4388, 37489, 129423, 60941])
    assert krugman(regions, regions / 2) == pytest.approx(0, abs=1e-12)


def test_krugman_against_several_others() -> None:
    mining = [4320, 7811, 3900, 2300, 47560]
    chemistry, social = [20000, 11000, 31000, 8000, 20000], [40000, 10000, 25000, 9000, 16000]
    electronics, wood = [10000, 11000, 14000, 14000, 13000], [7000, 7500, 11000, 1500, 36000]
    as_printed(
        krugman_against_others(mining, np.column_stack([chemistry, social, electronics, wood])), "0.8619"
    )
    sweden, norway = [45000, 15000, 32000, 10000, 30000], [35000, 12000, 30000, 8000, 22000]
    denmark, finland = [40000, 10000, 25000, 9000, 18000], [30000, 11000, 18000, 3000, 13000]
    iceland = [40000, 6000, 11000, 2000, 12000]
    as_printed(krugman_against_others(sweden, np.column_stack([norway, denmark, finland, iceland])), "0.1595")


def test_ellison_glaeser_of_ten_plants() -> None:
    size = [200, 650, 12000, 100, 50, 16000, 13000, 1500, 1500, 25000]
    region = ["Wien"] * 5 + ["Linz"] * 4 + ["Graz"]
    totals = {"Wien": 500000, "Linz": 400000, "Graz": 100000}
    as_printed(ellison_glaeser(size, ["x"] * 10, region, totals)["x"], "0.05990628")


@with_data
def test_ellison_glaeser_of_four_industries() -> None:
    plants = read("FK2014_EGC")
    totals = plants.groupby("region")["emp_region"].first()
    gamma = ellison_glaeser(plants["emp_firm"], plants["industry"], plants["region"], totals)
    printed = {
        "Clothing trade": "0.054382",
        "Forestry": "0.042964",
        "Textiles dyeing": "0.137760",
        "Textiles trade": "0.014249",
    }
    assert list(gamma.index) == list(printed)
    for industry, value in printed.items():
        as_printed(gamma[industry], value)
    # With the plants' own totals for the regions the same industry looks dispersed.
    own = ellison_glaeser(plants["emp_firm"], plants["industry"], plants["region"])
    as_printed(own["Clothing trade"], "-0.0938")


@with_data
def test_specialisation_of_cities() -> None:
    goettingen = read("Goettingen").iloc[1:]  # the first row is the total
    city, country = goettingen["Goettingen2017"], goettingen["BRD2017"]
    as_printed(krugman(city, country), "0.4508469")
    as_printed(locational_gini(city, country), "0.359852")
    freiburg = read("Freiburg")
    as_printed(locational_gini(freiburg["e_Freiburg2014"], freiburg["e_Germany2014"]), "0.2089009")


@with_data
def test_largest_location_quotients_of_the_states() -> None:
    table = read("G.regions.industries").pivot(index="region", columns="ind_code", values="emp_all")
    largest = location_quotient(table).stack().nlargest(5)
    # The description prints 2.4653 for Sachsen-Anhalt; (3,300/901,300) ÷ (58,000/39,055,000) is 2.46543.
    printed = [
        ("Berlin", "R", "2.5560"), ("Brandenburg", "B", "2.5314"), ("Sachsen-Anhalt", "B", "2.4654"),
        ("Berlin", "L", "2.1322"), ("Hamburg", "J", "1.9267"),
    ]  # fmt: skip
    assert [(state, code[-1]) for state, code in largest.index] == [(s, c) for s, c, _ in printed]
    for value, (_, _, text) in zip(largest, printed, strict=True):
        as_printed(value, text)
