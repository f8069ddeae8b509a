"""Periods told from the names around a table."""

from __future__ import annotations

import pytest

from louyu_lab.ledgers.origins import _part_of_year

HEAD = ["楼宇名称", "税收(万元)"]


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("2020年9月税收", "-09"),
        ("三季度", "Q3"),
        ("2020年上半年税收", "H1"),
        ("1-3月", "Q1"),
        ("1—6月", "H1"),
        ("2020年1月至9月", "M1-9"),
        ("1-12月", ""),
        ("2020年税收", ""),
    ],
)
def test_the_part_of_a_year_that_a_name_states(text, part):
    assert _part_of_year(text) == part


def test_amounts_since_january_are_not_added_to_one_another(folder, found):
    sheets = {"1-3月": 10, "1-6月": 20, "1-9月": 30, "1-11月": 35, "1-12月": 40}
    folder.xlsx("2020年税收累计.xlsx", {name: [HEAD, ["甲楼", amount]] for name, amount in sheets.items()})
    ledgers = folder.read()
    assert ledgers["taxes"][["period", "tax_yuan"]].values.tolist() == [["2020", 400_000.0]]
    assert len(found(ledgers, "tax-periods-overlap")) == 4


def test_without_the_whole_year_the_longest_stretch_counts(folder):
    sheets = {"1-3月": 10, "1-6月": 20, "1-9月": 30}
    folder.xlsx("2020年税收累计.xlsx", {name: [HEAD, ["甲楼", amount]] for name, amount in sheets.items()})
    assert folder.read()["taxes"][["period", "tax_yuan"]].values.tolist() == [["2020M1-9", 300_000.0]]


def test_the_day_a_table_was_filled_in_is_not_its_year(folder, converted):
    rows = [["楼宇税收统计表（2020年度）"], ["填报日期：2021年1月8日"], ["楼宇名称", "街道", "税收(万元)"]]
    folder.xlsx("税收.xlsx", [*rows, ["甲楼", "中山街道", 10]])
    ledgers = folder.read()
    assert ledgers["taxes"]["year"].tolist() == [2020]
    assert converted(ledgers, "由标题取得年份") == 1
