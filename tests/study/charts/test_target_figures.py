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


def test_every_row_given_is_drawn_with_its_own_target_year():
    # One row an indicator, as the chapter passes them; the nearest years differ.
    mixed = core(target_year=[2021, 2022, 2025])
    figure = target_progress(mixed, 2020)
    assert len(marks(figure.axes[0])) == 3
    assert figure.get_suptitle() == "2020年各指标的增量完成率"
    labels = [label.get_text().replace("\n", "") for label in figure.axes[0].get_yticklabels()]
    assert labels == ["入驻率（2021）", "亿元楼数量（2022）", "楼宇税收（2025）"]
    assert target_progress(core(), 2020).get_suptitle() == "2020年各指标对2022年目标的增量完成率"


def test_targets_without_a_rate_are_counted():
    figure = target_progress(core(completion_rate=[0.2, None, 0.4]), 2020)
    assert "另有1项算不出完成率" in figure.get_supxlabel().replace("\n", "")
