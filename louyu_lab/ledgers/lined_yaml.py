"""A user's YAML read with the line of every entry, so that each fault can name its place."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import yaml

from louyu_lab.ledgers.textfiles import Truncated, decoded


class UnreadableYaml(ValueError):
    """The file is no YAML mapping; the message says in Chinese what is wrong with it."""


class LinedValue(NamedTuple):
    """What stands behind a key or in a list: its line, its plain value, and the node it was read from."""

    line: int
    value: object
    node: yaml.Node


def mapping_of(path: Path, example: str) -> yaml.MappingNode:
    """Return the file's outermost mapping; raises UnreadableYaml, which shows ``example`` lines."""
    try:
        text = decoded(path.read_bytes())
        node = yaml.compose(text or "", Loader=yaml.SafeLoader)
    except (yaml.YAMLError, Truncated, OSError, RecursionError) as broken:
        mark = getattr(broken, "problem_mark", None)
        tab = "；缩进不能用制表符，请用空格" if "\\t" in str(getattr(broken, "problem", "")) else ""
        raise UnreadableYaml(f"读不懂（第 {mark.line + 1} 行附近{tab}）" if mark else "读不懂") from broken
    if not isinstance(node, yaml.MappingNode):
        hint = "；冒号用半角，后面空一格" if "：" in (text or "") else ""
        raise UnreadableYaml(f"应写成{example}这样的几行{hint}")
    return node


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
