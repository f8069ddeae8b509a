"""Spaces without a ㎡ twice, the three fits at their corners, and the list of opportunities."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.industry.targets import matching
from louyu_lab.analysis.industry.targets.opportunities import (
    NO_MATCH,
    NO_NEED,
    NO_ROOM,
    TOO_DEAR,
    opportunities,
)
from louyu_lab.analysis.industry.targets.prospects import Prospects
from louyu_lab.analysis.industry.targets.spaces import (
    BY_IDLE,
    BY_VACANCY,
    FOR_SALE,
    NO_AREA,
    over_listed,
    vacant_spaces,
)
from louyu_lab.ledgers.model import typed_frame

COUNTS = pd.DataFrame(
    {"商贸": [40.0, 5.0], "科技": [20.0, 40.0], "金融": [5.0, 5.0]},
    index=pd.Index(["A", "B"], name="building_id"),
)
EXPECTED = Prospects(pd.Series({"科技": 100.0}), 0.2, 0.9)


def idle(**columns: list) -> pd.DataFrame:
    return typed_frame("idle", pd.DataFrame(columns))


def projects(**columns: list) -> pd.DataFrame:
    return typed_frame("projects", pd.DataFrame(columns))


@pytest.fixture
def panel(panel_of) -> pd.DataFrame:
    return panel_of(
        building_id=["A", "B", "C"],
        building=["甲楼", "乙楼", "丙楼"],
        rentable_area_sqm=[5000.0, 5000.0, np.nan],
        occupied_area_sqm=[3000.0, 4950.0, np.nan],
        unmarketable_area_sqm=[400.0, 0.0, 0.0],
        asking_rent_yuan=[60.0, 50.0, np.nan],
    )


SPACES = idle(
    idle_id=["X1", "X2", "X3", "X4"],
    idle_name=["甲楼3层", "甲楼4层", "甲楼5层", "旧厂房"],
    building_id=["A", "A", "A", None],
    idle_area_sqm=[500.0, 400.0, 300.0, np.nan],
    asking_rent_yuan=[50.0, 40.0, 45.0, 15.0],
    idle_cause=["企业迁出", "司法查封", "企业迁出", "停产腾空"],
    lease_mode=["出租", "出租", "出售", "出租"],
    intended_industry=["商贸、文化", None, None, "制造"],
    year=[2020] * 4,
)


def test_no_square_metre_is_offered_twice(panel: pd.DataFrame) -> None:
    found = vacant_spaces(SPACES, panel, 2020).set_index("space_id")
    # A: 2,000 vacant − 400 不可招商 (X2 is it) − 300 for sale − 500 on offer = 800; B's 50 ㎡ are a crumb.
    assert found["area_sqm"].to_dict() == pytest.approx(
        {"X1": 500, "X2": 400, "X3": 300, "X4": np.nan, "A": 800}, nan_ok=True
    )
    assert found["source"].tolist() == [BY_IDLE] * 4 + [BY_VACANCY]
    assert found["blocked"].tolist() == ["", "司法查封", FOR_SALE, NO_AREA, ""]
    assert found["intended"].tolist() == [("商贸", "文化"), (), (), ("制造",), ()]
    assert found["asking_rent_yuan"].iloc[-1] == 60


@pytest.mark.parametrize(
    ("cause", "disposal", "blocked"),
    [
        ("司法查封", None, "司法查封"),
        ("企业迁出", "被法院冻结", "被法院冻结"),
        ("企业迁出", "司法拍卖中", "司法拍卖中"),
        ("企业迁出", "产权纠纷", "产权纠纷"),
        ("司法查封", "已解除查封", ""),
        ("拍卖行退租", "拟改造", ""),
        ("司法局迁出", "在闲", ""),
    ],
)
def test_holds_are_read_from_cause_and_disposal(
    panel, cause: str, disposal: str | None, blocked: str
) -> None:
    rows = SPACES.iloc[:1].assign(idle_cause=cause, disposal=pd.Series([disposal], dtype="str"))
    assert vacant_spaces(rows, panel, 2020)["blocked"].iloc[0] == blocked


@pytest.mark.parametrize("sealed", [0.0, 400.0, 1900.0])
@pytest.mark.parametrize("cause", ["司法查封", "企业迁出"])
def test_listed_space_comes_back_in_no_remainder(panel: pd.DataFrame, cause: str, sealed: float) -> None:
    panel = panel.assign(unmarketable_area_sqm=sealed)
    rows = SPACES.iloc[:3].assign(idle_cause=cause)
    found = vacant_spaces(rows, panel, 2020)
    own = found[found["building_id"] == "A"]
    held = own[own["blocked"] != ""]["area_sqm"].sum()
    offered = own[(own["blocked"] == "") & (own["source"] == BY_VACANCY)]["area_sqm"].sum()
    # 2,000 ㎡ are vacant: what is left over never reaches into what is sealed or listed.
    assert offered <= max(0.0, 2000 - max(sealed, held)) and offered <= max(
        0.0, 2000 - own["area_sqm"].sum() + offered
    )


def test_two_ledgers_that_disagree_are_named(panel: pd.DataFrame) -> None:
    # A has 2,000 − 1,700 = 300 ㎡ to let; X1 alone offers 500.
    tight = panel.assign(unmarketable_area_sqm=[1700.0, 0.0, 0.0])
    found = over_listed(vacant_spaces(SPACES, tight, 2020), tight, 2020)
    assert found.to_dict("records") == [
        {"building_id": "A", "building": "甲楼", "offered_sqm": 500.0, "marketable_sqm": 300.0}
    ]
    assert len(over_listed(vacant_spaces(SPACES, panel, 2020), panel, 2020)) == 0
    assert len(over_listed(vacant_spaces(idle(), panel.iloc[:0], 2020), panel.iloc[:0], 2020)) == 0


def test_without_idle_ledger_or_panel(panel: pd.DataFrame) -> None:
    assert vacant_spaces(idle(), panel, 2020)["space_id"].tolist() == ["A"]
    assert len(vacant_spaces(idle(), panel.iloc[:0], 2020)) == 0
    assert vacant_spaces(SPACES, panel.iloc[:0], 2020)["source"].tolist() == [BY_IDLE] * 4


def test_area_fit_at_its_corners() -> None:
    offered = np.array([800.0, 900.0, 1000.0, 1200.0, 4800.0, np.nan])
    fit = matching.area_fit(np.array([1000.0]), offered, np.zeros(6, bool))[0]
    # 20 % short: nothing; 10 %: half; up to 1.2 times: full; 4.8 times: √(1.2 ÷ 4.8) = ½.
    assert fit == pytest.approx([0, 0.5, 1, 1, 0.5, 0])
    assert matching.area_fit(np.array([1000.0]), offered, np.ones(6, bool))[0][4] == 1
    assert matching.area_fit(np.array([np.nan]), offered, np.zeros(6, bool)).sum() == 0


def test_rent_fit_at_its_corners() -> None:
    asking = np.array([30.0, 40.0, 45.0, 50.0, 60.0, np.nan])
    # Budget 40: 45 is 12.5 % over, half of the 25 % allowed.
    assert matching.rent_fit(np.array([40.0]), asking)[0] == pytest.approx([1, 1, 0.5, 0, 0, matching.UNTOLD])
    assert (matching.rent_fit(np.array([np.nan]), asking) == matching.UNTOLD).all()


def test_industry_fit_prefers_what_is_meant_then_what_is_there() -> None:
    homes = pd.Series(["A", "B", "A", None])
    meant = pd.Series([(), (), ("科技",), ()])
    fit = matching.industry_fit(pd.Series([("科技",), (), ("农业",)]), homes, meant, COUNTS)
    # B has most of 科技; A's space meant for it is as good; outside, the district's share stands for it.
    assert fit[0, 1] == 1 and fit[0, 2] == 1 and fit[0, 0] < fit[0, 3] < 1
    assert (fit[1] == matching.UNTOLD).all() and (fit[2] == 0).all()
    other = matching.industry_fit(pd.Series([("商贸",)]), homes, meant, COUNTS)[0]
    assert other[2] == pytest.approx(matching.NOT_INTENDED * other[0])


def test_best_assignment_gives_each_space_once() -> None:
    score = np.array([[0.9, 0.8], [0.85, 0.1], [0.15, 0.0]])
    # Taking the best pair first would leave the second project with 0.1: 0.8 + 0.85 > 0.9 + 0.1.
    assert matching.best_assignment(score).tolist() == [1, 0, -1]
    assert matching.best_assignment(np.zeros((2, 0))).tolist() == [-1, -1]


def test_list_of_opportunities(panel: pd.DataFrame) -> None:
    library = projects(
        project=[
            "软件中心",
            "软件中心",
            "贸易公司",
            "贸易公司",
            "大仓库",
            "高端店",
            "基金",
            "银行",
            "谜",
            "走了",
        ],
        industry=[
            "软件和信息技术服务业",
            "软件和信息技术服务业",
            "批发业",
            "批发业",
            "批发业",
            "批发业",
            "批发业",
            "金融业",
            "农业",
            "批发业",
        ],
        needed_area_sqm=[700.0, 700.0, 480.0, 490.0, 90000.0, 500.0, 500.0, np.nan, 450.0, 500.0],
        rent_budget_yuan=[60.0, 60.0, 55.0, 55.0, 60.0, 20.0, 60.0, 60.0, 60.0, 60.0],
        project_stage=["意向", "意向", "协议", "意向", "意向", "意向", "已落地", "意向", "意向", "终止"],
    )
    found = opportunities(library, vacant_spaces(SPACES, panel, 2020), COUNTS, EXPECTED)
    assert (found.projects, found.landed, found.given_up, found.repeated) == (7, 1, 1, 1)
    reasons = found.unmatched.set_index("project_id")["reason"].to_dict()
    assert reasons == {"大仓库": NO_ROOM, "高端店": TOO_DEAR, "银行": NO_NEED, "谜": NO_MATCH}
    table = found.table.set_index(["project_id", "space_id"])
    assert (table["score"] == table["area_fit"] * table["industry_fit"] * table["rent_fit"]).all()
    # Both trading firms like X1 best, one can have it; no space is assigned twice.
    assigned = found.table[found.table["is_assigned"]]
    assert assigned["space_id"].is_unique and assigned["project_id"].is_unique
    assert table.loc[("贸易公司", "X1"), "choice"] == table.loc[("贸易公司-2", "X1"), "choice"] == 1
    # 700 ㎡ × 100 元/㎡ × 0.9; nothing is known of 商贸's tax.
    assert table.loc[("软件中心", "A"), "expected_tax_yuan"] == pytest.approx(63_000)
    assert np.isnan(table.loc[("贸易公司", "X1"), "expected_tax_yuan"])
    assert set(found.blocked["space_id"]) == {"X2", "X3", "X4"}
    assert len(found.unused) + found.table["space_id"].nunique() == 2


@pytest.mark.parametrize("spaces", ["some", "none"])
@pytest.mark.parametrize("library", ["some", "none"])
def test_one_side_missing(panel: pd.DataFrame, spaces: str, library: str) -> None:
    offered = vacant_spaces(
        SPACES if spaces == "some" else idle(), panel if spaces == "some" else panel.iloc[:0], 2020
    )
    wanted = projects(project=["软件中心"], needed_area_sqm=[500.0]) if library == "some" else projects()
    found = opportunities(wanted, offered, COUNTS.iloc[:0], EXPECTED)
    assert len(found.table) == (0 if "none" in (spaces, library) else found.table["choice"].max())
    assert len(found.unmatched) == (1 if (spaces, library) == ("none", "some") else 0)
