"""Figures of causes: readable in every size, and true to the table."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.patches import Rectangle

from louyu_lab.analysis.vacancy.attribution import Case
from louyu_lab.study.charts import causes as charts

LONG = "东北亚国际金融与科技创新中心世界城(二期)街道办事处"
NAMES = ["产权", "设施", "运营", "区位", "体量", "定位与租户", "市场与租金", "供应", "疫情", "其他因素"]


def causes(streets: int, groups: int, size: float = 3e3) -> pd.DataFrame:
    rng = np.random.default_rng(streets)
    places = [LONG, *[f"第{at + 1}街道" for at in range(1, streets)]]
    every = ["参照水平", *NAMES[:groups], "未解释"]
    rows = [("street", place, cause, rng.normal(0, size)) for place in places for cause in every]
    table = pd.DataFrame(rows, columns=["level", "id", "cause", "area_sqm"])
    table.loc[table["cause"] == "参照水平", "area_sqm"] += 30 * size
    table = table.assign(lo_sqm=table["area_sqm"] - size, hi_sqm=table["area_sqm"] + size)
    table.loc[table["cause"] == "未解释", ["lo_sqm", "hi_sqm"]] = np.nan
    return table


def case(groups: int, size: float = 1.0) -> Case:
    rng = np.random.default_rng(groups)
    parts = pd.DataFrame({"cause": NAMES[:groups], "area_sqm": rng.normal(0, 2000 * size, groups)})
    parts = parts.assign(lo_sqm=parts["area_sqm"] - 900 * size, hi_sqm=parts["area_sqm"] + 900 * size)
    vacant = 9000 * size + parts["area_sqm"].sum() - 3000 * size
    return Case("A", LONG, "南街", vacant, 9000 * size, -3000 * size, parts, ())


@pytest.mark.parametrize(("streets", "groups", "size"), [(1, 1, 3.0), (6, 7, 3e3), (20, 10, 3e4)])
def test_streets_are_readable(readable, streets, groups, size):
    readable(charts.causes_by_street(causes(streets, groups, size), 2020))


@pytest.mark.parametrize(("groups", "size"), [(0, 1.0), (6, 0.01), (10, 10.0)])
def test_cases_are_readable(readable, groups, size):
    readable(charts.case_waterfall(case(groups, size), 2020))


def test_cases_without_intervals_are_readable(readable):
    made = case(5)
    made.causes[["lo_sqm", "hi_sqm"]] = np.nan
    readable(charts.case_waterfall(made, 2020))


def test_cells_by_hand():
    rows = [
        ("street", "北街", "参照水平", 1.6e4, 0.0, 0.0),
        ("street", "北街", "产权", -4e3, -6e3, 1e3),
        ("street", "北街", "年份", 0.0, 0.0, 0.0),
        ("street", "北街", "未解释", -4e3, np.nan, np.nan),
        ("street", "南街", "参照水平", 2e4, 0.0, 0.0),
        ("street", "南街", "产权", 1.2e4, 5e3, 2e4),
        ("street", "南街", "年份", 0.0, 0.0, 0.0),
        ("street", "南街", "未解释", 0.0, np.nan, np.nan),
        ("building", "A", "产权", 9e9, 0.0, 0.0),
    ]
    table = pd.DataFrame(rows, columns=["level", "id", "cause", "area_sqm", "lo_sqm", "hi_sqm"])
    ax = charts.causes_by_street(table, 2020).axes[0]
    # 3.2 万㎡ before 0.8 万㎡; the year adds nothing and has no column.
    assert [label.get_text() for label in ax.get_yticklabels()] == ["南街\n3.20万㎡", "北街\n0.80万㎡"]
    assert [label.get_text() for label in ax.get_xticklabels()] == ["产权", "未解释"]
    assert [text.get_text() for text in ax.texts] == ["+1.20", "0", "-0.40", "-0.40"]
    image = ax.images[0].get_array()
    red, blue = image[0, 0], image[1, 0]
    assert red[0] > red[2]
    assert blue[2] > blue[0]
    # As large: 未解释, which has no interval, is in full colour beside a cause that may be nothing.
    assert image[1, 1][:3].min() < blue[:3].min() - 0.1


def test_a_waterfall_ends_where_the_building_is_vacant():
    made = case(4)
    ax = charts.case_waterfall(made, 2020).axes[0]
    bars = [patch for patch in ax.patches if isinstance(patch, Rectangle)]
    scale = made.reference_sqm / bars[0].get_width()
    ends = [bar.get_x() + bar.get_width() for bar in bars]
    # Reference, four causes, 未解释 and the whole, which begins at zero and is as long as the steps reach.
    assert len(bars) == 7
    assert ends[-2] == pytest.approx(made.vacant_sqm / scale)
    assert (bars[-1].get_x(), bars[-1].get_width()) == (0.0, pytest.approx(made.vacant_sqm / scale))


def test_nothing_to_draw(readable):
    readable(charts.causes_by_street(causes(1, 1).iloc[:0], 2020))
