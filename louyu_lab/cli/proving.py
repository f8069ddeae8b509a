"""``louyu verify`` and ``louyu diff``."""

from __future__ import annotations

import argparse
from pathlib import Path

from louyu_lab.cli.codes import DONE, MEND
from louyu_lab.cli.parsing import Parser
from louyu_lab.run.parameters import InputError, nearest_name

#: Where runs lie that were given no folder of their own.
_RUNS = Path("outputs")


def add_verify(program: Parser) -> None:
    """Add ``louyu verify``."""
    verify = program.add_command(
        "verify",
        _verify,
        help="核验一次运行的结果",
        description="重算运行文件夹里每个结果文件的哈希，指出改过、缺少、多出的文件。一个字节不同也会指出。",
    )
    verify.add_argument("run", metavar="运行", help="运行文件夹，或它在 outputs/ 下的名称")
    verify.add_argument("--data", metavar="文件夹", help="同时核对台账：与当时读入的是否一致")


def add_diff(program: Parser) -> None:
    """Add ``louyu diff``."""
    diff = program.add_command(
        "diff",
        _diff,
        help="比较两次运行",
        description="先前的在前，后来的在后：输入、参数和各表有什么变化，写成通报和工作簿。",
    )
    diff.add_argument("before", metavar="先前", help="运行文件夹，或它在 outputs/ 下的名称")
    diff.add_argument("after", metavar="后来", help="同上")
    diff.add_argument(
        "--out", metavar="文件.xlsx", help="差异工作簿（或放它的文件夹），默认放在后一个运行旁边"
    )


def run_folder(named: str) -> Path:
    """Return the folder of a run given by its path or its name under ``outputs/``; InputError for none.

    One that is being made or was broken off is given too: what it lacks is said there.
    """
    from louyu_lab.run.proof.unfinished import is_under_way

    folders = (Path(named).expanduser(), _RUNS / named)
    found = next((folder for folder in folders if folder.is_dir()), None)
    found = found or next((folder for folder in folders if is_under_way(folder)), None)
    if found:
        return found
    held = sorted(path.name for path in _RUNS.glob("*") if (path / "manifest.json").is_file())
    near = nearest_name(Path(named).name, held)
    hint = f"是否想写 {near}？" if near else ""
    listed = f"outputs/ 里有：{'、'.join(held)}。" if held else "请给出运行文件夹的路径。"
    raise InputError(f"找不到运行“{named}”。{hint}{listed}")


def _verify(options: argparse.Namespace) -> int:
    run_dir = run_folder(options.run)
    from louyu_lab.run.proof.verify import verify_run

    verification = verify_run(run_dir, _data(options.data))
    print(verification.text)
    return DONE if verification.ok else MEND


def _data(named: str | None) -> Path | None:
    from louyu_lab.run.project import data_folder

    return data_folder(named) if named else None


def _diff(options: argparse.Namespace) -> int:
    before, after = run_folder(options.before), run_folder(options.after)
    from louyu_lab.run.compare import compare_runs

    # The text ends with where the workbook lies.
    print(compare_runs(before, after, Path(options.out) if options.out else None).text)
    return DONE
