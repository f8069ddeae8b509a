"""Which building a row speaks of: numbers, names, aliases, look-alikes, strangers."""

from __future__ import annotations

import pandas as pd

BUILDINGS = [
    ["楼宇编号", "楼宇名称", "别名", "街道", "建筑面积(㎡)", "可租售面积(㎡)"],
    ["A1", "城大数码广场", "", "中山街道", 32000, 25000],
    ["A2", "青禾大厦", "青禾中心、禾楼", "中山街道", 18000, 15000],
]


def _tenants(folder, names, buildings=BUILDINGS):
    folder.xlsx("楼宇台账.xlsx", buildings)
    rows = [[f"{i}公司", name, 100] for i, name in enumerate(names)]
    folder.xlsx("企业台账.xlsx", [["企业名称", "楼宇名称", "租用面积(㎡)"], *rows])
    return folder.read()


def test_aliases_are_matched_and_listed(folder, converted):
    ledgers = _tenants(folder, ["青禾中心", "禾 楼", "青禾大厦"])
    assert ledgers["tenancies"]["building_id"].tolist() == ["A2", "A2", "A2"]
    assert converted(ledgers, "按别名对应到楼宇台账") == 2


def test_a_look_alike_is_asked_about_and_not_merged(folder, found):
    # 诚大数码大厦 and 城大数码广场 sound alike once the endings are gone.
    ledgers = _tenants(folder, ["诚大数码大厦"])
    assert ledgers["tenancies"]["building_id"].isna().all()
    similar = found(ledgers, "building-similar")
    assert similar[["value", "severity"]].values.tolist() == [["诚大数码大厦 ≈ 城大数码广场", "warning"]]
    assert "别名" in similar["remedy"][0]


def test_the_same_look_alike_as_alias_is_matched(folder, found):
    buildings = [BUILDINGS[0], ["A1", "城大数码广场", "诚大数码大厦", "中山街道", 32000, 25000]]
    ledgers = _tenants(folder, ["诚大数码大厦"], buildings)
    assert ledgers["tenancies"]["building_id"].tolist() == ["A1"]
    assert found(ledgers, "building-similar").empty


def test_look_alikes_within_the_building_ledger_are_listed(folder, found):
    buildings = [*BUILDINGS, ["A3", "诚大数码大厦", "", "中山街道", 9000, 8000]]
    ledgers = _tenants(folder, ["诚大数码大厦"], buildings)
    assert found(ledgers, "building-similar")["value"].tolist() == ["诚大数码大厦 ≈ 城大数码广场"]
    assert ledgers["tenancies"]["building_id"].tolist() == ["A3"]


def test_tenants_of_unknown_buildings_stand_outside(folder, found):
    ledgers = _tenants(folder, ["望海阁", "望海阁", None])
    assert ledgers["tenancies"]["building_id"].isna().all()
    assert len(ledgers["tenancies"]) == 3
    unknown = found(ledgers, "building-unknown")
    # A firm without any building is a normal case and is not listed.
    assert unknown[["row", "value", "severity"]].values.tolist() == [
        [2, "望海阁", "warning"],
        [3, "望海阁", "warning"],
    ]


def test_two_buildings_of_one_name_are_not_guessed_between(folder, found):
    buildings = [*BUILDINGS, ["A3", "青禾大厦", "", "澜江街道", 9000, 8000]]
    ledgers = _tenants(folder, ["青禾大厦"], buildings)
    assert len(ledgers["buildings"]) == 3
    assert ledgers["tenancies"]["building_id"].isna().all()
    assert found(ledgers, "building-ambiguous")["value"].tolist() == ["青禾大厦"]


def test_one_name_twice_without_numbers_is_an_error(folder, found):
    folder.xlsx(
        "楼宇台账.xlsx",
        [
            ["楼宇名称", "街道", "建筑面积(㎡)", "可租售面积(㎡)"],
            ["青禾大厦", "中山街道", 18000, 15000],
            ["青禾大厦", "澜江街道", 9000, 8000],
        ],
    )
    ledgers = folder.read()
    twice = found(ledgers, "building-duplicate")
    assert twice[["row", "severity"]].values.tolist() == [[3, "error"]]
    assert "不同的楼宇编号" in twice["remedy"][0]
    assert ledgers["buildings"]["gross_area_sqm"].tolist() == [18_000.0]


def test_a_number_against_its_name_is_listed(folder, found):
    folder.xlsx("楼宇台账.xlsx", BUILDINGS)
    folder.xlsx(
        "企业台账.xlsx",
        [["企业名称", "楼宇编号", "楼宇名称"], ["甲", "A1", "青禾大厦"], ["乙", "青禾大厦", None]],
    )
    ledgers = folder.read()
    assert ledgers["tenancies"]["building_id"].tolist() == ["A1", "A2"]
    assert found(ledgers, "building-conflict")["row"].tolist() == [2]


def test_tenants_of_a_building_set_aside_are_told_so(folder, found):
    buildings = [*BUILDINGS, ["A3", "海岳楼", "", "中山街道", "不详楼", 8000]]
    ledgers = _tenants(folder, ["海岳楼"], buildings)
    assert found(ledgers, "building-set-aside")["value"].tolist() == ["海岳楼"]
    assert found(ledgers, "building-unknown").empty


def test_without_a_building_ledger_names_stand_as_written(folder):
    folder.xlsx("企业台账.xlsx", [["企业名称", "楼宇名称", "租用面积(㎡)"], ["甲", "青禾大厦", 100]])
    ledgers = folder.read()
    assert ledgers["tenancies"]["building_id"].tolist() == ["青禾大厦"]
    assert ledgers.check().empty


def test_a_tenancy_sheet_without_any_place_is_listed(folder, found):
    folder.xlsx("楼宇台账.xlsx", BUILDINGS)
    folder.xlsx("企业台账2020.xlsx", {"青禾大厦": [["企业名称", "租用面积(㎡)"], ["甲", 300]]})
    assert found(folder.read(), "tenancy-nowhere")[["sheet", "value"]].values.tolist() == [
        ["青禾大厦", "1 行"]
    ]


def test_a_building_renamed_from_one_year_to_the_next_is_one(folder):
    areas = [32000, 25000]
    folder.xlsx("2019年楼宇台账.xlsx", [["楼宇名称", "建筑面积(㎡)", "可租售面积(㎡)"], ["金茂大厦", *areas]])
    head = ["楼宇名称", "曾用名", "建筑面积(㎡)", "可租售面积(㎡)"]
    folder.xlsx(
        "2020年楼宇台账.xlsx", [head, ["金茂国际大厦", "金茂大厦", *areas], ["云帆中心", None, *areas]]
    )
    ledgers = folder.read()
    assert ledgers["buildings"]["building"].tolist() == ["云帆中心", "金茂国际大厦"]
    renamed = ledgers["buildings"].set_index("building").loc["金茂国际大厦"]
    assert pd.isna(renamed["since_year"])
    assert ledgers["stock"].groupby("building_id")["year"].agg(list).to_dict() == {
        "云帆中心": [2020],
        "金茂国际大厦": [2019, 2020],
    }


def test_an_alias_that_another_building_bears_in_the_same_year_joins_nothing(folder):
    head, areas = ["楼宇名称", "曾用名", "建筑面积(㎡)", "可租售面积(㎡)"], [32000, 25000]
    folder.xlsx("2020年楼宇台账.xlsx", [head, ["甲楼", "乙楼", *areas], ["乙楼", None, *areas]])
    assert folder.read()["buildings"]["building"].tolist() == ["乙楼", "甲楼"]
