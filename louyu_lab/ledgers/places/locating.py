"""The reader's use of addresses: rows that name no building get the one their address tells for sure."""

from __future__ import annotations

import pandas as pd

from louyu_lab.ledgers.faults import FaultLog
from louyu_lab.ledgers.places.directory import Directory
from louyu_lab.ledgers.places.matching import DOUBTFUL, matches
from louyu_lab.ledgers.review.decisions import BUILDINGS, Decisions
from louyu_lab.ledgers.texts import folded

#: Ledgers whose rows have a building and an address.
WITH_ADDRESSES = ("tenancies", "idle")

#: Without a building ledger an address with this many enterprises is taken for a building.
FIRMS_A_BUILDING = 10

BY_ADDRESS, BY_DECISION = "按地址对应到楼宇台账", "按复核决定由地址对应到楼宇台账"
AS_BUILDING = f"没有楼宇台账，满 {FIRMS_A_BUILDING} 家企业的地址作为一幢楼"
TOO_FEW = f"所在地址不足 {FIRMS_A_BUILDING} 家企业，按楼外企业处理"
NO_PLACE = "地址认不出门牌或楼名，按楼外企业处理"

Frames = dict[str, pd.DataFrame]


def locate(frames: Frames, known: Directory, log: FaultLog, decisions: Decisions) -> Frames:
    """Return the frames with ``building_id`` filled in where only an address tells it.

    With a building ledger: the building of ``matching.matches``; what is in doubt is listed
    (``address-doubtful``) unless somebody has decided on it. Without one: the address itself, from
    ``FIRMS_A_BUILDING`` enterprises on. Rows that name a building or a number stay as they are.
    """
    rows = pd.concat(
        [_addressed(frames[name], name) for name in WITH_ADDRESSES if name in frames] or [_none()]
    )
    if not rows["is_open"].any():
        return frames
    if known.is_empty:
        found = _as_buildings(rows, log)
    elif "buildings" in frames:
        found = _in_ledger(rows, frames["buildings"], known, log, decisions)
    else:
        return frames
    filled = dict(frames)
    for name in WITH_ADDRESSES:
        if name in frames:
            own = found[(rows["ledger"] == name).to_numpy()]
            given = frames[name]["building_id"].astype("object")
            filled[name] = frames[name].assign(
                building_id=given.where(given.notna(), own.reindex(given.index)).astype("str")
            )
    return filled


def _none() -> pd.DataFrame:
    return pd.DataFrame({"is_open": pd.Series(dtype="bool")})


def _addressed(frame: pd.DataFrame, ledger: str) -> pd.DataFrame:
    columns = ["building_id", "building", "address", "file", "sheet", "row"]
    names = frame.reindex(columns=[*columns, "credit_code", "enterprise"])
    told = frame["address"].notna()
    nameless = frame["building_id"].isna() & frame["building"].isna()
    return names.assign(ledger=ledger, is_open=told & nameless)[told]


def _in_ledger(
    rows: pd.DataFrame, buildings: pd.DataFrame, known: Directory, log: FaultLog, decisions: Decisions
) -> pd.Series:
    """The building of each open row, None where there is none; index as ``rows``."""
    rows = rows.reset_index(names="place")
    answers = matches(rows["address"], buildings)
    open_ = rows["is_open"]
    found = answers["building_id"].astype("object").where(open_ & answers["building_id"].notna(), None)
    subjects = answers["subject"].fillna("").map(folded).astype("object")
    wider = answers["wider"].fillna("").map(folded).astype("object")
    decided = pd.Series(
        [_decided(pair, known) for pair in zip(subjects, wider, strict=True)], index=rows.index
    )
    is_decided = open_ & decided.notna()
    used = set(subjects[is_decided]) | set(wider[is_decided])
    decisions.note_use(BUILDINGS, used)
    found = found.mask(is_decided, decided.where(decided != "", None))
    _note(rows[is_decided & found.notna()], found, BY_DECISION, log)
    _note(rows[open_ & ~is_decided & found.notna()], found, BY_ADDRESS, log)
    doubtful = open_ & ~is_decided & (answers["how"] == DOUBTFUL)
    named = buildings.drop_duplicates("building_id").set_index("building_id")["building"]
    names = {
        key: f"{name}({key})" if isinstance(name, str) and name != key else key for key, name in named.items()
    }
    asked = answers[doubtful]
    told = [
        f"{subject} ≈ {'、'.join(names[key] for key in ids.split('、'))}"
        for subject, ids in zip(asked["subject"], asked["candidates"], strict=True)
    ]
    log.add_rows("address-doubtful", rows[doubtful], "地址", told)
    return pd.Series(found.to_numpy(), index=rows["place"], dtype="object")


def _decided(texts: tuple[str, str], known: Directory) -> str | None:
    """The building somebody gave a place to, "" for none of ours; the narrower place counts first."""
    for text in texts:
        if text in known.decided:
            return known.aliases[text]
        if text in known.outside:
            return ""
    return None


def _as_buildings(rows: pd.DataFrame, log: FaultLog) -> pd.Series:
    """The key of each open row at whose place are enough enterprises; a building named there lends its name.

    Index: the rows' own places in their ledgers.
    """
    rows = rows.reset_index(names="place")
    keys = matches(rows["address"])["key"].astype("object").where(lambda key: key.notna(), None)
    named = rows["building_id"].astype("object").fillna(rows["building"])
    lent = pd.DataFrame({"key": keys, "named": named}).dropna().drop_duplicates()
    lent = lent[~lent.duplicated("key", keep=False)].set_index("key")["named"]
    firm = rows["credit_code"].astype("object").fillna(rows["enterprise"])
    firms = firm[rows["ledger"] == "tenancies"].groupby(keys).nunique()
    full = keys.where(keys.map(firms).fillna(0) >= FIRMS_A_BUILDING, None)
    found = keys.map(lent).astype("object").fillna(full).where(rows["is_open"], None)
    _note(rows[found.notna()], found, AS_BUILDING, log)
    left = rows["is_open"] & found.isna() & (rows["ledger"] == "tenancies")
    _note(rows[left & keys.notna()], keys, TOO_FEW, log)
    _note(rows[left & keys.isna()], keys, NO_PLACE, log)
    return pd.Series(found.to_numpy(), index=rows["place"], dtype="object")


def _note(rows: pd.DataFrame, found: pd.Series, how: str, log: FaultLog) -> None:
    for (file, sheet), part in rows.groupby(["file", "sheet"], sort=True):
        first, to = part["address"].iloc[0], found[part.index[0]]
        log.convert(file, sheet, "地址", how, len(part), f"{first} → {to}" if isinstance(to, str) else first)
