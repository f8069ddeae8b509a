"""A run takes an empty folder or its own; nothing of the user's is ever removed."""

from __future__ import annotations

from pathlib import Path

import pytest

from louyu_lab.run.folder import claim_folder, refuse_among_ledgers, run_name, writing
from louyu_lab.run.parameters import InputError


def earlier_run(folder: Path, fingerprint: str) -> Path:
    claim_folder(folder, fingerprint)
    (folder / "tables").mkdir()
    (folder / "tables" / "old.csv").touch()
    (folder / "study.html").touch()
    return folder


def test_the_name_holds_district_period_and_fingerprint() -> None:
    assert run_name("和安区", "2020", "0123456789abcdef") == "和安区-2020-01234567"
    assert run_name("a/b: c", "2020Q3", "0" * 64) == "a_b_c-2020Q3-00000000"
    assert run_name("..", "2020", "0" * 64) == "district-2020-00000000"


def test_a_new_or_empty_folder_is_taken(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for folder in (tmp_path / "new" / "run", tmp_path / "empty"):
        claim_folder(folder, "f1")
        assert [path.name for path in folder.rglob("*") if path.is_file()] == ["fingerprint.txt"]


def test_a_run_of_the_same_fingerprint_is_made_afresh(tmp_path: Path) -> None:
    run = earlier_run(tmp_path / "run", "f1")
    claim_folder(run, "f1")
    assert not (run / "tables").exists()


def test_another_run_is_replaced_only_when_told(tmp_path: Path) -> None:
    run = earlier_run(tmp_path / "run", "f1")
    with pytest.raises(InputError, match="--replace"):
        claim_folder(run, "f2")
    assert (run / "tables" / "old.csv").exists()
    claim_folder(run, "f2", replace=True)
    assert not (run / "tables").exists()


def test_a_finished_run_is_known_by_its_manifest(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text('{"fingerprint": "f1"}', encoding="utf-8")
    with pytest.raises(InputError, match="--replace"):
        claim_folder(tmp_path, "f2")
    claim_folder(tmp_path, "f1")
    assert not (tmp_path / "manifest.json").exists()


def test_the_users_files_in_a_run_folder_stay(tmp_path: Path) -> None:
    run = earlier_run(tmp_path / "run", "f1")
    (run / "批注.docx").touch()
    claim_folder(run, "f2", replace=True)
    assert (run / "批注.docx").exists()


@pytest.mark.parametrize("replace", [False, True])
@pytest.mark.parametrize("name", ["tables/important.csv", "manifest.json"])
def test_a_folder_that_is_no_run_is_never_touched(tmp_path: Path, name: str, replace: bool) -> None:
    theirs = tmp_path / name
    theirs.parent.mkdir(exist_ok=True)
    theirs.write_text("not a run", encoding="utf-8")
    with pytest.raises(InputError, match="不是一次运行的结果"):
        claim_folder(tmp_path, "f1", replace)
    assert theirs.read_text(encoding="utf-8") == "not a run"


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "out").touch()
    with pytest.raises(InputError, match="是一个文件"):
        claim_folder(tmp_path / "out", "f1")


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match=r"写不了“.*run”.*--out"):
        claim_folder(tmp_path / "file" / "run", "f1")
    # What a full disk answers; what is not the file system's doing passes unchanged.
    with pytest.raises(InputError, match="写不了“甲”"), writing(Path("甲")):
        raise OSError(28, "No space left on device")
    with pytest.raises(InputError, match=r"^原话$"), writing(Path("甲")):
        raise InputError("原话")


def test_results_do_not_go_among_the_ledgers(tmp_path: Path) -> None:
    for inside in (tmp_path, tmp_path / "out", tmp_path / "a" / ".." / "out"):
        with pytest.raises(InputError, match="不能写进台账文件夹"):
            refuse_among_ledgers(inside, tmp_path, "结果")
    refuse_among_ledgers(tmp_path.parent / "out", tmp_path, "结果")


def test_ledgers_inside_an_earlier_run_are_never_cleared_with_it(tmp_path: Path) -> None:
    for around in (tmp_path, tmp_path / "run"):
        with pytest.raises(InputError, match="结果不能写在那里"):
            refuse_among_ledgers(around, tmp_path / "run" / "tables", "结果")


def test_a_result_open_elsewhere_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = earlier_run(tmp_path / "run", "f1")

    def locked(*_: object, **__: object) -> None:
        raise PermissionError

    # What Windows answers when a workbook is open in Excel.
    monkeypatch.setattr(Path, "unlink", locked)
    with pytest.raises(InputError, match=r"study\.html|manifest\.json"):
        claim_folder(run, "f1")
