"""The dictionary of words (``keywords.yaml``), ready for look-up."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass
from functools import cache

from louyu_lab.ledgers.packaged import packaged_yaml

#: Longest keyword, in characters; the look-up tries no longer ones.
LONGEST_WORD = 12

#: Section letter and weight.
Sign = tuple[str, float]


@dataclass(frozen=True)
class Vocabulary:
    """Word -> sign, none for goods; verb -> section -> objects; and what is not read at all.

    ``english`` holds single lower-case words of names without Chinese characters.
    """

    names: Mapping[str, Sign]
    english: Mapping[str, Sign]
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
    content = packaged_yaml(__package__, "keywords.yaml")
    verbs = content["verbs"]
    signs_of_verbs: dict[str, Sign | None] = {verb: (v["section"], v["weight"]) for verb, v in verbs.items()}
    return Vocabulary(
        names=_flat(content["names"]),
        english=_flat(content["english"], longest=20),
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


def last_word(text: str, words: Container[str]) -> tuple[str | None, int]:
    """Return the word ending furthest right in ``text`` (of several, the longest) and where it starts."""
    for end in range(len(text), 0, -1):
        for start in range(max(0, end - LONGEST_WORD), end):
            if text[start:end] in words:
                return text[start:end], start
    return None, 0


def _flat(
    by_section: Mapping[str, Mapping[float, list[str]]], longest: int = LONGEST_WORD
) -> dict[str, Sign]:
    """Turn section -> weight -> words into word -> (section, weight); a word may stand only once."""
    flat: dict[str, Sign] = {}
    for section, by_weight in by_section.items():
        for weight, words in by_weight.items():
            for word in words:
                if len(word) > longest:
                    raise ValueError(f"keywords.yaml: “{word}” 超过 {longest} 个字，查不到。")
                if word in flat:
                    raise ValueError(
                        f"keywords.yaml: “{word}” 同时列在 {flat[word][0]} 和 {section} 下，请只留一处。"
                    )
                flat[word] = (section, weight)
    return flat
