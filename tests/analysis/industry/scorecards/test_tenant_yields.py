"""Tax per ㎡ of tenants: who counts, the lines of entry, and the list for 腾笼换鸟."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.industry.scorecards.entry_thresholds import (
    ALL_GRADES,
    entry_thresholds,
    quantile_interval,
)
from louyu_lab.analysis.industry.scorecards.low_yield import FEW_PEERS, low_yield, low_yield_left_out
from louyu_lab.analysis.industry.scorecards.tenant_yields import (
    ELSEWHERE,
    HQ,
    NEW,
    NO_AREA,
    NO_TAX_KNOWN,
    PUBLIC,
    REFUND,
    tenant_yields,
)
from louyu_lab.analysis.study_year import StudyYear

from .conftest import district

YEAR = 2020


def trade(taxes: list[float | None], **changes: dict[int, object]) -> StudyYear:
    """Return one building of traders of 100 ㎡ each with the given tax of 2020 (元), half of it the year before.

    ``changes`` replaces cells of the enterprise ledger by column and row.
    """
    count = len(taxes)
    stays = pd.DataFrame(
        {
            "enterprise_id": [f"E{at:02d}" for at in range(count)],
            "enterprise": [f"第{at}贸易公司" for at in range(count)],
            "building_id": "A",
            "industry_code": "5199",
            "area_sqm": 100.0,
            "move_in_date": pd.Timestamp("2010-01-01"),
            "is_taxed_here": True,
            "is_hq": False,
            "lease_end_date": pd.Timestamp("2022-06-30"),
        }
    )
    for column, cells in changes.items():
        stays[column] = stays[column].astype("object")
        for at, value in cells.items():
            stays.loc[at, column] = value
    rows = [
        {"enterprise_id": f"E{at:02d}", "year": year, "tax_yuan": tax * share, "level": "enterprise"}
        for at, tax in enumerate(taxes)
        if tax is not None
        for year, share in ((2019, 0.5), (2020, 1.0))
    ]
    rows = rows or [{"enterprise_id": "X", "year": 2020, "tax_yuan": None, "level": "enterprise"}]
    buildings = pd.DataFrame(
        {"building_id": ["A"], "building": ["甲楼"], "street": ["南街"], "grade": ["甲级"]}
    )
    buildings = buildings.assign(gross_area_sqm=9999.0, since_year=2000)
    return StudyYear(district(buildings=buildings, tenancies=stays, taxes=pd.DataFrame(rows)), YEAR)


def test_who_is_left_out_and_why() -> None:
    study = trade(
        [100.0, 100.0, 100.0, 100.0, -50.0, 100.0, None, 100.0],
        move_in_date={0: pd.Timestamp("2019-06-01")},
        area_sqm={1: None},
        is_taxed_here={2: False},
        is_hq={3: True},
        industry_code={5: "8300"},
        enterprise={7: "和安区茶叶协会"},
    )
    yields = tenant_yields(study).set_index("enterprise_id")
    assert yields["left_out"].dropna().to_dict() == {
        "E00": NEW, "E01": NO_AREA, "E02": ELSEWHERE, "E03": HQ, "E04": REFUND, "E05": PUBLIC, "E07": PUBLIC,
    }  # fmt: skip
    # In a year with taxes by enterprise, no entry is no tax.
    assert yields.loc["E06", "tax_yuan"] == 0
    assert yields.loc["E03", "tax_per_sqm_yuan"] == 1.0
    assert yields.loc["E06", "lease_end_date"] == pd.Timestamp("2022-06-30")


def test_without_taxes_by_enterprise_nothing_is_known() -> None:
    study = trade([None] * 12)
    yields = tenant_yields(study)
    assert (yields["left_out"] == NO_TAX_KNOWN).all()
    listed = low_yield(study, yields)
    assert listed.empty
    left = low_yield_left_out(yields, listed)
    assert left[["outcome", "firms"]].to_numpy().tolist() == [[NO_TAX_KNOWN, 12]]
    assert entry_thresholds(yields, YEAR).empty


def test_one_off_taxes_save_nobody() -> None:
    study = trade([100.0 * at for at in range(1, 12)])
    taxes = study.ledgers["taxes"].assign(is_one_off=False)
    extra = taxes[(taxes["enterprise_id"] == "E00") & (taxes["year"] == 2020)].assign(
        is_one_off=True, tax_yuan=1e6
    )
    frames = {name: study.ledgers[name] for name in ("buildings", "tenancies")}
    with_one_off = StudyYear(district(**frames, taxes=pd.concat([taxes, extra])), YEAR)
    assert tenant_yields(with_one_off).set_index("enterprise_id").loc["E00", "tax_yuan"] == 100.0


def test_thresholds_worked_by_hand() -> None:
    # Eleven payers of 1 … 11 元/㎡, one of nothing, one new one of 100: quartiles 3.5, 6, 8.5.
    study = trade(
        [100.0 * at for at in range(1, 12)] + [None, 10_000.0], move_in_date={12: pd.Timestamp("2020-02-01")}
    )
    table = entry_thresholds(tenant_yields(study), YEAR).set_index("grade")
    assert list(table.index) == [ALL_GRADES, "甲级"]
    row = table.loc["甲级"]
    assert (row["n"], row["tenants"], row["status"]) == (11, 13, "可用")
    assert row[["p25_yuan_sqm", "p50_yuan_sqm", "p75_yuan_sqm"]].tolist() == pytest.approx([3.5, 6.0, 8.5])
    # Of all thirteen, those of 4 … 11 and the new one: 9; of 6 … 11: 7; of 9, 10, 11: 4.
    assert row[["pass_p25_rate", "pass_p50_rate", "pass_p75_rate"]].tolist() == pytest.approx(
        [9 / 13, 7 / 13, 4 / 13]
    )
    # Binomial(11, 0.5): P(X ≤ 1) = 12/2048 = 0.006, P(X ≤ 2) = 67/2048 = 0.033: the second and the tenth.
    assert row[["lo_p50_yuan_sqm", "hi_p50_yuan_sqm"]].tolist() == [2.0, 10.0]


def test_below_ten_there_are_no_numbers() -> None:
    yields = tenant_yields(trade([100.0] * 9))
    table = entry_thresholds(yields, YEAR)
    assert table["status"].tolist() == ["样本不足"]
    assert (
        table[["p25_yuan_sqm", "p50_yuan_sqm", "p75_yuan_sqm", "lo_p50_yuan_sqm", "pass_p50_rate"]]
        .isna()
        .all(axis=None)
    )
    assert table["n"].tolist() == [9]
    public = entry_thresholds(
        tenant_yields(trade([1.0] * 3, industry_code=dict.fromkeys(range(3), "8300"))), YEAR
    )
    assert public["status"].tolist() == ["公益类不设"]


def test_the_interval_covers_as_often_as_it_says() -> None:
    rng = np.random.default_rng(5)
    samples = rng.exponential(size=(2000, 30))
    truth = -np.log(1 - 0.25)
    ends = np.array([quantile_interval(sample, 0.25) for sample in samples])
    covered = ((ends[:, 0] <= truth) & (truth <= ends[:, 1])).mean()
    # Exact coverage for n = 30, p = 0.25: at least 0.95, here 0.9675; standard error 0.004.
    assert 0.95 <= covered <= 0.985
    # Ten are too few for a lower end at a quarter: P(no one below it) = 0.75¹⁰ = 0.056 > 0.025.
    low, high = quantile_interval(np.arange(10.0), 0.25)
    assert np.isnan(low)
    # P(X ≥ 6) = 0.02 < 0.025 and P(X ≥ 5) = 0.078: the sixth value.
    assert high == 5.0


def test_the_list_and_what_it_may_bring() -> None:
    study = trade([100.0 * at for at in range(1, 12)] + [None])
    yields = tenant_yields(study)
    listed = low_yield(study, yields)
    # Line 3.5 元/㎡, median 6: who pays 1, 2, 3 or nothing; the last could bring 600 元, the first 500.
    assert listed["enterprise_id"].tolist() == ["E11", "E00", "E01", "E02"]
    assert listed["gain_yuan"].tolist() == pytest.approx([600, 500, 400, 300])
    assert listed["finding"].tolist() == ["无经常性税收", "低于分位线", "低于分位线", "低于分位线"]
    assert listed["compared_with"].unique().tolist() == ["商贸·甲级"]
    # Half the tax for everybody the year before leaves the order as it is.
    assert listed["is_repeated"].all()
    left = low_yield_left_out(yields, listed).set_index("outcome")["firms"]
    assert left.to_dict() == {"列入清单": 4, "达到分位线": 8}
    assert left.sum() == len(yields)


def test_too_few_peers_are_not_compared() -> None:
    study = trade([100.0] * 8 + [1.0])
    yields = tenant_yields(study)
    listed = low_yield(study, yields)
    assert listed.empty
    assert low_yield_left_out(yields, listed)["outcome"].tolist() == [FEW_PEERS]


def test_all_the_same_lists_nobody() -> None:
    study = trade([100.0] * 15)
    assert low_yield(study, tenant_yields(study)).empty


def test_a_small_grade_is_compared_with_its_industry() -> None:
    study = trade([100.0 * at for at in range(1, 12)])
    yields = tenant_yields(study)
    yields.loc[yields["enterprise_id"] == "E00", "grade"] = "乙级"
    listed = low_yield(study, yields).set_index("enterprise_id")
    assert listed.loc["E00", "compared_with"] == "商贸"
    assert listed.loc["E01", "compared_with"] == "商贸·甲级"


def test_yearly_lists_and_one_year() -> None:
    study = trade([100.0 * at for at in range(1, 12)])
    stays = study.ledgers["tenancies"].assign(move_in_date=pd.NaT)
    lists = pd.concat([stays.assign(year=2019).iloc[1:], stays.assign(year=2020)])
    frames = {name: study.ledgers[name] for name in ("buildings", "taxes")}
    yearly = StudyYear(district(**frames, tenancies=lists), YEAR)
    # E00 is in the second list only: new. The first list tells nothing of who is new.
    assert tenant_yields(yearly).set_index("enterprise_id")["left_out"].dropna().to_dict() == {"E00": NEW}
    single = StudyYear(district(**frames, tenancies=stays.assign(year=2020)), YEAR)
    assert tenant_yields(single)["left_out"].isna().all()


def test_no_building_at_all() -> None:
    study = StudyYear(district(), YEAR)
    yields = tenant_yields(study)
    assert yields.empty
    listed = low_yield(study, yields)
    assert listed.empty
    assert low_yield_left_out(yields, listed).empty
    assert entry_thresholds(yields, YEAR).empty
