"""The panel opens on the run meant, on the latest, or without any on the ledgers."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from louyu_lab.analysis.scenarios.baseline.state import Baseline
from louyu_lab.run.panel import open_panel
from louyu_lab.run.panel.opening import chosen
from louyu_lab.run.parameters import InputError
from louyu_lab.run.project import notebooks_folder


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder, and a project, without any run."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("louyu_lab.run.panel.opening.project_root", lambda: tmp_path)
    return tmp_path


def test_it_opens_on_the_run_named(run: Path, data: Path) -> None:
    panel = open_panel(str(run), str(data), 20)
    assert "基准取自运行 示例区-2020-01234567" in panel.head.value
    assert list(panel.starts) == ["多消化两万", "利税返点"]


def test_it_opens_on_the_latest_run(empty: Path, run: Path) -> None:
    shutil.copytree(run, empty / "outputs" / run.name)
    assert chosen()[0] == (empty / "outputs" / run.name).resolve()


def test_a_run_without_its_ledgers_at_hand_has_no_files(empty: Path, run: Path) -> None:
    assert chosen(str(run)) == (run.resolve(), None)


def test_without_a_run_the_baseline_is_made_from_the_ledgers(
    empty: Path, data: Path, baseline: Baseline, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    monkeypatch.setattr("louyu_lab.run.reading.read_data", lambda folder, year: asked.append(folder))
    monkeypatch.setattr("louyu_lab.run.parameters.resolved_year", lambda ledgers, year: 2020)
    learned = "louyu_lab.analysis.scenarios.baseline.learning.baseline_of"
    monkeypatch.setattr(learned, lambda ledgers, year, horizon: baseline)
    panel = open_panel(data_dir=str(data), draws=20)
    assert asked == [data.resolve()]
    assert "还没有完成的运行" in panel.head.value


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"draws": 0}, "draws（模拟次数）应为 1–20000 的整数"),
        ({"draws": "很多"}, "现为“很多”"),
        ({"draws": True}, "draws"),
        ({"seed": -1}, "seed（随机种子）"),
        ({"run": "没有的"}, "找不到运行文件夹"),
        ({"data_dir": "没有的"}, "找不到台账文件夹"),
    ],
)
def test_what_cannot_be_right_is_refused(run: Path, given: dict, said: str) -> None:
    with pytest.raises(InputError, match=said):
        open_panel(**{"run": str(run), "draws": 20, **given})


def test_the_notebook_is_kept_without_outputs() -> None:
    """A widget kept in a notebook is one whose kernel is gone: the reader would see an error in its place."""
    cells = json.loads((notebooks_folder() / "what_if.ipynb").read_text(encoding="utf-8"))["cells"]
    assert [cell["outputs"] for cell in cells if cell["cell_type"] == "code"] == [[], []]


def test_the_notebook_runs_with_plain_papermill(run: Path, data: Path, tmp_path: Path) -> None:
    papermill = [sys.executable, "-m", "papermill", "--no-progress-bar", notebooks_folder() / "what_if.ipynb"]
    given = ["-p", "run", run, "-p", "data_dir", data, "-p", "draws", "50"]
    command = [*papermill, tmp_path / "out.ipynb", *given]
    done = subprocess.run([*map(str, command)], capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert "louyu what-if --page" in (tmp_path / "out.ipynb").read_text(encoding="utf-8")
