"""Which enterprise a row speaks of: its credit code where that is valid, otherwise its name."""

from __future__ import annotations

import pandas as pd

from louyu_lab.ledgers.credit_codes import is_valid
from louyu_lab.ledgers.faults import FaultLog
from louyu_lab.ledgers.review.decisions import ENTERPRISES, NOT_IT, Decision, Decisions, Undecided, settled
from louyu_lab.ledgers.texts import folded, nearest

#: Ledgers whose rows are enterprises.
WITH_ENTERPRISES = ("tenancies", "taxes", "registrations")


def identify(frames: dict[str, pd.DataFrame], log: FaultLog, decisions: Decisions) -> dict[str, pd.DataFrame]:
    """Return the frames with ``enterprise_id`` filled, alike in every ledger.

    The id is the valid code; a row without one takes the code its name has elsewhere, provided that
    is a single one; failing that the folded name itself. Names and codes that somebody decided to be
    another enterprise's stand for that one. Invalid codes, codes with two names and names with two
    codes are listed.
    """
    present = [name for name in WITH_ENTERPRISES if name in frames]
    columns = ["credit_code", "enterprise", "file", "sheet", "row"]
    if not present:
        return frames
    every = pd.concat([frames[name][columns].assign(ledger=name) for name in present], ignore_index=True)
    every["key"] = _folded_names(every["enterprise"])
    every["valid"] = is_valid(every["credit_code"])
    wrong = every["credit_code"].notna() & ~every["valid"]
    log.add_rows("code-invalid", every[wrong], "统一社会信用代码", every.loc[wrong, "credit_code"])
    every, told_apart = _as_decided(every, decisions, log)
    known = every[every["valid"] & every["key"].notna()].drop_duplicates(["credit_code", "key"])
    _note_two(known, "credit_code", "key", "code-two-names", "企业名称", "enterprise", told_apart, log)
    code_zh = "统一社会信用代码"
    twice = _note_two(known, "key", "credit_code", "name-two-codes", code_zh, "credit_code", told_apart, log)
    code_of = known[~known["key"].isin(twice)].drop_duplicates("key").set_index("key")["credit_code"]
    ids = every["credit_code"].astype("object").where(every["valid"])
    ids = ids.fillna(every["key"].map(code_of)).fillna(every["key"]).fillna(every["credit_code"])
    return {
        **frames,
        **{
            name: frames[name].assign(enterprise_id=ids[every["ledger"] == name].to_numpy())
            for name in present
        },
    }


def _as_decided(
    every: pd.DataFrame, decisions: Decisions, log: FaultLog
) -> tuple[pd.DataFrame, frozenset[str]]:
    """Return the rows with names and codes replaced as decided, and those (folded) said to be apart.

    A row given to a code takes that code and its name; one given to a name takes the name, and the code
    that the name has elsewhere.
    """
    given = decisions.of(ENTERPRISES)
    if not given:
        return every, frozenset()
    codes = _folded_names(every["credit_code"])
    present = set(every["key"].dropna()) | set(codes.dropna())
    decisions.note_use(ENTERPRISES, present)

    def answer(decision: Decision) -> str:
        target = folded(decision.decision)
        is_used = folded(decision.subject) in present
        if decision.decision == NOT_IT:
            return ""
        if is_used and target not in present and not is_valid(pd.Series([target.upper()])).iloc[0]:
            raise Undecided(nearest(target, present))
        return target

    sure = settled(given, answer, log)
    targets = {folded(entry.subject): sure[entry.key] for entry in given if entry.key in sure}
    final = {subject: _end(subject, targets) for subject, target in targets.items() if target}
    goal = every["key"].map(final).astype("object").fillna(codes.map(final))
    to_code = is_valid(goal.str.upper()) | goal.isin(set(codes.dropna()))
    settled_rows = every[goal.isna()]
    name_of = settled_rows.assign(code=codes).dropna(subset="key").drop_duplicates("code")
    name_of = name_of.set_index("code")["key"]
    has_code = goal.isin(settled_rows.loc[settled_rows["valid"], "key"])
    named = goal.map(name_of).astype("object").fillna(every["key"])
    key = every["key"].mask(goal.notna() & ~to_code, goal).mask(to_code, named)
    code = every["credit_code"].astype("object").mask(has_code & ~to_code, None)
    code = code.mask(to_code, goal.str.upper())
    apart = frozenset(subject for subject, target in targets.items() if not target)
    return every.assign(key=key, credit_code=code, valid=is_valid(code)), apart


def _end(subject: str, targets: dict[str, str]) -> str:
    """Follow decisions to the last one; of those that go round, all are the first in order."""
    path = [subject]
    while target := targets.get(path[-1]):
        if target in path:
            return min(path[path.index(target) :])
        path.append(target)
    return path[-1]


def _note_two(
    known: pd.DataFrame,
    by: str,
    other: str,
    rule: str,
    column: str,
    shown: str,
    apart: frozenset[str],
    log: FaultLog,
) -> set[str]:
    """List each ``by`` that goes with several ``other``, at the row where the second one appears.

    Names and codes said to be ``apart`` are not asked about again.
    """
    count = known.groupby(by)[other].transform("size")
    several = known[count > 1]
    doubtful = several[~(several["key"].isin(apart) | several["credit_code"].str.lower().isin(apart))]
    second = doubtful[doubtful.duplicated(by)].drop_duplicates(by)
    firsts = doubtful.drop_duplicates(by).set_index(by)[shown]
    values = [f"{value}（另有 {firsts[key]}）" for key, value in zip(second[by], second[shown], strict=True)]
    log.add_rows(rule, second, column, values)
    return set(several[by])


def _folded_names(names: pd.Series) -> pd.Series:
    codes, distinct = pd.factorize(names)
    table = pd.Series([folded(str(name)) for name in distinct], dtype="object")
    return pd.Series(table.reindex(codes).to_numpy(), index=names.index, dtype="object")
