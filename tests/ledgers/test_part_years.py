"""Part years of tax: found as the check finds them, and set aside level by level."""

from __future__ import annotations

import pandas as pd

from louyu_lab.ledgers.model import Ledgers, typed_frame
from louyu_lab.ledgers.part_years import part_years, whole_tax_years


def ledgers_of(*rows: tuple) -> Ledgers:
    """Return ledgers of taxes: level, building, period, 元."""
    frame = pd.DataFrame(rows, columns=["level", "building_id", "period", "tax_yuan"])
    frame["year"] = frame["period"].str[:4].astype("Int64")
    return Ledgers("某区", {"taxes": typed_frame("taxes", frame)}, *[pd.DataFrame()] * 3)


MIXED = ledgers_of(
    ("building", "甲", "2019", 4.0),
    *(("building", "甲", f"2020Q{quarter}", 1.0) for quarter in (1, 2, 3)),
    *(("enterprise", "乙", f"2020H{half}", 1.0) for half in (1, 2)),
    ("enterprise", "丙", "2018M1-5", 1.0),
)


def test_part_years_by_hand():
    # Three quarters and five months; two halves are a year.
    assert part_years(MIXED["taxes"]).values.tolist() == [["building", 2020, 9], ["enterprise", 2018, 5]]


def test_the_months_of_a_level_count_together():
    # 乙 has nothing in the second half: not reported, or nothing paid.
    rows = [
        ("building", "甲", "2020H1", 1.0),
        ("building", "甲", "2020H2", 1.0),
        ("building", "乙", "2020H1", 1.0),
    ]
    assert not len(part_years(ledgers_of(*rows)["taxes"]))


def test_a_row_without_a_period_is_a_whole_year():
    taxes = MIXED["taxes"].assign(period=pd.Series([None] * len(MIXED["taxes"]), dtype="str"))
    assert not len(part_years(taxes))


def test_only_the_part_years_of_that_level_go():
    kept = whole_tax_years(MIXED)["taxes"]
    assert list(zip(kept["level"], kept["period"], strict=True)) == [
        ("building", "2019"), ("enterprise", "2020H1"), ("enterprise", "2020H2"),
    ]  # fmt: skip
    assert len(MIXED["taxes"]) == 7


def test_whole_years_are_left_as_they_are():
    whole = ledgers_of(("building", "甲", "2019", 4.0))
    assert whole_tax_years(whole) is whole
    assert not len(part_years(Ledgers("某区", {}, *[pd.DataFrame()] * 3)["taxes"]))


def test_a_closed_ledger_stays_closed():
    import pytest

    from louyu_lab.run.making.declared import UndeclaredError, declared_only

    closed = whole_tax_years(declared_only(MIXED, ["taxes"]))
    assert len(closed["taxes"]) == 3
    with pytest.raises(UndeclaredError):
        closed["tenancies"]
