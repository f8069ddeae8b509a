"""The parts of an address: what is the number, what is inside it, what is the name."""

from __future__ import annotations

import pytest

from louyu_lab.ledgers.places.addresses import parse, parsed
from louyu_lab.ledgers.places.divisions import located
from louyu_lab.ledgers.places.folding import fold


@pytest.mark.parametrize(
    ("text", "city", "district", "rest"),
    [
        ("辽宁省沈阳市和平区三好街54号", "沈阳市", "和平区", "三好街54号"),
        ("沈阳和平区三好街54号", "沈阳市", "和平区", "三好街54号"),
        ("沈阳市沈阳市和平区三好街54号", "沈阳市", "和平区", "三好街54号"),
        ("和平南大街39号", "", "", "和平南大街39号"),
        ("沈阳市市府大路262号", "沈阳市", "", "市府大路262号"),
        ("沈河区市府大路262号", "", "沈河区", "市府大路262号"),
        ("济南市市中区经七路28号", "济南市", "市中区", "经七路28号"),
        ("辽宁省沈阳新民市东环街5号", "沈阳市", "新民市", "东环街5号"),
        ("沈阳市浑南新区金卡路16号", "沈阳市", "浑南区", "金卡路16号"),
        ("上海市浦东新区陆家嘴环路1000号", "上海市", "浦东新区", "陆家嘴环路1000号"),
        ("沈阳市东陵区文溯街16号", "沈阳市", "东陵区", "文溯街16号"),
        ("沈阳市经济技术开发区沈辽路202号", "沈阳市", "经济技术开发区", "沈辽路202号"),
        ("沈阳经济技术开发区沈辽路202号", "沈阳市", "经济技术开发区", "沈辽路202号"),
        ("深圳市福田区福田街道深南大道7888号", "深圳市", "福田区", "深南大道7888号"),
        ("吉林省吉林市船营区北京路5号", "吉林市", "船营区", "北京路5号"),
        ("辽宁路5号", "", "", "辽宁路5号"),
        ("阳光小区5号楼", "", "", "阳光小区5号楼"),
    ],
)
def test_city_and_district_are_taken_from_the_front(text, city, district, rest):
    found = located(fold(text))
    assert (found.city, found.district, found.rest) == (city, district, rest)


@pytest.mark.parametrize(
    ("text", "street", "number"),
    [
        ("和平区三好街54号2门", "三好街", "54号"),
        ("和平区三好街54-1号", "三好街", "54-1号"),
        ("和平区三好街54甲号", "三好街", "54甲号"),
        ("和平区三好街54号甲", "三好街", "54号"),
        ("和平区三好街90甲-5号", "三好街", "90甲5号"),
        ("和平区三好街90甲5百脑汇", "三好街", "90甲5号"),
        ("和平区三好街９０甲５号", "三好街", "90甲5号"),
        ("和平区三好街54-1203", "三好街", "54号"),
        ("和平区三好街54号-1203", "三好街", "54号"),
        ("铁西区北一西路52甲309房间", "北一西路", "52甲号"),
        ("朝阳区建国路甲88号", "建国路", "甲88号"),
        ("朝阳区东三环中路1号院3号楼", "东三环中路", "1号"),
        ("虹口区虹桥路1438弄1号", "虹桥路1438弄", "1号"),
        ("天河区天河路228号之一", "天河路", "228-1号"),
        ("武侯区人民南路四段27号附3号", "人民南路四段", "27号"),
        ("皇姑区长江街八十八号一门", "长江街", "88号"),
        ("经济技术开发区8号路8甲1号", "八号路", "8甲1号"),
        ("经济技术开发区二十四号路31号", "二十四号路", "31号"),
        ("沈河区高官台街54巷5号", "高官台街54巷", "5号"),
        ("于洪区沈大路珍珠巷5-49号", "珍珠巷", "5-49号"),
        ("浑南区上深沟村863-7号501", "上深沟村", "863-7号"),
        ("和平区文化路19 508室", "文化路", "19号"),
        ("和平区三好街3楼", "", ""),
        ("新民市工人街农机市场16号楼", "", ""),
        ("和平区72-8号", "", ""),
    ],
)
def test_a_number_ends_at_its_sign(text, street, number):
    found = parse(text)
    assert (found.street, found.number) == (street, number)


@pytest.mark.parametrize(
    ("text", "name", "block", "floor", "room"),
    [
        ("和平区三好街18号(中润国际大厦A座11-5室)", "中润国际大厦", "A", "", "11-5"),
        ("沈河区青年大街209-2号夏宫城市广场写字楼14层03单元", "夏宫城市广场写字楼", "", "14", "03"),
        ("和平区南京北街266号海润国际A座1609室", "海润国际", "A", "", "1609"),
        ("沈河区中街路恒隆广场3号楼1610室", "恒隆广场", "3", "", "1610"),
        ("大明湖街物资大厦202号", "物资大厦", "", "", "202"),
        ("和平区青年大街374号3017", "", "", "", "3017"),
        ("和平区三好街90号办公楼5层", "", "", "5", ""),
        ("和平区三好街54号2门", "", "", "", "2"),
        ("和平区华润大厦对面", "", "", "", ""),
    ],
)
def test_name_block_floor_and_room(text, name, block, floor, room):
    found = parse(text)
    assert (found.name, found.block, found.floor, found.room) == (name, block, floor, room)


def test_what_is_no_address_has_no_parts():
    table = parsed([None, float("nan"), "", "  ", "电话", "Youth Street 286, Shenyang", 5])
    assert (table[["district", "street", "number", "name", "room"]] == "").all().all()


def test_each_text_is_read_in_its_place():
    table = parsed(["和平区三好街54号", None, "沈河区北站路77-1号", "和平区三好街54号"])
    assert table["number"].tolist() == ["54号", "", "77-1号", "54号"]
    assert parsed([]).empty
