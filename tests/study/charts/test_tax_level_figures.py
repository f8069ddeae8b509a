"""Fans of district and streets, growth of industries: readable, and true to the table."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from louyu_lab.study.charts.tax_levels import MOST_STREETS, district_fan, industry_growth, street_fans


def told(level: str, names: list[str], base: float, years: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Past of 2018–2020 and forecast that grows by a tenth of ``base`` a year; intervals of ±5 and ±15 %."""
    past = [(level, name, 2018 + at, base * (at + 8) / 10) for name in names for at in range(3)]
    ahead = [
        (level, name, 2020 + at, mean, mean * 0.95, mean * 1.05, mean * 0.85, mean * 1.15)
        for name in names
        for at in range(1, years + 1)
        for mean in [base * (10 + at) / 10]
    ]
    bounds = ["mean_yuan", "lo80_yuan", "hi80_yuan", "lo95_yuan", "hi95_yuan"]
    columns = ["level", "id", "year"]
    before = pd.DataFrame(past, columns=[*columns, "tax_yuan"]).assign(filled_yuan=0.0)
    return before, pd.DataFrame(ahead, columns=[*columns, *bounds])


@pytest.mark.parametrize("years", [1, 3, 10])
@pytest.mark.parametrize("base", [6e9, 5e6])
def test_the_districts_fan_is_readable(readable, years, base):
    readable(district_fan(*told("district", ["某区"], base, years), note="另有说明。"))


def test_the_districts_fan_by_hand():
    ax = district_fan(*told("district", ["某区"], 1e9, 2)).axes[0]
    middle, past = ax.lines
    assert past.get_ydata().tolist() == [8.0, 9.0, 10.0]  # 亿元
    assert middle.get_ydata().tolist() == [10.0, 11.0, 12.0]
    assert [text.get_text() for text in ax.texts] == ["10.0", "12.0"]
    wide = ax.collections[0].get_paths()[0].vertices
    assert wide[:, 1].max() == pytest.approx(12 * 1.15)


def test_what_was_not_paid_is_hollow(readable):
    past, ahead = told("district", ["某区"], 1e9, 2)
    past.loc[2, ["tax_yuan", "filled_yuan"]] = [8e8, 1e8]  # 2020 falls, an eighth of it carried from 2019
    figure = district_fan(past, ahead)
    readable(figure)
    ax = figure.axes[0]
    paid = next(line for line in ax.lines if line.get_color() == "#222222" and line.get_linestyle() == "-")
    assert np.isnan(paid.get_ydata()[-1])
    hollow = next(line for line in ax.lines if line.get_markerfacecolor() == "white")
    assert (hollow.get_xdata().tolist(), hollow.get_ydata().tolist()) == ([2020], [8.0])
    assert [text.get_text() for text in ax.get_legend().get_texts()][:2] == ["实际", "部分缺数"]
    assert any("空心点" in text.get_text() for text in figure.texts)
    past["filled_yuan"] *= 0.07  # less than a hundredth is not marked
    assert len(district_fan(past, ahead).axes[0].lines) == 2


@pytest.mark.parametrize("streets", [1, 2, 5, 20])
def test_street_fans_are_readable(readable, streets):
    names = [f"第{at}街道办事处（原某某镇）" for at in range(streets)]
    figure = street_fans(*told("street", names, 3e8, 3))
    readable(figure)
    assert sum(bool(ax.lines) for ax in figure.axes) == min(streets, MOST_STREETS)


def test_a_street_without_a_name(readable):
    figure = street_fans(*told("street", [""], 3e8, 2))
    readable(figure)
    assert figure.axes[0].get_title(loc="left") == "未填街道"


@pytest.mark.parametrize("count", [1, 15, 16])
def test_industries_are_readable(readable, count):
    past, ahead = told("industry", [f"第{at}种行业" for at in range(count)], 3e8, 3)
    readable(industry_growth(past.rename(columns={"id": "industry"}), ahead))


def test_industry_growth_by_hand():
    past, ahead = told("industry", ["金融", "商贸", "教育"], 1e8, 2)
    past = past.rename(columns={"id": "industry"})
    past.loc[past["industry"] == "教育", "tax_yuan"] = 0.0  # no rate from nothing
    ax = industry_growth(past, ahead).axes[0]
    assert [text.get_text() for text in ax.get_yticklabels()] == ["商贸（1.00亿元）", "金融（1.00亿元）"]
    dots = [line.get_xdata()[0] for line in ax.lines if len(line.get_xdata()) == 1]
    assert dots == pytest.approx([20.0, 20.0])
    spans = [
        line.get_xdata() for line in ax.lines if line.get_color() != "#666666" and len(line.get_xdata()) == 2
    ]
    assert np.allclose(spans, [[14.0, 26.0]] * 2)  # 1.2 · 0.95 and 1.2 · 1.05


def test_small_and_untold_industries_are_not_drawn(readable):
    past, ahead = told("industry", ["金融", "商贸", "教育"], 1e8, 2)
    past = past.rename(columns={"id": "industry"})
    past.loc[past["industry"] == "教育", "tax_yuan"] = 1.9e6  # of 2.019: 0.94 %
    figure = industry_growth(past, ahead)
    readable(figure)
    assert len(figure.axes[0].get_yticklabels()) == 2
    assert any("不足全部1%的1个行业未画出" in text.get_text().replace("\n", "") for text in figure.texts)
    most = ahead.assign(id=ahead["id"].replace("金融", "未列企业"))
    most.loc[most["id"] == "未列企业", "mean_yuan"] = 1e9
    readable(industry_growth(past.replace({"industry": {"金融": "未列企业"}}), most))


def test_nothing_to_draw(readable):
    past, ahead = (frame.iloc[:0] for frame in told("district", ["某区"], 1.0, 1))
    for figure in (district_fan, street_fans):
        readable(figure(past, ahead))
    readable(industry_growth(past.rename(columns={"id": "industry"}), ahead))
    zero_past, zero = told("industry", ["金融"], 0.0, 1)
    readable(industry_growth(zero_past.rename(columns={"id": "industry"}), zero))
