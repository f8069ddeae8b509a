"""Faults on the screen: grouped, placed, with what to do."""

from __future__ import annotations

import pandas as pd
import pytest

from louyu_lab.ledgers.faults import SEVERITIES, SEVERITY_ZH
from louyu_lab.ledgers.model import FAULT_COLUMNS
from louyu_lab.run.fault_report import CONSEQUENCE_ZH, exit_code, fatal_message, summary


def faults(*rows: tuple) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=list(FAULT_COLUMNS)).astype({"row": "Int64"})


WARNING = ("税收台账.xlsx", "2020", 7, "税收(万元)", "-12", "税收为负", "确为退税可不改", "warning")
ERROR = ("楼宇台账.xlsx", "", 3, "建筑面积(㎡)", "约三万", "不是数字", "改为数字", "error")
FATAL = ("企业台账.xlsx", "", None, "", "", "文件损坏或不完整", "重新导出一份", "fatal")


def test_every_severity_has_its_chinese() -> None:
    assert set(SEVERITY_ZH) == set(CONSEQUENCE_ZH) == set(SEVERITIES)


@pytest.mark.parametrize(("found", "code"), [((), 0), ((WARNING,), 0), ((WARNING, ERROR), 2), ((FATAL,), 2)])
def test_the_exit_code_is_two_from_an_error_on(found: tuple, code: int) -> None:
    assert exit_code(faults(*found)) == code


def test_the_summary_says_where_what_and_how_worst_first() -> None:
    text = summary(faults(FATAL, ERROR, WARNING))
    assert text.index("致命 1 项") < text.index("错误 1 项") < text.index("提醒 1 项")
    assert "楼宇台账.xlsx 第 3 行 “建筑面积(㎡)”列，原值 '约三万'。改为数字" in text


def test_faults_of_the_files_of_corrections_set_no_row_aside() -> None:
    entry = ("更正.xlsx", "更正", 2, "楼层", "", "这条更正写得不全或不对，没有使用", "写明键", "error")
    text = summary(faults(ERROR, entry))
    assert "错误 1 项（所在行已搁置，不参与计算）\n  不是数字：1 处" in text
    assert "错误 1 项（在更正、复核、配置等文件里，不搁置台账的行）\n  这条更正写得不全" in text
    assert "搁置，不参与" not in summary(faults(entry))
    assert exit_code(faults(entry)) == 2


def test_only_the_first_of_each_rule_are_shown_but_all_are_counted() -> None:
    many = faults(*[(*ERROR[:2], row, *ERROR[3:]) for row in range(2, 12)])
    text = summary(many)
    assert "不是数字：10 处" in text
    assert "其余 7 处见核对表" in text
    assert text.count("改为数字") == 3


def test_no_faults_are_said_in_one_sentence() -> None:
    assert summary(faults()) == "没有发现问题。"


def test_the_fatal_message_names_the_file_and_the_remedy() -> None:
    assert fatal_message(faults(ERROR, WARNING)) == ""
    message = fatal_message(faults(FATAL, ERROR))
    assert "企业台账.xlsx" in message
    assert "重新导出一份" in message
    assert "楼宇台账.xlsx" not in message
