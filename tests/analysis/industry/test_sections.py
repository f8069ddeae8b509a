"""Codes of GB/T 4754-2017 and the map to the district's industries."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from louyu_lab.analysis.industry.sections import (
    division_of_code,
    industry_map,
    section_of_code,
    standard,
)


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


def test_a_district_may_keep_its_own_map(tmp_path: Path) -> None:
    own = tmp_path / "industries.yaml"
    own.write_text(
        "industries:\n  软件: {holds: ['65'], aliases: []}\n  其余: {holds: [], aliases: []}\nother: 其余\n",
        "utf-8",
    )
    mapped = industry_map(own)
    section, division = pd.Series(["I", "I"]), pd.Series(["65", "63"])
    assert mapped.industry_of(section, division).tolist() == ["软件", "其余"]


@pytest.mark.parametrize("holds", ["[Z]", "[I, I]", "['98']"])
def test_a_wrong_map_is_refused(tmp_path: Path, holds: str) -> None:
    own = tmp_path / "industries.yaml"
    own.write_text(f"industries:\n  甲: {{holds: {holds}, aliases: []}}\nother: 甲\n", "utf-8")
    with pytest.raises(ValueError, match="行业对照表"):
        industry_map(own)
