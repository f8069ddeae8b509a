"""YAML read with its lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from louyu_lab.ledgers.lined_yaml import UnreadableYaml, entries, items, mapping_of, named_entries, text_of


def test_every_entry_knows_its_line(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes("甲: 1\n乙:\n  - x\n  - {y: 0.5}\n".encode("gb18030"))
    problems: list[str] = []
    (first, one), (second, many) = entries(mapping_of(path, "“甲: …”"), problems)
    assert (first.value, one.value, one.line) == ("甲", 1, 1)
    assert (second.value, second.line) == ("乙", 2)
    assert [(item.line, item.value) for item in items(many.node, problems)] == [(3, "x"), (4, {"y": 0.5})]
    assert problems == []


def test_what_is_written_twice_or_cannot_be_read_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("a: 1\na: 2\nb: !!python/name:os.system x\nc: 2020-13-99\n", encoding="utf-8")
    problems: list[str] = []
    found = entries(mapping_of(path, ""), problems)
    assert [key.value for key, _ in found] == ["a", "a"]
    assert problems == ["第 2 行：“a”写了两次", "第 3 行：“b”的值读不懂", "第 4 行：“c”的值读不懂"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- a\n", "应写成“甲: …”这样的几行"),
        ("", "应写成"),
        ("甲：1\n", "冒号用半角，后面空一格"),
        ("a:\n\t- 1\n", "第 2 行附近；缩进不能用制表符，请用空格"),
        ("a: 'b\n", "读不懂（第"),
        ("[" * 2000, "读不懂"),
    ],
)
def test_what_is_no_mapping(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UnreadableYaml, match=said):
        mapping_of(path, "“甲: …”")


def test_keys_in_either_language_and_none_but_the_allowed(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("标题: 甲\nreason: 因\ntitle: 乙\n标提: 丙\n理由: 因\n", encoding="utf-8")
    problems: list[str] = []
    found = named_entries(mapping_of(path, ""), {"title": "标题", "reason": "理由"}, problems)
    assert {key: (entry.value, entry.line) for key, entry in found.items()} == {
        "title": ("甲", 1), "reason": ("因", 2),
    }  # fmt: skip
    assert problems == [
        "第 3 行：title（标题）写了两次",
        "第 4 行：没有“标提”这一项（是否想写“标题”？）；可用的：title（标题）、reason（理由）",
        "第 5 行：reason（理由）写了两次",
    ]


@pytest.mark.parametrize(
    ("text", "read", "is_told"),
    [
        ("a: ' 甲 '", "甲", False),
        ("a: 2020", "2020", False),
        ("a:", "", False),
        ("a: []", "", True),
        ("a: ' '", "", True),
    ],
)
def test_a_text(tmp_path: Path, text: str, read: str, is_told: bool) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(text, encoding="utf-8")
    problems: list[str] = []
    entry = named_entries(mapping_of(path, ""), {"a": "甲"}, problems)["a"]
    assert text_of("a（甲）", entry, problems) == read
    assert [problem.startswith("第 1 行：a（甲）应为文字") for problem in problems] == [True] * is_told
    assert text_of("b", None, problems) == ""
