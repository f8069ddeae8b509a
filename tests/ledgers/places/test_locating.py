"""Addresses in the reader: buildings given, asked about, decided on; addresses as buildings without a ledger."""

from __future__ import annotations

import pytest

BUILDINGS = [
    ["楼宇编号", "楼宇名称", "别名", "地址", "建筑面积(㎡)", "可租售面积(㎡)"],
    ["A1", "三好科贸大厦", "赛博大厦", "沈阳市和平区三好街54号", 32000, 25000],
    ["A2", "计算机广场A座", "", "和平区三好街84号", 18000, 15000],
    ["A3", "计算机广场B座", "", "和平区三好街84号", 18000, 15000],
]


def _read(folder, rows, buildings=BUILDINGS, decided=()):
    if buildings:
        folder.xlsx("楼宇台账.xlsx", buildings)
    listed = [[f"{i}公司", *row, 100] for i, row in enumerate(rows)]
    folder.xlsx("企业台账.xlsx", [["企业名称", "楼宇名称", "注册地址", "租用面积(㎡)"], *listed])
    if decided:
        folder.xlsx("复核.xlsx", {"楼宇": [["写法", "决定"], *decided]})
    return folder.read()


def test_sure_addresses_get_their_building_and_are_listed(folder, converted, found):
    rows = [
        [None, "沈阳市和平区三好街54号1203室"],
        [None, "和平区赛博大厦5层"],
        [None, "和平区三好街54-1号"],
        [None, None],
        ["计算机广场A座", "和平区三好街54号"],
    ]
    ledgers = _read(folder, rows)
    ids = ledgers["tenancies"]["building_id"]
    assert ids.astype("object").where(ids.notna(), "").tolist() == ["A1", "A1", "", "", "A2"]
    assert converted(ledgers, "按地址对应到楼宇台账") == 2
    assert found(ledgers, "address-doubtful").empty


def test_doubtful_addresses_are_asked_about_and_not_guessed(folder, found):
    ledgers = _read(folder, [[None, "和平区三好街84号"], [None, "沈阳市和平区三好街84号5层"]])
    assert ledgers["tenancies"]["building_id"].isna().all()
    asked = found(ledgers, "address-doubtful")
    assert asked["value"].tolist() == ["和平区三好街84号 ≈ 计算机广场A座(A2)、计算机广场B座(A3)"] * 2
    assert asked["row"].tolist() == [2, 3]


@pytest.mark.parametrize(("decision", "building"), [("A3", "A3"), ("计算机广场B座", "A3"), ("不是", None)])
def test_a_decision_holds_and_is_not_asked_again(folder, found, converted, decision, building):
    ledgers = _read(folder, [[None, "和平区三好街84号5层"]], decided=[["和平区三好街84号", decision]])
    ids = ledgers["tenancies"]["building_id"]
    assert ids.astype("object").where(ids.notna(), None).tolist() == [building]
    assert found(ledgers, "address-doubtful").empty
    assert ledgers.decisions["used"].tolist() == [True]
    assert converted(ledgers, "按复核决定由地址对应到楼宇台账") == (building is not None)


def test_the_question_reaches_the_review_workbook(folder):
    from louyu_lab.run.returns.questions import open_questions

    ledgers = _read(folder, [[None, "和平区三好街84号"], [None, "和平区三好街84号3层"]])
    (asked,) = open_questions(ledgers)["楼宇"]
    assert (asked["写法"], asked["处数"]) == ("和平区三好街84号", 2)
    assert asked["最相近的楼宇"] == "计算机广场A座(A2)、计算机广场B座(A3)"


def test_without_a_ledger_addresses_of_ten_enterprises_are_buildings(folder, converted):
    rows = [[None, f"沈阳市和平区三好街54号{room}室"] for room in range(10)]
    rows += [[None, f"沈阳市和平区三好街60号{room}室"] for room in range(9)]
    rows += [[None, "沈阳市和平区浑河站乡新立村"]]
    ledgers = _read(folder, rows, buildings=None)
    tenancies = ledgers["tenancies"]
    assert len(tenancies) == 20
    assert tenancies["building_id"].dropna().tolist() == ["和平区三好街54号"] * 10
    assert converted(ledgers, "没有楼宇台账，满 10 家企业的地址作为一幢楼") == 10
    assert converted(ledgers, "所在地址不足 10 家企业，按楼外企业处理") == 9
    assert converted(ledgers, "地址认不出门牌或楼名，按楼外企业处理") == 1


def test_without_a_ledger_a_building_named_at_an_address_lends_its_name(folder):
    rows = [["三好科贸大厦", "和平区三好街54号"], [None, "沈阳市和平区三好街54号5层"]]
    ledgers = _read(folder, rows, buildings=None)
    assert ledgers["tenancies"]["building_id"].tolist() == ["三好科贸大厦", "三好科贸大厦"]


def test_idle_spaces_are_placed_by_their_address(folder):
    folder.xlsx("楼宇台账.xlsx", BUILDINGS)
    head = ["闲置编号", "闲置资源名称", "坐落", "闲置面积(㎡)", "闲置类型"]
    folder.xlsx("闲置资源台账.xlsx", [head, ["X1", "一处", "和平区三好街54号3层", 500, "办公楼"]])
    assert folder.read()["idle"]["building_id"].tolist() == ["A1"]


def test_the_form_filled_in_settles_each_tower_by_itself(folder, tmp_path):
    """Two towers of one number and two buildings of a name: asked, decided on the form, read again."""
    import openpyxl

    from louyu_lab.run.reading import read_data
    from louyu_lab.run.returns.question_book import write_questions

    buildings = [
        ["楼宇编号", "楼宇名称", "街道", "地址", "建筑面积(㎡)", "可租售面积(㎡)"],
        ["B1", "国际大厦", "北山街道", "明州区人民路1号", 32000, 25000],
        ["B2", "国际大厦", "南湖街道", "明州区湖滨路8号", 18000, 15000],
        ["B3", "信泰中心", "南湖街道", "明州区湖滨路18号A座", 18000, 15000],
        ["B4", "云帆中心", "南湖街道", "明州区湖滨路18号B座", 18000, 15000],
    ]
    texts = ["国际大厦8层", "南湖街道国际大厦302室", "湖滨路18号501", "湖滨路18号C座", "湖滨路18号B座9层"]
    before = _read(folder, [[None, f"明州区{text}"] for text in texts], buildings)
    form = tmp_path / "form" / "复核.xlsx"
    form.parent.mkdir()
    # The two buildings of one name are a question too, of sheet 问题.
    write_questions(before, folder.path, form)
    book = openpyxl.load_workbook(form)
    page = book["楼宇"]
    heads = [cell.value for cell in page[1]]
    decided = {"明州区国际大厦": "B1", "明州区湖滨路18号": "信泰中心", "明州区湖滨路18号C座": "不是"}
    rows = [dict(zip(heads, row, strict=True)) for row in page.iter_rows(min_row=2)]
    assert sorted(row["写法"].value for row in rows) == sorted(decided)
    for row in rows:
        row["决定"].value = decided[row["写法"].value]
    book.save(folder.path / "复核.xlsx")
    after = read_data(folder.path)
    ids = after["tenancies"]["building_id"]
    assert ids.astype("object").where(ids.notna(), "").tolist() == ["B1", "B2", "B3", "", "B4"]
    assert after.decisions["used"].tolist() == [True] * 3
    assert "地址" not in set(after.check()["column"])
    write_questions(after, folder.path, form)
    held = openpyxl.load_workbook(form)["楼宇"].iter_rows(min_row=2, values_only=True)
    assert sorted(row[0] for row in held) == sorted(decided)
