"""Which building a row speaks of: by number, by name, by alias; never by likeness alone."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from louyu_lab.ledgers.aliases import alias_parts
from louyu_lab.ledgers.faults import FaultLog
from louyu_lab.ledgers.review.decisions import BUILDINGS, NOT_IT, Decision, Decisions, Undecided, settled
from louyu_lab.ledgers.texts import folded, nearest
from louyu_lab.ledgers.twins import core_name, sound

#: Likeness (0–1, difflib) of two core names from which the reader asks whether they are one building.
_LIKE = 0.75


@dataclass(frozen=True)
class Directory:
    """The buildings known: folded name, number or alias -> building_id.

    ``ambiguous`` are the names that several buildings bear, with their numbers; ``set_aside`` are the
    names of rows with an error, ``decided`` those that somebody gave to a building, ``outside`` those said
    to be no building of ours.
    """

    ids: dict[str, str]
    names: dict[str, str]
    aliases: dict[str, str]
    set_aside: frozenset[str] = frozenset()
    ambiguous: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    decided: frozenset[str] = frozenset()
    outside: frozenset[str] = frozenset()

    @property
    def is_empty(self) -> bool:
        """Whether there is no building ledger to hold names against."""
        return not self.ids and not self.set_aside


def directory(buildings: pd.DataFrame, set_aside: pd.DataFrame) -> Directory:
    """Return the directory of a building ledger and of its rows set aside."""
    keys = buildings["building_id"].tolist()
    ids = {folded(key): key for key in keys}
    listed = zip(buildings["building"].fillna(""), keys, strict=True)
    names, shared_names = _unambiguous([(name, key) for name, key in listed if name])
    aliases, shared_aliases = _unambiguous(
        [
            (alias, key)
            for texts, key in zip(buildings["alias"].fillna(""), keys, strict=True)
            for alias in alias_parts(texts)
        ]
    )
    lost = {folded(text) for column in set_aside for text in set_aside[column].dropna()}
    ambiguous = {name: keys for name, keys in shared_aliases.items() if name not in names} | shared_names
    return Directory(ids, names, aliases, frozenset(lost - set(ids) - set(names)), ambiguous)


def with_decisions(known: Directory, decisions: Decisions, log: FaultLog) -> Directory:
    """Return the directory with the spellings that somebody decided on; what cannot be is listed.

    A spelling given to a building counts as its alias, before any other. One that is itself a listed
    building stays that building.
    """
    if known.is_empty:
        return known
    listed = {**known.names, **known.ids}
    lookup = {**known.aliases, **listed}

    def answer(decision: Decision) -> str:
        for text in (decision.subject, decision.decision):
            # Whoever is in one of them is in a building of ours: only its number settles which.
            if folded(text) in known.ambiguous and folded(decision.decision) not in lookup:
                raise Undecided(
                    f"；有几幢楼叫“{text}”，请写楼宇编号（{'、'.join(known.ambiguous[folded(text)])}）"
                )
        if decision.decision == NOT_IT:
            return ""
        if folded(decision.decision) not in lookup:
            raise Undecided(nearest(decision.decision, {*known.ids.values(), *known.names}))
        found = lookup[folded(decision.decision)]
        if listed.get(folded(decision.subject), found) != found:
            raise Undecided("；这个写法本身是楼宇台账里的一幢楼，若重复登记，请在更正.xlsx 里删去一行")
        return found

    given = decisions.of(BUILDINGS)
    sure = settled(given, answer, log)
    spelled = {folded(entry.subject): sure[entry.key] for entry in given if entry.key in sure}
    decided = {text: found for text, found in spelled.items() if found and text not in listed}
    outside = frozenset(text for text, found in spelled.items() if not found and text not in listed)
    aliases = {text: found for text, found in known.aliases.items() if text not in outside}
    return replace(
        known,
        aliases=aliases | decided,
        ambiguous={name: keys for name, keys in known.ambiguous.items() if name not in spelled},
        decided=frozenset(decided),
        outside=outside,
    )


def _unambiguous(pairs: list[tuple[str, str]]) -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    """Return folded name -> building for the names of one, and name -> buildings for those of several."""
    owners: dict[str, set[str]] = {}
    for name, key in pairs:
        owners.setdefault(folded(name), set()).add(key)
    return {name: min(keys) for name, keys in owners.items() if len(keys) == 1}, {
        name: tuple(sorted(keys)) for name, keys in owners.items() if len(keys) > 1
    }


def later_names(buildings: pd.DataFrame) -> dict[str, str]:
    """Return folded former name -> folded name, for aliases that no year's ledger has beside the new name."""
    key = buildings["building"].fillna("").map(folded)
    years = buildings["year"].astype("object").where(buildings["year"].notna(), 0).groupby(key).agg(set)
    pairs = {
        (folded(alias), name)
        for name, texts in zip(key, buildings["alias"].fillna(""), strict=True)
        for alias in alias_parts(texts)
    }
    return {
        old: new
        for old, new in sorted(pairs)
        if old in years.index and new and 0 not in years[old] and not years[old] & years[new]
    }


def resolve(frame: pd.DataFrame, known: Directory, log: FaultLog, decisions: Decisions) -> pd.DataFrame:
    """Return the rows with ``building_id`` resolved; what is not in the directory is listed and left empty.

    Without a building ledger the number, or else the name, stands as it is written. A name said to be
    no building of ours is left empty without a word.
    """
    given = frame["building_id"].astype("object").where(frame["building_id"].notna(), None)
    named = frame["building"].astype("object").where(frame["building"].notna(), None)
    if known.is_empty:
        return frame.assign(building_id=given.where(given.notna(), named).astype("str"))
    _note_use(given, named, known, decisions)
    by_id = _looked_up(given, known.ids)
    by_name = _looked_up(named, known.names)
    by_alias = _looked_up(named, known.aliases).where(by_name.isna())
    # A name typed into the number column is still a name.
    by_id = by_id.fillna(_looked_up(given, {**known.aliases, **known.names}))
    spoken = by_name.fillna(by_alias)
    _note_aliases(frame, by_alias.where(by_id.isna()), known, log)
    conflict = by_id.notna() & spoken.notna() & (by_id != spoken)
    log.add_rows("building-conflict", frame[conflict], "楼宇名称", named[conflict])
    found = by_id.fillna(spoken)
    written = named.where(named.notna(), given)
    _note_unknown(frame, written.where(found.isna()), known, log)
    return frame.assign(building_id=found.astype("str"))


def _looked_up(texts: pd.Series, table: dict[str, str]) -> pd.Series:
    codes, distinct = pd.factorize(texts)
    found = np.array([table.get(folded(str(text))) for text in distinct] + [None], dtype=object)
    return pd.Series(found[codes], index=texts.index, dtype="object")


def _note_use(given: pd.Series, named: pd.Series, known: Directory, decisions: Decisions) -> None:
    if spoken := {text: text for text in known.decided | known.outside}:
        for column in (given, named):
            decisions.note_use(BUILDINGS, _looked_up(column, spoken).dropna().unique())


def _note_aliases(frame: pd.DataFrame, matched: pd.Series, known: Directory, log: FaultLog) -> None:
    rows = frame.assign(matched=matched)[matched.notna()]
    by_decision = rows["building"].map(lambda text: folded(text) in known.decided).astype(bool)
    for how, group in (("复核决定", rows[by_decision]), ("别名", rows[~by_decision])):
        for (file, sheet), part in group.groupby(["file", "sheet"], sort=True):
            first = part.iloc[0]
            example = f"{first['building']} → {first['matched']}"
            log.convert(file, sheet, "楼宇名称", f"按{how}对应到楼宇台账", len(part), example)


def _note_unknown(frame: pd.DataFrame, written: pd.Series, known: Directory, log: FaultLog) -> None:
    """List the buildings that could not be told, by the reason why."""
    rows = frame.assign(written=written)[written.notna()]
    if known.outside:
        rows = rows[~rows["written"].map(lambda text: folded(text) in known.outside).astype(bool)]
    near = _nearest(rows["written"].unique(), known)
    reasons = rows["written"].map(lambda text: _reason(text, near, known)).astype("object")
    lost = rows[reasons == "building-set-aside"].drop_duplicates(["file", "sheet", "written"])
    log.add_rows("building-set-aside", lost, "楼宇名称", lost["written"])
    unknown, several = rows[reasons == "building-unknown"], rows[reasons == "building-ambiguous"]
    log.add_rows("building-unknown", unknown, "楼宇名称", unknown["written"])
    asked = [
        f"填写楼宇编号（{'、'.join(known.ambiguous[folded(text)])}），或把楼名写到能区分"
        for text in several["written"]
    ]
    log.add_rows("building-ambiguous", several, "楼宇名称", several["written"], asked)
    similar = rows[reasons == "building-similar"]
    log.add_rows(
        "building-similar", similar, "楼宇名称", [f"{text} ≈ {near[text]}" for text in similar["written"]]
    )


def _reason(text: str, near: dict[str, str], known: Directory) -> str:
    if folded(text) in known.ambiguous:
        return "building-ambiguous"
    if folded(text) in known.set_aside:
        return "building-set-aside"
    return "building-similar" if text in near else "building-unknown"


def _nearest(texts: Iterable[str], known: Directory) -> dict[str, str]:
    """For each text the known name that sounds the same, or is spelled like it closely enough to ask."""
    cores = {core_name(name): name for name in (*known.names, *known.aliases)}
    sounds = {sound(core): name for core, name in reversed(cores.items())}
    found = {}
    for text in texts:
        core = core_name(text)
        spelled = difflib.get_close_matches(core, list(cores), n=1, cutoff=_LIKE)
        near = sounds.get(sound(core)) or (cores[spelled[0]] if spelled else None)
        if near:
            found[text] = near
    return found
