"""The command line: ``louyu run``, ``louyu check``, ``louyu demo``, ``louyu lab``.

Exit codes: 0 done; 1 something of ours failed; 2 the input needs mending. No traceback ever reaches
the user: it goes to a log whose path is printed.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from louyu_lab.run.parameters import InputError

DONE, FAILED, MEND = 0, 1, 2

_ERROR_LOG = Path("outputs") / "louyu-error.log"

_ARGPARSE_ZH = (
    ("the following arguments are required:", "缺少参数："),
    ("unrecognized arguments:", "不认识的参数："),
    ("invalid choice:", "没有这个命令："),
    ("invalid int value:", "应为整数，现为"),
    ("expected one argument", "后面要跟一个值"),
    ("(choose from", "（可用："),
    ("argument ", "参数 "),
)


class _Parser(argparse.ArgumentParser):
    """An argument parser that speaks Chinese."""

    def __init__(self, **options: Any) -> None:
        """Leave argparse's own help option out in favour of a Chinese one."""
        super().__init__(add_help=False, allow_abbrev=False, **options)
        self._positionals.title, self._optionals.title = "参数", "选项"
        self.add_argument("-h", "--help", action="help", help="显示这份说明")

    def format_usage(self) -> str:
        """Return the usage line."""
        return super().format_usage().replace("usage:", "用法：", 1)

    def format_help(self) -> str:
        """Return the whole help text."""
        return super().format_help().replace("usage:", "用法：", 1)

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the command and exit with 2."""
        for english, chinese in _ARGPARSE_ZH:
            message = message.replace(english, chinese)
        self.exit(MEND, f"{message}\n用 {self.prog} --help 查看用法。\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    _print_whatever_the_console()
    options = _parser().parse_args(arguments)
    try:
        return options.command(options)
    except InputError as error:
        print(error, file=sys.stderr)
        return MEND
    except KeyboardInterrupt:
        print("已中断。", file=sys.stderr)
        return FAILED
    except Exception:
        print(f"程序出错，没有完成。详情见 {_logged(traceback.format_exc())}", file=sys.stderr)
        return FAILED


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="louyu", description="楼宇经济研究工作台：从一文件夹台账到一份可复核的研究。")
    commands = parser.add_subparsers(title="命令", metavar="命令", required=True, parser_class=_Parser)

    run = commands.add_parser("run", help="运行年度研究", description="读台账，逐章运行，写出研究报告。")
    run.add_argument("--data", metavar="文件夹", default="", help="台账文件夹，默认 data/demo")
    run.add_argument("--year", metavar="年份", type=int, help="研究年份，默认台账里最近一年")
    run.add_argument("--out", metavar="文件夹", help="结果文件夹，默认 outputs/ 下自动命名")
    run.add_argument("--replace", action="store_true", help="结果文件夹里是另一次运行时，覆盖它")
    run.set_defaults(command=_run)

    check = commands.add_parser("check", help="核对台账", description="列出台账的全部问题，并写成核对表。")
    check.add_argument("folder", metavar="文件夹", nargs="?", help="台账文件夹")
    check.add_argument("--dictionary", action="store_true", help="显示各台账的列（数据字典）")
    check.add_argument("--out", metavar="文件", help="核对表（或数据字典），默认 outputs/核对_<文件夹>.xlsx")
    check.set_defaults(command=_check)

    _add_demo(commands)

    lab = commands.add_parser("lab", help="打开 JupyterLab", description="在 notebooks/ 上打开 JupyterLab。")
    lab.set_defaults(command=_lab)
    return parser


def _add_demo(commands: Any) -> None:
    demo = commands.add_parser(
        "demo",
        help="生成知道答案的虚构区",
        description="写出一个虚构区的台账和 truth.yaml。truth.yaml 是答案：各种空置成因的真实影响、退租风险、"
        "各楼增长、楼宇类型、政策效果和留出的以后三年税收，用来检验方法。同样的参数写出同样的文件。",
    )
    demo.add_argument("--out", metavar="文件夹", required=True, help="写到哪里；文件夹须是空的或尚不存在")
    demo.add_argument("--buildings", metavar="幢数", type=int, help="楼宇数，默认 89")
    demo.add_argument("--years", metavar="年数", type=int, help="台账年数，到 2020 年为止，默认 8")
    demo.add_argument("--seed", metavar="种子", type=int, help="随机种子，默认 1")
    demo.add_argument(
        "--difficulty",
        metavar="难度",
        help="plain 成因互不相关、没有缺失；realistic 成因相关、楼宇各有特质、缺失和大户（默认）；"
        "confounded 另有看不见的品质同时左右成因和空置",
    )
    demo.add_argument("--format", metavar="格式", default="csv", help="csv（默认）或 xlsx")
    demo.set_defaults(command=_demo)


def _run(options: argparse.Namespace) -> int:
    from louyu_lab.run.annual import run_annual
    from louyu_lab.run.manifest import read_manifest

    run_dir = run_annual(options.data, options.year, options.out, replace=options.replace)
    stages = read_manifest(run_dir)["stages"]
    for stage in stages:
        if stage["reason"]:
            print(f"{stage['name']}：{stage['reason']}", file=sys.stderr)
    failed = [stage["name"] for stage in stages if stage["status"] == "failed"]
    if failed:
        print(f"有 {len(failed)} 章没有完成，详情见 {run_dir / 'logs'}", file=sys.stderr)
    print(f"研究报告：{run_dir / 'study.html'}")
    print(run_dir)
    return FAILED if failed else DONE


def _check(options: argparse.Namespace) -> int:
    from louyu_lab.run import check

    if options.dictionary:
        print(f"数据字典：{check.write_dictionary(options.out)}" if options.out else check.dictionary())
        return DONE
    if not options.folder:
        raise InputError("请给出台账文件夹，如 louyu check data/demo；只看各列的说明用 --dictionary。")
    report = check.check_folder(options.folder, options.out)
    print(report.text)
    print(f"核对表：{report.workbook}")
    return report.exit_code


def _demo(options: argparse.Namespace) -> int:
    from louyu_lab.ledgers.demo.planted import PlantedPlan, plan_problems
    from louyu_lab.run.folder import writing

    folder = Path(options.out)
    asked = {name: getattr(options, name) for name in ("buildings", "years", "seed", "difficulty")}
    plan = PlantedPlan(**{name: value for name, value in asked.items() if value is not None})
    problems = plan_problems(plan, options.format)
    with writing(folder):
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            problems.append(
                f"“{folder}”里已有文件，不会覆盖。请用 --out 换一个空文件夹，或先移走里面的文件。"
            )
        if problems:
            raise InputError("\n".join(problems))
        # Imported only once the request is known to be sound: the generator needs pandas.
        from louyu_lab.ledgers.demo.planted.writing import write_planted

        size = write_planted(folder, plan, options.format).summary["size"]
    print(
        f"虚构区台账：{size['buildings']:,} 幢楼宇，{size['enterprises']:,} 家企业，"
        f"{size['tenancies']:,} 段入驻，{plan.first_year}–{plan.last_year} 年，难度 {plan.difficulty}"
    )
    print(f"答案：{folder / 'truth.yaml'}")
    print(folder)
    return DONE


def _lab(_: argparse.Namespace) -> int:
    from louyu_lab.run.project import notebooks_folder

    return subprocess.call([sys.executable, "-m", "jupyterlab", str(notebooks_folder())])


def _print_whatever_the_console() -> None:
    """Print a question mark for a sign that an old console lacks, rather than stop there."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def _logged(text: str) -> Path:
    """Keep a traceback for whoever mends the program; return where.

    The temporary folder serves where nothing can be written here, often the very failure reported.
    """
    for log in (_ERROR_LOG, Path(tempfile.gettempdir()) / _ERROR_LOG.name):
        try:
            log.parent.mkdir(parents=True, exist_ok=True)
            log.write_text(text, encoding="utf-8")
        except OSError:
            continue
        return log.resolve()
    return Path(os.devnull)
