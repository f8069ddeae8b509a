"""Which building of the ledger an address is in: by its number, its name, its aliases; doubt is left open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from louyu_lab.ledgers.places.addresses import PARTS, parsed
from louyu_lab.ledgers.places.directory import alias_parts
from louyu_lab.ledgers.places.folding import fold
from louyu_lab.ledgers.places.keys import LINKED, NUMBERED, PARTIAL, home_city, place_keys
from louyu_lab.ledgers.places.names import BESIDE, is_telling, same_name

#: How an address was told, as ``matches`` gives it.
BOTH, BY_NUMBER, BY_NAME, KEY_ONLY, DOUBTFUL, UNTOLD = (
    *("门牌号和楼名", "门牌号", "楼名或别名", "只得到地点"),
    *("存疑", "地址不足以判断"),
)

#: Confidence of a building known by its name alone, with and without a district that agrees.
_NAME_AND_DISTRICT, _NAME_ALONE = 0.9, 0.8
#: Keys surer than this may speak for a building.
_SURE = 0.5


def match(addresses: object, buildings: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return ``key, building_id, confidence`` of each address, index as given.

    ``addresses`` is a Series or any list of texts; empty ones may be None, NaN or "". ``key`` is the place
    in one spelling, as district, street and number (和平区三好街90甲5号) or district and building
    (和平区华润大厦); see ``numbers`` for what one number is and ``keys`` for what addresses tell of one
    another. It is missing where nothing can be told. ``buildings`` has the building ledger's columns, of
    which ``building_id, building, alias, address`` are used; ``building_id`` is missing where no building, or
    no single one, fits.
    ``confidence`` (0–1) is that of the building where one is given (1 number and name agree, 0.9 or 0.8
    the name alone, otherwise the key's), else that of the key (``keys.place_keys``); 0.5 at most where a
    building is in doubt, 0 without a key.
    """
    found = matches(addresses, buildings)
    return found[["key", "building_id", "confidence"]]


def matches(addresses: object, buildings: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return what ``match`` does and ``how, candidates, subject``, and the parts of ``addresses.parsed``.

    ``how`` is one of the constants above. Where it is DOUBTFUL, ``candidates`` are the buildings' numbers
    with 、 between them and ``subject`` the place to ask about: the key, with the other name it bears.
    """
    listed = addresses if isinstance(addresses, pd.Series) else pd.Series(_list(addresses), dtype="object")
    texts = [text if isinstance(text, str) else None for text in listed]
    known = _no_buildings() if buildings is None else buildings
    sites = known.reindex(columns=["building_id", "building", "alias", "address"]).dropna(
        subset="building_id"
    )
    sited = [text if isinstance(text, str) else None for text in sites["address"]]
    parts = parsed([*texts, *sited])
    home = home_city(parts.iloc[len(texts) :]) or home_city(parts.iloc[: len(texts)])
    keys = place_keys(parts, home)
    ledger = _ledger(sites, keys.iloc[len(texts) :])
    told = _told(texts, parts.iloc[: len(texts)], keys.iloc[: len(texts)], ledger)
    return pd.concat([told, parts.iloc[: len(texts)][list(PARTS)]], axis=1).set_axis(listed.index)


def _list(addresses: object) -> list[object]:
    if addresses is None or isinstance(addresses, str) or not isinstance(addresses, Iterable):
        return [addresses]
    return list(addresses)


def _no_buildings() -> pd.DataFrame:
    return pd.DataFrame({"building_id": pd.Series(dtype="str")})


@dataclass(frozen=True)
class _Ledger:
    """The buildings by number key and by name; ``areas`` and ``numbers`` of each building, "" unknown."""

    at: dict[str, frozenset[str]]
    named: dict[str, frozenset[str]]
    areas: dict[str, str]
    numbers: dict[str, str]

    @property
    def starts(self) -> dict[str, list[str]]:
        """Names by their first two signs, longest first."""
        found: dict[str, list[str]] = {}
        for name in sorted(self.named, key=lambda text: (-len(text), text)):
            found.setdefault(name[:2], []).append(name)
        return found


def _ledger(sites: pd.DataFrame, keys: pd.DataFrame) -> _Ledger:
    at: dict[str, set[str]] = {}
    named: dict[str, set[str]] = {}
    areas: dict[str, str] = {}
    numbers: dict[str, str] = {}
    rows = zip(sites.itertuples(index=False), keys.itertuples(index=False), strict=True)
    for site, place in rows:
        is_numbered = place.basis in (NUMBERED, LINKED) and place.confidence > _SURE
        areas[site.building_id] = place.area if isinstance(place.area, str) else ""
        numbers[site.building_id] = place.key if is_numbered else ""
        if is_numbered:
            at.setdefault(place.key, set()).add(site.building_id)
        texts = [site.building, *(alias_parts(site.alias) if isinstance(site.alias, str) else [])]
        for name in (same_name(fold(text)) for text in texts if isinstance(text, str)):
            if len(name) >= 3 and (is_telling(name) or not name.endswith(("楼", "中心", "广场"))):
                named.setdefault(name, set()).add(site.building_id)
    return _Ledger(_frozen(at), _frozen(named), areas, numbers)


def _frozen(table: dict[str, set[str]]) -> dict[str, frozenset[str]]:
    return {name: frozenset(ids) for name, ids in table.items()}


_Answer = tuple[str | None, float, str, str, str]


def _told(texts: list[str | None], parts: pd.DataFrame, keys: pd.DataFrame, ledger: _Ledger) -> pd.DataFrame:
    key = [text if isinstance(text, str) else "" for text in keys["key"]]
    rows = zip(texts, key, keys["confidence"], keys["basis"], keys["area"], keys["known_name"], strict=True)
    made: dict[tuple[object, ...], _Answer] = {}
    starts, answers = ledger.starts, []
    for row in rows:
        if row not in made:
            made[row] = _answer(row, ledger, starts) if ledger.areas else _without_ledger(row[1], row[2])
        answers.append(made[row])
    columns = ["building_id", "confidence", "how", "candidates", "subject"]
    told = pd.DataFrame(answers, columns=columns, index=keys.index)
    kinds = dict.fromkeys(("building_id", "how", "candidates", "subject"), "str") | {"confidence": "float64"}
    return told.astype(kinds).assign(key=keys["key"])


def _without_ledger(key: str, confidence: float) -> _Answer:
    return None, confidence, KEY_ONLY if key else UNTOLD, "", key


def _answer(row: tuple, ledger: _Ledger, starts: dict[str, list[str]]) -> _Answer:
    """Weigh the buildings at the number against those of the name."""
    text, key, confidence, basis, area, own_name = row
    is_numbered = basis in (NUMBERED, LINKED) and confidence > _SURE
    here = ledger.at.get(key, frozenset()) if is_numbered else frozenset()
    spoken, is_whole = _spoken(fold(text), ledger, starts) if text else (frozenset(), True)
    both = here & spoken
    if len(both) == 1:
        return min(both), 1.0, BOTH, "", key
    doubtful = _Doubt(key, own_name, confidence)
    if both or (here and spoken):
        return doubtful.of(here | spoken)
    if here:
        # Another building's name at the same number: one number may hold several buildings.
        other = basis == NUMBERED and own_name
        return (
            (min(here), confidence, BY_NUMBER, "", key) if len(here) == 1 and not other else doubtful.of(here)
        )
    if not spoken:
        return _without_ledger(key, confidence)
    only = min(spoken)
    elsewhere = basis == NUMBERED and ledger.numbers[only] != ""
    abroad = bool(area and ledger.areas[only] and area != ledger.areas[only])
    if len(spoken) > 1 or elsewhere or abroad or not is_whole:
        return doubtful.of(spoken)
    return only, _NAME_AND_DISTRICT if area and area == ledger.areas[only] else _NAME_ALONE, BY_NAME, "", key


@dataclass(frozen=True)
class _Doubt:
    key: str
    own_name: str
    confidence: float

    def of(self, ids: frozenset[str]) -> _Answer:
        """The answer where ``ids`` may all be meant."""
        name = "" if self.own_name in self.key else self.own_name
        return None, min(self.confidence, PARTIAL), DOUBTFUL, "、".join(sorted(ids)), self.key + name


def _spoken(text: str, ledger: _Ledger, starts: dict[str, list[str]]) -> tuple[frozenset[str], bool]:
    """The buildings of the longest ledger name within an address, and whether it is a whole name there."""
    best, is_whole = "", True
    for place in range(len(text) - 2):
        for name in starts.get(text[place : place + 2], ()):
            if len(name) > len(best) and text.startswith(name, place):
                if BESIDE.match(text[place + len(name) :]):
                    continue
                best, is_whole = name, _begins_here(text, place)
                break
    return ledger.named.get(best, frozenset()), is_whole


def _begins_here(text: str, place: int) -> bool:
    """Whether a name may begin there: 新华润大厦 is not 华润大厦."""
    before = text[:place]
    return (
        not before
        or not ("一" <= before[-1] <= "龥")
        or before[-1] in "号区市县旗街路道巷镇乡村里弄层楼院"
        or (len(before) >= 2 and same_name(before[-2:] + "某某大厦") == "某某大厦")
    )
