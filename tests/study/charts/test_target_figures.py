"""The figure of the targets: readable, and true to the table."""

import pandas as pd
import pytest

from louyu_lab.study.charts.targets import target_progress


def core(**columns) -> pd.DataFrame:
    base = {"name_zh": ["入驻率", "亿元楼数量", "楼宇税收"], "target_year": 2022, "elapsed_rate": 0.5}
    base |= {"completion_rate": [0.2, 0.5, 3.0], "status": ["滞后", "正常", "已达成"]}
    return pd.DataFrame(base | columns)


def marks(ax) -> list[float]:
    return sorted(float(x) for collection in ax.collections[2:] for x in collection.get_offsets()[:, 0])


def test_readable(tables, readable):
    readable(target_progress(tables.core_indicators, tables.year))


def test_marks_stand_at_the_completion_and_what_is_beyond_at_the_edge():
    ax = target_progress(core(), 2020).axes[0]
    assert marks(ax) == pytest.approx([0.2, 0.5, 1.25])
    assert [text.get_text() for text in ax.texts] == ["20.0%", "50.0%", "300.0%"]
    assert "超出图幅" in ax.figure.get_supxlabel().replace("\n", "")
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["已达成", "正常", "滞后", "时间进度"]


def test_the_nearest_target_is_drawn_unless_another_is_asked_for():
    both = pd.concat([core(), core(target_year=2025, completion_rate=0.1)])
    assert target_progress(both, 2020).get_suptitle() == "2020年各指标对2022年目标的增量完成率"
    assert marks(target_progress(both, 2020, target_year=2025).axes[0]) == pytest.approx([0.1] * 3)
    assert "2025年目标" in target_progress(both, 2030).get_suptitle()
    assert "没有2030年的目标" in target_progress(both, 2020, target_year=2030).axes[0].texts[0].get_text()


def test_targets_without_a_rate_are_counted():
    figure = target_progress(core(completion_rate=[0.2, None, 0.4]), 2020)
    assert "另有1项算不出完成率" in figure.get_supxlabel().replace("\n", "")
