"""The sentences about coming tiers agree with the tables, and say what is not known."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.study.prose import tax_tiers as prose

COUNT = {
    "year": 2023, "now": 11, "mean": 12.26, "median": 12, "lo80": 11, "hi80": 14, "lo95": 10, "hi95": 15,
    "p_more": 0.769, "p_fewer": 0.0004, "promotions": 1.32, "relegations": 0.06, "target_year": 2025,
    "target": 15.0, "p_target": 0.012,
}  # fmt: skip


def yi(rows: list[tuple[str, float, float]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["building", "tax_yuan", "p_yi"])
    return frame.assign(year=2023)


def test_the_number_of_yi_buildings() -> None:
    said = prose.count_words(pd.DataFrame([COUNT]))
    assert said == (
        "现有亿元楼 11 幢，预计 2023 年平均 12.3 幢，80% 区间 11—14 幢。"
        "比现有多的可能性 76.9%，少的可能性不足0.1%；预计晋级 1.3 幢、降级 0.1 幢。"
    )
    # Without any today there can be no fewer: nothing is said of it.
    none = prose.count_words(pd.DataFrame([COUNT | {"now": 0, "p_fewer": np.nan, "lo80": 12, "hi80": 12}]))
    assert "少的可能性" not in none
    assert "80% 区间 12 幢" in none
    assert "无从预测" in prose.count_words(pd.DataFrame(columns=list(COUNT)))


def test_candidates_are_named_with_their_chances_and_nobody_without() -> None:
    table = yi([("甲", 3e8, 0.9995), ("乙", 1.1e8, 0.62), ("丙", 9e7, 0.55), ("丁", 6e7, 0.03)])
    assert prose.candidate_words(table, 6) == (
        "到 2023 年，有可能升为亿元楼的有丙（55.0%）。可能保不住的有乙（保持62.0%）。现有亿元楼中 1 幢保持的把握大。"
    )
    assert "没有楼宇有像样的机会" in prose.candidate_words(yi([("丁", 6e7, 0.03)]), 6)
    assert prose.candidate_words(yi([]), 6) == "没有亿元楼，也没有接近的楼宇。"


def test_one_year_of_tax_is_said_beside_the_assurance() -> None:
    table = yi([("甲", 3e8, 0.999)])
    assert "1 幢保持的把握大（只有 1 年税收，借一般规律推得，未经本区历史检验）。" in prose.candidate_words(
        table, 1
    )
    assert "未经" not in prose.candidate_words(table, 3)


def test_the_nearest_rung() -> None:
    row = {
        "building": "丙", "tax_yuan": 9e7, "next_tier": "亿元楼", "gap_to_next_yuan": 1e7, "year": 2023,
        "needed_rate": 0.0357, "past_rate": 0.4, "past_growths": 120, "p_reach": 0.55, "outlook": "有望",
    }  # fmt: skip
    said = prose.ladder_words(pd.DataFrame([row]))
    assert "离亿元楼差 1,000 万元" in said
    assert "年均需增长 3.6%，本区同等规模楼宇以往 120 次中有 40.0% 做到" in said
    assert "以往" not in prose.ladder_words(pd.DataFrame([row | {"past_rate": np.nan}]))
    assert "没有接近门槛" in prose.ladder_words(pd.DataFrame([row]).iloc[:0])


def change(level: str, name: str, value: float, half: float) -> dict:
    return {
        "level": level, "name": name, "year": 2023, "change_yuan": value, "lo80_yuan": value - half,
        "hi80_yuan": value + half, "one_off_change_yuan": 0.0,
    }  # fmt: skip


def test_contributions_name_only_what_the_interval_says() -> None:
    rows = [
        change("district", "某区", 2e8, 3e8), change("building", "甲", 3e8, 1e8), change("building", "乙", 1e8, 2e8),
        change("building", "丙", -2e8, 1e8),
    ]  # fmt: skip
    said = prose.contribution_words(pd.DataFrame(rows))
    assert "预计增加 2.00 亿元（80% 区间 减 1.00 亿元至增 5.00 亿元），增减还不能肯定" in said
    assert "增收较有把握的：甲（增 3.00 亿元）。" in said
    assert "减收较有把握的：丙（减 2.00 亿元）。" in said
    assert "乙" not in said
    assert "无从说起" in prose.contribution_words(pd.DataFrame(rows).iloc[:0])
    nothing = pd.DataFrame([change("district", "某区", 0.0, 0.0), change("building", "甲", 0.0, 0.0)])
    assert prose.contribution_words(nothing) == "到 2023 年，现有楼宇税收预计没有增减。"
    once = prose.contribution_words(pd.DataFrame(rows).assign(one_off_change_yuan=-5e7))
    assert "一次性税收不再有，少 5,000 万元" in once


def test_the_watch_list() -> None:
    rows = pd.DataFrame(
        {
            "kind": "楼宇", "name": ["甲", "乙"], "year": 2021, "loss_yuan": [2e8, 1e7], "p_fall": [0.4, 0.1],
            "is_single_source": pd.array([True, None], dtype="boolean"),
        }
    )  # fmt: skip
    said = prose.watch_words(rows)
    assert "2021 年可能损失最多的是甲（2.00 亿元）、乙（1,000 万元）" in said
    assert "降 20% 以上的可能性达到 30% 的有 1 幢，单一税源的有 1 幢" in said
    assert "没有分户税收" in said
    assert "没有可以关注" in prose.watch_words(rows.iloc[:0])


def scores(ours: float, matrix: float, n: int = 300) -> pd.DataFrame:
    rows = {"method": ["本预测", "梯次转移矩阵"], "horizon": 1, "origins": 4, "brier_tiers": [ours, matrix]}
    return pd.DataFrame(rows).assign(n=n)


def held(mean: list[float], came: list[float], half: float, n: int = 60) -> pd.DataFrame:
    frame = pd.DataFrame({"event": "各梯次合计", "n": n, "mean_chance": mean, "observed_rate": came})
    classes = ["20%–40%", "60%–80%", "95%–100%"][: len(mean)]
    rates = frame["observed_rate"]
    return frame.assign(chance_class=classes, lo_rate=rates - half, hi_rate=rates + half)


def test_reliability_is_told_whichever_way_it_went() -> None:
    kept = held([0.3, 0.7], [0.28, 0.73], 0.1)
    good = prose.reliability_words(scores(0.2, 0.25), kept)
    assert "（起点年 4 个，共 300 次）" in good
    assert "总的看误差小 20.0%。可能性与后来的实际相符" in good
    assert "不相上下" in prose.reliability_words(scores(0.25, 0.25), kept)
    bad = prose.reliability_words(scores(0.3, 0.25), kept.assign(n=5))
    assert "误差大 20.0%，梯次可能性只供参考" in bad
    assert "只有 10 次" in bad
    assert "历史太短" in prose.reliability_words(scores(0, 0).iloc[:0], kept)


def test_classes_that_did_not_keep_their_word_are_named() -> None:
    # Too high at 30 %, too low at 70 %: on average 50 % said and 50 % came, which must not hide either. The
    # highest class misses its interval by less than two points: no news.
    said = prose.reliability_words(scores(0.2, 0.25), held([0.3, 0.7, 0.985], [0.2, 0.8, 1.0], 0.01))
    assert said.endswith(
        "可能性并不都名副其实：20%—40% 一档说高了（60 次，平均说 30.0%，实际 20.0%），"
        "60%—80% 一档说低了（60 次，平均说 70.0%，实际 80.0%）；其余各档大体相符。"
    )


def test_few_trials_and_no_moves_are_no_proof() -> None:
    kept = held([0.3, 0.7], [0.28, 0.73], 0.1)
    few = prose.reliability_words(scores(0.003, 0.2, n=29), kept)
    assert few.endswith("共 29 次），次数太少，可能性是否可信下不了结论。")
    still = prose.reliability_words(scores(0.0, 0.003), kept)
    assert "误差小" not in still and "几乎都没有升降" in still


def test_cut_offs_are_said() -> None:
    assert "不低于 80% 为“把握大”，40%—80% 为“有望”，低于 40% 为“有压力”" in prose.cut_off_words()
