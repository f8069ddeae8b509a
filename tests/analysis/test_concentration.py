"""Concentration of tax in buildings, and key taxpayers in and out of buildings."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from louyu_lab.analysis.concentration import key_taxpayers, tax_concentration


def tenants_of(*rows: tuple[str, str | None, float | None]) -> pd.DataFrame:
    """Rows of ``enterprise_years`` in 2020: enterprise, building, tax."""
    frame = pd.DataFrame(rows, columns=["enterprise_id", "building_id", "tax_yuan"])
    frame = frame.astype({"enterprise_id": "str", "building_id": "str", "tax_yuan": "float64"})
    return frame.assign(enterprise=frame["enterprise_id"], year=2020, in_taxes=frame["tax_yuan"].notna())


def row_of(panel: pd.DataFrame, tenants: pd.DataFrame, who: str = "A", **options: float) -> pd.Series:
    return tax_concentration(tenants, panel, 2020, "某区", **options).set_index("id").loc[who]


@pytest.fixture
def one_building(panel_of: Callable) -> Callable[[float | None], pd.DataFrame]:
    return lambda total: panel_of(2020, building_id=["A"], tax_yuan=[total])


def test_measures_of_a_building_by_hand(one_building: Callable) -> None:
    # Shares 0.5, 0.2, 0.1, 0.1, 0.05, 0.05; the refund is left out of them.
    taxes = {"甲": 50, "乙": 20, "丙": 10, "丁": 10, "戊": 5, "己": 5, "庚": -8, "辛": 0}
    row = row_of(one_building(92), tenants_of(*((firm, "A", paid) for firm, paid in taxes.items())))
    assert (row["taxpayers"], row["tax_yuan"], row["top1_enterprise"]) == (6, 92, "甲")
    assert row["top1_rate"] == pytest.approx(0.5)
    assert row["cr5_rate"] == pytest.approx(0.95)
    assert row["hhi_tax"] == pytest.approx(0.25 + 0.04 + 0.01 + 0.01 + 0.0025 + 0.0025)
    assert row["effective_taxpayers"] == pytest.approx(1 / 0.315)
    assert row["loss_if_top_leaves_yuan"] == 50
    assert row["is_single_source"] == False  # noqa: E712 - a missing flag must fail here


@pytest.mark.parametrize(("top", "single"), [(80, True), (79, False)])
def test_single_source_from_eight_tenths_on(one_building: Callable, top: float, single: bool) -> None:
    tenants = tenants_of(("甲", "A", top), ("乙", "A", 100 - top))
    assert bool(row_of(one_building(100), tenants)["is_single_source"]) is single
    assert bool(row_of(one_building(100), tenants, single_source=0.5)["is_single_source"])


def test_a_total_without_its_enterprises_says_nothing_of_concentration(one_building: Callable) -> None:
    row = row_of(one_building(100), tenants_of(("甲", None, 5)))
    assert row["tax_yuan"] == 100
    unknown = ["taxpayers", "top1_rate", "cr5_rate", "hhi_tax", "effective_taxpayers", "is_single_source"]
    assert row[unknown].isna().all()


def test_a_few_listed_enterprises_do_not_speak_for_the_building(one_building: Callable) -> None:
    # 40 of a reported 100: one firm would look like the single source.
    assert pd.isna(row_of(one_building(100), tenants_of(("甲", "A", 40)))["top1_rate"])
    assert row_of(one_building(100), tenants_of(("甲", "A", 80)))["top1_rate"] == 1


def test_in_the_district_a_firm_of_two_buildings_counts_once(panel_of: Callable) -> None:
    panel = panel_of(2020, building_id=["A", "B"], tax_yuan=[60, 40])
    tenants = tenants_of(("甲", "A", 30), ("甲", "B", 40), ("乙", "A", 30), ("丙", None, 900))
    row = row_of(panel, tenants, "某区")
    assert (row["taxpayers"], row["top1_enterprise"], row["tax_yuan"]) == (2, "甲", 100)
    assert row["top1_rate"] == pytest.approx(0.7)


def test_equal_taxpayers_are_told_in_a_fixed_order(one_building: Callable) -> None:
    rows = [("丙", "A", 50.0), ("甲", "A", 50.0)]
    first = row_of(one_building(100), tenants_of(*rows))["top1_enterprise"]
    assert first == row_of(one_building(100), tenants_of(*rows[::-1]))["top1_enterprise"]


@settings(max_examples=40, deadline=None)
@given(taxes=st.lists(st.floats(1, 1e9), min_size=1, max_size=20))
def test_measures_stay_within_their_bounds(panel_of: Callable, taxes: list[float]) -> None:
    panel = panel_of(2020, building_id=["A"], tax_yuan=[sum(taxes)])
    row = row_of(panel, tenants_of(*((f"企{i:02d}", "A", paid) for i, paid in enumerate(taxes))))
    slack = 1e-9  # rounding
    assert 1 / len(taxes) - slack <= row["hhi_tax"] <= row["top1_rate"] + slack
    assert row["top1_rate"] <= row["cr5_rate"] + slack <= 1 + 2 * slack
    assert 1 - slack <= row["effective_taxpayers"] <= len(taxes) + slack


def heping() -> pd.DataFrame:
    """Firms as 和平区 counts them for 2019: ≥1000万 62 of 157 in buildings, ≥500万 118 of 286.

    In buildings they pay 47.9亿 and 51.7亿; 44.5 % and 44.4 % of all, so 107.6亿 and 116.4亿.
    """
    in_large, out_large = 47.9e8, 47.9e8 / 0.445 - 47.9e8
    in_middle, out_middle = 3.8e8, 51.7e8 / 0.444 - 51.7e8 - out_large
    rows = [(f"楼内大{i}", "A", in_large / 62) for i in range(62)]
    rows += [(f"楼外大{i}", None, out_large / 95) for i in range(95)]
    rows += [(f"楼内中{i}", "A", in_middle / 56) for i in range(56)]
    rows += [(f"楼外中{i}", None, out_middle / 73) for i in range(73)]
    rows += [("楼内小", "A", 4.9e6), ("楼外小", None, 1.0), ("无税", "A", None)]
    return tenants_of(*rows)


def test_key_taxpayers_of_heping() -> None:
    table = key_taxpayers(heping(), 2020).set_index(["threshold_yuan", "group"])
    for threshold, inside, everybody, share, share_tax in (
        (1e7, 62, 157, 0.395, 0.445),
        (5e6, 118, 286, 0.413, 0.444),
    ):
        assert table.loc[(threshold, "楼内"), "firms"] == inside
        assert table.loc[(threshold, "全区"), "firms"] == everybody
        # As printed in the plan, to a tenth of a per cent.
        assert table.loc[(threshold, "楼内"), "share_firms"] == pytest.approx(share, abs=5e-4)
        assert table.loc[(threshold, "楼内"), "share_tax"] == pytest.approx(share_tax, abs=5e-4)
    summed = table.groupby("threshold_yuan")[["firms", "tax_yuan"]].sum()
    assert np.allclose(summed, 2 * table.xs("全区", level="group")[["firms", "tax_yuan"]].sort_index())


def test_a_key_taxpayer_counts_once_with_all_its_places() -> None:
    rows = tenants_of(("甲", "A", 6e6), ("甲", None, 4e6), ("乙", None, 1.0))
    table = key_taxpayers(rows, 2020, thresholds=(1e7,))
    assert table.set_index("group")["firms"].to_dict() == {"楼内": 1, "楼外": 0, "全区": 1}
    assert table["share_tax"].tolist() == [1, 0, 1]


@pytest.mark.parametrize(
    ("place", "told"), [("A", "楼内"), (None, "全区")], ids=["nobody outside listed", "nobody placed"]
)
def test_a_side_no_ledger_speaks_of_is_not_zero(place: str | None, told: str) -> None:
    # A tax list of the buildings' own tenants says nothing of the taxpayers elsewhere, and one without
    # any building nothing of who is inside.
    table = key_taxpayers(tenants_of(("甲", place, 2e7), ("乙", place, 1e6)), 2020, thresholds=(1e7,))
    assert table["group"].tolist() == [told]
    assert table["firms"].tolist() == [1]


def test_without_taxes_by_enterprise_there_are_no_rows() -> None:
    assert key_taxpayers(tenants_of(("甲", "A", None)), 2020).empty
