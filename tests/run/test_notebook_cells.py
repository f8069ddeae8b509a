"""The notebooks' parameters cells follow the schema, and papermill by hand cannot run on a wrong name."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import nbformat
import papermill
import pytest
from papermill.exceptions import PapermillExecutionError

from louyu_lab.run.notebook_cells import (
    declared_parameters,
    injected_faults,
    parameter_faults,
    refuse_unknown_injected,
)
from louyu_lab.run.project import notebooks_folder

CELL = 'data_dir = ""  # 台账文件夹\nyear = 0\nrun_dir = ""\nseed = 0'
BAD = "# Parameters\nyaer = 2020"


def notebook_of(*cells: tuple[str, str, list[str]]) -> nbformat.NotebookNode:
    """A notebook of (kind, source, tags)."""
    made = {"code": nbformat.v4.new_code_cell, "markdown": nbformat.v4.new_markdown_cell}
    return nbformat.v4.new_notebook(
        cells=[made[kind](text, metadata={"tags": tags}) for kind, text, tags in cells]
    )


def faults_of(folder: Path, *cells: tuple[str, str, list[str]]) -> list[str]:
    nbformat.write(notebook_of(*cells), folder / "04.ipynb")
    return parameter_faults(folder / "04.ipynb")


@pytest.mark.parametrize(
    "notebook", sorted(notebooks_folder().glob("[0-9]*.ipynb")), ids=lambda path: path.stem
)
def test_each_chapter_follows_the_schema(notebook: Path) -> None:
    assert parameter_faults(notebook) == []


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (CELL + "\nhorizon_years = 3", None),
        ('data_dir: str = ""\nyear: int = 0\nrun_dir = ""', None),
        (CELL + "\nyaer = 0", "没有参数 yaer，是否想写 year？"),
        (CELL.replace("year = 0", "year = 2020"), "参数 year 的默认值应为 0，现为 2020"),
        (CELL.replace("year = 0", "year = 0.0"), "参数 year 的默认值应为 0，现为 0.0"),
        (CELL.replace("seed = 0", "seed = False"), "参数 seed 的默认值应为 0，现为 False"),
        (CELL.replace("year = 0", "year = int('0')"), "参数 year 的默认值“int('0')”是算出来的"),
        (CELL + "\nhorizon_years = year + 3", "参数 horizon_years 的默认值“year + 3”是算出来的"),
        (CELL + "\nyear = 0", "参数 year 写了两次"),
        (CELL + "\nimport pandas", "第 5 行“import pandas”不是“名称 = 值”"),
        (CELL + "\nseed = year = 0", "不是“名称 = 值”"),
        (CELL.replace("year = 0", "year: int"), "不是“名称 = 值”"),
        (CELL.replace('run_dir = ""', 'run_dir = "outputs"'), "参数 run_dir 的默认值应为 ''"),
        ("seed = 0", "缺 data_dir、year、run_dir"),
        ("year = ", "第 1 行读不懂"),
    ],
)
def test_a_cell_is_held_to_names_literals_and_defaults(tmp_path: Path, source: str, said: str | None) -> None:
    faults = faults_of(
        tmp_path, ("markdown", "# 标题", []), ("code", source, ["parameters"]), ("code", "1", [])
    )
    if said is None:
        assert faults == []
    else:
        assert any(said in fault for fault in faults)
        assert all(fault.startswith("04.ipynb：") for fault in faults)


def test_there_is_one_such_cell_and_it_comes_first(tmp_path: Path) -> None:
    tagged, other = ("code", CELL, ["parameters"]), ("code", "x = 1", [])
    assert "现有 0 个" in faults_of(tmp_path, other)[0]
    assert "现有 2 个" in faults_of(tmp_path, tagged, tagged)[0]
    assert "现有 0 个" in faults_of(tmp_path, ("markdown", CELL, ["parameters"]))[0]
    assert "参数单元之前有别的代码" in faults_of(tmp_path, other, tagged)[0]


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    assert len(faults_of(tmp_path, ("code", "yaer = 0\nseed = 1\nx()", ["parameters"]))) == 4


def test_the_declared_names_are_those_assigned(tmp_path: Path) -> None:
    nbformat.write(
        notebook_of(("code", CELL, ["parameters"]), ("code", "other = 1", [])), tmp_path / "a.ipynb"
    )
    assert declared_parameters(tmp_path / "a.ipynb") == {"data_dir", "year", "run_dir", "seed"}
    (tmp_path / "b.ipynb").write_text("{", encoding="utf-8")
    with pytest.raises(ValueError):
        declared_parameters(tmp_path / "b.ipynb")


@pytest.mark.parametrize(
    ("history", "unknown"),
    [
        ([CELL, BAD], ["yaer"]),
        ([CELL, "# Parameters\nyear = 2020\nyaer = 1\nseeed = float('nan')\n"], ["yaer", "seeed"]),
        # In the schema, but nothing in this notebook takes it.
        ([CELL, "# Parameters\nhorizon_years = 5"], ["horizon_years"]),
        ([CELL + "\nhorizon_years = 3", "# Parameters\nhorizon_years = 5"], []),
        ([CELL, '# Parameters\ndata_dir = "区"\nyear = 2020\nrun_dir = "r"\nyaer = 1'], ["yaer"]),
        # Without a parameters cell papermill injects at the top.
        ([BAD, "x = 1"], ["yaer"]),
        ([CELL, "# Parameters\nyear = 2020"], []),
        # The notebook's own parameters cell opens with the same words, and has one of its own besides.
        (["# Parameters\n" + CELL + "\nthreshold = 1"], []),
        (["# Parameters\n" + CELL, BAD], ["yaer"]),
        # The user's own cells: further down, computing, or explained.
        ([CELL, "import os", BAD], []),
        ([CELL, "# Parameters\nthreshold = year / 2"], []),
        ([CELL, "# Parameters\n# 门槛\nthreshold = 1"], []),
        ([CELL, "# Parameters of the plot\nthreshold = 1"], []),
        ([CELL, "# Parameters\nplot(threshold=1)"], []),
        ([CELL, "# Parameters\n%matplotlib inline"], []),
        # Mended and executed again in the same kernel.
        (["", CELL, BAD, "open_chapter()", CELL, "open_chapter()"], []),
        (["", CELL, BAD, "open_chapter()", CELL, "# Parameters\nyear = 2020"], []),
        ([], []),
        (["# Parameters", "x ="], []),
    ],
)
def test_only_what_papermill_injects_is_looked_at(history: list[str], unknown: list[str]) -> None:
    faults = injected_faults(history)
    assert [fault.split("没有参数 ")[1].split("，")[0].split("。")[0] for fault in faults] == unknown
    assert all("# Parameters" in fault for fault in faults)


def test_outside_ipython_there_is_nothing_to_refuse() -> None:
    refuse_unknown_injected()


@pytest.fixture(scope="module")
def chapter_notebook(tmp_path_factory: pytest.TempPathFactory, write_notebook: Callable[..., Path]) -> Path:
    folder = tmp_path_factory.mktemp("by_hand")
    return write_notebook(folder / "02.ipynb", "现状", "print(repr(chapter.parameters.year))")


def executed(notebook: Path, **parameters: object) -> str:
    """Execute as papermill does by hand; return what the last cell printed."""
    content = papermill.execute_notebook(
        str(notebook),
        None,
        parameters=parameters,
        kernel_name="python3",
        language="python",
        progress_bar=False,
    )
    return "".join(output["text"] for output in content.cells[-1].outputs)


def test_papermill_by_hand_gives_a_number_for_a_text(chapter_notebook: Path) -> None:
    assert executed(chapter_notebook, year="2020") == "2020\n"


@pytest.mark.parametrize(
    ("parameters", "said"),
    [({"yaer": 2020}, "没有参数 yaer，是否想写 year？"), ({"year": "2020年"}, "year（年份）应为整数")],
)
def test_papermill_by_hand_cannot_run_on_what_is_wrong(
    chapter_notebook: Path, parameters: dict, said: str
) -> None:
    with pytest.raises(PapermillExecutionError) as refused:
        executed(chapter_notebook, **parameters)
    assert refused.value.ename == "InputError"
    assert said in refused.value.evalue


def test_looking_at_cells_loads_no_heavy_library() -> None:
    code = (
        "import sys, louyu_lab.run.notebook_cells\n"
        "sys.exit(' '.join(name for name in ('pandas', 'papermill', 'IPython') if name in sys.modules) or 0)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
