"""The same study whoever makes it, wherever and however: one fingerprint, the same results byte for byte."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from louyu_lab.ledgers.demo.planted import PlantedPlan
from louyu_lab.ledgers.demo.planted.writing import write_planted

ROOT = Path(__file__).resolve().parents[1]

#: A locale that knows no Chinese. Python itself cannot start under it from a folder with a Chinese name.
PLAIN_LOCALE = "C" if str(ROOT).isascii() else "C.UTF-8"


def run(data: Path, out: Path, here: Path, *options: str, **setting: str) -> dict:
    """Run the study from the folder ``here`` under another setting and return its manifest."""
    command = [sys.executable, "-m", "louyu_lab", "run", "--data", str(data), "--out", str(out), *options]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **setting}
    done = subprocess.run(
        command, cwd=here, env=environment, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads((out / "manifest.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict, dict]:
    """One district studied twice: here and plainly, and in the most different setting we can make."""
    base = tmp_path_factory.mktemp("same")
    write_planted(base / "data", PlantedPlan(buildings=24, years=4, seed=3))
    plain = run(base / "data", base / "plain" / "run", ROOT, "--jobs", "2")
    home, far = base / "张 三", base / "张 三" / "我的 文档" / "台账（2020）"
    (home / "临时 文件").mkdir(parents=True)
    far.mkdir(parents=True)
    shutil.copytree(base / "data", far / "data")
    # A matplotlibrc and a module of the user's that must count for nothing.
    (far / "matplotlibrc").write_text("figure.dpi: 33\naxes.facecolor: red\n", encoding="utf-8")
    (far / "statistics.py").write_text("raise RuntimeError\n", encoding="utf-8")
    other = run(
        *(far / "data", far / "结果 一", far, "--jobs", "1"),
        **{"LC_ALL": PLAIN_LOCALE, "LANG": "zh_CN.GB18030", "TZ": "Asia/Shanghai", "PYTHONHASHSEED": "12345"},
        **{"HOME": str(home), "TMPDIR": str(home / "临时 文件"), "OMP_NUM_THREADS": "2"},
    )
    return plain, other


def test_the_fingerprint_and_every_result_are_the_same(runs: tuple[dict, dict]) -> None:
    plain, other = runs
    assert plain["fingerprint"] == other["fingerprint"]
    here = {entry["path"]: entry["sha256"] for entry in plain["outputs"]}
    there = {entry["path"]: entry["sha256"] for entry in other["outputs"]}
    assert [path for path in here if here[path] != there.get(path)] == []
    assert plain["results"] == other["results"]


def test_every_chapter_ran(runs: tuple[dict, dict]) -> None:
    assert {stage["status"] for stage in runs[0]["stages"]} <= {"done", "skipped"}
    assert sum(stage["status"] == "done" for stage in runs[0]["stages"]) >= 6
