"""Enterprises whose industry is little more than a guess, or whose code is doubted, the weightiest first."""

from __future__ import annotations

import pandas as pd

from louyu_lab.analysis.industry.classification import BY_WORDS, INPUTS, classify_enterprises, code_doubts
from louyu_lab.analysis.industry.classification.code_doubts import CONTRADICTED
from louyu_lab.analysis.industry.sections import UNRECOGNISED, industry_map_of
from louyu_lab.ledgers.model import Ledgers
from louyu_lab.ledgers.review.decisions import INDUSTRIES
from louyu_lab.ledgers.texts import folded

#: Below this confidence a reading of name and scope is asked about: readers agree with such in two of three.
DOUBTFUL = 0.65

#: Enterprises asked about at most.
ASKED = 200

COLUMNS = (
    *("enterprise", "credit_code", "business_scope"),
    *("industry", "confidence", "doubt", "area_sqm", "tax_yuan"),
)


def doubtful_industries(ledgers: Ledgers) -> pd.DataFrame:
    """Return ``COLUMNS`` of at most ``ASKED`` enterprises, by tax of their last year, then by area.

    ``industry`` is the guess and ``confidence`` (0–1) its own; ``doubt`` tells the given code and what speaks
    against it, "" where none was given; ``area_sqm`` the largest reported at once (㎡); ``tax_yuan`` in 元.
    A code that somebody decided on is no longer asked about; one that the standard does not hold is a fault
    of the ledger (``code_faults``) and asked about only where the words are a guess.
    """
    stays = ledgers["tenancies"]
    stays = stays[stays["enterprise"].notna() & stays["enterprise_id"].notna()]
    if stays.empty:
        return pd.DataFrame(columns=list(COLUMNS))
    latest = stays.sort_values(["year", "move_in_date"], kind="stable", na_position="first")
    kept = [*INPUTS, "credit_code"]
    firms = latest.groupby("enterprise_id", sort=True)[kept].last()
    industries = industry_map_of(ledgers)
    answers = classify_enterprises(firms, industries)
    is_guess = answers["source"].isin([BY_WORDS, UNRECOGNISED]) & (answers["confidence"] < DOUBTFUL)
    doubts = code_doubts(firms[~_is_decided(firms, ledgers.decisions)], industries)
    # What an unknown code leaves open, its division or the words tell: asked only where they are a guess.
    guessed = doubts.index.isin(is_guess.index[is_guess])
    doubts = doubts[(doubts["reason"] == CONTRADICTED) | guessed]
    doubt = doubts["industry_code"] + "：" + doubts["reason"]
    told = firms.assign(
        industry=doubts["industry_by_words"].reindex(firms.index).fillna(answers["industry"]),
        confidence=doubts["confidence"].reindex(firms.index).fillna(answers["confidence"]),
        doubt=doubt.reindex(firms.index).fillna("").astype("str"),
        area_sqm=stays.groupby("enterprise_id")["area_sqm"].max(),
        tax_yuan=_last_tax(ledgers["taxes"]),
    )
    asked = told[is_guess | (told["doubt"] != "")]
    ordered = asked.fillna({"tax_yuan": 0.0, "area_sqm": 0.0}).sort_values(
        ["tax_yuan", "area_sqm", "enterprise"], ascending=[False, False, True], kind="stable"
    )
    return ordered[list(COLUMNS)].head(ASKED).reset_index(drop=True)


def _is_decided(firms: pd.DataFrame, decisions: pd.DataFrame) -> pd.Series:
    """Tell the firms of whose industry 复核.xlsx decides, by code or by name."""
    made = decisions[(decisions["kind"] == INDUSTRIES) & decisions["used"]]
    codes, names = set(made["code"].map(folded)) - {""}, set(made["subject"].map(folded))
    by_code = firms["credit_code"].fillna("").map(folded).isin(codes)
    return by_code | firms["enterprise"].map(folded).isin(names)


def _last_tax(taxes: pd.DataFrame) -> pd.Series:
    """Each enterprise's tax in the last year it reports, 元."""
    own = taxes.dropna(subset=["enterprise_id", "year"])
    last = own["year"] == own.groupby("enterprise_id")["year"].transform("max")
    return own[last].groupby("enterprise_id")["tax_yuan"].sum()
