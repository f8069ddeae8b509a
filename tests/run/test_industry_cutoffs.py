"""Chapter 05 tells the cut-offs that the analysis goes by."""

from __future__ import annotations

import json

import pytest

from louyu_lab.analysis.industry.composition import ENOUGH_FIRMS
from louyu_lab.analysis.industry.concentration.table import DRAWS, FALSE_CALLS
from louyu_lab.analysis.industry.hubs import FIRMS_A_ROOM
from louyu_lab.analysis.industry.scorecards import entry_thresholds, low_yield, scoring
from louyu_lab.analysis.industry.targets import incubators, matching
from louyu_lab.analysis.industry.types.clustering import MAY_REACH, NULL_DRAWS
from louyu_lab.analysis.industry.types.portraits import JACCARD_WORDS
from louyu_lab.ledgers.places.locating import FIRMS_A_BUILDING
from louyu_lab.run.project import notebooks_folder
from louyu_lab.run.returns.doubtful_industries import DOUBTFUL

TOLD = (
    f"把握低于 {DOUBTFUL:.2f}",
    f"满 {FIRMS_A_BUILDING} 家企业的门牌作为一幢楼",
    f"同一房间登记 {FIRMS_A_ROOM} 家以上",
    f"抽 {DRAWS} 次",
    f"{FALSE_CALLS:.0%} 以内才算“高于随机”；不足 {ENOUGH_FIRMS} 家企业的不下结论",
    f"各模拟 {NULL_DRAWS} 个，本区须胜过其中 {1 - (MAY_REACH + 1) / (NULL_DRAWS + 1):.0%}",
    f"不足 {ENOUGH_FIRMS} 家企业的楼样本不足",
    *(f"{bound:.2f} 以上{word}" for bound, word in JACCARD_WORDS if bound),
    f"{matching.ROOMY:g} 倍以内不减分；租金最多超预算 {matching.OVER_BUDGET:.0%}",
    f"没填的按 {matching.UNTOLD:g}；低于 {matching.LEAST_SCORE:g} 不列",
    f"满 {'、'.join(str(months) for months in incubators.HORIZONS)} 个月",
    f"不足 {entry_thresholds.MIN_TENANTS} 家不给数",
    f"等级楼宇 {low_yield.QUANTILE:.0%} 分位",
)


@pytest.fixture(scope="module")
def markdown() -> str:
    chapter = json.loads((notebooks_folder() / "05_industry_clusters.ipynb").read_text(encoding="utf-8"))
    return "".join("".join(cell["source"]) for cell in chapter["cells"] if cell["cell_type"] == "markdown")


def test_the_chapter_tells_the_cut_offs(markdown: str) -> None:
    assert [text for text in TOLD if text not in markdown] == []
    assert ("不到一半的不打分" in markdown) == (scoring.MIN_KNOWN == 0.5)
