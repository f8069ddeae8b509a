"""Faults that somebody accepted: taken off the list by what they say, not by where they stand."""

from __future__ import annotations

import pandas as pd

from louyu_lab.ledgers.model import FAULT_COLUMNS, listed
from louyu_lab.ledgers.review import corrections, decisions
from louyu_lab.ledgers.review.decisions import FAULTS, Decisions
from louyu_lab.ledgers.texts import folded


def without_accepted(
    faults: pd.DataFrame, subjects: pd.DataFrame, decided: Decisions
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the faults still open, and those accepted with the ``reason`` given.

    A fault is accepted by rule, 对象, 列 and 值; file and row play no part, so next year's ledger is
    judged alike. A fatal fault stays, and so does one of the decisions themselves.
    """
    reasons = {decision.key: decision for decision in decided.of(FAULTS)}
    if not reasons or faults.empty:
        return faults, listed((*FAULT_COLUMNS, "reason"))
    named = faults.merge(subjects[["file", "sheet", "row", "key"]], how="left", on=["file", "sheet", "row"])
    parts = zip(named["rule"], named["key"].fillna(""), named["column"], named["value"], strict=True)
    keys = pd.Series(
        ["|".join(map(folded, (rule, key, "", column, value))) for rule, key, column, value in parts],
        index=faults.index,
        dtype="str",
    )
    mild = (faults["severity"] != "fatal") & ~faults["file"].isin([corrections.FILE, decisions.FILE])
    accepted = keys.isin(list(reasons)) & mild
    decided.used |= {reasons[key] for key in keys[accepted].unique()}
    why = keys[accepted].map(lambda key: reasons[key].note).astype("str")
    return (
        faults[~accepted].reset_index(drop=True),
        faults[accepted].assign(reason=why).reset_index(drop=True),
    )
