"""The branches: weights, sectors, and that the workbench's own classifier knows every class."""

from __future__ import annotations

import pandas as pd
import pytest

from louyu_lab.analysis.industry import classify_enterprises, industry_map
from louyu_lab.analysis.industry.sections import standard
from louyu_lab.ledgers.demo.industries import INDUSTRIES, SECTORS


@pytest.fixture(scope="module")
def classes() -> pd.DataFrame:
    rows = [
        (branch.sector, code, "澜州霁川" + ending.format(place="和安"), scope)
        for branch in INDUSTRIES
        for code, (ending, scope) in branch.classes.items()
    ]
    return pd.DataFrame(rows, columns=["sector", "industry_code", "enterprise", "business_scope"])


def test_sectors_are_the_workbenchs_industries_in_its_order() -> None:
    assert industry_map().names == SECTORS
    assert {branch.sector for branch in INDUSTRIES} == set(SECTORS)


def test_weights_follow_the_published_mix() -> None:
    by_sector = pd.Series([b.weight for b in INDUSTRIES]).groupby([b.sector for b in INDUSTRIES]).sum()
    assert by_sector.sum() == pytest.approx(1.0, abs=1e-12)
    published = {"商贸": 0.452, "科技": 0.253, "金融": 0.019, "文化": 0.033}
    assert by_sector[list(published)].to_dict() == pytest.approx(published, abs=1e-12)
    assert by_sector.drop(list(published)).sum() == pytest.approx(0.243, abs=1e-12)


def test_codes_are_four_digits_of_a_known_division_and_come_once(classes: pd.DataFrame) -> None:
    assert classes["industry_code"].str.fullmatch(r"\d{4}").all()
    assert set(classes["industry_code"].str[:2]) <= set(standard().division_names)
    assert classes["industry_code"].is_unique
    # A name that ends alike in two branches would not tell them apart.
    endings = [ending for branch in INDUSTRIES for ending, _ in branch.classes.values()]
    assert len(set(endings)) == len(endings)


def test_the_classifier_finds_each_sector_by_code(classes: pd.DataFrame) -> None:
    found = classify_enterprises(classes[["industry_code"]])["industry"]
    assert found.tolist() == classes["sector"].tolist()


def test_the_classifier_finds_each_sector_by_name_and_scope_alone(classes: pd.DataFrame) -> None:
    found = classify_enterprises(classes[["enterprise", "business_scope"]])["industry"]
    missed = classes.assign(found=found)[found != classes["sector"]]
    assert missed.empty, missed.to_string()


def test_every_branch_has_two_classes_to_draw_from() -> None:
    assert all(len(branch.classes) >= 2 for branch in INDUSTRIES)
