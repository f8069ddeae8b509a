"""Keys of addresses and the buildings they stand for: properties, worked cases, what must stay open."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from louyu_lab.ledgers.places import match
from louyu_lab.ledgers.places.matching import matches

BUILDINGS = pd.DataFrame(
    {
        "building_id": ["H1", "H2", "H3", "H4", "H5"],
        "building": ["三好科贸大厦", "华润大厦", "计算机广场A座", "计算机广场B座", "新地中心"],
        "alias": ["赛博大厦", "华润中心、万象大厦", None, None, None],
        "address": [
            "沈阳市和平区三好街54号",
            "和平区青年大街286号",
            "和平区三好街84号",
            "和平区三好街84号",
            None,
        ],
    }
)


def _keys(*texts):
    return match(list(texts))["key"].tolist()


NUMBERS = st.sampled_from(["54号", "54-1号", "90甲5号", "262甲号", "7号", "甲88号"])
INSIDE = st.sampled_from(
    ["", "2门", "1203室", "5层", "A座1203室", "(1-2-3)", "附3号", "3单元12楼1号", "-1203"]
)
BEFORE = st.sampled_from(["", "沈阳市", "辽宁省沈阳市", "沈阳", "辽宁沈阳", "中国辽宁省沈阳市"])
WIDE = str.maketrans({**{chr(n): chr(n + 0xFEE0) for n in range(0x21, 0x7F)}})


SPELLED = st.tuples(
    *(BEFORE, st.sampled_from(["", "南湖街道", "南湖街道办事处"]), NUMBERS, INSIDE),
    *(st.booleans(), st.sampled_from(["", " ", "\u3000"])),
)


@settings(max_examples=25, deadline=None)
@given(st.lists(SPELLED, min_size=1, max_size=12))
def test_room_prefix_width_and_blanks_do_not_change_the_key(spellings):
    texts = [
        blank.join([before, "和平区", township, "三好街", number, inside]).translate(WIDE if wide else {})
        for before, township, number, inside, wide, blank in spellings
    ]
    numbers = [spelling[2] for spelling in spellings]
    assert _keys(*texts) == [f"和平区三好街{number}" for number in numbers]


PLACES = st.tuples(
    st.sampled_from(["和平区", "沈河区"]), st.integers(1, 30), st.sampled_from(["", "甲", "-1", "-2"])
)


@settings(max_examples=25, deadline=None)
@given(st.lists(PLACES, min_size=2, max_size=12))
def test_two_numbers_or_districts_never_merge(places):
    keys = _keys(*(f"沈阳市{area}青年大街{number}{part}号" for area, number, part in places))
    assert len(set(keys)) == len(set(places))


def test_the_frame_has_the_index_given_and_copes_with_nothing():
    texts = pd.Series(["和平区三好街54号", None, float("nan"), ""], index=[7, 3, 9, 1])
    found = match(texts)
    assert found.columns.tolist() == ["key", "building_id", "confidence"]
    assert found.index.tolist() == [7, 3, 9, 1]
    assert found["key"].isna().tolist() == [False, True, True, True]
    assert found["confidence"].tolist() == [1.0, 0.0, 0.0, 0.0]
    assert match([]).empty
    assert match(None)["key"].isna().all()
    assert match(pd.Series([], dtype="str"), BUILDINGS).empty


def test_places_of_another_city_keep_its_name():
    # 沈阳 is named twice, 天津 once: home is 沈阳.
    assert _keys("沈阳市和平区三好街54号", "天津市和平区三好街54号", "沈阳市沈河区北站路1号") == [
        "和平区三好街54号",
        "天津市和平区三好街54号",
        "沈河区北站路1号",
    ]


def test_between_two_cities_a_bare_district_is_no_more_than_a_guess():
    found = match(["沈阳市和平区三好街54号", "天津市和平区三好街54号", "和平区三好街54号"])
    assert found["key"].nunique() == 3
    assert found["confidence"].tolist() == [1.0, 1.0, 0.5]


def test_a_district_left_out_is_filled_where_the_others_leave_no_doubt():
    sure = match(["沈阳市和平区三好街54号", "沈阳市三好街54号", "沈阳市三好街60号", "沈阳市市府大路1号"])
    assert sure["key"].tolist()[:3] == ["和平区三好街54号", "和平区三好街54号", "和平区三好街60号"]
    assert sure["key"][3] == "市府大路1号"
    assert sure["confidence"].tolist() == [1.0, 0.9, 0.7, 0.5]
    # The street runs through two districts: the exact number tells, another one does not.
    both = ["和平区青年大街286号", "沈河区青年大街1号", "青年大街286号", "青年大街5号"]
    assert _keys(*both)[2:] == ["和平区青年大街286号", "青年大街5号"]


def test_a_name_stands_for_its_number_only_when_that_is_clear():
    assert (
        _keys("和平区青年大街286号华润大厦", "华润大厦1208室", "和平区华润大厦")
        == ["和平区青年大街286号"] * 3
    )
    unclear = _keys("和平区青年大街286号华润大厦", "和平区南京街5号华润大厦", "和平区华润大厦")
    assert unclear[2] == "和平区华润大厦"
    assert _keys("和平区青年大街286号华润大厦", "沈河区华润大厦")[1] == "沈河区华润大厦"


def test_a_city_s_name_before_a_street_or_a_building_is_no_part_of_it():
    assert _keys("沈阳市沈河区北站路55号", "沈阳北站路55号")[1] == "沈河区北站路55号"
    assert _keys("沈河区友好街10号新地中心", "沈河区沈阳新地中心")[1] == "沈河区友好街10号"


@pytest.mark.parametrize(
    ("text", "building", "confidence"),
    [
        ("沈阳市和平区三好街54号2门", "H1", 1.0),
        ("三好街54号1203", "H1", 0.9),
        ("沈阳市赛博大厦5层", "H1", 0.8),
        ("和平区华润大厦", "H2", 0.9),
        ("青年大街286号华润大厦12F", "H2", 1.0),
        ("和平区青年大街286号沈阳万象大厦", "H2", 1.0),
        ("和平区三好街84号计算机广场A座", "H3", 1.0),
        ("沈阳新地中心2号楼", "H5", 0.8),
    ],
)
def test_a_building_is_known_by_number_name_or_alias(text, building, confidence):
    found = match([text], BUILDINGS)
    assert found[["building_id", "confidence"]].values.tolist() == [[building, confidence]]


@pytest.mark.parametrize(
    ("text", "candidates", "subject"),
    [
        # Two towers at one number; another name at the number; the name at another number, in another
        # district, or as part of a longer one.
        ("和平区三好街84号", "H3、H4", "和平区三好街84号"),
        ("和平区青年大街286号通达大厦", "H2", "和平区青年大街286号通达大厦"),
        ("和平区青年大街288号华润大厦", "H2", "和平区青年大街288号华润大厦"),
        ("沈河区华润大厦", "H2", "沈河区华润大厦"),
        ("和平区新华润大厦3楼", "H2", "和平区新华润大厦"),
    ],
)
def test_what_is_in_doubt_stays_open(text, candidates, subject):
    found = matches([text], BUILDINGS).iloc[0]
    assert pd.isna(found["building_id"])
    assert (found["how"], found["candidates"], found["subject"]) == ("存疑", candidates, subject)
    assert found["confidence"] <= 0.5


@pytest.mark.parametrize(
    "text",
    [
        "天津市和平区三好街54号",
        "沈河区三好街54号",
        "和平区三好街54-1号",
        "和平区三好街54甲号",
        "和平区华润大厦对面",
    ],
)
def test_another_place_is_no_building_of_ours(text):
    found = matches([text], BUILDINGS).iloc[0]
    assert pd.isna(found["building_id"])
    assert found["how"] != "存疑"


def test_a_ledger_of_bare_names_will_do():
    only = pd.DataFrame({"building_id": ["华润大厦"], "building": ["华润大厦"]})
    assert match(["和平区青年大街286号华润大厦"], only)["building_id"].tolist() == ["华润大厦"]
    assert match(["和平区三好街54号"], only.iloc[:0])["building_id"].isna().all()


TWINS = pd.DataFrame(
    {
        "building_id": ["B1", "B2", "B3", "B4", "B5", "B6"],
        "building": ["国际大厦", "国际大厦", "信泰中心A座", "信泰中心", "建设楼", "建工楼"],
        "street": ["北山街道", "南湖", "南湖街道", "南湖街道", None, None],
        "address": [
            *("明州区人民路1号", "明州区湖滨路8号", "明州区湖滨路18号", "明州区湖滨路18号B座"),
            *("明州区建设路8号甲", "明州区建设路8号乙"),
        ],
    }
)


def _twins(*texts):
    found = matches([*texts, *["明州区人民路1号国际大厦500室"] * 10], TWINS).iloc[: len(texts)]
    return found["building_id"].astype("object").where(found["building_id"].notna(), "").tolist(), found


def test_of_two_buildings_of_a_name_the_number_or_the_township_tells_which():
    # Ten addresses give the name with B1's number: that says nothing of the others.
    told, found = _twins(
        "明州区国际大厦8层", "明州区南湖街道国际大厦9层", "北山街道国际大厦", "明州区湖滨路8号国际大厦2室"
    )
    assert told == ["", "B2", "B1", "B2"]
    assert (found["how"][0], found["candidates"][0], found["subject"][0]) == (
        "存疑",
        "B1、B2",
        "明州区国际大厦",
    )
    assert found["confidence"].tolist() == [0.5, 0.9, 0.8, 1.0]
    # What is decided of the name alone is not decided of these.
    assert found["subject"].tolist()[1:3] == ["", ""]


def test_a_name_and_the_number_that_others_give_it_are_not_two_witnesses():
    texts = ["和平区青年大街286号华润大厦", "和平区华润大厦"]
    assert matches(texts, BUILDINGS)[["how", "confidence"]].values.tolist() == [
        ["门牌号和楼名", 1.0],
        ["楼名或别名", 0.9],
    ]
    # A name that the ledger does not have there is asked about with its number or without.
    stranger = matches(["和平区青年大街286号通达大厦", "和平区通达大厦"], BUILDINGS)
    assert stranger["subject"].tolist() == ["和平区青年大街286号通达大厦"] * 2
    assert stranger["building_id"].isna().all()


def test_blocks_of_one_number_are_told_apart():
    told, found = _twins(
        "明州区湖滨路18号A座501", "湖滨路18号B座", "湖滨路18号", "湖滨路18号C座", "信泰中心C座"
    )
    assert told == ["B3", "B4", "", "", ""]
    assert found["subject"].tolist()[2:] == ["明州区湖滨路18号", "明州区湖滨路18号C座", "信泰中心C座"]
    # The towers of a single building are all of it.
    assert match(["和平区三好街54号B座"], BUILDINGS)["building_id"].tolist() == ["H1"]


def test_houses_behind_the_number_are_told_apart():
    told, found = _twins("建设路8号甲3层", "明州区建设路8号-乙", "明州区建设路8号", "建设路8号丙")
    assert told == ["B5", "B6", "", ""]
    assert found["subject"].tolist()[2:] == ["明州区建设路8号", "明州区建设路8号丙"]


def test_without_a_ledger_houses_are_apart_where_each_is_met_often():
    houses = ["新华区建设路8号甲", "新华区建设路8号乙2层"]
    assert _keys(*houses * 3, "新华区建设路8号") == [
        *["新华区建设路8号甲", "新华区建设路8号乙"] * 3,
        "新华区建设路8号",
    ]
    # Twice may be a slip; 甲 alone is the number itself.
    assert set(_keys(*houses * 2, *["新华区建设路8号甲"] * 5)) == {"新华区建设路8号"}
    assert _keys("新华区建设路8-甲号") == _keys("新华区建设路8甲号")


def test_a_quarter_before_a_street_is_no_part_of_it():
    assert _keys("江干区富春路701号", "江干区钱江新城富春路701号") == ["江干区富春路701号"] * 2
    assert _keys("江干区钱江新城富春路701号") == ["江干区钱江新城富春路701号"]


@pytest.mark.parametrize(
    ("addresses", "buildings", "error", "said"),
    [
        (pd.DataFrame({"address": ["三好街54号"]}), None, TypeError, "not DataFrame: give one column"),
        ({"a": "三好街54号"}, None, TypeError, "not dict: give one column"),
        (["三好街54号", 54], None, TypeError, "texts or missing, not 54"),
        (["三好街54号"], ["H1"], TypeError, "buildings must be a DataFrame, not list"),
        (["三好街54号"], BUILDINGS.rename(columns={"building_id": "楼宇编号"}), ValueError, "it has 楼宇编号, building"),
        (["三好街54号"], BUILDINGS[["building_id"]], ValueError, "one of building, alias, address; it has building_id"),
        (["三好街54号"], pd.DataFrame(), ValueError, "it has nothing"),
    ],
)  # fmt: skip
def test_what_cannot_be_matched_is_refused(addresses, buildings, error, said):
    with pytest.raises(error, match=said):
        match(addresses, buildings)


@pytest.mark.parametrize(("alone", "key"), [(5, "和平区青年大街286号"), (6, "和平区华润大厦")])
def test_one_address_does_not_place_a_name_that_many_give_without_number(alone, key):
    # One of six names the number: a fifth of the others is the least.
    assert _keys("和平区青年大街286号华润大厦", *["和平区华润大厦"] * alone)[1] == key
