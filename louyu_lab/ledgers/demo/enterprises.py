"""What the ledgers say about each enterprise: code, name, industry, scope, registration, group."""

from __future__ import annotations

import zlib

import numpy as np
import pandas as pd

from louyu_lab.ledgers.demo.industries import INDUSTRIES
from louyu_lab.ledgers.demo.names import brands, credit_codes, group_brands

_APPROVAL = "（依法须经批准的项目，经相关部门批准后方可开展经营活动）"
_APPROVAL_SHARE = 0.20
#: Share of enterprises that belong to a group.
_GROUP_SHARE = 0.055
#: Shares of industry codes cut to two digits, and missing: then the scope has to tell the industry.
_SHORT_CODE_SHARE, _NO_CODE_SHARE = 0.04, 0.06

#: Every class of every branch in one row of arrays; a branch's classes lie side by side from ``_FIRST`` on.
_CLASSES = [
    (code, ending, scope) for branch in INDUSTRIES for code, (ending, scope) in branch.classes.items()
]
_CODES, _ENDINGS, _SCOPES = (np.array(column, dtype=object) for column in zip(*_CLASSES, strict=True))
_COUNT = np.array([len(branch.classes) for branch in INDUSTRIES])
_FIRST = np.concatenate([[0], _COUNT.cumsum()[:-1]])


def describe_enterprises(
    firms: pd.DataFrame, city: str, district: str, rng: np.random.Generator, first: int = 0
) -> pd.DataFrame:
    """Return what the ledgers say of each of ``firms``, same index.

    ``firms`` is indexed by enterprise and has ``industry`` (position in ``INDUSTRIES``), ``first_day``
    (datetime64, its first day in the district) and ``is_anchor`` (a planned big payer: it does the
    first class of its branch and nothing else, and its code is complete). A district made in parts
    gives as ``first`` the number of enterprises of the parts before.

    Columns: ``credit_code`` (valid; different within a district), ``enterprise`` (different within a
    district of up to 1.5 million enterprises), ``industry_code`` (about 90 % with four digits, 4 % with
    two, 6 % missing), ``business_scope``, ``registered_date`` (before ``first_day``), ``group_name``
    (of about 5.5 %, else missing).
    """
    n = len(firms)
    is_anchor = firms["is_anchor"].to_numpy(dtype=bool)
    main, also = _business(firms["industry"].to_numpy(dtype=np.int64), is_anchor, rng)
    group = np.where(rng.random(n) < _GROUP_SHARE, _groups(n, rng), "")
    # Equal districts have equal codes and brands, others have their own: the salt is their name's.
    salt = zlib.crc32(f"{city}{district}".encode())
    enterprise = _names(main, group, city, district.removesuffix("区"), first, salt)
    age = np.exp(rng.normal(5.2, 1.6, n)).clip(5, 5500).round()
    registered = firms["first_day"].dt.normalize() - pd.to_timedelta(age, unit="D")
    return pd.DataFrame(
        {
            "credit_code": credit_codes(np.arange(first, first + n), salt).to_numpy(),
            "enterprise": enterprise,
            "industry_code": _codes(main, is_anchor, rng),
            "business_scope": _scopes(main, also, is_anchor, rng),
            "registered_date": registered.astype("datetime64[us]"),
            "group_name": np.where(group == "", None, group + "集团"),
        },
        index=firms.index,
    ).astype(
        dict.fromkeys(["credit_code", "enterprise", "industry_code", "business_scope", "group_name"], "str")
    )


def _business(
    industry: np.ndarray, is_anchor: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Draw each firm's main class and a second, different one of its branch: positions in ``_CLASSES``."""
    count = _COUNT[industry]
    main = (rng.random(len(industry)) * count).astype(np.int64)
    main[is_anchor] = 0
    step = 1 + (rng.random(len(industry)) * (count - 1)).astype(np.int64)
    return _FIRST[industry] + main, _FIRST[industry] + (main + step) % count


def _groups(n: int, rng: np.random.Generator) -> np.ndarray:
    """Draw a group for each of ``n`` firms; the first groups are the largest."""
    known = np.array(group_brands(), dtype=object)
    odds = 1 / (np.arange(len(known)) + 3)
    return rng.choice(known, size=n, p=odds / odds.sum())


def _names(main: np.ndarray, group: np.ndarray, city: str, place: str, first: int, salt: int) -> np.ndarray:
    """Name each firm: city, brand and what it does; in a group the group's brand and its own, then the city.

    Firms of one class have different brands, counted on from ``first``, so no name comes twice.
    """
    endings = np.array([ending.format(place=place) for ending in _ENDINGS], dtype=object)
    rank = pd.Series(main).groupby(main).cumcount().to_numpy()
    brand = brands(first + rank, salt + 911 * main)
    in_group = group != ""
    opening = np.where(in_group, group + brand + f"（{city}）", city + brand)
    return opening + endings[main]


def _codes(main: np.ndarray, is_anchor: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    draw = np.where(is_anchor, 1.0, rng.random(len(main)))
    short = np.array([code[:2] for code in _CODES], dtype=object)
    codes = np.where(draw < _NO_CODE_SHARE + _SHORT_CODE_SHARE, short[main], _CODES[main])
    return np.where(draw < _NO_CODE_SHARE, None, codes)


def _scopes(
    main: np.ndarray, also: np.ndarray, is_anchor: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    second = np.where(is_anchor, "", ("；" + _SCOPES)[also])
    approval = np.where(rng.random(len(main)) < _APPROVAL_SHARE, _APPROVAL, "")
    return _SCOPES[main] + second + approval
