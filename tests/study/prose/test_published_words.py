"""The sentences on figures already published."""

from __future__ import annotations

import pandas as pd

from louyu_lab.study.prose.published import compared_words

_COLUMNS = ["figure", "name_zh", "status", "printed", "computed", "unit", "year"]


def _table(*rows: tuple) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=_COLUMNS).astype({"year": "Int64"})


def test_what_agrees_is_counted_and_what_does_not_is_named() -> None:
    said = compared_words(
        _table(
            ("n", "楼宇", "differs", "89座", 88.0, "座", 2020),
            ("b", "5000万元以上", "source-contradicts", "10座", 18.0, "座", 2020),
            ("三档合计", "三档合计", "source-contradicts", "a + b = c", 18.0, "座", None),
            ("a", "总面积", "equal", "422.7万㎡", 422.7, "万㎡", 2020),
            ("t", "目标", "out-of-scope", "15座", float("nan"), "座", 2025),
        )
    )
    assert said == (
        "已公布的 4 个数字里，3 个能用台账重算：一致 1 个，不一致 1 个，因原文自相矛盾不作判断 1 个。"
        "其余 1 个不在台账范围，如目标、门槛，原因列在表里。"
        "不一致的是楼宇（公布 89座，台账算出 88座）。"
        "原文自相矛盾 1 处，照列而不强行对平：三档合计。"
    )


def test_nothing_is_said_of_what_is_not_there() -> None:
    assert compared_words(_table()) == ""
    agreeing = compared_words(_table(("a", "总面积", "equal", "422.7万㎡", 422.7, "万㎡", 2020)))
    assert agreeing == "已公布的 1 个数字里，1 个能用台账重算：一致 1 个，没有不一致的。"
    outside = compared_words(_table(("t", "目标", "out-of-scope", "15座", float("nan"), "座", 2025)))
    assert outside == "已公布的 1 个数字都不能用台账重算。"


def test_contradictions_of_one_kind_are_named_once_and_none_is_hidden() -> None:
    names = [f"每平方米税收(第{n}年，{by})" for by in ("按总面积", "按入驻面积") for n in "一二三"]
    names = ["楼宇数", "亿元楼(三档)", *names, *"甲乙丙丁戊己庚"]
    said = compared_words(_table(*((n, n, "source-contradicts", "1 = 2", 1.0, "", None) for n in names)))
    assert said.endswith(
        "矛盾 15 处，照列而不强行对平：楼宇数、亿元楼(三档)、每平方米税收 6 处、甲、乙、丙、丁、戊、己、庚。"
    )


def test_a_relation_that_was_not_evaluated_is_no_contradiction() -> None:
    unchecked = ("r", "合计", "out-of-scope", "a = b/0", float("nan"), "", None)
    equal = ("a", "总面积", "equal", "422.7万㎡", 422.7, "万㎡", 2020)
    assert "自相矛盾" not in compared_words(_table(equal, unchecked))
