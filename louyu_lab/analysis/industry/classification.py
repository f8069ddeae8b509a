"""The section (门类) and district industry of an enterprise, with how sure the answer is.

In this order: a given industry code; a given 行业 text; the words of the name and the business scope
together. What none of them tells stays ``未识别``.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from louyu_lab.analysis.industry.sections import (
    UNRECOGNISED,
    IndustryMap,
    division_of_code,
    industry_map,
    section_of_code,
    standard,
)
from louyu_lab.analysis.industry.wording import name_signs, phrase_signs, scope_scores

#: Where an answer came from, as shown to the user.
BY_CODE, BY_INDUSTRY, BY_WORDS = "行业代码", "行业文字", "名称与经营范围"

#: Weight of the name's word against the scope's words.
NAME_WEIGHT = 1.0

#: Evidence that counts as none: keeps the confidence of a single weak word low.
DOUBT = 0.25

#: Confidence of a given 行业 text that is exactly a known wording, and of one read by its keyword.
EXACT_TEXT, READ_TEXT = 0.95, 0.7

INPUTS = ("industry_code", "industry", "business_scope", "enterprise")


def classify(enterprises: pd.DataFrame, industries: IndustryMap | None = None) -> pd.DataFrame:
    """Return the section and district industry of each row of ``enterprises``, same index.

    Reads ``industry_code, industry, business_scope, enterprise``; absent columns count as empty.
    Columns: ``section`` (GB/T 4754-2017 letter; missing where unrecognised, or where the given
    industry holds several sections), ``industry`` (of ``industries``, or 未识别), ``source``
    (行业代码, 行业文字, 名称与经营范围, 未识别), ``confidence`` (0–1; 1 for a given code, 0 for
    unrecognised; a score for ranking doubtful rows, not a probability).
    """
    industries = industries or industry_map()
    given = enterprises.reindex(columns=list(INPUTS)).astype("str")
    answers = [
        _by_code(given["industry_code"], industries),
        _by_industry(given["industry"], industries),
    ]
    open_rows = answers[0]["industry"].isna() & answers[1]["industry"].isna()
    answers.append(_by_words(given[open_rows], industries).reindex(given.index))
    result = answers[0]
    for answer in answers[1:]:
        result = result.where(result["industry"].notna(), answer)
    unknown = result["industry"].isna()
    result.loc[unknown, ["industry", "source"]] = UNRECOGNISED
    result["confidence"] = result["confidence"].astype("float64").fillna(0.0)
    return result.astype({"section": "str", "industry": "str", "source": "str"})


def section_scores(names: pd.Series, scopes: pd.Series) -> pd.DataFrame:
    """Return the scores by section (columns A–T, rows as ``names``) of name and business scope."""
    columns = list(standard().section_names)
    by_scope = scope_scores(scopes).reindex(columns=columns).fillna(0.0)
    scores = by_scope.reindex(scopes).fillna(0.0).to_numpy(copy=True)
    sign = name_signs(names).reindex(names)
    known = sign["section"].notna().to_numpy()
    place = pd.Index(columns).get_indexer(sign["section"])
    scores[np.flatnonzero(known), place[known]] += NAME_WEIGHT * sign["weight"].to_numpy()[known]
    return pd.DataFrame(scores, columns=columns, index=names.index)


def _by_code(codes: pd.Series, industries: IndustryMap) -> pd.DataFrame:
    section = section_of_code(codes)
    industry = industries.industry_of(section, division_of_code(codes))
    return _answer(section, industry, BY_CODE, pd.Series(1.0, index=codes.index))


def _by_industry(texts: pd.Series, industries: IndustryMap) -> pd.DataFrame:
    """Read a 行业 column: a code in it, a name of the standard or of the district, else its keyword."""
    distinct = texts.dropna().drop_duplicates()
    plain = distinct.str.normalize("NFKC").str.replace(r"[\s,、/·()]", "", regex=True)
    coded = _by_code(plain.str.extract(r"^([A-Ta-t]?\d{2,4}|[A-Ta-t]$)", expand=False), industries)
    code_before_words = r"^([A-Ta-t]?\d{2,4}|[A-Ta-t](?=[^A-Za-z]))[-.:]?"
    worded = _by_wording(plain.str.replace(code_before_words, "", regex=True), industries)
    found = coded.where(coded["industry"].notna(), worded)
    found = found.assign(source=BY_INDUSTRY, confidence=found["confidence"].clip(upper=EXACT_TEXT))
    found = found.where(found["industry"].notna()).set_axis(pd.Index(distinct))
    return found.reindex(texts).set_axis(texts.index)


def _by_wording(texts: pd.Series, industries: IndustryMap) -> pd.DataFrame:
    exact = _wordings(industries)
    known = texts.where(texts.isin(list(exact)), texts.str.replace(r"(行业|产业|业)$", "", regex=True))
    found = [exact.get(text, (None, None)) for text in known]
    named = pd.DataFrame(found, index=texts.index, columns=["industry", "section"], dtype="object")
    read = _section_by(name_signs, texts).fillna(_section_by(phrase_signs, texts))
    is_named = named["industry"].notna()
    section = named["section"].where(is_named, read)
    industry = named["industry"].where(is_named, industries.industry_of(read))
    confidence = pd.Series(np.where(is_named, EXACT_TEXT, READ_TEXT), index=texts.index)
    return _answer(section, industry, BY_INDUSTRY, confidence)


def _section_by(signs: Callable[[pd.Series], pd.DataFrame], texts: pd.Series) -> pd.Series:
    return signs(texts)["section"].reindex(texts).set_axis(texts.index)


def _wordings(industries: IndustryMap) -> dict[str, tuple[str, str | None]]:
    """Exact wording -> (district industry, section or None where the industry holds several)."""
    table = standard()
    exact: dict[str, tuple[str, str | None]] = {}
    for code, name in table.division_names.items():
        letter = table.section_of_division[code]
        exact[name] = (industries.of_division.get(code, industries.of_section[letter]), letter)
    exact |= {name: (industries.of_section[letter], letter) for letter, name in table.section_names.items()}
    plain = {name.replace("、", "").replace(",", ""): answer for name, answer in exact.items()}
    plain |= {name.removesuffix("业"): answer for name, answer in plain.items()}
    for alias, industry in industries.aliases.items():
        held = industries.sections[industry]
        plain[alias] = (industry, held[0] if len(held) == 1 else None)
    return plain


def _by_words(rows: pd.DataFrame, industries: IndustryMap) -> pd.DataFrame:
    pairs = rows[["enterprise", "business_scope"]].drop_duplicates()
    scores = section_scores(pairs["enterprise"], pairs["business_scope"])
    best = scores.max(axis=1)
    section = scores.idxmax(axis=1).where(best > 0)
    confidence = best / (scores.sum(axis=1) + DOUBT)
    found = _answer(section, industries.industry_of(section), BY_WORDS, confidence)
    words = ["enterprise", "business_scope"]
    joined = rows[words].merge(found.assign(**pairs), how="left", on=words)
    return joined.drop(columns=words).set_axis(rows.index)


def _answer(section: pd.Series, industry: pd.Series, source: str, confidence: pd.Series) -> pd.DataFrame:
    told = industry.notna()
    answer = {"section": section, "industry": industry, "source": source, "confidence": confidence}
    return pd.DataFrame(answer, index=section.index).astype({"source": "str"}).where(told)
