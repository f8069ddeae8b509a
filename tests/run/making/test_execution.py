"""One notebook: how its end is told, and that nothing of this machine stays in it."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from louyu_lab.run.graph import Stage
from louyu_lab.run.making.execution import execute_stage, kernel_environment
from louyu_lab.run.manifest import StageResult


@pytest.fixture
def passed(tmp_path: Path, data_dir: Path) -> dict:
    return {"data_dir": str(data_dir), "year": 2020, "seed": 0, "horizon_years": 3}


def executed(stage: Stage, source: Path, folder: Path, passed: dict, **options: float) -> StageResult:
    """Execute into ``folder``, the log beside."""
    return execute_stage(stage, source, folder, folder / "logs" / f"{stage.name}.log", passed, **options)


def test_a_chapter_that_skips_itself_is_skipped(
    tmp_path: Path, passed: dict, write_notebook: Callable[..., Path]
) -> None:
    source = write_notebook(tmp_path / "in" / "04_tax.ipynb", "税收", "chapter.skip('只有一年税收')")
    result = executed(Stage("04_tax", "税收"), source, tmp_path, passed)
    assert (result.status, result.reason) == ("skipped", "只有一年税收")


def test_a_saved_notebook_names_no_folder_time_or_address_of_this_machine(
    tmp_path: Path, passed: dict, data_dir: Path, write_notebook: Callable[..., Path]
) -> None:
    tells_all = "import sys, warnings\nwarnings.warn('小心')\nprint(data_dir, run_dir, sys.prefix)\nobject()"
    source = write_notebook(tmp_path / "in" / "01.ipynb", "核对", tells_all)
    assert executed(Stage("01", "核对"), source, tmp_path, passed).status == "done"
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
    result = executed(Stage("01", "核对"), source, tmp_path, passed)
    assert result.status == "failed"
    assert "缺 run_dir" in result.reason


def test_a_missing_or_broken_notebook_is_a_failure_in_words(tmp_path: Path, passed: dict) -> None:
    missing = executed(Stage("01", "核对"), tmp_path / "in" / "01.ipynb", tmp_path, passed)
    assert (missing.status, missing.reason) == ("failed", "找不到笔记本 01.ipynb")
    (tmp_path / "02.ipynb").write_text("{", encoding="utf-8")
    broken = executed(Stage("02", "现状"), tmp_path / "02.ipynb", tmp_path, passed)
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


def test_a_kernel_that_dies_is_named_as_such(
    tmp_path: Path, passed: dict, write_notebook: Callable[..., Path]
) -> None:
    source = write_notebook(tmp_path / "in" / "01.ipynb", "核对", "import os\nos._exit(9)")
    result = executed(Stage("01", "核对"), source, tmp_path, passed)
    assert (result.status, result.reason) == ("failed", "笔记本的进程中断了（多半是内存不足）")


def test_a_disk_that_fills_in_the_notebook_is_said_in_words(
    tmp_path: Path, passed: dict, write_notebook: Callable[..., Path]
) -> None:
    full = "raise OSError(28, 'No space left on device')"
    result = executed(
        Stage("01", "核对"), write_notebook(tmp_path / "01.ipynb", "核对", full), tmp_path, passed
    )
    assert result.reason == "单元 In [4] 写文件时磁盘已满"


def test_nothing_of_the_users_own_setting_reaches_a_kernel(
    tmp_path: Path, passed: dict, write_notebook: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    home, here = tmp_path / "张 三", tmp_path / "工作 目录"
    startup = home / ".ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "00.py").write_text("print('startup file ran')", encoding="utf-8")
    here.mkdir()
    (here / "matplotlibrc").write_text("figure.dpi: 33", encoding="utf-8")
    (here / "statistics.py").write_text("raise RuntimeError('shadowed')", encoding="utf-8")
    for name, value in {"HOME": str(home), "TZ": "Asia/Shanghai", "LC_ALL": "zh_CN.GB18030"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(here)
    tells = (
        "import locale, os, statistics, time\nimport matplotlib\n"
        "print(time.tzname[0], locale.getpreferredencoding(), matplotlib.rcParams['figure.dpi'] == 33)"
    )
    source = write_notebook(tmp_path / "in" / "01.ipynb", "核对", tells)
    with kernel_environment():
        result = executed(Stage("01", "核对"), source, tmp_path / "run", passed)
    assert result.status == "done", result.reason
    log = (tmp_path / "run" / "logs" / "01.log").read_text(encoding="utf-8")
    assert "UTC utf-8 False" in log.replace("UTF-8", "utf-8")
    assert "startup file ran" not in log


def test_a_temporary_folder_with_a_long_name_does_not_stop_a_kernel(
    tmp_path: Path, passed: dict, write_notebook: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    import tempfile

    long = tmp_path / ("很长的临时文件夹" * 4)
    long.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(long))
    source = write_notebook(tmp_path / "in" / "01.ipynb", "核对", "1")
    assert executed(Stage("01", "核对"), source, tmp_path, passed).status == "done"
