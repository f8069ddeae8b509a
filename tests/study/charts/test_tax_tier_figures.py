"""Figures of coming tiers: readable in every size, and true to the tables."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.tax.tiers.reliability import EVERY
from louyu_lab.study.charts import tax_tiers as charts
from louyu_lab.study.charts.chances import chance_text
from louyu_lab.study.charts.style import INK

LONG = "东北亚国际金融与科技创新中心OneWorld世界城(二期)A座"


def counted(years: int, low: int, high: int, target: float = np.nan) -> tuple[pd.DataFrame, pd.DataFrame]:
    each = list(range(2021, 2021 + years))
    count = pd.DataFrame({"year": each, "now": low, "target": target})
    numbers = np.arange(low, high + 1)
    parts = [
        pd.DataFrame({"year": year, "yi_buildings": numbers, "share": 1 / len(numbers)}) for year in each
    ]
    return count, pd.concat(parts, ignore_index=True)


def chances(last: list[float], years: int = 3) -> pd.DataFrame:
    rows = [
        {
            "building_id": f"L{at:03d}",
            "building": LONG if at == 0 else f"云台{at}号大厦",
            "tax_yuan": 9.2e7,
            "year": 2021 + step,
            "p_yi": p * (step + 1) / years,
        }
        for at, p in enumerate(last)
        for step in range(years)
    ]
    return pd.DataFrame(rows)


def outlook(last: list[float]) -> pd.DataFrame:
    tax = np.linspace(2e8, 5e7, len(last))
    frame = pd.DataFrame(
        {"building_id": [f"L{at:03d}" for at in range(len(last))], "p_yi": last, "year": 2023}
    )
    names = [LONG if at == 0 else f"云台{at}号大厦" for at in range(len(last))]
    return frame.assign(
        building=names, tax_yuan=tax, mean_yuan=1.1 * tax, lo80_yuan=0.8 * tax, hi80_yuan=1.5 * tax
    )


def contributed(rows: int) -> pd.DataFrame:
    change = np.linspace(3e8, -2e8, rows)
    names = [LONG if at == 0 else f"云台{at}号大厦" for at in range(rows)]
    frame = pd.DataFrame({"level": "building", "id": [f"L{at:03d}" for at in range(rows)], "name": names})
    frame = frame.assign(year=2023, change_yuan=change, lo80_yuan=change - 1e8, hi80_yuan=change + 1e8)
    return pd.concat([frame, frame.assign(level="street")], ignore_index=True)


@pytest.mark.parametrize(
    ("years", "low", "high", "target"), [(3, 9, 15, 13), (1, 0, 0, np.nan), (5, 3, 60, 80)]
)
def test_numbers_are_readable(readable, years, low, high, target):
    readable(charts.yi_count_bars(*counted(years, low, high, target)))


def test_numbers_by_hand():
    count, shares = counted(2, 3, 6, 5.0)
    axes = charts.yi_count_bars(count, shares).axes
    assert len(axes) == 2
    bars = axes[0].containers[0]
    assert [bar.get_height() for bar in bars] == [0.25] * 4
    assert [bar.get_facecolor()[:3] == bars[0].get_facecolor()[:3] for bar in bars] == [
        True,
        False,
        False,
        False,
    ]
    assert bars[0].get_facecolor()[:3] == tuple(int(INK[at : at + 2], 16) / 255 for at in (1, 3, 5))
    assert [line.get_xdata()[0] for line in axes[1].lines] == [5.0]


@pytest.mark.parametrize("last", [[0.5], [0.97, 0.5, 0.02, 0.0], list(np.linspace(0.98, 0.05, 30))])
@pytest.mark.parametrize("years", [1, 3])
def test_chances_are_readable(readable, last, years):
    readable(charts.yi_chance_dots(chances(last, years)))


def test_sure_and_hopeless_buildings_are_not_drawn():
    figure = charts.yi_chance_dots(chances([0.999, 0.6, 0.005], 1))
    assert [text.get_text() for text in figure.axes[0].get_yticklabels()] == ["云台1号大厦（0.92）"]
    assert "另有1幢各年都在95%以上" in figure.get_supxlabel()


def names_of(figure) -> list[str]:
    return [text.get_text().split("（")[0] for text in figure.axes[0].get_yticklabels()]


def test_the_open_ones_are_drawn_first_and_the_rest_is_counted():
    # Twenty at 94 %, ten from 60 to 15 %: the fifteen nearest to one half hold all ten, and five of the twenty.
    last = [0.94] * 20 + list(np.linspace(0.6, 0.15, 10))
    for figure in (charts.yi_chance_dots(chances(last, 1)), charts.ladder_rungs(outlook(last))):
        assert {f"云台{at}号大厦" for at in range(20, 30)} <= set(names_of(figure))
        assert "只画最难料的，其余15幢从略。" in figure.get_supxlabel().replace("\n", "")
    # Buildings beyond 95 % are counted apart.
    sure = charts.ladder_rungs(outlook([0.96, 0.999, 0.5]))
    assert names_of(sure) == ["云台2号大厦"]
    assert "另有2幢在95%以上" in sure.get_supxlabel().replace("\n", "")


@pytest.mark.parametrize("last", [[0.5], list(np.linspace(0.98, 0.0, 30)), [0.999]])
def test_ladders_are_readable(readable, last):
    readable(charts.ladder_rungs(outlook(last)))


@pytest.mark.parametrize("rows", [1, 12, 60])
@pytest.mark.parametrize("level", ["building", "street"])
def test_contributions_are_readable(readable, rows, level):
    readable(charts.contribution_dots(contributed(rows), level))


def test_the_rest_is_told():
    # 3, 1.75, 0.5, −0.75 and −2亿: the three largest are 3, −2 and 1.75; 0.5 − 0.75 is left.
    figure = charts.contribution_dots(contributed(5), most=3)
    assert "其余2幢合计-0.25亿元" in figure.get_supxlabel()
    labels = [text.get_text() for text in figure.axes[0].get_yticklabels()]
    assert labels[1:] == ["云台1号大厦", "云台4号大厦"]


def test_reliability_is_readable(readable):
    mean = np.array([0.01, 0.12, 0.3, 0.5, 0.7, 0.88, 0.99])
    rows = pd.DataFrame({"event": EVERY, "n": 12345, "mean_chance": mean, "observed_rate": mean**1.2})
    readable(charts.reliability_line(rows.assign(lo_rate=mean * 0.9, hi_rate=np.minimum(mean * 1.1, 1.0))))


def test_without_rows_figures_say_why(readable):
    count, shares = counted(1, 1, 1)
    readable(charts.yi_count_bars(count.iloc[:0], shares.iloc[:0]))
    readable(charts.yi_chance_dots(chances([0.5]).iloc[:0]))
    readable(charts.yi_chance_dots(chances([0.999], 1)))
    readable(charts.ladder_rungs(outlook([0.5]).iloc[:0]))
    readable(charts.contribution_dots(contributed(1).iloc[:0]))
    readable(charts.reliability_line(pd.DataFrame({"event": []})))


@pytest.mark.parametrize(
    ("p", "said"),
    [
        (0.0004, "不足0.1%"),
        (0.001, "0.1%"),
        (0.5, "50.0%"),
        (0.999, "99.9%"),
        (1.0, "超过99.9%"),
        (0.0, "不足0.1%"),
    ],
)
def test_chances_are_never_told_as_none_or_sure(p, said):
    assert chance_text(p) == said
