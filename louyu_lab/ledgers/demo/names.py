"""Invented names and credit codes: nothing here means a real building or company."""

from __future__ import annotations

import numpy as np

from louyu_lab.ledgers.credit_codes import ALPHABET, check_digit

_BUILDING_FIRST = "澜泊鹤栖朗衡邃煦曜霁岚珩砚屿漱筠沅翊翎泠"
_BUILDING_SECOND = "川远汀序岳野舟澄珀屏麓浦榭畴淙峤"
_BRAND_FIRST = "霁岫珩砚沅翊翎泠漱筠栩阆昶旻晏璟琮瑭瓒骁骐骅弘嘉裕启拓颂铭钧锐鼎恺恪慧敏修湛澈"
_BRAND_SECOND = "川岳野舟澄屏麓浦榭畴淙峤序衡宸宥宬容序翰翊望朔昀昱晟暄曦煜烨焕灿炜坤垣培基堃"
_GROUPS = ("泊岳", "鹤澜", "曜川", "珩野", "砚浦", "栖麓", "霁畴", "翊澄", "沅汀", "筠榭", "岚屿", "漱石")

#: An unassigned administrative division, so that no code can belong to a registered enterprise.
_DIVISION = "990106"


def building_names(endings: list[str], rng: np.random.Generator) -> list[str]:
    """Return one name a building, each with its own two-character brand and the given ending."""
    pairs = [a + b for a in _BUILDING_FIRST for b in _BUILDING_SECOND]
    chosen = rng.choice(len(pairs), size=len(endings), replace=False)
    return [pairs[i] + ending for i, ending in zip(chosen, endings, strict=True)]


def group_brands() -> tuple[str, ...]:
    """Return the brands of the district's enterprise groups."""
    return _GROUPS


def enterprise_names(
    city: str, endings: list[str], groups: list[str | None], rng: np.random.Generator
) -> list[str]:
    """Return one name an enterprise, all different; members of a group carry its brand."""
    brands = [a + b for a in _BRAND_FIRST for b in _BRAND_SECOND]
    taken: set[str] = set()
    names = []
    for ending, group in zip(endings, groups, strict=True):
        name = f"{group}（{city}）{ending}" if group else ""
        while not name or name in taken:
            name = f"{city}{brands[rng.integers(len(brands))]}{ending}"
        taken.add(name)
        names.append(name)
    return names


def credit_codes(n: int, rng: np.random.Generator) -> list[str]:
    """Return ``n`` different codes valid by GB 32100-2015 (enterprises: department 9, kind 1)."""
    numbers = rng.choice(10**8, size=n, replace=False)
    return [_credit_code(f"{number:08d}") for number in numbers]


def _credit_code(organisation: str) -> str:
    body = f"91{_DIVISION}{organisation}{_organisation_check(organisation)}"
    return body + check_digit(body)


def _organisation_check(organisation: str) -> str:
    """Check character of an eight-sign organisation code: GB 11714, ``11 − Σ cᵢ·wᵢ mod 11``."""
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(ALPHABET.index(sign) * weight for sign, weight in zip(organisation, weights, strict=True))
    return "0123456789X0"[11 - total % 11]
