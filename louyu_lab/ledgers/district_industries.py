"""Reading ``行业对照.yaml``: the industries a district counts in, and what each holds of GB/T 4754-2017."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import yaml

from louyu_lab.ledgers.faults import FaultLog
from louyu_lab.ledgers.lined_yaml import LinedValue, UnreadableYaml, entries, items, mapping_of, named_entries
from louyu_lab.ledgers.model import industry_frame

FILE = "行业对照.yaml"

#: Keys of the file, and of each industry in it -> their Chinese names, which may be written instead.
_FILE_KEYS = {"industries": "行业", "other": "其余"}
_INDUSTRY_KEYS = {"holds": "包含", "aliases": "别称"}

#: A section letter, or a division.
_CODE = re.compile(r"[A-T]|0[1-9]|[1-8]\d|9[0-7]")

_EXAMPLE = "“行业:”“其余: 其他”"


def read_industries(folder: Path, log: FaultLog) -> pd.DataFrame:
    """Return the district's map of industries, columns ``INDUSTRY_COLUMNS``; empty without the file.

    With any fault in it the whole file is left unused, since half a map would count firms twice or nowhere;
    all faults are listed at once.
    """
    path = folder / FILE
    if not path.is_file():
        return industry_frame()
    problems: list[str] = []
    rows: list[dict[str, str]] = []
    try:
        rows = industry_rows(mapping_of(path, _EXAMPLE), problems)
    except UnreadableYaml as broken:
        problems.append(str(broken))
    for problem in problems:
        log.add("industries-unreadable", FILE, values=problem)
    return industry_frame([] if problems else rows)


def industry_rows(node: yaml.MappingNode, problems: list[str]) -> list[dict[str, str]]:
    """Return a map of industries as rows (``INDUSTRY_COLUMNS``); what is wrong is added to ``problems``."""
    given = named_entries(node, _FILE_KEYS, problems)
    industries, other = given.get("industries"), given.get("other")
    if industries is None or not isinstance(industries.node, yaml.MappingNode):
        problems.append("缺“行业”一项，或其下没有行业")
        return []
    rows: list[dict[str, str]] = []
    for name, entry in entries(industries.node, problems):
        rows.append({"industry": str(name.value), "kind": "name", "value": ""})
        rows += _entry_rows(str(name.value), entry, problems)
    problems += _told_twice(rows)
    names = [row["industry"] for row in rows if row["kind"] == "name"]
    if other is None or str(other.value) not in names:
        told = "没有写" if other is None else f"写的是“{other.value}”"
        problems.append(f"“其余”{told}，应为表中已列的一个行业：{'、'.join(names)}")
        return rows
    return [*rows, {"industry": str(other.value), "kind": "other", "value": ""}]


def _entry_rows(name: str, entry: LinedValue, problems: list[str]) -> Iterator[dict[str, str]]:
    """Yield the codes and further names of one industry."""
    if not isinstance(entry.node, yaml.MappingNode):
        problems.append(f"第 {entry.line} 行：“{name}”应写成 {{包含: [F], 别称: [贸易]}}")
        return
    given = named_entries(entry.node, _INDUSTRY_KEYS, problems)
    for key, kind in (("holds", "code"), ("aliases", "alias")):
        part = given.get(key)
        if part is None or part.value is None:
            continue
        if not isinstance(part.node, yaml.SequenceNode):
            problems.append(f"第 {part.line} 行：“{name}”的“{part.value}”应写在方括号里")
            continue
        for item in items(part.node, problems):
            # As written: YAML would take 07 for a number in the base of eight.
            text = str(getattr(item.node, "value", "")).strip()
            if kind == "code":
                text = text.upper().zfill(2) if text.isdigit() else text.upper()
                if not _CODE.fullmatch(text):
                    problems.append(
                        f"第 {item.line} 行：“{name}”里的“{text}”不是门类字母 A–T，也不是大类 01–97"
                    )
                    continue
            yield {"industry": name, "kind": kind, "value": text}


def _told_twice(rows: list[dict[str, str]]) -> list[str]:
    """Return a line for every code or name that two entries claim."""
    first: dict[tuple[str, str], str] = {}
    found = []
    for row in rows:
        kind = "code" if row["kind"] == "code" else "alias"
        key = (kind, row["industry"] if row["kind"] == "name" else row["value"])
        before = first.setdefault(key, row["industry"])
        if before != row["industry"]:
            found.append(f"“{key[1]}”同时列在“{before}”和“{row['industry']}”下，请只留一处")
    return found
