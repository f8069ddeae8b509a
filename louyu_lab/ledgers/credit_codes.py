"""Unified social credit codes: the check digit of GB 32100-2015.

Eighteen characters of a 31-sign alphabet (digits and capitals without I, O, S, V, Z); the last one
checks the first seventeen: ``C18 = 31 − Σ cᵢ·3^(i−1) mod 31`` (mod 31 again).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

#: The 31 signs in the order of their values 0–30.
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"

_WEIGHTS = np.array([pow(3, i, 31) for i in range(17)], dtype=np.int64)
_VALUES = np.full(128, -1, dtype=np.int64)
_VALUES[[ord(sign) for sign in ALPHABET]] = np.arange(31)


def check_digit(body: str) -> str:
    """Return the eighteenth character for the first seventeen; ValueError for any other text."""
    signs = _signs([body], 17)
    if (signs < 0).any():
        raise ValueError(f"not seventeen signs of the GB 32100 alphabet: {body!r}")
    return ALPHABET[check_values(signs)[0]]


def is_valid(codes: pd.Series) -> pd.Series:
    """Tell for each code whether its form and its check digit hold; missing codes are not valid."""
    texts = codes.fillna("").astype(str).tolist()
    signs = _signs(texts, 18)
    known = (signs >= 0).all(axis=1)
    checks = check_values(np.where(signs < 0, 0, signs)[:, :17])
    return pd.Series(known & (checks == signs[:, 17]), index=codes.index)


def check_values(signs: np.ndarray) -> np.ndarray:
    """Return the value (0–30) of the check digit for each row of seventeen values, shape (n, 17) -> (n,)."""
    return (-(signs @ _WEIGHTS)) % 31


def _signs(texts: list[str], length: int) -> np.ndarray:
    """Values of each text's characters, shape (n, length); −1 marks a wrong sign or length."""
    fixed = np.array(texts, dtype=f"U{length + 1}")
    points = fixed.view(np.uint32).reshape(len(texts), length + 1) if texts else np.empty((0, length + 1))
    points = points.astype(np.int64)
    signs = np.where(points < 128, _VALUES[np.minimum(points, 127)], -1)
    # Longer texts leave a sign in the surplus place: nothing of them may pass.
    signs[points[:, length] != 0] = -1
    return signs[:, :length]
