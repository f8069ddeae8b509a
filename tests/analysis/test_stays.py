"""Who stands where in a year, from stays with dates and from snapshots."""

from __future__ import annotations

import pandas as pd

from louyu_lab.analysis.stays import stays_in_years
from louyu_lab.ledgers.model import typed_frame


def stays(*rows: dict, years: tuple[int, ...] = (2020,)) -> pd.DataFrame:
    """Stays in building A unless told otherwise, by year and firm."""
    frame = typed_frame("tenancies", pd.DataFrame([{"building_id": "A", **row} for row in rows]))
    return stays_in_years(frame, years)


def present(panel: pd.DataFrame, year: int) -> set[str]:
    return set(panel.loc[panel["at_year_end"] & (panel["year"] == year), "enterprise_id"])


def day(text: str) -> pd.Timestamp:
    return pd.Timestamp(text)


def test_a_stay_without_move_in_starts_on_registration() -> None:
    panel = stays({"enterprise_id": "甲", "registered_date": day("2020-03-01")}, years=(2019, 2020))
    assert present(panel, 2019) == set()
    assert present(panel, 2020) == {"甲"}


def test_a_stay_that_ends_on_the_last_day_is_gone_at_the_years_end() -> None:
    panel = stays({"enterprise_id": "甲", "move_out_date": day("2020-12-31")}, years=(2020, 2021))
    assert panel["year"].tolist() == [2020]
    assert present(panel, 2020) == set()


def test_only_the_last_snapshot_of_a_year_stands_at_its_end() -> None:
    # 甲 is in both quarterly lists and must not be doubled; 乙 left after the first.
    panel = stays(
        {"enterprise_id": "甲", "year": 2020, "period": "2020Q1", "area_sqm": 100},
        {"enterprise_id": "甲", "year": 2020, "period": "2020Q4", "area_sqm": 120},
        {"enterprise_id": "乙", "year": 2020, "period": "2020Q1", "area_sqm": 50},
    )
    assert present(panel, 2020) == {"甲"}
    assert panel.set_index("enterprise_id")["area_sqm"].to_dict() == {"甲": 120, "乙": 50}


def test_floors_of_one_firm_in_one_building_add_up_to_one_row() -> None:
    floor = {"enterprise_id": "甲", "year": 2020, "period": "2020"}
    panel = stays({**floor, "floor": "3", "area_sqm": 100}, {**floor, "floor": "4", "area_sqm": 50})
    assert panel["area_sqm"].tolist() == [150]


def test_a_renewed_lease_counts_its_current_area_only() -> None:
    panel = stays(
        {"enterprise_id": "甲", "move_out_date": day("2020-06-30"), "area_sqm": 100},
        {"enterprise_id": "甲", "move_in_date": day("2020-07-01"), "area_sqm": 80},
    )
    assert panel["area_sqm"].tolist() == [80]


def test_a_yearly_list_stands_after_a_quarterly_one_of_the_same_year() -> None:
    # By text 2020Q3 would come after 2020; 丙 has left between September and December.
    panel = stays(
        {"enterprise_id": "甲", "year": 2020, "period": "2020Q3", "area_sqm": 100},
        {"enterprise_id": "丙", "year": 2020, "period": "2020Q3", "area_sqm": 70},
        {"enterprise_id": "甲", "year": 2020, "period": "2020", "area_sqm": 130},
    )
    assert present(panel, 2020) == {"甲"}
    assert panel.set_index("enterprise_id")["area_sqm"].to_dict() == {"甲": 130, "丙": 70}


def test_months_stand_after_the_quarters_and_halves_that_end_before_them() -> None:
    # By text -10 comes before H1 and Q3.
    panel = stays(
        *(
            {"enterprise_id": firm, "year": 2020, "period": period}
            for firm, period in (("甲", "2020H1"), ("乙", "2020Q3"), ("丙", "2020-10"))
        )
    )
    assert present(panel, 2020) == {"丙"}
