"""Pipeline, prospects and policies: every entry has its ground in the other ledgers."""

from __future__ import annotations

import pandas as pd
import pytest

from louyu_lab.ledgers.demo.frames import District
from louyu_lab.ledgers.demo.industries import INDUSTRIES
from louyu_lab.ledgers.demo.published import margins
from louyu_lab.ledgers.demo.published.district import SEED, make_published


@pytest.fixture(scope="module", params=(SEED, 1, 2))
def district(request: pytest.FixtureRequest) -> District:
    return make_published(request.param)


def awards(district: District, policy: str) -> pd.DataFrame:
    """Awards of a policy with the enterprise's stay in the building then, and its tax that year and before."""
    rows = district.frames["policies"].query("policy == @policy")
    stays = (
        district.frames["tenancies"]
        .dropna(subset="building_id")
        .rename(columns={"enterprise": "beneficiary"})
    )
    columns = ["beneficiary", "building_id", "firm", "is_hq", "area_sqm", "move_in_date", "move_out_date"]
    met = rows.merge(stays[columns], on=["beneficiary", "building_id"])
    met = met[(met["move_in_date"] < met["start_date"]) & ~(met["move_out_date"] <= met["start_date"])]
    assert len(met) == len(rows)
    tax = district.frames["taxes"].groupby(["firm", "year"])["tax_yuan"].sum()
    for name, lag in (("tax", 0), ("tax_before", 1)):
        keys = pd.MultiIndex.from_arrays([met["firm"], met["start_date"].dt.year - lag])
        met[name] = tax.reindex(keys).fillna(0.0).to_numpy()
    met["days_in"] = (met["start_date"] - met["move_in_date"]).dt.days
    return met


def test_pipeline_adds_up_and_years_follow_the_stage(district: District) -> None:
    rows = district.frames["pipeline"]
    assert rows["gross_area_sqm"].sum() == margins.PIPELINE_SQM
    # No common unit: sizes are not multiples of one number.
    assert (rows["gross_area_sqm"] % 1_000 != 0).sum() >= 5
    years = {
        "内外装修": (2021, 2022),
        "封顶": (2021, 2022),
        "主体施工": (2022, 2023),
        "基础施工": (2023, 2025),
    }
    for stage, (first, last) in years.items():
        assert rows.loc[rows["stage"] == stage, "planned_completion_year"].between(first, last).all()
    assert rows.loc[rows["stage"] == "停工", "planned_completion_year"].isna().all()
    assert rows["office_rate"].between(0, 1).all()


def test_projects_are_named_by_what_their_branch_does(district: District) -> None:
    rows = district.frames["projects"]
    assert rows["project"].is_unique
    assert not rows["project"].str.contains(r"\d|农运营|业研发").any()
    assert set(rows["industry"]) <= {branch.name for branch in INDUSTRIES}
    banks = rows.loc[rows["industry"] == "货币金融服务", "project"]
    assert banks.str.contains("银行|融资租赁").all()
    others = rows.loc[rows["industry"] != "零售业", "project"]
    assert not others.str.contains("城市旗舰店").any()


def test_nobody_gets_the_same_award_twice(district: District) -> None:
    rows = district.frames["policies"]
    assert not rows.duplicated(["policy", "beneficiary"]).any()
    assert len(rows) >= 36
    assert (rows["amount_yuan"] > 0).all()
    assert (rows["start_date"] <= "2020-12-31").all()
    assert (rows["end_date"] > rows["start_date"]).all()


def test_head_office_awards_go_to_new_head_offices_that_pay(district: District) -> None:
    rows = awards(district, "总部企业落户奖励")
    assert rows["is_hq"].all()
    # 24 months.
    assert (rows["days_in"] <= 731).all()
    assert (rows["amount_yuan"] <= 0.28 * rows["tax"]).all()


def test_contribution_awards_are_a_small_part_of_last_years_tax(district: District) -> None:
    rows = awards(district, "产业贡献奖励")
    assert len(rows) == 14
    assert (rows["amount_yuan"] <= 0.05 * rows["tax_before"]).all()


def test_entry_subsidies_come_within_a_year(district: District) -> None:
    rows = awards(district, "优质企业入驻补贴")
    assert len(rows) == 12
    assert (rows["days_in"] <= 365).all()
    assert (rows["tax"] > 0).all()


def test_refit_subsidies_follow_refits(district: District) -> None:
    rows = district.frames["policies"].query("policy == '楼宇改造提升补贴'")
    years = district.frames["buildings"].set_index("building_id")["refit_year"]
    refit = rows["building_id"].map(years)
    # A refit of 2017 to 2019 has its subsidy that year or the next, within the four years of the ledger.
    assert set(years.index[years.between(2017, 2019)]) <= set(rows["building_id"])
    assert (rows["start_date"].dt.year - refit).isin([0, 1]).all()


def test_rent_relief_is_the_pandemics_and_goes_to_owners(district: District) -> None:
    rows = district.frames["policies"].query("policy == '疫情租金减免补助'")
    owners = rows["building_id"].map(district.frames["buildings"].set_index("building_id")["owners"])
    assert (owners == 1).all()
    assert (rows["start_date"] == "2020-03-01").all()
