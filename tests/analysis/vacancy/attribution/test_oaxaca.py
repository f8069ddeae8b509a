"""Gaps between two sets of buildings: parts that add up, planted differences found where they are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.outputs import declared
from louyu_lab.analysis.vacancy.attribution import Pair, telling_pairs, vacancy_gaps
from louyu_lab.analysis.vacancy.drivers.problems import DriverError

BETA = [-1.6, 0.5, 0.3, 0.2, 0.1, 0.4]
GROUPS = {"产权": ["owners"], "设施": ["age", "lifts"]}
OPTIONS: dict[str, Any] = {"vacant_sqm": "vacant_sqm", "area_sqm": "area_sqm", "groups": GROUPS}


@pytest.fixture
def fit(known_fit: Callable, district: pd.DataFrame) -> Any:
    return known_fit(district, ["owners", "age", "lifts", "year"], BETA)


def sides(frame: pd.DataFrame, column: str, first: str, second: str) -> Pair:
    return Pair(column, first, second, *((frame[column] == side).to_numpy() for side in (first, second)))


def parts(table: pd.DataFrame) -> pd.Series:
    return table.set_index("part")["difference"]


def test_parts_add_up_to_the_difference_of_the_ledgers(fit: Any, district: pd.DataFrame) -> None:
    pairs = [sides(district, "street", "南街", "北街"), sides(district, "year", "2020", "2018")]
    table = vacancy_gaps(fit, district, pairs, replicates=0, **OPTIONS)
    for pair in pairs:
        own = parts(table[table["dimension"] == pair.dimension])
        rates = [
            district.loc[side, "vacant_sqm"].sum() / district.loc[side, "area_sqm"].sum()
            for side in (pair.is_first, pair.is_second)
        ]
        assert own["实际相差"] == pytest.approx(rates[0] - rates[1])
        # Rates: 1e-12 is rounding of sums over 120 rows.
        assert own.drop("实际相差").sum() == pytest.approx(own["实际相差"], abs=1e-12)


def test_turned_round_it_changes_sign(fit: Any, district: pd.DataFrame) -> None:
    there = vacancy_gaps(fit, district, [sides(district, "street", "南街", "北街")], replicates=0, **OPTIONS)
    back = vacancy_gaps(fit, district, [sides(district, "street", "北街", "南街")], replicates=0, **OPTIONS)
    assert parts(there).to_dict() == pytest.approx((-parts(back)).to_dict(), abs=1e-12)


def test_sides_that_are_alike_differ_in_nothing(fit: Any, district: pd.DataFrame) -> None:
    twin = pd.concat([district.assign(street="甲街"), district.assign(street="乙街")], ignore_index=True)
    table = vacancy_gaps(fit, twin, [sides(twin, "street", "甲街", "乙街")], replicates=0, **OPTIONS)
    assert np.abs(parts(table)).max() < 1e-12


def test_small_differences_are_oaxacas(known_fit: Callable) -> None:
    # μ(1 − μ)(x̄₁ − x̄₂) β with μ = 0.2; the logit's curve adds terms of the order of 1e-3 of it.
    rng = np.random.default_rng(7)
    frame = pd.DataFrame({"a": rng.normal(0, 1, 80), "b": rng.normal(0, 1, 80), "area_sqm": 1e4})
    frame["street"] = np.where(np.arange(80) < 30, "南街", "北街")
    fit = known_fit(frame, ["a", "b"], [np.log(0.25), 0.002, -0.003])
    # On top of the model the first street has three points more.
    frame["vacant_sqm"] = (fit.predict(frame) + 0.03 * (frame["street"] == "南街")) * 1e4
    options = OPTIONS | {"groups": {"甲": ["a"], "乙": ["b"]}}
    table = vacancy_gaps(fit, frame, [sides(frame, "street", "南街", "北街")], replicates=0, **options)
    means = frame.groupby("street")[["a", "b"]].mean()
    apart = means.loc["南街"] - means.loc["北街"]
    own = parts(table)
    assert own["甲"] == pytest.approx(0.16 * 0.002 * apart["a"], abs=2e-6)
    assert own["乙"] == pytest.approx(0.16 * -0.003 * apart["b"], abs=2e-6)
    assert own["未解释"] == pytest.approx(0.03, abs=1e-12)


def test_intervals_hold_the_coefficients_error(fit: Any, district: pd.DataFrame) -> None:
    table = vacancy_gaps(fit, district, [sides(district, "year", "2020", "2018")], replicates=400, **OPTIONS)
    rows = table.set_index("part")
    # The same buildings in both years: their make-up adds nothing but a hundredth of a point through the
    # logit's curve, on which owners tell a little more where the year's rates are higher.
    assert rows.loc["产权", ["difference", "lo", "hi"]].abs().max() < 5e-4
    # 2020 against 2018: 0.4 with error 0.1 on the logit, so zero is far outside, and so is half of it.
    other = rows.loc["其他因素"]
    assert (
        0.25 * other["difference"]
        < other["lo"]
        < other["difference"]
        < other["hi"]
        < 1.75 * other["difference"]
    )
    # The ledgers' own difference and what the model leaves have none, the others all do.
    assert rows.index[rows["lo"].isna()].tolist() == ["实际相差", "未解释"]
    assert rows.index[rows["hi"].isna()].tolist() == ["实际相差", "未解释"]


def test_which_comparisons_are_worth_printing(fit: Any, district: pd.DataFrame) -> None:
    pairs = telling_pairs(fit, district, "vacant_sqm", 2020)
    now = district[district["year"] == "2020"]
    most = now.groupby("street")["vacant_sqm"].sum().idxmax()
    assert [(pair.first, pair.second) for pair in pairs] == [(most, "其他街道"), ("2020年", "2018年")]
    assert set(district.loc[pairs[0].is_first, "year"]) == {"2020"}
    assert (pairs[0].is_first | pairs[0].is_second).sum() == 40
    # A lagged driver is not known in the first year, so the fit has not seen it.
    lagged = district.assign(owners=district["owners"].mask(district["year"] == "2018"))
    assert telling_pairs(fit, lagged, "vacant_sqm", 2020)[1].second == "2019年"
    assert telling_pairs(fit, district, "vacant_sqm", 2021) == []
    # A street of four buildings and a first year of none are not compared.
    few = now[now["building_id"].isin([f"L{at:02d}" for at in range(12)])]
    assert telling_pairs(fit, few, "vacant_sqm", 2020) == []
    assert telling_pairs(fit, district.iloc[:0], "vacant_sqm", 2020) == []


def test_nothing_to_compare(fit: Any, district: pd.DataFrame) -> None:
    declared("vacancy_gaps", vacancy_gaps(fit, district, [], **OPTIONS))
    unknown = district.assign(vacant_sqm=district["vacant_sqm"].where(district["street"] != "南街"))
    table = vacancy_gaps(fit, unknown, [sides(unknown, "street", "南街", "北街")], **OPTIONS)
    assert len(table) == 0


def test_areas_that_are_no_numbers_are_refused(fit: Any, district: pd.DataFrame) -> None:
    wrong = district.assign(vacant_sqm=["三千", *district["vacant_sqm"].astype("str")[1:]])
    with pytest.raises(DriverError, match="空置面积“vacant_sqm”列应为数值（㎡），第 1 行是文字：“三千”"):
        vacancy_gaps(fit, wrong, [sides(district, "street", "南街", "北街")], replicates=0, **OPTIONS)
