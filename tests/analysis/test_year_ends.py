"""Who stands where at a year's end, street by street, when not every street reports every year."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from louyu_lab.analysis.year_ends import TenantReports, latest_streets, street_reports, tenant_reports
from louyu_lab.ledgers.model import typed_frame


def lists(*rows: tuple[str, str, int]) -> pd.DataFrame:
    """Yearly lists of ``enterprise_id, building_id, year``."""
    frame = pd.DataFrame(rows, columns=["enterprise_id", "building_id", "year"])
    return typed_frame("tenancies", frame.assign(area_sqm=100.0))


@pytest.fixture
def told(panel_of: Callable[..., pd.DataFrame]) -> TenantReports:
    """A in 南街 lists its tenants in 2018, 2019 and 2020, B in 北街 in 2019 only; C stands in no list."""
    parts = [
        panel_of(year, building_id=list("ABC"), street=["南街", "北街", None]) for year in (2018, 2019, 2020)
    ]
    rows = lists(
        ("甲", "A", 2018), ("甲", "A", 2019), ("乙", "B", 2019), ("丙", "A", 2020), ("丁", "Z", 2020)
    )
    return tenant_reports(rows, pd.concat(parts, ignore_index=True), "某区")


def at(rows: pd.DataFrame) -> dict[str, tuple[str, int]]:
    return {row.enterprise_id: (row.building_id, row.year) for row in rows.itertuples()}


def test_a_silent_street_stands_as_it_last_did(told: TenantReports) -> None:
    assert told.pairs == [(2018, 2019), (2019, 2020)]
    assert at(told.at(2019)) == {"甲": ("A", 2019), "乙": ("B", 2019)}
    # 北街 handed in nothing for 2020; 丁 is in a building outside the stock.
    assert at(told.at(2020)) == {"丙": ("A", 2020), "乙": ("B", 2019)}


def test_a_street_heard_of_for_the_first_time_brings_no_entries(told: TenantReports) -> None:
    assert told.streets(2018) == {"南街"} and told.streets(2019) == {"南街", "北街"}
    assert at(told.at(2019, known_at=2018)) == {"甲": ("A", 2019)}
    assert at(told.at(2020, known_at=2019)) == at(told.at(2020))


def test_a_street_without_any_building_yet_is_known_to_be_empty() -> None:
    tenancies = pd.DataFrame({"street": ["南街", "新街"], "year": [2019, 2020]})
    panel = pd.DataFrame({"street": ["南街", "南街", "新街"], "year": [2019, 2020, 2020]})
    found = street_reports(tenancies, panel).sort_values(["year", "street"])
    assert list(found.itertuples(index=False, name=None)) == [
        ("南街", 2019, True), ("新街", 2019, False), ("新街", 2020, True),
    ]  # fmt: skip


def test_stays_that_never_end_tell_of_nobody(panel_of: Callable[..., pd.DataFrame]) -> None:
    stays = lists(("甲", "A", 2020)).assign(year=pd.array([pd.NA], dtype="Int64"))
    told = tenant_reports(stays, panel_of(2020, building_id=["A"], street=["南街"]), "某区")
    assert told.present.empty and told.pairs == []


def test_a_building_belongs_to_its_last_street() -> None:
    panel = pd.DataFrame({"building_id": ["A", "A"], "year": [2020, 2019], "street": ["新街", "旧街"]})
    assert latest_streets(panel).to_dict() == {"A": "新街"}
