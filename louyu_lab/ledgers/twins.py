"""Buildings of the ledger that bear one name, or names so alike that they may be one building."""

from __future__ import annotations

import re

import pandas as pd

from louyu_lab.ledgers.faults import FaultLog
from louyu_lab.ledgers.review.decisions import BUILDINGS, NOT_IT, Decisions
from louyu_lab.ledgers.texts import folded

#: Endings that tell little about which building is meant.
_ENDINGS = re.compile(r"(大厦|大楼|广场|中心|写字楼|商务楼|商厦|大酒店|城|楼)$")


def note_twins(buildings: pd.DataFrame, log: FaultLog, decisions: Decisions) -> None:
    """List pairs of buildings whose names, endings aside, sound the same, unless somebody has decided."""
    answered = {folded(entry.subject) for entry in decisions.of(BUILDINGS)}
    listed = buildings.dropna(subset=["building"]).drop_duplicates("building_id").sort_values("building_id")
    _note_same_names(listed, log, decisions)
    sounds = listed["building"].map(lambda name: sound(core_name(name)))
    for _, family in listed.groupby(sounds, sort=True):
        names, aliases = family["building"].tolist(), family["alias"].fillna("").tolist()
        for place in range(1, len(family)):
            if folded(names[0]) == folded(names[place]):
                continue
            if folded(names[0]) in folded(aliases[place]) or folded(names[place]) in folded(aliases[0]):
                continue
            if told := answered & {folded(names[0]), folded(names[place])}:
                decisions.note_use(BUILDINGS, told)
                continue
            row = family.iloc[[place]]
            log.add_rows("building-similar", row, "楼宇名称", [f"{names[place]} ≈ {names[0]}"])


def _note_same_names(listed: pd.DataFrame, log: FaultLog, decisions: Decisions) -> None:
    """List the names that several buildings bear, unless somebody has said which of them is meant."""
    meant = {folded(entry.subject) for entry in decisions.of(BUILDINGS) if entry.decision != NOT_IT}
    for name, family in listed.groupby(listed["building"].map(folded), sort=True):
        if len(family) > 1 and name not in meant:
            said = f"{family['building'].iloc[0]}（{'、'.join(family['building_id'])}）"
            log.add_rows("building-same-name", family.iloc[[-1]], "楼宇名称", [said])


def core_name(name: str) -> str:
    """Return a building's name, folded, without the endings that many share."""
    text = folded(name)
    shorter = _ENDINGS.sub("", text)
    return shorter if len(shorter) >= 2 else text


def sound(text: str) -> str:
    """The text as it is pronounced: mistyped names are mostly homophones, since they are typed by sound."""
    from pypinyin import lazy_pinyin

    return " ".join(lazy_pinyin(text))
