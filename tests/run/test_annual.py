"""A whole run on a small folder with tiny notebooks: what it leaves, and that it leaves the same twice."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest

from louyu_lab.run.annual import run_annual
from louyu_lab.run.graph import Stage
from louyu_lab.run.manifest import read_manifest, results_digest
from louyu_lab.run.parameters import InputError, Parameters

STAGES = (
    Stage("01_breaks", "坏章"),
    Stage("02_works", "好章", needs=("buildings",)),
    Stage("03_needs", "企业章", needs=("tenancies",)),
)

FIGURE = (
    "import matplotlib.pyplot as plt\n"
    "fig, axes = plt.subplots()\n"
    "axes.set_title('入驻率')\n"
    "chapter.figure('occupancy', fig)"
)


@dataclass(frozen=True)
class Runs:
    """The same study made twice, in two folders."""

    first: Path
    second: Path
    notebooks: Path


@pytest.fixture(scope="module")
def runs(
    tmp_path_factory: pytest.TempPathFactory, data_dir: Path, write_notebook: Callable[..., Path]
) -> Runs:
    base = tmp_path_factory.mktemp("annual")
    notebooks = base / "notebooks"
    write_notebook(notebooks / "01_breaks.ipynb", "坏章", "1 / 0")
    publish = "chapter.publish('faults', chapter.ledgers.check())"
    write_notebook(notebooks / "02_works.ipynb", "好章", publish, FIGURE)
    made = [
        run_annual(Parameters(str(data_dir)), base / out, notebooks_dir=notebooks, stages=STAGES)
        for out in ("first", "elsewhere/second")
    ]
    return Runs(*made, notebooks)


def test_each_stage_says_how_it_ended_and_the_rest_still_ran(runs: Runs) -> None:
    stages = {stage["name"]: stage for stage in read_manifest(runs.first)["stages"]}
    assert [stage["status"] for stage in stages.values()] == ["failed", "done", "skipped"]
    # In [1] parameters, [2] injected, [3] opening, [4] the division.
    assert stages["01_breaks"]["reason"] == "单元 In [4] 出错：ZeroDivisionError：division by zero"
    assert stages["03_needs"]["reason"] == "缺企业台账，未运行"
    assert "1 / 0" in (runs.first / "logs" / "01_breaks.log").read_text(encoding="utf-8")


def test_the_folder_holds_what_the_design_says(runs: Runs) -> None:
    assert {path.name for path in runs.first.iterdir()} == {
        *("manifest.json", "notebooks", "state", "tables", "figures", "logs", "表格.xlsx", "study.html"),
    }
    assert (runs.first / "tables" / "faults.csv").is_file()
    assert (runs.first / "figures" / "occupancy.png").is_file()
    assert "问题清单" in openpyxl.load_workbook(runs.first / "表格.xlsx").sheetnames


def test_two_runs_of_one_input_are_equal_byte_for_byte(runs: Runs) -> None:
    first, second = read_manifest(runs.first), read_manifest(runs.second)
    assert first["outputs"] == second["outputs"]
    assert len(first["outputs"]) == 6  # two notebooks, one table, one figure, the workbook, the study
    for key in ("run_id", "fingerprint", "results", "code", "parameters", "inputs", "versions"):
        assert first[key] == second[key]


def test_the_manifest_names_inputs_by_content_and_outputs_by_relative_path(
    runs: Runs, data_dir: Path
) -> None:
    manifest = read_manifest(runs.first)
    content = (data_dir / "楼宇台账.csv").read_bytes()
    assert manifest["inputs"] == [{"path": "楼宇台账.csv", "sha256": hashlib.sha256(content).hexdigest()}]
    assert manifest["parameters"] == {**{"data_dir": "和安区", "year": 2020, "seed": 0, "horizon_years": 3}}
    assert manifest["run_id"] == f"和安区-2020-{manifest['fingerprint'][:8]}"
    for entry in manifest["outputs"]:
        assert (runs.first / entry["path"]).is_file()


def test_the_study_says_what_failed_and_what_was_skipped(runs: Runs) -> None:
    page = (runs.first / "study.html").read_text(encoding="utf-8")
    assert "和安区楼宇经济年度研究（2020）" in page
    assert "本章没有完成，以下内容不完整：单元 In [4] 出错" in page
    assert "本章未运行：缺企业台账。" in page
    assert "Traceback" not in page


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"year": 1999}, "没有 1999 年"),
        ({"year": 20}, "1990–2100"),
        ({"data_dir": "no/such/folder"}, "找不到台账文件夹"),
    ],
)
def test_what_cannot_be_run_is_refused_before_anything_is_written(
    runs: Runs, data_dir: Path, tmp_path: Path, arguments: dict, said: str
) -> None:
    given = {"data_dir": str(data_dir)} | arguments
    with pytest.raises(InputError, match=said):
        run_annual(Parameters(**given), tmp_path / "out", notebooks_dir=runs.notebooks, stages=STAGES)
    assert list(tmp_path.iterdir()) == []


def test_an_unreadable_ledger_stops_the_run(runs: Runs, tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "楼宇台账.xlsx").write_bytes(b"PK\x03\x04 cut off")
    with pytest.raises(InputError, match=r"楼宇台账\.xlsx"):
        run_annual(Parameters(str(data)), tmp_path / "out", notebooks_dir=runs.notebooks, stages=STAGES)
    assert not (tmp_path / "out").exists()


def test_the_ledgers_are_never_written_to(runs: Runs, data_dir: Path) -> None:
    with pytest.raises(InputError, match="不能写进台账文件夹"):
        run_annual(Parameters(str(data_dir)), data_dir / "结果", notebooks_dir=runs.notebooks, stages=STAGES)
    assert [path.name for path in data_dir.iterdir()] == ["楼宇台账.csv"]


def test_the_result_hash_is_over_every_result(runs: Runs) -> None:
    manifest = read_manifest(runs.first)
    assert manifest["results"] == results_digest(manifest["outputs"])
    changed = [{**entry, "sha256": "0" * 64} for entry in manifest["outputs"][:1]]
    assert results_digest([*changed, *manifest["outputs"][1:]]) != manifest["results"]
