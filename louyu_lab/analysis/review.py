"""What people corrected and decided, as the data check prints it."""

from __future__ import annotations

import pandas as pd

from louyu_lab.analysis.outputs import declared
from louyu_lab.ledgers.catalogue import catalogue
from louyu_lab.ledgers.model import Ledgers
from louyu_lab.ledgers.review.outcomes import OUTCOME_ZH


def corrections_made(ledgers: Ledgers) -> pd.DataFrame:
    """Return table ``corrections``: every entry of 更正.xlsx with what became of it, named in Chinese."""
    entries = ledgers.corrections
    names = {name: ledger.zh for name, ledger in catalogue().items()}
    zh = entries.assign(
        ledger=entries["ledger"].map(names).fillna("").astype("str"),
        outcome=entries["outcome"].map(OUTCOME_ZH).astype("str"),
    )
    return declared("corrections", zh)


def accepted_faults(ledgers: Ledgers) -> pd.DataFrame:
    """Return table ``accepted_faults``: faults that somebody accepted, with the reason given."""
    return declared("accepted_faults", ledgers.accepted)


def review_tables(ledgers: Ledgers) -> dict[str, pd.DataFrame]:
    """Return both tables by name, those without a row left out."""
    tables = {"corrections": corrections_made(ledgers), "accepted_faults": accepted_faults(ledgers)}
    return {name: table for name, table in tables.items() if len(table)}
