"""Unified social credit codes against GB 32100-2015."""

from __future__ import annotations

import hypothesis.strategies as st
import pandas as pd
import pytest
from hypothesis import given

from louyu_lab.ledgers.credit_codes import ALPHABET, check_digit, is_valid

BODIES = st.text(alphabet=ALPHABET, min_size=17, max_size=17)


def _by_hand(body: str) -> str:
    """The standard's own formula, term by term: 31 − (Σ Cᵢ·Wᵢ mod 31), Wᵢ = 3^(i−1) mod 31."""
    total = sum(ALPHABET.index(sign) * (3**place % 31) for place, sign in enumerate(body))
    return ALPHABET[(31 - total % 31) % 31]


@pytest.mark.parametrize(
    "code",
    [
        "91350100M000100Y43",  # the example of GB 32100-2015
        "91110000600037341L",  # companies' published codes
        "91440300708461136T",
    ],
)
def test_known_codes_are_valid(code):
    assert is_valid(pd.Series([code])).tolist() == [True]
    assert check_digit(code[:17]) == code[17] == _by_hand(code[:17])


@given(BODIES)
def test_the_check_digit_is_the_standards(body):
    assert check_digit(body) == _by_hand(body)


@given(BODIES, st.integers(0, 17), st.sampled_from(ALPHABET))
def test_every_substitution_of_one_sign_is_detected(body, place, sign):
    code = body + check_digit(body)
    changed = code[:place] + sign + code[place + 1 :]
    assert is_valid(pd.Series([changed])).tolist() == [changed == code]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "9135",
        "91350100M000100Y4",
        "91350100M000100Y433",
        "91350100m000100y43",
        "91350100I000100Y43",
        "９1350100M000100Y43",
    ],
)
def test_other_texts_are_not_valid(text):
    assert is_valid(pd.Series([text, None])).tolist() == [False, False]


def test_a_body_of_wrong_signs_has_no_check_digit():
    with pytest.raises(ValueError, match="seventeen"):
        check_digit("I" * 17)
