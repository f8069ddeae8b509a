"""Past sums and forecasts of the sums alone."""

from __future__ import annotations

import numpy as np
import pytest

from louyu_lab.analysis.tax.forecasting import forecast_panel
from louyu_lab.analysis.tax.outlook.sums import PAST, past_sums, tax_coherence
from louyu_lab.analysis.tax.paths import TaxPaths


@pytest.fixture
def four(history_of):
    """Four buildings, two in each street; L001 has a gap, L002 opens late, L003's last year is not known."""
    return history_of(
        [[4, 5, 6, 7], [2, np.nan, 4, 5], [np.nan, np.nan, 9, 9], [1, 1, 3, np.nan]], first=2017
    )


def paths_of(history, mean: list[float]) -> TaxPaths:
    """Two draws of one year, a tenth below and above ``mean``."""
    yuan = np.outer([0.9, 1.1], mean)[:, :, None]
    return TaxPaths(history.building_id, history.street, np.array([2021]), yuan)


def test_past_sums_by_hand(four):
    table = past_sums(four, paths_of(four, [7, 5, 9, 3]), "某区")
    found = {key: rows["tax_yuan"].tolist() for key, rows in table.groupby(["level", "id"])}
    # 北街 holds L000 and L002, 南街 L001 (its gap filled with 3) and L003 (its last year with 3).
    assert found == {
        ("district", "某区"): [7.0, 9.0, 22.0, 24.0],
        ("street", "北街"): [4.0, 5.0, 15.0, 16.0],
        ("street", "南街"): [3.0, 4.0, 7.0, 8.0],
    }


def test_what_stands_in_is_told_apart_by_hand(four):
    table = past_sums(four, paths_of(four, [7, 5, 9, 3]), "某区").set_index(["level", "id", "year"])
    whole = table.loc[("district", "某区")]
    # In 2018 the 3 of L001 is interpolated, in 2020 the 3 of L003 is that of 2019; L002 opens in 2019.
    assert whole["filled_yuan"].tolist() == [0.0, 3.0, 0.0, 3.0]
    assert whole["filled"].tolist() == [0, 1, 0, 1]
    assert whole["buildings"].tolist() == [3, 3, 4, 4]
    # 21 of the 24 are of 2020, 3 of 2019; what is interpolated is of its own year.
    assert whole["of_year"].tolist() == pytest.approx([2017, 2018, 2019, 2020 - 3 / 24])
    south = table.loc[("street", "南街")]
    assert south["of_year"].iloc[-1] == pytest.approx(2020 - 3 / 8)
    assert not table.loc[("street", "北街"), "filled"].any()


def test_a_sum_without_any_tax_is_of_its_own_year(history_of):
    zero = history_of([[0, 0, np.nan]], first=2018)
    paths = TaxPaths(zero.building_id, zero.street, np.array([2021]), np.zeros((2, 1, 1)))
    assert past_sums(zero, paths, "某区")["of_year"].tolist() == [2018, 2019, 2020] * 2


def test_coherence_by_hand(four):
    paths = paths_of(four, [7.0, 5.0, 9.0, 3.0])
    table = tax_coherence(four, paths, "某区").set_index("id")
    assert table["mean_yuan"].to_dict() == pytest.approx({"某区": 24.0, "北街": 16.0, "南街": 8.0})
    past = past_sums(four, paths, "某区").rename(columns={"id": "unique_id", "year": "ds", "tax_yuan": "y"})
    alone = forecast_panel(past[["unique_id", "ds", "y"]], 1).set_index("unique_id")["mean"]
    assert table["alone_yuan"].to_dict() == pytest.approx(alone.to_dict())
    assert table["difference_rate"].to_dict() == pytest.approx((alone / table["mean_yuan"] - 1).to_dict())
    for name in ("ols_yuan", "wls_struct_yuan"):
        made = table[name]
        assert made["某区"] == pytest.approx(made["北街"] + made["南街"])
        low, high = sorted([table.loc["某区", "alone_yuan"], alone["北街"] + alone["南街"], 24.0])[::2]
        assert low <= made["某区"] <= high


def test_ols_against_the_textbook(four):
    paths = paths_of(four, [7.0, 5.0, 9.0, 3.0])
    table = tax_coherence(four, paths, "某区").set_index("id")
    # Rows 某区, 北街, 南街, then the buildings; y = S (S'S)⁻¹ S' ŷ (Hyndman et al. 2011).
    summing = np.vstack([np.ones(4), [1, 0, 1, 0], [0, 1, 0, 1], np.eye(4)])
    base = np.concatenate([table.loc[["某区", "北街", "南街"], "alone_yuan"], [7.0, 5.0, 9.0, 3.0]])
    made = summing @ np.linalg.solve(summing.T @ summing, summing.T @ base)
    assert table.loc[["某区", "北街", "南街"], "ols_yuan"].tolist() == pytest.approx(made[:3].tolist())


def test_nothing_to_sum(four):
    none = TaxPaths(four.building_id[:0], four.street[:0], np.array([2021]), np.zeros((2, 0, 1)))
    assert not len(tax_coherence(four, none, "某区"))
    assert past_sums(four, none, "某区").columns.tolist() == list(PAST)


def test_a_street_without_a_name_or_with_the_districts(four):
    paths = TaxPaths(
        four.building_id, np.array(["", "某区", "", "某区"]), np.array([2021]), np.ones((2, 4, 1))
    )
    table = tax_coherence(four, paths, "某区")
    assert list(zip(table["level"], table["id"], strict=True)) == [
        ("district", "某区"), ("street", ""), ("street", "某区"),
    ]  # fmt: skip
