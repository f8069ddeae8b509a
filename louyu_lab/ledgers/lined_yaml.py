"""A user's YAML read with the line of every entry, so that each fault can name its place."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import yaml

from louyu_lab.ledgers.textfiles import Truncated, decoded
from louyu_lab.ledgers.texts import nearest

#: Full-width signs that stand for YAML's own.
_WIDE = "：，［］｛｝【】"


class UnreadableYaml(ValueError):
    """The file is no YAML mapping; the message says in Chinese what is wrong with it."""


class LinedValue(NamedTuple):
    """What stands behind a key or in a list: its line, its plain value, and the node it was read from."""

    line: int
    value: object
    node: yaml.Node


def mapping_of(path: Path, example: str) -> yaml.MappingNode:
    """Return the file's outermost mapping; raises UnreadableYaml, which shows ``example`` lines."""
    text = None
    try:
        text = decoded(path.read_bytes())
        node = yaml.compose(text or "", Loader=yaml.SafeLoader)
    except (yaml.YAMLError, Truncated, OSError, RecursionError) as broken:
        mark = getattr(broken, "problem_mark", None)
        tab = "；缩进不能用制表符，请用空格" if "\\t" in str(getattr(broken, "problem", "")) else ""
        raise UnreadableYaml(
            f"读不懂（第 {mark.line + 1} 行附近{tab}{_wide_signs(text, mark.line)}）" if mark else "读不懂"
        ) from broken
    if not isinstance(node, yaml.MappingNode):
        hint = "；冒号用半角，后面空一格" if "：" in (text or "") else ""
        raise UnreadableYaml(f"应写成{example}这样的几行{hint}")
    return node


def _wide_signs(text: str | None, line: int) -> str:
    """Name the full-width signs in the line where reading stopped, or else in the one before."""
    lines = (text or "").splitlines()
    for own in reversed(lines[max(0, line - 1) : line + 1]):
        found = "".join(sign for sign in _WIDE if sign in own)
        if found:
            return f"；{found} 要用半角，冒号后面空一格"
    return ""


def entries(node: yaml.MappingNode, problems: list[str]) -> list[tuple[LinedValue, LinedValue]]:
    """Return a mapping's keys and values with their lines; what cannot be read is added to ``problems``.

    Of a key written twice both entries are returned.
    """
    found, seen = [], set()
    for key, value in node.value:
        line, name = key.start_mark.line + 1, str(getattr(key, "value", ""))
        if name in seen:
            problems.append(f"第 {line} 行：“{name}”写了两次")
        seen.add(name)
        try:
            found.append((LinedValue(line, name, key), LinedValue(line, _plain(value), value)))
        except (yaml.YAMLError, ValueError, TypeError, RecursionError):
            problems.append(f"第 {line} 行：“{name}”的值读不懂")
    return found


def named_entries(
    node: yaml.MappingNode, keys: Mapping[str, str], problems: list[str]
) -> dict[str, LinedValue]:
    """Return a mapping's values by the key meant; ``keys`` maps each allowed key to its Chinese name.

    Either may be written. Keys of another name are added to ``problems``, as is one written in both
    languages; of these the first counts.
    """
    by_zh = {zh: key for key, zh in keys.items()}
    found: dict[str, LinedValue] = {}
    spelled: dict[str, object] = {}
    for written, value in entries(node, problems):
        name = str(written.value)
        key = by_zh.get(name, name)
        if key not in keys:
            allowed = "、".join(f"{one}（{zh}）" for one, zh in keys.items())
            meant = nearest(name, [*keys, *by_zh])
            problems.append(f"第 {written.line} 行：没有“{name}”这一项{meant}；可用的：{allowed}")
            continue
        if spelled.setdefault(key, name) != name:
            problems.append(f"第 {written.line} 行：{key}（{keys[key]}）写了两次")
        found.setdefault(key, value)
    return found


def text_of(title: str, entry: LinedValue | None, problems: list[str]) -> str:
    """Return the text behind the key called ``title`` in messages; "" where nothing, or no text, stands."""
    if entry is None or entry.value is None:
        return ""
    if not isinstance(entry.value, (str, int, float)) or not str(entry.value).strip():
        problems.append(f"第 {entry.line} 行：{title}应为文字，现为 {entry.value!r}")
        return ""
    return str(entry.value).strip()


def items(node: yaml.SequenceNode, problems: list[str]) -> list[LinedValue]:
    """Return the members of a list with their lines; what cannot be read is added to ``problems``."""
    found = []
    for member in node.value:
        line = member.start_mark.line + 1
        try:
            found.append(LinedValue(line, _plain(member), member))
        except (yaml.YAMLError, ValueError, TypeError, RecursionError):
            problems.append(f"第 {line} 行读不懂")
    return found


def _plain(node: yaml.Node) -> object:
    return yaml.SafeLoader("").construct_object(node, deep=True)
