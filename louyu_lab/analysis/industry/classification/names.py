"""What the name of an enterprise says about its section.

A company's name ends "字号 + 行业 + 组织形式", so words near its end count most ("…汽车贸易有限公司" is
trade). What follows the legal form names a branch: its place, unless it ends with a word of business
("…有限公司软件园分公司" is a place, "…有限公司和平支行" is a bank).
"""

from __future__ import annotations

import re

import pandas as pd

from louyu_lab.analysis.industry.classification.vocabulary import Sign, last_word, vocabulary

#: Weight of a word of the name relative to the word after it, and the most an earlier word can weigh.
NAME_DECAY, NAME_CAP = 0.7, 1.0

#: A branch's own words count from this weight on ("加油站", "支行"); weaker ones are part of its address.
BRANCH_WEIGHT = 0.75

#: Words of a name that are looked at, from its end.
_WORDS_READ = 3

#: Sign of a word the dictionary does not hold.
_NOT_LISTED: Sign = ("", 0.0)

_LEGAL_FORM = re.compile(r"(股份|集团|控股)?(有限)?(责任)?(总)?公司|\(.*?\)|(有限|普通)合伙|个人独资")
_BRANCH = re.compile(r"^(.*(?:公司|合伙\)))(.+)$")
_BRANCH_FORM = re.compile(
    r"(第?[一二三四五六七八九十\d]*)(分公司|支公司|分店|办事处|代表处|分部|分所|分社|店)$"
)
_CHINESE = re.compile(r"[\u3400-\u9fff]")


def name_signs(names: pd.Series) -> pd.DataFrame:
    """Return the sign of each distinct name: columns ``section, weight``, indexed by name."""
    distinct = names.dropna().drop_duplicates()
    text = distinct.astype("str").str.normalize("NFKC").str.strip()
    return signs_frame([_name_sign(name) for name in text], pd.Index(distinct))


def signs_frame(signs: list[Sign | None], index: pd.Index) -> pd.DataFrame:
    """Return signs as a frame of ``section, weight``; missing where there is none."""
    found = [sign or (None, None) for sign in signs]
    frame = pd.DataFrame(found, columns=["section", "weight"], index=index)
    return frame.astype({"section": "str", "weight": "float64"})


def _name_sign(name: str) -> Sign | None:
    if not _CHINESE.search(name):
        return _english_sign(name)
    branch = _BRANCH.match(name)
    if branch:
        told = _branch_sign(branch[2])
        if told is not None:
            return told
        name = branch[1]
    return _company_sign(_LEGAL_FORM.sub("", name))


def _branch_sign(tail: str) -> Sign | None:
    """Sign of what follows the legal form, where it ends with a word of business."""
    words = vocabulary()
    place = _BRANCH_FORM.sub("", tail)
    for text in (tail, place):
        word, start = last_word(text, words.names)
        if word is None or start + len(word) < len(text) or (text != tail and word in words.endings):
            continue
        if words.names[word][1] >= BRANCH_WEIGHT:
            return words.names[word]
    return None


def _company_sign(name: str) -> Sign | None:
    """Strongest of the last words of a name, an earlier word weighing less than a later one."""
    words = vocabulary()
    best, length = None, len(name)
    for step in range(_WORDS_READ):
        word, start = last_word(name, words.names)
        if word is None:
            break
        section, weight = words.names[word]
        if word in words.endings and start + len(word) < length:
            name = name[:start]
            continue
        weight = weight if step == 0 else min(weight, NAME_CAP) * NAME_DECAY**step
        if best is None or weight > best[1]:
            best = (section, weight)
        if words.phrases.get(word, _NOT_LISTED) is None:
            # What comes before goods only tells their kind ("体育用品" is no sport).
            break
        name = name[:start]
    return best


def _english_sign(name: str) -> Sign | None:
    """Sign of the last word known of a name in Latin letters ("… Trading Co., Ltd.")."""
    known = vocabulary().english
    words = [word for word in re.findall(r"[a-z]+", name.lower()) if word in known]
    return known[words[-1]] if words else None
