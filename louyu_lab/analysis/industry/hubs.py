"""Registration hubs (注册型集聚): places where very many firms are registered that cannot all work there."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from louyu_lab.ledgers.model import Ledgers
from louyu_lab.ledgers.places.addresses import block_words
from louyu_lab.ledgers.places.folding import fold
from louyu_lab.ledgers.places.matching import DOUBTFUL, KEY_ONLY, UNTOLD, matches

#: Firms in one room from which it is a hub.
FIRMS_A_ROOM = 20
#: Firms at one place without any room, and the part of the place's firms they are, from which it is a hub.
FIRMS_A_PLACE, SHARE_WITHOUT_ROOM = 100, 0.8
#: Where fewer addresses of a ledger than this part give a room, a missing room says nothing.
SHARE_WITH_ROOM = 0.2
#: Firms whose address itself says so from which a place is a hub.
FIRMS_SAID = 5
#: Rooms of one place that are named.
_ROOMS_SAID = 3
#: What an address says of a hub.
HUB_WORDS = re.compile(r"集群注册|集群登记|住所托管|托管|商务秘书|秘书公司|秘书有限|集中登记|虚拟")

ONE_ROOM, NO_ROOM, SAID = "同一房间多家企业", "地址不写房间的企业过多", "地址写明集群注册或托管"

#: How a tenancy's building is known, besides what ``matching`` names; in the order of the table.
NAMED, AS_BUILDING, NO_ADDRESS = "台账写明楼宇", "按地址归并成楼", "没有楼宇，也没有地址"

ADDRESS_MATCHES = ("how", "tenancies", "enterprises", "share_tenancies", "example")
REGISTRATION_HUBS = (
    *("place", "building_id", "building", "room", "firms", "building_firms", "share_firms"),
    *("first_year", "last_year", "reason"),
)


def addressed(ledgers: Ledgers) -> pd.DataFrame:
    """Return the tenancies and the registrations with the parts of their addresses.

    Columns: ``ledger, enterprise_id, building_id`` (as read), ``building, address, entered_year`` (of
    registration, else of moving in), ``found_id`` (the building its address tells) and ``matches``' ``key,
    how, block, floor, room``. Index 0…n−1.
    """
    pieces = []
    for ledger in ("tenancies", "registrations"):
        rows = ledgers[ledger]
        names = ["enterprise_id", "building_id", "building", "address"]
        entered = rows["registered_date"]
        entered = entered.fillna(rows["move_in_date"]) if ledger == "tenancies" else entered
        pieces.append(
            rows.reindex(columns=names)
            .astype("str")
            .assign(ledger=ledger, entered_year=entered.dt.year.astype("Int64"))
        )
    rows = pd.concat(pieces, ignore_index=True)
    told = matches(rows["address"], ledgers["buildings"])
    parts = told[["key", "how", "block", "floor", "room"]]
    return pd.concat([rows, parts], axis=1).assign(found_id=told["building_id"])


def address_matches(rows: pd.DataFrame) -> pd.DataFrame:
    """Return table ``address_matches``: how the building of each tenancy is known, from ``addressed``.

    Columns: ``how``, ``tenancies`` (rows), ``enterprises`` (distinct; one in two groups counts in each),
    ``share_tenancies`` (0–1, adding up to 1) and ``example``, the first address. Most rows first.
    """
    own = rows[rows["ledger"] == "tenancies"]
    if own.empty:
        return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in _MATCH_TYPES.items()})
    has_building = own["building_id"].notna()
    by_address = has_building & own["building"].isna() & (own["building_id"] == own["found_id"])
    merged = has_building & own["building"].isna() & (own["building_id"] == own["key"])
    nowhere = ~has_building & own["address"].isna()
    known = [by_address, merged, has_building, nowhere]
    how = np.select(
        [mask.fillna(False).to_numpy(dtype=bool) for mask in known],
        [own["how"].astype("object"), AS_BUILDING, NAMED, NO_ADDRESS],
        own["how"].where(own["how"].isin([DOUBTFUL, KEY_ONLY, UNTOLD]), KEY_ONLY).astype("object"),
    )
    grouped = own.assign(how=how).groupby("how", sort=True)
    table = pd.DataFrame(
        {
            "tenancies": grouped.size().astype("int64"),
            "enterprises": grouped["enterprise_id"].nunique().astype("int64"),
            "share_tenancies": grouped.size() / len(own),
            "example": grouped["address"].first().astype("str"),
        }
    ).reset_index()
    table = table.sort_values(["tenancies", "how"], ascending=[False, True], ignore_index=True)
    return table[list(ADDRESS_MATCHES)].astype(_MATCH_TYPES)


_MATCH_TYPES = {
    **{"how": "str", "tenancies": "int64", "enterprises": "int64"},
    **{"share_tenancies": "float64", "example": "str"},
}
_HUB_TYPES = {
    **dict.fromkeys(("place", "building_id", "building", "room", "reason"), "str"),
    **dict.fromkeys(("firms", "building_firms"), "int64"),
    **{"share_firms": "float64", "first_year": "Int64", "last_year": "Int64"},
}


def registration_hubs(rows: pd.DataFrame, buildings: pd.DataFrame) -> pd.DataFrame:
    """Return table ``registration_hubs``: places that hold too many firms, one row each, from ``addressed``.

    A place is a building, else the address's key. Of it count, each firm once,

    - those of rooms with at least ``FIRMS_A_ROOM`` firms;
    - those whose address gives no room, at least ``FIRMS_A_PLACE`` and ``SHARE_WITHOUT_ROOM`` of the
      place's, in ledgers that usually give rooms (``SHARE_WITH_ROOM``);
    - those whose address speaks of 集群注册, 托管 or 商务秘书, at least ``FIRMS_SAID``.

    Columns: ``place`` (the key), ``building_id, building, room`` (those of too many firms, "" none),
    ``firms`` that count, ``building_firms`` (all of the place), ``share_firms`` (0–1), ``first_year,
    last_year`` of their entries, ``reason`` (several with 、). Most firms first.
    """
    placed = rows.assign(
        site=rows["building_id"].fillna(rows["found_id"]).fillna(rows["key"]),
        is_said=rows["address"].map(_says_hub, na_action="ignore").fillna(False).astype(bool),
        room=_rooms(rows),
    )
    placed = placed[placed["site"].notna() & placed["address"].notna()]
    signs = _signs(placed)
    found = _counted(placed[np.logical_or.reduce(list(signs.values()))])
    at = {reason: set(placed.loc[is_hub, "site"]) for reason, is_hub in signs.items()}
    reasons = ["、".join(reason for reason in signs if site in at[reason]) for site in found["site"]]
    totals = placed.groupby("site")["enterprise_id"].nunique()
    names = buildings.drop_duplicates("building_id").set_index("building_id")["building"]
    all_firms = found["site"].map(totals).astype("float64")
    found = found.assign(
        reason=pd.array(reasons, dtype="str"),
        room=found["site"].map(_rooms_said(placed[signs[ONE_ROOM]])).astype("object").fillna(""),
        building=found["building_id"].map(names),
        building_firms=all_firms,
        share_firms=found["firms"] / all_firms,
    )
    found = found.sort_values(["firms", "site"], ascending=[False, True], kind="stable")
    return found[list(REGISTRATION_HUBS)].astype(_HUB_TYPES).reset_index(drop=True)


def _signs(placed: pd.DataFrame) -> dict[str, np.ndarray]:
    """Reason -> the rows (true) that it holds of."""
    firms_in = _firms(placed, ["site", "room"], placed["room"] != "")
    gives_rooms = (placed["room"] != "").groupby(placed["ledger"]).transform("mean") >= SHARE_WITH_ROOM
    roomless = (placed["room"] == "") & gives_rooms
    without, every = _firms(placed, ["site"], roomless), _firms(placed, ["site"], placed["site"].notna())
    is_full = (without >= FIRMS_A_PLACE) & (without >= SHARE_WITHOUT_ROOM * every)
    said = _firms(placed, ["site"], placed["is_said"])
    signs = {
        ONE_ROOM: firms_in >= FIRMS_A_ROOM,
        NO_ROOM: roomless & is_full,
        SAID: placed["is_said"] & (said >= FIRMS_SAID),
    }
    return {reason: rows.to_numpy(dtype="bool") for reason, rows in signs.items()}


def _firms(placed: pd.DataFrame, by: list[str], counts: pd.Series) -> pd.Series:
    """Of each row the distinct firms among the rows ``counts`` of its group; 0 for rows that do not count."""
    firm = placed["enterprise_id"].where(counts)
    return firm.groupby([placed[name] for name in by]).transform("nunique").where(counts, 0)


def _counted(rows: pd.DataFrame) -> pd.DataFrame:
    grouped = rows.groupby("site", sort=True)
    table = pd.DataFrame(
        {
            "firms": grouped["enterprise_id"].nunique().astype("int64"),
            "first_year": grouped["entered_year"].min(),
            "last_year": grouped["entered_year"].max(),
            "place": grouped["key"].first(),
            "building_id": grouped["building_id"].first(),
        }
    ).reset_index()
    place = table["place"].astype("object").fillna(table["site"])
    return table.assign(place=place, building_id=table["building_id"].astype("object"))


def _rooms_said(rows: pd.DataFrame) -> dict[str, str]:
    """Site -> its rooms of ``rows``, most firms first: 5层501室、502室等 4 间."""
    counts = rows.groupby(["site", "room"])["enterprise_id"].nunique().rename("firms").reset_index()
    counts = counts.sort_values(["firms", "room"], ascending=[False, True], kind="stable")
    rooms = {site: list(group) for site, group in counts.groupby("site")["room"]}
    more = {site: f"等 {len(named)} 间" if len(named) > _ROOMS_SAID else "" for site, named in rooms.items()}
    return {site: "、".join(named[:_ROOMS_SAID]) + more[site] for site, named in rooms.items()}


def _rooms(rows: pd.DataFrame) -> pd.Series:
    """Block, floor and room in one text, "" without a room; 247-8937 is a desk of room 247."""
    room = rows["room"].fillna("").str.replace(r"^([A-Z]?\d{3,4})-\d{3,5}$", r"\1", regex=True)
    block, floor = rows["block"].fillna(""), rows["floor"].fillna("")
    whole = block.map(block_words).astype("str") + floor.where(floor == "", floor + "层") + room + "室"
    return whole.where(room != "", "")


def _says_hub(address: str) -> bool:
    return bool(HUB_WORDS.search(fold(address)))
