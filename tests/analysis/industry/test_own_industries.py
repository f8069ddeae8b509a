"""A district that counts in four industries of its own: its names, and its alone, reach every table."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import yaml

from louyu_lab.analysis.industry.composition import building_composition
from louyu_lab.analysis.industry.concentration import coagglomeration_table, concentration
from louyu_lab.analysis.industry.mix import tenants_by_industry
from louyu_lab.analysis.industry.moves import tenant_moves
from louyu_lab.analysis.industry.scorecards.entry_thresholds import NOT_ASKED, entry_thresholds
from louyu_lab.analysis.industry.scorecards.measures import building_measures
from louyu_lab.analysis.industry.scorecards.tenant_yields import PUBLIC, tenant_yields
from louyu_lab.analysis.industry.targets.directions import target_directions
from louyu_lab.analysis.industry.targets.prospects import Prospects
from louyu_lab.analysis.study_year import StudyYear
from louyu_lab.ledgers.district_industries import industry_rows
from louyu_lab.ledgers.model import Ledgers, industry_frame, typed_frame

#: Schools (P) and hospitals (Q) stand with shops for residents (O); real estate (K) is in the rest.
MIXED = "行业: {数字: {包含: [I, M]}, 民生: {包含: [O, P, Q]}, 现代金融: {包含: [J]}, 余项: {}}\n其余: 余项\n"
#: Both stand alone.
APART = "行业: {公益: {包含: [P, Q]}, 置业: {包含: [K]}, 现代金融: {包含: [J]}, 余项: {}}\n其余: 余项\n"

#: Firm -> its class, building and tax in 元.
FIRMS = {
    "软件": ("6513", "A", 50),
    "学校": ("8336", "A", 40),
    "医院": ("8415", "A", 30),
    "理发": ("8051", "A", 20),
    "置业": ("7010", "A", 10),
    "银行": ("6621", "B", 60),
    "商店": ("5211", "B", 5),
}


def study(own: str, year: int = 2020, **codes: str) -> StudyYear:
    """The district of ``FIRMS``; the 银行 is in A in 2019. ``codes`` replace classes."""
    problems: list[str] = []
    industries = industry_frame(industry_rows(yaml.compose(own, Loader=yaml.SafeLoader), problems))
    assert not problems
    rows = [
        {"enterprise_id": f"E{name}", "enterprise": f"{name}公司", "industry_code": codes.get(name, code),
         "building_id": "A" if (name, listed) == ("银行", 2019) else building, "area_sqm": 10.0,
         "tax_yuan": float(tax), "year": listed}
        for name, (code, building, tax) in FIRMS.items()
        for listed in (2019, 2020)
    ]  # fmt: skip
    taxes = pd.DataFrame(rows).assign(level="enterprise").drop(columns=["industry_code", "area_sqm"])
    stock = pd.DataFrame({"building_id": ["A", "B"], "building": ["甲楼", "乙楼"], "street": "南街"})
    stock = stock.assign(gross_area_sqm=1000.0, rentable_area_sqm=800.0, since_year=2000)
    frames = {"buildings": stock, "tenancies": pd.DataFrame(rows).drop(columns="tax_yuan"), "taxes": taxes}
    none = pd.DataFrame()
    typed = {name: typed_frame(name, frame) for name, frame in frames.items()}
    return StudyYear(Ledgers("某区", typed, none, none, none, industries=industries), year)


@pytest.fixture(scope="module")
def mixed() -> StudyYear:
    return study(MIXED)


def test_tables_of_concentration_keep_the_districts_order(mixed: StudyYear) -> None:
    rows = tenants_by_industry(mixed.tenants, mixed.panel, 2020, mixed.industries)
    options = {"rng": np.random.default_rng(0), "draws": 20, "industries": mixed.industries}
    table = concentration(rows, mixed.ledgers["buildings"], **options)
    own = table[(table["index"] == "EG指数") & (table["measure"] == "企业数")]
    # As in the file, which is neither the order of the alphabet nor that of size.
    assert own["industry"].tolist() == ["数字", "民生", "现代金融", "余项"]
    pairs = coagglomeration_table(rows, **options)
    assert set(pairs["industry"]) | set(pairs["other_industry"]) == set(own["industry"])
    first = {(row.industry, row.other_industry) for row in pairs.itertuples()}
    assert ("数字", "余项") in first and ("余项", "数字") not in first


def test_in_a_mixed_industry_the_tenant_itself_says_whether_it_is_public(mixed: StudyYear) -> None:
    yields = tenant_yields(mixed).set_index("enterprise_id")
    assert yields.loc[["E学校", "E医院", "E理发"], "industry"].tolist() == ["民生"] * 3
    assert set(yields.index[yields["left_out"] == PUBLIC]) == {"E学校", "E医院"}
    # The 理发 pays like others, so 民生 is no industry that is not asked.
    status = entry_thresholds(tenant_yields(mixed), 2020).set_index("industry")["status"]
    assert NOT_ASKED not in set(status)


def test_public_sections_left_to_the_rest_do_not_take_the_rest_along() -> None:
    yields = tenant_yields(study("行业: {现代金融: {包含: [J]}, 余项: {}}\n其余: 余项\n")).set_index(
        "enterprise_id"
    )
    assert set(yields.index[yields["left_out"] == PUBLIC]) == {"E学校", "E医院"}


def test_an_industry_of_public_sections_alone_is_not_asked() -> None:
    yields = tenant_yields(study(APART))
    assert set(yields.loc[yields["left_out"] == PUBLIC, "industry"]) == {"公益"}
    assert entry_thresholds(yields, 2020).set_index("industry").loc["公益", "status"] == NOT_ASKED


def test_taxes_without_real_estate_need_it_as_an_industry_of_its_own(mixed: StudyYear) -> None:
    # A: 150 元, 10 of them the 置业; within 余项 they cannot be told from the 商店's.
    assert building_measures(study(APART))["tax_yuan_other"].to_dict() == {"A": 140, "B": 65}
    assert building_measures(mixed)["tax_yuan_other"].isna().all()
    assert "tax_yuan_other" in set(study(APART).indicators["indicator"])
    assert "tax_yuan_other" not in set(mixed.indicators["indicator"])


def test_moves_are_told_in_the_districts_names(mixed: StudyYear) -> None:
    moved = tenant_moves(mixed.ledgers, mixed.panel, mixed.tenants)
    assert moved.set_index("enterprise_id")["industry"].to_dict() == {"E银行": "现代金融"}


def test_the_districts_rest_is_no_direction(mixed: StudyYear) -> None:
    # A has less of 民生 (4 of 56) and of the rest (12 of 56) than the district (100 and 300 of 900): more of the
    # rest is to be expected, and 民生 is advised in its place.
    rows = {f"T{at}": [20.0, 10.0, 20.0, 30.0] for at in range(10)}
    rows |= {f"S{at}": [10.0, 0.0, 0.0, 0.0] for at in range(10)} | {"A": [20.0, 4.0, 20.0, 12.0]}
    counts = pd.DataFrame.from_dict(rows, orient="index", columns=list(mixed.industries.names))
    panel = pd.DataFrame({"building_id": ["A"], "building": "甲楼", "street": "南街", "year": 2020,
                          "vacant_area_sqm": 100.0, "unmarketable_area_sqm": 0.0, "rentable_area_sqm": 800.0})  # fmt: skip
    nothing = Prospects(pd.Series(dtype="float64"), np.nan, np.nan)
    found = target_directions(counts, panel, 2020, nothing, mixed.industries)
    found = found[found["building_id"] == "A"].set_index("kind")["industry"]
    assert found["补链"] == "民生"
    assert "余项" not in set(found)
    # By the workbench's map the same name would be an industry like any other.
    assert "余项" in set(target_directions(counts, panel, 2020, nothing)["industry"])


def test_the_matrix_is_in_the_districts_order(mixed: StudyYear) -> None:
    assert list(building_composition(mixed.mixes[2020])) == ["数字", "民生", "现代金融", "余项"]
