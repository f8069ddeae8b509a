"""Weights of candidates: the file, the features, their sum."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from louyu_lab.analysis.tax.forecasting.series import ready
from louyu_lab.analysis.tax.forecasting.structures import bank
from louyu_lab.analysis.tax.forecasting.transforms import BLOCKS
from louyu_lab.analysis.tax.forecasting.weights import Prior, features, logits, plain_prior, prior, softmax


@pytest.mark.parametrize("season", [1, 4, 12])
def test_the_file_names_every_candidate_once(season):
    count = len(BLOCKS) * len(bank(season))
    learned = prior(season)
    assert learned.weight.shape == (count,)
    assert learned.tilt.shape == (2, count)
    # Rounded to 3 decimals of a logarithm: each weight is right to 0.05 %.
    assert np.exp(learned.weight).sum() == pytest.approx(1, abs=1e-3)


def test_plain_weights_share_a_block_alike():
    weight = np.exp(plain_prior(4).weight).reshape(len(BLOCKS), -1)
    assert weight.sum(axis=1) == pytest.approx([block.share for block in BLOCKS])
    assert np.ptp(weight, axis=1) == pytest.approx(np.zeros(len(BLOCKS)))
    assert not plain_prior(4).tilt.any()


def test_features_by_hand():
    # No deviation of steps: √(2·0.01²/(2 + 1)) ÷ 0.12; three values beside a usual 12.
    flat = features(ready(np.array([[5.0, 5, 5]]))[0])
    assert flat == pytest.approx(np.array([[np.log(np.sqrt(0.0002 / 3) / 0.12), np.log(3 / 12)]]))
    # Roots of 4/9, 1, 1: 4/3, 2, 2; steps 2/3, 0 around 1/3: squares 2/9 in all.
    rough = features(ready(np.array([[4.0, 9, 9]]))[0])[0, 0]
    assert rough == pytest.approx(np.log(np.sqrt((2 / 9 + 0.0002) / 3) / 0.12))
    # One value: only what is supposed beforehand, √(2·0.01²/1).
    assert features(ready(np.array([[9.0]]))[0]) == pytest.approx(
        np.array([[np.log(np.sqrt(0.0002) / 0.12), np.log(1 / 12)]])
    )


def test_a_steady_growth_is_not_rough():
    # Steps alike on square roots: only the mean of steps differs from a constant series.
    growing = ready((np.arange(5.0, 11) ** 2)[None])[0]
    flat = ready(np.full((1, 6), 5.0))[0]
    assert features(growing) == pytest.approx(features(flat))


def test_logits_by_hand():
    given_prior = Prior(np.array([0.0, 1.0]), np.array([[1.0, 0.0], [0.0, -1.0]]))
    made = logits(given_prior, np.array([[2.0, -np.inf]]), np.array([[3.0, 5.0]]))
    # 0 + ½·2 + 3·1; half of −∞ stays so.
    assert made.tolist() == [[4.0, -np.inf]]
    assert softmax(made).tolist() == [[1.0, 0.0]]


@given(st.lists(st.floats(-700, 700), min_size=1, max_size=9), st.floats(-500, 500))
@settings(max_examples=40)
def test_softmax_sums_to_one_whatever_is_added(values, more):
    made = softmax(np.array([values]))
    assert made.sum() == pytest.approx(1)
    assert softmax(np.array([values]) + more) == pytest.approx(made, abs=1e-9)
