"""The district's back-test: like is compared with like, and poor data are survived."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
import pytest

from louyu_lab.analysis.tax.forecasting.backtesting import OURS
from louyu_lab.analysis.tax.forecasting.backtesting.rivals import DRIFT, NAIVE
from louyu_lab.analysis.tax.history import TaxHistory, last_known
from louyu_lab.analysis.tax.paths import TaxPaths
from louyu_lab.analysis.tax.record.district import (
    FIELD_METHODS,
    backtest_district,
    distinct_levels,
    simple_forecast,
)
from louyu_lab.analysis.tax.record.tables import (
    EVERY,
    main_rows,
    tax_backtest,
    tax_backtest_origins,
)

NO = np.nan


def grown_paths(
    history: TaxHistory, rate: float = 0.0, spread: float = 0.0, without: int = -1
) -> Mapping[int, TaxPaths]:
    """Return paths by origin: the last known tax grown by ``rate``, 101 draws from −1 to +1 times ``spread``."""

    def paths_of(origin: int) -> TaxPaths:
        last = last_known(history.until(origin))
        kept = np.isfinite(last) & (np.arange(len(last)) != without)
        middle = last[kept, None] * (1 + rate) ** np.arange(1, 4)
        draws = np.linspace(-1, 1, 101)[:, None, None] * spread * middle + middle
        # Buildings in another order than the history's, as a maker is free to give them.
        return TaxPaths(
            history.building_id[kept][::-1], history.street[kept][::-1],
            origin + 1 + np.arange(3), draws[:, ::-1],
        )  # fmt: skip

    return {int(origin): paths_of(origin) for origin in history.years[:-1]}


def test_like_is_compared_with_like(history_of: Callable) -> None:
    # The third building leaves in 2016, the fourth is not simulated: neither counts, in no sum and for nobody.
    tax = [[10.0, 10, 10, 12], [20, 20, 20, 20], [90, 90, 90, NO], [70, 70, 70, 10]]
    history = history_of(np.array(tax) * 1e6)
    result = backtest_district(history, 3, grown_paths(history, without=3), "某区")
    errors = result.levels["district"].errors
    at = errors[(errors["origin"] == 2015) & (errors["horizon"] == 1)].set_index("method")
    assert set(at["actual"]) == {32e6}
    assert at.loc[[OURS, *FIELD_METHODS], "forecast"].to_numpy() == pytest.approx(30e6)
    # From 2014 the third is known a year ahead, not two.
    ahead = errors[(errors["origin"] == 2014) & (errors["method"] == NAIVE)].set_index("horizon")["actual"]
    assert ahead.to_dict() == {1: 120e6, 2: 32e6}
    streets = result.levels["street"].errors
    rows = streets[(streets["origin"] == 2015) & (streets["method"] == OURS)].set_index("unique_id")
    assert rows["actual"].to_dict() == {"北街": 12e6, "南街": 20e6}


def test_sums_are_added_draw_by_draw(history_of: Callable) -> None:
    history = history_of(np.full((4, 4), 1e7))
    result = backtest_district(history, 1, grown_paths(history, spread=0.5), "某区")
    row = result.levels["district"].errors.query("method == @OURS").iloc[0]
    # All buildings move together in these draws, so the sum's 80 % interval is ± 0.8 · 0.5 of it.
    assert (row["lo80"], row["hi80"]) == pytest.approx((4e7 * 0.6, 4e7 * 1.4))
    assert row["mean"] == pytest.approx(4e7)


def test_the_totals_of_the_past_carry_a_missing_year(history_of: Callable) -> None:
    history = history_of(np.array([[10.0, 10, 10, 10], [10, 10, NO, 10]]) * 1e6)
    errors = backtest_district(history, 1, grown_paths(history), "某区").levels["district"].errors
    drift = errors[(errors["method"] == DRIFT) & (errors["origin"] == 2015)]
    assert drift["forecast"].tolist() == [20e6]


def test_planted_growth_is_seen_and_no_growth_is_as_good(history_of: Callable) -> None:
    rng = np.random.default_rng(4)
    tax = rng.lognormal(17, 1, (40, 1)) * np.exp(0.1 * np.arange(9) + rng.normal(0, 0.03, (40, 9)))
    history = history_of(tax)
    good = backtest_district(history, 2, grown_paths(history, rate=np.expm1(0.1), spread=0.1), "某区")
    # Straight lines and a last value miss a steady 10 % a year; three-year growth does not.
    scores = main_rows(tax_backtest(good)).set_index(["level", "method"])["wape"]
    assert scores[("building", OURS)] < 0.75 * scores[("building", DRIFT)]
    assert scores[("district", NAIVE)] > 0.1
    level = history_of(np.repeat(rng.lognormal(17, 1, (20, 1)), 7, axis=1))
    same = backtest_district(level, 2, grown_paths(level), "某区")
    assert {test.verdict.word for test in same.levels.values()} == {"同样好"}


def test_the_tables(history_of: Callable, grown: Callable) -> None:
    tax = grown(np.random.default_rng(5), buildings=20, years=7)
    tax[:, :] *= 1e6 / tax[:, :1]
    tax[:2] *= 200  # two buildings beyond 1亿元: too few to be shown by themselves
    history = history_of(tax)
    result = backtest_district(history, 3, grown_paths(history, spread=0.3), "某区")
    table = tax_backtest(result)
    sizes = set(table.loc[table["level"] == "building", "size_class"])
    assert sizes == {EVERY, "1000万元以下"}
    assert list(main_rows(table)["level"].drop_duplicates()) == ["district", "street", "building"]
    assert len(main_rows(table)) == 3 * (1 + len(FIELD_METHODS))
    assert table.loc[~table["is_ours"], "coverage80"].isna().all()
    assert set(table["horizon"]) == {"1", "2", "3", EVERY}
    small = table.query("size_class == '1000万元以下' and horizon == @EVERY and is_ours").iloc[0]
    assert small["n"] == 18 * (3 + 3 + 3 + 2 + 1)  # origins 2014–2018 of years 2013–2019
    origins = tax_backtest_origins(result)
    assert (origins.groupby(["level", "origin"])["regret"].min() == 0).all()


@pytest.mark.parametrize(
    ("tax", "rows"),
    [
        ([[1e7]], 0),
        ([[1e7, 2e7]], 0),
        ([[1e7, 2e7, 3e7]], 1),  # one building: the whole, and not the same again as street and building
        ([[0.0] * 5] * 3, 3),
        ([[NO, 1e7, NO, 2e7, 3e7]], 1),
    ],
)
def test_poor_data(history_of: Callable, tax: list, rows: int) -> None:
    history = history_of(np.array(tax))
    result = backtest_district(history, 3, grown_paths(history), "某区")
    table, origins = tax_backtest(result), tax_backtest_origins(result)
    assert len(main_rows(table)) == rows * (1 + len(FIELD_METHODS))
    assert bool(len(origins)) == bool(rows)
    assert bool(result.reason) == (rows == 0)


def test_the_levels_that_differ() -> None:
    assert distinct_levels({"district": 9, "street": 18, "building": 60}) == (
        "district",
        "street",
        "building",
    )
    assert distinct_levels({"district": 9, "street": 9, "building": 60}) == ("district", "building")
    assert distinct_levels({"district": 9, "street": 9, "building": 9}) == ("district",)
    assert distinct_levels({"district": 9, "street": 60, "building": 60}) == ("district", "building")
    assert distinct_levels({"building": 60}) == ("building",)


def test_what_a_simple_method_says_of_the_coming_years(history_of: Callable) -> None:
    # Standing: 10, 20, 30 and 5, 5 (carried), 5; the third left. The line through 15 and 35 goes on by 10 a year.
    history = history_of(np.array([[10.0, 20, 30], [5, NO, 5], [90, NO, NO]]) * 1e6)
    history = replace(history, is_standing=np.array([True, True, False]))
    result = backtest_district(history, 2, grown_paths(history), "某区")
    assert simple_forecast(result, DRIFT).tolist() == pytest.approx([45e6, 55e6])
    gone = replace(result, history=replace(history, is_standing=np.zeros(3, dtype=bool)))
    assert np.isnan(simple_forecast(gone, DRIFT)).tolist() == [True, True]


def test_no_building_at_all(history_of: Callable) -> None:
    history = history_of(np.empty((0, 4)))
    result = backtest_district(history, 3, grown_paths(history), "某区")
    assert len(tax_backtest(result)) == 0
    assert result.reason == "只有 0 年税收，至少 3 年才能回测"


def test_paths_of_the_wrong_years_are_refused(history_of: Callable) -> None:
    history = history_of(np.full((2, 5), 1e7))
    late = grown_paths(history)
    with pytest.raises(ValueError, match="needed"):
        backtest_district(history, 3, {origin: late.get(origin + 1) for origin in (2015, 2016)}, "某区")
