"""What a request is made of, seen without reading a ledger."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from louyu_lab.run.parameters import InputError, Parameters
from louyu_lab.run.plan import Asked, asked_for, stage_files


@pytest.fixture
def asked(tmp_path: Path, write_notebook: Callable[..., Path]) -> Callable[..., Asked]:
    """Ask for a small folder with one chapter."""
    data = tmp_path / "和安区"
    (data / "scenarios").mkdir(parents=True)
    (data / ".louyu").mkdir()
    (data / "楼宇台账.csv").write_text("楼宇名称\n", encoding="utf-8")
    (data / "scenarios" / "a.yaml").write_text("title: 甲\n", encoding="utf-8")
    (data / ".louyu" / "backup").write_text("", encoding="utf-8")
    write_notebook(tmp_path / "01.ipynb", "核对")

    def ask(**parameters: int) -> Asked:
        return asked_for(Parameters(str(data), **parameters), tmp_path, ["01", "not there"])

    return ask


def test_every_visible_file_counts_by_name_and_content(asked: Callable[..., Asked]) -> None:
    first = asked()
    assert sorted(first.files) == ["scenarios/a.yaml", "楼宇台账.csv"]
    (first.data / "楼宇台账.csv").write_text("楼宇名称,街道\n", encoding="utf-8")
    assert asked().reading != first.reading
    assert asked().request != first.request


def test_parameters_and_notebooks_change_the_request_and_not_the_reading(
    asked: Callable[..., Asked], tmp_path: Path, write_notebook: Callable[..., Path]
) -> None:
    first, other = asked(), asked(seed=1)
    assert (other.reading, other.request == first.request) == (first.reading, False)
    write_notebook(tmp_path / "01.ipynb", "核对", "1 + 1")
    assert (asked().reading, asked().request == first.request) == (first.reading, False)
    # The year of reports that state none: it decides how they are read.
    assert asked(year=2020).reading != first.reading


def test_a_chapter_names_further_files_by_pattern(asked: Callable[..., Asked]) -> None:
    assert list(stage_files(asked(), ["scenarios/*.yaml"])) == ["scenarios/a.yaml"]
    assert list(stage_files(asked(), ["Scenarios/*.YAML"])) == ["scenarios/a.yaml"]
    assert stage_files(asked(), []) == {}


def test_files_in_a_linked_folder_count_and_a_link_in_a_circle_ends(
    asked: Callable[..., Asked], tmp_path: Path
) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    (shared / "b.yaml").write_text("title: 乙\n", encoding="utf-8")
    data = asked().data
    (data / "linked").symlink_to(shared, target_is_directory=True)
    (shared / "back").symlink_to(data, target_is_directory=True)
    first = asked()
    assert "linked/b.yaml" in first.files
    (shared / "b.yaml").write_text("title: 丙\n", encoding="utf-8")
    assert asked().reading != first.reading


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="找不到台账文件夹"):
        asked_for(Parameters(str(tmp_path / "none")), tmp_path, [])


def test_a_rerun_with_nothing_to_do_loads_nothing_heavy() -> None:
    look = "import sys, louyu_lab.run.unchanged; print(sorted({'pandas', 'numpy', 'papermill'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
