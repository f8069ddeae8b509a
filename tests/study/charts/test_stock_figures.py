"""Figures of the stock: readable in every size, and true to the table."""

import numpy as np
import pandas as pd
import pytest

from louyu_lab.study.charts import stock


def widths(ax) -> list[float]:
    return [bar.get_width() for bar in ax.containers[0]]


def test_readable(tables, readable):
    readable(stock.occupancy_band_bars(tables.occupancy_bands, tables.year))
    readable(stock.size_band_bars(tables.size_bands, tables.year))
    readable(stock.place_comparison(tables.places, tables.year))
    readable(stock.occupancy_over_years(tables.rollup_by_year))


def test_bands_of_heping_district():
    # 和平区's plan: 56, 18, 10 and 5 of 89 buildings are 62.9, 20.2, 11.2 and 5.6 %.
    counts = np.array([56, 18, 10, 5])
    bands = pd.DataFrame({"band": ["85%及以上", "70%—85%", "50%—70%", "50%以下"], "buildings": counts})
    bands["rentable_area_sqm"] = [2.1e6, 7e5, 3e5, np.nan]
    bands["share_buildings"], bands["share_area"] = counts / 89, [0.68, 0.22, 0.1, np.nan]
    left, right = stock.occupancy_band_bars(bands, 2020).axes
    assert widths(left) == [56, 18, 10, 5]
    assert [text.get_text() for text in left.texts] == [
        "56（62.9%）",
        "18（20.2%）",
        "10（11.2%）",
        "5（5.6%）",
    ]
    assert widths(right)[:3] == [2.1e6, 7e5, 3e5]
    assert right.texts[0].get_text() == "210.0（68.0%）"
    assert right.texts[3].get_text() == "无数据"  # missing is said, not drawn as nothing


def test_places_stand_by_area_and_the_rest_is_counted(usual):
    figure = stock.place_comparison(usual.places, 2020, most=4)
    drawn = usual.places.nlargest(4, "gross_area_sqm")
    assert widths(figure.axes[0]) == drawn["gross_area_sqm"].tolist()
    assert widths(figure.axes[1]) == drawn["occupancy_rate"].tolist()
    assert widths(figure.axes[2]) == drawn["tax_per_sqm_yuan"].tolist()
    assert "另有2个面积较小" in figure.get_supxlabel().replace("\n", "")


def test_an_unknown_level_says_what_is_missing(usual):
    assert (
        "楼宇台账没有片区"
        in stock.place_comparison(usual.places, 2020, level="zone").axes[0].texts[0].get_text()
    )


def test_occupancy_lines_follow_the_table(usual):
    figure = stock.occupancy_over_years(usual.rollup_by_year)
    district = usual.rollup_by_year.query("level == 'district'")
    first = figure.axes[0].lines[0]
    assert first.get_xdata().tolist() == district["year"].tolist()
    assert first.get_ydata() == pytest.approx(district["occupancy_rate"].to_numpy())
    names = {text.get_text().split()[0] for text in figure.axes[0].texts}
    assert names == {"全区", *usual.places["id"]}


def test_one_year_is_not_blown_up(usual):
    last = usual.rollup_by_year.query("year == 2020 and level == 'district'")
    low, high = stock.occupancy_over_years(last).axes[0].get_ylim()
    assert high - low >= 0.1
