"""Invented names and credit codes: nothing here means a real building or company."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.ledgers.credit_codes import ALPHABET, check_values

_BUILDING_FIRST = "澜泊鹤栖朗衡邃煦曜霁岚珩砚屿漱筠沅翊翎泠"
_BUILDING_SECOND = "川远汀序岳野舟澄珀屏麓浦榭畴淙峤"

#: Signs a firm's brand opens with, and goes on with. None of them is part of a word that tells an industry.
_OPENING = (
    "霁岫珩砚沅翊翎泠漱筠栩阆昶旻晏璟琮瑭瓒骁骐骅弘嘉裕启拓颂铭钧锐鼎"
    "恺恪敏湛澈朗彧骞翰睿煦曜岚屿泊鹤栖衡邃蕴咏诺奕逸歆霖珺璞"
)
_GOING_ON = (
    "川岳野舟澄屏麓浦榭畴淙峤序衡宸宥宬翰翊望朔昀昱晟暄曦煜烨焕灿炜坤垣堃远汀珀岚岫屿峻峰岱岭"
    "泓洵洺浔浚涵淇淳渊渝湄湉溪溯滢漪潇澍濂瀚灏琅琛琪琬瑄瑜瑞瑶璇璋璐璧磊砺砥秉秋稷穗竹笙筱箫簌纶绍绮"
    "绪绫缇羽翔耀聿舒舫艾芃芷苒若茗荃荣莘菁萱葳蓁蔚蕊薇藜蘅虹衍裴诚谦谨豫赫轩轶辰迅迈逊遥邈郁鄞"
    "钦铎铠锦闳闻阔陆隽雅雍霄霆韬韶顺颖颐飒驰骏鸣鸿鹏麒黎"
)
_GROUPS = (
    "泊岳", "鹤澜", "曜川", "珩野", "砚浦", "栖麓", "霁畴", "翊澄", "沅汀", "筠榭", "岚屿", "漱岩",
    "邃远", "衡峤", "朗序", "煦舟", "翎岳", "泠川", "璟淙", "骁麓", "昶浦", "晏汀", "瑭野", "琮屏",
)  # fmt: skip

#: An unassigned administrative division, so that no code can belong to a registered enterprise.
_DIVISION = "990106"

#: Weights of the eight signs of an organisation code, GB 11714.
_ORGANISATION_WEIGHTS = np.array([3, 7, 9, 10, 5, 8, 4, 2])
_ORGANISATION_CHECKS = np.array([ALPHABET.index(sign) for sign in "0123456789X0"])
_SIGNS = np.array([ord(sign) for sign in ALPHABET], dtype=np.uint32)


def building_names(endings: list[str], rng: np.random.Generator) -> list[str]:
    """Return one name a building, each with its own two-character brand and the given ending."""
    pairs = [a + b for a in _BUILDING_FIRST for b in _BUILDING_SECOND]
    chosen = rng.choice(len(pairs), size=len(endings), replace=False)
    return [pairs[i] + ending for i, ending in zip(chosen, endings, strict=True)]


def group_brands() -> tuple[str, ...]:
    """Return the brands of the district's enterprise groups."""
    return _GROUPS


def brands(numbers: np.ndarray, salt: np.ndarray | int = 0) -> np.ndarray:
    """Return a brand for each number from 0 on, text, same shape; different numbers, different brands.

    The first ten thousand or so have two signs, the others three. ``salt`` (integers) shuffles them
    without making any two equal that share it. After about 1.5 million numbers brands come again.
    """
    opening, going_on = np.array(list(_OPENING), object), np.array(list(_GOING_ON), object)
    n = len(going_on)
    shorts, longs = len(opening) * n, len(opening) * n**2
    is_short = numbers < shorts
    of_shorts, of_longs = _scattered(numbers, salt, shorts), _scattered(numbers - shorts, salt, longs)
    first = np.where(is_short, of_shorts // n, of_longs // n**2)
    second = np.where(is_short, of_shorts % n, of_longs // n % n)
    third = np.where(is_short, "", going_on[of_longs % n])
    return opening[first] + going_on[second] + third


def credit_codes(numbers: np.ndarray, salt: int = 0) -> pd.Series:
    """Return a code valid by GB 32100-2015 for each number 0 … 10⁸−1; different numbers, different codes.

    They are those of enterprises (department 9, kind 1). ``salt`` shifts the whole set.
    """
    organisation = _scattered(numbers, salt, 10**8)
    digits = organisation[:, None] // 10 ** np.arange(7, -1, -1) % 10
    # GB 11714: 11 − Σ cᵢ·wᵢ mod 11, written X for 10 and 0 for 11.
    checks = _ORGANISATION_CHECKS[11 - digits @ _ORGANISATION_WEIGHTS % 11]
    values = np.empty((len(numbers), 18), dtype=np.int64)
    values[:, :8] = [ALPHABET.index(sign) for sign in f"91{_DIVISION}"]
    values[:, 8:16], values[:, 16] = digits, checks
    values[:, 17] = check_values(values[:, :17])
    texts = np.ascontiguousarray(_SIGNS[values]).view("U18").ravel()
    return pd.Series(texts, dtype="str")


def _scattered(numbers: np.ndarray, salt: np.ndarray | int, size: int) -> np.ndarray:
    """Map 0 … size−1 one to one onto itself so that neighbours end far apart (an affine map)."""
    step = next(k for k in range(int(size * 0.6180339887), size) if np.gcd(k, size) == 1)
    return (np.asarray(numbers, dtype=np.int64) * step + salt) % size
