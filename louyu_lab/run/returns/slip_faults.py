"""Which faults a clerk is asked about: those that can be answered from the ledger, each where it arose."""

from __future__ import annotations

import re

import pandas as pd

from louyu_lab.ledgers.beside import SIDE_FILES
from louyu_lab.ledgers.faults import rules
from louyu_lab.ledgers.files import TEXTS, WORKBOOKS
from louyu_lab.ledgers.model import Ledgers
from louyu_lab.ledgers.texts import folded

#: Faults of files that concern the researcher, not whoever keeps a ledger.
_NOT_LEDGERS = (*SIDE_FILES, "已公布")

#: What only the researcher has: the mapping of columns, the program and its manual.
_RESEARCHERS = re.compile(r"columns\.yaml|louyu|README|--[a-z]")


def sent_out(ledgers: Ledgers) -> tuple[pd.DataFrame, frozenset[str]]:
    """Return the faults that go out (``FAULT_COLUMNS``), and the buildings from whose errors others follow.

    The buildings are named as the rows spell them, folded. Left out are faults of side files and of
    files that are no ledgers, what only the researcher can mend, and what mends itself with another row.
    """
    faults = _told_to_clerks(_of_ledgers(ledgers.check()))
    follows = faults["rule"] == rules()["building-set-aside"].zh
    unknown = faults["rule"] == rules()["building-unknown"].zh
    follows |= unknown & faults["value"].map(folded).isin(_buildings_in_error(ledgers))
    return faults[~follows], frozenset(faults.loc[follows, "value"].map(folded))


def _of_ledgers(faults: pd.DataFrame) -> pd.DataFrame:
    names = faults["file"].str.rsplit("/", n=1).str[-1]
    is_ledger = names.str.lower().str.endswith((*WORKBOOKS, *TEXTS)) & ~names.str.startswith(_NOT_LEDGERS)
    return faults[is_ledger]


def _told_to_clerks(faults: pd.DataFrame) -> pd.DataFrame:
    """Leave the researcher's means out of the remedies, and the faults that have no other."""
    told = {remedy: _without_researchers(remedy) for remedy in faults["remedy"].unique()}
    mended = faults.assign(remedy=faults["remedy"].map(told).astype("str"))
    is_ours = (faults["remedy"] != "") & (mended["remedy"] == "")
    return mended[~is_ours & ~faults["rule"].str.contains(_RESEARCHERS)]


def _without_researchers(remedy: str) -> str:
    """Return the clauses of a remedy that speak of nothing but the ledger."""
    if not _RESEARCHERS.search(remedy):
        return remedy
    clauses = re.split(r"(?<=[；，])", remedy)
    return "".join(clause for clause in clauses if not _RESEARCHERS.search(clause)).strip("；，")


def _buildings_in_error(ledgers: Ledgers) -> set[str]:
    """Names (folded) of the buildings whose rows are set aside for an error."""
    faults = ledgers.check()
    errors = faults.loc[faults["severity"] == "error", ["file", "sheet", "row"]]
    named = ledgers.subjects[ledgers.subjects["ledger"] == "buildings"]
    return set(named.merge(errors, on=["file", "sheet", "row"])["key"].map(folded)) - {""}
