"""``louyu check``."""

from __future__ import annotations

import argparse

from louyu_lab.cli.codes import DONE
from louyu_lab.cli.parsing import Parser
from louyu_lab.run.parameters import InputError


def add_check(program: Parser) -> None:
    """Add ``louyu check``."""
    check = program.add_command(
        "check",
        _check,
        help="核对台账",
        description="列出台账的全部问题，写成核对表、各街道的核实单和待定事项；"
        "填回的核实单和填好的待定事项用 --replies 读回，记成更正和决定。",
    )
    check.add_argument("folder", metavar="文件夹", nargs="?", help="台账文件夹")
    check.add_argument("--replies", metavar="文件夹", help="填回的核实单（或填好的 复核.xlsx）所在的文件夹")
    check.add_argument("--dictionary", action="store_true", help="显示各台账的列（数据字典）")
    check.add_argument(
        "--out",
        metavar="文件.xlsx",
        help="核对表（或数据字典）的文件名，或放它的文件夹，核实单放在旁边；默认 outputs/核对_<文件夹>/",
    )


def _check(options: argparse.Namespace) -> int:
    from louyu_lab.run import check

    if options.dictionary:
        print(f"数据字典：{check.write_dictionary(options.out)}" if options.out else check.dictionary())
        return DONE
    if not options.folder:
        raise InputError("请给出台账文件夹，如 louyu check data/demo；只看各列的说明用 --dictionary。")
    report = check.check_folder(options.folder, options.out, replies=options.replies)
    print(report.text)
    for label, path in report.written:
        print(f"{label}：{path}")
    return report.exit_code
