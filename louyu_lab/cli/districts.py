"""``louyu demo`` and ``louyu lab``."""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from louyu_lab.cli.codes import DONE
from louyu_lab.cli.parsing import Parser
from louyu_lab.run.parameters import InputError


def add_demo(program: Parser) -> None:
    """Add ``louyu demo``."""
    demo = program.add_command(
        "demo",
        _demo,
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


def add_lab(program: Parser) -> None:
    """Add ``louyu lab``."""
    program.add_command("lab", _lab, help="打开 JupyterLab", description="在 notebooks/ 上打开 JupyterLab。")


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
