"""Targets of buildings with space, directions, and what letting may bring."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.industry.scorecards.tenant_yields import ELSEWHERE
from louyu_lab.analysis.industry.targets.buildings import building_targets, space_told
from louyu_lab.analysis.industry.targets.directions import target_directions
from louyu_lab.analysis.industry.targets.prospects import Prospects, industry_yields, let_rate, prospects

COUNTS = pd.DataFrame(
    {"商贸": [30.0, 4.0, 20.0], "科技": [5.0, 40.0, 20.0], "其他": [0.0, 1.0, 0.0], "金融": [5.0, 0.0, 0.0]},
    index=pd.Index(["A", "B", "C"], name="building_id"),
)
EXPECTED = Prospects(pd.Series({"商贸": 50.0, "科技": 100.0}), 0.2, 0.9)


@pytest.fixture
def panel(panel_of) -> pd.DataFrame:
    return panel_of(
        building_id=["A", "B", "C", "D", "E"],
        building=["甲楼", "乙楼", "丙楼", "丁楼", "戊楼"],
        rentable_area_sqm=[2000.0, 3000.0, 1000.0, 800.0, np.nan],
        occupied_area_sqm=[1000.0, 1000.0, 1000.0, 0.0, np.nan],
        unmarketable_area_sqm=[200.0, 0.0, 0.0, 0.0, 0.0],
    )


def test_targets_of_buildings_with_space(panel: pd.DataFrame) -> None:
    found = building_targets(COUNTS, panel, 2020, EXPECTED, k=2)
    # C is full; D has space and nobody in it: the district's largest. Of E nobody knows, it comes last.
    assert found["building_id"].tolist() == ["B", "B", "A", "A", "D", "D", "E", "E"]
    assert found["vacant_area_sqm"].iloc[:6].tolist() == [2000, 2000, 800, 800, 800, 800]
    assert found[["vacant_area_sqm", "expected_tax_yuan"]].iloc[6:].isna().all(axis=None)
    assert found.loc[found["building_id"] == "D", "industry"].tolist() == ["科技", "商贸"]
    assert found.loc[found["building_id"] == "D", "kind"].tolist() == ["补链", "补链"]
    # B first wants 科技: 2,000 ㎡ × 0.2 × 100 元 × 0.9.
    assert found["expected_tax_yuan"].iloc[0] == pytest.approx(36_000)
    assert found["lift"].iloc[0] == pytest.approx(found["score"].iloc[0] / (65 / 125))
    assert space_told(panel, 2020, COUNTS) == {"full": 1, "unknown": 1}


def test_nothing_known_gives_empty_tables(panel: pd.DataFrame) -> None:
    unknown = Prospects(pd.Series(dtype="float64"), np.nan, np.nan)
    found = building_targets(COUNTS, panel, 2020, unknown)
    assert len(found) and found["expected_tax_yuan"].isna().all()
    for counts in (COUNTS.iloc[:0], COUNTS[[]], COUNTS * 0):
        assert len(building_targets(counts, panel, 2020, unknown)) == 0
        assert len(target_directions(counts, panel, 2020, unknown)) == 0


def test_places_without_a_building_ledger_have_targets_too(panel: pd.DataFrame) -> None:
    unknown, nobody = Prospects(pd.Series(dtype="float64"), np.nan, np.nan), panel.iloc[:0]
    found = building_targets(COUNTS, nobody, 2020, unknown, k=1)
    assert found["building_id"].tolist() == ["A", "B", "C"]
    assert found[["vacant_area_sqm", "building"]].isna().all(axis=None)
    assert set(target_directions(COUNTS, nobody, 2020, unknown)["building_id"]) <= {"A", "B", "C"}
    assert space_told(nobody, 2020, COUNTS) == {"full": 0, "unknown": 3}


def test_directions_strengthen_what_marks_and_add_what_goes_with_it(panel: pd.DataFrame) -> None:
    found = target_directions(COUNTS, panel, 2020, EXPECTED).set_index(["building_id", "kind"])
    # A is marked by 金融 (5 of 40 against 5 of 125). B has too little of 商贸, but nothing that is close to it.
    assert found.loc[("A", "强链"), "industry"] == "金融"
    assert found.loc[("B", "强链"), "industry"] == "科技"
    assert "其他" not in set(found["industry"])
    assert (found.xs("强链", level="kind")["lift"] >= 1.2).all()
    assert (found.xs("补链", level="kind")["density"] > 0).all() if "补链" in found.index.levels[1] else True


def test_planted_relative_is_the_one_to_add(panel: pd.DataFrame) -> None:
    # 科技 and 教育 go together in ten buildings, 商贸 and 物流 in ten; B has 科技 alone.
    rows = {f"T{at}": [20.0, 10.0, 2.0, 0.0] for at in range(10)}
    rows |= {f"S{at}": [2.0, 0.0, 20.0, 10.0] for at in range(10)} | {"B": [20.0, 0.0, 2.0, 0.0]}
    counts = pd.DataFrame.from_dict(rows, orient="index", columns=["科技", "教育", "商贸", "物流"])
    found = target_directions(counts, panel, 2020, EXPECTED).set_index(["building_id", "kind"])
    assert found.loc[("B", "补链"), ["industry", "related_to"]].tolist() == ["教育", "科技"]


def test_yields_need_ten_tenants() -> None:
    yields = pd.DataFrame(
        {
            "industry": ["商贸"] * 12 + ["科技"] * 9 + ["未识别"] * 10,
            "tax_per_sqm_yuan": [*range(10), 1e9, np.nan] + [1.0] * 19,
            "left_out": [None] * 10 + [ELSEWHERE] + [None] * 20,
        }
    )
    # 0 … 9: median 4.5; taxed elsewhere and unknown are left out, non-payers stay in.
    assert industry_yields(yields).to_dict() == {"商贸": 4.5}


def test_letting_of_the_last_years(panel_of) -> None:
    panel = panel_of(
        year=[2017, 2018, 2019, 2020],
        building_id=["A"] * 4,
        rentable_area_sqm=[1000.0] * 4,
        occupied_area_sqm=[100.0, 600.0, 500.0, 600.0],
    )
    # Let up 500 of 900, 0 of 400, 100 of 500: 600 ÷ 1,800; one year alone tells nothing.
    assert let_rate(panel, 2020) == pytest.approx(600 / 1800)
    assert np.isnan(let_rate(panel[panel["year"] == 2020], 2020))
    assert np.isnan(let_rate(panel.iloc[:0], 2020))


def test_registered_rate_is_of_those_present(panel_of) -> None:
    tenants = pd.DataFrame(
        {"year": [2020] * 4, "at_year_end": [True, True, True, False], "building_id": ["A", "A", "A", "A"]}
    ).assign(is_registered=pd.array([True, False, None, False], dtype="boolean"))
    yields = pd.DataFrame({"industry": [], "tax_per_sqm_yuan": [], "left_out": []})
    found = prospects(yields, tenants, panel_of(building_id=["A"]), 2020)
    assert found.registered_rate == 0.5 and len(found.tax_per_sqm_yuan) == 0
