"""Runs made by ``run_annual`` itself: proven, altered, and compared after one cell of a ledger changed."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from louyu_lab.run.annual import run_annual
from louyu_lab.run.compare import compare_runs
from louyu_lab.run.graph import Stage
from louyu_lab.run.parameters import Parameters
from louyu_lab.run.proof.verify import verify_run

PUBLISH = (
    "from louyu_lab.analysis.panel import building_years\n"
    "from louyu_lab.analysis.stock import rollup\n"
    "panel = building_years(chapter.ledgers, [chapter.year])\n"
    "chapter.publish('rollup', rollup(panel, chapter.year, '和安区'))"
)


@pytest.fixture(scope="module")
def revised(
    tmp_path_factory: pytest.TempPathFactory, data_dir: Path, write_notebook: Callable[..., Path]
) -> tuple[Path, Path, Path]:
    """A run, the run after one cell was mended, and the mended ledgers."""
    base = tmp_path_factory.mktemp("revised")
    write_notebook(base / "notebooks" / "02_stub.ipynb", "现状", PUBLISH)
    data = shutil.copytree(data_dir, base / "data" / data_dir.name)
    made = []
    for name, tax in (("before", "1800"), ("after", "600")):
        text = (data / "楼宇台账.csv").read_text(encoding="utf-8").replace("1800", tax)
        (data / "楼宇台账.csv").write_text(text, encoding="utf-8")
        stages = (Stage("02_stub", "现状"),)
        made.append(
            run_annual(Parameters(str(data)), base / name, notebooks_dir=base / "notebooks", stages=stages)
        )
    return made[0], made[1], data


def test_a_finished_run_is_proven_with_its_ledgers(revised: tuple[Path, Path, Path]) -> None:
    before, after, data = revised
    assert verify_run(after, data).ok, verify_run(after, data).text
    assert verify_run(before).ok
    assert verify_run(before, data).ledgers == ("楼宇台账.csv（内容变了）",)


def test_the_mended_cell_is_found_by_building(revised: tuple[Path, Path, Path], tmp_path: Path) -> None:
    result = compare_runs(*revised[:2], tmp_path)
    assert not result.same
    assert "台账文件：改动 1 个（楼宇台账.csv）" in result.text
    # 1 800万 → 600万: −66.7 % and 1 200万, from 千万元楼 to 其他.
    assert "降级 1 幢：云台中心（千万元楼 → 其他，600 万元）" in result.text
    assert "云台中心：税收 1,800 万元 → 600 万元，降 66.7%" in result.text
    assert "和安大厦" not in result.text


def test_chapters_that_failed_or_were_skipped_are_no_edit(
    tmp_path: Path, data_dir: Path, write_notebook: Callable[..., Path]
) -> None:
    notebooks = tmp_path / "notebooks"
    write_notebook(notebooks / "01_stub.ipynb", "坏章", "raise ValueError('<税收> & 楼宇：\\n  \"乱\"了。')")
    write_notebook(notebooks / "02_stub.ipynb", "现状", PUBLISH)
    stages = (
        Stage("01_stub", "坏章"),
        Stage("02_stub", "现状"),
        Stage("03_stub", "集聚", needs=("tenancies",)),
    )
    run = run_annual(Parameters(str(data_dir)), tmp_path / "run", notebooks_dir=notebooks, stages=stages)
    proven = verify_run(run)
    assert proven.ok, proven.text
    # And it was looked at: the same manifest with the failed chapter called done is refused.
    manifest = run / "manifest.json"
    manifest.write_text(manifest.read_text(encoding="utf-8").replace('"failed"', '"done"'), encoding="utf-8")
    assert any("01_stub" in fault for fault in verify_run(run).edited)
