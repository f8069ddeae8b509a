"""``columns.yaml``: every way of writing it, and every slip."""

from __future__ import annotations

import pytest

from louyu_lab.ledgers import read_ledgers

ROWS = [["blg", "gfa", "nla"], ["青禾大厦", 32000, 25000]]


@pytest.mark.parametrize(
    "text",
    [
        "blg: 楼宇名称\ngfa: 建筑面积(㎡)\nnla: 可租售面积\n",
        "楼宇台账.csv:\n  ledger: 楼宇台账\n"
        "  columns:\n    blg: 楼宇名称\n    gfa: 建筑面积\n    nla: 可租售面积\n",
        "楼宇台账.csv:\n  台账: buildings\n"
        "  blg: building\n  gfa: gross_area_sqm\n  nla: rentable_area_sqm\n",
        "楼宇台账:\n  blg: 楼宇名称\n  gfa: 总建面\n  nla: 可租赁面积\n",
        '"*.csv":\n  blg: 楼宇名称\n  gfa: buildings.建筑面积\n  nla: 可租售面积\n',
        "楼宇名称: blg\n建筑面积: gfa\n可租售面积: nla\n",
    ],
    ids=["flat", "nested", "english", "by ledger", "pattern", "reversed"],
)
def test_ways_of_writing_it(folder, text):
    folder.csv("楼宇台账.csv", ROWS)
    folder.text("columns.yaml", text)
    ledgers = folder.read()
    assert ledgers["buildings"][["building", "gross_area_sqm"]].values.tolist() == [["青禾大厦", 32000.0]]
    assert ledgers.check().empty


def test_a_unit_in_the_target_is_applied(folder, converted):
    folder.csv("财政.csv", [["yr", "revenue"], [2019, 120.5], [2020, 130]])
    folder.text("columns.yaml", "yr: 年份\nrevenue: 全区税收(万元)\n")
    ledgers = folder.read()
    assert ledgers["district"][["year", "value", "unit"]].values.tolist() == [
        [2019, 1_205_000.0, "元"],
        [2020, 1_300_000.0, "元"],
    ]
    assert converted(ledgers, "按表头万元换算为元") == 2


def test_the_nearest_column_is_offered_for_a_wrong_one(folder, found):
    folder.csv("楼宇台账.csv", ROWS)
    folder.text("columns.yaml", "blg: 楼宇名称\ngfa: 建筑面机\nnla: 可租售面积\n")
    wrong = found(folder.read(), "column-mapping")
    assert wrong[["column", "value", "severity"]].values.tolist() == [["gfa", "建筑面机", "error"]]
    assert "建筑面积" in wrong["remedy"][0]


def test_a_wrong_ledger_lists_those_there_are(folder, found):
    folder.csv("楼宇台账.csv", ROWS)
    folder.text("columns.yaml", "楼宇台账.csv:\n  ledger: 大楼表\n  blg: 楼宇名称\n")
    assert "楼宇台账" in found(folder.read(), "column-mapping")["remedy"][0]


def test_headings_and_files_that_do_not_exist_are_listed(folder, found):
    folder.csv("楼宇台账.csv", [["楼宇名称", "建筑面积(㎡)", "可租售面积(㎡)"], ["青禾大厦", 32000, 25000]])
    folder.text("columns.yaml", "建面积: 建筑面积\n企业台帐.xlsx:\n  公司: 企业名称\n")
    unused = found(folder.read(), "mapping-unused")
    assert unused["value"].tolist() == ["企业台帐.xlsx", "公司", "建面积"]
    assert set(unused["severity"]) == {"warning"}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("blg: 楼宇名称\ngfa: [建筑", "第 2 行附近"),
        ("- blg\n- gfa\n", "应为“表头: 列名”的对应"),
        ("楼宇台账.csv:\n  columns: [blg, gfa]\n", "应为“表头: 列名”的对应"),
    ],
)
def test_a_broken_file_says_where(folder, found, text, value):
    folder.csv("楼宇台账.csv", ROWS)
    folder.text("columns.yaml", text)
    broken = found(folder.read(), "mapping-unreadable")
    assert broken[["value", "severity"]].values.tolist() == [[value, "error"]]


@pytest.mark.parametrize("text", ["", "# 只有注释\n"])
def test_an_empty_file_says_nothing(folder, text):
    folder.csv("楼宇台账.csv", [["楼宇名称", "建筑面积(㎡)", "可租售面积(㎡)"], ["青禾大厦", 32000, 25000]])
    folder.text("columns.yaml", text)
    assert folder.read().check().empty


def test_it_may_be_written_in_gbk(folder):
    folder.csv("楼宇台账.csv", ROWS)
    (folder.path / "columns.yaml").write_bytes(
        "blg: 楼宇名称\ngfa: 建筑面积\nnla: 可租售面积\n".encode("gbk")
    )
    assert folder.read().check().empty


def test_an_entry_under_a_ledgers_name_finds_the_sheet_by_its_headings(tmp_path):
    (tmp_path / "revenue.csv").write_text("city,yr,rev\n甲市,2019,12.5\n甲市,2020,13.5\n", encoding="utf-8")
    mapping = "区级总量:\n  city: 区县\n  yr: 年份\n  rev: 全区税收(亿元)\n"
    (tmp_path / "columns.yaml").write_text(mapping, encoding="utf-8")
    ledgers = read_ledgers(tmp_path)
    assert ledgers["district"]["value"].tolist() == [1.25e9, 1.35e9]
    assert len(ledgers.check()) == 0
