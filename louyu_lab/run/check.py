"""``louyu check``: every fault of a folder on screen and in a workbook, and the data dictionary."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from louyu_lab.ledgers.catalogue import catalogue, data_dictionary
from louyu_lab.ledgers.model import Ledgers
from louyu_lab.run.fault_report import exit_code, summary
from louyu_lab.run.folder import refuse_among_ledgers, writing
from louyu_lab.run.parameters import InputError
from louyu_lab.run.project import data_folder
from louyu_lab.run.workbooks import Sheet, write_fault_workbook, write_workbook


@dataclass(frozen=True)
class CheckReport:
    """What a check found: text for the screen, where the workbook lies, the exit code."""

    text: str
    workbook: Path
    exit_code: int


def check_folder(folder: str, out: str | None = None) -> CheckReport:
    """Read a folder of ledgers and report every fault.

    ``out`` is the fault workbook, by default ``outputs/核对_<folder>.xlsx``. Raises InputError for a
    folder that is not there, and for a workbook that would lie in it or cannot be written.
    """
    from louyu_lab.run.reading import read_data

    data = data_folder(folder)
    workbook = Path(out or Path("outputs") / f"核对_{data.name}.xlsx").resolve()
    refuse_among_ledgers(workbook, data, "核对表")
    _refuse_unless_xlsx(workbook)
    ledgers = read_data(data)
    with writing(workbook):
        write_fault_workbook(ledgers, workbook)
    faults = ledgers.check()
    return CheckReport(f"{_found(ledgers)}\n\n{summary(faults)}\n", workbook, exit_code(faults))


def write_dictionary(out: str) -> Path:
    """Write the data dictionary as a workbook and return its path; InputError where that cannot be."""
    workbook = Path(out).resolve()
    _refuse_unless_xlsx(workbook)
    with writing(workbook):
        write_workbook([Sheet("数据字典", data_dictionary())], workbook)
    return workbook


def dictionary() -> str:
    """Return the data dictionary as text."""
    blocks = []
    for ledger in catalogue().values():
        blocks.append(f"{ledger.zh}（一行是{ledger.row}）")
        for column in ledger.columns:
            unit = f"，{column.unit}" if column.unit else ""
            names = f"；也可写作 {'、'.join(column.aliases)}" if column.aliases else ""
            blocks.append(f"  {column.zh}（{column.name}{unit}）：{column.meaning}{names}")
        blocks.append("")
    return "\n".join(blocks).rstrip()


def _found(ledgers: Ledgers) -> str:
    """Say which ledgers were found with how many rows, and which years they hold."""
    ledger_lines = [
        f"  {catalogue()[name].zh} {len(ledgers[name]):,} 行" for name in catalogue() if ledgers.has(name)
    ]
    years = ledgers.years
    held = f"{years[0]}–{years[-1]} 年" if len(years) > 1 else "、".join(f"{year} 年" for year in years)
    head = f"{ledgers.district}，{held}" if held else ledgers.district
    return "\n".join([head, *(ledger_lines or ["  没有读到台账"])])


def _refuse_unless_xlsx(path: Path) -> None:
    if path.suffix.lower() != ".xlsx":
        raise InputError(f"“{path.name}”应以 .xlsx 结尾。")
