"""Two tables on one sheet: the second is listed and never read as part of the first."""

from __future__ import annotations

BUILDINGS = [["楼宇名称", "街道", "建筑面积(㎡)", "可租售面积(㎡)"], ["青禾大厦", "中山街道", 32000, 25000]]
TAXES = [["企业名称", "信用代码", "税收(万元)"], ["甲公司", "91110105MA00000012", 1200.5]]


def test_a_table_below_another_is_not_read_as_its_rows(folder, found):
    title = [["企业税收情况表"]]
    folder.xlsx("2020年情况.xlsx", [*BUILDINGS, [], *title, *TAXES])
    ledgers = folder.read()
    assert ledgers["buildings"]["building"].tolist() == ["青禾大厦"]
    listed = found(ledgers, "sheet-second-table")
    assert listed[["row", "severity"]].values.tolist() == [[5, "error"]]


def test_a_table_beside_another_is_not_read_as_its_columns(folder, found):
    rows = [[*left, None, *right] for left, right in zip(BUILDINGS, TAXES, strict=True)]
    folder.xlsx("2020年情况.xlsx", rows)
    ledgers = folder.read()
    assert ledgers["buildings"]["building"].tolist() == ["青禾大厦"]
    assert "taxes" not in ledgers.frames  # 甲公司's tax is not the building's
    assert found(ledgers, "sheet-second-table")["value"].tolist() == ["企业名称、信用代码、税收(万元)"]


def test_an_empty_column_within_a_table_parts_nothing(folder, found):
    head, row = (
        ["楼宇名称", "建筑面积(㎡)", None, "可租售面积(㎡)", "入驻率"],
        ["青禾大厦", 32000, None, 25000, 0.8],
    )
    folder.xlsx("2020年楼宇.xlsx", [head, row])
    ledgers = folder.read()
    assert ledgers["occupancy"]["occupancy_rate"].tolist() == [0.8]
    assert found(ledgers, "sheet-second-table").empty


def test_a_row_of_texts_is_no_header(folder, found):
    head = ["企业名称", "楼宇名称", "楼层", "行业"]
    folder.csv(
        "2020年企业.csv", [head, ["企业", "总部大厦", "三层", "金融业"], ["公司", "青禾大厦", "8", "软件"]]
    )
    ledgers = folder.read()
    assert ledgers["tenancies"]["enterprise"].tolist() == ["企业", "公司"]
    assert found(ledgers, "sheet-second-table").empty
