"""Targets of buildings with space, directions, and what letting may bring."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.industry.targets.buildings import building_targets, space_told
from louyu_lab.analysis.industry.targets.directions import target_directions
from louyu_lab.analysis.industry.targets.prospects import (
    Prospects,
    industry_yields,
    let_rate,
    newcomers,
    prospects,
)
from louyu_lab.analysis.industry.targets.ranking import target_industries

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
    assert space_told(panel, 2020, COUNTS) == {"full": 1, "open": 4, "unknown": 1, "large": 2}


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
    assert space_told(nobody, 2020, COUNTS) == {"full": 0, "open": 3, "unknown": 3, "large": 3}


def test_directions_strengthen_what_marks_and_add_what_goes_with_it(panel: pd.DataFrame) -> None:
    found = target_directions(COUNTS, panel, 2020, EXPECTED).set_index(["building_id", "kind"])
    # A is marked by 金融 (5 of 40 against 5 of 125). B has too little of 商贸, which most firms of the district are.
    assert found.loc[("A", "强链"), "industry"] == "金融"
    assert found.loc[("B", "强链"), "industry"] == "科技"
    assert "其他" not in set(found["industry"])
    assert (found.xs("强链", level="kind")["lift"] >= 1.2).all()
    assert found.loc[("B", "补链"), "industry"] == "商贸"


def test_an_industry_at_the_district_s_level_marks_no_building(panel: pd.DataFrame) -> None:
    # D has the district's own mix, every lift is about 1; E a third more 商贸 than that.
    mixed = pd.DataFrame(
        [[56.0, 65.0, 1.0, 5.0], [44.0, 14.0, 0.0, 2.0]], index=["D", "E"], columns=COUNTS.columns
    )
    found = target_directions(pd.concat([COUNTS, mixed]), panel, 2020, EXPECTED)
    marked = found[found["kind"] == "强链"].set_index("building_id")
    assert "D" not in marked.index
    assert marked.loc["E", "industry"] == "商贸" and 1.2 <= marked.loc["E", "lift"] < 1.5


def test_planted_relative_is_the_one_to_add(panel: pd.DataFrame) -> None:
    # 科技 and 教育 go together in ten buildings, 商贸 and 物流 in ten; B has 科技 alone.
    rows = {f"T{at}": [20.0, 10.0, 2.0, 0.0] for at in range(10)}
    rows |= {f"S{at}": [2.0, 0.0, 20.0, 10.0] for at in range(10)} | {"B": [20.0, 0.0, 2.0, 0.0]}
    counts = pd.DataFrame.from_dict(rows, orient="index", columns=["科技", "教育", "商贸", "物流"])
    found = target_directions(counts, panel, 2020, EXPECTED).set_index(["building_id", "kind"])
    assert found.loc[("B", "补链"), ["industry", "related_to"]].tolist() == ["教育", "科技"]


def test_what_is_added_is_likely_to_come_and_not_merely_related(panel: pd.DataFrame) -> None:
    # B has too little of 教育, which goes with its 科技, and of 商贸, of which more comes to buildings like it.
    rows = {f"T{at}": [20.0, 10.0, 10.0] for at in range(6)} | {f"S{at}": [9.0, 0.0, 60.0] for at in range(6)}
    counts = pd.DataFrame.from_dict(
        rows | {"B": [30.0, 3.0, 6.0]}, orient="index", columns=["科技", "教育", "商贸"]
    )
    found = target_directions(counts, panel, 2020, EXPECTED).set_index(["building_id", "kind"])
    assert found.loc[("B", "补链"), "industry"] == "商贸"
    every = target_industries(counts, 3).set_index(["building_id", "industry"]).loc["B"]
    assert every.loc["教育", "density"] > every.loc["商贸", "density"] and every.loc["教育", "score"] > 0.05


def yields_of(industry: str, tax: list[float], area: list[float], name: str = "e") -> pd.DataFrame:
    rows = pd.DataFrame({"enterprise_id": [f"{name}{at}" for at in range(len(tax))], "building_id": "A"})
    rows = rows.assign(industry=industry, tax_yuan=tax, area_sqm=area)
    return rows.assign(tax_per_sqm_yuan=rows["tax_yuan"] / rows["area_sqm"])


def test_yields_add_up_and_need_ten_enterprises() -> None:
    trade = yields_of("商贸", [0.0] * 9 + [9000.0, np.nan], [50.0] * 9 + [450.0, 1.0])
    parts = [trade, yields_of("科技", [1.0] * 9, [1.0] * 9), yields_of("未识别", [1.0] * 10, [1.0] * 10)]
    # A second place of e8 is no further enterprise: 科技 has nine, and one of them in two buildings.
    parts.append(parts[1].tail(1).assign(building_id="B"))
    table, drawn = industry_yields(pd.concat(parts), np.random.default_rng(0))
    # 9,000 元 ÷ 900 ㎡, so that 900 ㎡ bring 9,000; the middle one pays nothing.
    assert table.to_dict("index") == {"商贸": {"mean": 10.0, "middle": 0.0}}
    # The one payer is missing from (9/10)^10 = 35 % of draws (1,000 of them: ± 3 points).
    assert (drawn["商贸"] == 0).mean() == pytest.approx(0.35, abs=0.045)


def tenants_of(ids: list[str], years: tuple[int, ...], building: str = "A") -> pd.DataFrame:
    rows = pd.DataFrame([(at, year) for at in ids for year in years], columns=["enterprise_id", "year"])
    flags = {
        name: pd.array([None] * len(rows), dtype="boolean") for name in ("is_taxed_here", "is_registered")
    }
    return rows.assign(building_id=building, at_year_end=True, **flags)


def test_expected_is_what_newcomers_pay_and_what_is_taxed_here(panel_of) -> None:
    # Ten newcomers pay 20 元/㎡, ten old ones 1,000; two of the newcomers' ㎡ in ten are taxed elsewhere.
    new, old, away = ([f"{kind}{at}" for at in range(10)] for kind in "noa")
    parts = [tenants_of(new + away[:1], (2019, 2020)), tenants_of(old, (2015, 2019, 2020))]
    tenants = pd.concat(parts, ignore_index=True)
    tenants["is_registered"] = tenants["is_registered"].fillna(True)
    # Registered here, taxed elsewhere: the tax decides. Where it is not told, so does the registration.
    tenants.loc[tenants["enterprise_id"] == "a0", "is_taxed_here"] = False
    yields = [
        yields_of("商贸", [2e3] * 10, [100.0] * 10, "n"),
        yields_of("商贸", [1e5] * 10, [100.0] * 10, "o"),
    ]
    yields = pd.concat([*yields, yields_of("商贸", [0.0], [500.0], "a")], ignore_index=True)
    panel = panel_of(year=[2015, 2020], building_id=["A", "A"])
    found = prospects(yields, tenants, panel, 2020, rng=np.random.default_rng(0))
    assert found.of_newcomers and found.tax_per_sqm_yuan.to_dict() == {"商贸": 20.0}
    assert found.taxed_here_rate == pytest.approx(2000 / 2500)
    assert newcomers(tenants, panel, 2020) == {*new, "a0"}
    # Without an earlier list nobody is known to be new: everybody's 102,000 × 10 ÷ 2,000 ㎡.
    late = tenants[tenants["year"] >= 2019]
    everybody = prospects(yields, late, panel, 2020, rng=np.random.default_rng(0))
    assert not everybody.of_newcomers and everybody.tax_per_sqm_yuan.to_dict() == {"商贸": 510.0}
    # Nor in a street of which nobody was listed then.
    elsewhere = pd.concat([tenants, tenants_of(["x"], (2019, 2020), "B")])
    streets = panel_of(year=[2015, 2020, 2020], building_id=["A", "A", "B"], street=["南街", "南街", "北街"])
    assert newcomers(elsewhere, streets, 2020) == {*new, "a0"}


def test_total_of_a_year_adds_expectations_not_middles() -> None:
    drawn = pd.DataFrame({"商贸": [40.0] * 50 + [60.0] * 50, "科技": [100.0] * 100})
    middle = pd.Series({"商贸": 5.0, "科技": 10.0})
    expected = Prospects(pd.Series({"商贸": 50.0, "科技": 100.0}), 0.2, 0.5, middle, drawn)
    told = expected.yearly_total(
        pd.Series(["商贸", "商贸", "科技", "金融"]), pd.Series([500.0, 500.0, 1000.0, 9e9])
    )
    # 1,000 ㎡ of each × 0.2 × 0.5; nothing is known of 金融.
    assert told == pytest.approx({"total": 15_000, "lo": 14_000, "hi": 16_000, "middle": 1_500})
    assert np.isnan(list(expected.yearly_total(pd.Series(["金融"]), pd.Series([1.0])).values())).all()


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
