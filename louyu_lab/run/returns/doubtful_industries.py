"""Enterprises whose industry is little more than a guess, the weightiest first."""

from __future__ import annotations

import pandas as pd

from louyu_lab.analysis.industry.classification import BY_WORDS, INPUTS, classify
from louyu_lab.analysis.industry.sections import UNRECOGNISED
from louyu_lab.ledgers.model import Ledgers

#: Below this score a reading of name and scope is asked about: its words speak for several sections alike.
DOUBTFUL = 0.5

#: Enterprises asked about at most.
ASKED = 200

COLUMNS = (
    *("enterprise", "credit_code", "business_scope"),
    *("industry", "confidence", "area_sqm", "tax_yuan"),
)


def doubtful_industries(ledgers: Ledgers) -> pd.DataFrame:
    """Return ``COLUMNS`` of at most ``ASKED`` enterprises, by tax of their last year, then by area.

    ``industry`` is the guess; ``area_sqm`` the largest reported at once (㎡); ``tax_yuan`` in 元.
    """
    stays = ledgers["tenancies"]
    stays = stays[stays["enterprise"].notna() & stays["enterprise_id"].notna()]
    if stays.empty:
        return pd.DataFrame(columns=list(COLUMNS))
    latest = stays.sort_values(["year", "move_in_date"], kind="stable", na_position="first")
    kept = [*INPUTS, "credit_code"]
    firms = latest.groupby("enterprise_id", sort=True)[kept].last()
    answers = classify(firms)
    told = firms.assign(
        industry=answers["industry"],
        confidence=answers["confidence"],
        area_sqm=stays.groupby("enterprise_id")["area_sqm"].max(),
        tax_yuan=_last_tax(ledgers["taxes"]),
    )
    is_guess = answers["source"].isin([BY_WORDS, UNRECOGNISED]) & (answers["confidence"] < DOUBTFUL)
    asked = told[is_guess]
    ordered = asked.fillna({"tax_yuan": 0.0, "area_sqm": 0.0}).sort_values(
        ["tax_yuan", "area_sqm", "enterprise"], ascending=[False, False, True], kind="stable"
    )
    return ordered[list(COLUMNS)].head(ASKED).reset_index(drop=True)


def _last_tax(taxes: pd.DataFrame) -> pd.Series:
    """Each enterprise's tax in the last year it reports, 元."""
    own = taxes.dropna(subset=["enterprise_id", "year"])
    last = own["year"] == own.groupby("enterprise_id")["year"].transform("max")
    return own[last].groupby("enterprise_id")["tax_yuan"].sum()
