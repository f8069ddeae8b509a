"""The funnel's stages and conversions, and how incubators are told."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.industry.targets.funnel import GIVEN_UP, UNTOLD, project_funnel, project_stages
from louyu_lab.analysis.industry.targets.incubators import ALL_INCUBATORS, OTHER_BUILDINGS, incubators
from louyu_lab.analysis.vacancy.exits.spells import Spells


def test_stages_as_people_write_them() -> None:
    said = [
        "意向",
        "正在洽谈",
        "框架协议",
        "已签合同",
        "签约",
        "落地",
        "已入驻",
        "终止",
        "未落地",
        None,
        "其他",
    ]
    stages = project_stages(pd.Series(said, dtype="str"))
    assert stages.tolist() == [
        "意向", "意向", "协议", "合同", "合同", "落地", "落地", GIVEN_UP, GIVEN_UP, UNTOLD, UNTOLD,
    ]  # fmt: skip


def test_funnel_counts_who_reached_each_stage() -> None:
    stages = ["意向"] * 5 + ["协议"] * 3 + ["落地"] * 2 + ["终止"]
    library = pd.DataFrame({"project_stage": pd.Series(stages, dtype="str")})
    library["needed_area_sqm"] = [100.0, 200, 300, 400, np.nan, 10, 20, 60, 7, 9, 5]
    found = project_funnel(library).set_index("stage")
    assert found["projects"].to_dict() == {"意向": 5, "协议": 3, "合同": 0, "落地": 2, "终止": 1}
    assert found["reached"].fillna(-1).tolist() == [10, 5, 2, 2, -1]
    assert found["conversion_rate"].tolist() == pytest.approx([np.nan, 0.5, 0.4, 1.0, np.nan], nan_ok=True)
    # Wilson, 5 of 10, z = 1.96: (0.5 + z²/20 ± z √(0.025 + z²/400)) ÷ (1 + z²/10) = 0.237 … 0.763.
    assert found.loc["协议", ["lo", "hi"]].tolist() == pytest.approx([0.2366, 0.7634], abs=5e-5)
    assert found.loc["意向", ["needed_area_sqm", "median_area_sqm"]].tolist() == [1000, 250]


def test_a_library_without_stages() -> None:
    for stages in ([], [None], ["终止"]):
        library = pd.DataFrame({"project_stage": pd.Series(stages, dtype="str"), "needed_area_sqm": 1.0})
        assert len(project_funnel(library)) == 0


@pytest.fixture
def spells() -> Spells:
    # 20 tenants of the incubator H: ten leave after half a year, five of them into other buildings; ten
    # are watched for two years. 15 of O stay for four years.
    frame = pd.DataFrame({"building_id": ["H"] * 20 + ["O"] * 15})
    frame["entry_years"] = 0.0
    frame["duration_years"] = [0.5] * 10 + [2.0] * 10 + [4.0] * 15
    frame["event"] = [True] * 10 + [False] * 25
    frame["moved_on"] = [True] * 5 + [False] * 30
    return Spells(frame)


def test_survival_and_graduation_beside_other_buildings(spells: Spells, panel_of) -> None:
    panel = panel_of(
        building_id=["H", "O"],
        building=["众创空间", "写字楼"],
        carrier_type=["科技孵化器", "写字楼"],
        firms=[10.0, 15.0],
    )
    found = incubators(spells, panel, 2020).set_index("group")
    assert found.index.tolist() == [ALL_INCUBATORS, "众创空间", OTHER_BUILDINGS]
    own = found.loc["众创空间"]
    assert own[["tenants", "spells", "exits", "graduates", "graduation_rate"]].tolist() == [
        10,
        20,
        10,
        5,
        0.5,
    ]
    # Half left; up to two years ten are watched, up to three nobody.
    assert own[["rate_12", "rate_24"]].tolist() == [0.5, 0.5] and np.isnan(own["rate_36"])
    assert own["lo_12"] < 0.5 < own["hi_12"]
    assert found.loc[OTHER_BUILDINGS, ["rate_12", "rate_24", "rate_36"]].tolist() == [1, 1, 1]


def test_no_incubator_or_no_spells(spells: Spells, panel_of) -> None:
    offices = panel_of(building_id=["H", "O"], carrier_type=["写字楼", None])
    assert len(incubators(spells, offices, 2020)) == 0
    homes = panel_of(building_id=["H"], carrier_type=["联合办公"])
    assert len(incubators(Spells(spells.frame.iloc[:0], refused="没有"), homes, 2020)) == 0
    assert incubators(spells, homes, 2020)["group"].tolist()[:2] == [ALL_INCUBATORS, "H"]


def test_a_start_that_few_were_seen_at_tells_no_share(panel_of) -> None:
    # Three were watched from the start and left at once; twenty more only from half a year on. After one
    # year twenty are under observation, but what is left of a beginning of three nobody knows.
    frame = pd.DataFrame({"building_id": ["H"] * 23, "moved_on": False})
    frame["entry_years"], frame["duration_years"] = [0.0] * 3 + [0.5] * 20, [0.2] * 3 + [2.0] * 20
    frame["event"] = [True] * 3 + [False] * 20
    panel = panel_of(building_id=["H"], building=["众创空间"], carrier_type=["众创空间"], firms=[20.0])
    found = incubators(Spells(frame), panel, 2020).set_index("group").loc["众创空间"]
    assert found[["rate_12", "lo_12", "hi_12"]].isna().all()
    # Without the three everybody is seen to stay.
    later = incubators(Spells(frame.iloc[3:]), panel, 2020).set_index("group").loc["众创空间"]
    assert later["rate_12"] == 1
