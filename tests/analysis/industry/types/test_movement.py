"""A building that turned is told, one that flipped by chance is not."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom

from louyu_lab.analysis.industry.types.coordinates import PRIOR_FIRMS, hellinger_coordinates
from louyu_lab.analysis.industry.types.movement import (
    REDRAWS,
    SURE,
    TypeCentres,
    type_centres,
    type_moves,
    types_in_years,
)

INDUSTRIES = ["商贸", "科技", "金融"]
NAMES = {1: "商贸型", 2: "金融型"}
TRADE, FINANCE = [42, 12, 6], [6, 12, 42]


def frame(rows: dict[str, list[float]], columns: list[str] = INDUSTRIES) -> pd.DataFrame:
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns, dtype="float64")


def district() -> tuple[pd.DataFrame, pd.Series]:
    """Ten buildings of trade (type 1) and ten of finance (type 2); B20 has twelve firms of both."""
    rows = {f"B{i:02}": TRADE if i < 10 else FINANCE for i in range(20)}
    labels = pd.Series([1] * 10 + [2] * 10 + [2], index=[*rows, "B20"])
    return frame(rows | {"B20": [4, 3, 5]}), labels


def stock(*ids: str) -> pd.DataFrame:
    return pd.DataFrame({"building_id": ids, "building": [f"和安{name}大厦" for name in ids]})


def in_years(counts: dict[int, pd.DataFrame], seed: int = 0) -> pd.DataFrame:
    return types_in_years(counts, type_centres(*district()), np.random.default_rng(seed))


def test_centres_are_the_means_of_the_types_coordinates() -> None:
    counts, labels = district()
    labels["B20"] = -1
    centres = type_centres(counts, labels)
    assert centres.types.tolist() == [1, 2]
    # Of 1,200 firms 480 each in 商贸 and 金融, 240 in 科技; B20 is in no type.
    np.testing.assert_allclose(centres.district, [0.4, 0.2, 0.4])
    expected = np.sqrt((np.array([TRADE, FINANCE]) + PRIOR_FIRMS * centres.district) / (60 + PRIOR_FIRMS))
    np.testing.assert_allclose(centres.centres, expected)


def test_a_building_that_turned_and_one_that_flipped_by_chance() -> None:
    now, _ = district()
    before = now.copy()
    before.loc["B00"], before.loc["B20"] = FINANCE, [5, 3, 4]
    table = type_moves(in_years({2020: now, 2014: before}), NAMES, stock(*now.index)).set_index("building_id")
    assert table.index[:2].tolist() == ["B00", "B20"]
    turned, flipped = table.loc["B00"], table.loc["B20"]
    assert (turned["from_type"], turned["to_type"], turned["verdict"]) == ("金融型", "商贸型", "转型")
    assert (turned["from_year"], turned["to_year"], turned["building"]) == (2014, 2020, "和安B00大厦")
    assert turned["sure_share"] >= SURE
    assert flipped["from_type"] != flipped["to_type"]
    assert flipped["verdict"] == "说不准"
    assert (table["verdict"].iloc[2:] == "未变").all()


def test_certainty_is_the_chance_that_the_building_would_fall_there_again() -> None:
    # Two industries, centres mirrored about one half: 11 firms fall to 商贸 with 6 of it and more. A building
    # of 8 is smoothed to (8 + 15 · 0.5) ÷ (11 + 15), so the chance is that of 6 or more in 11 at that share.
    half = np.array([0.5, 0.5])
    places = hellinger_coordinates(np.array([[20.0, 2.0], [2.0, 20.0]]), half)
    centres = TypeCentres(np.array([1, 2]), places, half, pd.Index(["商贸", "金融"]))
    counts = {2020: frame({f"B{i:03}": [8, 3] for i in range(50)}, ["商贸", "金融"])}
    found = types_in_years(counts, centres, np.random.default_rng(0))
    expected = 1 - binom.cdf(5, 11, (8 + 7.5) / 26)
    # 50 buildings of 200 draws: a standard error of 0.0044; four of them.
    error = np.sqrt(expected * (1 - expected) / (50 * REDRAWS))
    assert found["certainty"].mean() == pytest.approx(expected, abs=4 * error)
    assert (found["type"] == 1).all()


def test_more_firms_of_the_same_mix_are_surer() -> None:
    rows = {f"B{i}": [n * 5 // 10, n * 2 // 10, n * 3 // 10] for i, n in enumerate((20, 100, 500))}
    assert in_years({2020: frame(rows)})["certainty"].is_monotonic_increasing


def test_small_buildings_and_empty_years_are_left_out() -> None:
    counts = {2018: frame({"A": [3, 3, 3]}), 2019: frame({}), 2020: frame({"A": [4, 3, 3], "B": TRADE})}
    found = in_years(counts)
    assert found[["building_id", "year"]].to_numpy().tolist() == [["A", 2020], ["B", 2020]]
    nothing = in_years({2018: counts[2018]})
    assert nothing.empty
    assert nothing.columns.tolist() == found.columns.tolist()
    # One year alone is no movement.
    assert type_moves(found, NAMES, stock("A", "B")).empty
    assert type_moves(nothing, NAMES, stock("A", "B")).empty


def test_a_year_without_some_industry_counts_it_as_nobody() -> None:
    two = frame({"A": [54, 6]}, ["商贸", "金融"])
    three = frame({"A": [54, 0, 6]})
    pd.testing.assert_frame_equal(in_years({2020: two}), in_years({2020: three}))


def test_order_of_buildings_does_not_matter() -> None:
    counts, _ = district()
    pd.testing.assert_frame_equal(in_years({2020: counts}), in_years({2020: counts.iloc[::-1]}))


def test_verdicts_by_hand() -> None:
    rows = [
        ("A", 2015, 1, 0.95), ("A", 2017, 2, 0.50), ("A", 2020, 1, 0.85),
        ("B", 2016, 1, 0.80), ("B", 2020, 2, 0.90),
        ("C", 2016, 1, 0.99), ("C", 2019, 2, 0.79),
        ("D", 2020, 2, 1.00),
    ]  # fmt: skip
    years = pd.DataFrame(rows, columns=["building_id", "year", "type", "certainty"])
    table = type_moves(years, NAMES, stock("A", "B", "D"))
    # Only the ends count: A went away and came back. D is known in one year. C is in no stock.
    columns = [
        "building_id",
        "building",
        "from_year",
        "from_type",
        "to_year",
        "to_type",
        "sure_share",
        "verdict",
    ]
    assert table[columns].to_numpy().tolist() == [
        ["B", "和安B大厦", 2016, "商贸型", 2020, "金融型", 0.80, "转型"],
        ["C", "C", 2016, "商贸型", 2019, "金融型", 0.79, "说不准"],
        ["A", "和安A大厦", 2015, "商贸型", 2020, "商贸型", 0.85, "未变"],
    ]
