"""Whole folders: the seven-column table, many files a ledger, spells and snapshots, order, saving."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from louyu_lab.analysis.panel import building_years
from louyu_lab.ledgers import Ledgers
from louyu_lab.ledgers.model import CONVERSION_COLUMNS, FAULT_COLUMNS

SEVEN = [
    ["楼宇名称", "街道", "建筑面积", "可租售面积", "入驻率", "企业户数", "税收"],
    ["青禾大厦", "中山街道", 32000, 25000, 80, 120, 9_000_000],
    ["云帆中心", "澜江街道", 18000, 15000, 60, 45, 2_500_000],
]


def _check_seven(ledgers, year):
    panel = building_years(ledgers, [year]).set_index("building")
    assert panel["occupied_area_sqm"].to_dict() == pytest.approx({"青禾大厦": 20_000, "云帆中心": 9_000})
    assert panel["tax_yuan"].to_dict() == {"青禾大厦": 9_000_000.0, "云帆中心": 2_500_000.0}
    assert panel["firms"].to_dict() == {"青禾大厦": 120.0, "云帆中心": 45.0}


@pytest.mark.parametrize("kind", ["xlsx", "xls", "csv"])
def test_seven_columns_with_the_year_in_the_file_name(folder, converted, kind):
    getattr(folder, kind)(f"2020年楼宇.{kind}", SEVEN)
    ledgers = folder.read()
    _check_seven(ledgers, 2020)
    assert converted(ledgers, "由文件名取得年份") == 6  # two rows for each of three ledgers
    assert converted(ledgers, "未写%，按百分数换算为0–1") == 2


@pytest.mark.parametrize("kind", ["xlsx", "xls", "csv"])
def test_seven_columns_with_the_year_given(folder, found, kind):
    getattr(folder, kind)(f"楼宇.{kind}", SEVEN)
    ledgers = folder.read(year=2019)
    _check_seven(ledgers, 2019)
    assert found(ledgers, "year-unstated")[["value", "severity"]].values.tolist() == [
        ["按 2019 年读取", "warning"]
    ]


def test_seven_columns_without_any_year_are_last_years(folder, found):
    folder.xlsx("楼宇.xlsx", SEVEN)
    last = dt.date.today().year - 1
    ledgers = folder.read()
    _check_seven(ledgers, last)
    assert found(ledgers, "year-unstated")["value"].tolist() == [f"按 {last} 年读取"]
    assert found(ledgers, "unit-unstated")["value"].tolist() == ["按元读取"]


def test_a_workbook_a_street_and_a_year(folder):
    head = ["企业名称", "年份", "税收(万元)"]
    folder.xlsx("税收/2019.xlsx", {"中山街道": [head[::2], ["甲", 1]], "澜江街道": [head[::2], ["乙", 2]]})
    folder.xlsx("税收/税收台账2020.xlsx", {"中山街道": [head[::2], ["甲", 3]]})
    folder.xlsx("税收/其他.xlsx", {"2021年": [head[::2], ["甲", 4]]})
    taxes = folder.read()["taxes"].set_index(["enterprise", "year"])["tax_yuan"]
    assert taxes.to_dict() == {("甲", 2019): 1e4, ("乙", 2019): 2e4, ("甲", 2020): 3e4, ("甲", 2021): 4e4}


def test_a_sheet_a_month_of_the_year_in_the_file_name(folder):
    head = ["企业名称", "税收(万元)"]
    folder.xlsx("2020年税收台账.xlsx", {"1月": [head, ["甲", 5]], "2月": [head, ["甲", 5]]})
    ledgers = folder.read()
    assert ledgers["taxes"]["period"].tolist() == ["2020-01", "2020-02"]
    assert ledgers["taxes"]["tax_yuan"].sum() == 100_000
    # Two months are told apart from a year, and nothing else is amiss.
    assert ledgers.check()["value"].tolist() == ["2020 年只有 2 个月"]


def test_spells_and_snapshots(folder):
    folder.xlsx(
        "企业台账2020.xlsx",
        [
            ["企业名称", "楼宇名称", "迁入日期", "迁出日期"],
            ["甲", "青禾大厦", "2018-01-01", "2019-06-30"],
            ["乙", "青禾大厦", "2018-01-01", None],
        ],
    )
    # Departures make it a list of spells; the file's year only says when it was drawn up.
    assert folder.read()["tenancies"]["year"].isna().all()


def test_snapshots_take_their_year_from_the_file(folder):
    for year in (2019, 2020):
        folder.xlsx(f"企业台账{year}.xlsx", [["企业名称", "楼宇名称"], [f"甲{year}", "青禾大厦"]])
    assert folder.read()["tenancies"]["year"].tolist() == [2019, 2020]


def test_buildings_year_by_year_give_stock_and_exits(folder):
    head = ["楼宇名称", "建筑面积(㎡)", "可租售面积(㎡)"]
    folder.xlsx("楼宇台账2019.xlsx", [head, ["青禾大厦", 30000, 24000], ["海岳楼", 9000, 8000]])
    folder.xlsx("楼宇台账2020.xlsx", [head, ["青禾大厦", 32000, 25000], ["云帆中心", 18000, 15000]])
    ledgers = folder.read()
    buildings = ledgers["buildings"].set_index("building")
    assert buildings.loc["青禾大厦", "gross_area_sqm"] == 32_000
    assert buildings.loc["云帆中心", "since_year"] == 2020
    assert buildings.loc["海岳楼", "until_year"] == 2019
    assert building_years(ledgers, [2019, 2020]).groupby("year")["gross_area_sqm"].sum().to_dict() == {
        2019: 39_000,
        2020: 50_000,
    }


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_order_of_rows_does_not_matter(folder, tmp_path, seed):
    import random

    from louyu_lab.ledgers import read_ledgers

    rows = [[f"企业{i}", f"楼{i % 3}号", 2018 + i % 3, 100.0 + i] for i in range(30)]
    folder.xlsx("税收台账.xlsx", [["企业名称", "楼宇名称", "年份", "税收(万元)"], *rows])
    shuffled = rows[:]
    random.Random(seed).shuffle(shuffled)
    other = type(folder)(tmp_path / "打乱")
    other.xlsx("税收台账.xlsx", [["企业名称", "楼宇名称", "年份", "税收(万元)"], *shuffled])
    key = ["enterprise_id", "year"]
    frames = [
        read_ledgers(place.path)["taxes"].drop(columns="row").sort_values(key, ignore_index=True)
        for place in (folder, other)
    ]
    pd.testing.assert_frame_equal(*frames)


def test_reading_twice_gives_the_same(folder):
    folder.xlsx("楼宇.xlsx", SEVEN)
    first, second = folder.read(2020), folder.read(2020)
    pd.testing.assert_frame_equal(first.faults, second.faults)
    pd.testing.assert_frame_equal(first.conversions, second.conversions)
    for name in first.frames:
        pd.testing.assert_frame_equal(first[name], second[name])


def test_saving_and_loading_changes_nothing(folder, tmp_path):
    folder.xlsx("楼宇.xlsx", SEVEN)
    folder.xlsx(
        "企业台账.xlsx",
        [
            ["企业名称", "楼宇名称", "迁入日期", "总部", "联系人"],
            ["甲", "青禾大厦", "2018-01-01", "是", "某"],
            ["乙", None, None, None, None],
        ],
    )
    folder.text("targets.yaml", "基期: 2020\n目标:\n  税收(亿元): {2025: 15}\n")
    read = folder.read(2020)
    read.save(tmp_path / "state")
    loaded = Ledgers.load(tmp_path / "state")
    assert loaded.district == read.district == "某区"
    assert set(loaded.frames) == set(read.frames) == {"buildings", "occupancy", "taxes", "tenancies"}
    for name in read.frames:
        pd.testing.assert_frame_equal(loaded[name], read[name])
    for name in ("faults", "conversions", "inputs", "targets"):
        pd.testing.assert_frame_equal(getattr(loaded, name), getattr(read, name))


def test_the_lists_have_their_columns_even_when_empty(folder, found):
    ledgers = folder.read()
    assert tuple(ledgers.check().columns) == FAULT_COLUMNS
    assert tuple(ledgers.conversions.columns) == CONVERSION_COLUMNS
    assert found(ledgers, "folder-empty")["file"].tolist() == ["某区"]


def test_inputs_carry_the_hash_of_every_file(folder):
    import hashlib

    path = folder.xlsx("楼宇.xlsx", SEVEN)
    folder.text("columns.yaml", "")
    inputs = folder.read(2020).inputs.set_index("path")["sha256"]
    assert inputs["楼宇.xlsx"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert "columns.yaml" in inputs


def test_what_is_known_once_is_not_repeated_in_every_year_of_a_wide_neighbour(folder):
    heading = [
        "楼宇名称",
        "建筑面积(㎡)",
        "可租售面积(㎡)",
        "入驻率(%)",
        "企业户数",
        "2019年税收(万元)",
        "2020年税收(万元)",
    ]
    folder.xlsx("楼宇2020.xlsx", [heading, ["青禾大厦", 30000, 20000, 80, 40, 500, 600]])
    ledgers = folder.read()
    assert ledgers["taxes"]["year"].tolist() == [2019, 2020]
    assert ledgers["occupancy"]["year"].tolist() == [2020]
    assert ledgers["occupancy"]["firms"].tolist() == [40]
    assert len(ledgers["buildings"]) == 1


def test_without_any_year_it_belongs_to_the_last_of_the_wide_ones(folder):
    heading = ["楼宇名称", "可租售面积(㎡)", "入驻率(%)", "2018年税收(万元)", "2019年税收(万元)"]
    folder.xlsx("楼宇.xlsx", [heading, ["青禾大厦", 20000, 80, 500, 600]])
    ledgers = folder.read()
    assert ledgers["occupancy"]["year"].tolist() == [2019]
    assert "没有写年份" in set(ledgers.check()["rule"])


def test_a_building_renamed_between_yearly_ledgers_stays_one_building(folder):
    heading = ["楼宇名称", "曾用名", "建筑面积(㎡)", "可租售面积(㎡)"]
    folder.xlsx(
        "楼宇台账2019.xlsx", [heading, ["青禾大厦", None, 30000, 20000], ["云台中心", None, 9000, 8000]]
    )
    folder.xlsx(
        "楼宇台账2020.xlsx", [heading, ["青禾国际", "青禾大厦", 30000, 20000], ["云台中心", None, 9000, 8000]]
    )
    buildings = folder.read()["buildings"]
    assert len(buildings) == 2
    assert buildings["until_year"].isna().all() and buildings["since_year"].isna().all()


def test_a_tenant_list_with_a_tax_column_gives_both_ledgers(folder):
    rows = [["企业名称", "楼宇名称", "租用面积(㎡)", "2020年税收(万元)"], ["甲公司", "青禾大厦", 120, 35]]
    folder.xlsx("名单.xlsx", rows)
    ledgers = folder.read()
    assert ledgers["tenancies"]["area_sqm"].tolist() == [120]
    assert ledgers["taxes"]["tax_yuan"].tolist() == [350_000]
    assert ledgers["taxes"]["level"].tolist() == ["enterprise"]
