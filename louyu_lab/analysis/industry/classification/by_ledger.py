"""The section and district industry of enterprises as the ledgers describe them.

In this order: a given industry code; a given 行业 text; the words of the name and the business scope
together. What none of them tells stays ``未识别``.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from louyu_lab.analysis.industry.classification.by_words import read_words
from louyu_lab.analysis.industry.classification.names import name_signs
from louyu_lab.analysis.industry.classification.scopes import phrase_signs
from louyu_lab.analysis.industry.sections import (
    UNRECOGNISED,
    IndustryMap,
    division_of_code,
    industry_map,
    section_of_code,
    standard,
)

#: Where an answer came from, as shown to the user.
BY_CODE, BY_INDUSTRY, BY_WORDS = "行业代码", "行业文字", "名称与经营范围"

#: Confidence of a given 行业 text that is exactly a known wording, and of one read by its keyword.
EXACT_TEXT, READ_TEXT = 0.95, 0.7

INPUTS = ("industry_code", "industry", "business_scope", "enterprise")


def classify_enterprises(enterprises: pd.DataFrame, industries: IndustryMap | None = None) -> pd.DataFrame:
    """Return the section and district industry of each row of ``enterprises``, same index.

    Reads ``industry_code, industry, business_scope, enterprise``; absent columns count as empty.
    Columns: ``section`` (GB/T 4754-2017 letter; missing where unrecognised, or where the given
    industry holds several sections), ``division`` (two digits; missing where not told), ``industry`` (of
    ``industries``, or 未识别), ``confidence`` (0–1; 1 for a given code, 0 for unrecognised, see
    ``classify``), ``source`` (行业代码, 行业文字, 名称与经营范围, 未识别).
    """
    given = enterprises.reindex(columns=list(INPUTS)).astype("str")
    # The same words stand in many rows, year after year: each is read once.
    at = given.groupby(list(INPUTS), sort=False, dropna=False).ngroup()
    distinct = given[~at.duplicated()].reset_index(drop=True)
    return _classified(distinct, industries or industry_map()).loc[at].set_axis(given.index)


def _classified(given: pd.DataFrame, industries: IndustryMap) -> pd.DataFrame:
    """Return the answers of ``classify_enterprises`` for rows of ``INPUTS``."""
    answers = [
        _by_code(given["industry_code"], industries),
        _by_industry(given["industry"], industries),
    ]
    open_rows = answers[0]["industry"].isna() & answers[1]["industry"].isna()
    by_words = read_words(given[open_rows], industries).reindex(given.index)
    answers.append(by_words.assign(source=BY_WORDS).where(by_words["industry"].notna()))
    result = answers[0]
    for answer in answers[1:]:
        result = result.where(result["industry"].notna(), answer)
    unknown = result["industry"].isna()
    result.loc[unknown, ["industry", "source"]] = UNRECOGNISED
    result["confidence"] = result["confidence"].astype("float64").fillna(0.0)
    return result.astype(dict.fromkeys(("section", "division", "industry", "source"), "str"))


def enterprise_industries(rows: pd.DataFrame, industries: IndustryMap | None = None) -> pd.Series:
    """Return the district industry of each enterprise of ``rows``, by ``enterprise_id``: one for all years.

    ``rows`` are rows of the enterprise ledger (``enterprise_id, year`` and ``INPUTS``). The words of the
    latest year tell, and what they leave open the next latest: what ``yearly_classes`` answers for it.
    """
    known = rows[rows["enterprise_id"].notna()]
    newest_first = (-known["year"].fillna(0).astype("int64")).sort_values(kind="stable").index
    words = known.loc[newest_first].groupby("enterprise_id")[list(INPUTS)].first()
    return classify_enterprises(words, industries)["industry"]


def yearly_classes(rows: pd.DataFrame, industries: IndustryMap | None = None) -> pd.DataFrame:
    """Return the answers of ``classify_enterprises`` by enterprise and year, one for each of ``rows``.

    Same index. ``rows`` are those of ``panel.enterprise_years`` (``enterprise_id, year`` and ``INPUTS``), of
    all years known: they complete each other. An enterprise is told in a year by the words of that year; what
    they leave blank by the latest year before it that says so, else by the first after. All its rows of a
    year have one answer.
    """
    key = ["enterprise_id", "year"]
    words = rows.groupby(key)[list(INPUTS)].first()
    words = words.groupby(level="enterprise_id").ffill().groupby(level="enterprise_id").bfill()
    spread = words.reindex(pd.MultiIndex.from_frame(rows[key])).set_axis(rows.index)
    return classify_enterprises(spread, industries)


def _by_code(codes: pd.Series, industries: IndustryMap) -> pd.DataFrame:
    section, division = section_of_code(codes), division_of_code(codes)
    industry = industries.industry_of(section, division)
    return _answer(section, division, industry, BY_CODE, pd.Series(1.0, index=codes.index))


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
    found = [exact.get(text, (None, None, None)) for text in known]
    columns = ["industry", "section", "division"]
    named = pd.DataFrame(found, index=texts.index, columns=columns, dtype="object")
    read = _section_by(name_signs, texts).fillna(_section_by(phrase_signs, texts))
    is_named = named["industry"].notna()
    section = named["section"].where(is_named, read)
    industry = named["industry"].where(is_named, industries.industry_of(read))
    confidence = pd.Series(np.where(is_named, EXACT_TEXT, READ_TEXT), index=texts.index)
    return _answer(section, named["division"], industry, BY_INDUSTRY, confidence)


def _section_by(signs: Callable[[pd.Series], pd.DataFrame], texts: pd.Series) -> pd.Series:
    return signs(texts)["section"].reindex(texts).set_axis(texts.index)


def _wordings(industries: IndustryMap) -> dict[str, tuple[str, str | None, str | None]]:
    """Exact wording -> (district industry, section or None where it holds several, division or None)."""
    table = standard()
    exact: dict[str, tuple[str, str | None, str | None]] = {}
    for code, name in table.division_names.items():
        letter = table.section_of_division[code]
        exact[name] = (industries.of_division.get(code, industries.of_section[letter]), letter, code)
    sections = table.section_names.items()
    exact |= {name: (industries.of_section[letter], letter, None) for letter, name in sections}
    plain = {name.replace("、", "").replace(",", ""): answer for name, answer in exact.items()}
    plain |= {name.removesuffix("业"): answer for name, answer in plain.items()}
    for alias, industry in industries.aliases.items():
        held = industries.sections[industry]
        plain[alias] = (industry, held[0] if len(held) == 1 else None, None)
    return plain


def _answer(
    section: pd.Series, division: pd.Series, industry: pd.Series, source: str, confidence: pd.Series
) -> pd.DataFrame:
    columns = {"section": section, "division": division, "industry": industry, "confidence": confidence}
    answer = pd.DataFrame({**columns, "source": source}, index=section.index)
    return answer.astype({"division": "str", "source": "str"}).where(industry.notna())
