"""Registration hubs and how buildings are known: thresholds from both sides, counts by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from louyu_lab.analysis import outputs
from louyu_lab.analysis.industry import hubs
from louyu_lab.ledgers.model import (
    CONVERSION_COLUMNS,
    FAULT_COLUMNS,
    Ledgers,
    empty_frame,
    typed_frame,
)
from louyu_lab.study.charts.places import registration_hub_bars
from louyu_lab.study.prose.places import address_words, hub_words


def _ledgers(addresses, ledger="tenancies", buildings=None, **columns):
    rows = pd.DataFrame({"address": addresses, **columns})
    rows["enterprise_id"] = [f"E{place}" for place in range(len(rows))]
    rows["registered_date"] = pd.to_datetime([f"{2000 + place % 20}-05-01" for place in range(len(rows))])
    frames = {ledger: typed_frame(ledger, rows)}
    if buildings is not None:
        frames["buildings"] = typed_frame("buildings", pd.DataFrame(buildings))
    return _made(frames)


def _made(frames):
    empty = [pd.DataFrame(columns=list(names)) for names in (FAULT_COLUMNS, CONVERSION_COLUMNS, ("path",))]
    return Ledgers("和平区", frames, *empty)


def _hubs(ledgers):
    table = hubs.registration_hubs(hubs.addressed(ledgers), ledgers["buildings"])
    return outputs.declared("registration_hubs", table)


ROOM = "沈阳市和平区三好街54号5层501室"


@pytest.mark.parametrize(("firms", "found"), [(19, 0), (20, 1)])
def test_a_room_of_twenty_firms_is_a_hub(firms, found):
    others = [f"和平区三好街54号5层{room}室" for room in range(502, 522)]
    table = _hubs(_ledgers([ROOM] * firms + others))
    assert len(table) == found
    if found:
        # 20 in the room, 20 rooms of one each beside it: half of the building's 40 firms.
        row = table.iloc[0]
        assert (row["place"], row["room"], row["firms"], row["building_firms"]) == (
            "和平区三好街54号",
            "5层501室",
            20,
            40,
        )
        assert row["share_firms"] == 0.5
        assert (row["first_year"], row["last_year"]) == (2000, 2019)
        assert row["reason"] == hubs.ONE_ROOM


def test_desks_of_one_room_are_one_room():
    assert _hubs(_ledgers([f"和平区全运路109-1号2层247-{desk}室" for desk in range(5000, 5020)]))[
        "firms"
    ].tolist() == [20]
    # 1-4-5 is entrance, floor and flat, not room 1.
    assert _hubs(_ledgers([f"和平区三好街9号(1-{flat}-2)" for flat in range(30)])).empty


def test_an_address_that_says_so_is_a_hub():
    said = "和平区三好街54号301室(集群注册)"
    assert _hubs(_ledgers([said] * 4)).empty
    assert _hubs(_ledgers([said] * 5))["reason"].tolist() == [hubs.SAID]


def test_a_place_is_one_line_with_all_its_reasons():
    # 12 of 24 in the room say so, 3 say so elsewhere in the house, 4 neither: 27 of 31 firms.
    said = [f"{ROOM}（集群注册）"] * 12 + [
        f"和平区三好街54号{room}室（集群注册）" for room in (601, 602, 603)
    ]
    table = _hubs(_ledgers([ROOM] * 12 + said + [f"和平区三好街54号{room}室" for room in range(701, 705)]))
    assert table[["room", "firms", "building_firms", "reason"]].values.tolist() == [
        ["5层501室", 27, 31, f"{hubs.ONE_ROOM}、{hubs.SAID}"]
    ]
    assert table["share_firms"].tolist() == [pytest.approx(27 / 31)]


def test_several_rooms_of_a_place_are_one_line():
    rooms = [f"和平区三好街54号{room}室" for room in (504, 503, 502, 501) for _ in range(20)]
    table = _hubs(_ledgers([*rooms, rooms[0]]))
    assert table[["room", "firms"]].values.tolist() == [["504室、501室、502室等 4 间", 81]]


def test_a_place_without_rooms_is_a_hub_only_where_others_give_rooms():
    bare, elsewhere = ["和平区三好街54号"] * 100, [f"和平区青年大街{n}号{n}室" for n in range(1, 41)]
    assert _hubs(_ledgers(bare + elsewhere))["reason"].tolist() == [hubs.NO_ROOM]
    assert _hubs(_ledgers(bare[:99] + elsewhere)).empty
    # 10 of 110 give a room: in such a ledger a missing room says nothing.
    assert _hubs(_ledgers(bare + elsewhere[:10])).empty


def test_registrations_count_and_an_enterprise_counts_once():
    ledgers = _ledgers([ROOM] * 20, "registrations")
    assert _hubs(ledgers)["firms"].tolist() == [20]
    both = _made({**ledgers.frames, **_ledgers([ROOM] * 20).frames})
    assert _hubs(both)["firms"].tolist() == [20]


def test_how_buildings_are_known_adds_up():
    buildings = {"building_id": ["A1"], "building": ["三好科贸大厦"], "address": ["和平区三好街54号"]}
    ledgers = _ledgers(
        ["和平区三好街54号2室", None, "和平区三好街60号", "新立村", None, "沈河区三好科贸大厦"],
        buildings=buildings,
        building=[None, "三好科贸大厦", None, None, None, None],
        building_id=["A1", "A1", None, None, None, None],
    )
    table = outputs.declared("address_matches", hubs.address_matches(hubs.addressed(ledgers)))
    assert dict(zip(table["how"], table["tenancies"], strict=True)) == {
        "门牌号": 1,
        "台账写明楼宇": 1,
        "只得到地点": 1,
        "地址不足以判断": 1,
        "没有楼宇，也没有地址": 1,
        "存疑": 1,
    }
    assert table["share_tenancies"].sum() == pytest.approx(1.0)
    assert address_words(table).startswith("企业台账 6 行，2 行（33.3%）知道在哪幢楼。其中 1 行是按地址")


def test_nothing_yields_declared_tables_and_a_sentence():
    nothing = _made({})
    rows = hubs.addressed(nothing)
    table, found = hubs.address_matches(rows), hubs.registration_hubs(rows, empty_frame("buildings"))
    assert outputs.declared("address_matches", table).empty
    assert outputs.declared("registration_hubs", found).empty
    assert address_words(table) == "没有企业台账，所在楼宇无从说起。"
    assert hub_words(found).startswith("没有发现注册型集聚")
    assert registration_hub_bars(found).get_suptitle().startswith("注册型集聚")


def test_the_words_name_the_hub_and_warn():
    words = hub_words(_hubs(_ledgers([ROOM] * 20)))
    assert words.startswith("有 1 处疑似注册型集聚：和平区三好街54号5层501室（20 家，占该处 100.0%）")
    assert "不能当作产业集聚" in words
    assert registration_hub_bars(_hubs(_ledgers([ROOM] * 20))).axes
