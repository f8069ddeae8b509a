"""The district's tax total: which of several figures is taken, and which basis is named beside it."""

from __future__ import annotations

import pandas as pd
import pytest

from louyu_lab.analysis.district_tax import district_taxes
from louyu_lab.ledgers.model import Ledgers, typed_frame

NOTHING = pd.DataFrame()


def found(*rows: dict, taxes: tuple[dict, ...] = ()) -> list[tuple]:
    frames = {"district": pd.DataFrame(rows), "taxes": pd.DataFrame(taxes)}
    typed = {name: typed_frame(name, frame) for name, frame in frames.items()}
    table = district_taxes(Ledgers("某区", typed, NOTHING, NOTHING, NOTHING))
    return list(table.itertuples(index=False, name=None))


def total(value: float, year: int = 2020, **columns: object) -> dict:
    return {"indicator": "全区税收", "year": year, "value": value, "unit": "元", **columns}


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([{"year": 2020, "district_tax_yuan": 159.6e8}], (2020, 159.6e8, "未注明口径")),
        ([total(5e8, scope="一般公共预算"), total(9e8, scope="全口径")], (2020, 9e8, "全口径")),
        ([total(5e8, scope="一般公共预算"), total(2e8, scope="区级留存")], (2020, 5e8, "一般公共预算")),
        ([total(7e8, region="邻区"), total(6e8, region="某区")], (2020, 6e8, "未注明口径")),
        (
            [total(6e8, indicator="全区 总税收（初步数）"), total(1.0, indicator="地区生产总值")],
            (2020, 6e8, "未注明口径"),
        ),
    ],
    ids=["own column", "full scope first", "else by name", "own region only", "alias of the indicator"],
)
def test_which_total_is_taken(rows: list[dict], expected: tuple) -> None:
    assert found(*rows) == [expected]


def test_one_basis_serves_all_years() -> None:
    # 全口径 begins in 2020: 2019 has no comparable total rather than a third of one.
    rows = [
        total(1e8, 2019, scope="一般公共预算"),
        total(1e8, scope="一般公共预算"),
        total(3e8, scope="全口径"),
    ]
    assert found(*rows) == [(2020, 3e8, "全口径")]
    # Without 全口径 the basis that covers more years is taken.
    rows = [
        total(1e8, 2019, scope="区级留存"),
        total(2e8, scope="区级留存"),
        total(5e8, scope="一般公共预算"),
    ]
    assert found(*rows) == [(2019, 1e8, "区级留存"), (2020, 2e8, "区级留存")]


def test_quarters_add_up_and_stand_back_behind_the_years_own_total() -> None:
    quarters = [total(q * 1e8, period=f"2020Q{q}") for q in (1, 2, 3, 4)]
    assert found(*quarters) == [(2020, 10e8, "未注明口径")]
    assert found(*quarters, total(11e8, period="2020")) == [(2020, 11e8, "未注明口径")]


def test_a_value_in_another_unit_is_not_taken_for_yuan() -> None:
    assert found(total(159.6, unit="%")) == []


def test_district_rows_of_the_tax_ledger_add_up_and_come_second() -> None:
    types = tuple({"level": "district", "year": 2020, "tax_yuan": tax} for tax in (3e8, 4e8))
    assert found(taxes=types) == [(2020, 7e8, "全口径")]
    assert found(total(9e8, scope="全口径"), taxes=types) == [(2020, 9e8, "全口径")]


def test_no_total_gives_no_row() -> None:
    assert found() == []
