"""Figures of the data check: readable in every size, and true to the table."""

import pandas as pd

from louyu_lab.study.charts.quality import completeness_map, fault_bars


def test_readable(tables, readable):
    readable(fault_bars(tables.faults))
    readable(completeness_map(tables.column_completeness))


def test_faults_are_counted_by_rule_and_severity():
    faults = pd.DataFrame(
        {"rule": ["甲", "乙", "甲", "甲"], "severity": ["error", "warning", "warning", "fatal"]}
    )
    figure = fault_bars(faults)
    ax = figure.axes[0]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["甲", "乙"]
    counts = {text.get_text(): [bar.get_width() for bar in bars] for text, bars in zip(
        ax.get_legend().get_texts(), ax.containers, strict=True)}  # fmt: skip
    assert counts == {"致命（未读入）": [1, 0], "错误（该行搁置）": [1, 0], "提醒（仍使用）": [1, 1]}
    assert figure.get_supxlabel() == "共4处。"


def test_rules_beyond_the_most_are_counted():
    faults = pd.DataFrame({"rule": [*"aabbc"], "severity": "warning"})
    assert fault_bars(faults, most=2).get_supxlabel() == "共5处。另有1种问题、1处未画出，见问题清单。"


def test_a_nearly_complete_column_does_not_read_as_complete():
    rows = [("楼宇台账", "楼宇名称", 1.0), ("楼宇台账", "客梯", 0.9999), ("税收台账", "年份", 1.0)]
    completeness = pd.DataFrame(rows, columns=["ledger", "column", "completeness_rate"])
    texts = [text.get_text() for text in completeness_map(completeness).axes[0].texts]
    assert texts == ["楼宇台账：2列，1列完整", "客梯\n99.9", "税收台账：1列，全部完整"]
