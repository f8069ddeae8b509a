"""The district's distributions and the references beside them."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis import moments
from louyu_lab.analysis.moments_reference import STATISTICS_ZH, measures
from louyu_lab.analysis.study_year import StudyYear
from louyu_lab.ledgers.model import Ledgers, no_targets, typed_frame

NOTHING = pd.DataFrame()


def study_of(year: int = 2020, **frames: list[dict]) -> StudyYear:
    typed = {name: typed_frame(name, pd.DataFrame(rows)) for name, rows in frames.items()}
    return StudyYear(Ledgers("某区", typed, NOTHING, NOTHING, NOTHING, no_targets()), year)


def seeded(buildings: int, scale: float = 1.0) -> SimpleNamespace:
    """A study whose buildings are drawn around the references; ``scale`` multiplies their areas."""
    rng = np.random.default_rng(5)
    gross = rng.lognormal(np.log(47_500), 0.5, buildings) * scale
    panel = pd.DataFrame(
        {
            "building_id": [f"L{at}" for at in range(buildings)],
            "year": 2020,
            "gross_area_sqm": gross,
            "rentable_area_sqm": gross * 0.85,
            "occupied_area_sqm": gross * 0.85 * rng.uniform(0.7, 0.95, buildings),
            "firms": rng.integers(60, 250, buildings).astype(float),
            "tax_yuan": rng.lognormal(np.log(1.176e7), 1.85, buildings),
        }
    )
    panel["occupancy_rate"] = panel["occupied_area_sqm"] / panel["rentable_area_sqm"]
    ledgers = {"tenancies": typed_frame("tenancies", NOTHING)}
    tenants = pd.DataFrame({"year": [], "at_year_end": pd.Series(dtype=bool), "building_id": []})
    tenants = tenants.assign(enterprise_id=[], enterprise=[], tax_yuan=[], area_sqm=[])
    context = {"ledgers": ledgers, "year": 2020, "before": None, "district": "某区"}
    return SimpleNamespace(panel=panel, tenants=tenants, district_tax_yuan=None, **context)


def both(study) -> tuple[pd.DataFrame, pd.DataFrame]:
    return moments.member_values(study), moments.district_values(study)


def test_quantiles_and_pooled_ratio_by_hand() -> None:
    # Two buildings: 800 of 1000 ㎡ with 4 firms, 100 of 500 ㎡ with 1 firm. Pooled occupancy 900 ÷ 1500 =
    # 0.6 beside a mean of rates of 0.5; 900 ÷ 5 = 180 ㎡ a firm beside a mean of 150.
    rows = [
        {"building_id": "A", "gross_area_sqm": 2000.0, "rentable_area_sqm": 1000.0},
        {"building_id": "B", "gross_area_sqm": 1000.0, "rentable_area_sqm": 500.0},
    ]
    occupancy = [
        {"building_id": "A", "year": 2020, "period": "2020", "occupied_area_sqm": 800.0, "firms": 4},
        {"building_id": "B", "year": 2020, "period": "2020", "occupied_area_sqm": 100.0, "firms": 1},
    ]
    members, single = both(study_of(buildings=rows, occupancy=occupancy))
    table = moments.moments(members, single).set_index("measure")
    assert table.loc["occupancy_rate", ["mean", "value", "n"]].tolist() == pytest.approx([0.5, 0.6, 2])
    assert table.loc["area_per_firm_sqm", ["mean", "value"]].tolist() == pytest.approx([150.0, 180.0])
    # p10 of 1000 and 2000 by linear interpolation: 1100.
    assert table.loc["gross_area_sqm", ["p10", "median", "p90"]].tolist() == pytest.approx([1100, 1500, 1900])
    assert table.loc["gross_area_sqm", "reference"] == 47_500
    # Neither taxes nor tenancies: no row speaks of them.
    assert set(table.index) == {
        *("gross_area_sqm", "occupancy_rate", "firms", "area_per_firm_sqm", "full_buildings_rate")
    }


def test_tenure_is_elapsed_time_of_those_present() -> None:
    day = pd.Timestamp
    rows = [
        {"enterprise_id": "甲", "building_id": "A", "move_in_date": day("2010-12-31")},
        {"enterprise_id": "甲", "building_id": "A", "move_in_date": day("2018-01-01"), "floor": "3"},
        {"enterprise_id": "乙", "building_id": "A", "move_in_date": day("2018-12-31")},
        {"enterprise_id": "走", "building_id": "A", "move_in_date": day("2001-01-01"), "move_out_date": day("2020-12-31")},
        {"enterprise_id": "后", "building_id": "A", "move_in_date": day("2021-01-01")},
        {"enterprise_id": "外", "building_id": "Z", "move_in_date": day("2001-01-01")},
        {"enterprise_id": "无", "building_id": "A"},
        {"enterprise_id": "表", "building_id": "A", "year": 2020, "period": "2020", "move_in_date": day("2019-12-31")},
        {"enterprise_id": "旧", "building_id": "A", "year": 2019, "period": "2019", "move_in_date": day("2015-12-31")},
    ]  # fmt: skip
    # In the half-year's report but no longer in the year's: not there at the year's end.
    rows.append({**rows[-2], "enterprise_id": "早", "period": "2020H1"})
    study = study_of(buildings=[{"building_id": "A"}], tenancies=rows)
    found = moments.tenures(study.panel[study.panel["year"] == 2020], study)
    # 甲 counts from the first of its floors: 10 years; 乙 2, 表 1. A leap day off: 0.01 years.
    assert sorted(found) == pytest.approx([1, 2, 10], abs=0.01)


def test_exit_rate_by_hand() -> None:
    # 4 firms at the end of 2019, 1 of them gone at the end of 2020.
    rows = [
        {"enterprise_id": firm, "enterprise": firm, "building_id": "A", "year": year, "period": str(year)}
        for year, firms in ((2019, "甲乙丙丁"), (2020, "甲乙丙"))
        for firm in firms
    ]
    single = moments.district_values(study_of(buildings=[{"building_id": "A"}], tenancies=rows))
    assert single.set_index("measure").loc["exit_rate", ["n", "value"]].tolist() == [4, 0.25]


def test_shares_of_the_largest_by_hand() -> None:
    # 12 firms: one pays 2000万, one 1000万, ten 100万 each. Ten largest: 3800 of 4000万 = 0.95; those of
    # 1000万 and more: 2 of 12, 3000 of 4000万 = 0.75. Building A holds them all: 4000万 and no 亿元楼.
    paid = {f"企{at:02d}": amount for at, amount in enumerate([2e7, 1e7, *[1e6] * 10])}
    tenancies = [{"enterprise_id": firm, "building_id": "A", "year": 2020, "period": "2020"} for firm in paid]
    taxes = [
        {"enterprise_id": firm, "year": 2020, "period": "2020", "level": "enterprise", "tax_yuan": amount}
        for firm, amount in paid.items()
    ]
    study = study_of(buildings=[{"building_id": "A"}], tenancies=tenancies, taxes=taxes)
    value = moments.district_values(study).set_index("measure")["value"]
    assert value["top10_firms_rate"] == pytest.approx(0.95)
    assert value["key_firms_rate"] == pytest.approx(2 / 12)
    assert value["key_firms_tax_rate"] == pytest.approx(0.75)
    assert value["yi_buildings_rate"] == 0
    # One building has no ten largest, no spread, and without a district total no share of it.
    assert not {"top10_buildings_rate", "tax_log_sd", "yi_district_rate"} & set(value.index)


def test_the_largest_tenant_of_a_building_by_hand() -> None:
    # A: 600 of 1000 ㎡ (two suites of 300 are one firm's). B: 50 of 200 ㎡. C: areas unknown.
    areas = [("A", "甲", 300.0), ("A", "甲", 300.0), ("A", "乙", 400.0), ("C", "己", None)]
    areas += [("B", firm, 50.0) for firm in "甲乙丙丁"]
    tenancies = [
        {
            "building_id": place,
            "enterprise_id": firm,
            "year": 2020,
            "period": "2020",
            "area_sqm": area,
            "room": at,
        }
        for at, (place, firm, area) in enumerate(areas)
    ]
    for row in tenancies:
        row["room"] = str(row["room"])
    members, single = both(study_of(buildings=[{"building_id": name} for name in "ABC"], tenancies=tenancies))
    rates = members.loc[members["measure"] == "largest_tenant_rate", "value"]
    assert sorted(rates) == pytest.approx([0.25, 0.6])
    top = single.set_index("measure").loc["largest_tenant_top_rate"]
    assert top[["n", "value"]].tolist() == pytest.approx([2, 0.6])


def payers_of(amounts: list[float]) -> pd.Series:
    """The district's values where each amount (元) is one firm's, all in building A but the last in B."""
    firms = [f"企{at:03d}" for at in range(len(amounts))]
    tenancies = [
        {
            "enterprise_id": firm,
            "building_id": "A" if firm != firms[-1] else "B",
            "year": 2020,
            "period": "2020",
        }
        for firm in firms
    ]
    taxes = [
        {"enterprise_id": firm, "year": 2020, "period": "2020", "level": "enterprise", "tax_yuan": amount}
        for firm, amount in zip(firms, amounts, strict=True)
    ]
    buildings = [{"building_id": "A"}, {"building_id": "B"}]
    study = study_of(buildings=buildings, tenancies=tenancies, taxes=taxes)
    return moments.district_values(study).set_index("measure")["value"]


def test_taxes_off_a_ruler_repeated_or_rounded_are_found() -> None:
    ruler = payers_of(list(np.linspace(1.0e7, 9.87654e7, 40)))
    assert ruler["even_tax_rate"] == 1
    assert ruler["same_tax_rate"] == 0
    # 20 amounts, 5 of them twice: 10 of 25 equal another.
    drawn = np.random.default_rng(1).lognormal(np.log(3e7), 0.3, 20).clip(1e7).round(2)
    repeated = payers_of([*drawn, *drawn[:5]])
    assert repeated["same_tax_rate"] == pytest.approx(10 / 25)
    rounded = payers_of([1e7 + at**2 * 1e5 for at in range(20)])
    assert rounded["round_tax_rate"] == 1


def test_amounts_drawn_at_random_are_not_taken_for_regular() -> None:
    # One in 200 triples of independent amounts is even within 1 %: of 300, 1.5 expected; 5 % would be 15.
    drawn = np.random.default_rng(2).lognormal(np.log(3e7), 0.8, 400)
    values = payers_of(list(drawn[drawn >= 1e7]))
    assert values["even_tax_rate"] < 0.05
    assert values["same_tax_rate"] < 0.25
    assert values["round_tax_rate"] == 0


def test_few_payers_say_nothing_of_regularity_and_single_sources_are_counted() -> None:
    # A: nine firms of 1000万 each; B lives on one firm.
    values = payers_of([1e7] * 9 + [2e7])
    assert values[["single_source_buildings", "single_source_rate"]].tolist() == [1, 0.5]
    assert "same_tax_rate" in values.index
    assert "same_tax_rate" not in payers_of([1e7] * 9).index


def test_a_district_like_the_references_is_not_named_and_a_wrong_unit_is() -> None:
    like = moments.far_from_references(*both(seeded(89)))
    assert not {"gross_area_sqm", "occupancy_rate", "firms", "tax_yuan"} & set(like["measure"])
    # Areas in 亩 taken for ㎡: 667 times too small.
    wrong = moments.far_from_references(*both(seeded(89, scale=1 / 667))).set_index("measure")
    assert wrong.loc["gross_area_sqm", "reason"] == "factor"
    assert wrong.loc["gross_area_sqm", "times"] < 1 / 100
    assert wrong.loc["tax_per_gross_yuan_sqm", "times"] > 100
    assert "occupancy_rate" not in wrong.index


def test_a_reference_outside_the_quantiles_counts_only_with_enough_members() -> None:
    # Everybody between 40 and 50 % let, less than a factor of 3 from every reference.
    def named(n: int) -> list[str]:
        rates = np.linspace(0.4, 0.5, n)
        members = pd.DataFrame({"measure": "occupancy_rate", "value": rates, "numerator": rates})
        single = pd.DataFrame({"measure": pd.Series(dtype="str"), "value": pd.Series(dtype="float64")})
        far = moments.far_from_references(members.assign(denominator=1.0), single)
        return far["reason"].tolist()

    assert named(moments.FEWEST_FOR_QUANTILES) == ["spread"]
    assert named(moments.FEWEST_FOR_QUANTILES - 1) == []


def test_what_is_only_akin_is_never_a_reason_to_doubt() -> None:
    members = pd.DataFrame(
        {"measure": ["tenure_years"] * 20, "value": 0.1, "numerator": 0.1, "denominator": 1.0}
    )
    single = pd.DataFrame({"measure": pd.Series(dtype="str"), "value": pd.Series(dtype="float64")})
    assert len(moments.far_from_references(members, single)) == 0


def test_an_empty_district_gives_empty_tables() -> None:
    members, single = both(study_of())
    table = moments.moments(members, single)
    assert len(table) == 0
    assert len(moments.moment_references(table)) == 0
    assert len(moments.far_from_references(members, single)) == 0


def test_every_reference_can_be_traced_and_compared() -> None:
    for measure in measures().values():
        for reference in measure.references:
            assert reference.statistic in STATISTICS_ZH
            assert reference.place and reference.source and reference.year
            assert reference.value > 0
        labels = [(item.statistic, item.label) for item in measure.references]
        assert len(set(labels)) == len(labels)


def test_references_agree_with_the_figures_they_are_worked_out_from() -> None:
    first = {name: measure.references[0].value for name, measure in measures().items() if measure.references}
    # 422.7万㎡ and about 12 373 firms in 89 buildings, 85 % let, all rounded to three figures.
    assert first["gross_area_sqm"] == pytest.approx(422.7e4 / 89, rel=0.005)
    assert first["firms"] == pytest.approx(12_373 / 89, rel=0.005)
    assert first["area_per_firm_sqm"] == pytest.approx(422.7e4 * 0.85 / 12_373, rel=0.005)
    assert first["tax_per_gross_yuan_sqm"] == pytest.approx(51.7e8 / 422.7e4, rel=0.005)
    # The lognormal holds P(> 1亿) = 11 ÷ 89.
    from statistics import NormalDist

    above = 1 - NormalDist(np.log(first["tax_yuan"]), first["tax_log_sd"]).cdf(np.log(1e8))
    assert above == pytest.approx(11 / 89, abs=0.001)
