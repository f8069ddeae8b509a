"""Indicator values against hand-made districts, each with its numerator, denominator and scope."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.absorption import occupied_changes
from louyu_lab.analysis.indicator_catalogue import codes_by_name, definitions, indicator_catalogue
from louyu_lab.analysis.indicators import indicators, missing_indicators
from louyu_lab.analysis.moves import moves
from louyu_lab.analysis.outputs import declared
from louyu_lab.analysis.panel import building_years
from louyu_lab.analysis.stock import rollup
from louyu_lab.ledgers.model import Ledgers, typed_frame

NOTHING = pd.DataFrame()

#: 三年行动计划 names fourteen indicators; targets.yaml uses these names.
SEED_NAMES = {
    *("楼宇总建筑面积", "可租售面积", "入驻率", "注册率", "行业集聚度", "税源率", "亿元楼数量", "楼宇税收"),
    *("单位面积税收", "党组织覆盖率", "中介服务覆盖率", "政企智慧平台覆盖率", "星级楼宇数量", "特色楼宇数量"),
}


def ledgers_of(**frames: dict[str, list]) -> Ledgers:
    typed = {name: typed_frame(name, pd.DataFrame(columns)) for name, columns in frames.items()}
    return Ledgers("某区", typed, NOTHING, NOTHING, NOTHING)


@pytest.fixture(scope="module")
def district() -> Ledgers:
    """Three towers and a site: A let to one owner's tenants, B in strata, C without reports, D unfinished."""
    return ledgers_of(
        buildings={
            "building_id": list("ABCD"),
            "street": ["南街", "南街", "北街", "北街"],
            "status": ["", "", "", "在建"],
            "gross_area_sqm": [20_000, 10_000, 10_000, 90_000],
            "rentable_area_sqm": [16_000, 8_000, None, 80_000],
            "owners": [1, 40, None, 1],
            "self_held_rate": [1.0, 0.2, None, 1.0],
            "has_party_org": [True, False, None, True],
            "star": [5, None, None, 5],
            "feature_year": [2019, 2020, None, 2018],
        },
        occupancy={
            "building_id": ["A", "B", "A", "B"],
            "year": [2019, 2019, 2020, 2020],
            "period": ["2019", "2019", "2020", "2020"],
            "occupied_area_sqm": [10_000, 5_000, 14_000, 4_000],
        },
        tenancies={
            "enterprise_id": ["甲", "乙", "丙", "丁", "戊", "己"],
            "building_id": ["A", "A", "A", "B", "D", None],
            "year": [2020] * 6,
            "period": ["2020"] * 6,
            "area_sqm": [9_000, 3_000, None, 4_000, 100, 100],
            "is_registered": [True, False, True, None, True, True],
            "is_taxed_here": [True, True, None, False, True, True],
        },
        taxes={
            "level": ["enterprise"] * 5 + ["building", "building"],
            "enterprise_id": ["甲", "甲", "乙", "丁", "己", None, None],
            "building_id": [None] * 5 + ["A", "B"],
            "year": [2020] * 5 + [2019, 2019],
            "tax_yuan": [9e7, 3e7, -1e5, 2e6, 7.81e7, 8e7, 1e6],
            "is_one_off": [False, True, False, False, False, None, None],
            "retained_yuan": [2e7, None, None, None, 1e7, None, None],
        },
        district={"year": [2020, 2020], "district_tax_yuan": [4e8, 1e9], "scope": ["一般公共预算", "全口径"]},
    )


@pytest.fixture(scope="module")
def values(district: Ledgers) -> pd.DataFrame:
    return indicators(district, [2019, 2020])


def row_of(values: pd.DataFrame, name: str, year: int = 2020) -> pd.Series:
    return values.set_index(["name_zh", "year"]).loc[(name, year)]


#: name -> value, numerator, denominator, worked by hand from the district above.
EXPECTED = {
    "楼宇数": (3, 3, None),
    "楼宇总建筑面积": (40_000, 40_000, None),
    "可租售面积": (24_000, 24_000, None),
    "自持率": (22_000 / 30_000, 22_000, 30_000),  # 20000·1 + 10000·0.2; C unknown
    "入驻率": (0.75, 18_000, 24_000),
    "入驻率（按总建筑面积）": (0.6, 18_000, 30_000),  # A and B; C has no report
    "入驻率（不含分散产权）": (0.875, 14_000, 16_000),  # B: 40 owners, 20 % self-held; C unknown
    "空置率": (0.25, 6_000, 24_000),
    "净吸纳面积": (3_000, 3_000, None),  # A +4000, B −1000
    "入驻企业数": (4, 4, None),  # C: listed nobody in a year with a tenant list
    "注册率": (2 / 3, 2, 3),  # 甲 乙 丙; 丁 unknown, 戊 on the site, 己 outside
    "注册率（按面积）": (0.75, 9_000, 12_000),  # 丙 has no area
    "属地纳税率": (2 / 3, 2, 3),  # 甲 乙 yes, 丁 no, 丙 unknown
    "税源率": (0.5, 2, 4),  # 甲 丁 pay; 乙 was refunded, 丙 is not in the tax ledger
    "税源率（按注册企业）": (0.5, 1, 2),  # of 甲 丙
    "亿元楼数量": (1, 1, None),  # A: 9000万 + 3000万 − 10万
    "亿元楼数量（剔除一次性）": (0, 0, None),
    "楼宇税收": (1.219e8, 1.219e8, None),
    "楼宇税收（剔除一次性）": (9.19e7, 9.19e7, None),
    "楼宇税收（区级留存）": (2e7, 2e7, None),
    "单位面积税收": (1.219e8 / 30_000, 1.219e8, 30_000),
    "单位面积税收（按可租售面积）": (1.219e8 / 24_000, 1.219e8, 24_000),
    "单位面积税收（按入驻面积）": (1.219e8 / 18_000, 1.219e8, 18_000),
    "楼宇税收贡献率": (0.1219, 1.219e8, 1e9),  # on 全口径, not on the budget's
    "党组织覆盖率": (0.5, 1, 2),
    "星级楼宇数量": (1, 1, None),
    "特色楼宇数量": (2, 2, None),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_value_numerator_and_denominator(values: pd.DataFrame, name: str) -> None:
    value, numerator, denominator = EXPECTED[name]
    row = row_of(values, name)
    # Sums of a few floats: exact but for rounding in the last digits.
    assert row["value"] == pytest.approx(value, rel=1e-12)
    assert row["numerator"] == pytest.approx(numerator, rel=1e-12)
    assert row["denominator"] == pytest.approx(np.nan if denominator is None else denominator, nan_ok=True)


def test_every_indicator_has_either_a_value_or_a_reason(values: pd.DataFrame) -> None:
    missing = missing_indicators(values, [2019, 2020])
    told = set(zip(values["indicator"], values["year"], strict=True))
    excused = set(zip(missing["indicator"], missing["year"], strict=True))
    assert not told & excused
    assert told | excused == {(code, year) for code in indicator_catalogue() for year in (2019, 2020)}
    assert missing["reason"].str.len().gt(0).all()


def test_what_is_known_only_as_of_today_is_not_told_of_earlier_years(values: pd.DataFrame) -> None:
    reasons = missing_indicators(values, [2019, 2020]).set_index(["name_zh", "year"])["reason"]
    assert reasons["星级楼宇数量", 2019] == "台账只有现状，不能追溯到该年"
    assert reasons["中介服务覆盖率", 2020] == "缺少楼宇台账的中介服务"
    # Recognised in 2019: this one carries its year.
    assert row_of(values, "特色楼宇数量", 2019)["value"] == 1


@pytest.mark.parametrize(
    ("name", "scope"),
    [
        ("入驻率", "按可租售面积；3 幢中 2 幢有入驻数据"),
        ("楼宇数", "年末在用楼宇；全部 3 幢计入"),
        ("入驻率（不含分散产权）", "按可租售面积，不含分散产权；3 幢中 1 幢非分散产权且有入驻数据"),
        ("注册率", "按户数，年末楼内在驻企业；4 家中 3 家注册情况已知"),
        ("楼宇税收贡献率", "全区税收为全口径；3 幢中 2 幢有税收数据"),
    ],
)
def test_the_scope_says_whom_the_number_rests_on(values: pd.DataFrame, name: str, scope: str) -> None:
    assert row_of(values, name)["scope"] == scope


def test_the_table_is_as_declared(values: pd.DataFrame) -> None:
    assert list(declared("indicators", values).columns) == list(values.columns)
    assert declared("definitions", definitions())["definition"].str.len().gt(0).all()


def test_the_fourteen_of_the_plan_are_there_by_name() -> None:
    core = {spec.zh for spec in indicator_catalogue().values() if spec.core}
    assert core >= SEED_NAMES
    assert len(codes_by_name()) == len(indicator_catalogue())


def test_indicators_agree_with_the_roll_up(district: Ledgers, values: pd.DataFrame) -> None:
    top = rollup(building_years(district, [2020]), 2020, "某区").set_index("level").loc["district"]
    for name, column in {
        "楼宇数": "buildings",
        "入驻率": "occupancy_rate",
        "入驻企业数": "firms",
        "楼宇税收": "tax_yuan",
        "单位面积税收": "tax_per_sqm_yuan",
    }.items():
        assert row_of(values, name)["value"] == pytest.approx(top[column], rel=1e-12)


def test_net_absorption_agrees_with_the_table_of_moves() -> None:
    # B opens in 2020 and counts from nothing; A grows; C is not reported in 2020.
    ledgers = ledgers_of(
        buildings={
            "building_id": list("ABC"),
            "since_year": [None, 2020, None],
            "gross_area_sqm": [9e3] * 3,
            "rentable_area_sqm": [8e3] * 3,
        },
        occupancy={
            "building_id": ["A", "C", "A", "B"],
            "year": [2019, 2019, 2020, 2020],
            "occupied_area_sqm": [1_000, 5_000, 1_500, 700],
        },
        tenancies={"enterprise_id": ["甲", "甲"], "building_id": ["A", "A"], "year": [2019, 2020]},
    )
    panel = building_years(ledgers, [2018, 2019, 2020])
    table = moves(ledgers["tenancies"], panel, "某区")
    by_moves = table.loc[
        (table["level"] == "district") & (table["year"] == 2020), "net_absorption_sqm"
    ].item()
    values = indicators(ledgers, [2019, 2020])
    assert row_of(values, "净吸纳面积")["value"] == by_moves == 1_200
    # 2018 has no report at all: nothing can be said of 2019.
    assert occupied_changes(panel).query("year == 2019")["net_absorption_sqm"].isna().all()
    assert ("净吸纳面积", 2019) not in values.set_index(["name_zh", "year"]).index


def test_industry_concentration_weighs_buildings_by_their_firms() -> None:
    ledgers = ledgers_of(buildings={"building_id": ["A", "B"], "gross_area_sqm": [1e4, 1e4]})
    cells = [
        ("A", "商贸", 15, 60.0),
        ("A", "科技", 9, 40.0),
        ("A", "文化", 6, np.nan),
        ("B", "商贸", 9, np.nan),
        ("B", "科技", 1, np.nan),
        ("C", "未识别", 4, np.nan),
    ]
    mix = pd.DataFrame(cells, columns=["id", "industry", "firms", "area_sqm"])
    mix = mix.assign(level="building", tax_yuan=np.nan, share_firms=np.nan)
    values = indicators(ledgers, [2020], {2020: mix})
    row = row_of(values, "行业集聚度")
    # (30·0.5 + 10·0.9) ÷ 40
    assert row[["value", "numerator", "denominator"]].tolist() == [0.6, 24, 40]
    assert row["scope"].endswith("3 幢中 2 幢有行业数据")
    assert row_of(values, "行业集聚度（按面积）")["value"] == pytest.approx(0.6)
    assert "行业集聚度（按税收）" not in set(values["name_zh"])


def test_registration_falls_back_on_the_list_of_registrations() -> None:
    ledgers = ledgers_of(
        buildings={"building_id": ["A"], "gross_area_sqm": [1e4]},
        tenancies={
            "enterprise_id": ["甲", "乙", "丙", "丁"],
            "building_id": ["A"] * 4,
            "year": [2020] * 4,
            "is_registered": [False, None, None, None],
        },
        registrations={
            "enterprise_id": ["甲", "乙", "丙"],
            "registered_date": pd.to_datetime(["2010-01-01", "2020-12-01", "2010-01-01"]),
            "cancelled_date": pd.to_datetime([None, None, "2020-03-01"]),
        },
    )
    # 甲: the ledger's own 否 goes first; 乙: listed; 丙: struck off in the year; 丁: not listed.
    row = row_of(indicators(ledgers, [2020]), "注册率")
    assert (row["numerator"], row["denominator"]) == (1, 4)


def test_seven_columns_for_one_year_give_the_indicators_they_can() -> None:
    ledgers = ledgers_of(
        buildings={"building_id": ["A"], "gross_area_sqm": [23_000], "rentable_area_sqm": [17_500]},
        occupancy={"building_id": ["A"], "year": [2020], "occupied_area_sqm": [14_350], "firms": [50]},
        taxes={"level": ["building"], "building_id": ["A"], "year": [2020], "tax_yuan": [9e6]},
    )
    values = indicators(ledgers, [2020])
    assert row_of(values, "入驻率")["value"] == pytest.approx(0.82)
    # 三年行动计划, first year: 9亿 ÷ 230万㎡ = 391 元/㎡, not the 2600 printed there.
    assert row_of(values, "单位面积税收")["value"] == pytest.approx(391.3043, abs=5e-5)
    assert row_of(values, "单位面积税收（按入驻面积）")["value"] == pytest.approx(627.1777, abs=5e-5)
    # No one-off marks in the ledger: the recurring tax is not claimed to be known.
    assert not values["name_zh"].str.contains("剔除一次性").any()


def test_tenancies_alone_claim_nothing_about_buildings() -> None:
    ledgers = ledgers_of(tenancies={"enterprise_id": ["甲"], "year": [2020], "is_registered": [True]})
    assert indicators(ledgers, [2020]).empty
    assert len(missing_indicators(indicators(ledgers, [2020]), [2020])) == len(indicator_catalogue())


def test_the_order_of_the_rows_does_not_matter(district: Ledgers, values: pd.DataFrame) -> None:
    turned = {name: frame.iloc[::-1] for name, frame in district.frames.items()}
    again = indicators(Ledgers("某区", turned, NOTHING, NOTHING, NOTHING), [2020, 2019])
    # Sums in another order differ in the last digit only.
    pd.testing.assert_frame_equal(again, values, rtol=1e-12)


def test_district_rows_of_the_tax_ledger_serve_where_there_is_no_district_ledger() -> None:
    ledgers = ledgers_of(
        buildings={"building_id": ["A"], "gross_area_sqm": [1e4]},
        taxes={
            "level": ["building", "district"],
            "building_id": ["A", None],
            "year": [2020, 2020],
            "tax_yuan": [4.39e9, 15.96e9],
        },
    )
    # 和平区: 43.9亿 of 159.6亿 = 27.5 %.
    assert row_of(indicators(ledgers, [2020]), "楼宇税收贡献率")["value"] == pytest.approx(0.275, abs=5e-4)
