"""The forecast: sums that add up, intervals that hold, tiers by hand, and refusals."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.tax.backtest import backtest_errors
from louyu_lab.analysis.tax.forecast import TaxOutlook, tax_forecast, tax_outlook
from louyu_lab.analysis.tax.methods import GROUP_GROWTH, LAST_VALUE
from louyu_lab.analysis.tax.promotion import CERTAIN, HOPEFUL, PRESSED, yi_outlook
from louyu_lab.analysis.tax.simulation import common_shocks, simulated_sums

BOUNDS = ["lo95_yuan", "lo80_yuan", "mean_yuan", "hi80_yuan", "hi95_yuan"]


@pytest.fixture(scope="module")
def made(history_of: Callable, grown: Callable) -> pd.DataFrame:
    history = history_of(grown(np.random.default_rng(7)))
    errors = backtest_errors(history, 3)
    return tax_forecast(history, errors, GROUP_GROWTH, "某区", 3, np.random.default_rng(0))


def test_every_level_adds_up(made: pd.DataFrame) -> None:
    sums = made.groupby(["level", "year"])["mean_yuan"].sum().unstack("year")
    # 1e-6 元 of sums near 1e10 is within a double's resolution of about 2e-6; relative 1e-15 is asked.
    np.testing.assert_allclose(sums.loc["street"], sums.loc["district"], rtol=1e-15, atol=0)
    np.testing.assert_allclose(sums.loc["building"], sums.loc["district"], rtol=1e-14, atol=0)
    assert made["level"].drop_duplicates().tolist() == ["district", "street", "building"]
    assert set(made["year"]) == {2021, 2022, 2023}
    assert len(made) == 3 * (1 + 2 + 60)


def test_intervals_nest_and_widen(made: pd.DataFrame) -> None:
    sums = made[made["level"] != "building"]
    assert (np.diff(sums[BOUNDS].to_numpy(), axis=1) > 0).all()
    district = made[made["level"] == "district"]
    assert (np.diff(district["hi95_yuan"] - district["lo95_yuan"]) > 0).all()
    # The buildings' own errors partly cancel in the sum; the common shock does not.
    width = (made["hi80_yuan"] - made["lo80_yuan"]) / made["mean_yuan"]
    assert width[made["level"] == "district"].mean() < width[made["level"] == "building"].mean()


def test_chances_belong_to_buildings(made: pd.DataFrame) -> None:
    sums = made[made["level"] != "building"]
    assert sums[["p_yi", "p_up", "p_down"]].isna().all(axis=None)
    buildings = made[made["level"] == "building"]
    assert buildings[["p_yi", "p_up", "p_down"]].apply(lambda p: p.between(0, 1).all()).all()


def test_district_intervals_hold_what_comes(history_of: Callable, grown: Callable) -> None:
    # 50 districts whose next year is cut off: 80 % intervals should hold about 40 of them; fewer than 32 has
    # a probability of 0.2 %. All 50 would mean intervals so wide that they say nothing.
    held = 0
    for seed in range(50):
        tax = grown(np.random.default_rng(seed), buildings=40, years=9)
        history = history_of(tax[:, :-1])
        errors = backtest_errors(history, 1)
        table = tax_forecast(history, errors, GROUP_GROWTH, "某区", 1, np.random.default_rng(0))
        row = table[table["level"] == "district"].iloc[0]
        held += row["lo80_yuan"] <= tax[:, -1].sum() <= row["hi80_yuan"]
    assert 32 <= held <= 49


def test_tiers_by_hand(history_of: Callable) -> None:
    # All 60 buildings pay 8000万 and go by turns to 8000万·0.8 = 6400万, 8000万 and 1亿 (·1.25): a third
    # each falls below 7000万, stays 准亿元楼, rises to 亿元楼. Two years first, then one.
    tax = np.full((60, 3), 8e7)
    tax[:, 2] *= np.tile([0.8, 1.0, 1.25], 20)
    history = history_of(tax)
    errors = backtest_errors(history, 1)
    last = history_of(np.full((1, 3), 8e7))
    row = tax_forecast(last, errors, LAST_VALUE, "某区", 1, np.random.default_rng(0)).iloc[-1]
    assert row[["p_yi", "p_up", "p_down"]].tolist() == pytest.approx([1 / 3] * 3)
    # 60 errors, 20 each of −0.2, 0 and 0.25: the outer tenths are the extremes.
    assert row[["lo80_yuan", "hi80_yuan"]].tolist() == pytest.approx([6.4e7, 1e8])
    top = tax_forecast(history_of([[2e8] * 3]), errors, LAST_VALUE, "某区", 1, np.random.default_rng(0)).iloc[
        -1
    ]
    assert (top["p_yi"], top["p_up"]) == (1.0, 0.0)


@pytest.mark.parametrize("years", [1, 2])
def test_short_histories_get_a_number_and_no_interval(
    panel_of: Callable[..., pd.DataFrame], years: int
) -> None:
    span = list(range(2021 - years, 2021))
    panel = panel_of(
        span * 2,
        building_id=["A"] * years + ["B"] * years,
        street=["南街"] * 2 * years,
        tax_yuan=[1e7] * years + [3e7] * years,
    )
    outlook = tax_outlook(panel, 2020, "某区", 2, np.random.default_rng(0))
    assert outlook.method == LAST_VALUE
    district = outlook.forecast[outlook.forecast["level"] == "district"]
    assert district["mean_yuan"].tolist() == [4e7, 4e7]
    unknown = [name for name in outlook.forecast if name.startswith(("lo", "hi", "p_"))]
    assert outlook.forecast[unknown].isna().all(axis=None)


def test_a_building_of_one_year_is_forecast_beside_longer_ones(history_of: Callable, grown: Callable) -> None:
    tax = grown(np.random.default_rng(5))
    tax[0, :-1] = np.nan  # new this year
    tax[1, -1] = np.nan  # not reported this year
    history = history_of(tax)
    errors = backtest_errors(history, 2)
    table = tax_forecast(history, errors, LAST_VALUE, "某区", 2, np.random.default_rng(0))
    first = table[table["id"].isin(["L000", "L001"])]
    assert len(first) == 4
    assert first[BOUNDS].notna().all(axis=None)
    assert first["mean_yuan"].unique().tolist() == [tax[0, -1], tax[1, -2]]


def test_same_seed_same_table_whatever_the_order(panel_of: Callable[..., pd.DataFrame]) -> None:
    rng = np.random.default_rng(0)
    panel = panel_of(
        list(range(2014, 2021)) * 6,
        building_id=[f"L{at}" for at in range(6) for _ in range(7)],
        street=["南街"] * 42,
        tax_yuan=list(rng.lognormal(17, 0.3, 42)),
    )
    one = tax_outlook(panel, 2020, "某区", 2, np.random.default_rng(1)).forecast
    two = tax_outlook(panel.iloc[::-1], 2020, "某区", 2, np.random.default_rng(1)).forecast
    pd.testing.assert_frame_equal(one, two)


def test_no_tax_at_all_gives_empty_tables(panel_of: Callable[..., pd.DataFrame]) -> None:
    outlook = tax_outlook(panel_of(building_id=["A"]), 2020, "某区", 3, np.random.default_rng(0))
    assert len(outlook.forecast) == len(outlook.backtest) == 0
    assert len(yi_outlook(outlook.forecast, outlook.history, panel_of(building_id=["A"]))) == 0


def test_a_common_shock_is_told_from_the_buildings_own(history_of: Callable) -> None:
    # All fall by 10 % in one year: the shock is −0.1 and nothing is left of their own.
    tax = np.array([[1e7, 1e7, 0.9e7], [4e8, 4e8, 3.6e8]])
    errors = backtest_errors(history_of(tax), 1)
    shocks = common_shocks(errors[errors["method"] == LAST_VALUE])
    assert shocks["shock"].tolist() == pytest.approx([-0.1])
    assert shocks["own_variance"].tolist() == pytest.approx([0.0], abs=1e-12)  # rounding squared


def test_two_origins_give_no_sums(history_of: Callable, grown: Callable) -> None:
    history = history_of(grown(np.random.default_rng(6), years=4))
    past = backtest_errors(history, 1)
    past = past[past["method"] == LAST_VALUE]
    args = (np.array([1e7]), np.array(["1000万元—1亿元"]), np.array(["南街"]), past)
    assert past["origin"].nunique() == 2
    assert simulated_sums(*args, np.random.default_rng(0)) is None


def test_years_shared_by_origins_widen_the_common_shock() -> None:
    # One building; shocks −0.1, 0, 0.1 of three origins and nothing of its own: variance v = 0.01. A coming
    # shock's variance is v + v·h/3: 4v/3 one year ahead, 2v three years ahead, so draws are √1.5 as far off.
    errors = pd.DataFrame({"origin": [2015, 2016, 2017], "scaled_error": [-0.1, 0.0, 0.1]})
    errors = errors.assign(forecast_yuan=1e7, size_class="1000万元—1亿元")
    args = (np.array([1e7]), np.array(["1000万元—1亿元"]), np.array(["南街"]))
    one, three = (
        simulated_sums(*args, errors.assign(horizon=horizon), np.random.default_rng(3))["南街"] - 1e7
        for horizon in (1, 3)
    )
    # Draws are cut at the worst error, −0.1; those above the mean are not.
    above = one > 0
    assert above.sum() > 900
    # A difference of two numbers near 1e7 keeps about nine digits of shocks of 1e6.
    np.testing.assert_allclose(three[above], np.sqrt(1.5) * one[above], rtol=1e-5, atol=1.0)


def test_a_tier_of_former_years_says_so(panel_of: Callable[..., pd.DataFrame]) -> None:
    panel = panel_of(
        [2018, 2019, 2020] * 2,
        building_id=["A"] * 3 + ["B"] * 3,
        tax_yuan=[2e8, 2e8, np.nan, 1e8, 1e8, 1e8],
    )
    outlook = tax_outlook(panel, 2020, "某区", 1, np.random.default_rng(0))
    table = yi_outlook(outlook.forecast, outlook.history, panel)
    tiers = dict(zip(table["building_id"], table["tier"], strict=True))
    assert tiers == {"A": "亿元楼（2019 年）", "B": "亿元楼"}


def test_who_may_become_a_yi_building(panel_of: Callable[..., pd.DataFrame], history_of: Callable) -> None:
    tax = np.array([[2e8], [9e7], [6e7], [1e6], [2e6]])
    history = history_of(tax, 2020)
    ids = history.building_id
    panel = panel_of(building_id=list(ids), building=[f"楼{at}" for at in range(5)], street=["南街"] * 5)
    forecast = pd.DataFrame({"level": "building", "id": ids, "year": 2021, "mean_yuan": tax[:, 0]})
    forecast["p_yi"] = [1.0, 0.4, 0.1, 0.0, 0.06]
    forecast["lo80_yuan"] = forecast["hi80_yuan"] = np.nan
    table = yi_outlook(forecast, history, panel)
    # 100万 with no chance is left out, 200万 with a chance of 6 % is not.
    assert table["building"].tolist() == ["楼0", "楼1", "楼2", "楼4"]
    assert table["outlook"].tolist() == [CERTAIN, HOPEFUL, PRESSED, PRESSED]
    assert table["tier"].tolist() == ["亿元楼", "准亿元楼", "5000万–7000万元", "其他"]
    unknown = yi_outlook(forecast.assign(p_yi=np.nan), history, panel)
    assert set(unknown["outlook"]) == {"无法判断"}
    assert len(unknown) == 3


def test_outlook_is_complete(panel_of: Callable[..., pd.DataFrame]) -> None:
    panel = panel_of([2018, 2019, 2020], building_id=["A"] * 3, tax_yuan=[1e7, 1.1e7, 1.2e7])
    outlook = tax_outlook(panel, 2020, "某区", 1, np.random.default_rng(0))
    assert isinstance(outlook, TaxOutlook)
    assert outlook.backtest["is_chosen"].any()
    # A single back-test error is no ground for an interval.
    assert outlook.forecast["lo80_yuan"].isna().all()
