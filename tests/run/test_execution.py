"""One notebook: how its end is told, and that nothing of this machine stays in it."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from louyu_lab.run.execution import execute_stage, kernel_environment
from louyu_lab.run.graph import Stage


@pytest.fixture
def passed(tmp_path: Path, data_dir: Path) -> dict:
    return {"data_dir": str(data_dir), "year": 2020, "run_dir": str(tmp_path), "seed": 0}


def test_a_chapter_that_skips_itself_is_skipped(
    tmp_path: Path, passed: dict, write_notebook: Callable[..., Path]
) -> None:
    source = write_notebook(tmp_path / "in" / "04_tax.ipynb", "税收", "chapter.skip('只有一年税收')")
    result = execute_stage(Stage("04_tax", "税收"), source, tmp_path, passed)
    assert (result.status, result.reason) == ("skipped", "只有一年税收")


def test_a_saved_notebook_names_no_folder_time_or_address_of_this_machine(
    tmp_path: Path, passed: dict, data_dir: Path, write_notebook: Callable[..., Path]
) -> None:
    tells_all = "import sys, warnings\nwarnings.warn('小心')\nprint(data_dir, run_dir, sys.prefix)\nobject()"
    source = write_notebook(tmp_path / "in" / "01.ipynb", "核对", tells_all)
    assert execute_stage(Stage("01", "核对"), source, tmp_path, passed).status == "done"
    text = (tmp_path / "notebooks" / "01.ipynb").read_text(encoding="utf-8")
    for private in (str(tmp_path), str(data_dir), str(Path.home()) + "/", "0x7", "start_time", "UserWarning"):
        assert private not in text
    injected = next(cell for cell in json.loads(text)["cells"] if cell["id"] == "injected-parameters")
    # Opened by hand where it lies, the notebook finds its run one folder up.
    assert 'run_dir = ".."' in injected["source"]
    assert "小心" in (tmp_path / "logs" / "01.log").read_text(encoding="utf-8")


def test_a_notebook_without_its_parameters_does_not_run_on_something_else(
    tmp_path: Path, passed: dict, write_notebook: Callable[..., Path]
) -> None:
    source = write_notebook(tmp_path / "in" / "01.ipynb", "核对", parameters='data_dir = ""\nyear: int = 0')
    result = execute_stage(Stage("01", "核对"), source, tmp_path, passed)
    assert result.status == "failed"
    assert "缺 run_dir" in result.reason


def test_a_missing_or_broken_notebook_is_a_failure_in_words(tmp_path: Path, passed: dict) -> None:
    missing = execute_stage(Stage("01", "核对"), tmp_path / "in" / "01.ipynb", tmp_path, passed)
    assert (missing.status, missing.reason) == ("failed", "找不到笔记本 01.ipynb")
    (tmp_path / "02.ipynb").write_text("{", encoding="utf-8")
    broken = execute_stage(Stage("02", "现状"), tmp_path / "02.ipynb", tmp_path, passed)
    assert broken.reason.startswith("笔记本没能运行")
    assert "Traceback" in (tmp_path / "logs" / "02.log").read_text(encoding="utf-8")


def test_the_environment_is_put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "4")
    monkeypatch.delenv("PYTHONHASHSEED", raising=False)
    with kernel_environment():
        assert os.environ["OMP_NUM_THREADS"] == "1"
        assert os.environ["PYTHONHASHSEED"] == "0"
    assert os.environ["OMP_NUM_THREADS"] == "4"
    assert "PYTHONHASHSEED" not in os.environ
