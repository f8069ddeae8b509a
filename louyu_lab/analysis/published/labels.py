"""The texts a column of a study table can hold at all: places, buildings, bands, categories.

A condition that asks for another one is misspelt, whatever its rows count; a text that can stand there
and does not in a year is a true 0.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from louyu_lab.analysis.bands import NO_DATA
from louyu_lab.analysis.concentration import ALL, INSIDE, OUTSIDE
from louyu_lab.analysis.growth import PARTS
from louyu_lab.analysis.industry.sections import industry_map_of
from louyu_lab.analysis.outputs import TABLES
from louyu_lab.analysis.printing import LEVELS_ZH
from louyu_lab.analysis.published.rows import RowTest, folded
from louyu_lab.analysis.stock import OCCUPANCY_BANDS, SIZE_BANDS, UNPLACED
from louyu_lab.analysis.tiers import ENTERED, LEFT, TIERS
from louyu_lab.analysis.yields import CLASSES
from louyu_lab.ledgers.model import Ledgers
from louyu_lab.ledgers.texts import nearest

_TIERS = (*TIERS.labels, NO_DATA, ENTERED, LEFT)

#: Table and column -> labels of the bands.
_BANDS = {
    "size_bands": (*SIZE_BANDS.labels, NO_DATA),
    "occupancy_bands": (*OCCUPANCY_BANDS.labels, NO_DATA),
    "tax_bands": (*TIERS.labels, NO_DATA),
}

#: Table -> its levels.
_LEVELS = {
    "places": ("zone", "street", "area"),
    "tax_concentration": ("district", "building"),
    **dict.fromkeys(("rollup", "industry_mix", "growth_parts", "moves"), ("district", "street", "building")),
}

#: Column -> what it can hold besides what the ledgers hold.
_CATEGORIES: dict[str, Sequence[str]] = {
    **dict.fromkeys(("tier", "previous_tier", "from_tier", "to_tier"), _TIERS),
    **{"group": (INSIDE, OUTSIDE, ALL), "part": PARTS, "class": CLASSES},
    **{place: (name,) for place, name in UNPLACED.items()},
    **{"space_type": ("未填类型",), "idle_cause": ("未填原因",)},
}
_INDUSTRIES = ("industry", "dominant_industry", "dominant_industry_area", "dominant_industry_tax")

#: Column -> the ledgers whose column of this name it is filled from.
_SOURCES = {
    **{"building": ("buildings",), "building_id": ("buildings", "idle"), "grade": ("buildings",)},
    **{"zone": ("buildings",), "street": ("buildings", "idle", "pipeline"), "area": ("buildings", "idle")},
    **dict.fromkeys(("space_type", "idle_cause", "ownership", "idle_name"), ("idle",)),
}


def misspelt(tests: Sequence[RowTest], ledgers: Ledgers) -> str:
    """Say which text of the conditions its column can never hold, and which was perhaps meant; else empty.

    An id must be one of the level asked for. Empty too where nothing tells what a column can hold
    (names of enterprises).
    """
    levels = [test for test in tests if test.column == "level" and test.sign == "="]
    for test in tests:
        known = _known(test, levels[0].texts if levels else (), ledgers)
        for text in test.texts:
            if known is not None and text not in known:
                hint = _hint(text, test, known, ledgers)
                return f"表“{TABLES[test.table].zh}”的“{test.heading}”没有“{text}”{hint}"
    return ""


def _hint(text: str, test: RowTest, known: set[str], ledgers: Ledgers) -> str:
    parts = [part.strip() for part in re.split("[、,，/]", text)]
    if len(parts) > 1 and all(part in known for part in parts):
        return "；几个值之间用“|”隔开"
    if test.column == "level":
        return f"，层级可写 {'、'.join(LEVELS_ZH[level] for level in _LEVELS[test.table])}"
    # A building's number is not guessed: the one most like it is another building.
    is_number = test.column in ("id", "building_id")
    if is_number and (numbers := _numbers_of(text, ledgers)):
        return f"；楼宇请写编号 {'、'.join(numbers)}"
    return nearest(text, known - _held(ledgers, "building_id") if is_number else known)


def _numbers_of(name: str, ledgers: Ledgers) -> list[str]:
    """Return the numbers of the buildings of this name."""
    buildings = ledgers["buildings"].dropna(subset=["building"])
    return sorted(buildings.loc[buildings["building"].map(folded) == name, "building_id"].astype(str))


def _known(test: RowTest, levels: Sequence[str], ledgers: Ledgers) -> set[str] | None:
    column = test.column
    if test.form == "flag":
        return {"是", "否"}
    if column == "band":
        return _folded(_BANDS[test.table])
    if column == "level":
        return _folded(LEVELS_ZH[level] for level in _LEVELS[test.table])
    if column in _INDUSTRIES:
        return _folded(industry_map_of(ledgers).order)
    if column in ("id", "parent"):
        asked = [
            level for level in LEVELS_ZH if column == "parent" or LEVELS_ZH[level] in levels or not levels
        ]
        return set().union(*(_of_level(level, ledgers) for level in asked))
    named = _folded(_CATEGORIES.get(column, ()))
    return named | _held(ledgers, column) if column in _SOURCES else named or None


def _of_level(level: str, ledgers: Ledgers) -> set[str]:
    """Return what the rows of a level are called by."""
    if level == "district":
        return {folded(ledgers.district)}
    if level == "building":
        return _folded(ledgers["buildings"]["building_id"].dropna())
    return _held(ledgers, level) | {UNPLACED[level]}


def _held(ledgers: Ledgers, column: str) -> set[str]:
    return set().union(*(_folded(ledgers[name][column].dropna().unique()) for name in _SOURCES[column]))


def _folded(texts: Iterable[object]) -> set[str]:
    return {folded(str(text)) for text in texts}
