"""The account of vacant area: worked by hand, and exact at every level whatever comes in."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from louyu_lab.analysis.vacancy.accounting import (
    FRICTIONAL,
    LEASE_UP,
    PARTS,
    REST,
    STRUCTURAL,
    STRUCTURAL_BOUND,
    UNMARKETABLE,
    is_lease_up,
    opening_years,
    split_vacancy,
    structural_bases,
    vacancy_accounting,
    vacant_parts,
)
from louyu_lab.ledgers.model import typed_frame


def parts_of(table: pd.DataFrame, level: str, name: str) -> dict[str, float]:
    rows = table[(table["level"] == level) & (table["id"] == name)]
    assert rows["part"].tolist() == list(PARTS)[: len(rows)]
    # What is zero is left out: every level has all parts, and most tests concern two or three.
    return {part: area for part, area in zip(rows["part"], rows["area_sqm"], strict=True) if area}


def test_by_hand(panel_of: Callable[..., pd.DataFrame]) -> None:
    # A: 400 vacant, 100 of it sealed; old. B: opened 2019, so new at the end of 2020: all 300 but 50.
    # C: 100 vacant, more reported sealed than vacant: capped. D: occupancy unknown: not counted.
    panel = panel_of(
        building_id=list("ABCD"),
        street=["南街", "南街", "北街", None],
        rentable_area_sqm=[1000.0, 1000.0, 500.0, 800.0],
        occupied_area_sqm=[600.0, 700.0, 400.0, np.nan],
        unmarketable_area_sqm=[100.0, 50.0, 250.0, np.nan],
    )
    opening = pd.Series({"A": 2001.0, "B": 2019.0, "C": np.nan})
    table = vacancy_accounting(panel, opening, "某区")
    assert parts_of(table, "building", "A") == {UNMARKETABLE: 100.0, REST: 300.0}
    assert parts_of(table, "building", "B") == {UNMARKETABLE: 50.0, LEASE_UP: 250.0}
    assert parts_of(table, "building", "C") == {UNMARKETABLE: 100.0}
    assert "D" not in set(table["id"])
    assert parts_of(table, "street", "南街") == {UNMARKETABLE: 150.0, LEASE_UP: 250.0, REST: 300.0}
    assert parts_of(table, "district", "某区") == {UNMARKETABLE: 250.0, LEASE_UP: 250.0, REST: 300.0}


def test_rates_and_newly_opened_by_hand(panel_of: Callable[..., pd.DataFrame]) -> None:
    # A: 400 vacant, 100 sealed: 300 of 900. B: all of it sealed, nothing to let. C: occupancy unknown, all of
    # it could be let. D: 20 more occupied than there is: nothing vacant. E: its size is not known.
    panel = panel_of(
        building_id=list("ABCDE"),
        rentable_area_sqm=[1000.0, 500.0, 800.0, 700.0, np.nan],
        occupied_area_sqm=[600.0, 0.0, np.nan, 720.0, 10.0],
        unmarketable_area_sqm=[100.0, 999.0, 50.0, np.nan, 5.0],
    )
    split = split_vacancy(panel).set_axis(list("ABCDE"))
    assert split["lettable"].to_dict() == pytest.approx(
        {"A": 900.0, "B": np.nan, "C": 800.0, "D": 700.0, "E": np.nan}, nan_ok=True
    )
    assert split["rate"].to_dict() == pytest.approx(
        {"A": 1 / 3, "B": np.nan, "C": np.nan, "D": 0.0, "E": np.nan}, nan_ok=True
    )
    # At the end of 2020: opened in 2019 or 2020 is new, 2018 is not, nor is what nobody knows.
    opening = pd.Series({"A": 2018.0, "B": 2019.0, "C": 2020.0, "D": np.nan})
    assert is_lease_up(panel, opening).tolist() == [False, True, True, False, False]


def four_years(panel_of: Callable[..., pd.DataFrame]) -> pd.DataFrame:
    """Two buildings of 1000 ㎡ at the ends of 2017 to 2020: A has 500, 300, 400, 600 vacant, B 200 always."""
    return panel_of(
        [2017, 2018, 2019, 2020] * 2,
        building_id=["A"] * 4 + ["B"] * 4,
        street="南街",
        rentable_area_sqm=[1000.0] * 8,
        occupied_area_sqm=[500.0, 700.0, 600.0, 400.0] + [800.0] * 4,
    )


def turnover(rate: float, **occupied: float) -> pd.DataFrame:
    rows = pd.DataFrame({"building_id": list(occupied), "occupied_area_sqm": list(occupied.values())})
    return rows.assign(year=2020, turnover_rate=rate, is_own=True)


OLD = pd.Series({"A": 1990.0, "B": 1990.0})


def test_the_whole_waterfall_by_hand(panel_of: Callable[..., pd.DataFrame]) -> None:
    # B is dated: 120 of 150 ㎡ idle since 2017, and of the 50 nobody dates all may be, since 200 stood empty at
    # every year end. A is not dated: least of four year ends is 300.
    idle = typed_frame(
        "idle",
        pd.DataFrame(
            {
                "idle_id": ["a", "b"],
                "building_id": ["B", "B"],
                "idle_area_sqm": [120.0, 30.0],
                "idle_since_date": pd.to_datetime(["2017-12-31", "2018-01-01"]),
                "year": [2020, 2020],
            }
        ),
    )
    # A fifth of 500 and 800 ㎡ changes hands, empty for 6 months: 50 and 80 ㎡.
    table = vacancy_accounting(four_years(panel_of), OLD, "某区", idle, turnover(0.2, A=500.0, B=800.0), 6.0)
    now = table[table["year"] == 2020]
    assert parts_of(now, "building", "A") == {STRUCTURAL_BOUND: 300.0, FRICTIONAL: 50.0, REST: 250.0}
    # The 30 ㎡ that are dated and not long empty are what is left for the other parts.
    assert parts_of(now, "building", "B") == {STRUCTURAL: 120.0, STRUCTURAL_BOUND: 50.0, FRICTIONAL: 30.0}
    assert parts_of(now, "district", "某区") == {
        STRUCTURAL: 120.0, STRUCTURAL_BOUND: 350.0, FRICTIONAL: 80.0, REST: 250.0,
    }  # fmt: skip
    # In 2019 neither the history nor the turnover reaches back.
    assert parts_of(table[table["year"] == 2019], "building", "A") == {REST: 400.0}
    bases = structural_bases(
        vacant_parts(four_years(panel_of), OLD, idle, turnover(0.2, A=500.0, B=800.0), 6.0)
    )
    assert bases[bases["year"] == 2020].values.tolist() == [
        [2020, "历年年末空置", 1, 600.0, 0.0, 300.0],
        [2020, "闲置台账起始日期", 1, 200.0, 150.0, 50.0],
    ]


@pytest.mark.parametrize(
    ("dates", "parts"),
    [
        # A: 500, 300, 400, 600 vacant. One small space dated: 300 − 10 of the other 590 may be long empty.
        ([(10.0, "2016-01-01")], {STRUCTURAL: 10.0, STRUCTURAL_BOUND: 290.0, REST: 300.0}),
        # 560 ㎡ known to be lately idle leave 40 that nobody dates.
        ([(560.0, "2020-03-01")], {STRUCTURAL_BOUND: 40.0, REST: 560.0}),
        # The whole dated, more than is vacant at that: nothing left to bound.
        ([(200.0, "2016-01-01"), (700.0, "2020-03-01")], {STRUCTURAL: 200.0, REST: 400.0}),
        # More than the least year end: what the dates say stands, the bound is used up.
        ([(450.0, "2016-01-01")], {STRUCTURAL: 450.0, REST: 150.0}),
        ([(900.0, "2016-01-01")], {STRUCTURAL: 600.0}),
    ],
)
def test_a_building_dated_in_part(panel_of: Callable[..., pd.DataFrame], dates: list, parts: dict) -> None:
    areas, since = zip(*dates, strict=True)
    rows = {"building_id": "A", "idle_area_sqm": list(areas), "idle_since_date": pd.to_datetime(list(since))}
    idle = typed_frame("idle", pd.DataFrame(rows).assign(year=2020))
    table = vacancy_accounting(four_years(panel_of), OLD, "某区", idle)
    assert parts_of(table[table["year"] == 2020], "building", "A") == parts


def test_each_part_takes_no_more_than_the_ones_before_leave(panel_of: Callable[..., pd.DataFrame]) -> None:
    # 1000 ㎡ a year empty for a year would be 1000 ㎡ frictional: only what 结构 leaves is there.
    table = vacancy_accounting(four_years(panel_of), OLD, "某区", None, turnover(1.0, A=1000.0, B=1e4), 12.0)
    now = table[table["year"] == 2020]
    assert parts_of(now, "building", "A") == {STRUCTURAL_BOUND: 300.0, FRICTIONAL: 300.0}
    assert parts_of(now, "building", "B") == {STRUCTURAL_BOUND: 200.0}


def test_a_downtime_below_zero_is_refused(panel_of: Callable[..., pd.DataFrame]) -> None:
    with pytest.raises(ValueError, match="不能为负"):
        vacant_parts(four_years(panel_of), OLD, None, turnover(0.1, A=1.0), -1.0)


@pytest.mark.parametrize(("year", "is_new"), [(2018, True), (2019, True), (2020, False)])
def test_new_for_two_year_ends(panel_of: Callable[..., pd.DataFrame], year: int, is_new: bool) -> None:
    panel = panel_of(year, building_id=["A"], rentable_area_sqm=[10.0], occupied_area_sqm=[4.0])
    row = vacant_parts(panel, pd.Series({"A": 2018.0})).iloc[0]
    assert (row[LEASE_UP], row[REST]) == ((6.0, 0.0) if is_new else (0.0, 6.0))


def test_completion_stands_in_for_the_opening() -> None:
    buildings = pd.DataFrame(
        {
            "building_id": ["A", "B", "C"],
            "since_year": [2019, None, None],
            "completion_year": [2017, 2018, None],
        }
    ).astype({"since_year": "Int64", "completion_year": "Int64"})
    opening = opening_years(buildings)
    assert opening["A"] == 2019
    assert opening["B"] == 2018
    assert np.isnan(opening["C"])


def test_more_occupied_than_rentable_is_nothing_vacant(panel_of: Callable[..., pd.DataFrame]) -> None:
    panel = panel_of(building_id=["A"], rentable_area_sqm=[10.0], vacant_area_sqm=[-5.0], street=["南街"])
    assert set(vacancy_accounting(panel, pd.Series({"A": 2020.0}), "某区")["area_sqm"]) == {0.0}


AREAS = st.floats(0, 1e6) | st.just(np.nan)
SPACES = st.tuples(
    st.integers(0, 3),
    st.floats(1, 1e6) | st.none(),
    st.dates(pd.Timestamp(2005, 1, 1).date(), pd.Timestamp(2021, 12, 31).date()) | st.none(),
    st.sampled_from(["司法查封", "设施陈旧", None]),
)


@settings(max_examples=12, deadline=None)
@given(
    rows=st.lists(
        st.tuples(
            *(AREAS, AREAS, AREAS, st.sampled_from(["南街", "北街", None])),
            *(st.integers(2010, 2021), st.floats(0, 3), st.floats(0, 1e6)),
        ),
        min_size=16,
        max_size=16,
    ),
    spaces=st.lists(SPACES, max_size=6),
    downtime=st.floats(0, 24),
)
def test_parts_add_up_at_every_level(
    panel_of: Callable[..., pd.DataFrame], rows: list[tuple], spaces: list[tuple], downtime: float
) -> None:
    # Four buildings over four years; a building keeps the opening year and street of its first row.
    rentable, occupied, sealed, street, opened, rates, bases = zip(*rows, strict=True)
    panel = panel_of(
        [2017, 2018, 2019, 2020] * 4,
        building_id=[name for name in "ABCD" for _ in range(4)],
        rentable_area_sqm=list(rentable),
        occupied_area_sqm=list(occupied),
        unmarketable_area_sqm=list(sealed),
        street=[street[4 * at] for at in range(4) for _ in range(4)],
    )
    opening = pd.Series(list(opened[::4]), index=list("ABCD"), dtype="float64")
    place, area, since, cause = zip(*spaces, strict=True) if spaces else ((), (), (), ())
    dates = pd.Series(pd.to_datetime(list(since)), dtype="datetime64[us]")
    frame = pd.DataFrame({"building_id": ["ABCZ"[at] for at in place], "idle_area_sqm": list(area)})
    idle = typed_frame("idle", frame.assign(idle_since_date=dates, idle_cause=list(cause), year=2020))
    rates = panel[["building_id", "year"]].assign(turnover_rate=rates, occupied_area_sqm=bases, is_own=True)
    table = vacancy_accounting(panel, opening, "某区", idle, rates, downtime)
    assert (table["area_sqm"] >= 0).all()
    vacant = panel["vacant_area_sqm"].clip(lower=0)
    for level in ("district", "street", "building"):
        # 1e-6 ㎡, as promised; sums stay below 1e8 ㎡, where a double still resolves 1e-8.
        assert table.loc[table["level"] == level, "area_sqm"].sum() == pytest.approx(vacant.sum(), abs=1e-6)
    by_building = table[table["level"] == "building"].groupby(["id", "year"])["area_sqm"].agg(["sum", "size"])
    known = panel[panel["vacant_area_sqm"].notna()].set_index(["building_id", "year"])["vacant_area_sqm"]
    assert by_building["sum"].to_dict() == pytest.approx(known.to_dict(), abs=1e-6)
    assert set(by_building["size"]) <= {len(PARTS)}
    # Dates and bound together reach beyond the least year end only where the dates do so alone.
    split = split_vacancy(panel).assign(building_id=panel["building_id"], year=panel["year"])
    least = split.groupby("building_id")["marketable"].min().rename("least")
    wide = table.pivot(index=["level", "id", "year"], columns="part", values="area_sqm")
    wide = wide.xs("building") if len(wide) else pd.DataFrame(columns=list(PARTS))
    wide = wide.query("year == 2020").join(least, on="id") if len(wide) else wide.assign(least=0.0)
    assert (wide[STRUCTURAL] + wide[STRUCTURAL_BOUND] <= wide[["least", STRUCTURAL]].max(axis=1) + 1e-6).all()
