"""Every sub-folder a district: each ends in its own row, a bad one never stops the rest, engines agree."""

from __future__ import annotations

import builtins
import json
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from louyu_lab.run import annual
from louyu_lab.run.districts import engines
from louyu_lab.run.districts.district import run_district
from louyu_lab.run.districts.engines import refuse_blind_workers, run_tasks, side_by_side
from louyu_lab.run.districts.many import INDICATORS, SUMMARY, run_many
from louyu_lab.run.folder import BusyError
from louyu_lab.run.graph import Stage
from louyu_lab.run.parameters import InputError, Parameters

LEDGER = "楼宇名称,建筑面积(㎡),可租售面积(㎡),入驻率(%),年份\n{name},30000,20000,75,2020\n"
STAGES = (Stage("01_works", "好章", needs=("buildings",)),)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Three districts, the second with a workbook nobody can open; an empty and a hidden folder."""
    folder = tmp_path / "全市"
    for name in ("东区", "北区", "西区"):
        (folder / name).mkdir(parents=True)
        (folder / name / "楼宇台账.csv").write_text(LEDGER.format(name=name), encoding="utf-8")
    (folder / "北区" / "坏.xlsx").write_bytes(b"PK\x03\x04 cut")
    (folder / "南区").mkdir()
    (folder / ".旧").mkdir()
    (folder / "说明.txt").write_text("不是区", encoding="utf-8")
    return folder


@pytest.fixture
def in_process(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Give ``run_annual`` another body, seen because the tasks stay in this process."""
    monkeypatch.setitem(engines.BACKENDS, "local", "threading")

    def replace(body: Callable[..., Path]) -> None:
        monkeypatch.setattr(annual, "run_annual", body)

    return replace


def finished(asked: Parameters, out: str, failed: str = "", **_: object) -> Path:
    """What a run leaves behind, as far as these tests look."""
    run = Path(out)
    (run / "state" / "tables").mkdir(parents=True)
    stages = [{"name": "01_works", "status": "failed" if failed else "done", "reason": failed}]
    manifest = {"stages": stages, "fingerprint": f"f-{run.name}", "results": f"r-{run.name}", "outputs": []}
    (run / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    row = {
        **{"indicator": "buildings", "name_zh": "楼宇数", "value": 3.0, "unit": "幢"},
        **{"numerator": 3.0, "denominator": float("nan"), "scope": "全区", "year": 2020},
    }
    pd.DataFrame([row]).to_parquet(run / "state" / "tables" / "indicators.parquet")
    return run


def test_every_district_gets_its_row_in_order_with_its_own_folder(
    root: Path, tmp_path: Path, in_process: Callable[..., None]
) -> None:
    seen = []

    def body(asked: Parameters, out: str, *, replace: bool, jobs: int, **_: object) -> Path:
        seen.append((Path(asked.data_dir).name, asked.year, asked.seed, Path(out).name, replace, jobs))
        return finished(asked, out)

    in_process(body)
    made = run_many(root, Parameters(year=2020, seed=3), tmp_path / "结果", jobs=2)
    assert sorted(seen) == [(name, 2020, 3, name, True, 1) for name in ("东区", "北区", "西区")]
    assert made.exit_code == 0
    assert made.rows["district_folder"].tolist() == ["东区", "北区", "西区"]
    assert made.rows["fingerprint"].tolist() == ["f-东区", "f-北区", "f-西区"]
    assert "共 3 个区：完成 3 个" in made.text
    assert "未运行：.旧、南区" in made.text


def test_one_bad_district_never_stops_the_rest(
    root: Path, tmp_path: Path, in_process: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    def body(asked: Parameters, out: str, **_: object) -> Path:
        if out.endswith("东区"):
            raise InputError("台账无法读取，没有运行：\n  坏.xlsx")
        if out.endswith("北区"):
            raise ZeroDivisionError("ours")
        return finished(asked, out, failed="单元 In [4] 出错")

    in_process(body)
    out = tmp_path / "结果"
    made = run_many(root, Parameters(), out, jobs=2)
    rows = made.rows.set_index("district_folder")
    assert rows["status"].to_dict() == {"东区": "refused", "北区": "failed", "西区": "failed"}
    assert rows.loc["东区", "reason"].endswith("坏.xlsx")
    assert rows.loc["北区", "reason"] == "程序出错（ZeroDivisionError），详情见 北区.log"
    assert rows.loc["西区", "reason"] == "01_works：单元 In [4] 出错"
    assert "ZeroDivisionError: ours" in (out / "北区.log").read_text(encoding="utf-8")
    assert made.exit_code == 1
    printed = capsys.readouterr().err.splitlines()
    assert len(printed) == 3 and printed[-1].startswith("[3/3] ")


def test_refused_districts_alone_end_with_two(
    root: Path, tmp_path: Path, in_process: Callable[..., None]
) -> None:
    def body(asked: Parameters, out: str, **_: object) -> Path:
        if out.endswith("东区"):
            raise InputError("没有 1999 年")
        return finished(asked, out)

    in_process(body)
    assert run_many(root, Parameters(), tmp_path / "结果").exit_code == 2


def test_a_district_another_run_is_writing_is_not_done_and_its_ledgers_are_not_blamed(
    root: Path, tmp_path: Path, in_process: Callable[..., None]
) -> None:
    def body(asked: Parameters, out: str, **_: object) -> Path:
        if out.endswith("东区"):
            raise BusyError("另一次运行正在写“东区”。请等它结束再运行")
        if out.endswith("北区"):
            raise ZeroDivisionError("ours")
        return finished(asked, out)

    in_process(body)
    made = run_many(root, Parameters(), tmp_path / "结果", jobs=2)
    assert made.rows["status"].tolist() == ["busy", "failed", "done"]
    assert made.exit_code == 1
    # Both are 没有完成 to the user, and counted as one.
    assert "共 3 个区：完成 1 个，没有完成 2 个" in made.text
    assert "  东区：没有完成。另一次运行正在写“东区”。请等它结束再运行" in made.text
    summary = pd.read_csv(tmp_path / "结果" / SUMMARY, encoding="utf-8-sig")
    assert summary["状态"].tolist() == ["没有完成", "没有完成", "完成"]


def test_busy_alone_ends_with_one(root: Path, tmp_path: Path, in_process: Callable[..., None]) -> None:
    def body(*_: object, **__: object) -> Path:
        raise BusyError("另一次运行正在写")

    in_process(body)
    assert run_many(root, Parameters(), tmp_path / "结果").exit_code == 1


def test_a_worker_gets_its_environment_back(
    root: Path, tmp_path: Path, in_process: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    monkeypatch.delenv("TZ", raising=False)
    monkeypatch.delenv("TQDM_DISABLE", raising=False)
    before, seen = dict(os.environ), []

    def body(asked: Parameters, out: str, **_: object) -> Path:
        seen.append([os.environ.get(name) for name in ("LC_ALL", "TZ", "TQDM_DISABLE")])
        if out.endswith("北区"):
            raise ZeroDivisionError("ours")
        return finished(asked, out)

    in_process(body)
    run_many(root, Parameters(), tmp_path / "结果", jobs=2)
    assert seen == [["C.UTF-8", "UTC", "1"]] * 3
    assert dict(os.environ) == before


def test_a_district_that_ends_first_does_not_take_the_environment_from_those_beside_it(
    tmp_path: Path, in_process: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TZ", raising=False)
    first_is_in, second_is_in, first_ended = (threading.Event() for _ in range(3))
    seen = []

    def body(asked: Parameters, out: str, **_: object) -> Path:
        if out.endswith("先"):
            first_is_in.set()
            assert second_is_in.wait(10)
        else:
            second_is_in.set()
            assert first_ended.wait(10)
            seen.append(os.environ.get("TZ"))
        return finished(asked, out)

    in_process(body)
    first = threading.Thread(target=run_district, args=(Parameters(), str(tmp_path / "先"), tmp_path))
    second = threading.Thread(target=run_district, args=(Parameters(), str(tmp_path / "后"), tmp_path))
    first.start()
    assert first_is_in.wait(10)
    second.start()
    first.join()
    first_ended.set()
    second.join()
    assert seen == ["UTC"]
    assert "TZ" not in os.environ


@pytest.mark.parametrize("name", [SUMMARY, INDICATORS, "东区.log", "东区.LOG", "东区_未完成"])
def test_a_district_named_as_something_of_ours_is_told_to_take_another_name(
    root: Path, tmp_path: Path, in_process: Callable[..., None], name: str
) -> None:
    (root / name).mkdir()
    (root / name / "楼宇台账.csv").write_text(LEDGER.format(name="甲"), encoding="utf-8")
    in_process(finished)
    made = run_many(root, Parameters(), tmp_path / "结果")
    rows = made.rows.set_index("district_folder")
    assert rows.loc[name, "status"] == "refused"
    assert rows.loc[name, "reason"].startswith(f"结果里的“{name}”另有用处")
    assert "改名" in rows.loc[name, "reason"]
    assert (rows.drop(name)["status"] == "done").all()
    assert made.exit_code == 2
    assert (tmp_path / "结果" / SUMMARY).is_file()
    assert (tmp_path / "结果" / INDICATORS).is_file()


def test_the_tables_stand_side_by_side_for_excel(
    root: Path, tmp_path: Path, in_process: Callable[..., None]
) -> None:
    in_process(finished)
    out = tmp_path / "结果"
    run_many(root, Parameters(), out)
    assert (out / SUMMARY).read_bytes().startswith(b"\xef\xbb\xbf")
    summary = pd.read_csv(out / SUMMARY, encoding="utf-8-sig")
    assert list(summary.columns) == ["区", "状态", "结果文件夹", "指纹", "结果校验", "说明"]
    assert summary["状态"].tolist() == ["完成"] * 3
    indicators = pd.read_csv(out / INDICATORS, encoding="utf-8-sig")
    assert indicators[["区", "指标", "数值"]].values.tolist() == [
        [n, "楼宇数", 3.0] for n in ("东区", "北区", "西区")
    ]


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"engine": "ray"}, "没有引擎“ray”。可用：local、dask"),
        ({"address": "tcp://127.0.0.1:1"}, "要和 --engine dask 一起用"),
        ({"engine": "dask", "address": "tcp://127.0.0.1:1"}, "连不上 Dask 集群 tcp://127.0.0.1:1"),
        ({"engine": "dask", "address": "哪里"}, "连不上 Dask 集群 哪里"),
    ],
)
def test_an_engine_that_cannot_be_had_is_refused(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: dict, said: str
) -> None:
    monkeypatch.setattr(engines, "PATIENCE_S", 1)
    with pytest.raises(InputError, match=said):
        run_many(root, Parameters(), tmp_path / "结果", **settings)


def test_the_missing_extra_is_named(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *rest: object, **more: object) -> object:
        if name == "distributed":
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(InputError, match=r"louyu-lab\[cluster\]"):
        run_many(root, Parameters(), tmp_path / "结果", engine="dask")


def test_folders_that_make_no_sense_are_refused(root: Path, tmp_path: Path) -> None:
    (tmp_path / "空").mkdir()
    for given, out, said in (
        (tmp_path / "没有", tmp_path / "结果", "没有文件夹"),
        (tmp_path / "空", tmp_path / "结果", "没有放了台账的子文件夹"),
        (root, root / "结果", "不能写进"),
    ):
        with pytest.raises(InputError, match=said):
            run_many(given, Parameters(), out)


class FakeClient:
    """A cluster as far as the check of its workers looks."""

    def __init__(self, answers: dict[str, bool] | Exception) -> None:
        self.answers = answers

    def run(self, *_: object) -> dict[str, bool]:
        if isinstance(self.answers, Exception):
            raise self.answers
        return self.answers


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({}, "还没有 worker"),
        ({"tcp://a": True, "tcp://b": False}, "看不到的 worker：tcp://b"),
        (ModuleNotFoundError("louyu_lab"), "没有装好 louyu_lab"),
    ],
)
def test_workers_that_cannot_do_it_are_named_before_anything_runs(
    answers: object, said: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=said):
        refuse_blind_workers(FakeClient(answers), (tmp_path,))


def test_never_more_at_once_than_there_are_districts() -> None:
    assert side_by_side(8, 3) == 3
    assert side_by_side(None, 1) == 1
    assert side_by_side(2, 30) == 2


def killer(name: str, kills: int, marks: str) -> str:
    """End the worker ``kills`` times without a word, as the system does for want of memory."""
    for mark in (Path(marks) / f"{name}{n}" for n in range(kills)):
        if not mark.exists():
            mark.touch()
            time.sleep(0.2)
            os._exit(9)
    time.sleep(0.1)
    return name.upper()


# Dask with one killing: tests/benchmarks/many.py, on real runs; a cluster takes seconds to start.
@pytest.mark.parametrize(
    ("engine", "kills", "died"), [("local", 1, []), ("local", 99, ["c"]), ("dask", 99, ["c"])]
)
def test_a_worker_killed_takes_nothing_with_it_and_one_that_always_dies_is_named(
    engine: str, kills: int, died: list[str], tmp_path: Path
) -> None:
    tasks = {name: (name, kills if name == "c" else 0, str(tmp_path)) for name in "abcd"}
    ended: dict[str, str] = {}
    with engines.cluster(engine, "", 2):
        left = run_tasks(killer, tasks, engine, 2, ended.__setitem__)
    assert left == died
    assert ended == {name: name.upper() for name in tasks if name not in died}


def test_processes_and_a_dask_cluster_make_the_same_studies(
    root: Path, tmp_path: Path, write_notebook: Callable[..., Path]
) -> None:
    notebooks = tmp_path / "notebooks"
    write_notebook(notebooks / "01_works.ipynb", "好章", "chapter.publish('faults', chapter.ledgers.check())")
    made = {
        engine: run_many(
            root, Parameters(), tmp_path / engine, 2, engine, notebooks_dir=notebooks, stages=STAGES
        ).rows.set_index("district_folder")
        for engine in ("local", "dask")
    }
    columns = ["status", "fingerprint", "results"]
    assert made["local"][columns].equals(made["dask"][columns])
    assert made["local"]["status"].to_dict() == {"东区": "done", "北区": "refused", "西区": "done"}
    assert "坏.xlsx" in made["dask"].loc["北区", "reason"]
    assert made["local"].loc["东区", "results"] != made["local"].loc["西区", "results"]
    # Only what it was asked for lies beside the runs, and nothing half-made.
    assert {path.name for path in (tmp_path / "dask").iterdir()} == {"东区", "西区", SUMMARY}
