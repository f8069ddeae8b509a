"""When two numbers are one: judged pair by pair, with a floor that fits what is measured."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from louyu_lab.analysis.changes import building_changes, falls, indicator_changes, table_changes
from louyu_lab.analysis.outputs import TABLES
from louyu_lab.study.prose.changes import indicator_words
from louyu_lab.study.prose.revisions import revision_words


def mixed(rate: float, tax: float = 1e10, area: float = 0.0) -> pd.DataFrame:
    """Three indicators of unlike units in one column, as table ``indicators`` has them."""
    return pd.DataFrame(
        {
            "indicator": ["occupancy_rate", "tax_yuan", "net_absorption_sqm"],
            "name_zh": ["入驻率", "税收", "净吸纳面积"],
            "unit": ["比例", "元", "㎡"],
            "value": [rate, tax, area],
            "numerator": [rate * 1e6, tax, area],
            "year": [2020] * 3,
        }
    )


def changed(before: pd.DataFrame, after: pd.DataFrame) -> set[tuple[str, str]]:
    cells = table_changes(before, after, ["indicator"]).cells
    return {
        (after["indicator"].iloc[row], column)
        for row, column in zip(cells["row_after"], cells["column"], strict=True)
    }


@pytest.mark.parametrize("step", [0.005, 1e-4, 1e-6, -1e-7])
def test_a_rate_beside_ten_milliard_yuan_has_changed(step: float) -> None:
    found = changed(mixed(0.5), mixed(0.5 + step))
    assert found == {("occupancy_rate", "value"), ("occupancy_rate", "numerator")}


def test_what_cancels_to_nothing_is_no_change_in_its_own_unit_only() -> None:
    # ulp(1e10) = 1.9e-6 元: two orders of adding up such amounts leave some of it where they cancel out.
    assert not changed(mixed(0.5), mixed(0.5, area=7e-15))
    assert not changed(mixed(0.5), mixed(0.5, area=-4e-6))
    assert changed(mixed(0.5), mixed(0.5, area=0.01)) == {
        ("net_absorption_sqm", "value"),
        ("net_absorption_sqm", "numerator"),
    }
    # A rate knows no such terms.
    assert ("occupancy_rate", "value") in changed(mixed(0.0), mixed(4e-6))
    assert ("occupancy_rate", "value") not in changed(mixed(0.0), mixed(1e-17))


@pytest.mark.parametrize(
    ("column", "noise", "least"),
    [
        ("tax_yuan", 4e-6, 0.01),
        ("net_absorption_sqm", 4e-6, 0.01),
        ("tax_per_gross_yuan_sqm", 4e-6, 0.01),
        ("change_rate", 1e-15, 1e-9),
        ("hhi_tax", 1e-15, 1e-9),
    ],
)
def test_the_floor_follows_the_unit_in_the_columns_name(column: str, noise: float, least: float) -> None:
    for value, is_same in ((noise, True), (least, False), (-least, False)):
        # The second row is what used to raise the floor of the first.
        pair = [pd.DataFrame({"id": ["A", "B"], column: [first, 1e10]}) for first in (0.0, value)]
        assert table_changes(*pair, ["id"]).is_empty is is_same


def test_amounts_are_told_by_their_columns_names_in_every_published_table() -> None:
    # The floor goes by the suffix; a column of money or area without one would get that of a rate.
    for table in TABLES.values():
        for column, (_, form) in table.headings.items():
            is_amount = form in ("area", "sqm", "money", "yuan")
            assert column.endswith(("_sqm", "_yuan")) == is_amount, (table.name, column)


NUMBERS = st.floats(allow_nan=False, allow_infinity=False, width=32)


@given(NUMBERS, NUMBERS, NUMBERS)
def test_other_rows_have_no_say(old: float, new: float, beside: float) -> None:
    def frame(*values: float) -> pd.DataFrame:
        return pd.DataFrame({"id": list("AB")[: len(values)], "score": list(values)})

    alone = table_changes(frame(old), frame(new), ["id"])
    together = table_changes(frame(old, beside), frame(new, beside), ["id"])
    assert alone.is_empty == together.is_empty
    # The order of the two makes no difference either.
    assert table_changes(frame(new), frame(old), ["id"]).is_empty == alone.is_empty


def test_indicators_and_their_words_judge_as_the_tables_do() -> None:
    # Of the year before: 7e-15 ㎡, restated as nothing, and nothing now.
    first, later = mixed(0.5, area=7e-15).assign(year=2019), mixed(0.5)
    later = pd.concat([mixed(0.5).assign(year=2019), later], ignore_index=True)
    for from_restated in (False, True):
        found = indicator_changes(first, later, 2019, 2020, from_restated=from_restated)
        assert (found["change"] == 0).all()
        assert (found["change_rate"].fillna(0.0) == 0).all()
        words = "\n".join(indicator_words(found, (2019, 2020), "another year"))
        assert "两边都有的指标没有变化" in words and "修订" not in words and "极小" not in words
        assert revision_words(pd.DataFrame(columns=["kind", "building_id", "building"]), None, found, 2019)[
            1:
        ] == ["  没有。"]
    # From next to nothing there is no growth.
    found = indicator_changes(first, mixed(0.5, area=500.0), 2019, 2020).set_index("indicator")
    assert found.loc["net_absorption_sqm", "change"] == pytest.approx(500.0)
    assert np.isnan(found.loc["net_absorption_sqm", "change_rate"])


def test_rounding_is_no_fall_of_a_building() -> None:
    panel = pd.DataFrame({"building_id": ["L1"], "building": ["和安大厦"], "street": ["东街"]})
    panel = panel.assign(occupancy_rate=0.8, occupied_area_sqm=8_000.0, tax_yuan=1.2e8)
    # Three units in the last place of 1.2亿: 4.5e-8 元.
    after = panel.assign(tax_yuan=1.2e8 - 3 * np.spacing(1.2e8))
    assert falls(building_changes(panel, after)).empty
    assert len(falls(building_changes(panel, panel.assign(tax_yuan=1.2e8 - 100)))) == 1
