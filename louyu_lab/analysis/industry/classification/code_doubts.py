"""Given industry codes that the words of the enterprise contradict, or that the standard does not hold."""

from __future__ import annotations

import pandas as pd

from louyu_lab.analysis.industry.classification.by_ledger import INPUTS
from louyu_lab.analysis.industry.classification.by_words import read_words
from louyu_lab.analysis.industry.sections import (
    UNRECOGNISED,
    IndustryMap,
    division_of_code,
    industry_map,
    section_of_code,
    unknown_codes,
)

#: A reading of the words counts against a code from this confidence on.
SURE = 0.9

#: Why a code is doubted, as shown to the user.
UNKNOWN, CONTRADICTED = "2017 版国标里没有这个代码", "与名称、经营范围不符"

COLUMNS = (
    "industry_code",
    "section_by_code",
    "section_by_words",
    "industry_by_words",
    "confidence",
    "reason",
)


def code_doubts(enterprises: pd.DataFrame, industries: IndustryMap | None = None) -> pd.DataFrame:
    """Return the rows of ``enterprises`` whose ``industry_code`` is doubtful, same index, surest first.

    Doubtful is a code that GB/T 4754-2017 does not hold, and one whose section differs from that of the name
    and the business scope where these are read with a confidence of at least ``SURE``. Sections that a
    district counts as one industry are no contradiction (I and M are both 科技 unless the district says
    otherwise). A class of the edition of 2011 (6510) is none of 2017, though its section still counts: where
    the words contradict that, this is the reason given.
    Columns: ``COLUMNS``; sections are letters A–T, missing where not told; ``confidence``
    (0–1) is that of the words.
    """
    industries = industries or industry_map()
    given = enterprises.reindex(columns=list(INPUTS)).astype("str")
    coded = given[given["industry_code"].str.strip().fillna("") != ""]
    words = read_words(coded, industries)
    section = section_of_code(coded["industry_code"])
    division = division_of_code(coded["industry_code"])
    told = pd.DataFrame(
        {
            "industry_code": coded["industry_code"],
            "section_by_code": section,
            "section_by_words": words["section"],
            "industry_by_words": words["industry"].fillna(UNRECOGNISED),
            "confidence": words["confidence"].fillna(0.0),
        }
    )
    is_unknown = unknown_codes(coded["industry_code"])
    differs = (section != words["section"]) & (industries.industry_of(section, division) != words["industry"])
    contradicts = section.notna() & words["section"].notna() & differs & (told["confidence"] >= SURE)
    told["reason"] = pd.Series(UNKNOWN, index=told.index, dtype="str").mask(contradicts, CONTRADICTED)
    doubted = told[is_unknown | contradicts]
    return doubted.sort_values("confidence", ascending=False, kind="stable")[list(COLUMNS)]
