"""The section, division and district industry of a firm from its name and business scope alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set

import numpy as np
import pandas as pd

from louyu_lab.analysis.industry.classification.divisions import divisions_of
from louyu_lab.analysis.industry.classification.names import name_signs
from louyu_lab.analysis.industry.classification.scopes import scope_doubts, scope_phrases, scope_scores
from louyu_lab.analysis.industry.sections import UNRECOGNISED, IndustryMap, industry_map, standard

#: Weight of the name's word against the scope's words.
NAME_WEIGHT = 0.8

#: Evidence that counts as none: keeps the confidence of a single weak word low.
DOUBT = 0.25

#: What a call returns, in this order.
COLUMNS = ("section", "division", "industry", "confidence")

#: Share of the evidence that speaks for the answer -> how often such answers agree with a person's reading.
#: Set by hand against 404 firms of one city read before looking (seeded, hard ones over-represented). On 119
#: others drawn at random the answers between 0.45 and 0.6, 0.75, 0.9 and above were right in 58, 88, 92 and
#: 100 of a hundred (n = 12, 16, 25, 66).
CALIBRATION = ((0.0, 0.0), (0.2, 0.35), (0.35, 0.55), (0.5, 0.75), (0.6, 0.88), (0.75, 0.96), (1.0, 0.99))

Texts = pd.Series | Iterable[object]


def classify(
    names: Texts, scopes: Texts | None = None, industries: IndustryMap | None = None
) -> pd.DataFrame:
    """Return what each firm does, read from its name and its 经营范围 by GB/T 4754-2017.

    ``names`` and ``scopes`` are Series, lists or arrays of equal length, firm by firm; None, NaN and ""
    are empty, and without ``scopes`` only the names are read. Rows and index are those given.
    Columns: ``section`` (letter A–T), ``division`` (two digits; missing where the words do not tell),
    ``industry`` (of ``industries``, or 未识别), ``confidence`` (0–1: about how often such an answer agrees
    with a person's reading; 0 where nothing is told, and then ``section`` is missing).
    Raises ValueError for what is no column of texts, and for names and scopes that do not belong together.
    """
    firms = _firms(names, scopes)
    return read_words(firms, industries or industry_map()).fillna(
        {"industry": UNRECOGNISED, "confidence": 0.0}
    )


def read_words(firms: pd.DataFrame, industries: IndustryMap) -> pd.DataFrame:
    """Return ``COLUMNS`` of each of ``firms`` (``enterprise, business_scope``); missing where not told."""
    words = ["enterprise", "business_scope"]
    pairs = firms[words].astype("str").drop_duplicates(ignore_index=True)
    phrases = scope_phrases(pairs["business_scope"])
    scores = _section_scores(pairs, phrases)
    best = scores.max(axis=1)
    section = scores.idxmax(axis=1).where(best > 0).astype("str")
    unsaid = scope_doubts(phrases).reindex(pairs["business_scope"]).fillna(0.0).to_numpy(dtype="float64")
    share = best / (scores.sum(axis=1) + unsaid + DOUBT)
    division = divisions_of(pairs.assign(section=section), phrases)
    found = pd.DataFrame(
        {
            "section": section,
            "division": division,
            "industry": industries.industry_of(section, division),
            "confidence": calibrated(share).where(best > 0),
        }
    )
    joined = firms[words].astype("str").merge(pd.concat([pairs, found], axis=1), how="left", on=words)
    return joined[list(COLUMNS)].set_axis(firms.index)


def calibrated(share: pd.Series) -> pd.Series:
    """Turn the share of the evidence (0–1) into a confidence (0–1), along ``CALIBRATION``."""
    given, agreed = zip(*CALIBRATION, strict=True)
    return pd.Series(np.interp(share, given, agreed), index=share.index)


def _section_scores(pairs: pd.DataFrame, phrases: pd.DataFrame) -> pd.DataFrame:
    """Return the scores by section (columns A–T, rows as ``pairs``) of name and business scope."""
    columns = list(standard().section_names)
    by_scope = scope_scores(phrases).reindex(columns=columns).fillna(0.0)
    scores = by_scope.reindex(pairs["business_scope"]).fillna(0.0).to_numpy(copy=True)
    sign = name_signs(pairs["enterprise"]).reindex(pairs["enterprise"])
    known = sign["section"].notna().to_numpy()
    place = pd.Index(columns).get_indexer(sign["section"])
    scores[np.flatnonzero(known), place[known]] += NAME_WEIGHT * sign["weight"].to_numpy()[known]
    return pd.DataFrame(scores, columns=columns, index=pairs.index)


def _firms(names: Texts, scopes: Texts | None) -> pd.DataFrame:
    """Return the two lists side by side; refuse what does not belong together."""
    name = _column(names, "名称")
    scope = pd.Series(None, name.index, dtype="object") if scopes is None else _column(scopes, "经营范围")
    if len(name) != len(scope):
        raise ValueError(f"名称有 {len(name)} 个，经营范围有 {len(scope)} 个；两列应一一对应。")
    if not isinstance(names, pd.Series):
        name = name.set_axis(scope.index)
    elif not isinstance(scopes, pd.Series):
        scope = scope.set_axis(name.index)
    if not name.index.equals(scope.index):
        raise ValueError("名称和经营范围的行索引不同；两列应取自同一张表。")
    return pd.DataFrame({"enterprise": _texts(name), "business_scope": _texts(scope)}, index=name.index)


def _column(texts: Texts, what: str) -> pd.Series:
    if isinstance(texts, (str, Mapping, Set, pd.DataFrame)) or not isinstance(texts, Iterable):
        raise ValueError("classify 要的是一列名称和一列经营范围；只有一家的，请写成 [名称], [经营范围]。")
    column = texts if isinstance(texts, pd.Series) else pd.Series(list(texts), dtype="object")
    told = column.dropna()
    other = told[[not isinstance(text, str) for text in told]]
    if len(other):
        raise ValueError(f"{what}里有 {len(other)} 个不是文字，如 {other.iloc[0]!r}；应为文字，空的写 None。")
    return column


def _texts(values: pd.Series) -> pd.Series:
    return values.astype("object").where(values.notna(), None).astype("str")
