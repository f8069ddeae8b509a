"""``louyu run`` and ``louyu run-many``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from louyu_lab.cli.asking import add_parameters, asked_for
from louyu_lab.cli.codes import DONE, FAILED
from louyu_lab.cli.parsing import Parser, count, minutes, one_of
from louyu_lab.run.parameters import InputError


def add_run(program: Parser) -> None:
    """Add ``louyu run``."""
    run = program.add_command(
        "run",
        _run,
        help="运行年度研究",
        description="读台账，逐章运行，写出研究报告。什么都没变时沿用上次的结果；中断过的接着做，做好的不重做。",
    )
    add_parameters(run)
    run.add_argument("--out", metavar="文件夹", help="结果文件夹，默认 outputs/ 下自动命名")
    run.add_argument("--replace", action="store_true", help="结果文件夹里是另一次运行时，覆盖它")
    run.add_argument("--jobs", metavar="个数", type=count, help="同时运行几章，默认由程序按机器决定")
    run.add_argument("--time-limit", metavar="分钟", type=minutes, help="每章最多运行几分钟，超过算没有完成")


def add_run_many(program: Parser) -> None:
    """Add ``louyu run-many``."""
    many = program.add_command(
        "run-many",
        _run_many,
        help="一次运行多个区",
        description="每个子文件夹是一个区，逐个运行年度研究，再汇总。一个区有问题不影响其他区。",
    )
    many.add_argument("root", metavar="总文件夹", help="里面每个子文件夹是一个区的台账")
    add_parameters(many, left_out=["data_dir"])
    many.add_argument(
        "--out", metavar="文件夹", help="结果文件夹，每区一个子文件夹；默认 outputs/多区_<总文件夹>"
    )
    many.add_argument("--jobs", metavar="个数", type=count, help="同时运行几个区，默认由程序按机器决定")
    many.add_argument(
        "--engine",
        metavar="方式",
        type=one_of("local", "dask"),
        default="local",
        help="local 在本机（默认）；dask 在 Dask 集群，各台机器都要能以同样的路径看到这些文件夹",
    )
    many.add_argument("--address", metavar="地址", default="", help="Dask 调度器地址，如 tcp://10.0.0.5:8786")


def _run(options: argparse.Namespace) -> int:
    asked = asked_for(options)
    out = Path(options.out) if options.out else None
    # Whether anything changed is found out without pandas: nothing heavy may be imported before.
    from louyu_lab.run.unchanged import finished_run

    run_dir = finished_run(asked, out)
    if run_dir is not None:
        print("输入、参数和程序都没有变，沿用上次的结果。", file=sys.stderr)
        return _told(run_dir)
    from louyu_lab.run.annual import run_annual

    limit = {} if options.time_limit is None else {"time_limit_s": options.time_limit * 60}
    return _told(run_annual(asked, out, replace=options.replace, jobs=options.jobs, **limit))


def _told(run_dir: Path) -> int:
    """Say how the chapters of a run ended and where it lies; return the exit code."""
    from louyu_lab.run.manifest import read_manifest

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


def _run_many(options: argparse.Namespace) -> int:
    asked = asked_for(options)
    if asked.data_dir:
        raise InputError("run-many 的台账文件夹是总文件夹下的各子文件夹。请从参数文件里去掉 data_dir。")
    if options.address and options.engine != "dask":
        raise InputError("--address 只用于 --engine dask。请加上 --engine dask，或去掉 --address。")
    from louyu_lab.run.districts.many import run_many

    root = Path(options.root)
    out = Path(options.out or Path("outputs") / f"多区_{root.resolve().name}")
    result = run_many(root, asked, out, options.jobs, options.engine, options.address)
    print(result.text)
    return result.exit_code
