"""The city and the district an address begins with, and what is left when they are taken away."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from louyu_lab.ledgers.packaged import packaged_yaml

#: What a city is called without its suffix; longer ones first.
_CITY_SUFFIX = re.compile(r"(市|地区|盟|([一-龥]{1,3}族)*[一-龥]{0,3}自治州|林区)$")
_PROVINCE_SUFFIX = re.compile(r"(省|市|(壮族|回族|维吾尔)?自治区|特别行政区)$")

#: What makes the 市 before it begin a word instead of ending a city's name: 沈阳市府大路.
_OF_THE_CITY = ("府大", "府路", "府广", "府前", "府后", "场")

#: A district, county, banner or county-level city that no list knows, such as one since renamed.
_DISTRICT = re.compile(r"[^\W\d路街道巷号村区县市旗a-zA-Z]{2,4}(?:新区|区|县|旗|市(?!场))")
_NO_DISTRICT = re.compile(
    r"(小|社|园|校|厂|库|街|景|片|工业|生活|住宅|家属|营|院|别墅|商业|商务|开发|高新|产业|保税|合作|试验|示范|度假|管理)区$"
)

#: An economic zone, a park or the like; it stands for the district where none is named.
_ZONE = re.compile(
    r"[^\W\d路街巷号(),a-zA-Z]{0,12}?(?:开发区|高新区|产业区|工业园区|科技园区|产业园区|工业区|保税区|"
    r"试验区|合作区|示范区|风景区|度假区|商务区|管理区|管委会)(?:[东南西北中]区)?"
)

#: 街道, 镇 or 乡: names the street office, not the street. 镇江路, 新乡街 are no such thing.
_TOWNSHIP = re.compile(
    r"[^\W\d路巷号(),a-zA-Z]{1,6}?(?:街道办事处|街道办|地区办事处|办事处|街道|(?:镇|乡|苏木)(?![江海安宁]?[东西南北中]?[一二三四五六七八九十]?(?:大街|大道|路|街|道)))"
)

#: A house number, not 3号路.
_HOUSE = re.compile(r"\d[\d-]*号(?![路街])")

#: Free-trade zones write their province in the middle: 中国(上海)自由贸易试验区.
_FREE_TRADE = re.compile(
    r"^(?:中国)?\(([一-龥]{2,3})\)(自由贸易试验区|自贸试验区|自贸区)(?:[一-龥]{2,4}片区)?"
)


@dataclass(frozen=True)
class Located:
    """What an address begins with: ``city``, ``district`` (or zone), and the ``rest`` without township.

    City and district are "" where they are not written. ``implied_city`` is the city written, or else the
    only one that has a district of this name.
    """

    city: str
    district: str
    rest: str
    implied_city: str


@dataclass(frozen=True)
class Divisions:
    """Names of provinces, cities and districts: stem or full name -> full name, as wanted for look-up.

    ``cities`` maps both 沈阳 and 沈阳市 to 沈阳市; ``districts`` maps a city to its districts;
    ``cities_of`` a district to the cities that have one of this name.
    """

    provinces: dict[str, str]
    cities: dict[str, str]
    districts: dict[str, frozenset[str]]
    cities_of: dict[str, tuple[str, ...]]


@cache
def divisions() -> Divisions:
    """Return the divisions of ``divisions.yaml``."""
    tree: dict[str, dict[str, str]] = packaged_yaml(__package__, "divisions.yaml")
    provinces = {
        name: province for province in tree for name in (province, _stem(province, _PROVINCE_SUFFIX))
    }
    districts = {city: frozenset(names.split()) for held in tree.values() for city, names in held.items()}
    cities = {
        name: city for city in districts for name in (city, _stem(city, _CITY_SUFFIX)) if "（" not in city
    }
    owners: dict[str, list[str]] = {}
    for city, names in districts.items():
        for name in names:
            owners.setdefault(name, []).append(city)
    return Divisions(provinces, cities, districts, {name: tuple(sorted(of)) for name, of in owners.items()})


def _stem(name: str, suffix: re.Pattern[str]) -> str:
    stem = suffix.sub("", name)
    return stem if len(stem) >= 2 else name


def stem_of_city(city: str) -> str:
    """Return a city's name without 市, 地区 and the like: 沈阳市 -> 沈阳."""
    return _stem(city, _CITY_SUFFIX)


def located(text: str) -> Located:
    """Split a folded address (see ``folding.fold``) into city, district and the rest."""
    free_trade = _FREE_TRADE.match(text)
    if free_trade:
        named = divisions().cities.get(free_trade[1], "")
        city, district, rest = _city_and_district(text[free_trade.end() :])
        return _placed(city or named, district or free_trade[2], _without_zones(rest))
    city, district, rest = _city_and_district(_without_province(text.removeprefix("中国")))
    zone = ""
    if match := _ZONE.match(rest):
        zone, rest = _own_name(match[0], city), rest[match.end() :]
        is_numbered = bool(_HOUSE.match(rest))
        if not district and not is_numbered:
            inner = _known_district(rest, city)
            district, rest = (inner, rest[len(inner) :]) if inner else (zone, rest)
        elif is_numbered:
            # 浑南工业区54号: the zone itself is numbered.
            rest = zone + rest
    return _placed(city, district, _without_zones(rest) if district else rest)


def _placed(city: str, district: str, rest: str) -> Located:
    owners = divisions().cities_of.get(district, ())
    implied = city or (owners[0] if len(owners) == 1 else "")
    return Located(city, district, _without_township(rest), implied)


def _without_province(text: str) -> str:
    known = divisions()
    for length in range(min(8, len(text)), 1, -1):
        province = known.provinces.get(text[:length])
        if province is None or province in known.cities:
            continue
        rest = text[length:]
        # 辽宁路5号 is a street; 吉林市 a city: without its suffix a province needs a city behind it.
        return rest if text[:length] == province or _city_at(rest) else text
    return text


def _city_and_district(text: str) -> tuple[str, str, str]:
    """Take the city and the district from the front; a city said twice counts once."""
    city = ""
    while (found := _city_at(text)) and (not city or city == found[0]):
        city, text = found[0], text[found[1] :]
    for filler in ("市辖区", "市区", "城区"):
        text = text.removeprefix(filler) if text not in divisions().cities_of else text
    district = _known_district(text, city)
    if district:
        rest = text[len(district) :].removeprefix(district)
        return city, district, rest.removeprefix("城区") if district.endswith(("市", "县")) else rest
    old = _formerly(text, city)
    if old:
        return city, old[0], text[old[1] :]
    other = _DISTRICT.match(text)
    if other and not _NO_DISTRICT.search(other[0]) and not _ZONE.match(text, 0, other.end()):
        return city, other[0], text[other.end() :]
    return city, "", text


def _city_at(text: str) -> tuple[str, int] | None:
    """The city that ``text`` begins with and the signs it takes; bare 沈阳 needs a district behind it."""
    cities = divisions().cities
    for length in range(min(11, len(text)), 1, -1):
        name, rest = text[:length], text[length:]
        city = cities.get(name)
        if city is None:
            continue
        if name == city:
            # 济南市中区 and 沈阳市府大路: the 市 belongs to what follows.
            shared = name[-1] == "市" and (
                rest.startswith(_OF_THE_CITY) or _known_district("市" + rest, city)
            )
            return city, length - 1 if shared else length
        again = rest.startswith((name, city))
        if again or _known_district(rest, city) or _formerly(rest, city) or _is_area(rest):
            return city, length
    return None


def _is_area(text: str) -> bool:
    """Whether a text begins with a district or a zone that no list knows."""
    other = _DISTRICT.match(text)
    return bool(other and not _NO_DISTRICT.search(other[0])) or bool(_ZONE.match(text))


def _known_district(text: str, city: str) -> str:
    """The listed district that ``text`` begins with, of ``city`` where that is known; "" where none."""
    known = divisions()
    own = known.districts.get(city)
    for length in range(min(11, len(text)), 1, -1):
        name = text[:length]
        if (
            name in known.cities_of
            and (not own or name in own)
            and not (name[-1] == "市" and text[length : length + 1] == "场")
        ):
            return name
    return ""


def _formerly(text: str, city: str) -> tuple[str, int] | None:
    """浑南新区 and 浑南县 where 浑南区 is listed: the listed name, and the signs the old one takes."""
    match = re.match(r"([^\W\d路街道巷号]{2,4}?)(?:新区|县|市(?!场))", text)
    if match and (name := _known_district(match[1] + "区", city)) == match[1] + "区":
        return name, match.end()
    return None


def _own_name(zone: str, city: str) -> str:
    """A zone's name without the city before it: 沈阳经济技术开发区 is 经济技术开发区 within 沈阳."""
    for length in range(min(6, len(zone) - 3), 1, -1):
        if divisions().cities.get(zone[:length]) in ({city} if city else set(divisions().districts)):
            return zone[length:]
    return zone


def _without_zones(rest: str) -> str:
    while match := _ZONE.match(rest):
        if _HOUSE.match(rest, match.end()) or match.end() == len(rest):
            break
        rest = rest[match.end() :]
    return rest


def _without_township(rest: str) -> str:
    match = _TOWNSHIP.match(rest)
    return rest[match.end() :] if match and match.end() < len(rest) else rest
