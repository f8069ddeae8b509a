"""Ages of idle space: bands by hand, and only what lies in the stock."""

from __future__ import annotations

import pandas as pd

from louyu_lab.analysis.idle_ages import LONG_BANDS, idle_in_stock, long_idle, vacancy_ages
from louyu_lab.ledgers.model import typed_frame

STOCK = pd.DataFrame({"building_id": ["A", "B", "A"], "year": [2020, 2020, 2018]})


def census(*rows: tuple[str | None, float | None, str | None], year: int = 2020) -> pd.DataFrame:
    places, areas, dates = zip(*rows, strict=True)
    frame = pd.DataFrame({"building_id": list(places), "idle_area_sqm": list(areas)})
    return typed_frame("idle", frame.assign(idle_since_date=pd.to_datetime(list(dates)), year=year))


def test_bands_by_hand() -> None:
    # To the end of 2020: 6 months since June, 36 since December 2017, 35 since January 2018.
    idle = census(
        ("A", 100.0, "2020-06-30"),
        ("A", 200.0, "2017-12-31"),
        ("B", 300.0, "2018-01-01"),
        ("B", None, "2010-01-01"),
        ("B", 50.0, None),
        ("B", 25.0, "2021-03-01"),
        ("Z", 999.0, "2010-01-01"),
        (None, 999.0, "2010-01-01"),
    )
    table = vacancy_ages(idle, STOCK, 2020).set_index("band")
    assert table.loc["半年—1年", ["spaces", "idle_area_sqm"]].tolist() == [1, 100.0]
    assert table.loc["2—3年", ["spaces", "idle_area_sqm"]].tolist() == [1, 300.0]
    assert table.loc["3—5年", ["spaces", "idle_area_sqm"]].tolist() == [1, 200.0]
    assert table.loc["5年及以上", "spaces"] == 1
    # Without a date, or with one after the year's end.
    assert table.loc["无数据", ["spaces", "idle_area_sqm"]].tolist() == [2, 75.0]
    assert table["spaces"].sum() == 6
    assert LONG_BANDS == ("3—5年", "5年及以上")
    assert len(vacancy_ages(census(("Z", 1.0, None)), STOCK, 2020)) == 0


def test_long_idle_by_building_and_year() -> None:
    idle = pd.concat(
        [
            census(("A", 10.0, "2014-01-01"), ("A", 5.0, "2017-01-01"), year=2018),
            census(("A", 7.0, "2014-01-01"), ("B", 3.0, "2020-01-01"), ("B", 2.0, None)),
        ],
        ignore_index=True,
    )
    table = long_idle(idle, STOCK, [2018, 2020])
    columns = ["building_id", "year", "dated_sqm", "long_sqm"]
    assert table[columns].values.tolist() == [
        ["A", 2018, 15.0, 10.0],
        ["A", 2020, 7.0, 7.0],
        ["B", 2020, 3.0, 0.0],
    ]
    sealed = idle.assign(idle_cause=["司法查封"] * 4 + [None])
    columns = ["dated_sealed_sqm", "long_sealed_sqm"]
    assert long_idle(sealed, STOCK, [2018, 2020])[columns].values.tolist() == [
        [15.0, 10.0],
        [7.0, 7.0],
        [3.0, 0.0],
    ]
    assert len(idle_in_stock(idle, STOCK, 2019)) == 0  # no stock in 2019
