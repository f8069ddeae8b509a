"""Industries decided in 复核.xlsx: codes and names, by code or name of the firm, in every year."""

from __future__ import annotations

import openpyxl
import pytest

from louyu_lab.analysis.industry import classify_enterprises, industry_map
from louyu_lab.analysis.industry.decisions import industry_code
from louyu_lab.ledgers.credit_codes import check_digit
from louyu_lab.ledgers.faults import rules
from louyu_lab.run.reading import read_data
from louyu_lab.run.returns.doubtful_industries import doubtful_industries
from louyu_lab.run.returns.question_book import write_questions


def _code(number: int) -> str:
    body = f"91210102{number:09d}"
    return body + check_digit(body)


A, B = _code(1), _code(2)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *(("J", "J"), ("66", "66"), ("6510", "6510"), ("i65", "I65")),
        *(
            ("金融业", "J"),
            ("货币金融服务", "66"),
            ("软件和信息技术服务业", "65"),
            ("信息传输、软件和信息技术服务业", "I"),
        ),
        # Of a section and a division of one name the section is meant.
        # 金融 is one section of the district's industries; 科技 holds two and says too little.
        *(("金融", "J"), ("房地产业", "K"), ("科技", None), ("J65", None), ("金触业", None)),
    ],
)
def test_an_industry_by_code_or_name(text, code):
    assert industry_code(text, industry_map()) == code


def _write(path, sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)


def _read(folder, *decisions):
    folder.mkdir(exist_ok=True)
    head = ["企业名称", "统一社会信用代码", "楼宇名称", "行业代码"]
    for year, place in ((2019, "一楼"), (2020, "二楼")):
        firms = [
            ["甲公司", A, place, None],
            ["乙公司", None, place, "F51"],
            ["丙公司", B, place, None],
            ["丙公司", None, place, None],
        ]
        _write(folder / f"企业台账{year}.xlsx", {"名单": [head, *firms]})
    _write(folder / "复核.xlsx", {"行业": [["企业名称", "统一社会信用代码", "决定", "说明"], *decisions]})
    return read_data(folder)


def _faults(ledgers, rule):
    return ledgers.check().loc[ledgers.check()["rule"] == rules()[rule].zh, "value"].tolist()


def test_a_decision_holds_in_every_year_and_before_what_is_written(tmp_path):
    ledgers = _read(
        tmp_path / "某区", ["改了名的公司", A, "金融业"], ["乙 公司", None, "I"], ["丁公司", None, "J"]
    )
    stays = ledgers["tenancies"]
    assert stays.loc[stays["enterprise"] == "甲公司", "industry_code"].tolist() == ["J", "J"]
    assert stays.loc[stays["enterprise"] == "乙公司", "industry_code"].tolist() == ["I", "I"]
    assert stays.loc[stays["enterprise"] == "丙公司", "industry_code"].isna().all()
    assert set(classify_enterprises(stays[stays["enterprise"] == "甲公司"])["industry"]) == {"金融"}
    assert ledgers.decisions["used"].tolist() == [True, True, False]
    assert not _faults(ledgers, "decision-unknown")


def test_what_is_no_industry_and_what_contradicts(tmp_path):
    ledgers = _read(
        tmp_path / "某区",
        ["甲公司", None, "金触业"],
        # One firm by code and by name, two industries.
        *(["丙公司", B, "J"], ["丙公司", None, "K"]),
        ["丁公司", None, "不知道"],
    )
    unknown = _faults(ledgers, "decision-unknown")
    assert "是否想写“金融业”" in unknown[0] and unknown[1].startswith("丁公司 → 不知道")
    assert len(_faults(ledgers, "decision-contradictory")) == 2
    assert ledgers["tenancies"]["industry_code"].dropna().tolist() == ["F51", "F51"]
    severities = ledgers.check()["severity"].tolist()
    assert severities == sorted(severities, key=["fatal", "error", "warning"].index)


def test_one_name_of_two_firms_asks_for_the_code(tmp_path):
    folder = tmp_path / "某区"
    folder.mkdir()
    head = ["企业名称", "统一社会信用代码", "楼宇名称"]
    _write(folder / "企业台账2020.xlsx", {"名单": [head, ["甲公司", A, "一楼"], ["甲公司", B, "二楼"]]})
    decided = [["企业名称", "统一社会信用代码", "决定"], ["甲公司", None, "J"]]
    _write(folder / "复核.xlsx", {"行业": decided})
    ledgers = read_data(folder)
    assert _faults(ledgers, "decision-unknown") == ["甲公司 → J；有几家同名企业，请写统一社会信用代码"]
    assert ledgers["tenancies"]["industry_code"].isna().all()
    _write(folder / "复核.xlsx", {"行业": [*decided[:1], ["甲公司", B, "J"]]})
    stays = read_data(folder)["tenancies"].set_index("credit_code")["industry_code"]
    assert stays[B] == "J" and stays.isna()[A]


def test_an_unknown_code_is_a_fault_once_a_sheet_and_no_question_a_firm(tmp_path):
    head = ["企业名称", "楼宇名称", "行业代码", "经营范围"]
    rows = [[f"某{n}软件有限公司", "一楼", "6510软件开发", "软件开发"] for n in range(3)]
    rows += [[f"某{n}物业有限公司", "一楼", "9999", "物业管理"] for n in range(2)]
    rows += [["某餐饮有限公司", "一楼", "6510", "餐饮服务"], ["某银行支行", "一楼", "6621", "存款、贷款"]]
    _write(tmp_path / "企业台账2020.xlsx", {"名单": [head, *rows]})
    ledgers = read_data(tmp_path)
    assert _faults(ledgers, "industry-code-unknown") == [
        "6510（1 行，按大类 65 软件和信息技术服务业计）",
        "6510软件开发（3 行，按大类 65 软件和信息技术服务业计）",
        "9999（2 行，按名称、经营范围判断）",
    ]
    # Only the restaurant is a question: its words contradict even the section.
    assert doubtful_industries(ledgers)["doubt"].tolist() == ["6510：与名称、经营范围不符"]
    answers = classify_enterprises(ledgers["tenancies"])
    assert answers["division"].tolist() == ["65"] * 3 + ["70"] * 2 + ["65", "66"]


def test_a_doubted_code_is_asked_decided_and_settled(tmp_path):
    """The form as written, filled in and put into the folder: the industry changes, nothing is asked again."""
    head = ["企业名称", "统一社会信用代码", "楼宇名称", "行业代码", "经营范围"]
    rows = [["甲餐饮有限公司", A, "一楼", "6510", "餐饮服务"], ["乙某某", B, "一楼", None, None]]
    _write(tmp_path / "企业台账2020.xlsx", {"名单": [head, *rows]})
    form = tmp_path.parent / "form" / "复核.xlsx"
    form.parent.mkdir()
    assert write_questions(read_data(tmp_path), tmp_path, form).open == 2
    book = openpyxl.load_workbook(form)
    heads = [cell.value for cell in book["行业"][1]]
    for row in book["行业"].iter_rows(min_row=2):
        texts = dict(zip(heads, row, strict=True))
        texts["决定"].value = "餐饮业" if texts["企业名称"].value == "甲餐饮有限公司" else "J"
    book.save(tmp_path / "复核.xlsx")
    ledgers = read_data(tmp_path)
    assert classify_enterprises(ledgers["tenancies"])["section"].tolist() == ["H", "J"]
    assert ledgers.decisions["used"].tolist() == [True, True]
    assert write_questions(ledgers, tmp_path, form).open == 0
    assert doubtful_industries(ledgers).empty
    assert _faults(ledgers, "industry-code-unknown") == []
