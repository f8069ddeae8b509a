"""Chapter 02 where there is no building ledger: the idle section alone, and a word on the rest."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from louyu_lab.run.graph import NOTEBOOKS
from louyu_lab.run.making.execution import execute_stage
from louyu_lab.run.project import notebooks_folder

IDLE_SURVEY = Path(__file__).resolve().parents[2] / "data" / "idle_survey"


@pytest.fixture(scope="module")
def idle_alone(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """Run folder of the chapter on an idle ledger alone, and the texts its notebook shows."""
    run = tmp_path_factory.mktemp("idle") / "run"
    stage = next(stage for stage in NOTEBOOKS if stage.name == "02_baseline")
    source = notebooks_folder() / "02_baseline.ipynb"
    passed = {"data_dir": str(IDLE_SURVEY), "year": 0, "seed": 0}
    result = execute_stage(stage, source, run, run / "logs" / "02_baseline.log", passed)
    assert result.status == "done", result.reason
    cells = json.loads((run / "notebooks" / source.name).read_text(encoding="utf-8"))["cells"]
    texts = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
    for cell in cells:
        for output in cell.get("outputs", ()):
            texts.append("".join(output.get("data", {}).get("text/markdown", "")))
    return run, [text for text in texts if text]


def test_only_the_idle_section_is_shown(idle_alone: tuple[Path, list[str]]) -> None:
    run, texts = idle_alone
    headings = [text.splitlines()[0] for text in texts if text.startswith("#")]
    assert headings == ["# 第二章 楼宇现状", "## 五、闲置资源与在建供应"]
    figures = sorted(path.stem for path in (run / "figures").iterdir())
    assert figures == ["idle_age", "idle_by_place", "idle_by_type"]
    tables = sorted(path.stem for path in (run / "tables").iterdir())
    assert tables == ["idle_by_place", "idle_by_type", "idle_key"]


def test_what_is_left_out_is_said_once_and_for_want_of_what(idle_alone: tuple[Path, list[str]]) -> None:
    _, texts = idle_alone
    (said,) = [text for text in texts if "从略" in text]
    assert said.startswith("缺楼宇台账：第一节核心指标与目标")
    assert "缺在建台账，在建供应从略" in said
    # Without a building ledger nobody can tell which spaces lie in buildings of the stock.
    assert not any("在册楼宇" in text for text in texts)
    assert any("普查闲置 182 处、125.4 万㎡" in text for text in texts)
