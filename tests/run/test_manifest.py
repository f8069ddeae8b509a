"""The fingerprint follows what makes a study, and nothing else."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import nbformat
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from louyu_lab.analysis.handed import write_handed
from louyu_lab.run.manifest import (
    StageResult,
    code_digest,
    fingerprint_of,
    identity_of,
    notebook_digest,
    output_records,
    package_digest,
    read_manifest,
    write_manifest,
)

INPUTS = [("楼宇台账.xlsx", "aa"), ("街道/税收台账.csv", "bb"), ("targets.yaml", "cc")]


@given(st.permutations(INPUTS))
def test_the_order_of_files_makes_no_difference(inputs: list[tuple[str, str]]) -> None:
    parameters = {"year": 2020, "seed": 0}
    assert fingerprint_of(parameters, inputs, "code") == fingerprint_of(parameters, INPUTS, "code")


def test_parameters_content_names_and_code_each_make_another_run() -> None:
    parameters = {"year": 2020, "seed": 0}
    variants = {
        fingerprint_of(parameters, INPUTS, "code"),
        fingerprint_of(parameters | {"year": 2019}, INPUTS, "code"),
        fingerprint_of(parameters, [("楼宇台账.xlsx", "ab"), *INPUTS[1:]], "code"),
        fingerprint_of(parameters, [("楼宇.xlsx", "aa"), *INPUTS[1:]], "code"),
        fingerprint_of(parameters, INPUTS, "changed"),
    }
    assert len(variants) == 5


def digest(package: Path, notebooks: list[Path], lock: Path) -> str:
    return code_digest(
        package_digest(package, lock), {path.stem: notebook_digest(path) for path in notebooks}
    )


def project(folder: Path, source: bytes = b"x = 1\n") -> tuple[Path, list[Path], Path]:
    """A package of one module, one notebook, a lock."""
    package = folder / "package"
    package.mkdir()
    (package / "module.py").write_bytes(source)
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1 + 1", id="a")])
    nbformat.write(notebook, folder / "01.ipynb")
    (folder / "uv.lock").write_text("version = 1\n", encoding="utf-8")
    return package, [folder / "01.ipynb"], folder / "uv.lock"


def test_the_code_digest_follows_sources_cells_and_lock(tmp_path: Path) -> None:
    package, notebooks, lock = project(tmp_path)
    digests = [digest(package, notebooks, lock)]
    (package / "module.py").write_text("x = 2\n", encoding="utf-8")
    digests.append(digest(package, notebooks, lock))
    changed = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1 + 2", id="a")])
    nbformat.write(changed, notebooks[0])
    digests.append(digest(package, notebooks, lock))
    lock.write_text("version = 2\n", encoding="utf-8")
    digests.append(digest(package, notebooks, lock))
    # Whatever lies in the package is part of it: a template's settings, say.
    (package / "conf.json").write_text("{}", encoding="utf-8")
    digests.append(digest(package, notebooks, lock))
    assert len(set(digests)) == 5


def test_running_a_notebook_or_checking_out_on_windows_changes_nothing(tmp_path: Path) -> None:
    package, notebooks, lock = project(tmp_path)
    before = digest(package, notebooks, lock)
    run = nbformat.read(notebooks[0], as_version=4)
    run.cells[0].execution_count = 7
    run.cells[0].outputs = [nbformat.v4.new_output("stream", text="2\n")]
    nbformat.write(run, notebooks[0])
    (package / "module.py").write_bytes(b"x = 1\r\n")
    (package / "__pycache__").mkdir()
    (package / "__pycache__" / "module.pyc").write_bytes(b"compiled")
    assert digest(package, notebooks, lock) == before


def test_results_are_hashed_and_logs_and_state_are_not(tmp_path: Path) -> None:
    for name in ("tables/faults.csv", "study.html", "logs/01.log", "state/ledgers/a.parquet"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("content", encoding="utf-8")
    expected = hashlib.sha256(b"content").hexdigest()
    # But for what a chapter hands on: scenarios are computed from it when the run is long over.
    write_handed(tmp_path, "tax_draws", pd.DataFrame({"yuan": [1.0]}))
    assert [entry for entry in output_records(tmp_path) if "state" not in entry["path"]] == [
        {"path": "study.html", "sha256": expected},
        {"path": "tables/faults.csv", "sha256": expected},
    ]
    assert output_records(tmp_path)[0]["path"] == "state/handed/tax_draws.parquet"


def test_the_manifest_holds_the_keys_others_build_on(tmp_path: Path) -> None:
    path = write_manifest(
        tmp_path,
        run_id="和安区-2020-01234567",
        district="和安区",
        fingerprint="01234567",
        code="89abcdef",
        parameters={"data_dir": "和安区", "year": 2020, "seed": 0},
        inputs=INPUTS,
        stages=[
            StageResult("01_data_check", "done", "", 1.5, "数据核对"),
            StageResult("02", "skipped", "缺楼宇台账，未运行"),
        ],
    )
    content = json.loads(path.read_text(encoding="utf-8"))
    keys = "run_id district fingerprint results code parameters inputs stages outputs versions"
    assert list(content) == keys.split()
    assert [set(entry) for entry in content["inputs"]] == [{"path", "sha256"}] * 3
    assert content["stages"][0] == {
        **{"name": "01_data_check", "title": "数据核对", "status": "done", "reason": "", "seconds": 1.5}
    }
    assert "manifest.json" not in [entry["path"] for entry in content["outputs"]]
    assert read_manifest(tmp_path) == content


def test_the_districts_name_counts_and_its_folders_does_not() -> None:
    here = identity_of("和安区", {"data_dir": "和安区台账", "year": 2020})
    assert here == identity_of("和安区", {"data_dir": "copy", "year": 2020})
    assert here != identity_of("和宁区", {"data_dir": "和安区台账", "year": 2020})
