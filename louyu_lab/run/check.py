"""``louyu check``: every fault of a folder on screen and in a workbook, and the data dictionary."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from louyu_lab.ledgers.catalogue import catalogue, data_dictionary
from louyu_lab.ledgers.model import Ledgers
from louyu_lab.ledgers.review import decisions
from louyu_lab.run.fault_report import exit_code, summary
from louyu_lab.run.folder import refuse_among_ledgers, writing
from louyu_lab.run.parameters import InputError
from louyu_lab.run.project import OUTPUTS, data_folder
from louyu_lab.run.returns.report import REPLIES_FILE, next_steps, reply_summary
from louyu_lab.run.workbooks import Sheet, write_fault_workbook, write_workbook

#: Name of the fault workbook.
_NAME = "核对表.xlsx"


@dataclass(frozen=True)
class CheckReport:
    """What a check found: text for the screen, where the fault workbook lies, the exit code.

    ``written`` are all files and folders written, each with what to call it.
    """

    text: str
    workbook: Path
    exit_code: int
    written: tuple[tuple[str, Path], ...] = ()


def check_folder(folder: str, out: str | None = None, replies: str | None = None) -> CheckReport:
    """Read a folder of ledgers and report every fault; write 核对表.xlsx, 核实单/ and 复核.xlsx.

    ``out`` is their folder, by default ``outputs/核对_<folder>``, or the fault workbook (``.xlsx``), the
    others beside it. ``replies`` is a folder of slips, or of a 复核.xlsx, that came back: what they say is
    entered into 更正.xlsx and 复核.xlsx of the data folder before it is read, and listed in full beside the
    fault workbook. Raises InputError for a folder that is not
    there, for results that would lie among the ledgers or cannot be written, and for replies or
    workbooks that cannot be used.
    """
    from louyu_lab.run.reading import read_data
    from louyu_lab.run.returns.question_book import write_questions
    from louyu_lab.run.returns.slip_folder import SLIPS, write_slips

    data = data_folder(folder)
    workbook = _workbook(out, data)
    refuse_among_ledgers(workbook, data, "核对表")
    came_back, in_full = _read_back(data, replies) if replies else ("", "")
    ledgers = read_data(data)
    with writing(workbook):
        write_fault_workbook(ledgers, workbook)
        if in_full:
            (workbook.parent / REPLIES_FILE).write_text(in_full + "\n", encoding="utf-8")
    slips = write_slips(ledgers, data, workbook.parent / SLIPS)
    asked = write_questions(ledgers, data, workbook.parent / decisions.FILE)
    faults = ledgers.check()
    parts = (came_back, _found(ledgers), summary(faults), next_steps(slips, asked, folder))
    written = [("核对表", workbook)]
    written += [("核实单", workbook.parent / SLIPS)] if slips.slips else []
    written += [("待定事项", asked.path)] if asked.open or asked.waiting else []
    written += [("读回的答复", workbook.parent / REPLIES_FILE)] if in_full else []
    text = "\n\n".join(part for part in parts if part) + "\n"
    return CheckReport(text, workbook, exit_code(faults), tuple(written))


def _workbook(out: str | None, data: Path) -> Path:
    """Return where the fault workbook goes; ``out`` names it, or the folder for it."""
    if out is None:
        return (OUTPUTS / f"核对_{data.name}" / _NAME).resolve()
    target = Path(out)
    if not target.suffix or (target.is_dir() and target.suffix.lower() != ".xlsx"):
        return (target / _NAME).resolve()
    _refuse_unless_xlsx(target)
    return target.resolve()


def _read_back(data: Path, replies: str) -> tuple[str, str]:
    """Enter what the replies say into the data folder's workbooks, and say so: in short, and in full."""
    from louyu_lab.run.returns.register import register
    from louyu_lab.run.returns.replies import read_replies

    folder = Path(replies).expanduser().resolve()
    if not folder.is_dir():
        raise InputError(f"找不到回复文件夹“{replies}”。请把发回的核实单放在一个文件夹里。")
    if folder.is_relative_to(data):
        raise InputError(f"回复不能放在台账文件夹“{data.name}”里，会被当作台账。请移到别处再读。")
    answers = read_replies(folder)
    entered = register(data, answers)
    return reply_summary(answers, entered), reply_summary(answers, entered, whole=True)


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
