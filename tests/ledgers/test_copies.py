"""One ledger saved as a workbook and as text is read once, and said once."""

from __future__ import annotations

import datetime as dt

import pytest

HEAD = ["企业名称", "楼宇名称", "租用面积(㎡)", "迁入日期"]
STAYS = [
    ["甲公司", "青禾大厦", 1234.5, dt.datetime(2018, 1, 1)],
    ["乙公司", "青禾大厦", 90, dt.datetime(2019, 6, 30)],
]
#: As a spreadsheet program writes them into text.
TEXT = [["甲公司", "青禾大厦", "1234.50", "2018/1/1"], ["乙公司", "青禾大厦", "90", "2019/6/30"]]


@pytest.mark.parametrize("name", ["企业台账.csv", "a.csv", "副本/zz.csv"])
def test_a_text_table_beside_its_workbook_is_read_once(folder, found, name):
    folder.xlsx("企业台账.xlsx", [HEAD, *STAYS])
    alone = folder.read()
    folder.csv(name, [HEAD, *TEXT], encoding="gb18030")
    ledgers = folder.read()
    fault = found(ledgers, "sheet-same-content")
    assert fault[["file", "value", "severity"]].values.tolist() == [
        [name, "与 企业台账.xlsx Sheet1 内容重复", "warning"]
    ]
    assert len(ledgers.check()) == len(alone.check()) + 1
    assert ledgers["tenancies"]["file"].tolist() == ["企业台账.xlsx"] * 2


def test_corrections_still_mean_the_workbook(folder, found):
    folder.xlsx("企业台账.xlsx", [HEAD, *STAYS])
    folder.csv("企业台账.csv", [HEAD, *TEXT])
    heads = ["键", "字段", "原值", "新值", "依据"]
    folder.xlsx("更正.xlsx", {"更正": [heads, ["甲公司", "租用面积", 1234.5, 1300, "合同"]]})
    ledgers = folder.read()
    assert ledgers.corrections[["file", "outcome"]].values.tolist() == [["企业台账.xlsx", "applied"]]
    assert ledgers["tenancies"]["area_sqm"].tolist() == [1300, 90]


def test_another_value_is_no_copy(folder, found):
    folder.xlsx("企业台账.xlsx", [HEAD, *STAYS])
    folder.csv("企业台账.csv", [HEAD, TEXT[0], ["丙公司", *TEXT[1][1:]]])
    ledgers = folder.read()
    assert found(ledgers, "sheet-same-content").empty
    assert found(ledgers, "row-duplicate")["file"].tolist() == ["企业台账.csv"]


def test_the_same_table_of_two_years_is_no_copy(folder, found):
    head = ["楼宇名称", "入驻面积(㎡)"]
    folder.xlsx("运营台账2019.xlsx", [head, ["青禾大厦", 700]])
    folder.csv("运营台账2020.csv", [head, ["青禾大厦", 700]])
    ledgers = folder.read()
    assert found(ledgers, "sheet-same-content").empty and ledgers["occupancy"]["year"].tolist() == [
        2019,
        2020,
    ]


def test_the_remedy_of_a_repeated_row_fits_its_ledger(folder, found):
    folder.xlsx("税收台账2020.xlsx", [["企业名称", "税收(万元)"], ["甲公司", 10], ["甲公司", 10]])
    folder.xlsx("企业台账.xlsx", [HEAD, STAYS[0], STAYS[0]])
    remedies = found(folder.read(), "row-duplicate").set_index("file")["remedy"]
    assert "税种" in remedies["税收台账2020.xlsx"] and "楼层" not in remedies["税收台账2020.xlsx"]
    assert "楼层" in remedies["企业台账.xlsx"]
