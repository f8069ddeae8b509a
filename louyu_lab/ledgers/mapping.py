"""The user's own ``columns.yaml``: which column a heading is, where our aliases do not know it."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath

import yaml

from louyu_lab.ledgers.catalogue import catalogue, header_names, normalise_header
from louyu_lab.ledgers.faults import FaultLog
from louyu_lab.ledgers.files import RawSheet
from louyu_lab.ledgers.textfiles import Truncated, decoded

#: Keys of a nested entry that do not name columns.
_LEDGER_KEYS = ("ledger", "台账")
_COLUMN_KEYS = ("columns", "列")

#: Rows of a sheet in which a mapped heading is looked for.
_SEARCHED_ROWS = 33


@dataclass(frozen=True)
class UserMapping:
    """What ``columns.yaml`` says: header -> column for all files, and by file or ledger name.

    ``wanted`` are the headings and places it names, ``met`` those that were found while reading.
    """

    everywhere: dict[str, str] = field(default_factory=dict)
    by_place: dict[str, dict[str, str]] = field(default_factory=dict)
    ledger_of: dict[str, str] = field(default_factory=dict)
    wanted: set[str] = field(default_factory=set)
    met: set[str] = field(default_factory=set)

    def for_sheet(self, raw: RawSheet) -> dict[str, str]:
        """Return header -> column for one sheet; what is said of the file outweighs the rest."""
        mapped = dict(self.everywhere)
        for place, columns in self.by_place.items():
            if self._speaks_of(place, raw):
                mapped |= columns
        return mapped

    def ledger(self, raw: RawSheet) -> str | None:
        """Return the ledger the user declared for the sheet, if any."""
        return next((name for place, name in self.ledger_of.items() if self._speaks_of(place, raw)), None)

    def _speaks_of(self, place: str, raw: RawSheet) -> bool:
        """Whether an entry means this sheet: by its name, or by the headings given under a ledger's name."""
        if _at(place, raw):
            return True
        headings = {normalise_header(text) for text in self.by_place.get(place, {})}
        return ledger_name(place) is not None and bool(headings) and headings <= _texts(raw)

    def note_use(self, raw: RawSheet) -> None:
        """Remember which of the headings and places named occur in this sheet."""
        if not self.wanted:
            return
        cells = _texts(raw)
        self.met.update(
            text for text in self.wanted if normalise_header(text) in cells or self._speaks_of(text, raw)
        )

    def report_unused(self, log: FaultLog) -> None:
        """List the headings and places that no sheet has: a slip of the pen would otherwise go unseen."""
        for text in sorted(self.wanted - self.met):
            log.add("mapping-unused", "columns.yaml", values=text)


def read_mapping(folder: Path, log: FaultLog) -> UserMapping:
    """Read ``columns.yaml``: ``header: column``, or the same below a file name with a ``ledger``."""
    mapping = UserMapping()
    for key, entry in _entries(folder, log).items():
        if isinstance(entry, dict):
            _read_place(str(key), entry, mapping, log)
        else:
            pair = _pair(str(key), entry, log)
            mapping.everywhere.update(pair)
            mapping.wanted.update(list(pair)[:1])
    return mapping


def ledger_name(text: str) -> str | None:
    """Return the canonical name of a ledger given by either name, None for any other text."""
    return next((name for name, ledger in catalogue().items() if text in (name, ledger.zh)), None)


def _entries(folder: Path, log: FaultLog) -> dict[object, object]:
    path = folder / "columns.yaml"
    if not path.exists():
        return {}
    try:
        raw = yaml.safe_load(decoded(path.read_bytes()) or "")
    except (yaml.YAMLError, Truncated, OSError) as broken:
        mark = getattr(broken, "problem_mark", None)
        log.add("mapping-unreadable", path.name, values=f"第 {mark.line + 1} 行附近" if mark else "")
        return {}
    if raw is not None and not isinstance(raw, dict):
        log.add("mapping-unreadable", path.name, values="应为“表头: 列名”的对应")
    return raw if isinstance(raw, dict) else {}


def _read_place(place: str, entry: dict[object, object], mapping: UserMapping, log: FaultLog) -> None:
    """Read what is said of one file, sheet or ledger."""
    columns = next((entry[name] for name in _COLUMN_KEYS if name in entry), entry)
    named = next((entry[name] for name in _LEDGER_KEYS if name in entry), None)
    ledger = ledger_name(str(named if named is not None else place))
    if named is not None and ledger is None:
        zh = "、".join(known.zh for known in catalogue().values())
        log.add("column-mapping", "columns.yaml", column=place, values=str(named), remedy=f"台账写：{zh}")
    if ledger:
        mapping.ledger_of[place] = ledger
    if not isinstance(columns, dict):
        log.add("mapping-unreadable", "columns.yaml", column=place, values="应为“表头: 列名”的对应")
        columns = {}
    mapping.wanted.add(place)
    merged = mapping.by_place.setdefault(place, {})
    for header, column in columns.items():
        if header not in (*_LEDGER_KEYS, *_COLUMN_KEYS):
            pair = _pair(str(header), column, log)
            merged.update(pair)
            mapping.wanted.update(list(pair)[:1])


def _pair(header: str, column: object, log: FaultLog) -> dict[str, str]:
    """Return {header: column, normalised header: column} when the column exists, else note the fault."""
    text = str(column).strip()
    bare = text.split(".", 1)[1] if "." in text and text.split(".", 1)[0] in catalogue() else text
    known = set().union(*(header_names(name) for name in catalogue()))
    if normalise_header(bare) in known:
        return {header: bare, normalise_header(header): bare}
    if normalise_header(header) in known:
        # Written the other way round, ledger column first: the meaning is plain.
        return {bare: header, normalise_header(bare): header}
    spelled = [column.zh for ledger in catalogue().values() for column in ledger.columns]
    near = difflib.get_close_matches(bare, spelled, n=1, cutoff=0.5)
    remedy = f"是否想写“{near[0]}”？列名见 louyu check --dictionary" if near else None
    log.add("column-mapping", "columns.yaml", column=header, values=text, remedy=remedy)
    return {}


def _texts(raw: RawSheet) -> set[str]:
    """The cells near the top of a sheet, folded as headings are."""
    return {normalise_header(str(cell)) for row in raw.cells[:_SEARCHED_ROWS] for cell in row if cell}


def _at(place: str, raw: RawSheet) -> bool:
    """Whether a key of the mapping speaks of this sheet: file name, pattern, stem, sheet or ledger name."""
    path = PurePosixPath(raw.file)
    names = (raw.file, path.name, path.stem, raw.sheet)
    if place in names or any(fnmatch(name, place) for name in names[:2]):
        return True
    ledger = ledger_name(place)
    return ledger is not None and catalogue()[ledger].zh in (path.stem + raw.sheet)
