"""One address weighed against the buildings of the ledger: number, name, 座 and 街道; doubt is left open."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from louyu_lab.ledgers.aliases import alias_parts
from louyu_lab.ledgers.places.addresses import block_of, block_words
from louyu_lab.ledgers.places.folding import fold
from louyu_lab.ledgers.places.keys import LINKED, NUMBERED, PARTIAL
from louyu_lab.ledgers.places.names import BESIDE, is_telling, same_name
from louyu_lab.ledgers.places.numbers import STEMS

#: How an address was told, as ``matching.matches`` gives it.
BOTH, BY_NUMBER, BY_NAME, KEY_ONLY, DOUBTFUL, UNTOLD = (
    *("门牌号和楼名", "门牌号", "楼名或别名", "只得到地点"),
    *("存疑", "地址不足以判断"),
)

#: Confidence of a building known by its name alone, with and without a district that agrees.
_NAME_AND_DISTRICT, _NAME_ALONE = 0.9, 0.8
#: Keys surer than this may speak for a building.
_SURE = 0.5

_NUMERALS = {sign: str(value) for value, sign in enumerate("一二三四五六七八九十", 1)}
_TOWNSHIPS = ("街道", "镇", "乡")

_Ids = frozenset[str]


@dataclass(frozen=True)
class Site:
    """Where a building of the ledger stands; "" what is not known. ``street`` is the 街道."""

    key: str = ""
    area: str = ""
    block: str = ""
    street: str = ""


@dataclass(frozen=True)
class Sites:
    """The buildings by number key and by name."""

    of: Mapping[str, Site]
    at: Mapping[str, _Ids]
    named: Mapping[str, _Ids]

    @property
    def starts(self) -> dict[str, list[str]]:
        """Names by their first two signs, longest first."""
        found: dict[str, list[str]] = {}
        for name in sorted(self.named, key=lambda text: (-len(text), text)):
            found.setdefault(name[:2], []).append(name)
        return found


@dataclass(frozen=True)
class Asked:
    """An address to weigh: its text, what ``keys.place_keys`` says of it, and its block."""

    text: str | None
    key: str
    confidence: float
    basis: str
    area: str
    own_name: str
    block: str


@dataclass(frozen=True)
class Answer:
    """The building, or the ``candidates`` where it is in doubt.

    ``subject`` is the place as one asks about it, "" where the address tells more than such a place does;
    what somebody decided on the place ``wider`` holds for it too.
    """

    building_id: str | None
    confidence: float
    how: str
    candidates: str
    subject: str
    wider: str = ""


def ledger_names(buildings: pd.DataFrame) -> dict[str, _Ids]:
    """Return name or alias (as compared) -> the buildings that bear it; names any building may have are left.

    Reads ``building_id, building, alias``.
    """
    named: dict[str, set[str]] = {}
    for site in buildings.itertuples(index=False):
        texts = [site.building, *(alias_parts(site.alias) if isinstance(site.alias, str) else [])]
        for name in (same_name(fold(text)) for text in texts if isinstance(text, str)):
            if len(name) >= 3 and (is_telling(name) or not name.endswith(("楼", "中心", "广场"))):
                named.setdefault(name, set()).add(site.building_id)
    return {name: frozenset(ids) for name, ids in named.items()}


def ledger_sites(
    buildings: pd.DataFrame, parts: pd.DataFrame, keys: pd.DataFrame, named: Mapping[str, _Ids]
) -> Sites:
    """Return the buildings as ``weighed`` reads them.

    ``buildings`` with ``building_id, building, street``; ``parts`` and ``keys`` are of their addresses, row
    by row; ``named`` is of ``ledger_names``.
    """
    at: dict[str, set[str]] = {}
    of: dict[str, Site] = {}
    rows = zip(buildings.itertuples(index=False), parts["block"], keys.itertuples(index=False), strict=True)
    for site, block, place in rows:
        is_numbered = place.basis in (NUMBERED, LINKED) and place.confidence > _SURE
        of[site.building_id] = Site(
            key=place.key if is_numbered else "",
            area=place.area if isinstance(place.area, str) else "",
            block=_plain_block(block or block_of(site.building)),
            street=_township(site.street),
        )
        if is_numbered:
            at.setdefault(place.key, set()).add(site.building_id)
    return Sites(of, {key: frozenset(ids) for key, ids in at.items()}, named)


def _plain_block(block: str) -> str:
    return _NUMERALS.get(block, block)


def _township(street: object) -> str:
    """The 街道 as addresses write it."""
    text = fold(street) if isinstance(street, str) else ""
    return text if not text or text.endswith(_TOWNSHIPS) else f"{text}街道"


def unweighed(key: str, confidence: float) -> Answer:
    """Return the answer without any building: the key alone."""
    return Answer(None, confidence, KEY_ONLY if key else UNTOLD, "", key)


def weighed(asked: Asked, sites: Sites, starts: dict[str, list[str]]) -> Answer:
    """Weigh the buildings at the number against those of the name; ``starts`` is ``sites.starts``."""
    text = fold(asked.text) if asked.text else ""
    is_numbered = asked.basis in (NUMBERED, LINKED) and asked.confidence > _SURE
    here = sites.at.get(asked.key, frozenset()) if is_numbered else frozenset()
    spoken, is_whole = _spoken(text, sites, starts)
    if here and spoken and not here & spoken:
        return _doubt(asked, here | spoken, sites)
    if here and asked.basis == NUMBERED:
        return _at_number(asked, here, spoken, sites)
    if spoken:
        return _of_name(asked, text, spoken, is_whole, sites)
    # The number is known from others who give this name, and the ledger has another name there.
    return _doubt(asked, here, sites) if here else unweighed(asked.key, asked.confidence)


def _at_number(asked: Asked, here: _Ids, spoken: _Ids, sites: Sites) -> Answer:
    """The building at the number as written, which one of the ledger's names agrees with or none is heard."""
    left = _of_block(here & spoken or here, asked.block, sites)
    # Another building's name at the same number: one number may hold several buildings.
    if len(left) != 1 or (asked.own_name and not spoken):
        return _doubt(asked, left or here, sites)
    told = (1.0, BOTH) if spoken else (asked.confidence, BY_NUMBER)
    return Answer(min(left), *told, "", asked.key if len(here | spoken) == 1 else "")


def _of_name(asked: Asked, text: str, spoken: _Ids, is_whole: bool, sites: Sites) -> Answer:
    """The building of a name heard without a number that the ledger has."""
    left = _of_block(spoken, asked.block, sites)
    if len(left) > 1:
        left = _agreeing(left, asked.area, lambda found: sites.of[found].area)
    if len(left) > 1:
        left = _in_township(left, text, sites)
    only = min(left or spoken)
    elsewhere = asked.basis == NUMBERED and sites.of[only].key != ""
    area = sites.of[only].area
    abroad = bool(asked.area and area and asked.area != area)
    if len(left) != 1 or elsewhere or abroad or not is_whole:
        return _doubt(asked, left or spoken, sites)
    sureness = _NAME_AND_DISTRICT if asked.area and asked.area == area else _NAME_ALONE
    told_by_more = len(spoken) > 1 or sites.of[only].block != ""
    return Answer(only, sureness, BY_NAME, "", "" if told_by_more else asked.key)


def _of_block(ids: _Ids, block: str, sites: Sites) -> _Ids:
    """Those of the block written; none where the ledger has others there, all where it has none."""
    if not block:
        return ids
    plain = _plain_block(block)
    same = frozenset(found for found in ids if sites.of[found].block == plain)
    others = [found for found in ids if _kind(sites.of[found].block) == _kind(plain)]
    return same or (frozenset() if others else ids)


def _kind(block: str) -> str:
    """What a block is told apart from: 甲 from 乙, A from B, 1 from 2."""
    if not block or block[0] in STEMS:
        return "stem" if block else ""
    return "digit" if block[0].isdigit() else "letter"


def _agreeing(ids: _Ids, written: str, told: Callable[[str], str]) -> _Ids:
    """Those of which the ledger says what is written, or nothing; all where it says so of none."""
    if not any(written and told(found) == written for found in ids):
        return ids
    return frozenset(found for found in ids if told(found) in (written, ""))


def _in_township(ids: _Ids, text: str, sites: Sites) -> _Ids:
    named = {sites.of[found].street for found in ids if sites.of[found].street} | {""}
    written = max((street for street in named if street in text), key=len)
    return _agreeing(ids, written, lambda found: sites.of[found].street)


def _doubt(asked: Asked, ids: _Ids, sites: Sites) -> Answer:
    """The answer where ``ids`` may all be meant."""
    name = "" if asked.own_name in asked.key else asked.own_name
    # Two towers of one number are two questions; a tower of one building is none of its own.
    has_blocks = len(ids) > 1 or any(sites.of[found].block for found in ids)
    block = block_words(asked.block) if has_blocks else ""
    block = "" if asked.key.endswith(block) else block
    sureness = min(asked.confidence, PARTIAL)
    subject = asked.key + name + block
    return Answer(None, sureness, DOUBTFUL, "、".join(sorted(ids)), subject, "" if block else asked.key)


def _spoken(text: str, sites: Sites, starts: dict[str, list[str]]) -> tuple[_Ids, bool]:
    """The buildings of the longest ledger name within an address, and whether it is a whole name there."""
    best, is_whole = "", True
    for place in range(len(text) - 2):
        for name in starts.get(text[place : place + 2], ()):
            if len(name) > len(best) and text.startswith(name, place):
                if BESIDE.match(text[place + len(name) :]):
                    continue
                best, is_whole = name, _begins_here(text, place)
                break
    return sites.named.get(best, frozenset()), is_whole


def _begins_here(text: str, place: int) -> bool:
    """Whether a name may begin there: 新华润大厦 is not 华润大厦."""
    before = text[:place]
    return (
        not before
        or not ("一" <= before[-1] <= "龥")
        or before[-1] in "号区市县旗街路道巷镇乡村里弄层楼院"
        or (len(before) >= 2 and same_name(before[-2:] + "某某大厦") == "某某大厦")
    )
