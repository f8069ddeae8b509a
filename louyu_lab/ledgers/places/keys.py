"""From the parts of many addresses to one key a place: what one address leaves out, the others tell.

The city that most addresses name is home and is left out of the key; places of another city keep theirs
(天津市和平区…). A district left out is filled where the others have that number, or that street, in one
district only. A building's name stands for its street and number where the others clearly say which.
8号甲 and 8号乙 are one place unless both are met often.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cache

import numpy as np
import pandas as pd

from louyu_lab.ledgers.places.divisions import divisions, stem_of_city
from louyu_lab.ledgers.places.names import same_name
from louyu_lab.ledgers.places.numbers import STEMS

#: What a key rests on.
NUMBERED, LINKED, NAMED, NOTHING = "门牌号", "楼名，门牌号由他处得知", "楼名", "不足以判断"

#: A home city is named by more than this part of the addresses that name a city.
_HOME_SHARE = 0.5
#: Of the addresses that give a name and a number, at least this part must give the same number.
_CLEAR_SHARE = 0.8
#: A name met without a number is linked only if at least this part as many addresses give it with one.
_LINK_SHARE = 0.2
#: A street lies in the district of at least this part of the addresses that name both.
_STREET_SHARE = 0.97
#: A street is another's name with something before it only if the other is this many times as frequent.
_MUCH_OFTENER = 10

#: What a quarter ends in that people put before a street: 钱江新城富春路.
_QUARTERS = ("新城", "新区", "商务区", "商圈", "片区", "板块", "CBD")
#: 8号甲 and 8号乙 are two places where each is met this often; 甲 alone is as often left out as written.
_FIRMS_A_HOUSE = 3

#: Confidence (0–1) that a key is the place meant.
FULL, LOOSE, BY_NAME, INFERRED, PARTIAL = 1.0, 0.9, 0.8, 0.7, 0.5


def place_keys(
    parts: pd.DataFrame, home: str | None = None, shared_names: Collection[str] = ()
) -> pd.DataFrame:
    """Return ``key, confidence, basis, area, known_name`` of addresses in parts, index as in ``parts``.

    ``parts`` is of ``addresses.parsed``; ``home`` the home city, by default ``home_city(parts)``;
    ``shared_names`` are (as compared) those of several buildings, which tell no number and no district.
    ``key`` is missing where an address tells no place. ``confidence``:

    - 1 district, street and number as written;
    - 0.9 the number written without 号, a zone for the district, or a district known from that number;
    - 0.8 a building's name with its district;
    - 0.7 a village's number, a district known from the street alone, a name linked by one address;
    - 0.5 no district, or one that several cities in these addresses may mean; 0 no key.

    ``basis`` is one of the constants above, ``area`` the district (with the city unless it is home),
    ``known_name`` the name as compared.
    """
    work = _with_areas(parts, home_city(parts) if home is None else home)
    work = _with_streets(work)
    work = _with_houses(_with_districts(work))
    numbered = work["number"] != ""
    work["number_key"] = (work["area"] + work["street"] + work["number"]).where(numbered, "")
    work["known_name"] = work["name"].map(cache(same_name)).astype("object")
    telling = work[~work["known_name"].isin(list(shared_names))]
    linked, is_common = _named_numbers(telling)
    named = ~numbered & (work["known_name"] != "")
    area = work["area"].mask(named & (work["area"] == ""), _lookup(work["known_name"], _only_areas(telling)))
    name_key = area + work["known_name"]
    number_of = _lookup(name_key, linked).where(named, "")
    key = work["number_key"].mask(named, name_key).mask(number_of != "", number_of)
    basis = np.select([numbered, number_of != "", named], [NUMBERED, LINKED, NAMED], NOTHING)
    by_link = np.where(_lookup(name_key, is_common).astype(bool), BY_NAME, INFERRED)
    has_area = (area != "").to_numpy()
    confidence = np.select(
        [numbered, number_of != "", named & has_area, named],
        [work["sureness"], np.minimum(by_link, work["sureness"].clip(lower=INFERRED)), BY_NAME, PARTIAL],
        0.0,
    )
    return pd.DataFrame(
        {
            "key": key.where(key != "").astype("str"),
            "confidence": confidence.astype("float64"),
            "basis": pd.array(basis, dtype="str"),
            "area": area.astype("str"),
            "known_name": work["known_name"].astype("str"),
        },
        index=parts.index,
    )


def _lookup(texts: pd.Series, table: dict) -> pd.Series:
    return texts.map(table).astype("object").fillna("")


def home_city(parts: pd.DataFrame) -> str:
    """Return the city that more than half of the addresses naming one name; "" where there is none.

    Only where no address names a city do the districts speak that one city alone has.
    """
    for column in ("city", "implied_city"):
        named = parts[column][parts[column] != ""]
        if len(named):
            share = named.value_counts(normalize=True)
            return str(share.index[0]) if share.iloc[0] > _HOME_SHARE else ""
    return ""


def _with_areas(parts: pd.DataFrame, home: str) -> pd.DataFrame:
    """Add ``area``: the district, behind its city where that is not home."""
    city = parts["city"].astype("object")
    if home:
        # 朝阳区 without a city is no district of Shenyang: the city is the one that has it.
        city = city.mask(city == "", parts["implied_city"])
    abroad = (city != "") & (city != home)
    sureness = _sureness(parts)
    if not home and abroad.any():
        # 和平区 among addresses of Shenyang and Tianjin, without a word which.
        sureness = np.where(city == "", np.minimum(sureness, PARTIAL), sureness)
    area = city.where(abroad, "") + parts["district"]
    stem = stem_of_city(home)
    # 沈阳北站路55号: the city without 市 before the street.
    bare = (
        (parts["district"] == "")
        & parts["street"].str.startswith(stem)
        & (parts["street"].str.len() > len(stem) + 2)
    )
    if stem and bare.any():
        parts = parts.assign(street=parts["street"].mask(bare, parts["street"].str[len(stem) :]))
    return parts.astype("object").assign(area=area, sureness=sureness, abroad=abroad, home=home)


def _sureness(parts: pd.DataFrame) -> np.ndarray:
    return np.select(
        [
            ~parts["is_street"].astype(bool),
            ~parts["is_plain"].astype(bool) | parts["district"].str.endswith(("开发区", "试验区")),
        ],
        [INFERRED, LOOSE],
        FULL,
    )


def _with_streets(work: pd.DataFrame) -> pd.DataFrame:
    """Take words off the front of a street where the rest is met far oftener: 南湖三好街 -> 三好街."""
    counts = work.loc[work["number"] != ""].groupby(["area", "street"], sort=True).size()
    by_area: dict[str, dict[str, int]] = {}
    for (area, street), count in counts.items():
        by_area.setdefault(area, {})[street] = int(count)
    homes = {stem_of_city(city) for city in work["home"].unique() if city}
    change = {
        (area, street): shorter
        for area, streets in by_area.items()
        for street, count in streets.items()
        if (shorter := _shorter(street, count, streets, homes))
    }
    pairs = zip(work["area"], work["street"], strict=True)
    return work.assign(street=pd.Series([change.get(pair, pair[1]) for pair in pairs], work.index, "object"))


def _shorter(street: str, count: int, streets: dict[str, int], homes: set[str]) -> str:
    for cut in range(2, len(street) - 2):
        rest = street[cut:]
        # 泰山北大街 is not 北大街, 新三好街 not 三好街.
        if rest[0] in "东西南北中前后上下新老大小一二三四五六七八九十":
            continue
        is_before = street[:cut] in homes or street[:cut].endswith(_QUARTERS)
        if rest in streets and (is_before or streets[rest] >= _MUCH_OFTENER * count):
            return rest
    return ""


def _with_districts(work: pd.DataFrame) -> pd.DataFrame:
    """Fill in the district that an address leaves out, where the others leave no doubt.

    Zones and districts that the list does not have (any more) count as left out where the same street and
    number is in one listed district.
    """
    at_home = (work["number"] != "") & ~work["abroad"].astype(bool)
    there = work[at_home & (work["area"] != "")]
    sure = there[there["area"].isin(divisions().cities_of)]
    by_number = _main_areas(sure["street"] + sure["number"], sure["area"], 1.0)
    work = _with_bare_districts(work, there, at_home & (work["area"] == ""))
    area, sureness = work["area"].copy(), work["sureness"].copy()
    open_ = at_home & ~work["area"].isin(divisions().cities_of)
    rows = work[open_]
    exact = _lookup(rows["street"] + rows["number"], by_number)
    near = _lookup(rows["street"], _main_areas(there["street"], there["area"], _STREET_SHARE))
    near = near.where((exact == "") & (rows["area"] == ""), "")
    area.update(exact.mask(exact == "", near).mask(lambda found: found == "", rows["area"]))
    levels = np.select([exact != "", near != "", rows["area"] != ""], [LOOSE, INFERRED, FULL], PARTIAL)
    sureness.loc[rows.index] = np.minimum(levels, rows["sureness"].to_numpy(dtype="float64"))
    return work.assign(area=area, sureness=sureness)


def _with_houses(work: pd.DataFrame) -> pd.DataFrame:
    """Put 甲 and 乙 behind a number where both are met there often enough: 建设路8号甲, 建设路8号乙."""
    stems = work["block"].where(work["block"].isin(list(STEMS)) & (work["number"] != ""), "")
    if (stems == "").all():
        return work
    place = work["area"] + work["street"] + work["number"]
    counts = pd.DataFrame({"place": place, "stem": stems})[stems != ""].value_counts().reset_index()
    often = counts[counts["count"] >= _FIRMS_A_HOUSE]
    split = often["place"][often["place"].duplicated(keep=False)]
    told = work["number"] + stems.where(place.isin(split), "")
    return work.assign(number=told)


def _with_bare_districts(work: pd.DataFrame, there: pd.DataFrame, missing: pd.Series) -> pd.DataFrame:
    """和平三好街54号: the district without 区, if others have that street there and none the longer name."""
    districts = {area[:-1]: area for area in there["area"].unique() if len(area) > 2 and area[-1] == "区"}
    known, streets = set(zip(there["area"], there["street"], strict=True)), set(there["street"])
    area, street, sureness = work["area"].copy(), work["street"].copy(), work["sureness"].copy()
    for row in work[missing & ~work["street"].isin(streets)].itertuples():
        for length in (2, 3):
            found = districts.get(row.street[:length])
            if found and (found, row.street[length:]) in known:
                area[row.Index], street[row.Index] = found, row.street[length:]
                sureness[row.Index] = min(LOOSE, row.sureness)
    return work.assign(area=area, street=street, sureness=sureness)


def _main_areas(places: pd.Series, areas: pd.Series, share: float) -> dict[str, str]:
    """Place -> the area of at least ``share`` of its addresses."""
    counts = pd.DataFrame({"place": places, "area": areas}).value_counts(["place", "area"], sort=False)
    counts = counts.reset_index().sort_values(["count", "area"], ascending=[False, True], kind="stable")
    total = counts.groupby("place")["count"].transform("sum")
    clear = counts[counts["count"] >= share * total].drop_duplicates("place")
    return dict(zip(clear["place"], clear["area"], strict=True))


def _named_numbers(work: pd.DataFrame) -> tuple[dict[str, str], dict[str, bool]]:
    """Area and name -> the number key it clearly stands at, and whether more than one address says so."""
    both = work[(work["known_name"] != "") & (work["number"] != "")]
    names = both["area"] + both["known_name"]
    found = _main_areas(names, both["number_key"], _CLEAR_SHARE)
    often = names.value_counts()
    bare = work[(work["known_name"] != "") & (work["number"] == "")]
    alone = (bare["area"] + bare["known_name"]).value_counts()
    found = {name: key for name, key in found.items() if often[name] >= _LINK_SHARE * alone.get(name, 0)}
    return found, {name: bool(often[name] > 1) for name in found}


def _only_areas(work: pd.DataFrame) -> dict[str, str]:
    """Name -> the one area in which it occurs."""
    placed = work[(work["known_name"] != "") & (work["area"] != "")]
    return _main_areas(placed["known_name"], placed["area"], 1.0)
