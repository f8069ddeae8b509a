"""``targets.yaml``: values in stored units, and every slip listed."""

from __future__ import annotations

import math

import pytest

GOOD = "基期: 2020\n目标:\n  税收(亿元): {2021: 12, 2025: 15, 基期值: 10.5}\n  入驻率(%): {2025: 85}\n"


def test_targets_are_read_in_stored_units(folder):
    folder.text("targets.yaml", GOOD)
    targets = folder.read().targets
    assert targets["indicator"].tolist() == ["税收", "税收", "入驻率"]
    assert targets["target"].tolist() == pytest.approx([1.2e9, 1.5e9, 0.85])
    assert targets["base"].tolist()[:2] == [1.05e9] * 2
    assert math.isnan(targets["base"].tolist()[2])
    assert set(targets["base_year"]) == {2020}


@pytest.mark.parametrize(
    ("text", "value", "kept"),
    [
        ("目标: [税收", "第 1 行附近", 0),
        ("税收: 5\n", "缺“目标”一项，或其下没有指标", 0),
        ("- 税收\n", "缺“目标”一项，或其下没有指标", 0),
        ("目标:\n  税收(美元): {2025: 15}\n", "单位“美元”", 0),
        ("目标:\n  税收(亿元): 15\n", "15", 0),
        ("目标:\n  税收(亿元): {2025: 约15, 2024: 14}\n", "2025: 约15", 1),
        ("目标:\n  税收(亿元): {明年: 15}\n", "明年: 15", 0),
        ("目标:\n  税收(亿元): {2025: 15, 基期值: 约10}\n", "基期值: 约10", 1),
        ("基期: 二〇二〇\n目标:\n  税收(亿元): {2025: 15}\n", "基期: 二〇二〇", 1),
    ],
)
def test_slips_are_listed_and_the_rest_is_used(folder, found, text, value, kept):
    folder.text("targets.yaml", text)
    ledgers = folder.read()
    listed = found(ledgers, "targets-unreadable")
    assert listed[["value", "severity"]].values.tolist() == [[value, "error"]]
    assert len(ledgers.targets) == kept
