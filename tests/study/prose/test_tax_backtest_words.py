"""The sentences on the forecast's own record agree with its scores, also where they are unwelcome."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from louyu_lab.analysis.tax.forecasting.backtesting.verdict import NEAR, UNKNOWN, UNSURE, Verdict
from louyu_lab.analysis.tax.history import TaxHistory, last_known
from louyu_lab.analysis.tax.paths import TaxPaths
from louyu_lab.analysis.tax.record.district import DistrictBacktest, backtest_district
from louyu_lab.study.prose.tax_backtest import backtest_words


def studied(
    tax: np.ndarray, rate: float | None, spread: float = 0.1, streets: Sequence[str] = ("北街", "南街")
) -> DistrictBacktest:
    """Back-test the last known tax grown by ``rate`` (None: what came), with draws ± up to ``spread``."""
    count, years = tax.shape
    history = TaxHistory(
        np.array([f"L{at:03d}" for at in range(count)]), np.array([*streets] * count)[:count],
        np.ones(count, dtype=bool), np.arange(2013, 2013 + years), tax,
    )  # fmt: skip

    def paths_of(origin: int) -> TaxPaths:
        if rate is None:
            coming = tax[:, origin - 2012 : origin - 2010]
            middle = np.pad(coming, ((0, 0), (0, 2 - coming.shape[1])), constant_values=1.0)
        else:
            middle = last_known(history.until(origin))[:, None] * (1 + rate) ** np.arange(1, 3)
        draws = middle * (1 + spread * np.linspace(-1, 1, 101)[:, None, None])
        return TaxPaths(history.building_id, history.street, origin + np.arange(1, 3), draws)

    return backtest_district(
        history, 2, {int(origin): paths_of(origin) for origin in history.years[:-1]}, "某区"
    )


def steady(years: int, rate: float = 0.1) -> np.ndarray:
    return np.outer([2e8, 1e8, 5e7, 4e7], (1 + rate) ** np.arange(years))


def test_a_clear_win() -> None:
    tax = steady(9) * np.tile([1.3, 0.7], 5)[:9]  # up and down by turns: no simple method follows
    said = backtest_words(studied(tax, None))
    assert said.startswith(
        "回到 2014—2020 年底（7 个起点），只用当时已有的数据预测其后 1—2 年，再与后来的实际税收相比。"
        "加权误差（误差绝对值之和 ÷ 实际税收之和）：全区本章方法 0.0%，简单方法中最好的"
    )
    assert said.count("本章方法更准，误差低 100.0%") == 3
    assert "同样好" not in said and "只看" not in said
    assert said.endswith("本章方法在每个起点都不落后。")


def test_the_simple_method_is_as_good() -> None:
    said = backtest_words(studied(np.repeat([[2e8], [1e8], [3e7]], 7, axis=1), 0.0))
    assert "全区本章方法 0.0%，简单方法中最好的末年值 0.0%，同样好；" in said
    assert "只看全区和各街道和各楼的数，用末年值也一样。" not in said
    assert "只看全区、各街道和各楼的数，用末年值也一样。" in said
    # Nothing fell behind, so no regret is told.
    assert "落后" not in said
    # Every actual value sits in the middle of the interval: of nine that may be chance (2·√(0.8·0.2 ÷ 9) is
    # 0.27), of the 18 of two streets it is 0.19 and less than the 0.2 that they are off.
    assert "全区 100.0%、100.0%，各街道 100.0%、100.0%（偏宽）" in said


def test_the_simple_method_is_better_and_it_is_said() -> None:
    # Nothing grows; ours adds 20 % a year: off by 20 and 44 %, on average of five and four origins 30.7 %.
    said = backtest_words(studied(np.repeat([[2e8], [1e8], [3e7]], 7, axis=1), 0.2))
    assert "各楼本章方法 30.7%，简单方法中最好的末年值 0.0%，本章方法更差" in said
    assert (
        "只看全区、各街道和各楼的数，应以末年值为准（按它推算，全区 2020—2021 年依次为 3.30 亿元、3.30 亿元）。"
        in said
    )
    assert "80%、95% 区间实际包住的比例：全区 0.0%、0.0%（偏窄）" in said
    assert "；全区、各街道和各楼的八成把握、80% 区间要打折扣看。" in said
    assert said.endswith("单个起点上落后当年最好方法最多的是本章方法（2014 年，32.0 个百分点）。")


def test_too_few_origins() -> None:
    said = backtest_words(studied(steady(4), 0.1))
    assert "（2 个起点）" in said
    assert "起点只有 2 个，少于 3 个，谁更准下不了结论。" in said
    assert "同样好" not in said and "更准，" not in said


def verdicts(word: str, wape: float, rival_wape: float, origins: int = 6) -> DistrictBacktest:
    """Return a back-test of level taxes whose verdict on the district is as given."""
    made = studied(np.repeat([[2e8], [1e8], [3e7]], 7, axis=1), 0.0)
    told = Verdict(word, "末年值", wape, rival_wape, -0.1, 0.1, origins)
    levels = dict(made.levels) | {"district": replace(made.levels["district"], verdict=told)}
    return replace(made, levels=levels)


def test_not_to_be_able_to_tell_is_not_called_equal() -> None:
    # 3.7 % against 2.1 %: 76.2 % more; the rival's own figure stands beside.
    far = backtest_words(verdicts(UNSURE, 0.037, 0.021))
    assert (
        "全区本章方法 3.7%，简单方法中最好的末年值 2.1%，误差高 76.2%，但起点只有 6 个，不能排除偶然；" in far
    )
    assert "只看全区的数，应拿末年值作对照（按它推算，全区 2020—2021 年依次为 3.30 亿元、3.30 亿元）；" in far
    assert "只看各街道和各楼的数，用末年值也一样。" in far
    ahead = backtest_words(verdicts(UNSURE, 0.139, 0.173, origins=12))
    assert "误差低 19.7%，但各起点有高有低，不能排除偶然" in ahead and "作对照" not in ahead
    near = backtest_words(verdicts(NEAR, 0.105, 0.1))
    assert "误差高 5.0%，在偶然范围内；" in near and "作对照" not in near
    unknown = backtest_words(verdicts(UNKNOWN, 0.2, 0.1, origins=2))
    assert "应拿末年值作对照" in unknown


def test_too_narrow_intervals_with_few_origins_are_not_passed_over() -> None:
    made = studied(np.repeat([[2e8], [1e8], [3e7]], 7, axis=1), 0.0)
    district = made.levels["district"]
    rows = district.scores.assign(n=9, coverage80=6 / 9, coverage95=8 / 9)
    said = backtest_words(
        replace(made, levels=dict(made.levels) | {"district": replace(district, scores=rows)})
    )
    # 2·√(0.8·0.2 ÷ 9) = 0.27 is more than the 0.13 that lack: it may be chance, and that is said.
    assert "全区 66.7%、88.9%（不足，但只有 9 次，样本少）" in said
    assert "；全区的八成把握、80% 区间要打折扣看。" in said


def test_one_building_is_told_once() -> None:
    said = backtest_words(studied(steady(7)[:1], 0.1))
    assert said.count("简单方法中最好的") == 1
    assert "全区（只有 1 幢楼）本章方法" in said and "各街道" not in said
    street = studied(np.repeat([[2e8], [1e8], [3e7]], 7, axis=1), 0.0, streets=["北街"])
    assert "全区（只有 1 个街道）本章方法" in backtest_words(street)
    assert "各街道" not in backtest_words(street)


def test_all_zero_taxes_compare_nothing() -> None:
    said = backtest_words(studied(np.zeros((3, 7)), 0.0))
    assert said.endswith("再与后来的实际税收相比。这些年的实际税收都是零，谁更准无从比较。")


@pytest.mark.parametrize("years", [1, 2])
def test_no_back_test(years: int) -> None:
    said = backtest_words(studied(steady(years), 0.1))
    assert said == f"只有 {years} 年税收，至少 3 年才能回测，预测有多准无从得知。"
