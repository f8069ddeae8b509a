"""``louyu new-year``."""

from __future__ import annotations

import argparse
from pathlib import Path

from louyu_lab.cli.codes import DONE
from louyu_lab.cli.parsing import Parser
from louyu_lab.run.parameters import Parameters


def add_new_year(program: Parser) -> None:
    """Add ``louyu new-year``."""
    new_year = program.add_command(
        "new-year",
        _new_year,
        help="为下一年准备台账文件夹",
        description="照上一年的文件夹建下一年的：带上配置、更正和复核决定，台账留表头清空数据，列出要更新的内容。",
    )
    new_year.add_argument("source", metavar="上一年", help="上一年的台账文件夹")
    new_year.add_argument("target", metavar="下一年", help="新文件夹；须是空的或尚不存在")
    new_year.add_argument("--year", metavar="年份", help="新的一年，默认台账里最近一年的下一年")
    new_year.add_argument("--history", action="store_true", help="历年台账也一并复制，供下一年的研究用")


def _new_year(options: argparse.Namespace) -> int:
    year = _year(options.year)
    from louyu_lab.run.project import data_folder
    from louyu_lab.run.year_roll.new_year import new_year

    print(new_year(data_folder(options.source), Path(options.target), year, options.history))
    return DONE


def _year(text: str | None) -> int | None:
    """Return the year asked for, held to the schema; None where none was. Raises InputError."""
    return None if text is None else Parameters.from_mapping({"year": text}, "命令行").year or None
