"""The figure of the tenants' parts: readable, and true to the table."""

import pandas as pd
import pytest

from louyu_lab.study.charts.tax_tenants import tax_part_bars

PARTS = {"基年税收": 57e8, "存量企业同企增长": 6e8, "退出": -2e8, "区内迁移": 0.0, "新入驻": 1e8}


def parts(years: int, unlisted: float = 0.0) -> pd.DataFrame:
    values = PARTS | ({"未列名企业增减": unlisted} if unlisted else {})
    rows = [
        ("district", "某区", 2021 + at, part, value * (1 if part == "基年税收" else at + 1))
        for at in range(years)
        for part, value in values.items()
    ]
    return pd.DataFrame(rows, columns=["level", "id", "year", "part", "mean_yuan"])


@pytest.mark.parametrize(("years", "unlisted"), [(1, 0.0), (3, 2e8), (5, -1e8), (10, 0.0)])
def test_parts_are_readable(readable, years, unlisted):
    readable(tax_part_bars(parts(years, unlisted)))


def test_parts_by_hand():
    ax = tax_part_bars(parts(2)).axes[0]
    grown, entered, left = (container for container in ax.containers)
    assert [bar.get_height() for bar in grown] == [6.0, 12.0]  # 亿元
    assert [bar.get_y() for bar in entered] == [6.0, 12.0]  # on top of the growth
    assert [bar.get_y() + bar.get_height() for bar in left] == [-2.0, -4.0]  # below the line
    assert ax.lines[0].get_ydata().tolist() == [5.0, 10.0]
    assert [text.get_text() for text in ax.texts] == ["+5.0", "+10.0"]


def test_nothing_to_draw(readable):
    readable(tax_part_bars(parts(1).iloc[:0]))
