"""Which ledger a sheet is, and the user's own ``columns.yaml`` that says what our aliases do not."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath

import yaml

from louyu_lab.ledgers.catalogue import catalogue, header_names, normalise_header
from louyu_lab.ledgers.faults import FaultLog
from louyu_lab.ledgers.files import RawSheet
from louyu_lab.ledgers.headings import Header, columns_of

#: Weight of a ledger's name in the sheet or file name against one recognised column.
_NAMED = 100

#: Keys of a nested entry that do not name columns.
_LEDGER_KEYS = ("ledger", "台账")
_COLUMN_KEYS = ("columns", "列")


@dataclass(frozen=True)
class UserMapping:
    """What ``columns.yaml`` says: header -> column for all files, and by file or ledger name."""

    everywhere: dict[str, str] = field(default_factory=dict)
    by_place: dict[str, dict[str, str]] = field(default_factory=dict)
    ledger_of: dict[str, str] = field(default_factory=dict)

    def for_sheet(self, raw: RawSheet) -> dict[str, str]:
        """Return header -> column for one sheet; what is said of the file outweighs the rest."""
        mapped = dict(self.everywhere)
        for place, columns in self.by_place.items():
            if _at(place, raw):
                mapped |= columns
        return mapped

    def ledger(self, raw: RawSheet) -> str | None:
        """Return the ledger the user declared for the sheet, if any."""
        return next((name for place, name in self.ledger_of.items() if _at(place, raw)), None)


def read_mapping(folder: Path, log: FaultLog) -> UserMapping:
    """Read ``columns.yaml``: ``header: column``, or the same below a file name with an optional ``ledger``."""
    path = folder / "columns.yaml"
    if not path.exists():
        return UserMapping()
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8-sig")) or {}
    except (yaml.YAMLError, UnicodeDecodeError) as broken:
        log.add("column-mapping", "columns.yaml", values=f"YAML 格式有误：{_first_line(broken)}")
        return UserMapping()
    if not isinstance(raw, dict):
        log.add("column-mapping", "columns.yaml", values="应为“表头: 列名”的对应")
        return UserMapping()
    everywhere: dict[str, str] = {}
    by_place: dict[str, dict[str, str]] = {}
    ledger_of: dict[str, str] = {}
    for key, entry in raw.items():
        if not isinstance(entry, dict):
            everywhere |= _pair(str(key), entry, log)
            continue
        columns = next((entry[name] for name in _COLUMN_KEYS if name in entry), entry)
        named = next((entry[name] for name in _LEDGER_KEYS if name in entry), None)
        ledger = _ledger_name(str(named if named is not None else key))
        if named is not None and ledger is None:
            log.add("column-mapping", "columns.yaml", column=str(key), values=str(named))
        if ledger:
            ledger_of[str(key)] = ledger
        pairs = {k: v for k, v in columns.items() if k not in (*_LEDGER_KEYS, *_COLUMN_KEYS)}
        merged: dict[str, str] = {}
        for header, column in pairs.items():
            merged |= _pair(str(header), column, log)
        by_place[str(key)] = merged
    return UserMapping(everywhere, by_place, ledger_of)


def recognise(raw: RawSheet, header: Header, declared: str | None) -> str | None:
    """Return the ledger a sheet holds, or None.

    A ledger fits when one of its ``any_of`` columns is there; among those that fit the one named by
    the sheet or the file wins, then the one with most columns, signature columns counting double.
    """
    if declared is not None:
        return declared
    scores: dict[str, int] = {}
    for name, ledger in catalogue().items():
        columns = {column for column in columns_of(name, header.headings) if column}
        if not columns & set(ledger.any_of):
            continue
        signature = len(columns & set(ledger.signature))
        scores[name] = len(columns) + 2 * signature + _named(ledger.zh, raw)
        if signature == 0 and scores[name] < _NAMED and len(columns) < 3:
            del scores[name]
    return max(scores, key=lambda name: scores[name]) if scores else None


def _named(zh: str, raw: RawSheet) -> int:
    if zh in raw.sheet:
        return 2 * _NAMED
    return _NAMED if zh in PurePosixPath(raw.file).name else 0


def _pair(header: str, column: object, log: FaultLog) -> dict[str, str]:
    """Return {header: column, {normalised header: column}} when the column exists, else note the fault."""
    text = str(column).strip()
    bare = text.split(".", 1)[1] if "." in text and text.split(".", 1)[0] in catalogue() else text
    known = set().union(*(header_names(name) for name in catalogue()))
    if normalise_header(bare) in known:
        return {header: bare, normalise_header(header): bare}
    if normalise_header(header) in known and normalise_header(bare) not in known:
        # Written the other way round, ledger column first: the meaning is plain.
        return {bare: header, normalise_header(bare): header}
    spelled = [column.zh for ledger in catalogue().values() for column in ledger.columns]
    near = difflib.get_close_matches(bare, spelled, n=1, cutoff=0.5)
    hint = f"是否想写“{near[0]}”？" if near else None
    remedy = f"{hint}列名见 louyu check --dictionary" if hint else None
    log.add("column-mapping", "columns.yaml", column=header, values=text, remedy=remedy)
    return {}


def _ledger_name(text: str) -> str | None:
    for name, ledger in catalogue().items():
        if text in (name, ledger.zh):
            return name
    return None


def _at(place: str, raw: RawSheet) -> bool:
    """Whether a key of the mapping speaks of this sheet: file name, pattern, stem, sheet or ledger name."""
    path = PurePosixPath(raw.file)
    names = (raw.file, path.name, path.stem, raw.sheet)
    if place in names or any(fnmatch(name, place) for name in names[:2]):
        return True
    ledger = _ledger_name(place)
    return ledger is not None and catalogue()[ledger].zh in (path.stem + raw.sheet)


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]
