"""What ``louyu check`` says of published figures that no table knows."""

from __future__ import annotations

import shutil
from pathlib import Path

from louyu_lab.run.check import check_folder


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
