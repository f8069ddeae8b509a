"""Chapters as a graph: order, side by side, nothing in vain, nothing stale."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from louyu_lab.run.annual import run_annual
from louyu_lab.run.graph import Stage
from louyu_lab.run.manifest import read_manifest
from louyu_lab.run.parameters import InputError, Parameters

STAGES = (
    Stage("01_faults", "核对", reads=("_faults",), may_make=("faults",)),
    Stage("02_buildings", "楼宇", reads=("buildings",), makes=("column_completeness",), may_make=()),
    Stage(
        "03_sums",
        "汇总",
        reads=("district",),
        after=("01_faults", "02_buildings"),
        makes=("definitions",),
        may_make=(),
    ),
)
FAULTS = "chapter.publish('faults', chapter.ledgers.check())"


@pytest.fixture(scope="module")
def notebooks(tmp_path_factory: pytest.TempPathFactory, write_notebook: Callable[..., Path]) -> Path:
    """Three chapters; the last says what it took and how the others ended."""
    from louyu_lab.analysis.outputs import TABLES

    folder = tmp_path_factory.mktemp("notebooks")
    columns = TABLES["column_completeness"].columns
    filled = ", ".join(
        f"'{name}': " + {"ledger": "'楼宇台账'", "column": "names"}.get(name, "1") for name in columns
    )
    publish = (
        "import pandas as pd\nnames = chapter.ledgers['buildings']['building']\n"
        f"chapter.publish('column_completeness', pd.DataFrame({{{filled}}}))"
    )
    words = ", ".join(f"'{name}': [str(taken)]" for name in TABLES["definitions"].columns)
    sums = (
        "import pandas as pd\ntaken = [chapter.ended, len(chapter.taken('column_completeness'))]\n"
        f"chapter.publish('definitions', pd.DataFrame({{{words}}}))"
    )
    write_notebook(folder / "01_faults.ipynb", "核对", FAULTS)
    write_notebook(folder / "02_buildings.ipynb", "楼宇", publish)
    write_notebook(folder / "03_sums.ipynb", "汇总", sums)
    return folder


@pytest.fixture
def district(tmp_path: Path, data_dir: Path) -> Path:
    """A folder of its own to change: two buildings and a total."""
    folder = tmp_path / "台账" / "和安区"
    shutil.copytree(data_dir, folder)
    total = "区县,年份,全区税收(万元)\n和安区,2020,90000\n"
    (folder / "区级总量.csv").write_text(total, encoding="utf-8")
    return folder


def statuses(run: Path) -> dict[str, str]:
    return {stage["name"]: stage["status"] for stage in read_manifest(run)["stages"]}


def made(district: Path, out: Path, notebooks: Path, **options: object) -> Path:
    return run_annual(Parameters(str(district)), out, notebooks_dir=notebooks, stages=STAGES, **options)


def test_the_same_results_on_any_number_of_jobs_and_nothing_is_done_twice(
    district: Path, tmp_path: Path, notebooks: Path
) -> None:
    one = made(district, tmp_path / "a" / "one", notebooks, jobs=1)
    two = made(district, tmp_path / "b" / "two", notebooks, jobs=2)
    assert set(statuses(one).values()) == set(statuses(two).values()) == {"done"}
    assert read_manifest(one)["results"] == read_manifest(two)["results"]
    told = pd.read_csv(two / "tables" / "definitions.csv").iloc[0, 0]
    assert told == "[[('核对', 'done', ''), ('楼宇', 'done', '')], 2]"

    # Again, beside the first: everything is taken over, and equals what was made.
    again = made(district, tmp_path / "b" / "again", notebooks)
    assert set(statuses(again).values()) == {"up-to-date"}
    assert read_manifest(again)["results"] == read_manifest(one)["results"]
    assert read_manifest(again)["fingerprint"] == read_manifest(one)["fingerprint"]


def test_only_what_depends_on_a_changed_cell_runs_again(
    district: Path, tmp_path: Path, notebooks: Path
) -> None:
    before = made(district, tmp_path / "runs" / "before", notebooks)
    total = (district / "区级总量.csv").read_text(encoding="utf-8").replace("90000", "91000")
    (district / "区级总量.csv").write_text(total, encoding="utf-8")
    after = made(district, tmp_path / "runs" / "after", notebooks)
    assert statuses(after) == {"01_faults": "up-to-date", "02_buildings": "up-to-date", "03_sums": "done"}
    assert read_manifest(after)["fingerprint"] != read_manifest(before)["fingerprint"]

    ledger = (district / "楼宇台账.csv").read_text(encoding="utf-8").replace("30000", "30001")
    (district / "楼宇台账.csv").write_text(ledger, encoding="utf-8")
    third = made(district, tmp_path / "runs" / "third", notebooks)
    # What 02 made did not change, so what takes from it need not run; the district's totals are as before.
    assert statuses(third) == {"01_faults": "up-to-date", "02_buildings": "done", "03_sums": "up-to-date"}


def test_what_was_changed_in_a_run_folder_is_made_again(
    district: Path, tmp_path: Path, notebooks: Path
) -> None:
    run = made(district, tmp_path / "run", notebooks)
    results = read_manifest(run)["results"]
    (run / "tables" / "column_completeness.csv").write_text("mine", encoding="utf-8")
    made(district, run, notebooks)
    assert statuses(run)["02_buildings"] == "done"
    assert statuses(run)["01_faults"] == "up-to-date"
    assert read_manifest(run)["results"] == results


def test_what_a_chapter_did_not_declare_fails_it_and_leaves_no_table(
    district: Path, tmp_path: Path, write_notebook: Callable[..., Path]
) -> None:
    folder = tmp_path / "notebooks"
    look = "chapter.publish('faults', chapter.ledgers.check())\nchapter.ledgers['taxes']"
    write_notebook(folder / "01_looks.ipynb", "偷看", look)
    write_notebook(folder / "02_empty.ipynb", "空", FAULTS)
    stages = (
        Stage("01_looks", "偷看", reads=("_faults",), may_make=("faults",)),
        Stage("02_empty", "空", reads=("_faults",), makes=("faults",), may_make=()),
    )
    run = run_annual(Parameters(str(district)), tmp_path / "run", notebooks_dir=folder, stages=stages)
    reasons = {stage["name"]: stage["reason"] for stage in read_manifest(run)["stages"]}
    assert set(statuses(run).values()) == {"failed"}
    assert "taxes is not among what graph.yaml" in reasons["01_looks"]
    assert reasons["02_empty"] == "表 faults 是空的"
    assert not (run / "tables").exists()
    assert (run / "notebooks" / "01_looks.ipynb").is_file()


def test_a_chapter_that_takes_too_long_is_stopped_and_named(
    district: Path, tmp_path: Path, write_notebook: Callable[..., Path]
) -> None:
    folder = tmp_path / "notebooks"
    write_notebook(folder / "01_slow.ipynb", "慢", "print('began', flush=True)\nimport time\ntime.sleep(600)")
    run = run_annual(
        Parameters(str(district)),
        tmp_path / "run",
        notebooks_dir=folder,
        stages=(Stage("01_slow", "慢"),),
        time_limit_s=6,
    )
    (stage,) = read_manifest(run)["stages"]
    assert stage["status"] == "failed"
    assert stage["reason"].startswith("超过了时限（0.1 分钟）")
    assert "began" in (run / "logs" / "01_slow.log").read_text(encoding="utf-8")


def test_a_failed_chapter_runs_again_and_is_never_taken_over(
    district: Path, tmp_path: Path, write_notebook: Callable[..., Path]
) -> None:
    folder, flag = tmp_path / "notebooks", tmp_path / "flag"
    check = f"from pathlib import Path\nassert Path({json.dumps(str(flag))}).exists()"
    write_notebook(folder / "01_flag.ipynb", "旗", check)
    options = {"notebooks_dir": folder, "stages": (Stage("01_flag", "旗"),)}
    run = run_annual(Parameters(str(district)), tmp_path / "run", **options)
    assert statuses(run) == {"01_flag": "failed"}
    flag.touch()
    assert statuses(run_annual(Parameters(str(district)), tmp_path / "run", **options)) == {"01_flag": "done"}


def test_a_full_disk_is_said_and_the_next_run_goes_on(
    district: Path, tmp_path: Path, notebooks: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr("louyu_lab.run.annual.write_tables_workbook", full)
        with pytest.raises(InputError, match=r"磁盘已满.*已完成的章节不会重做"):
            made(district, tmp_path / "run", notebooks)
    assert not (tmp_path / "run").exists()
    made(district, tmp_path / "run", notebooks)
    assert set(statuses(tmp_path / "run").values()) == {"up-to-date"}
    assert not (tmp_path / "run_未完成").exists()
