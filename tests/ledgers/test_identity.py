"""Which enterprise a row speaks of: valid codes, invalid ones, two names, two codes, numbers."""

from __future__ import annotations

from louyu_lab.ledgers.credit_codes import check_digit


def _code(number: int) -> str:
    body = f"91210102{number:09d}"
    return body + check_digit(body)


A, B = _code(1), _code(2)
HEAD = ["企业名称", "统一社会信用代码", "楼宇名称", "租用面积(㎡)", "迁入日期", "迁出日期"]


def _read(folder, *rows):
    folder.xlsx("企业台账.xlsx", [HEAD, *rows])
    return folder.read()


def test_an_invalid_check_digit_is_listed_and_the_name_used(folder, found):
    wrong = A[:-1] + ("0" if A[-1] != "0" else "1")
    ledgers = _read(folder, ["甲公司", wrong, "青禾大厦", 100, "2019-01-01", None])
    assert found(ledgers, "code-invalid")[["row", "value", "severity"]].values.tolist() == [
        [2, wrong, "warning"]
    ]
    assert ledgers["tenancies"]["enterprise_id"].tolist() == ["甲公司"]


def test_a_code_stored_as_a_number_is_listed(folder, found):
    ledgers = _read(folder, ["甲公司", 912101021177760480, "青禾大厦", 100, "2019-01-01", None])
    assert found(ledgers, "code-number")["severity"].tolist() == ["warning"]
    assert ledgers["tenancies"]["credit_code"].isna().all()


def test_a_row_without_a_code_takes_the_one_of_its_name(folder):
    folder.xlsx("企业台账.xlsx", [HEAD, ["甲公司", A, "青禾大厦", 100, "2019-01-01", None]])
    folder.xlsx("税收台账.xlsx", [["企业名称", "年份", "税收(元)"], ["甲 公司", 2020, 5]])
    assert folder.read()["taxes"]["enterprise_id"].tolist() == [A]


def test_the_same_row_twice_is_set_aside(folder, found):
    row = ["甲公司", A, "青禾大厦", 100, "2019-01-01", None]
    ledgers = _read(folder, row, row)
    assert len(ledgers["tenancies"]) == 1
    assert found(ledgers, "row-duplicate")[["row", "severity"]].values.tolist() == [[3, "error"]]


def test_one_code_with_two_names(folder, found):
    ledgers = _read(
        folder,
        ["甲公司", A, "青禾大厦", 100, "2018-01-01", "2019-01-01"],
        ["甲集团", A, "青禾大厦", 100, "2019-01-01", None],
    )
    assert found(ledgers, "code-two-names")["value"].tolist() == ["甲集团（另有 甲公司）"]
    assert len(ledgers["tenancies"]) == 2


def test_one_name_with_two_codes_is_not_joined(folder, found):
    ledgers = _read(
        folder,
        ["甲公司", A, "青禾大厦", 100, "2018-01-01", None],
        ["甲公司", B, "云帆中心", 200, "2019-01-01", None],
        ["甲公司", None, "海岳楼", 300, "2019-01-01", None],
    )
    assert len(found(ledgers, "name-two-codes")) == 1
    assert ledgers["tenancies"]["enterprise_id"].tolist() == [A, B, "甲公司"]


def test_one_firm_in_two_buildings_at_once_is_listed_and_kept(folder, found):
    ledgers = _read(
        folder,
        ["甲公司", A, "青禾大厦", 100, "2018-01-01", None],
        ["甲公司", A, "云帆中心", 200, "2019-01-01", None],
        ["乙公司", B, "青禾大厦", 100, "2018-01-01", "2019-01-01"],
        ["乙公司", B, "云帆中心", 200, "2019-01-01", None],
    )
    assert found(ledgers, "code-repeated")["row"].tolist() == [3]
    assert len(ledgers["tenancies"]) == 4


def test_quarterly_snapshots_repeat_no_firm(folder, found):
    head = ["企业名称", "统一社会信用代码", "楼宇名称", "租用面积(㎡)", "期间"]
    folder.xlsx(
        "企业台账.xlsx",
        [head, ["甲公司", A, "青禾大厦", 100, "2020Q1"], ["甲公司", A, "青禾大厦", 100, "2020Q2"]],
    )
    ledgers = folder.read()
    assert ledgers["tenancies"]["period"].tolist() == ["2020Q1", "2020Q2"]
    assert ledgers.check().empty


def test_personal_data_never_enters(folder, converted):
    head = ["企业名称", "联系人", "联系电话", "法定代表人", "年份"]
    folder.xlsx("企业台账.xlsx", [head, ["甲公司", "张三丰", "13800001111", "李四光", 2020]])
    ledgers = folder.read()
    everything = "".join(
        frame.to_string() for frame in (*ledgers.frames.values(), ledgers.faults, ledgers.conversions)
    )
    assert not any(text in everything for text in ("张三丰", "13800001111", "李四光"))
    assert ledgers["tenancies"]["contact"].tolist() == [True]
    assert converted(ledgers, "个人信息已丢弃") == 3
