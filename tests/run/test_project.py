"""The ledgers' folder is found from wherever a notebook runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from louyu_lab.run.parameters import InputError
from louyu_lab.run.project import data_folder, notebooks_folder, project_root

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("working_folder", [ROOT, ROOT / "notebooks", ROOT.parent])
def test_the_demonstration_district_is_found_from_anywhere(
    working_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(working_folder)
    assert project_root() == ROOT
    assert notebooks_folder() == ROOT / "notebooks"
    assert data_folder("") == data_folder("data/demo") == ROOT / "data" / "demo"


def test_a_folder_beside_the_user_comes_before_the_projects(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "data" / "demo").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    assert data_folder("data/demo") == tmp_path / "data" / "demo"
    assert data_folder(str(tmp_path)) == tmp_path


def test_what_is_no_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="找不到台账文件夹"):
        data_folder(str(tmp_path / "无"))
    for impossible in ("长" * 300, "~nobody-of-this-name/台账"):
        with pytest.raises(InputError, match=r"不能作文件夹的路径|找不到台账文件夹"):
            data_folder(impossible)
    workbook = tmp_path / "楼宇台账.xlsx"
    workbook.touch()
    with pytest.raises(InputError, match="是一个文件"):
        data_folder(str(workbook))
