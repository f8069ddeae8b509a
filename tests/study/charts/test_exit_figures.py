"""Figures of tenant exit: readable in every size, and true to the table."""

import numpy as np
import pandas as pd
import pytest

from louyu_lab.study.charts import exits, style

GROUPS = ["金融", "公共设施环境", "商务服务", "科技", "住宿餐饮", "教育"]


def curves(groups: int, end: float = 12.0) -> pd.DataFrame:
    years = np.linspace(0, end, 40)
    rates = {"全部": 0.1} | {name: 0.05 + 0.03 * at for at, name in enumerate(GROUPS[:groups])}
    parts = [
        pd.DataFrame({"years": years, "survival": np.exp(-rate * years)}).assign(
            group=name, grouping="全部" if name == "全部" else "行业"
        )
        for name, rate in rates.items()
    ]
    table = pd.concat(parts, ignore_index=True)
    return table.assign(lo=table["survival"] - 0.02, hi=table["survival"] + 0.02, at_risk=99)


def hazard() -> pd.DataFrame:
    table = pd.DataFrame(
        {
            "driver": ["行业"] * 3 + ["租用面积"] * 2 + ["产权户数（每翻一番）", "年份", "年份"],
            "level": [
                "商贸",
                "金融",
                "居民服务、修理和其他服务业",
                "100㎡以下",
                "1000㎡及以上",
                "",
                "2019",
                "2020",
            ],
            "effect_pp": [np.nan, -5.0, 3.0, np.nan, 0.5, 0.2, np.nan, 9.0],
        }
    )
    table["lo_pp"], table["hi_pp"] = table["effect_pp"] - 1.0, table["effect_pp"] + 1.0
    return table.assign(exits=1393, is_reference=table["effect_pp"].isna())


@pytest.mark.parametrize("groups", [0, 1, 4, 6])
@pytest.mark.parametrize("end", [0.8, 4.0, 12.0])
def test_curves_are_readable(readable, groups, end):
    readable(exits.stay_curves(curves(groups, end)))


def test_effects_are_readable(readable):
    readable(exits.exit_effects(hazard()))


def test_the_longest_and_the_shortest_are_drawn():
    # Hazards rise by the order of the names: of six groups the first two and the last two.
    ax = exits.stay_curves(curves(6)).axes[0]
    assert [text.get_text() for text in ax.texts] == ["全部", "金融", "公共设施环境", "住宿餐饮", "教育"]
    ends = [line.get_ydata()[-1] for line in ax.lines]
    # Each is carried to ten years at its last value before: between exp(−rate × 10) and a step of 0.31 years before.
    for end, rate in zip(ends, [0.1, 0.05, 0.08, 0.17, 0.20], strict=True):
        assert np.exp(-rate * 10) <= end <= np.exp(-rate * (10 - 12 / 39))


def test_a_curve_that_ends_early_is_not_drawn():
    table = curves(4)
    table = table[(table["group"] != "金融") | (table["years"] < 2)]
    ax = exits.stay_curves(table).axes[0]
    assert [text.get_text() for text in ax.texts] == ["全部", "公共设施环境", "商务服务", "科技"]


def test_dots_by_hand():
    ax = exits.exit_effects(hazard()).axes[0]
    dots = [line for line in ax.lines if line.get_marker() == "o"]
    # Neither reference levels nor years.
    assert [float(dot.get_xdata()[0]) for dot in dots] == [-5.0, 3.0, 0.5, 0.2]
    assert [dot.get_color() for dot in dots] == [style.MAIN, style.WARM, style.INK, style.INK]
    labels = [label.get_text() for label in ax.get_yticklabels()]
    assert labels[:2] == ["行业：", "金融（1393户）"]
    assert labels[-2:] == ["产权户数：", "翻一番（1393户）"]


def test_nothing_to_draw(readable):
    readable(exits.stay_curves(curves(0).iloc[:0]))
    readable(exits.exit_effects(hazard().iloc[:0]))
