"""What the words of a name and of a business scope say about the section of an enterprise.

A scope is a sequence of statements (divided by ； and 。) of phrases (divided by 、 and ，). The law
asks for the main business first, so earlier statements outweigh later ones. In
"钢材、五金、建材批发；房屋租赁" the verb at the end governs the goods before it.
The words and their weights are in ``keywords.yaml``.
"""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

import pandas as pd
import yaml

#: Weight of a statement relative to the one before it.
STATEMENT_DECAY = 0.7

#: Weight of a phrase relative to the one before it in the same statement.
PHRASE_DECAY = 0.85

#: A statement of bare goods without any verb is a weak sign of trade.
GOODS_ONLY = ("F", 0.3)

#: Longest keyword, in characters; the look-up tries no longer ones.
LONGEST_WORD = 12

#: A verb with its object says at least this much.
OBJECT_WEIGHT = 0.8

#: Weight of a word of the name relative to the word after it, and the most an earlier word can weigh.
NAME_DECAY, NAME_CAP = 0.7, 1.0

#: Sign of a word the dictionary does not hold.
NOT_LISTED: Sign = ("", 0.0)

_LEGAL_FORM = re.compile(r"(股份|集团|控股)?(有限)?(责任)?(总)?公司|\(.*?\)|(有限|普通)合伙|个人独资")

#: Section letter and weight.
Sign = tuple[str, float]


@dataclass(frozen=True)
class Vocabulary:
    """The dictionary, ready for look-up: word -> sign, none for goods; verb -> section -> objects."""

    names: Mapping[str, Sign]
    phrases: Mapping[str, Sign | None]
    objects: Mapping[str, Mapping[str, list[str]]]
    bare_verbs: frozenset[str]
    followers: frozenset[str]
    leading: frozenset[str]
    endings: frozenset[str]
    noise: re.Pattern[str]
    headings: re.Pattern[str]
    inactive: re.Pattern[str]
    empty: frozenset[str]


@cache
def vocabulary() -> Vocabulary:
    """Return the packaged dictionary of keywords."""
    content = yaml.safe_load(resources.files(__package__).joinpath("keywords.yaml").read_text("utf-8"))
    verbs = content["verbs"]
    signs_of_verbs: dict[str, Sign | None] = {verb: (v["section"], v["weight"]) for verb, v in verbs.items()}
    return Vocabulary(
        names=_flat(content["names"]),
        phrases=dict.fromkeys(content["goods"]) | _flat(content["activities"]) | signs_of_verbs,
        objects={verb: v["objects"] for verb, v in verbs.items() if "objects" in v},
        bare_verbs=frozenset(verb for verb in verbs if len(verb) == 2),
        followers=frozenset(content["followers"]),
        leading=frozenset(content["leading"]),
        endings=frozenset(content["endings"]),
        noise=re.compile("|".join(f"(?:{pattern})" for pattern in content["boilerplate"])),
        headings=re.compile(content["headings"]),
        inactive=re.compile("|".join(map(re.escape, content["inactive"]))),
        empty=frozenset(content["empty"]),
    )


def name_signs(names: pd.Series) -> pd.DataFrame:
    """Return the sign of each distinct name: columns ``section, weight``, indexed by name.

    Words near the end of the name count most ("…汽车贸易" is trade), branches included ("…支行").
    """
    distinct = names.dropna().drop_duplicates()
    text = distinct.astype("str").str.normalize("NFKC").str.strip()
    signs = [_name_sign(_LEGAL_FORM.sub("", name)) for name in text]
    return _signs(signs, pd.Index(distinct))


def scope_scores(scopes: pd.Series) -> pd.DataFrame:
    """Return the scores by section of each distinct scope that says anything: index scope, columns A–T.

    A row adds up to the average strength of its words, weighted by position (about 0–1.5).
    """
    distinct = scopes.dropna().drop_duplicates()
    phrases = _phrases(distinct)
    if len(phrases) == 0:
        return pd.DataFrame(index=pd.Index([], dtype="str"))
    phrases = _with_governing_verbs(phrases.join(phrase_signs(phrases["phrase"]), on="phrase"))
    unsaid = phrases["section"].isna()
    phrases.loc[unsaid, ["section", "weight"]] = list(GOODS_ONLY)
    scores = (phrases["weight"] * _emphasis(phrases)).groupby([phrases["scope"], phrases["section"]]).sum()
    scores = scores.unstack(fill_value=0.0)
    return scores.set_axis(pd.Index(distinct).take(scores.index))


def phrase_signs(phrases: pd.Series) -> pd.DataFrame:
    """Return the sign of each distinct phrase, indexed by phrase.

    Columns: ``section, weight, is_bare_verb`` (acts on its neighbours), ``is_follower`` (belongs to
    the phrase before it).
    """
    distinct = phrases.dropna().drop_duplicates()
    frame = _signs([_phrase_sign(phrase) for phrase in distinct], pd.Index(distinct))
    words = vocabulary()
    bare = frame.index.isin(list(words.bare_verbs))
    return frame.assign(is_bare_verb=bare, is_follower=bare | frame.index.isin(list(words.followers)))


def _with_governing_verbs(phrases: pd.DataFrame) -> pd.DataFrame:
    """Give every phrase the sign of the verb that governs it.

    Verbs standing alone after a phrase belong to it, and the strongest of them decides
    ("泵研发、制造、销售" is manufacturing); goods take the verb that follows, or else the one before;
    bare verbs that open a statement ("设计、制作、发布广告") act on what follows them.
    """
    head = ~phrases["is_follower"]
    has_head = head.groupby(phrases["statement"]).transform("any")
    opening = phrases["is_bare_verb"] & has_head & (head.groupby(phrases["statement"]).cumsum() == 0)
    signs = ["section", "weight"]
    phrases[signs] = phrases[signs].mask(opening)
    group = (head | opening | (phrases["statement"] != phrases["statement"].shift())).cumsum()
    weight = phrases["weight"].fillna(0.0)
    strongest = weight.groupby(group).transform("idxmax")
    phrases[signs] = phrases.loc[strongest, signs].set_axis(phrases.index)
    phrases[signs] = phrases.groupby("statement", sort=False)[signs].bfill()
    phrases[signs] = phrases.groupby("statement", sort=False)[signs].ffill()
    return phrases


def _emphasis(phrases: pd.DataFrame) -> pd.Series:
    """Weight of each phrase in its scope (adds up to 1): early statements, and early phrases, first."""
    order = phrases.groupby("statement", sort=False).cumcount()
    position = PHRASE_DECAY**order
    position = position / position.groupby(phrases["statement"]).transform("sum")
    rank = phrases["statement"].groupby(phrases["scope"]).rank("dense") - 1
    emphasis = position * STATEMENT_DECAY**rank
    return emphasis / emphasis.groupby(phrases["scope"]).transform("sum")


def _phrase_sign(phrase: str) -> Sign | None:
    """Sign of one phrase: its last word, read with the object where the word is a verb."""
    words = vocabulary()
    word, _ = _last(phrase, words.phrases)
    if word is None or words.phrases[word] is None:
        word = phrase[:2] if phrase[:2] in words.leading else None
    if word is None:
        return None
    section, weight = words.phrases[word] or GOODS_ONLY
    for other, things in words.objects.get(word, {}).items():
        if any(thing in phrase for thing in things):
            return other, max(weight, OBJECT_WEIGHT)
    return (section, weight) if weight > 0 else None


def _name_sign(name: str) -> Sign | None:
    """Strongest of the last three words of a name, an earlier word weighing less than a later one."""
    words = vocabulary()
    best, length = None, len(name)
    for step in range(3):
        word, start = _last(name, words.names)
        if word is None:
            break
        section, weight = words.names[word]
        if word in words.endings and start + len(word) < length:
            name = name[:start]
            continue
        weight = weight if step == 0 else min(weight, NAME_CAP) * NAME_DECAY**step
        if best is None or weight > best[1]:
            best = (section, weight)
        if words.phrases.get(word, NOT_LISTED) is None:
            # What comes before goods only tells their kind ("体育用品" is no sport).
            break
        name = name[:start]
    return best


def _phrases(scopes: pd.Series) -> pd.DataFrame:
    """One row a phrase: ``scope`` (its position), ``statement`` (a running number), ``phrase``.

    Statements of firms that have ceased to work are left out.
    """
    words = vocabulary()
    text = scopes.astype("str").str.normalize("NFKC").str.replace(r"\s+", "", regex=True)
    text = [words.headings.sub(";", words.noise.sub("", words.noise.sub("", scope))) for scope in text]
    statements = pd.DataFrame({"scope": range(len(text)), "text": pd.Series(text, dtype="str")})
    statements["text"] = statements["text"].str.split(r"[;。]", regex=True)
    statements = statements.explode("text")
    statements = statements[~statements["text"].fillna("").str.contains(words.inactive)]
    statements["statement"] = range(len(statements))
    # "研发及销售" is two activities, "教学及实验设备销售" is one.
    joint = rf"[、,:.]|[及和与兼或](?<=(?:{'|'.join(sorted(words.bare_verbs))}).)"
    statements["phrase"] = statements["text"].str.split(joint, regex=True)
    phrases = statements.explode("phrase")[["scope", "statement", "phrase"]]
    kept = phrases["phrase"].notna() & ~phrases["phrase"].isin(["", *words.empty])
    return phrases[kept].reset_index(drop=True)


def _last(text: str, words: Container[str]) -> tuple[str | None, int]:
    """Return the word ending furthest right in ``text`` (of several, the longest) and where it starts."""
    for end in range(len(text), 0, -1):
        for start in range(max(0, end - LONGEST_WORD), end):
            if text[start:end] in words:
                return text[start:end], start
    return None, 0


def _signs(signs: list[Sign | None], index: pd.Index) -> pd.DataFrame:
    found = [sign or (None, None) for sign in signs]
    frame = pd.DataFrame(found, columns=["section", "weight"], index=index)
    return frame.astype({"section": "str", "weight": "float64"})


def _flat(by_section: Mapping[str, Mapping[float, list[str]]]) -> dict[str, Sign]:
    """Turn section -> weight -> words into word -> (section, weight); a word may stand only once."""
    flat: dict[str, Sign] = {}
    for section, by_weight in by_section.items():
        for weight, words in by_weight.items():
            for word in words:
                if len(word) > LONGEST_WORD:
                    raise ValueError(f"keywords.yaml: “{word}” 超过 {LONGEST_WORD} 个字，查不到。")
                if word in flat:
                    raise ValueError(
                        f"keywords.yaml: “{word}” 同时列在 {flat[word][0]} 和 {section} 下，请只留一处。"
                    )
                flat[word] = (section, weight)
    return flat
