"""What ``louyu check`` says of published figures that no table knows, and of scorecards."""

from __future__ import annotations

import shutil
from pathlib import Path

from louyu_lab.run.check import check_folder
from louyu_lab.run.fault_report import summary
from louyu_lab.run.reading import read_data


def test_a_figure_without_its_place_is_an_error_with_the_name_that_was_meant(
    data_dir: Path, tmp_path: Path
) -> None:
    data = shutil.copytree(data_dir, tmp_path / "和安区")
    text = "数字:\n  - {名称: 楼宇, 公布: 2, 单位: 座, 指标: 楼宇数量}\n  - {名称: 目标, 公布: 5, 单位: 座}\n"
    (data / "published.yaml").write_text(text, encoding="utf-8")
    report = check_folder(str(data), str(tmp_path / "核对.xlsx"))
    assert report.exit_code == 2
    assert "没有指标“楼宇数量”（是否想写“" in report.text
    (data / "published.yaml").write_text(text.replace("楼宇数量", "楼宇数"), encoding="utf-8")
    assert check_folder(str(data), str(tmp_path / "核对.xlsx")).exit_code == 0


def test_scorecards_that_cannot_be_used_are_errors_and_notes_beside_them_are_not(
    data_dir: Path, tmp_path: Path
) -> None:
    data = shutil.copytree(data_dir, tmp_path / "和安区")
    (data / "scorecards").mkdir()
    good = "name: 甲\nsource: 办法\nrequirements:\n  - {indicator: 入驻率, at_least: 70%}\n"
    (data / "scorecards" / "甲.yaml").write_text(good, encoding="utf-8")
    (data / "scorecards" / "说明.txt").write_text("给同事的说明\n", encoding="utf-8")
    before = read_data(data).check()
    assert not before["file"].str.startswith("scorecards/").any()
    (data / "scorecards" / "乙.YAML").write_text("name: 乙\nkind: 明星\n", encoding="utf-8")
    (data / "scorecards" / "丙.yaml.txt").write_text(good, encoding="utf-8")
    faults = read_data(data).check()
    own = faults[faults["file"].str.startswith("scorecards/")].set_index("file")
    assert own.loc["scorecards/丙.yaml.txt", "severity"] == "warning"
    wrong = own.loc["scorecards/乙.YAML"]
    assert len(wrong) == 3 and set(wrong["severity"]) == {"error"}
    assert "评价办法有误，没有使用" in summary(faults) and "不搁置台账的行" in summary(faults)
