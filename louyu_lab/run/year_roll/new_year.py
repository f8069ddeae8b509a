"""``louyu new-year``: next year's folder from this year's, with configuration, decisions and empty forms."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from louyu_lab.ledgers.beside import SIDE_FILES, SIDE_FOLDERS
from louyu_lab.run.folder import refuse_among_ledgers, writing
from louyu_lab.run.parameters import FIRST_YEAR, LAST_YEAR, InputError
from louyu_lab.run.project import data_folder
from louyu_lab.run.year_roll.checklist import checklist
from louyu_lab.run.year_roll.open_matters import open_matters
from louyu_lab.run.year_roll.plan import PlannedForm, RollPlan, plan_roll


def new_year(source: Path, target: Path, year: int | None = None, history: bool = False) -> str:
    """Make next year's data folder and return in Chinese what came along and what must be renewed.

    The same text is written beside the folder, where no reader takes it for a ledger.
    ``year`` defaults to the year after the latest in ``source``; ``history`` brings the old ledgers
    along as they are. ``target`` must not exist or be empty; it appears whole or not at all. Raises
    InputError for a folder that is not there, one that may not be written, and a year that is no later.
    """
    from louyu_lab.run.reading import read_data

    folder = data_folder(str(source))
    target = Path(target).expanduser().resolve()
    refuse_among_ledgers(target, folder, "新一年的文件夹")
    _refuse_unless_empty(target)
    ledgers = read_data(folder)
    latest, year = _years(ledgers.years, year)
    plan = plan_roll(folder, latest, year, history)
    copied = _side_files(folder)
    made = target.with_name(target.name + "_未完成")
    with writing(target):
        shutil.rmtree(made, ignore_errors=True)
        made.mkdir(parents=True)
        for name in [*copied, *plan.carried]:
            (made / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(folder / name, made / name)
        lost = {form.name: _write(form, plan, made) for form in plan.forms}
        text = (
            f"{folder.name}（{latest} 年）→ {target.name}（{year} 年）\n"
            f"{checklist(made, ledgers, plan, copied, lost, latest, year, open_matters(ledgers, folder))}\n\n"
            f"填好后核对：louyu check {target}"
        )
        listed = _list_beside(target)
        listed.write_text(text + "\n", encoding="utf-8")
        if target.exists():
            target.rmdir()
        os.rename(made, target)
    return f"{text}\n这份清单存为：{listed}"


def _list_beside(target: Path) -> Path:
    """Where the checklist goes: a name that is free, since one there may hold somebody's ticks."""
    number, listed = 1, target.with_name(f"{target.name}_年度清单.txt")
    while listed.exists():
        number += 1
        listed = target.with_name(f"{target.name}_年度清单_{number}.txt")
    return listed


def _refuse_unless_empty(target: Path) -> None:
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise InputError(f"“{target}”里已有文件，不会覆盖。请换一个空文件夹，或先移走里面的文件。")


def _years(held: list[int], asked: int | None) -> tuple[int, int]:
    """Return the latest year held and the new one; InputError where the new one cannot be right."""
    if not held and not asked:
        raise InputError("台账里没有年份，不知道下一年是哪一年。请用 --year 写明新的年份。")
    latest = held[-1] if held else int(asked or 0) - 1
    year = asked or latest + 1
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise InputError(f"新的年份应在 {FIRST_YEAR}–{LAST_YEAR} 之间，现为 {year}。")
    if year <= latest:
        raise InputError(f"新的年份应晚于台账里最近的 {latest} 年，现为 {year}。")
    return latest, year


def _side_files(folder: Path) -> list[str]:
    """Configuration and decisions below the folder, as they are called, in order."""
    inside = [path for name in SIDE_FOLDERS for path in sorted((folder / name).rglob("*")) if path.is_file()]
    files = [folder / name for name in SIDE_FILES if (folder / name).is_file()]
    return [path.relative_to(folder).as_posix() for path in (*files, *inside) if path.name[0] not in ".~"]


def _write(form: PlannedForm, plan: RollPlan, folder: Path) -> list[str]:
    """Write one empty form; return what could not be kept."""
    content = plan.contents[form.source]
    if form.is_text:
        from louyu_lab.run.year_roll.texts import write_text_form

        write_text_form(form.sheets[0], content, folder / form.name)
        return []
    from louyu_lab.run.year_roll.workbooks import write_workbook_form

    return write_workbook_form(form.sheets, content, folder / form.name)
