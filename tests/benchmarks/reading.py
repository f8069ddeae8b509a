"""Benchmarks, apart from the test suite: ``python tests/benchmarks/reading.py``.

Each figure is the median of three; the files are made once and kept in the system's temporary folder.
"""

from __future__ import annotations

import datetime as dt
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from louyu_lab.ledgers import Ledgers, read_ledgers
from louyu_lab.ledgers.credit_codes import ALPHABET, check_digit

ROWS = 100_000
CSV_ROWS = 24_310
REPEATS = 3

#: Ratio that reading and checking a workbook should reach against pandas with openpyxl reading alone.
GOAL = 4.0

COLUMNS = (
    *("统一社会信用代码", "企业名称", "楼宇名称", "楼层", "行业", "经营范围"),
    *("租用面积(㎡)", "迁入日期", "迁出日期", "区内注册"),
)
#: Runs ``louyu demo`` and prints its peak memory in MB (Linux counts it in KiB).
_MEASURED = """
import resource, sys
from louyu_lab.cli import main
assert main(["demo", *sys.argv[1:]]) == 0
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""
_SCOPES = (
    "软件开发、信息技术咨询服务",
    "商务信息咨询、会议及展览服务",
    "货物进出口、日用百货批发零售",
    "资产管理、投资咨询",
)


def main() -> None:
    """Print the medians and the ratio."""
    folder = Path(tempfile.gettempdir()) / "louyu_benchmarks"
    workbook = folder / "workbook" / "企业台账.xlsx"
    table = folder / "table" / "企业台账.csv"
    if not (workbook.exists() and table.exists()):
        print("制作测试文件……")
        frame = tenancies(ROWS, np.random.default_rng(2020))
        write_workbook(frame, workbook)
        table.parent.mkdir(parents=True, exist_ok=True)
        frame.head(CSV_ROWS).to_csv(table, index=False, encoding="utf-8-sig")
    ours, ledgers = median_seconds(lambda: read_ledgers(workbook.parent))
    check_read(ledgers, ROWS)
    theirs, _ = median_seconds(lambda: pd.read_excel(workbook, engine="openpyxl"))
    text, ledgers = median_seconds(lambda: read_ledgers(table.parent))
    check_read(ledgers, CSV_ROWS)
    print(f"{ROWS:,} 行工作簿：读入并检查 {ours:.2f} s，pandas+openpyxl 只读 {theirs:.2f} s")
    print(f"  {theirs / ours:.1f} 倍（目标 {GOAL:g} 倍）")
    print(f"{CSV_ROWS:,} 行 CSV：读入并检查 {text:.2f} s")
    planted_districts()


def planted_districts() -> None:
    """Print how long `louyu demo` takes with its start, and how much memory a very large district needs."""
    for buildings, difficulty in (
        (89, "plain"),
        (89, "realistic"),
        (89, "confounded"),
        (10_000, "realistic"),
    ):
        with tempfile.TemporaryDirectory() as folder:
            command = [sys.executable, "-c", _MEASURED, "--buildings", str(buildings), "--out", folder]
            start = time.perf_counter()
            ended = subprocess.run(
                [*command, "--difficulty", difficulty], capture_output=True, text=True, check=True
            )
            seconds = time.perf_counter() - start
        peak = ended.stdout.splitlines()[-1]
        print(f"louyu demo，{buildings:,} 幢 × 8 年，{difficulty}：{seconds:.1f} s，内存最高 {peak} MB")


def tenancies(rows: int, rng: np.random.Generator) -> pd.DataFrame:
    """Return a fictional tenancy ledger of ``rows`` distinct firms."""
    signs = np.array(list(ALPHABET))
    bodies = ["91210102" + "".join(signs[row]) for row in rng.integers(0, 31, (rows, 9))]
    moved_in = pd.Timestamp("2010-01-01") + pd.to_timedelta(rng.integers(0, 3650, rows), unit="D")
    stayed = pd.to_timedelta(rng.integers(90, 2000, rows), unit="D")
    left = rng.random(rows) < 0.3
    return pd.DataFrame(
        {
            "统一社会信用代码": [body + check_digit(body) for body in bodies],
            "企业名称": [f"某市第{number}商贸有限公司" for number in range(rows)],
            "楼宇名称": [f"第{number}大厦" for number in rng.integers(1, 200, rows)],
            "楼层": [f"{number}层" for number in rng.integers(1, 40, rows)],
            "行业": rng.choice(["软件和信息技术服务业", "商务服务业", "批发业"], rows),
            "经营范围": [
                f"{_SCOPES[i % 4]}、第{number}类服务" for i, number in enumerate(rng.integers(1, 9999, rows))
            ],
            "租用面积(㎡)": rng.integers(20, 3000, rows).astype(float),
            "迁入日期": [day.to_pydatetime() for day in moved_in],
            "迁出日期": [
                day.to_pydatetime() if gone else None
                for day, gone in zip(moved_in + stayed, left, strict=True)
            ],
            "区内注册": rng.choice(["是", "否"], rows),
        }
    )[list(COLUMNS)]


def write_workbook(frame: pd.DataFrame, path: Path) -> None:
    """Write the frame as the only sheet of a workbook."""
    import openpyxl

    path.parent.mkdir(parents=True, exist_ok=True)
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("企业台账")
    sheet.append(list(frame.columns))
    columns = [[None if value is pd.NaT else value for value in frame[name].tolist()] for name in frame]
    for row in zip(*columns, strict=True):
        sheet.append([value.to_pydatetime() if isinstance(value, pd.Timestamp) else value for value in row])
    book.save(path)


def median_seconds(work: Callable[[], object]) -> tuple[float, object]:
    """Return the median seconds of ``REPEATS`` runs and the last result."""
    seconds = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        result = work()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds), result


def check_read(ledgers: object, rows: int) -> None:
    """A benchmark of a wrong result is worth nothing."""
    assert isinstance(ledgers, Ledgers)
    assert len(ledgers["tenancies"]) == rows, ledgers.check()
    assert ledgers["tenancies"]["move_in_date"].min() >= dt.datetime(2010, 1, 1)
    assert "error" not in set(ledgers.check()["severity"])


if __name__ == "__main__":
    main()
