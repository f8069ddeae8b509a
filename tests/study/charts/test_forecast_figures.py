"""Figures of the forecast: readable in every size, and true to the table."""

import numpy as np
import pandas as pd
import pytest

from louyu_lab.study.charts import forecast

LONG = "东北亚国际金融与科技创新中心OneWorld世界城(二期)A座"


def fan(years: int, horizon: int, known: bool = True) -> tuple[pd.DataFrame, pd.DataFrame]:
    past = pd.DataFrame({"year": range(2021 - years, 2021), "tax_yuan": np.linspace(4e9, 5.8e9, years)})
    ahead = pd.DataFrame({"level": "district", "id": "某区", "year": range(2021, 2021 + horizon)})
    ahead["mean_yuan"] = 6e9 + 2e8 * np.arange(horizon)
    for level, width in ((80, 4e8), (95, 7e8)):
        ahead[f"lo{level}_yuan"] = ahead["mean_yuan"] - (width if known else np.nan)
        ahead[f"hi{level}_yuan"] = ahead["mean_yuan"] + (width if known else np.nan)
    return past, ahead


def yi(chances: list[float]) -> pd.DataFrame:
    names = [LONG if at == 0 else f"云台{at}号大厦" for at in range(len(chances))]
    frame = pd.DataFrame({"building_id": names, "building": names, "p_yi": chances, "year": 2023})
    return frame.assign(tax_yuan=9.2e7)


@pytest.mark.parametrize(
    ("years", "horizon", "known"), [(8, 3, True), (1, 1, False), (1, 10, True), (14, 5, True)]
)
def test_fans_are_readable(readable, years, horizon, known):
    readable(forecast.tax_fan(*fan(years, horizon, known)))


def test_the_fan_by_hand():
    past, ahead = fan(2, 1)
    ax = forecast.tax_fan(past, ahead.assign(lo95_yuan=np.nan, hi95_yuan=np.nan)).axes[0]
    middle = next(line for line in ax.lines if line.get_linestyle() == "--")
    assert middle.get_ydata().tolist() == pytest.approx([58.0, 60.0])  # 亿元, from the last known year on
    # An interval that is not known is not drawn and not in the legend.
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["预测", "80%区间"]
    assert [text.get_text() for text in ax.texts] == ["58.0", "60.0"]


def test_only_partly_known_intervals_are_readable(readable):
    past, ahead = fan(8, 3)
    ahead.loc[2, ["lo80_yuan", "hi80_yuan", "lo95_yuan", "hi95_yuan"]] = np.nan
    readable(forecast.tax_fan(past, ahead))


@pytest.mark.parametrize("chances", [[0.5], [1.0, 0.97, 0.5, 0.01, 0.0], list(np.linspace(0.99, 0.05, 30))])
def test_chances_are_readable(readable, chances):
    readable(forecast.yi_chances(yi(chances)))


def test_certain_buildings_are_counted_not_drawn():
    figure = forecast.yi_chances(yi([1.0, 0.999, 0.6, 0.1]))
    bars = figure.axes[0].containers[0]
    assert [bar.get_width() for bar in bars] == pytest.approx([0.6, 0.1])
    assert "另有2幢几乎确定" in figure.get_supxlabel()


def test_nothing_to_draw(readable):
    past, ahead = fan(1, 1)
    readable(forecast.tax_fan(past, ahead.iloc[:0]))
    readable(forecast.yi_chances(yi([1.0])))
    readable(forecast.yi_chances(yi([np.nan])))
