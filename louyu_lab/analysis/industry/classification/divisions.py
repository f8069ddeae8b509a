"""The division (大类, two digits) of a firm, where the words that settled its section also tell it.

Only divisions of the section found are considered. Words come from the names of the standard's own classes
(``gbt4754_classes.csv``) and from ``divisions.yaml``, which holds what people write instead.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from functools import cache

import pandas as pd

from louyu_lab.analysis.industry.classification.vocabulary import last_word
from louyu_lab.analysis.industry.sections import class_names, standard
from louyu_lab.ledgers.packaged import packaged_yaml

#: Weight of a word in the name against the words of the scope, which add up to 1.
NAME_WEIGHT = 0.6

#: A legal form, and a place or note in brackets: they tell no trade.
_NOT_READ = re.compile(r"(股份|集团|控股)?(有限)?(责任)?公司|\(.*?\)")

#: What the standard adds to the name of a thing or a service to make it the name of a class.
_CLASS_ENDINGS = re.compile(
    r"(的?(制造|加工|生产|批发|零售|服务|活动|业|专业|及辅助性?|专用设备|设备|供应|经营|管理|施工|安装|修理|维护|制品))+$"
)
_JOINTS = re.compile(r"[、,,和及与或]|以及")


def divisions_of(firms: pd.DataFrame, phrases: pd.DataFrame) -> pd.Series:
    """Return the division of each row of ``firms`` (``enterprise, business_scope, section``), else missing.

    ``phrases`` are those of ``scopes.scope_phrases``; only those of the firm's section speak, each with its
    emphasis, and the name's word. A section of one division, or one whose other activities all belong to a
    single division, needs no further word (``divisions.yaml``, ``otherwise``).
    """
    asked = firms[firms["section"].notna()].reset_index(names="firm")
    columns = {"enterprise": "text", "business_scope": "scope"}
    asked = asked.rename(columns=columns)[["firm", "section", "text", "scope"]]
    scopes = asked[["scope", "section"]].drop_duplicates().merge(phrases, on=["scope", "section"])
    spoken = scopes.assign(division=_told(scopes["phrase"], scopes["section"]))
    by_scope = spoken.groupby(["scope", "section", "division"], as_index=False)["emphasis"].sum()
    names = asked["text"].str.normalize("NFKC").str.replace(_NOT_READ, "", regex=True)
    by_name = asked.assign(division=_told(names, asked["section"]), emphasis=NAME_WEIGHT)
    votes = pd.concat([by_name, asked.merge(by_scope, on=["scope", "section"])])
    votes = votes.dropna(subset="division").groupby(["firm", "division"], as_index=False)["emphasis"].sum()
    best = votes.sort_values(["emphasis", "division"], ascending=[False, True]).drop_duplicates("firm")
    told = best.set_index("firm")["division"].reindex(firms.index)
    return told.fillna(firms["section"].map(_otherwise())).astype("str")


def _told(texts: pd.Series, sections: pd.Series) -> pd.Series:
    """Return the division that the last word known of each text names within its section, else missing."""
    pairs = pd.DataFrame({"text": texts, "section": sections}).dropna()
    distinct = pairs.drop_duplicates()
    terms = division_terms()
    found = [
        terms[section].get(last_word(text, terms[section])[0] or "")
        for text, section in zip(distinct["text"], distinct["section"], strict=True)
    ]
    known = distinct.assign(division=pd.Series(found, index=distinct.index, dtype="str"))
    joined = pairs.merge(known, how="left", on=["text", "section"]).set_axis(pairs.index)
    return joined["division"].reindex(texts.index)


@cache
def division_terms() -> Mapping[str, Mapping[str, str]]:
    """Return section -> word -> division; words of several divisions of a section are left out."""
    content = _content()["words"]
    table = standard()
    terms: dict[str, dict[str, str]] = {letter: {} for letter in table.section_names}
    for letter, words in _words_of_classes().items():
        terms[letter] |= words
    for division, words in content.items():
        terms[table.section_of_division[division]] |= dict.fromkeys(words, division)
    return terms


def _words_of_classes() -> dict[str, dict[str, str]]:
    """Return section -> word of the standard's class names -> division, for sections told by goods."""
    table = standard()
    found: dict[str, dict[str, set[str]]] = {}
    for code, name in class_names().items():
        letter = table.section_of_division[code[:2]]
        if letter not in _content()["named_by_classes"]:
            continue
        for part in _JOINTS.split(re.sub(r"\(.*?\)", "", name).strip()):
            word = _CLASS_ENDINGS.sub("", part.removeprefix("其他").removeprefix("未列明"))
            if len(word) >= 2:
                found.setdefault(letter, {}).setdefault(word, set()).add(code[:2])
    return {
        letter: {word: next(iter(codes)) for word, codes in words.items() if len(codes) == 1}
        for letter, words in found.items()
    }


@cache
def _otherwise() -> Mapping[str, str]:
    table = standard()
    sizes = Counter(table.section_of_division.values())
    single = {letter: code for code, letter in table.section_of_division.items() if sizes[letter] == 1}
    return single | _content()["otherwise"]


@cache
def _content() -> Mapping[str, object]:
    return packaged_yaml(__package__, "divisions.yaml")
