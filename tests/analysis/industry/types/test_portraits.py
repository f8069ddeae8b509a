"""Names, profiles and sums of types, worked out by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from louyu_lab.analysis.industry.types.portraits import (
    MIXED,
    jaccard_word,
    type_names,
    type_profiles,
    type_summary,
    type_word,
)

NAN = float("nan")
INDUSTRIES = ["商贸", "科技", "金融", "文化"]


def profiles(*rows: list[float]) -> pd.DataFrame:
    return pd.DataFrame(rows, index=range(1, len(rows) + 1), columns=INDUSTRIES)


def district(*shares: float) -> pd.Series:
    return pd.Series(shares, index=INDUSTRIES)


def test_a_type_is_named_by_what_stands_out_not_by_what_is_large() -> None:
    # Type 1: 商贸 (0.60 − 0.50) ÷ √0.50 = 0.14, 科技 −0.02 ÷ √0.3 < 0, 文化 0.
    # Type 2: 商贸 is the largest (0.45) and rarer than in the district, 金融 0.22 ÷ √0.18 = 0.52.
    table = profiles([0.60, 0.28, 0.10, 0.02], [0.45, 0.13, 0.40, 0.02])
    assert type_names(table, district(0.50, 0.30, 0.18, 0.02)) == {1: "商贸型", 2: "金融型"}


def test_what_stands_out_goes_by_the_root_of_the_district_s_share() -> None:
    # 商贸 (0.60 − 0.25) ÷ √0.25 = 0.70, 金融 (0.30 − 0.10) ÷ √0.10 = 0.63: the rarer one is not preferred
    # for being rare, as without the root (1.4 against 2.0).
    assert type_names(profiles([0.60, 0.10, 0.30, 0.0]), district(0.25, 0.65, 0.10, 0.0)) == {1: "商贸型"}


def test_a_few_firms_of_a_rare_industry_name_nothing() -> None:
    # 文化 stands out most, 0.03 ÷ √0.01 = 0.30 against 0.10 ÷ √0.39 = 0.16, but is 4 % of the firms.
    assert type_names(profiles([0.49, 0.30, 0.17, 0.04]), district(0.39, 0.35, 0.25, 0.01)) == {1: "商贸型"}


def test_types_of_one_lead_are_told_apart_by_the_second_then_by_number() -> None:
    even = district(0.25, 0.25, 0.25, 0.25)
    led = profiles([0.60, 0.30, 0.05, 0.05], [0.60, 0.05, 0.30, 0.05], [0.05, 0.05, 0.05, 0.85])
    assert type_names(led, even) == {1: "商贸·科技型", 2: "商贸·金融型", 3: "文化型"}
    # Nothing besides 商贸 has a share worth a name.
    alone = profiles([0.97, 0.01, 0.01, 0.01], [0.96, 0.02, 0.01, 0.01])
    assert type_names(alone, even) == {1: "商贸型1", 2: "商贸型2"}


def test_a_type_without_a_leading_industry_is_mixed() -> None:
    # 文化 stands out most in both, 0.15 ÷ √0.04 and 0.14 ÷ √0.04, with less than a fifth of the firms.
    table = profiles([0.41, 0.22, 0.18, 0.19], [0.42, 0.24, 0.16, 0.18])
    shares = district(0.50, 0.26, 0.20, 0.04)
    assert type_names(table.loc[[1]], shares) == {1: MIXED}
    assert type_names(table, shares) == {1: f"{MIXED}（文化偏多）1", 2: f"{MIXED}（文化偏多）2"}


def test_many_small_industries_still_give_a_name() -> None:
    names = [f"行业{at:02}" for at in range(25)]
    table = pd.DataFrame(np.full((1, 25), 0.04), index=[1], columns=names)
    assert type_names(table, pd.Series(0.04, index=names)) == {1: MIXED}


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 8), st.integers(2, 15), st.integers(0, 10_000))
def test_names_are_unique(types: int, industries: int, seed: int) -> None:
    shares = np.random.default_rng(seed).dirichlet(np.full(industries, 0.3), types)
    table = pd.DataFrame(shares, index=range(1, types + 1), columns=[f"行业{j}" for j in range(industries)])
    names = type_names(table, table.mean())
    assert list(names) == table.index.tolist()
    assert len(set(names.values())) == types


@pytest.mark.parametrize(
    ("value", "word"),
    [
        (1.0, "很稳定"),
        (0.85, "很稳定"),
        (0.84, "稳定"),
        (0.75, "稳定"),
        (0.6, "存疑"),
        (0.59, "不稳定"),
        (NAN, ""),
    ],
)
def test_words_of_hennigs_bounds(value: float, word: str) -> None:
    assert jaccard_word(value) == word


def test_what_is_no_type_has_its_word() -> None:
    assert [type_word(label, {1: "商贸型"}) for label in (1, 0, -1)] == ["商贸型", "未分型", "样本不足"]


LABELS = pd.Series({"B1": 1, "B2": 1, "B3": 2, "B4": -1}, name="type")
NAMES = {1: "金融型", 2: "科技型"}


def compositions() -> dict[str, pd.DataFrame]:
    """B1 and B2 of type 1, B3 of type 2; area known in B1 only; B4 has too few firms."""
    ids, columns = ["B1", "B2", "B3", "B4"], INDUSTRIES[:3]
    firms = [[6, 0, 4], [2, 0, 8], [0, 10, 0], [3, 0, 0]]
    area = [[100, 0, 300], [0, 0, 0], [0, 0, 0], [50, 0, 0]]
    tables = {"firms": firms, "area_sqm": area, "tax_yuan": np.zeros((4, 3))}
    return {name: pd.DataFrame(rows, ids, columns, dtype="float64") for name, rows in tables.items()}


def test_profiles_by_hand() -> None:
    table = type_profiles(LABELS, NAMES, compositions())
    assert table[["type", "type_name", "industry", "firms"]].to_numpy().tolist() == [
        [1, "金融型", "金融", 12.0],
        [1, "金融型", "商贸", 8.0],
        [2, "科技型", "科技", 10.0],
    ]
    np.testing.assert_allclose(table["share_firms"], [0.6, 0.4, 1.0])
    # Of the 30 firms typed 12 are 金融, 8 商贸, 10 科技: 0.6 ÷ 0.4, 0.4 ÷ (8 ÷ 30), 1 ÷ (10 ÷ 30).
    np.testing.assert_allclose(table["location_quotient"], [1.5, 1.5, 3.0])
    np.testing.assert_allclose(table["share_area"], [0.75, 0.25, NAN])
    assert table["share_tax"].isna().all()


def test_nobody_typed_gives_an_empty_profile() -> None:
    for labels in (LABELS * 0, LABELS.iloc[:0]):
        assert type_profiles(labels, {}, compositions()).empty


def stock() -> pd.DataFrame:
    return pd.DataFrame({
        "building_id": ["B1", "B2", "B3", "B9"], "firms": [10.0, 10.0, 10.0, 99.0],
        "gross_area_sqm": [1000.0, 3000.0, NAN, 9e9], "rentable_area_sqm": [800.0, 2000.0, 500.0, 9e9],
        "vacant_area_sqm": [200.0, NAN, NAN, 9e9], "tax_yuan": [5000.0, 7000.0, 6000.0, 9e9],
    })  # fmt: skip


def test_summary_by_hand() -> None:
    table = type_summary(LABELS, NAMES, pd.Series({1: 0.9, 2: 0.7}), stock()).set_index("type")
    # Types in order, 样本不足 last; B4 is in no stock and B9 in no mix.
    assert table.index.tolist() == [1, 2, -1]
    assert table["type_name"].tolist() == ["金融型", "科技型", "样本不足"]
    assert table["buildings"].tolist() == [2, 1, 1]
    assert table["stability_word"].tolist() == ["很稳定", "存疑", ""]
    np.testing.assert_allclose(table["firms"], [20, 10, NAN])
    np.testing.assert_allclose(table["gross_area_sqm"], [4000, NAN, NAN])
    # Vacancy of B1 alone, 200 ÷ 800; B2 does not tell. Tax of B3 has no area to be divided by.
    np.testing.assert_allclose(table["vacancy_rate"], [0.25, NAN, NAN])
    np.testing.assert_allclose(table["tax_yuan"], [12000, 6000, NAN])
    np.testing.assert_allclose(table["tax_per_sqm_yuan"], [12000 / 4000, NAN, NAN])


def test_tax_without_area_does_not_raise_the_yield() -> None:
    # B1 5000 ÷ 1000; B3 with 6000 of tax has no area, and counts in neither.
    table = type_summary(pd.Series({"B1": 1, "B3": 1}), {1: "金融型"}, pd.Series({1: 0.9}), stock())
    assert table["tax_per_sqm_yuan"].tolist() == [5.0]
    assert table["tax_yuan"].tolist() == [11000.0]


def test_without_types_all_buildings_are_one_row_untyped() -> None:
    table = type_summary(LABELS * 0, {}, pd.Series(dtype="float64"), stock())
    assert table[["type", "type_name", "buildings"]].to_numpy().tolist() == [[0, "未分型", 4]]
    assert type_summary(LABELS.iloc[:0], {}, pd.Series(dtype="float64"), stock()).empty
