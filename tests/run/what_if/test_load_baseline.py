"""The baseline comes back from a run as it was handed on, or one sentence says why it cannot."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from louyu_lab.analysis.handed import HANDED, write_handed
from louyu_lab.analysis.scenarios import load_baseline
from louyu_lab.analysis.scenarios.baseline.frames import to_frames
from louyu_lab.analysis.scenarios.baseline.state import Baseline
from louyu_lab.analysis.scenarios.baseline.stored import NoBaselineError
from louyu_lab.run.manifest import StageResult
from louyu_lab.run.parameters import InputError
from louyu_lab.run.what_if.choosing import baseline_of_run


def test_a_baseline_comes_back_as_it_was_handed_on(run: Path, baseline: Baseline) -> None:
    before, after = to_frames(baseline), to_frames(load_baseline(str(run)))
    assert before.keys() == after.keys()
    for part, frame in before.items():
        pd.testing.assert_frame_equal(after[part], frame, obj=part)


@pytest.mark.parametrize(
    ("status", "reason", "said"),
    [
        ("skipped", "缺楼宇台账，未运行", "“情景推演”一章没有运行（缺楼宇台账），没有可以推演的基准"),
        ("failed", "单元 In [3] 出错：x", "“情景推演”一章没有完成（单元 In [3] 出错：x）"),
        ("done", "", "没有留下情景推演的基准，多半是旧版写的"),
    ],
)
def test_a_run_without_the_chapter_says_why(
    tmp_path: Path, make_run: Callable[..., Path], status: str, reason: str, said: str
) -> None:
    run = make_run(tmp_path / "运行", StageResult("06_scenarios", status, reason), hands=False)
    with pytest.raises(NoBaselineError, match=r"^“运行”") as error:
        load_baseline(run)
    assert said in str(error.value) and "重新运行" in str(error.value)
    # The command line tells it as the user's matter.
    with pytest.raises(InputError, match="情景推演"):
        baseline_of_run(run)


@pytest.mark.parametrize("damage", ["changed", "gone", "added", "unlisted"])
def test_parts_other_than_the_manifest_lists_are_refused(run: Path, damage: str) -> None:
    units = run / HANDED / "scenario_baseline_units.parquet"
    if damage == "changed":
        write_handed(run, units.stem, pd.read_parquet(units).assign(tax_yuan=1e9))
    elif damage == "gone":
        units.unlink()
    elif damage == "added":
        write_handed(run, "scenario_baseline_more", pd.DataFrame({"x": [1]}))
    else:
        manifest = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
        (run / "manifest.json").write_text(json.dumps(manifest | {"outputs": []}), encoding="utf-8")
    with pytest.raises(NoBaselineError, match="已被改动"):
        load_baseline(run)


def test_what_another_version_wrote_is_told_apart(tmp_path: Path, make_run: Callable[..., Path]) -> None:
    folder = tmp_path / "旧"
    write_handed(folder, "scenario_baseline_about", pd.DataFrame({"district": ["和安区"]}))
    with pytest.raises(NoBaselineError, match="别的版本写的"):
        load_baseline(make_run(folder, hands=False))


def test_what_is_no_finished_run_is_refused(tmp_path: Path, run: Path) -> None:
    (tmp_path / "空").mkdir()
    for folder, said in ((tmp_path / "无", "找不到"), (tmp_path / "空", "没有 manifest.json")):
        with pytest.raises(NoBaselineError, match=said):
            load_baseline(folder)
    (run / "manifest.json").write_text("{", encoding="utf-8")
    with pytest.raises(NoBaselineError, match="改坏"):
        load_baseline(run)


def test_a_run_under_way_is_said_to_go_on(tmp_path: Path) -> None:
    (tmp_path / "运行_未完成").mkdir()
    with pytest.raises(InputError, match="还没有完成"):
        baseline_of_run(tmp_path / "运行")
