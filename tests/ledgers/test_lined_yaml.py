"""YAML read with its lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from louyu_lab.ledgers.lined_yaml import UnreadableYaml, entries, items, mapping_of


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
