"""Indices worked by hand, their properties, and what they say of poor input."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from louyu_lab.analysis.industry.indices import (
    coagglomeration,
    ellison_glaeser,
    evenness,
    gini,
    herfindahl,
    krugman,
    krugman_against_others,
    location_quotient,
    locational_gini,
    shannon,
    shift_share,
    theil,
)

POSITIVE = arrays("float64", st.integers(2, 9), elements=st.floats(0.01, 1e6))


@settings(max_examples=60, deadline=None)
@given(POSITIVE, st.floats(0.001, 1000))
def test_range_scale_and_order(x: np.ndarray, factor: float) -> None:
    n = len(x)
    limits = {
        herfindahl: (1 / n, 1),
        gini: (0, 1 - 1 / n),
        theil: (0, math.log(n)),
        shannon: (0, math.log(n)),
    }
    for index, (low, high) in limits.items():
        value = index(x)
        # Rounding of sums over up to nine terms of very different size.
        assert low - 1e-9 <= value <= high + 1e-9
        assert index(x * factor) == pytest.approx(value, abs=1e-9)
        assert index(x[::-1]) == pytest.approx(value, abs=1e-9)
    # T = ln n − H, and an even split has none of it.
    assert theil(x) == pytest.approx(math.log(n) - shannon(x), abs=1e-9)
    assert krugman(x, x * factor) == pytest.approx(0, abs=1e-9)
    assert 0 <= krugman(x, x[::-1]) <= 2
    assert locational_gini(x, x * factor) == pytest.approx(0, abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(arrays("float64", (4, 3), elements=st.integers(0, 50)))
def test_location_quotients_average_to_one(table: np.ndarray) -> None:
    # Σ_b (x_b/x)·LQ_bk = 1 for every industry that is anywhere.
    quotient = location_quotient(table)
    kept = table.sum(axis=0) > 0
    weight = table.sum(axis=1) / max(table.sum(), 1)
    assert np.nansum(quotient * weight[:, None], axis=0)[kept] == pytest.approx(np.ones(kept.sum()))


def test_frames_give_frames_and_rows_are_indices() -> None:
    table = pd.DataFrame({"商贸": [3, 1], "金融": [1, 3]}, index=["A", "B"])
    # A: (3/4) ÷ (4/8) = 1.5.
    assert location_quotient(table).to_dict() == {"商贸": {"A": 1.5, "B": 0.5}, "金融": {"A": 0.5, "B": 1.5}}
    assert herfindahl(table).to_dict() == {"A": 0.625, "B": 0.625}
    assert herfindahl(table.to_numpy()).tolist() == [0.625, 0.625]


def test_zeros_single_and_empty() -> None:
    assert herfindahl([5, 0, 0]) == 1 and herfindahl([5, 0, 0], normalised=True) == 1
    assert gini([5, 0, 0]) == pytest.approx(2 / 3) and gini([5, 0, 0], normalised=True) == pytest.approx(1)
    assert theil([5, 0, 0]) == pytest.approx(math.log(3)) and theil([5, 0, 0], kind="L") == math.inf
    assert shannon([5, 0, 0]) == 0 and math.isnan(evenness([5, 0, 0]))
    # Two present out of three: even.
    assert evenness([5, 5, 0]) == pytest.approx(1)
    assert herfindahl([7]) == 1 and gini([7]) == 0 and theil([7]) == 0
    assert math.isnan(herfindahl([7], normalised=True)) and math.isnan(gini([7], normalised=True))
    for index in (herfindahl, gini, theil, shannon, evenness):
        assert math.isnan(index([])) and math.isnan(index([0.0, 0.0]))
    assert math.isnan(krugman([0, 0], [1, 2])) and math.isnan(locational_gini([0, 0], [1, 2]))


@pytest.mark.parametrize("index", [herfindahl, gini, theil, shannon, evenness])
def test_what_is_no_amount_is_named(index) -> None:
    with pytest.raises(ValueError, match="1 missing or infinite values, first at 商贸"):
        index(pd.Series([float("nan"), 1.0], index=["商贸", "金融"]))
    with pytest.raises(ValueError, match="1 negative values, first at 1"):
        index([1, -2, 3])
    with pytest.raises(ValueError, match="must be numbers"):
        index(["a", "b"])


def test_refusals_say_what_is_wrong() -> None:
    with pytest.raises(ValueError, match="kind must be 'T' or 'L'"):
        theil([1, 2], kind="X")
    with pytest.raises(ValueError, match="lengths differ: a 2, b 3"):
        krugman([1, 2], [1, 2, 3])
    with pytest.raises(ValueError, match="whole is 0 where part is not"):
        locational_gini([1, 2], [0, 5])
    with pytest.raises(ValueError, match="axes"):
        location_quotient([1, 2])


def test_krugman_matches_series_by_label() -> None:
    a, b = pd.Series({"商贸": 1.0, "金融": 1.0}), pd.Series({"金融": 1.0, "科技": 1.0})
    # ½ off for 商贸, none for 金融, ½ for 科技.
    assert krugman(a, b) == pytest.approx(1)
    # Others with nothing in them are left out of the mean.
    assert krugman_against_others([1, 1], np.array([[2, 0], [2, 0]])) == pytest.approx(0)


def test_ellison_glaeser_by_hand() -> None:
    # Two regions of two plants each, all of size 1: a has both its plants in W, b one in each, c one plant.
    gamma = ellison_glaeser([1, 1, 1, 1], ["a", "a", "b", "b"], ["W", "W", "L", "W"], {"W": 1, "L": 1})
    # x = (½, ½), 1 − Σx² = ½, H = ½. a: G = ½, γ = (1 − ½)/½ = 1. b: G = 0, γ = −½/½ = −1.
    assert gamma.to_dict() == pytest.approx({"a": 1, "b": -1})
    assert gamma.name == "gamma" and gamma.index.name == "industry"


def test_ellison_glaeser_of_poor_input() -> None:
    assert len(ellison_glaeser([], [], [])) == 0
    assert ellison_glaeser([1, 2], ["a", "a"], ["W", "W"]).isna().all()  # one region
    alone = ellison_glaeser([1, 2, 3], ["a", "b", "b"], ["W", "W", "L"])
    assert math.isnan(alone["a"]) and math.isfinite(alone["b"])  # one plant
    assert math.isnan(ellison_glaeser([0, 0, 1, 1], list("aabb"), list("WLWL"))["a"])  # of no size
    with pytest.raises(ValueError, match="region_totals lacks L"):
        ellison_glaeser([1, 1], ["a", "a"], ["W", "L"], {"W": 2})
    with pytest.raises(ValueError, match="region_totals is 0 where there are plants: L"):
        ellison_glaeser([1, 1], ["a", "a"], ["W", "L"], {"W": 2, "L": 0})
    with pytest.raises(ValueError, match="1 plants without industry, first at 1"):
        ellison_glaeser([1, 1], ["a", None], ["W", "L"])
    with pytest.raises(ValueError, match="negative"):
        ellison_glaeser([1, -1], ["a", "a"], ["W", "L"])
    with pytest.raises(ValueError, match="lengths differ"):
        ellison_glaeser([1], ["a", "a"], ["W", "L"])


def test_gamma_is_nothing_on_average_where_plants_fall_at_random() -> None:
    rng = np.random.default_rng(11)
    share = np.array([0.5, 0.3, 0.2])
    totals = dict(zip("WLG", share, strict=True))
    plants = 30 * 400
    size, industry = rng.lognormal(sigma=1.0, size=plants), np.repeat(np.arange(400), 30)
    region = rng.choice(list("WLG"), plants, p=share)
    gamma = ellison_glaeser(size, industry, region, totals)
    # E γ = 0 (Ellison/Glaeser 1997); four standard errors of the mean of 400.
    assert abs(gamma.mean()) < 4 * gamma.std() / 20


def test_coagglomeration_by_hand() -> None:
    table = pd.DataFrame({"a": [4, 0], "b": [4, 0], "c": [0, 8]}, index=["W", "L"])
    # x = (½, ½), 1 − Σx² = ½; excess a = b = (½, −½), c = (−½, ½).
    pairs = coagglomeration(table)
    assert pairs.loc["a", "b"] == pytest.approx(1) and pairs.loc["a", "c"] == pytest.approx(-1)
    assert np.isnan(np.diag(pairs)).all() and pairs.equals(pairs.T)
    assert coagglomeration(table.iloc[:1]).isna().all(axis=None)


def test_shift_share_by_hand() -> None:
    # Region A of Farhauer/Kröll: e = 180 → 205; the nation 1100 → 1265, +15 %, by industry 1.1, 1.4, 0.9, 1.2.
    before = pd.DataFrame([[90, 20, 10, 60]], index=["A"], columns=list("wxyz"))
    after = pd.DataFrame([[100, 40, 10, 55]], index=["A"], columns=list("wxyz"))
    nation = pd.Series([400, 150, 150, 400], list("wxyz")), pd.Series([440, 210, 135, 480], list("wxyz"))
    found = shift_share(before, after, *nation).loc["A"]
    # Expected with each industry's rate: 99 + 28 + 9 + 72 = 208; with the nation's: 207.
    assert found.to_dict() == pytest.approx({"growth": 25, "national": 27, "mix": 1, "regional": -3})


@settings(max_examples=40, deadline=None)
@given(*[arrays("float64", (4, 3), elements=st.integers(0, 20)) for _ in range(2)])
def test_the_parts_add_up_and_the_regions_own_cancel(before: np.ndarray, after: np.ndarray) -> None:
    names = {"index": list("ABCD"), "columns": list("xyz")}
    found = shift_share(pd.DataFrame(before, **names), pd.DataFrame(after, **names))
    if before.sum() == 0:
        assert found.isna().all(axis=None)
        return
    # Whole numbers up to 240: sums are exact but for the rates.
    assert (found["national"] + found["mix"] + found["regional"]).tolist() == pytest.approx(
        found["growth"].tolist(), abs=1e-9
    )
    assert found["mix"].sum() == pytest.approx(_new_industries_lost(before, after), abs=1e-9)


def _new_industries_lost(before: np.ndarray, after: np.ndarray) -> float:
    """The mix of all regions together: 0 but for industries that come from nothing, which are the regions' own."""
    return -float(after.sum(axis=0)[before.sum(axis=0) == 0].sum())


def test_shift_share_of_regions_and_industries_that_come_and_go() -> None:
    before = pd.DataFrame({"x": [10.0, 10.0]}, index=["A", "B"])
    after = pd.DataFrame({"x": [10.0, 5.0], "y": [5.0, 0.0]}, index=["A", "C"])
    found = shift_share(before, after)
    assert found.loc["C", "growth"] == 5 == found.loc["C", "regional"]
    assert found.loc["B", "growth"] == -10
    with pytest.raises(ValueError, match="whole_before has nothing of x"):
        shift_share(before, after, pd.Series({"y": 3.0}), pd.Series({"y": 4.0}))


SIZE = pd.Series([10, 20, 30, 5, 7, 9], index=list("uvwxyz"))
INDUSTRY, REGION = (pd.Series(list(text), index=SIZE.index) for text in ("aabbab", "pqpqqp"))


def test_series_are_matched_by_label_where_two_things_belong_together() -> None:
    by_place = ellison_glaeser(SIZE.tolist(), INDUSTRY.tolist(), REGION.tolist())
    pd.testing.assert_series_equal(
        ellison_glaeser(SIZE, INDUSTRY.iloc[::-1], REGION.iloc[[3, 1, 2, 0, 5, 4]]), by_place
    )
    pd.testing.assert_series_equal(ellison_glaeser(iter(SIZE), list(INDUSTRY), REGION), by_place)
    part = pd.Series([1.0, 2.0, 3.0, 4.0, 9.0, 8.0], index=SIZE.index)
    assert locational_gini(part, SIZE.iloc[::-1]) == locational_gini(part.tolist(), SIZE.tolist())
    assert gini(part, weights=SIZE.iloc[::-1]) == gini(part.tolist(), weights=SIZE.tolist())
    others = pd.DataFrame({"m": SIZE, "n": SIZE**2})
    assert krugman_against_others(part.iloc[::-1], others) == pytest.approx(
        krugman_against_others(part.tolist(), others.to_numpy())
    )
    # One index for all, though labels repeat in it, is one order for all.
    twice = [series.set_axis(list("aabbcc")) for series in (SIZE, INDUSTRY, REGION)]
    pd.testing.assert_series_equal(ellison_glaeser(*twice), by_place)


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (INDUSTRY.set_axis(range(6)), "size and industry are Series of different indexes"),
        (INDUSTRY.set_axis(list("uuvwxy")), "size and industry are Series of different indexes"),
        (INDUSTRY.iloc[:5], "lengths differ"),
    ],
)
def test_series_of_other_labels_are_refused(other: pd.Series, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        ellison_glaeser(SIZE, other, REGION)


def test_what_cannot_be_told_to_belong_together_is_refused() -> None:
    with pytest.raises(ValueError, match="different orders beside what has no labels"):
        ellison_glaeser(SIZE.tolist(), INDUSTRY, REGION.iloc[::-1])
    with pytest.raises(ValueError, match="part and whole are Series of different indexes"):
        locational_gini(SIZE, SIZE.set_axis(list("uvwxya")))
    with pytest.raises(ValueError, match="x and weights are Series of different indexes"):
        gini(SIZE, weights=SIZE.set_axis(list("uvwxya")))
    with pytest.raises(ValueError, match="b has u twice"):
        krugman(SIZE, SIZE.set_axis(list("uuwxyz")))


def test_wrong_kinds_are_named() -> None:
    for call, said in (
        (lambda: ellison_glaeser(1, "a", "p"), "size must be a Series, list or array of entries, not int"),
        (lambda: ellison_glaeser([1], "a", ["p"]), "industry must be a Series, .* not str"),
        (lambda: ellison_glaeser([1], ["a"], pd.DataFrame({"p": [1]})), "region must be .* not DataFrame"),
        (lambda: ellison_glaeser([1], ["a"], ["p"], [1, 2]), "region_totals must be a mapping .* not list"),
        (lambda: coagglomeration([[1, 2]]), "matrix must be a DataFrame .* not list"),
        (lambda: shift_share([[1]], [[2]]), "before must be a DataFrame .* not list"),
        (lambda: shift_share(*[pd.DataFrame({"x": [1]})] * 2, [1], [1]), "whole_before must be a Series"),
    ):
        with pytest.raises(TypeError, match=said):
            call()
    with pytest.raises(ValueError, match="region_totals has p twice"):
        ellison_glaeser(SIZE, INDUSTRY, REGION, pd.Series([1, 2, 3], index=list("ppq")))
