"""Where planted buildings stand: invented areas, streets and zones, as many as the district needs."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.ledgers.demo.addresses import street_addresses

CITY, DISTRICT = "沧浦", "屿川区"

_FIRST = "澜泊鹤栖朗衡邃煦曜霁岚珩砚屿漱筠沅翊"
_SECOND = "川远汀序岳野舟澄珀屏麓浦榭畴淙峤"
_FURTHER = _SECOND + _FIRST
_AREA_KINDS = ("里", "湾", "坊", "桥", "门", "滩")

#: Buildings of an area, areas of a street, areas of a zone.
_AREA_BUILDINGS, _STREET_AREAS, _ZONE_AREAS = 11, 2, 3

#: A corner of the open sea, and the grid on which areas lie (degrees).
_LON, _LAT, _GRID, _SPREAD, _WIDE = 124.2, 29.2, 0.02, 0.003, 40


def make_places(buildings: int, first_building: int, district: str, rng: np.random.Generator) -> pd.DataFrame:
    """Return ``area, street, zone, road, address, lon, lat`` for each of the buildings.

    ``first_building`` is the number of the first one in the whole district: areas, streets and zones of
    different calls differ.
    """
    areas = max(2, round(buildings / _AREA_BUILDINGS))
    within = np.sort(np.r_[np.arange(min(areas, buildings)), rng.integers(0, areas, buildings - areas)])
    # A part has at least six buildings and fewer areas than half as many: no number comes twice.
    first = first_building // 2
    number, street, zone = first + within, first + within // _STREET_AREAS, first + within // _ZONE_AREAS
    frame = pd.DataFrame(
        {
            "area": [_name(n) + _AREA_KINDS[n % len(_AREA_KINDS)] for n in number],
            "street": [_name(n + 7) + "街道" for n in street],
            "zone": [_name(n + 11) + "片区" for n in zone],
        }
    )
    frame["road"] = [_name(n + 3) + "路" for n in number]
    frame["address"] = street_addresses(district, frame["road"], rng)
    frame["lon"] = (_LON + number % _WIDE * _GRID + _SPREAD * rng.standard_normal(buildings)).round(5)
    frame["lat"] = (_LAT + number // _WIDE * _GRID + _SPREAD * rng.standard_normal(buildings)).round(5)
    return frame


def _name(number: int) -> str:
    """Return a two-sign name, a third sign once the pairs are used up."""
    pairs = len(_FIRST) * len(_SECOND)
    number = int(number)
    # A stride prime to the number of pairs visits each once and keeps neighbours unlike.
    chosen = number * 71 % pairs
    name = _FIRST[chosen % len(_FIRST)] + _SECOND[chosen // len(_FIRST)]
    return name + (_FURTHER[number // pairs % len(_FURTHER)] if number >= pairs else "")
