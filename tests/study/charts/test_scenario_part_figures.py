"""Parts of gaps, tornadoes, swept levers and money: readable, and true to the tables."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.scenarios.answers.money import Money
from louyu_lab.study.charts import scenario_money, scenario_parts, scenario_sweep
from louyu_lab.study.charts.style import INK

LONG = "消化闲置面积并提高新入驻企业注册率和单产的一种组合"
PARTS = ["可租售面积", "入驻率", "注册率", "楼宇结构", "单位税收", "无法分解"]


def gap(effects: list[float], comparison: str = "基准到情景", spread: float = 1e7) -> pd.DataFrame:
    frame = pd.DataFrame({"part": PARTS[: len(effects)], "effect_yuan": effects})
    frame = frame.assign(lo80_yuan=frame["effect_yuan"] - spread, hi80_yuan=frame["effect_yuan"] + spread)
    return frame.assign(comparison=comparison, year=2023, from_yuan=6e9, to_yuan=6e9 + sum(effects))


def effects(count: int, indicator: str = "tax_yuan", scale: float = 1e8) -> pd.DataFrame:
    titles = [*(f"第{at}个名字较长的杠杆（系数）" for at in range(count)), "各杠杆的交互"]
    alone = np.linspace(2.0, -1.0, count + 1) * scale
    frame = pd.DataFrame({"title": titles, "alone": alone, "low": alone - scale, "high": alone + scale})
    frame.loc[count, ["low", "high"]] = np.nan
    zh, unit = {
        "tax_yuan": ("楼宇税收", "元"),
        "yi_buildings": ("亿元楼数量", "幢"),
        "occupancy_rate": ("入驻率", "比例"),
    }[indicator]
    frame = frame.assign(indicator=indicator, name_zh=zh, unit=unit, year=2023, scenario=LONG)
    return frame.assign(swing=np.linspace(3, 1, count + 1) * scale)


def sweep(count: int, target: float = 11.5) -> pd.DataFrame:
    at = np.arange(count, dtype="float64")
    frame = pd.DataFrame({"lever_value": at, "setting": [f"{value:.0f} 万㎡" for value in at]})
    frame = frame.assign(scenario=LONG, title="每年多消化空置面积", year=2023, target=target)
    frame = frame.assign(p_reached=at / max(count, 1) if np.isfinite(target) else np.nan)
    each = [
        ("yi_buildings", "亿元楼数量", "幢", 10.0),
        ("tax_yuan", "楼宇税收", "元", 10e8),
        ("registration_rate", "注册率", "比例", 0.9),
    ]
    rows = [
        frame.assign(
            indicator=code,
            name_zh=zh,
            unit=unit,
            median=base + at * base / 20 * (code != "registration_rate"),
        )
        for code, zh, unit, base in each
    ]
    rows[1]["target"] *= 1e8
    rows[2] = rows[2].assign(target=np.nan, p_reached=np.nan)
    table = pd.concat(rows, ignore_index=True)
    return table.assign(lo80=table["median"] * 0.95, hi80=table["median"] * 1.05)


def money(local: list[float], cost: list[float], draws: int = 50, title: str = "甲") -> Money:
    shape = (draws, 1)
    gained = np.tile(np.array(local, dtype="float64"), shape)
    whole = np.nan_to_num(gained, nan=1e7) * 2
    paid = np.tile(np.array(cost, dtype="float64"), shape)
    years = tuple(range(2021, 2021 + len(local)))
    return Money(title, 2020, years, whole, gained, {"租金补贴": paid}, paid, paid * 0, 1.0, 0.03)


@pytest.mark.parametrize("values", [[3e8], [2e8, 1.2e8, -3e6, -8e7, 5e8, 1e7], [-4e9, 1e7, -2e5]])
@pytest.mark.parametrize("spread", [1e7, np.nan])
def test_gaps_are_readable(readable, values: list[float], spread: float) -> None:
    readable(scenario_parts.gap_waterfall(gap(values, spread=spread), LONG))
    readable(scenario_parts.gap_waterfall(gap(values, "推演到目标", spread)))


def test_gap_bars_follow_one_another_and_end_at_their_sum() -> None:
    ax = scenario_parts.gap_waterfall(gap([2e8, 0.0, -5e7])).axes[0]
    # In 亿元; the part of zero is left out: 0 → 2, 2 → 1.5, and the sum from 0 to 1.5.
    assert [(bar.get_x(), bar.get_x() + bar.get_width()) for bar in ax.patches] == [
        pytest.approx((0, 2)),
        pytest.approx((2, 1.5)),
        pytest.approx((0, 1.5)),
    ]
    assert [text.get_text() for text in ax.texts] == ["+2.00", "-0.50", "+1.50"]
    assert [text.get_text() for text in ax.get_yticklabels()] == ["可租售面积", "注册率", "合计"]
    nothing = scenario_parts.gap_waterfall(gap([0.0]))
    assert "两边的税收相同" in nothing.axes[0].texts[0].get_text()
    assert "没有税收目标" in scenario_parts.gap_waterfall(gap([])).axes[0].texts[0].get_text()


@pytest.mark.parametrize("count", [1, 20])
@pytest.mark.parametrize(
    ("indicator", "scale"), [("tax_yuan", 1e6), ("yi_buildings", 0.2), ("occupancy_rate", 0.01)]
)
def test_tornadoes_are_readable(readable, count: int, indicator: str, scale: float) -> None:
    readable(scenario_parts.tornado_bars(effects(count, indicator, scale), indicator))


def test_tornado_by_hand() -> None:
    table = effects(2)
    figure = scenario_parts.tornado_bars(table)
    ax = figure.axes[0]
    assert [text.get_text() for text in ax.texts] == ["+2.00", "+0.50", "-1.00"]
    assert ax.get_yticklabels()[-1].get_text() == "各杠杆的交互"
    assert "空心为取低值，实心为取高值" in figure.get_supxlabel().replace("\n", "")
    # At the low value, at the high one, and as set, in 亿元.
    low, high, alone = (collection.get_offsets()[:, 0] for collection in ax.collections[1:])
    assert low[:2].tolist() == pytest.approx([1.0, -0.5])
    assert high[:2].tolist() == pytest.approx([3.0, 1.5])
    assert alone.tolist() == pytest.approx([2.0, 0.5, -1.0])
    none = scenario_parts.tornado_bars(table.assign(swing=0.0))
    assert "没有杠杆影响楼宇税收" in none.axes[0].texts[0].get_text()
    assert "没有改变杠杆" in scenario_parts.tornado_bars(table, "yi_buildings").axes[0].texts[0].get_text()


@pytest.mark.parametrize(("count", "target"), [(2, np.nan), (5, 11.5), (25, 11.5)])
def test_sweeps_are_readable(readable, count: int, target: float) -> None:
    readable(scenario_sweep.sweep_lines(sweep(count, target)))


def test_a_sweep_shows_what_the_lever_moves() -> None:
    axes = scenario_sweep.sweep_lines(sweep(4)).axes
    # The registration rate stays and is left out.
    assert [ax.get_title(loc="left") for ax in axes] == ["2023年亿元楼数量（幢）", "2023年楼宇税收（亿元）"]
    assert [text.get_text() for text in axes[0].texts] == ["<1%", "25%", "50%", "75%"]
    assert axes[1].lines[0].get_ydata().tolist() == pytest.approx([10, 10.5, 11, 11.5])
    assert "红虚线为目标" in scenario_sweep.sweep_lines(sweep(4)).get_supxlabel()
    assert "目标" not in scenario_sweep.sweep_lines(sweep(4, np.nan)).get_supxlabel()
    still = sweep(4)
    still = still[still["indicator"] == "registration_rate"]
    assert "不改变有目标的指标" in scenario_sweep.sweep_lines(still).axes[0].texts[0].get_text()
    assert "sweep" in scenario_sweep.sweep_lines(still.iloc[:0]).axes[0].texts[0].get_text()


@pytest.mark.parametrize(("years", "size"), [(1, 1e9), (3, 1e4), (12, 1e9)])
def test_money_is_readable(readable, years: int, size: float) -> None:
    rising = np.linspace(0.1, 1, years) * size
    readable(scenario_money.money_courses(money(rising.tolist(), [size] * years, title=LONG)))
    readable(scenario_money.money_courses(money((-rising).tolist(), [0.0] * years)))


def test_money_adds_up_and_marks_the_payback() -> None:
    figure = scenario_money.money_courses(money([1e8, 2e8, 3e8], [2e8, 0.0, 0.0]))
    cost, gain, back = figure.axes[0].lines[:3]
    assert cost.get_ydata().tolist() == pytest.approx([2, 2, 2]) and cost.get_color() == INK
    assert gain.get_ydata().tolist() == pytest.approx([1, 3, 6])
    # 3 against 2 in the second year.
    assert back.get_xdata() == [2022, 2022]
    assert "2022年起收回花费" in figure.get_supxlabel().replace("\n", "")


def test_an_unknown_local_share_is_said() -> None:
    figure = scenario_money.money_courses(money([np.nan], [1e6]))
    nothing = scenario_money.money_courses(money([0.0], [0.0]))
    assert "既不花钱" in nothing.axes[0].texts[0].get_text()
    assert "区级留存比例不明" in figure.get_supxlabel().replace("\n", "")
