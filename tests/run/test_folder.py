"""A run takes an empty folder or its own, appears there whole, and nothing of the user's is ever removed."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from louyu_lab.run.folder import (
    RUN_PARTS,
    earlier_runs,
    making,
    refuse_among_ledgers,
    run_name,
    said_of,
    write_whole,
    writing,
)
from louyu_lab.run.parameters import InputError


def fill(work: Path, text: str = "new") -> None:
    """What a run leaves: one file of each part."""
    for name in RUN_PARTS:
        path = work / name if "." in name else work / name / "file.txt"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")


def run_made(folder: Path, fingerprint: str, text: str = "old") -> Path:
    with making(folder, fingerprint) as work:
        fill(work, text)
    return folder


def beside(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.parent.iterdir())


def test_the_name_holds_district_period_and_fingerprint() -> None:
    assert run_name("和安区", "2020", "0123456789abcdef") == "和安区-2020-01234567"
    assert run_name("a/b: c", "2020Q3", "0" * 64) == "a_b_c-2020Q3-00000000"
    assert run_name("..", "2020", "0" * 64) == "district-2020-00000000"


@pytest.mark.parametrize("name", ["new/run", "empty", "有 空格"])
def test_a_run_appears_whole_in_a_new_or_empty_folder_and_leaves_nothing_beside_it(
    tmp_path: Path, name: str
) -> None:
    (tmp_path / "empty").mkdir()
    target = tmp_path / name
    with making(target, "f1") as work:
        fill(work)
        assert not (target / "manifest.json").exists()
        assert work.name == f"{target.name}_未完成"
    assert {path.name for path in target.iterdir()} == set(RUN_PARTS)
    assert {path for path in beside(target) if path.startswith(".") or "未完成" in path} == set()


def test_a_run_broken_off_leaves_the_former_one_as_it_was(tmp_path: Path) -> None:
    run = run_made(tmp_path / "run", "f1")
    with pytest.raises(RuntimeError), making(run, "f2", replace=True) as work:
        fill(work)
        raise RuntimeError
    assert (run / "tables" / "file.txt").read_text(encoding="utf-8") == "old"
    assert (run / "manifest.json").exists()


def test_what_an_attempt_left_is_kept_for_the_next_and_cannot_be_taken_for_its_own(tmp_path: Path) -> None:
    run = tmp_path / "run"
    for attempt in ("first", "second"):
        with pytest.raises(RuntimeError), making(run, "f1") as work:
            assert {path.name for path in work.iterdir()} <= {".under-way", "earlier", "state"}
            fill(work, attempt)
            raise RuntimeError
    with making(run, "f1") as work:
        assert not (work / "tables").exists()
        kept = [path / "tables" / "file.txt" for path in earlier_runs(run)[:2]]
        assert [path.read_text(encoding="utf-8") for path in kept] == ["second", "first"]
        fill(work, "third")
    assert beside(run) == ["run"]
    assert not (run / "earlier").exists()


def test_another_run_is_replaced_only_when_told(tmp_path: Path) -> None:
    run = run_made(tmp_path / "run", "f1")
    with pytest.raises(InputError, match="--replace"), making(run, "f2"):
        pass
    with making(run, "f2", replace=True) as work:
        fill(work)
    assert (run / "tables" / "file.txt").read_text(encoding="utf-8") == "new"


def test_a_part_the_new_run_does_not_have_is_gone(tmp_path: Path) -> None:
    run = run_made(tmp_path / "run", "f1")
    with making(run, "f1") as work:
        (work / "manifest.json").write_text("{}", encoding="utf-8")
    assert {path.name for path in run.iterdir()} == {"state", "manifest.json"}


def test_a_finished_run_is_known_by_its_manifest(tmp_path: Path) -> None:
    run = tmp_path / "run"
    run.mkdir()
    (run / "manifest.json").write_text('{"fingerprint": "f1"}', encoding="utf-8")
    with pytest.raises(InputError, match="--replace"), making(run, "f2"):
        pass
    with making(run, "f1"):
        pass
    assert not (run / "manifest.json").exists()


@pytest.mark.parametrize("stopped_before", RUN_PARTS)
def test_stopped_while_moving_into_place_it_is_not_finished_and_can_be_gone_on_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stopped_before: str
) -> None:
    import os

    run, rename = run_made(tmp_path / "run", "f1"), os.rename

    def stops(source: Path, target: Path) -> None:
        if Path(source).parent.name == "run_未完成" and Path(source).name == stopped_before:
            raise RuntimeError("killed")
        rename(source, target)

    with monkeypatch.context() as broken:
        broken.setattr("louyu_lab.run.folder.os.rename", stops)
        with pytest.raises(RuntimeError), making(run, "f1") as work:
            fill(work)
    assert not (run / "manifest.json").exists()
    with making(run, "f1") as work:
        fill(work, "again")
    assert {(run / name).exists() for name in RUN_PARTS} == {True}
    assert (run / "tables" / "file.txt").read_text(encoding="utf-8") == "again"
    assert beside(run) == ["run"]


def test_the_users_files_in_a_run_folder_stay(tmp_path: Path) -> None:
    run = run_made(tmp_path / "run", "f1")
    (run / "批注.docx").write_text("我的", encoding="utf-8")
    with making(run, "f2", replace=True) as work:
        fill(work)
    assert (run / "批注.docx").read_text(encoding="utf-8") == "我的"


@pytest.mark.parametrize("replace", [False, True])
@pytest.mark.parametrize("name", ["tables/important.csv", "manifest.json"])
def test_a_folder_that_is_no_run_is_never_touched(tmp_path: Path, name: str, replace: bool) -> None:
    theirs = tmp_path / "theirs" / name
    theirs.parent.mkdir(parents=True)
    theirs.write_text("not a run", encoding="utf-8")
    with pytest.raises(InputError, match="不是一次运行的结果"), making(tmp_path / "theirs", "f1", replace):
        pass
    assert theirs.read_text(encoding="utf-8") == "not a run"
    assert [path.name for path in tmp_path.iterdir()] == ["theirs"]


def test_two_runs_into_one_folder_are_refused(tmp_path: Path) -> None:
    with making(tmp_path / "run", "f1") as work:
        with pytest.raises(InputError, match=r"另一次运行正在写“.*run”"), making(tmp_path / "run", "f1"):
            pass
        fill(work)
    with making(tmp_path / "run", "f1") as work:
        fill(work)


def test_a_file_or_a_whole_disk_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "out").touch()
    for target in (tmp_path / "out", Path("/dev/null")):
        with pytest.raises(InputError, match="是一个文件"), making(target, "f1", replace=True):
            pass
    with pytest.raises(InputError, match="是整个磁盘"), making(Path("/"), "f1", replace=True):
        pass


def test_nothing_of_the_making_is_left_in_a_finished_run(tmp_path: Path) -> None:
    with making(tmp_path / "run", "f1") as work:
        fill(work)
        (work / "state" / "making" / "01-x").mkdir(parents=True)
    assert not (tmp_path / "run" / "state" / "making").exists()


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match=r"写不了“.*run”.*--out"), making(tmp_path / "file" / "run", "f1"):
        pass


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.ENOSPC, "磁盘已满"),
        (errno.EDQUOT, "磁盘已满"),
        (errno.EROFS, "写不了"),
        (errno.EACCES, "写不了"),
    ],
)
def test_what_the_system_refuses_is_said(number: int, said: str) -> None:
    with pytest.raises(InputError, match=f"{said}.*“甲”"), said_of(Path("甲")):
        raise OSError(number, "refused")


def test_what_is_not_the_file_systems_doing_passes_unchanged() -> None:
    with pytest.raises(FileNotFoundError), said_of(Path("甲")):
        raise FileNotFoundError(errno.ENOENT, "a template of ours")
    with pytest.raises(InputError, match=r"^原话$"), writing(Path("甲")):
        raise InputError("原话")
    # The user's own choice of a place: whatever is wrong with it is hers to mend.
    with pytest.raises(InputError, match="写不了“甲”"), writing(Path("甲")):
        raise FileNotFoundError(errno.ENOENT, "no such folder")


def test_a_text_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_whole(tmp_path / "a" / "note.txt", "first")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("louyu_lab.run.folder.os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_whole(tmp_path / "a" / "note.txt", "second")
    assert (tmp_path / "a" / "note.txt").read_text(encoding="utf-8") == "first"


def test_results_do_not_go_among_the_ledgers(tmp_path: Path) -> None:
    for inside in (tmp_path, tmp_path / "out", tmp_path / "a" / ".." / "out"):
        with pytest.raises(InputError, match="不能写进台账文件夹"):
            refuse_among_ledgers(inside, tmp_path, "结果")
    refuse_among_ledgers(tmp_path.parent / "out", tmp_path, "结果")


def test_ledgers_inside_an_earlier_run_are_never_taken_away_with_it(tmp_path: Path) -> None:
    for around in (tmp_path, tmp_path / "run"):
        with pytest.raises(InputError, match="结果不能写在那里"):
            refuse_among_ledgers(around, tmp_path / "run" / "tables", "结果")


@pytest.mark.parametrize("theirs", ["草稿.docx", "tables/我的表.xlsx", "manifest.json"])
def test_a_folder_that_happens_to_be_called_like_ours_is_never_touched(tmp_path: Path, theirs: str) -> None:
    path = tmp_path / "2020研究_未完成" / theirs
    path.parent.mkdir(parents=True)
    path.write_text("我的", encoding="utf-8")
    for replace in (False, True):
        with pytest.raises(InputError, match="那里有别的文件"), making(tmp_path / "2020研究", "f1", replace):
            pass
    assert path.read_text(encoding="utf-8") == "我的"


def test_notes_put_into_a_run_under_way_are_not_lost(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), making(tmp_path / "run", "f1") as work:
        (work / "草稿.docx").touch()
        raise RuntimeError
    with pytest.raises(InputError, match=r"草稿\.docx"), making(tmp_path / "run", "f1"):
        pass
    assert (tmp_path / "run_未完成" / "草稿.docx").exists()


@pytest.mark.parametrize("name", ["长" * 84, "x" * 300, "loop/run"])
def test_a_name_the_system_does_not_take_is_said(tmp_path: Path, name: str) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    with pytest.raises(InputError, match="写不了"), making(tmp_path / name, "f1"):
        pass


def test_a_run_does_not_go_inside_another(tmp_path: Path) -> None:
    run_made(tmp_path / "run", "f1")
    with pytest.raises(InputError, match="不能放在它里面"), making(tmp_path / "run" / "sub", "f2"):
        pass
