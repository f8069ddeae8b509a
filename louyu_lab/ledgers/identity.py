"""Which enterprise a row speaks of: its credit code where that is valid, otherwise its name."""

from __future__ import annotations

import pandas as pd

from louyu_lab.ledgers.credit_codes import is_valid
from louyu_lab.ledgers.faults import FaultLog
from louyu_lab.ledgers.texts import folded

#: Ledgers whose rows are enterprises.
WITH_ENTERPRISES = ("tenancies", "taxes", "registrations")


def identify(frames: dict[str, pd.DataFrame], log: FaultLog) -> dict[str, pd.DataFrame]:
    """Return the frames with ``enterprise_id`` filled, alike in every ledger.

    The id is the valid code; a row without one takes the code its name has elsewhere, provided that
    is a single one; failing that the folded name itself. Invalid codes, codes with two names and
    names with two codes are listed.
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
    known = every[every["valid"] & every["key"].notna()].drop_duplicates(["credit_code", "key"])
    _note_two(known, "credit_code", "key", "code-two-names", "企业名称", "enterprise", log)
    twice = _note_two(known, "key", "credit_code", "name-two-codes", "统一社会信用代码", "credit_code", log)
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


def _note_two(
    known: pd.DataFrame, by: str, other: str, rule: str, column: str, shown: str, log: FaultLog
) -> set[str]:
    """List each ``by`` that goes with several ``other``, at the row where the second one appears."""
    count = known.groupby(by)[other].transform("size")
    several = known[count > 1]
    second = several[several.duplicated(by)].drop_duplicates(by)
    firsts = several.drop_duplicates(by).set_index(by)[shown]
    values = [f"{value}（另有 {firsts[key]}）" for key, value in zip(second[by], second[shown], strict=True)]
    log.add_rows(rule, second, column, values)
    return set(several[by])


def _folded_names(names: pd.Series) -> pd.Series:
    codes, distinct = pd.factorize(names)
    table = pd.Series([folded(str(name)) for name in distinct], dtype="object")
    return pd.Series(table.reindex(codes).to_numpy(), index=names.index, dtype="object")
