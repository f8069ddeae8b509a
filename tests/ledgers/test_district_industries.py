"""``行业对照.yaml``: the district's own industries, and every slip listed at once."""

from __future__ import annotations

import pytest

from louyu_lab.ledgers.beside import side_files
from louyu_lab.ledgers.model import Ledgers

GOOD = "行业:\n  软件: {包含: [65], 别称: [信息软件]}\n  金融: {包含: [J]}\n  其他: {}\n其余: 其他\n"


def test_the_map_is_read_kept_and_part_of_the_inputs(folder, tmp_path):
    folder.text("行业对照.yaml", GOOD)
    ledgers = folder.read()
    rows = ledgers.industries
    assert rows["industry"].drop_duplicates().tolist() == ["软件", "金融", "其他"]
    assert rows.loc[rows["kind"] == "code", "value"].tolist() == ["65", "J"]
    assert "行业对照.yaml" in ledgers.inputs["path"].tolist()
    assert [path.name for path in side_files(folder.path)] == ["行业对照.yaml"]
    ledgers.save(tmp_path / "kept")
    assert Ledgers.load(tmp_path / "kept").industries.equals(rows)


def test_the_keys_may_be_english(folder):
    english = GOOD.replace("行业:", "industries:").replace("包含", "holds").replace("别称", "aliases")
    folder.text("行业对照.yaml", GOOD)
    chinese = folder.read().industries
    folder.text("行业对照.yaml", english.replace("其余:", "other:"))
    assert folder.read().industries.equals(chinese)


def test_without_the_file_there_is_no_map_and_no_fault(folder, found):
    folder.text("楼宇台账.csv", "楼宇名称\n甲\n")
    ledgers = folder.read()
    assert ledgers.industries.empty
    assert found(ledgers, "industries-unreadable").empty


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("行业: [软件", ["读不懂（第 1 行附近）"]),
        (GOOD.replace("包含: [J]", "包含：[J]"), ["读不懂（第 3 行附近；： 要用半角，冒号后面空一格）"]),
        ("- 软件\n", ["应写成“行业:”“其余: 其他”这样的几行"]),
        ("其余: 其他\n", ["缺“行业”一项"]),
        (GOOD.replace("65", "Z9"), ["第 2 行：“软件”里的“Z9”不是门类字母 A–T，也不是大类 01–97"]),
        (GOOD.replace("65", "6510"), ["第 2 行：“软件”里的“6510”不是"]),
        (GOOD.replace("65", "J"), ["“J”同时列在“软件”和“金融”下"]),
        (
            GOOD.replace("其余: 其他", "其余: 别的"),
            ["“其余”写的是“别的”，应为表中已列的一个行业：软件、金融、其他"],
        ),
        (GOOD.replace("其余: 其他", ""), ["“其余”没有写"]),
        (
            GOOD.replace("包含: [J]", "包括: [J]"),
            ["第 3 行：没有“包括”这一项（是否想写“包含”？）；可用的：holds（包含）、aliases（别称）"],
        ),
        (GOOD.replace("[J]", "J"), ["第 3 行：“金融”的“J”应写在方括号里"]),
        (GOOD.replace("{包含: [J]}", "J"), ["第 3 行：“金融”应写成 {包含: [F], 别称: [贸易]}"]),
        # All at once.
        (GOOD.replace("65", "Z9").replace("[J]", "[98]"), ["Z9", "98"]),
    ],
)
def test_slips_are_listed_and_the_whole_file_is_left(folder, found, text, said):
    folder.text("行业对照.yaml", text)
    ledgers = folder.read()
    listed = found(ledgers, "industries-unreadable")
    assert len(listed) == len(said)
    for value, part in zip(listed["value"], said, strict=True):
        assert part in value
    assert set(listed["severity"]) == {"error"}
    assert ledgers.industries.empty
