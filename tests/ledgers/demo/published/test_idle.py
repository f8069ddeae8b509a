"""The idle census: the published key resources, and entries that their buildings can really hold."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from louyu_lab.ledgers.demo.frames import District
from louyu_lab.ledgers.demo.published import margins
from louyu_lab.ledgers.demo.published.district import SEED, make_published
from louyu_lab.ledgers.demo.published.idle_details import levels, placed, zone_of

OPEN = "在闲"
LOW = ["城改底商", "专业市场"]


@pytest.fixture(scope="module", params=(SEED, 1, 2, 3))
def district(request: pytest.FixtureRequest) -> District:
    return make_published(request.param)


def vacancy(district: District) -> pd.DataFrame:
    """Vacant ㎡ at the year's end by building, columns the years, missing before the opening."""
    wide = district.frames["occupancy"].pivot(index="building_id", columns="year", values="occupied_area_sqm")
    rentable = district.frames["buildings"].set_index("building_id")["rentable_area_sqm"]
    return wide.rsub(rentable, axis=0)


def floors_of(structure: str) -> tuple[int, int]:
    low, high = re.match(r"(?:整栋)?(\d+)(?:—(\d+))?层", structure).groups()
    return int(low), int(high or low)


def inside(district: District) -> pd.DataFrame:
    """Idle rows in buildings with a structure stated, with what their building is."""
    rows = district.frames["idle"].dropna(subset=["building_id", "structure"])
    facts = district.frames["buildings"][["building_id", "gross_area_sqm", "carrier_type", "opened_date"]]
    rows = rows.merge(facts, on="building_id")
    rows[["low", "high"]] = rows["structure"].map(floors_of).tolist()
    # A floor per 1,500 ㎡ of gross area, 4 to 48; six in the shops of renewed housing and markets.
    top = (rows["gross_area_sqm"] / 1_500).clip(4, 48).round()
    return rows.assign(top=top.mask(rows["carrier_type"].isin(LOW), 6))


def test_key_resources_are_the_published_ones(district: District) -> None:
    rows = district.frames["idle"].query("disposal == @OPEN and idle_area_sqm >= 3000")
    now = rows[rows["year"] == 2020].groupby("area")["idle_area_sqm"].agg(["size", "sum"])
    assert {area: tuple(row) for area, row in now.iterrows()} == margins.KEY_IDLE
    # Nothing else reaches 3,000 ㎡, also in the census before.
    assert set(rows["idle_id"]) == set(rows.loc[rows["year"] == 2020, "idle_id"])


def test_floors_exist_and_hold_the_area(district: District) -> None:
    rows = inside(district)
    assert (rows["low"] >= 1).all()
    assert (rows["high"] <= rows["top"]).all()
    room = (rows["high"] - rows["low"] + 1) * rows["gross_area_sqm"] / rows["top"]
    assert (rows["idle_area_sqm"] <= room + 1e-6).all()
    podium = rows[rows["idle_name"].str.contains("裙楼")]
    assert len(podium) > 5
    assert (podium["high"] <= 4).all()
    assert not rows["structure"].str.contains("砖混|钢结构").any()
    spelled = [f"{levels(low, high)}" for low, high in zip(rows["low"], rows["high"], strict=True)]
    assert all(text in name for text, name in zip(spelled, rows["idle_name"], strict=True))
    assert district.frames["idle"].drop_duplicates("idle_id")["idle_name"].is_unique


def test_floors_are_not_filled_twice(district: District) -> None:
    """What one census lists of a floor is no more than the floor has."""
    rows = inside(district).query("disposal == @OPEN and low == high")
    plate = rows["gross_area_sqm"] / rows["top"]
    listed = rows.groupby(["year", "building_id", "low"])["idle_area_sqm"].transform("sum")
    assert len(rows) > 100
    assert (listed <= plate + 1e-6).all()


def test_closed_houses_stand_in_both_censuses(district: District) -> None:
    rows = district.frames["idle"]
    closed = rows[rows["building_id"].isna() & (rows["idle_area_sqm"] >= 3_000)]
    assert (closed.groupby("idle_id")["year"].nunique() == 2).all()
    assert (closed["idle_since_date"] < "2019-11-01").all()
    stated = closed.dropna(subset="structure")
    tower = stated["idle_name"].str.contains("未交付塔楼")
    assert stated.loc[~tower, "structure"].map(lambda text: floors_of(text)[1]).between(4, 6).all()
    assert (stated.loc[tower, "structure"].map(lambda text: floors_of(text)[1]) == 28).all()
    assert stated["structure"].str.contains("框架").all()


def test_no_space_is_idle_before_its_building_had_the_room(district: District) -> None:
    """At each year's end a building had at least as much vacant as what is said to have been idle then."""
    vacant, rows = vacancy(district), district.frames["idle"]
    both = rows[rows["building_id"].notna()].merge(
        district.frames["buildings"][["building_id", "opened_date"]], on="building_id"
    )
    assert (both["idle_since_date"] >= both["opened_date"]).all()
    for census in (2019, 2020):
        listed = both[(both["year"] == census) & (both["disposal"] == OPEN)]
        for year in range(2013, census + 1):
            then = listed[listed["idle_since_date"] <= pd.Timestamp(year, 12, 31)]
            idle = then.groupby("building_id")["idle_area_sqm"].sum()
            assert (idle <= vacant[year].reindex(idle.index)).all(), (census, year)


def test_dates_agree_with_the_censuses(district: District) -> None:
    rows = district.frames["idle"]
    assert (rows["idle_since_date"] < rows["updated_date"]).all()
    before = set(rows.loc[rows["year"] == 2019, "idle_id"])
    new = rows[(rows["year"] == 2020) & ~rows["idle_id"].isin(before)]
    # The first census took in what was idle by the end of October.
    assert (new["idle_since_date"] > "2019-10-31").all()
    tower = district.frames["buildings"].query("is_new_tower")["building_id"].iloc[0]
    assert set(rows.loc[rows["building_id"] == tower, "year"]) == {2020}
    # No day begins a crowd of them.
    assert rows.drop_duplicates("idle_id")["idle_since_date"].value_counts().max() <= 8


def test_what_was_let_lies_where_vacancy_fell(district: District) -> None:
    vacant, rows = vacancy(district), district.frames["idle"].query("year == 2020")
    let = rows[rows["building_id"].notna() & (rows["disposal"] != OPEN)]
    assert len(let) >= 8
    area = let.groupby("building_id")["idle_area_sqm"].sum()
    assert (area <= (vacant[2019] - vacant[2020])[area.index]).all()


def test_pandemic_tower_is_listed_in_small_pieces(district: District) -> None:
    tower = district.frames["buildings"].query("is_pandemic_tower")["building_id"].iloc[0]
    now = district.frames["idle"].query("year == 2020 and disposal == @OPEN")
    rows = now[now["building_id"] == tower]
    assert (rows["idle_area_sqm"] < 3_000).all()
    left = rows[rows["idle_cause"] == "疫情退租"]
    assert left["idle_area_sqm"].sum() >= 0.9 * margins.PANDEMIC_EXIT_SQM
    assert (left["idle_since_date"] >= "2020-02-01").all()
    everywhere = district.frames["idle"].query("year == 2020 and idle_cause == '疫情退租'")
    vacant = vacancy(district)
    rose = everywhere["building_id"].map(vacant[2020] > vacant[2019])
    assert everywhere["building_id"].nunique() >= 10
    assert rose.mean() > 0.7


def test_rents_are_near_the_building_s(district: District) -> None:
    rents = district.frames["occupancy"][["building_id", "year", "asking_rent_yuan"]]
    rows = district.frames["idle"].merge(rents, on=["building_id", "year"], suffixes=("", "_building"))
    ratio = rows["asking_rent_yuan"] / rows["asking_rent_yuan_building"]
    # Rents are rounded to half a yuan, of some 25 at least: 1 %.
    assert ratio.between(0.84, 1.06).all()


def test_about_half_of_the_other_vacancy_is_listed(district: District) -> None:
    vacant = vacancy(district)[2020]
    rows = district.frames["idle"].query("year == 2020 and disposal == @OPEN").dropna(subset="building_id")
    key = rows["idle_area_sqm"] >= 3_000
    rest = vacant.sum() - rows.loc[key, "idle_area_sqm"].sum()
    assert 0.5 <= rows.loc[~key, "idle_area_sqm"].sum() / rest <= 0.6
    # Every building with a key resource's worth of vacancy has an entry.
    assert set(vacant.index[vacant >= 3_000]) <= set(rows["building_id"])
    assert 180 <= len(rows) <= 300


def test_placing_uses_as_few_floors_as_needed() -> None:
    # Ten floors of 1,000 ㎡: 2,500 need three, then 900 and 800 one each, 100 fits beside either.
    rng = np.random.default_rng(5)
    spans = placed([900.0, 2_500.0, 100.0, 800.0], 10, 10_000.0, rng)
    assert [high - low + 1 for low, high in spans] == [1, 3, 1, 1]
    assert spans[0] != spans[3]
    assert placed([10_000.0], 10, 10_000.0, rng) == [(1, 10)]
    assert [zone_of(*part, 30) for part in ((1, 3), (5, 9), (14, 16), (25, 30))] == [
        "裙楼",
        "低区",
        "中区",
        "高区",
    ]
    assert zone_of(1, 3, 6) == ""
