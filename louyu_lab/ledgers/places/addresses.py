"""The parts of one address: city, district, street, number, building, block, floor, room."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields, replace

import pandas as pd

from louyu_lab.ledgers.places.divisions import located
from louyu_lab.ledgers.places.folding import fold
from louyu_lab.ledgers.places.names import building_name
from louyu_lab.ledgers.places.numbers import STEMS, first_house, with_digits

_NUMERAL = "一二三四五六七八九十"
_BLOCK = re.compile(
    rf"(?P<block>[A-Z]\d?|\d++(?:-\d++)?|[{_NUMERAL}]{{1,3}}|[东西南北主裙])(?:座|栋|幢|号楼|#楼|塔楼?|馆|配楼|楼座)"
)
#: 54号甲 and 54号乙 are two houses of one number.
_ANNEX = re.compile(rf"^-?(?P<block>[{STEMS}])(?!级)")
_FLOOR = re.compile(rf"(?:第)?(?P<floor>B?-?\d++(?:-\d++)?|[{_NUMERAL}负]{{1,3}})(?:层|楼(?!宇)|F(?![A-Z]))")
_ROOM = re.compile(
    r"(?P<room>(?:[A-Z]{0,2}-?)?\d++[A-Z]?(?:-[A-Z]?\d++[A-Z]?)*)(?:号?(?:室|房间|房|号房|单元|工位|卡位|号铺|铺位|档口))"
)
_DOOR = re.compile(r"(?P<room>[东西南北]?\d++)号?门")
#: A room that is only a number: 374号3017, 9号2-1113, (5-7-1), 附3号.
_BARE = re.compile(r"(?:^[(,\-]?|[(,)楼层座栋]|附)(?P<room>[A-Z]?\d++[A-Z]?(?:-\d++[A-Z]?)*)(?=$|[),号#])")


@dataclass(frozen=True)
class Address:
    """One address in parts, each "" where it is not written.

    ``district`` may be an economic zone where no district is named; ``implied_city`` is the city written or
    the only one with this district; ``street`` may be a village; ``number`` ends in 号;
    ``name`` is the building's. ``block`` 座, ``floor`` 层 and ``room`` are as written, without the unit;
    where no 座 is written, ``block`` is the 甲 or 乙 behind the number.
    ``is_street`` is false for numbers of villages and the like, ``is_plain`` true where 号 was written.
    """

    city: str = ""
    implied_city: str = ""
    district: str = ""
    street: str = ""
    number: str = ""
    name: str = ""
    block: str = ""
    floor: str = ""
    room: str = ""
    is_street: bool = False
    is_plain: bool = False


PARTS = tuple(part.name for part in fields(Address))


def parse(text: str | None) -> Address:
    """Return the parts of an address; all "" for one that is empty or missing."""
    if not isinstance(text, str) or not text.strip():
        return Address()
    place = located(fold(text))
    rest = with_digits(place.rest)
    house = first_house(rest)
    if house and not place.district:
        # 国际汽车城29栋(于洪区玉龙山路18号): the district stands before the street only.
        inner = located(house.street)
        place = replace(
            inner, city=inner.city or place.city, implied_city=inner.implied_city or place.implied_city
        )
        house = replace(house, street=inner.rest) if inner.rest else house
    tail = rest[house.end :] if house else rest
    found = building_name(tail)
    if house and not found and house.start:
        # 华润大厦(青年大街286号): the name before the street.
        found, inside = building_name(rest[: house.start]), tail
    else:
        inside = f"{tail[: found[1]]},{tail[found[2] :]}" if found else tail
    if house is None and found is None:
        inside = ""
    block, floor, room = _inside(inside)
    annex = _ANNEX.match(rest[house.end :]) if house else None
    if annex and not block:
        block = annex["block"]
    return Address(
        city=place.city,
        implied_city=place.implied_city,
        district=place.district,
        street=house.street if house else "",
        number=house.number if house else "",
        name=found[0] if found else "",
        block=block,
        floor=floor,
        room=room,
        is_street=bool(house and house.is_street),
        is_plain=bool(house and house.is_plain),
    )


def _inside(text: str) -> tuple[str, str, str]:
    """Block, floor and room in what stands behind number and name."""
    block = _BLOCK.search(text)
    if block:
        text = text[: block.start()] + "," + text[block.end() :]
    room = _ROOM.search(text) or _DOOR.search(text)
    outside = text[: room.start()] + "," + text[room.end() :] if room else text
    floor = _FLOOR.search(outside)
    if room is None:
        room = _BARE.search(text[floor.end() :] if floor else text)
    return (
        block["block"] if block else "",
        floor["floor"] if floor else "",
        room["room"].strip("-") if room else "",
    )


def block_of(name: object) -> str:
    """Return the block in a building's name as ``Address.block`` has it: A of 信泰中心A座; "" without one."""
    found = _BLOCK.search(fold(name)) if isinstance(name, str) else None
    return found["block"] if found else ""


def block_words(block: str) -> str:
    """Return a block as one says it: A座, 3号楼, 甲; "" for none."""
    if not block or block[0] in STEMS:
        return block
    return f"{block}号楼" if block[0].isdigit() else f"{block}座"


def parsed(addresses: Iterable[object]) -> pd.DataFrame:
    """Return the parts of many addresses: columns ``PARTS`` (texts "" where missing), index 0…n−1.

    Each distinct text is read once.
    """
    codes, distinct = pd.factorize(pd.Series(list(addresses), dtype="object"))
    rows = [astuple(parse(text)) for text in distinct] + [astuple(Address())]
    table = pd.DataFrame(rows, columns=list(PARTS))
    return table.take([code if code >= 0 else len(distinct) for code in codes]).reset_index(drop=True)
