"""The two files of published figures opened: their entries as written, each with its place."""

from __future__ import annotations

from pathlib import Path

import yaml

from louyu_lab.ledgers.faults import FaultLog
from louyu_lab.ledgers.published.entries import Entry
from louyu_lab.ledgers.published.sheets import entries_of_workbook
from louyu_lab.ledgers.textfiles import Truncated, decoded

TEXT_FILE = "published.yaml"

#: Parts of the text file: the year of figures that state none, the figures, the relations.
YEAR, FIGURES, RELATIONS = "年份", "数字", "勾稽"

_LINE, _REPEATED = "__line__", "__repeated__"


def read_entries(folder: Path, log: FaultLog) -> tuple[list[Entry], list[Entry]]:
    """Return the figures and the relations of both files, in the order they are written."""
    figures, relations = _from_text(folder / TEXT_FILE, log)
    more_figures, more_relations = entries_of_workbook(folder, log)
    return figures + more_figures, relations + more_relations


class _Lined(yaml.BaseLoader):
    """Reads every scalar as the text it is; notes each mapping's first line and the keys it repeats."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[str, object]:
        mapping = super().construct_mapping(node, deep=True)
        keys = [key.value for key, _ in node.value]
        repeated = tuple(sorted({key for key in keys if keys.count(key) > 1}))
        return {**mapping, _LINE: node.start_mark.line + 1, _REPEATED: repeated}


def _from_text(path: Path, log: FaultLog) -> tuple[list[Entry], list[Entry]]:
    if not path.is_file():
        return [], []
    raw = _loaded(path, log)
    if raw is None:
        return [], []
    if not isinstance(raw, dict) or not isinstance(raw.get(FIGURES, []), list):
        hint = "；冒号用半角，后面空一格" if isinstance(raw, str) and "：" in raw else ""
        said = f"缺“{FIGURES}”一项，或其下不是一条条数字{hint}"
        log.add("published-unreadable", path.name, column=FIGURES, values=said)
        return [], []
    for key in raw[_REPEATED]:
        log.add("published-unreadable", path.name, column=key, values=f"“{key}”写了两次，只读了后一处")
    for key in sorted(set(raw) - {YEAR, FIGURES, RELATIONS, _LINE, _REPEATED}):
        log.add("published-key", path.name, column=str(key))
    year = raw.get(YEAR, "")
    if not isinstance(year, str):
        log.add("published-unreadable", path.name, column=YEAR, values=f"{_plain(year)}不是年份")
    figures, relations = (
        _listed(raw.get(part, []), part, year, path.name, log) for part in (FIGURES, RELATIONS)
    )
    return figures, relations


def _loaded(path: Path, log: FaultLog) -> object | None:
    """Return what the file holds; None, listed, where it cannot be opened or holds nothing."""
    try:
        content = path.read_bytes()
        text = decoded(content)
        raw = yaml.load(text or "", Loader=_Lined)
    except (yaml.YAMLError, Truncated, OSError, TypeError, RecursionError) as broken:
        mark = getattr(broken, "problem_mark", None)
        tab = "（缩进不能用制表符，请用空格）" if "\\t" in str(getattr(broken, "problem", "")) else ""
        log.add("published-unreadable", path.name, values=f"第 {mark.line + 1} 行附近{tab}" if mark else "")
        return None
    if text is None:
        log.add("published-unreadable", path.name, values="编码认不出，请另存为 UTF-8")
    elif raw is None or raw == "":
        log.add("published-unreadable", path.name, values="文件是空的")
    return raw or None


def _listed(entries: object, part: str, year: object, file: str, log: FaultLog) -> list[Entry]:
    default_year = year if isinstance(year, str) else ""
    kept = []
    for raw in entries if isinstance(entries, list) else [entries]:
        if isinstance(raw, dict):
            fields = {str(key): value for key, value in _plain(raw).items()}
            conditions = raw.get("条件")
            twice = {
                "repeated": raw[_REPEATED],
                "repeated_conditions": conditions[_REPEATED] if isinstance(conditions, dict) else (),
            }
            kept.append(Entry(fields, file, "", int(raw[_LINE]), default_year, **twice))
        elif raw:
            log.add("published-unreadable", file, column=part, values=str(raw)[:40])
    return kept


def _plain(value: object) -> object:
    """Return a value without the notes that ``_Lined`` made."""
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items() if key not in (_LINE, _REPEATED)}
    return [_plain(inner) for inner in value] if isinstance(value, list) else value
