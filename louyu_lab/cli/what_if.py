"""``louyu what-if``."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from louyu_lab.cli.codes import DONE
from louyu_lab.cli.parsing import Parser, count
from louyu_lab.cli.proving import run_folder
from louyu_lab.run.parameters import InputError

#: Courses of events simulated unless another number is asked for. An 80 % interval of fewer than the least
#: has not ten draws on either side; more than the most would not fit a usual memory.
_DRAWS, _LEAST_DRAWS, _MOST_DRAWS = 2000, 100, 20_000


def add_what_if(program: Parser) -> None:
    """Add ``louyu what-if``."""
    what_if = program.add_command(
        "what-if",
        _what_if,
        help="推演一个情景",
        description="把一个情景文件放到一次完成的运行上推演：几秒钟给出入驻、税收、目标的可能性和花费，写一份小报告。",
    )
    what_if.add_argument(
        "file", metavar="情景", nargs="?", help="情景文件，或它在台账文件夹 scenarios/ 里的名称"
    )
    what_if.add_argument(
        "--run", metavar="运行", help="运行文件夹，或它在 outputs/ 下的名称；默认最近完成的一次"
    )
    what_if.add_argument("--against", metavar="情景", help="与另一个情景对比；默认与基准对比")
    what_if.add_argument(
        "--draws",
        metavar="次数",
        type=_draws,
        default=_DRAWS,
        help=f"模拟次数，不少于 {_LEAST_DRAWS}，默认 {_DRAWS}",
    )
    what_if.add_argument("--seed", metavar="种子", type=_seed, default=0, help="随机种子，默认 0")
    what_if.add_argument(
        "--out",
        metavar="文件夹",
        help="报告文件夹，空的或放过推演报告的；默认在运行旁边的 <运行>-what-if/<情景>/",
    )
    what_if.add_argument(
        "--list", metavar="词", nargs="?", const="", dest="word", help="列出全部杠杆，或只列提到某个词的"
    )
    what_if.add_argument("--page", action="store_true", help="打开拖动滑杆的网页（只在本机），按 Ctrl-C 结束")


def _what_if(options: argparse.Namespace) -> int:
    if options.word is not None:
        from louyu_lab.run.what_if.listing import lever_list

        print(lever_list(options.word))
        return DONE
    # Which run and which file is found out before anything heavy is imported.
    from louyu_lab.run.what_if.choosing import latest_run, scenario_file

    run = run_folder(options.run) if options.run else None
    if options.page:
        from louyu_lab.run.panel.page import serve_page

        serve_page(run or "")
        return DONE
    if not options.file:
        raise InputError(
            "请给出情景文件，如 louyu what-if 情景.yaml；全部杠杆用 louyu what-if --list，网页用 --page。"
        )
    run = run or latest_run()
    given = scenario_file(options.file, run)
    against = scenario_file(options.against, run) if options.against else None
    return _answered(options, run, given, against)


def _answered(options: argparse.Namespace, run: Path, given: Path, against: Path | None) -> int:
    from louyu_lab.run.what_if.asking import asked
    from louyu_lab.run.what_if.folder import report_folder
    from louyu_lab.run.what_if.report import write_answer
    from louyu_lab.run.what_if.summary import summary

    folder = report_folder(run, given, against, Path(options.out) if options.out else None)
    answer = asked(run, given, against, draws=options.draws, seed=options.seed)
    print("\n".join(summary(answer, run.resolve().name)), flush=True)
    print(f"报告：{write_answer(answer, folder, run.resolve().name)}")
    return DONE


def _draws(text: str) -> int:
    read = count(text)
    if not _LEAST_DRAWS <= read <= _MOST_DRAWS:
        why = "：次数太少，区间和可能性都不可靠" if read < _LEAST_DRAWS else "：内存不够"
        raise argparse.ArgumentTypeError(f"应在 {_LEAST_DRAWS}–{_MOST_DRAWS} 之间，现为 {text}{why}")
    return read


def _seed(text: str) -> int:
    if not re.fullmatch("[0-9]{1,10}", text) or int(text) >= 2**32:
        raise argparse.ArgumentTypeError(f"应为 0–{2**32 - 1} 的整数，现为 {text}")
    return int(text)
