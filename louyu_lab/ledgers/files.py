"""From a folder to raw sheets: finding the files, opening them whatever their format or encoding."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import python_calamine as calamine

from louyu_lab.ledgers.faults import FaultLog

#: Workbooks calamine opens, and text tables.
WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".et")
TEXTS = (".csv", ".txt", ".tsv")

#: Files with a meaning of their own, or documentation, that are not ledgers.
SIDE_FILES = ("targets.yaml", "published.yaml", "columns.yaml", "已公布.xlsx", "更正.xlsx", "复核.xlsx")
_DOCUMENTS = (".md", ".pdf", ".doc", ".docx", ".ppt", ".pptx", ".png", ".jpg", ".jpeg", ".yaml", ".yml")

#: A compound document, the container of an old .xls and of an encrypted .xlsx.
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


@dataclass(frozen=True)
class RawSheet:
    """A sheet as it lies in the file: ``cells[i][j]`` is Excel row i+1, column j+1.

    ``merges`` are (top, left, bottom, right), zero-based and inclusive.
    """

    file: str
    sheet: str
    cells: list[list[object]]
    merges: tuple[tuple[int, int, int, int], ...] = ()


def ledger_files(folder: Path, log: FaultLog) -> list[Path]:
    """Return the files to read, sorted by name; notes open workbooks and files of other kinds."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    paths = [
        path for path in paths if not any(part.startswith(".") for part in path.relative_to(folder).parts)
    ]
    found = []
    for path in paths:
        name = relative_name(folder, path)
        if path.name.startswith("~$"):
            _note_open(folder, path, log)
        elif path.name in SIDE_FILES or path.suffix.lower() in _DOCUMENTS:
            continue
        elif path.suffix.lower() in WORKBOOKS + TEXTS:
            found.append(path)
        else:
            log.add("file-kind", name, values=path.suffix)
    return found


def relative_name(folder: Path, path: Path) -> str:
    """Return the file's name below the data folder, with forward slashes."""
    return path.relative_to(folder).as_posix()


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file's content."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def open_sheets(folder: Path, path: Path, log: FaultLog) -> Iterator[RawSheet]:
    """Yield the visible, non-empty sheets of a file; what cannot be opened becomes a fault."""
    name = relative_name(folder, path)
    content = path.read_bytes()
    if not content.strip():
        log.add("file-empty", name)
        return
    if path.suffix.lower() in TEXTS and not content.startswith((b"PK\x03\x04", _COMPOUND)):
        sheets = _text_sheets(name, content, log)
    else:
        sheets = _workbook_sheets(name, content, log)
    if sheets is None:
        return
    if not sheets:
        log.add("file-empty", name)
    yield from sheets


def _note_open(folder: Path, lock: Path, log: FaultLog) -> None:
    """Excel's lock file is ``~$`` before the workbook's name, which may lose its first two letters."""
    rest = lock.name[2:]
    beside = [path for path in sorted(lock.parent.iterdir()) if not path.name.startswith("~$")]
    opened = next((path for path in beside if path.name == rest or path.name.endswith(rest)), None)
    # Excel replaces the first two letters of longer names; the lock's name is then two shorter.
    log.add("file-open", relative_name(folder, opened) if opened else relative_name(folder, lock))


def _workbook_sheets(name: str, content: bytes, log: FaultLog) -> list[RawSheet] | None:
    if content.startswith(_COMPOUND) and _ENCRYPTED in content:
        log.add("file-password", name)
        return None
    try:
        book = calamine.load_workbook(io.BytesIO(content))
        return [sheet for meta in book.sheets_metadata if (sheet := _workbook_sheet(name, book, meta, log))]
    except calamine.PasswordError:
        log.add("file-password", name)
    # calamine reports a damaged part by many types, some of them plain ValueError or panics.
    except BaseException as broken:
        if isinstance(broken, (KeyboardInterrupt, SystemExit, MemoryError)):
            raise
        log.add("file-broken", name)
    return None


def _workbook_sheet(
    name: str, book: calamine.CalamineWorkbook, meta: calamine.SheetMetadata, log: FaultLog
) -> RawSheet | None:
    if meta.typ != calamine.SheetTypeEnum.WorkSheet:
        return None
    sheet = book.get_sheet_by_name(meta.name)
    if sheet.height == 0:
        return None
    if meta.visible != calamine.SheetVisibleEnum.Visible:
        log.add("sheet-hidden", name, meta.name, values=f"{sheet.height} 行")
        return None
    cells = sheet.to_python(skip_empty_area=False)
    ranges = sheet.merged_cell_ranges or []
    merges = tuple((top, left, bottom, right) for (top, left), (bottom, right) in ranges)
    return RawSheet(name, meta.name, cells, merges)


def _text_sheets(name: str, content: bytes, log: FaultLog) -> list[RawSheet] | None:
    text = _decoded(content)
    if text is None:
        log.add("file-encoding", name)
        return None
    first_line = text.split("\n", 1)[0]
    delimiter = max(",\t;，", key=first_line.count)
    if delimiter == "，":
        text, delimiter = text.replace("，", ","), ","
    try:
        rows: list[list[object]] = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error:
        log.add("file-broken", name)
        return None
    width = max((len(row) for row in rows), default=0)
    rows = [row if len(row) == width else row + [""] * (width - len(row)) for row in rows]
    return [RawSheet(name, "", rows)] if any(any(row) for row in rows) else []


def _decoded(content: bytes) -> str | None:
    """Decode by byte-order mark, then strict UTF-8, then GB18030 (of which GBK is a part)."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if "\x00" in text else text
    return None
