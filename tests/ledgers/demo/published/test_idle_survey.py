"""The district with only an idle census: published areas by type, houses and causes that fit the type."""

from __future__ import annotations

import pandas as pd
import pytest

from louyu_lab.ledgers.demo.published.idle_survey import make_idle_survey


@pytest.fixture(scope="module", params=(20180930, 1, 2))
def idle(request: pytest.FixtureRequest) -> pd.DataFrame:
    return make_idle_survey(request.param).frames["idle"]


def test_areas_by_type_are_the_published_ones(idle: pd.DataFrame) -> None:
    areas = {
        "工业厂房": 213_000,
        "办公楼": 501_000,
        "房地产商业": 289_000,
        "安置房商业": 161_500,
        "其他": 89_500,
    }
    assert idle.groupby("space_type")["idle_area_sqm"].sum().to_dict() == areas
    assert (idle["idle_area_sqm"] <= idle["total_area_sqm"]).all()
    assert (idle["idle_area_sqm"] > 0).all()


def test_houses_fit_their_type(idle: pd.DataFrame) -> None:
    by = idle.groupby("space_type")["structure"]
    top = by.apply(lambda texts: texts.str.extract(r"(\d+)层", expand=False).astype(int).max())
    assert top["办公楼"] > 10
    assert (top[["工业厂房", "安置房商业", "其他"]] <= 3).all()
    assert idle.loc[idle["space_type"] == "办公楼", "structure"].str.contains("框架").all()
    assert (
        not idle.loc[idle["space_type"].isin(["办公楼", "房地产商业"]), "structure"]
        .str.contains("砖混|钢结构")
        .any()
    )


def test_one_road_a_street_and_no_address_twice(idle: pd.DataFrame) -> None:
    road = idle["address"].str.extract(r"(?:街道|镇)(.+?)\d+号", expand=False)
    assert (road.groupby(idle["street"]).nunique() == 1).all()
    assert road.nunique() == idle["street"].nunique() == 4
    assert idle["address"].is_unique
    assert idle["idle_name"].is_unique


def test_causes_fit_type_ownership_and_date(idle: pd.DataFrame) -> None:
    causes = idle.groupby("space_type")["idle_cause"].agg(set)
    assert not causes["办公楼"] & {"停产腾空", "规划调整"}
    assert not (causes["工业厂房"] | causes["其他"]) & {"租金偏高", "新近投用", "定位不准"}
    assert (idle.loc[idle["idle_cause"] == "产权分散", "ownership"] == "分散").all()
    days = (idle["updated_date"] - idle["idle_since_date"]).dt.days
    assert (days > 0).all()
    assert (days[idle["idle_cause"] == "新近投用"] < 400).all()
