"""What a business scope (经营范围) says about the section of an enterprise.

A scope is a sequence of statements (divided by ； and 。) of phrases (divided by 、 and ，). The law
asks for the main business first, so earlier statements outweigh later ones; 许可项目 and 一般项目 are
two such sequences side by side. In "钢材、五金、建材批发；房屋租赁" the verb at the end governs the goods
before it.
"""

from __future__ import annotations

import pandas as pd

from louyu_lab.analysis.industry.classification.names import signs_frame
from louyu_lab.analysis.industry.classification.vocabulary import Sign, last_word, vocabulary

#: Weight of a statement relative to the one before it.
STATEMENT_DECAY = 0.55

#: Weight of a phrase relative to the one before it in the same statement.
PHRASE_DECAY = 0.75

#: A statement of bare goods without any verb is a weak sign of trade.
GOODS_ONLY = ("F", 0.3)

#: What a phrase without any activity, bare goods or not a word known, weighs against certainty: a scope of
#: nothing else is asked about where the name does not tell.
UNSAID = 0.3

#: Sections whose verbs act on goods named in an earlier statement: making and selling.
_OF_GOODS = ("C", "F")

#: A verb with its object says at least this much.
OBJECT_WEIGHT = 1.05

#: Stands for a heading such as 一般项目 while a scope is cut up.
_HEADING = "\n"


def scope_phrases(scopes: pd.Series) -> pd.DataFrame:
    """Return one row a phrase of each distinct scope.

    Columns: ``scope`` (the text as given), ``phrase``, ``section`` and ``weight`` (of the verb that governs
    it; missing where no word is known), ``is_said`` (some activity governs it), ``emphasis`` (weight of its
    place; adds up to 1 over a scope).
    """
    distinct = scopes.dropna().drop_duplicates()
    phrases = _phrases(distinct)
    phrases = _with_governing_verbs(phrases.join(phrase_signs(phrases["phrase"]), on="phrase"))
    phrases = _with_later_verbs(phrases)
    phrases["emphasis"] = _emphasis(phrases)
    phrases["scope"] = distinct.to_numpy()[phrases["scope"].to_numpy(dtype="int64")]
    return phrases[["scope", "phrase", "section", "weight", "is_said", "emphasis"]]


def scope_scores(phrases: pd.DataFrame) -> pd.DataFrame:
    """Return the scores by section of each scope of ``scope_phrases``: index scope, columns A–T.

    A row adds up to the average strength of its words, weighted by position (about 0–1.5).
    """
    strength = phrases["weight"] * phrases["emphasis"]
    return strength.groupby([phrases["scope"], phrases["section"]]).sum().unstack(fill_value=0.0)


def scope_doubts(phrases: pd.DataFrame) -> pd.Series:
    """Return what each scope of ``scope_phrases`` leaves unsaid: 0 to ``UNSAID``, index scope."""
    unsaid = phrases["emphasis"].mask(phrases["is_said"], 0.0)
    return UNSAID * unsaid.groupby(phrases["scope"]).sum()


def phrase_signs(phrases: pd.Series) -> pd.DataFrame:
    """Return the sign of each distinct phrase, indexed by phrase.

    Columns: ``section, weight, is_bare_verb`` (acts on its neighbours), ``is_follower`` (belongs to
    the phrase before it), ``is_goods`` (no activity, so verbs may act on it), ``is_thing`` (ends with a word
    known to name goods).
    """
    distinct = phrases.dropna().drop_duplicates()
    words = vocabulary()
    last = [last_word(phrase, words.phrases) for phrase in distinct]
    signs = [_phrase_sign(phrase, word) for phrase, (word, _) in zip(distinct, last, strict=True)]
    frame = signs_frame(signs, pd.Index(distinct))
    bare = frame.index.isin(list(words.bare_verbs))
    follows = bare | frame.index.isin(list(words.followers))
    is_goods = [words.phrases.get(word or "") is None for word, _ in last]
    ends = [
        word is not None and start + len(word) == len(phrase)
        for (word, start), phrase in zip(last, distinct, strict=True)
    ]
    is_thing = [goods and at_end for goods, at_end in zip(is_goods, ends, strict=True)]
    return frame.assign(is_bare_verb=bare, is_follower=follows, is_goods=is_goods, is_thing=is_thing)


def _phrases(scopes: pd.Series) -> pd.DataFrame:
    """One row a phrase: ``scope`` (its position), ``block``, ``statement`` (running numbers), ``phrase``.

    Statements of firms that have ceased to work are left out.
    """
    words = vocabulary()
    text = scopes.astype("str").str.normalize("NFKC").str.replace(r"\s+", "", regex=True)
    heading = f";{_HEADING}"
    text = [words.headings.sub(heading, _without_noise(scope)) for scope in text]
    statements = pd.DataFrame({"scope": range(len(text)), "text": pd.Series(text, dtype="str")})
    statements["text"] = statements["text"].str.split(r"[;。]", regex=True)
    statements = statements.explode("text").astype({"text": "str"})
    statements["block"] = statements["text"].str.startswith(_HEADING).fillna(value=False).cumsum()
    statements["text"] = statements["text"].str.strip(_HEADING).fillna("")
    statements = statements[~statements["text"].str.contains(words.inactive)]
    statements["statement"] = range(len(statements))
    # "研发及销售" is two activities, "教学及实验设备销售" is one.
    joint = rf"[、,:.]|[及和与兼或](?<=(?:{'|'.join(sorted(words.bare_verbs))}).)"
    statements["phrase"] = statements["text"].str.split(joint, regex=True)
    phrases = statements.explode("phrase")[["scope", "block", "statement", "phrase"]]
    phrases = phrases.astype({"phrase": "str"})
    kept = phrases["phrase"].notna() & ~phrases["phrase"].isin(["", *words.empty])
    return phrases[kept].reset_index(drop=True)


def _without_noise(scope: str) -> str:
    """Take out what fits any firm; twice, for brackets within brackets."""
    noise = vocabulary().noise
    once = noise.sub("", scope)
    return once if once == scope else noise.sub("", once)


def _with_governing_verbs(phrases: pd.DataFrame) -> pd.DataFrame:
    """Give every phrase the sign of the verb that governs it.

    Verbs standing alone after a phrase belong to it, and the strongest of them decides
    ("泵研发、制造、销售" is manufacturing); goods take the verb that follows, or else the one before;
    bare verbs that open a statement act on what follows them: goods ("生产、销售塑料制品") take the strongest
    of them, another activity ("设计、制作、发布广告") stands for itself.
    """
    statement = phrases["statement"]
    head = ~phrases["is_follower"]
    heads = head.groupby(statement).cumsum()
    opening = phrases["is_bare_verb"] & head.groupby(statement).transform("any") & (heads == 0)
    opened = opening.groupby(statement).transform("any")
    led = head & (heads == 1) & opened & phrases["is_goods"]
    leads = led.groupby(statement).transform("any")
    signs = ["section", "weight"]
    phrases[signs] = phrases[signs].mask(opening & ~leads)
    group = ((head & ~led) | (opening & ~leads) | (statement != statement.shift())).cumsum()
    weight = phrases["weight"].fillna(0.0)
    strongest = weight.groupby(group).transform("idxmax")
    phrases[signs] = phrases.loc[strongest, signs].set_axis(phrases.index)
    phrases[signs] = phrases.groupby("statement", sort=False)[signs].bfill()
    phrases[signs] = phrases.groupby("statement", sort=False)[signs].ffill()
    return phrases


def _with_later_verbs(phrases: pd.DataFrame) -> pd.DataFrame:
    """Let statements of bare goods be governed by the next statement that makes or sells, else be trade.

    "医用缝合材料；医用敷料销售" sells both; "钢材；房屋租赁" lets no steel; "详见附表" is no goods.
    """
    signs = ["section", "weight"]
    unsaid = phrases["section"].isna()
    later = phrases.groupby(["scope", "block"], sort=False)[signs].bfill()
    governed = unsaid & later["section"].isin(_OF_GOODS)
    phrases.loc[governed, signs] = later[governed]
    is_said = ~unsaid | governed
    phrases.loc[~is_said & phrases["is_thing"].astype("bool"), signs] = list(GOODS_ONLY)
    return phrases.assign(is_said=is_said)


def _emphasis(phrases: pd.DataFrame) -> pd.Series:
    """Weight of each phrase in its scope (adds up to 1): early statements, and early phrases, first."""
    order = phrases.groupby("statement", sort=False).cumcount()
    position = PHRASE_DECAY**order
    position = position / position.groupby(phrases["statement"]).transform("sum")
    rank = phrases["statement"].groupby([phrases["scope"], phrases["block"]]).rank("dense") - 1
    emphasis = position * STATEMENT_DECAY**rank
    return emphasis / emphasis.groupby(phrases["scope"]).transform("sum")


def _phrase_sign(phrase: str, word: str | None) -> Sign | None:
    """Sign of one phrase whose last word known is ``word``, read with its object where it is a verb."""
    words = vocabulary()
    if word is None or words.phrases[word] is None:
        word = phrase[:2] if phrase[:2] in words.leading else None
    if word is None:
        return None
    section, weight = words.phrases[word] or GOODS_ONLY
    for other, things in words.objects.get(word, {}).items():
        if any(thing in phrase for thing in things):
            return other, max(weight, OBJECT_WEIGHT)
    return (section, weight) if weight > 0 else None
