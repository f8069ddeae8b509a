"""An executed notebook keeps nothing of the machine or the moment."""

from __future__ import annotations

from pathlib import Path

from louyu_lab.run.making.tidying import paths_to_hide, portable


def test_folders_are_renamed_longest_first(tmp_path: Path) -> None:
    data, run = tmp_path / "和安区", tmp_path / "和安区" / "run"
    names = paths_to_hide(run, {"data_dir": str(data)})
    assert portable(f"{run}/tables, {data}/楼宇台账.xlsx", names) == "../tables, 台账文件夹/楼宇台账.xlsx"


def test_the_name_of_the_ledgers_folder_makes_no_difference(tmp_path: Path) -> None:
    texts = [
        portable(f"读自 {folder}", paths_to_hide(tmp_path / "run", {"data_dir": str(folder)}))
        for folder in (tmp_path / "和安区", tmp_path / "copy of 和安区")
    ]
    assert texts[0] == texts[1]


def test_addresses_go_and_pictures_stay() -> None:
    output = {"text/plain": "<object at 0x7f3a2b>", "image/png": "aXQgaXMgaGVyZSBhdCAweDdm at 0x7f>"}
    assert portable([output], {}) == [{**output, "text/plain": "<object>"}]


def test_a_folder_is_replaced_where_it_is_meant_and_nowhere_else() -> None:
    text = "<td>/t/台账.xlsx</td> /tmp/t /t: /text</t>"
    assert (
        portable(text, {"/t": "台账文件夹"}) == "<td>台账文件夹/台账.xlsx</td> /tmp/t 台账文件夹: /text</t>"
    )
