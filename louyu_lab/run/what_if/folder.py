"""Where the report on a scenario goes: never among ledgers, in a run, or in place of anybody's own files."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from louyu_lab.ledgers.beside import SCENARIOS
from louyu_lab.run.folder import refuse_among_ledgers, writing
from louyu_lab.run.parameters import InputError
from louyu_lab.run.what_if.choosing import data_folders, holds_inputs

#: The page, and the parameters on either side.
PAGE, BEFORE, AFTER = "report.html", "parameters.baseline.yaml", "parameters.scenario.yaml"

#: Tables that an answer may leave, each as CSV.
TABLE_NAMES = (
    *("scenarios", "targets_probability", "scenario_paths", "scenario_buildings", "scenario_gap"),
    *("scenario_changes", "scenario_money", "scenario_costs", "scenario_price", "scenario_tornado"),
    *("scenario_sweep", "scenario_goal", "scenario_legal"),
)

#: What an answer writes, the mark by which it is known first: written first, taken away last.
_PARTS = (BEFORE, AFTER, PAGE, *(f"{name}.csv" for name in TABLE_NAMES))

#: What file managers and office programs leave in any folder; nobody's own files.
_LEFT_BY_PROGRAMS = (".", "~$", "Thumbs.db", "desktop.ini")


def report_folder(run: Path, given: Path, against: Path | None, out: Path | None = None) -> Path:
    """Return where the report on a scenario file goes: beside the run, or ``out``.

    Raises InputError for a folder inside a run, whose manifest it would break, for one of ledgers, and for
    one that holds anything but an earlier answer.
    """
    name = f"{given.stem}_对比_{against.stem}" if against else given.stem
    run = run.resolve()
    folder = out.expanduser().resolve() if out else run.with_name(f"{run.name}-what-if") / name
    around = (folder, *folder.parents)
    if any((each / "manifest.json").is_file() for each in around):
        raise InputError(f"“{folder}”在一次运行的结果里，推演的报告不能写在那里。请用 --out 换一个文件夹。")
    if folder.exists() and not folder.is_dir():
        raise InputError(f"“{folder}”是一个文件，不能存放报告。请用 --out 换一个文件夹。")
    for data in _ledgers(run, given, around):
        refuse_among_ledgers(folder, data, "推演的报告")
    with writing(folder):
        refuse_foreign(folder)
    return folder


def _ledgers(run: Path, given: Path, around: Iterable[Path]) -> list[Path]:
    """Return the folders of ledgers known: of the run, wherever it lay, and of the scenario file."""
    beside = given.resolve().parent
    own = [beside.parent] if beside.name == SCENARIOS else []
    return [*own, *data_folders(run), *(each for each in around if holds_inputs(each, run))]


def refuse_foreign(folder: Path) -> None:
    """Raise InputError where a folder holds anything but an earlier answer: no file of anybody's is lost."""
    held = [path for path in folder.iterdir() if not _is_left(path.name)] if folder.is_dir() else []
    foreign = sorted(path.name for path in held if path.name not in _PARTS or not path.is_file())
    if held and not foreign and not (folder / BEFORE).is_file():
        foreign = sorted(path.name for path in held)
    if foreign:
        raise InputError(
            f"“{folder}”里有别的文件（如“{foreign[0]}”），不只是一次推演的报告。"
            "为免误删，请移走它们，或用 --out 换一个空文件夹。"
        )


def _is_left(name: str) -> bool:
    return name.startswith(_LEFT_BY_PROGRAMS)


def cleared(folder: Path) -> Path:
    """Return the folder, made where it is not there yet, without what an earlier answer left in it.

    Raises InputError, and takes nothing away, where it holds anything else.
    """
    refuse_foreign(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name in reversed(_PARTS):
        (folder / name).unlink(missing_ok=True)
    return folder
