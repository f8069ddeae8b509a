"""Which building of the ledger an address is in: by its number, its name, its aliases; doubt is left open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from louyu_lab.ledgers.places.addresses import PARTS, parsed
from louyu_lab.ledgers.places.keys import home_city, place_keys
from louyu_lab.ledgers.places.weighing import (
    BOTH,
    BY_NAME,
    BY_NUMBER,
    DOUBTFUL,
    KEY_ONLY,
    UNTOLD,
    Answer,
    Asked,
    Sites,
    ledger_names,
    ledger_sites,
    unweighed,
    weighed,
)

__all__ = ["BOTH", "BY_NAME", "BY_NUMBER", "DOUBTFUL", "KEY_ONLY", "UNTOLD", "match", "matches"]

#: What a building is known by, beside its number.
_TOLD_BY = ("building", "alias", "address")
_LEDGER_COLUMNS = ("building_id", *_TOLD_BY, "street")
_TOLD = {
    **dict.fromkeys(("building_id", "how", "candidates", "subject", "wider"), "str"),
    "confidence": "float64",
}


def match(addresses: object, buildings: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return ``key, building_id, confidence`` of each address, index as given.

    ``addresses`` is a Series or any list of texts; empty ones may be None, NaN or "". ``key`` is the place
    in one spelling, as district, street and number (和平区三好街90甲5号) or district and building
    (和平区华润大厦); see ``numbers`` for what one number is and ``keys`` for what addresses tell of one
    another. It is missing where nothing can be told. ``buildings`` has the building ledger's columns, of
    which ``building_id, building, alias, street, address`` are used; ``building_id`` is missing where no
    building, or no single one, fits.
    ``confidence`` (0–1) is that of the building where one is given (1 number and name agree, 0.9 or 0.8
    the name alone, otherwise the key's), else that of the key (``keys.place_keys``); 0.5 at most where a
    building is in doubt, 0 without a key.
    Raises TypeError for addresses that are no texts and for ``buildings`` that are no DataFrame, ValueError
    where these have no ``building_id`` or nothing to know them by.
    """
    found = matches(addresses, buildings)
    return found[["key", "building_id", "confidence"]]


def matches(addresses: object, buildings: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return what ``match`` does, ``how, candidates, subject, wider``, and the parts of ``addresses.parsed``.

    ``how`` is one of the constants above. Where it is DOUBTFUL, ``candidates`` are the buildings' numbers
    with 、 between them and ``subject`` the place to ask about: the key, with the other name it bears and
    the 座; ``wider`` see ``weighing.Answer``.
    """
    listed = _listed(addresses)
    texts = [text if isinstance(text, str) else None for text in listed]
    known = _no_buildings() if buildings is None else _checked_buildings(buildings)
    sites = known.reindex(columns=list(_LEDGER_COLUMNS)).dropna(subset="building_id")
    sited = [text if isinstance(text, str) else None for text in sites["address"]]
    every, count = parsed([*texts, *sited]), len(texts)
    parts = every.iloc[:count]
    named = ledger_names(sites)
    shared = {name for name, ids in named.items() if len(ids) > 1}
    keys = place_keys(every, home_city(every.iloc[count:]) or home_city(parts), shared)
    ledger = ledger_sites(sites, every.iloc[count:], keys.iloc[count:], named)
    told = _told(texts, parts, keys.iloc[:count], ledger)
    return pd.concat([told, parts[list(PARTS)]], axis=1).set_axis(listed.index)


def _listed(addresses: object) -> pd.Series:
    if isinstance(addresses, (pd.DataFrame, Mapping)):
        kind = type(addresses).__name__
        raise TypeError(f"addresses must be a Series or list of texts, not {kind}: give one column")
    if not isinstance(addresses, pd.Series):
        alone = isinstance(addresses, str) or not isinstance(addresses, Iterable)
        addresses = pd.Series([addresses] if alone else list(addresses), dtype="object")
    no_text = next((text for text in addresses.dropna() if not isinstance(text, str)), None)
    if no_text is not None:
        raise TypeError(f"addresses must be texts or missing, not {no_text!r}")
    return addresses


def _checked_buildings(buildings: pd.DataFrame) -> pd.DataFrame:
    if not isinstance(buildings, pd.DataFrame):
        raise TypeError(f"buildings must be a DataFrame, not {type(buildings).__name__}")
    if "building_id" not in buildings or not {*_TOLD_BY} & {*buildings.columns}:
        found = ", ".join(map(str, buildings.columns)) or "nothing"
        raise ValueError(f"buildings needs building_id and one of {', '.join(_TOLD_BY)}; it has {found}")
    return buildings


def _no_buildings() -> pd.DataFrame:
    return pd.DataFrame({"building_id": pd.Series(dtype="str")})


def _told(texts: list[str | None], parts: pd.DataFrame, keys: pd.DataFrame, sites: Sites) -> pd.DataFrame:
    key = [text if isinstance(text, str) else "" for text in keys["key"]]
    columns = [keys[name] for name in ("confidence", "basis", "area", "known_name")]
    rows = zip(texts, key, *columns, parts["block"], strict=True)
    made: dict[tuple[object, ...], Answer] = {}
    starts, answers = sites.starts, []
    for row in rows:
        if row not in made:
            made[row] = weighed(Asked(*row), sites, starts) if sites.of else unweighed(row[1], row[2])
        answers.append(made[row])
    told = pd.DataFrame([vars(answer) for answer in answers], columns=list(_TOLD), index=keys.index)
    return told.astype(_TOLD).assign(key=keys["key"])
