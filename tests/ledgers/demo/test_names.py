"""Invented names and codes: valid, different, and saying nothing of an industry."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from louyu_lab.analysis.industry.classification.vocabulary import vocabulary
from louyu_lab.ledgers.credit_codes import is_valid
from louyu_lab.ledgers.demo import names
from louyu_lab.ledgers.demo.names import brands, building_names, credit_codes, group_brands


def test_codes_are_valid_and_all_different() -> None:
    codes = credit_codes(np.arange(50_000), salt=12_345)
    assert is_valid(codes).all()
    assert codes.is_unique
    assert codes.str.startswith("91990106").all()


def test_the_organisation_part_has_the_check_of_gb_11714() -> None:
    # 11 − Σ cᵢ·wᵢ mod 11 with weights 3 7 9 10 5 8 4 2; written out here sign by sign.
    for code in credit_codes(np.arange(200)):
        total = sum(
            int(sign) * weight for sign, weight in zip(code[8:16], (3, 7, 9, 10, 5, 8, 4, 2), strict=True)
        )
        assert code[16] == {10: "X", 11: "0"}.get(11 - total % 11, str(11 - total % 11))


def test_codes_go_on_across_calls() -> None:
    whole = credit_codes(np.arange(1_000))
    parts = pd.concat([credit_codes(np.arange(0, 400)), credit_codes(np.arange(400, 1_000))])
    assert whole.tolist() == parts.tolist()


@given(st.integers(0, 2**32 - 1), st.integers(0, 1_200_000))
def test_different_numbers_have_different_brands(salt: int, start: int) -> None:
    made = brands(np.arange(start, start + 2_000), salt)
    assert len(set(made)) == 2_000
    assert {len(brand) for brand in made} <= {2, 3}


def test_brands_are_enough_for_a_large_district() -> None:
    assert len(set(brands(np.arange(1_500_000)))) == 1_500_000


def test_the_first_brands_have_two_signs() -> None:
    made = brands(np.arange(5_000))
    assert {len(brand) for brand in made} == {2}


def test_no_sign_of_a_brand_is_part_of_a_word_that_tells_an_industry() -> None:
    signs = set(names._OPENING + names._GOING_ON + "".join(group_brands()))
    told = {word for word in vocabulary().names if signs & set(word)}
    assert told == set()
    assert len(set(names._OPENING)) == len(names._OPENING)
    assert len(set(names._GOING_ON)) == len(names._GOING_ON)


def test_buildings_have_brands_of_their_own() -> None:
    made = building_names(["大厦"] * 200, np.random.default_rng(1))
    assert len(set(made)) == 200
