"""``louyu check``: all of a folder's faults, on screen and in a workbook outside the data folder."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from louyu_lab.ledgers.catalogue import data_dictionary
from louyu_lab.run.check import check_folder, dictionary, write_dictionary
from louyu_lab.run.parameters import InputError


def test_a_sound_folder_passes(data_dir: Path, tmp_path: Path) -> None:
    report = check_folder(str(data_dir), str(tmp_path / "核对.xlsx"))
    assert report.exit_code == 0
    assert report.text.startswith("和安区，2020 年\n  楼宇台账 2 行")
    assert report.workbook == tmp_path / "核对.xlsx"
    assert report.workbook.is_file()


def test_a_row_set_aside_exits_with_two_and_stands_in_the_workbook(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    text = (
        "楼宇名称,建筑面积(㎡),可租售面积(㎡),年份\n和安大厦,30000,20000,2020\n云台中心,三万多,10000,2020\n"
    )
    (data / "楼宇台账.csv").write_text(text, encoding="utf-8")
    report = check_folder(str(data), str(tmp_path / "核对.xlsx"))
    assert report.exit_code == 2
    assert "三万多" in report.text
    sheet = openpyxl.load_workbook(report.workbook)["问题清单"]
    assert "三万多" in [row[4] for row in sheet.iter_rows(values_only=True)]


def test_everything_goes_into_one_folder_under_outputs_unless_told(
    data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "outputs" / "核对_和安区"
    report = check_folder(str(data_dir))
    assert report.workbook == folder / "核对表.xlsx"
    assert report.written == (("核对表", folder / "核对表.xlsx"),)
    assert sorted(path.name for path in folder.iterdir()) == ["复核.xlsx", "核对表.xlsx"]
    # No fault, no slip, nothing to decide.
    assert not (folder / "核实单").exists()
    assert check_folder(str(data_dir), str(tmp_path / "别处")).workbook == tmp_path / "别处" / "核对表.xlsx"
    check_folder(str(data_dir), str(tmp_path / "又" / "a.xlsx"))
    assert sorted(path.name for path in (tmp_path / "又").iterdir()) == ["a.xlsx", "复核.xlsx"]


def test_the_workbook_never_goes_among_the_ledgers(data_dir: Path) -> None:
    with pytest.raises(InputError, match="不能写进台账文件夹"):
        check_folder(str(data_dir), str(data_dir / "核对.xlsx"))
    with pytest.raises(InputError, match=r"\.xlsx 结尾"):
        check_folder(str(data_dir), "核对.csv")


def test_a_workbook_that_cannot_be_written_is_refused(data_dir: Path, tmp_path: Path) -> None:
    taken, behind_a_file = tmp_path / "字典.xlsx", tmp_path / "文件" / "核对.xlsx"
    taken.mkdir()
    behind_a_file.parent.touch()
    for target in (taken, behind_a_file):
        with pytest.raises(InputError, match="写不了"):
            check_folder(str(data_dir), str(target))
        with pytest.raises(InputError, match="写不了"):
            write_dictionary(str(target))


def test_the_dictionary_names_every_column_on_screen_and_in_a_workbook(tmp_path: Path) -> None:
    text = dictionary()
    assert all(f"{zh}（{name}" in text for zh, name in data_dictionary()[["列名", "英文名"]].to_numpy())
    assert write_dictionary(str(tmp_path / "字典.xlsx")) == tmp_path / "字典.xlsx"
    sheet = openpyxl.load_workbook(tmp_path / "字典.xlsx")["数据字典"]
    assert sheet.max_row == len(data_dictionary()) + 1
