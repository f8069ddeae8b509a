"""Buildings and tenants between two year ends, against changes worked out by hand."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from louyu_lab.analysis.changes import (
    alerts,
    building_changes,
    falls,
    indicator_changes,
    tenant_changes,
    tier_moves,
)
from louyu_lab.analysis.changes.relation import ANOTHER_YEAR, ELSEWHERE, REVISION, relation_of


@pytest.fixture
def changes(panel_of: Callable[..., pd.DataFrame]) -> pd.DataFrame:
    names = {
        "building_id": list("ABCD"),
        "building": ["甲楼", "乙楼", "丙楼", "丁楼"],
        "street": ["东街道"] * 4,
    }
    before = panel_of(
        2019,
        **names,
        rentable_area_sqm=[10_000, 10_000, 10_000, 10_000],
        occupied_area_sqm=[8_500, 9_000, 5_000, 4_000],
        tax_yuan=[9e7, 1.2e8, 4e6, None],
    )
    after = panel_of(
        2020,
        **names | {"building_id": list("ABCE"), "building": ["甲楼", "乙楼", "丙楼", "戊楼"]},
        rentable_area_sqm=[10_000, 10_000, 10_000, 20_000],
        occupied_area_sqm=[8_000, 8_950, 5_000, 10_000],
        tax_yuan=[1.1e8, 6e7, 3.1e6, 2e7],
    )
    return building_changes(before, after)


def test_tier_moves_go_up_and_down_and_leave_new_and_gone_buildings_out(changes: pd.DataFrame) -> None:
    moves = tier_moves(changes)
    columns = ["building_id", "direction", "tier_before", "tier_after"]
    assert moves[columns].to_numpy().tolist() == [
        ["A", "晋级", "准亿元楼", "亿元楼"],
        ["B", "降级", "亿元楼", "5000万–7000万元"],
    ]
    assert list(changes.loc[~changes["in_before"], "building_id"]) == ["E"]
    assert list(changes.loc[~changes["in_after"], "building_id"]) == ["D"]


def test_every_fall_is_listed_and_only_the_deep_ones_are_alerts(changes: pd.DataFrame) -> None:
    found = falls(changes).set_index(["measure", "building_id"])["is_alert"].to_dict()
    # A: 85 % → 80 % is exactly 5 points, an alert; 8 500 → 8 000 ㎡ is 5.9 %, none.
    # B: 0.5 points and 0.6 % of its area; tax −50 % and −6 000万, an alert.
    # C: tax −22.5 % but 90万, below 100万: none.
    assert found == {
        ("occupancy_rate", "A"): True,
        ("occupancy_rate", "B"): False,
        ("occupied_area_sqm", "A"): False,
        ("occupied_area_sqm", "B"): False,
        ("tax_yuan", "B"): True,
        ("tax_yuan", "C"): False,
    }
    raised = alerts(falls(changes)).set_index("building_id")
    assert list(raised.index) == ["B", "A"]
    assert raised.loc["A", "occupancy_rate"] == pytest.approx(-0.05, abs=1e-9)
    assert raised.loc["B", "tax_yuan"] == -6e7
    assert pd.isna(raised.loc["A", "tax_yuan"])


def test_nothing_falls_where_nothing_differs(panel_of: Callable[..., pd.DataFrame]) -> None:
    panel = panel_of(2020, rentable_area_sqm=[100.0], occupied_area_sqm=[50.0], tax_yuan=[1e7])
    changes = building_changes(panel, panel)
    assert (len(falls(changes)), len(alerts(falls(changes))), len(tier_moves(changes))) == (0, 0, 0)


def test_a_building_that_got_its_number_is_the_same(panel_of: Callable[..., pd.DataFrame]) -> None:
    before = panel_of(2019, building_id=["甲楼"], building=["甲楼"], tax_yuan=[1e7])
    after = panel_of(2020, building_id=["L001"], building=["甲楼"], tax_yuan=[1e7])
    changes = building_changes(before, after)
    assert len(changes) == 1
    assert changes[["in_before", "in_after"]].all(axis=None)


def standing(*rows: tuple) -> pd.DataFrame:
    columns = ["enterprise_id", "enterprise", "building_id", "street", "area_sqm", "tax_yuan"]
    frame = pd.DataFrame(rows, columns=columns).assign(building=lambda rows: rows["building_id"] + "楼")
    kinds = dict.fromkeys(["enterprise_id", "enterprise", "building_id", "building", "street"], "str")
    return frame.astype(kinds | dict.fromkeys(["area_sqm", "tax_yuan"], "float64"))


BEFORE = standing(
    ("stays", "留", "A", "东", 100, 1e6),
    ("leaves", "走", "A", "东", 200, 2e6),
    ("moves", "搬", "A", "东", 300, 3e6),
    ("grows", "增", "A", "东", 400, 4e6),
    ("shrinks", "减", "A", "东", 250, 2.5e6),
    ("shrinks", "减", "B", "东", 250, 2.5e6),
    ("无码公司", "无码公司", "B", "东", 50, 1e5),
)
AFTER = standing(
    ("stays", "留", "A", "东", 110, 1e6),
    ("moves", "搬", "B", "东", 310, 3e6),
    ("grows", "增", "A", "东", 400, 4e6),
    ("grows", "增", "B", "东", 100, None),
    ("shrinks", "减", "A", "东", 250, 5e6),
    ("91CODE", "无码公司", "B", "东", 50, 1e5),
    ("comes", "来", "C", "东", 600, 6e6),
)


def test_coming_leaving_and_moving_are_told_apart() -> None:
    firms = tenant_changes(BEFORE, AFTER).firms.set_index("enterprise_id")
    kinds = {
        "comes": "新入驻",
        "leaves": "迁出",
        "moves": "换楼",
        "grows": "增租他楼",
        "shrinks": "退租部分楼宇",
    }
    # "stays" stays, and 无码公司 only got its credit code.
    assert firms["kind"].to_dict() == kinds
    assert (firms.loc["shrinks", "buildings_before"], firms.loc["shrinks", "area_before"]) == (
        "A楼、B楼",
        500,
    )
    assert firms.loc["comes", "tax_after"] == 6e6
    assert pd.isna(firms.loc["comes", "area_before"])


def test_nobody_moves_where_nothing_differs() -> None:
    assert tenant_changes(BEFORE, BEFORE).firms.empty


def test_a_street_without_a_list_has_neither_entries_nor_exits() -> None:
    west = standing(("w1", "西一", "W", "西", 10, 1), ("moves", "搬", "W", "西", 10, 1))
    gone = tenant_changes(pd.concat([BEFORE, west]), AFTER)
    assert (gone.unlisted_before, gone.unlisted_after) == ((), ("西",))
    assert "w1" not in set(gone.firms["enterprise_id"])
    came = tenant_changes(BEFORE, pd.concat([AFTER, west]))
    assert came.unlisted_before == ("西",)
    assert came.firms.equals(tenant_changes(BEFORE, AFTER).firms)
    # Known to be listed, the street is empty in truth: its firm left.
    emptied = tenant_changes(pd.concat([BEFORE, west]), AFTER, listed_after={"东", "西"})
    assert emptied.unlisted_after == ()
    assert emptied.firms.set_index("enterprise_id").loc["w1", "kind"] == "迁出"


def indicators(year_values: dict[tuple[str, int], float]) -> pd.DataFrame:
    units = {"occupancy_rate": "比例", "buildings": "幢", "tax_per_sqm_yuan": "元/㎡"}
    rows = [(code, code, units[code], value, year) for (code, year), value in year_values.items()]
    return pd.DataFrame(rows, columns=["indicator", "name_zh", "unit", "value", "year"])


def test_a_rate_changes_by_points_and_has_no_growth_rate() -> None:
    before = indicators({("occupancy_rate", 2019): 0.80, ("buildings", 2019): 10})
    after = indicators(
        {
            ("occupancy_rate", 2019): 0.79,
            ("occupancy_rate", 2020): 0.84,
            ("buildings", 2020): 12,
            ("tax_per_sqm_yuan", 2020): 900,
        }
    )
    table = indicator_changes(before, after, 2019, 2020).set_index("indicator")
    # 0.84 − 0.80 = 4 points against what was said then; the later study says 0.79 of that year.
    assert table.loc["occupancy_rate", "change"] == pytest.approx(0.04)
    assert pd.isna(table.loc["occupancy_rate", "change_rate"])
    assert table.loc["occupancy_rate", "restated"] == 0.79
    assert table.loc["buildings", "change_rate"] == pytest.approx(0.2)
    assert pd.isna(table.loc["tax_per_sqm_yuan", "before"])
    # In the order of the catalogue: buildings first.
    assert list(table.index[:2]) == ["buildings", "occupancy_rate"]


def test_the_relation_decides_what_a_difference_means() -> None:
    assert relation_of("甲区", 2020, "甲区", 2020) == REVISION
    assert relation_of("甲区", 2019, "甲区", 2020) == ANOTHER_YEAR
    assert relation_of("甲区", 2020, "乙区", 2020) == ELSEWHERE
