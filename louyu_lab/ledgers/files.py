"""From a folder to raw sheets: finding the files, opening them whatever their format or encoding."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import python_calamine as calamine

from louyu_lab.ledgers import textfiles
from louyu_lab.ledgers.beside import is_beside, note_ending
from louyu_lab.ledgers.faults import FaultLog
from louyu_lab.ledgers.folders import files_below
from louyu_lab.ledgers.openxml import failed_cells

#: Workbooks calamine opens, and text tables.
WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".et")
TEXTS = (".csv", ".txt", ".tsv")

#: Documentation and configuration: no ledgers.
_DOCUMENTS = (".md", ".pdf", ".doc", ".docx", ".ppt", ".pptx", ".png", ".jpg", ".jpeg", ".yaml", ".yml")

#: What every .xlsx begins with, and a compound document: an old .xls or an encrypted .xlsx.
_PACKAGE = b"PK"
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

    @property
    def is_text(self) -> bool:
        """Whether the sheet is a text table, whose rows may differ in length."""
        return not self.sheet


def is_blank(cell: object) -> bool:
    """Whether a cell holds nothing a person would see."""
    return cell is None or cell == "" or (isinstance(cell, str) and not cell.strip())


def ledger_files(folder: Path, log: FaultLog) -> list[Path]:
    """Return the files to read, sorted by name; notes open workbooks and files of other kinds."""
    found = []
    for path in files_below(folder):
        if path.name.startswith(("~$", ".~lock.")):
            _note_open(folder, path, log)
        elif _is_hidden(path.relative_to(folder)):
            continue
        elif meant := _published_meant(folder, path):
            log.add("published-file", relative_name(folder, path), values=meant)
        elif is_beside(relative_name(folder, path)):
            note_ending(relative_name(folder, path), log)
        elif path.suffix.lower() in WORKBOOKS + TEXTS:
            found.append(path)
        elif path.suffix.lower() not in _DOCUMENTS:
            log.add("file-kind", relative_name(folder, path), values=path.suffix)
    return found


def relative_name(folder: Path, path: Path) -> str:
    """Return the file's name below the data folder, with forward slashes."""
    return path.relative_to(folder).as_posix()


def read_contents(folder: Path, paths: list[Path], log: FaultLog) -> dict[Path, bytes]:
    """Return the content of each file that can be read; a copy of another file is left out and listed."""
    contents: dict[Path, bytes] = {}
    first: dict[bytes, Path] = {}
    for path in paths:
        name = relative_name(folder, path)
        try:
            content = path.read_bytes()
        except OSError as denied:
            log.add("file-denied", name, values=denied.strerror or "")
            continue
        same = first.setdefault(hashlib.sha256(content).digest(), path)
        if same is not path and content.strip():
            log.add("file-copy", name, values=f"与 {relative_name(folder, same)} 相同")
            continue
        contents[path] = content
    return contents


def open_sheets(name: str, content: bytes, log: FaultLog) -> Iterator[RawSheet]:
    """Yield the visible, non-empty sheets of a file; what cannot be opened becomes a fault."""
    if not content.strip():
        log.add("file-empty", name)
        return
    is_workbook = content.startswith((_PACKAGE, _COMPOUND))
    ending = Path(name).suffix.lower()
    if is_workbook and ending in TEXTS:
        log.convert(name, "", "", f"扩展名是 {ending}，内容是工作簿，按工作簿读取", 1, "")
    sheets = _workbook_sheets(name, content, log) if is_workbook else _text_sheets(name, content, log)
    if sheets is None:
        return
    if not sheets:
        log.add("file-empty", name)
    yield from sheets


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def _published_meant(folder: Path, path: Path) -> str:
    """Say how a file of published figures should be called or where it should lie; empty for others."""
    name, ending = path.name.lower(), path.suffix.lower()
    is_text = name.startswith("published") and ending in (".yaml", ".yml")
    if not is_text and not (name.startswith("已公布") and ending in (*WORKBOOKS, *TEXTS, ".yaml", ".yml")):
        return ""
    wanted = "published.yaml" if ending in (".yaml", ".yml") else "已公布.xlsx"
    if path.name != wanted:
        return f"是否想写 {wanted}？"
    return "" if path.parent == folder else "要放在数据文件夹里，不能放在下一层"


def _note_open(folder: Path, lock: Path, log: FaultLog) -> None:
    """A lock file is named after its workbook: ``~$NAME`` by Excel, ``.~lock.NAME#`` by LibreOffice."""
    rest = lock.name.removeprefix("~$").removeprefix(".~lock.").removesuffix("#")
    beside = [path for path in sorted(lock.parent.iterdir()) if not path.name.startswith(("~$", ".~"))]
    # Excel replaces the first two letters of longer names; the lock's name is then two shorter.
    opened = next((path for path in beside if path.name == rest or path.name.endswith(rest)), None)
    log.add("file-open", relative_name(folder, opened or lock))


def _workbook_sheets(name: str, content: bytes, log: FaultLog) -> list[RawSheet] | None:
    if content.startswith(_COMPOUND) and _ENCRYPTED in content:
        log.add("file-password", name)
        return None
    try:
        failed = failed_cells(content)
    except zipfile.BadZipFile:
        log.add("file-broken", name)
        return None
    except ValueError as vast:
        log.add("sheet-vast", name, str(vast))
        return None
    # calamine reports a damaged part by many types, some of them plain ValueError or panics.
    try:
        book = calamine.load_workbook(io.BytesIO(content))
        sheets = [_workbook_sheet(name, book, meta, log) for meta in book.sheets_metadata]
    except calamine.PasswordError:
        log.add("file-password", name)
        return None
    except BaseException as broken:
        if isinstance(broken, (KeyboardInterrupt, SystemExit, MemoryError)):
            raise
        log.add("file-broken", name)
        return None
    found = [sheet for sheet in sheets if sheet is not None]
    for sheet in found:
        _restore_failed(sheet, failed.get(sheet.sheet, {}))
    return found


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
    # Merged cells may reach beyond, or lie outside, the cells that hold anything.
    last_row, last_column = len(cells) - 1, len(cells[0]) - 1
    merges = tuple(
        (top, left, min(bottom, last_row), min(right, last_column))
        for (top, left), (bottom, right) in sheet.merged_cell_ranges or []
        if top <= last_row and left <= last_column
    )
    return RawSheet(name, meta.name, cells, merges)


def _restore_failed(sheet: RawSheet, failed: dict[tuple[int, int], str]) -> None:
    """Write the errors of formulas back into the cells that calamine left empty."""
    for (row, column), text in failed.items():
        if row < len(sheet.cells) and column < len(sheet.cells[row]):
            sheet.cells[row][column] = text


def _text_sheets(name: str, content: bytes, log: FaultLog) -> list[RawSheet] | None:
    ending = Path(name).suffix.lower()
    try:
        text = textfiles.decoded(content)
        if text is None or (ending in WORKBOOKS and text.lstrip().startswith("<")):
            log.add("file-broken" if ending in WORKBOOKS else "file-encoding", name)
            return None
        rows = textfiles.cells(text)
    except textfiles.Truncated as cut:
        log.add("file-broken", name, values=str(cut))
        return None
    if ending in WORKBOOKS:
        log.convert(name, "", "", f"扩展名是 {ending}，内容是文本，按 CSV 读取", len(rows), "")
    return [RawSheet(name, "", rows)] if any(any(row) for row in rows) else []
