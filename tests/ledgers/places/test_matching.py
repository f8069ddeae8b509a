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
