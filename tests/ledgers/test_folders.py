"""What lies in a data folder, links included."""

from __future__ import annotations

from pathlib import Path

from louyu_lab.ledgers import read_ledgers
from louyu_lab.ledgers.folders import files_below

LEDGER = "楼宇名称,街道,建筑面积(㎡),可租售面积(㎡),年份\n和安大厦,东街街道,30000,20000,2020\n"


def test_a_linked_folder_is_read_and_a_link_in_a_circle_comes_to_an_end(tmp_path: Path) -> None:
    data, shared = tmp_path / "data", tmp_path / "shared"
    for folder in (data / ".louyu", shared):
        folder.mkdir(parents=True)
    (shared / "楼宇台账.csv").write_text(LEDGER, encoding="utf-8")
    (data / ".louyu" / "楼宇台账.csv").write_text(LEDGER, encoding="utf-8")
    (data / "街道").symlink_to(shared, target_is_directory=True)
    (shared / "back").symlink_to(data, target_is_directory=True)
    assert [path.relative_to(data).as_posix() for path in files_below(data)] == ["街道/楼宇台账.csv"]
    ledgers = read_ledgers(data)
    assert ledgers["buildings"]["building"].tolist() == ["和安大厦"]
    assert ledgers.inputs["path"].tolist() == ["街道/楼宇台账.csv"]
