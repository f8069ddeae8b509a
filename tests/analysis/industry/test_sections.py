"""Codes of GB/T 4754-2017 and the map to the district's industries."""

from __future__ import annotations

import pandas as pd
import pytest
import yaml

from louyu_lab.analysis.industry.sections import (
    IndustryMap,
    division_of_code,
    industry_map,
    industry_map_of,
    section_of_code,
    standard,
    unknown_codes,
)
from louyu_lab.ledgers.district_industries import industry_rows
from louyu_lab.ledgers.model import Ledgers, industry_frame


def test_the_standard_has_20_sections_and_97_divisions() -> None:
    assert "".join(standard().section_names) == "ABCDEFGHIJKLMNOPQRST"
    assert list(standard().division_names) == [f"{number:02d}" for number in range(1, 98)]


@pytest.mark.parametrize(
    ("division", "section"),
    # First and last division of sections, read off the standard's table of contents.
    [
        *[("13", "C"), ("43", "C"), ("44", "D"), ("51", "F"), ("52", "F"), ("63", "I"), ("65", "I")],
        *[("66", "J"), ("70", "K"), ("72", "L"), ("73", "M"), ("75", "M"), ("90", "R"), ("97", "T")],
    ],
)
def test_divisions_belong_to_their_sections(division: str, section: str) -> None:
    assert standard().section_of_division[division] == section


def test_codes_are_read_however_they_are_written() -> None:
    written = ["I", "i", "65", "6510", "651", "I65", "I6510", "Ｉ６５１０", " 65 10 ", "6510.0", "65.0"]
    assert section_of_code(pd.Series(written)).tolist() == ["I"] * len(written)
    # Numbers lose the leading zero of divisions 01-09 in a spreadsheet.
    assert section_of_code(pd.Series([1, 6, 65])).tolist() == ["A", "B", "I"]
    assert section_of_code(pd.Series([6510.0, float("nan")])).isna().tolist() == [False, True]


def test_invalid_codes_are_missing() -> None:
    invalid = pd.Series(["", "U", "00", "98", "65101", "F6510", "软件", "I-65", None, "6A"])
    assert section_of_code(invalid).isna().all()
    assert division_of_code(invalid).isna().all()


def test_division_of_code() -> None:
    assert division_of_code(pd.Series(["6510", "I65", "7"])).tolist() == ["65", "65", "07"]
    assert division_of_code(pd.Series(["I"])).isna().all()


def test_every_section_has_one_of_the_15_industries() -> None:
    default = industry_map()
    assert len(default.names) == 15
    assert set(default.of_section) == set(standard().section_names)
    assert default.of_section["F"] == "商贸"
    assert default.sections["科技"] == ("I", "M")
    assert default.sections["其他"] == ("A", "B", "D", "S", "T")
    assert default.order[-1] == "未识别"


def own_map(text: str) -> IndustryMap:
    """The map of a district whose 行业对照.yaml says ``text``."""
    problems: list[str] = []
    rows = industry_frame(industry_rows(yaml.compose(text, Loader=yaml.SafeLoader), problems))
    assert not problems
    nothing = pd.DataFrame()
    return industry_map_of(Ledgers("某区", {}, nothing, nothing, nothing, industries=rows))


def test_a_district_may_keep_its_own_map() -> None:
    mapped = own_map("行业:\n  软件: {包含: [65]}\n  其余: {包含: []}\n其余: 其余\n")
    section, division = pd.Series(["I", "I", "I"]), pd.Series(["65", "63", None], dtype="str")
    assert mapped.industry_of(section, division).tolist() == ["软件", "其余", "其余"]
    assert mapped.order == ("软件", "其余", "未识别")


def test_a_section_all_of_whose_divisions_are_one_industry_is_that_industry() -> None:
    mapped = own_map("行业:\n  数字: {包含: [63, 64, 65]}\n  其余: {}\n其余: 其余\n")
    assert mapped.of_section["I"] == "数字"


def test_without_an_own_map_the_15_count() -> None:
    nothing = pd.DataFrame()
    assert industry_map_of(Ledgers("某区", {}, nothing, nothing, nothing)) == industry_map()


def test_codes_the_standard_does_not_hold() -> None:
    # 6513 is a class, 651 its group, 65 its division; 6510 was a class in 2011 only.
    known = ["6513", "651", "65", "I", "I6513", "6513.0", None, ""]
    unknown = ["6510", "9999", "软件", "F6513"]
    assert unknown_codes(pd.Series(known)).tolist() == [False] * len(known)
    assert unknown_codes(pd.Series(unknown)).tolist() == [True] * len(unknown)
