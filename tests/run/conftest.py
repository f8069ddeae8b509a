"""A folder of one small ledger, and tiny notebooks to run on it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import nbformat
import pandas as pd
import pytest

from louyu_lab.ledgers.model import CONVERSION_COLUMNS, FAULT_COLUMNS, Ledgers, typed_frame

PARAMETERS = 'data_dir = ""\nyear = 0\nrun_dir = ""'
OPENING = "from louyu_lab.run.chapter import open_chapter\nchapter = open_chapter(data_dir, year, run_dir)"

#: The seven columns of the smallest useful input, with a year.
SEVEN_COLUMNS = """\
楼宇名称,街道,建筑面积(㎡),可租售面积(㎡),入驻率(%),企业户数,税收(万元),年份
和安大厦,东街街道,30000,20000,75,40,5200,2020
云台中心,西街街道,20000,10000,90,25,1800,2020
"""


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with one building ledger for 2020."""
    folder = tmp_path_factory.mktemp("data") / "和安区"
    folder.mkdir()
    (folder / "楼宇台账.csv").write_text(SEVEN_COLUMNS, encoding="utf-8")
    return folder


@pytest.fixture
def ledgers() -> Ledgers:
    """Two buildings with occupancy in 2019 and 2020, one warning, nothing read from disk."""
    buildings = pd.DataFrame({"building_id": ["B1", "B2"], "building": ["和安大厦", "云台中心"]})
    occupancy = pd.DataFrame({"building_id": ["B1", "B1"], "year": [2019, 2020], "period": ["2019", "2020"]})
    fault = ("运营台账.xlsx", "表1", 3, "入驻率(%)", "约7成", "不是数字", "改为数字", "warning")
    return Ledgers(
        district="和安区",
        frames={
            "buildings": typed_frame("buildings", buildings),
            "occupancy": typed_frame("occupancy", occupancy),
        },
        faults=pd.DataFrame([fault], columns=list(FAULT_COLUMNS)).astype({"row": "Int64"}),
        conversions=pd.DataFrame(columns=list(CONVERSION_COLUMNS)),
        inputs=pd.DataFrame({"path": ["运营台账.xlsx"], "sha256": ["0" * 64]}),
    )


@pytest.fixture(scope="session")
def write_notebook() -> Callable[..., Path]:
    """Write a notebook: a heading, the parameters cell, the opening cell, then ``cells`` of code."""

    def write(path: Path, title: str, *cells: str, parameters: str = PARAMETERS) -> Path:
        first = nbformat.v4.new_code_cell(parameters, metadata={"tags": ["parameters"]})
        code = [nbformat.v4.new_code_cell(source) for source in (OPENING, *cells)]
        notebook = nbformat.v4.new_notebook(
            cells=[nbformat.v4.new_markdown_cell(f"# {title}"), first, *code],
            metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
        )
        path.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, path)
        return path

    return write
