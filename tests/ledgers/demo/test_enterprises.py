"""Who the tenants are: valid, different, in the planned shares, and known to the classifier."""

from __future__ import annotations

import time

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.industry import classify_enterprises
from louyu_lab.ledgers.credit_codes import is_valid
from louyu_lab.ledgers.demo.enterprises import describe_enterprises
from louyu_lab.ledgers.demo.industries import INDUSTRIES

WEIGHTS = np.array([branch.weight for branch in INDUSTRIES])
N = 20_000


def firms(n: int, first: int = 0, seed: int = 5) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    day = pd.Timestamp(2013, 1, 1) + pd.to_timedelta(rng.integers(0, 2_900, n), unit="D")
    return pd.DataFrame(
        {
            "industry": rng.choice(len(INDUSTRIES), n, p=WEIGHTS),
            "first_day": day,
            "is_anchor": rng.random(n) < 0.01,
        },
        index=np.arange(first, first + n),
    )


def describe(frame: pd.DataFrame, seed: int = 7, first: int = 0) -> pd.DataFrame:
    return describe_enterprises(frame, "澜州", "和安区", np.random.default_rng(seed), first)


@pytest.fixture(scope="module")
def known() -> pd.DataFrame:
    return firms(N)


@pytest.fixture(scope="module")
def described(known: pd.DataFrame) -> pd.DataFrame:
    return describe(known)


def test_codes_and_names_are_valid_and_different(known: pd.DataFrame, described: pd.DataFrame) -> None:
    assert described.index.equals(known.index)
    assert is_valid(described["credit_code"]).all()
    assert described["credit_code"].is_unique
    assert described["enterprise"].is_unique
    assert described["enterprise"].str.contains("澜州").all()
    assert not described["enterprise"].str.contains("{", regex=False).any()
    assert {str(kind) for kind in described.dtypes} == {"str", "datetime64[us]"}


def test_shares_are_the_planned_ones(known: pd.DataFrame, described: pd.DataFrame) -> None:
    ordinary = described[~known["is_anchor"]]
    # Binomial, n = 20,000: four standard errors of 6 %, 4 %, 5.5 % and 20 % are 0.7, 0.6, 0.65 and 1.2 points.
    assert ordinary["industry_code"].isna().mean() == pytest.approx(0.06, abs=0.007)
    assert ordinary["industry_code"].str.len().eq(2).mean() == pytest.approx(0.04, abs=0.006)
    assert described["group_name"].notna().mean() == pytest.approx(0.055, abs=0.0065)
    assert described["business_scope"].str.contains("依法须经批准").mean() == pytest.approx(0.20, abs=0.012)
    sizes = described["group_name"].value_counts()
    assert len(sizes) == 24
    assert sizes.iloc[0] > 3 * sizes.iloc[-1]


def test_members_of_a_group_carry_its_brand(described: pd.DataFrame) -> None:
    members = described.dropna(subset="group_name")
    brand = members["group_name"].str.removesuffix("集团")
    assert all(name.startswith(b) for name, b in zip(members["enterprise"], brand, strict=True))


def test_anchors_do_the_first_class_of_their_branch_and_nothing_else(
    known: pd.DataFrame, described: pd.DataFrame
) -> None:
    anchors = known.index[known["is_anchor"]]
    assert len(anchors) > 100
    for firm in anchors:
        code, (_, scope) = next(iter(INDUSTRIES[known.at[firm, "industry"]].classes.items()))
        assert described.at[firm, "industry_code"] == code
        assert described.at[firm, "business_scope"].split("（")[0] == scope


def test_codes_and_scopes_are_of_the_firms_branch(known: pd.DataFrame, described: pd.DataFrame) -> None:
    scopes = [{scope for _, scope in branch.classes.values()} for branch in INDUSTRIES]
    codes = [set(branch.classes) | {c[:2] for c in branch.classes} for branch in INDUSTRIES]
    for industry, row in zip(known["industry"][:2_000], described[:2_000].itertuples(), strict=True):
        said = row.business_scope.removesuffix(
            "（依法须经批准的项目，经相关部门批准后方可开展经营活动）"
        ).split("；")
        assert set(said) <= scopes[industry]
        assert len(set(said)) == len(said)
        assert pd.isna(row.industry_code) or row.industry_code in codes[industry]


def test_each_registered_before_its_first_day(known: pd.DataFrame, described: pd.DataFrame) -> None:
    assert (described["registered_date"] < known["first_day"]).all()
    assert (described["registered_date"] == described["registered_date"].dt.normalize()).all()


def test_the_classifier_finds_every_sector_with_and_without_code(
    known: pd.DataFrame, described: pd.DataFrame
) -> None:
    wanted = [INDUSTRIES[i].sector for i in known["industry"]]
    assert classify_enterprises(described)["industry"].tolist() == wanted
    assert classify_enterprises(described.drop(columns="industry_code"))["industry"].tolist() == wanted


def test_parts_of_a_district_share_no_code_and_no_name() -> None:
    parts = [
        describe(firms(4_000, first, seed=first), seed=first, first=first)
        for first in (0, 4_000, 8_000, 12_000)
    ]
    whole = pd.concat(parts)
    assert whole["credit_code"].is_unique
    assert whole["enterprise"].is_unique


def test_equal_seeds_give_equal_firms_and_another_district_other_codes(known: pd.DataFrame) -> None:
    few = known[:500]
    pd.testing.assert_frame_equal(describe(few), describe(few))
    other = describe_enterprises(few, "澜州", "临川区", np.random.default_rng(7))
    assert not set(other["credit_code"]) & set(describe(few)["credit_code"])


def test_no_firms_and_one_firm() -> None:
    assert describe(firms(0)).empty
    assert len(describe(firms(1))) == 1


def test_a_district_is_described_in_well_under_a_second(known: pd.DataFrame) -> None:
    begun = time.process_time()
    describe(known)
    # 0.05 s where this was measured; the limit leaves room for a slow, busy machine.
    assert time.process_time() - begun < 0.8
