"""Words and numbers as the figures print them: widths, line breaks, units."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

#: Half-width letters take about this part of a Chinese character's width.
HALF_WIDTH = 0.58

_TOKEN = re.compile(r"[!-~]+ ?|.", re.DOTALL)
_NO_LINE_END = set("（《“‘「(")
_NO_LINE_START = set("，。；：、！？）》」』”’)%·…")


def em(text: str) -> float:
    """Return the printed width of ``text`` in Chinese characters."""
    return sum(1.0 if unicodedata.east_asian_width(sign) in "WFA" else HALF_WIDTH for sign in text)


def shorten(text: str, width: float) -> str:
    """Return ``text`` cut to ``width`` characters, ending in … where something was cut."""
    if em(text) <= width:
        return text
    kept = ""
    for sign in text:
        if em(kept + sign) > width - 1.0:
            break
        kept += sign
    return f"{kept.rstrip()}…"


def wrap(text: str, width: float, lines: int | None = None) -> str:
    """Break ``text`` into lines of at most ``width`` characters; no more than ``lines``, the rest cut as ….

    Latin words and numbers stay whole where they fit, no line starts with a closing
    mark or ends with an opening one.
    """
    done, line = [], ""
    for token in _tokens(" ".join(text.split()), width):
        closing = token[0] in _NO_LINE_START and em(line + token) <= width + 1.0
        if line and em((line + token).rstrip()) > width and not closing:
            opening = line[-1] if line[-1] in _NO_LINE_END and len(line) > 1 else ""
            done.append(line.removesuffix(opening).rstrip())
            line = opening
        line += token
    done.append(line.rstrip())
    if lines is not None and len(done) > lines:
        done = [*done[: lines - 1], shorten("".join(done[lines - 1 :]), width)]
    return "\n".join(done)


def balance(text: str, width: float, lines: int | None = None) -> str:
    """Break like ``wrap``, into the same number of lines but of even length."""
    broken = wrap(text, width, lines)
    count = broken.count("\n")
    if count and not broken.endswith("…"):
        for narrower in np.arange(em(text) / (count + 1), width, 0.5):
            even = wrap(text, narrower, lines)
            if even.count("\n") == count and not even.endswith("…"):
                return even
    return broken


def _tokens(text: str, width: float) -> list[str]:
    """Split into Chinese characters and Latin words; a word wider than a line falls apart."""
    tokens = []
    for word in _TOKEN.findall(text):
        tokens.extend([word] if em(word.rstrip()) <= width else list(word))
    return tokens


@dataclass(frozen=True)
class Scale:
    """A print unit: stored values are divided by ``divisor`` and printed with ``decimals``."""

    divisor: float
    unit: str
    decimals: int

    def number(self, value: float, signed: bool = False) -> str:
        """Return the printed number without its unit; 无数据 where it is missing."""
        if not np.isfinite(value):
            return "无数据"
        if value == 0:
            return "0"
        # NumPy's rounding is the printed tables', so that figure and table never differ by a digit;
        # adding 0.0 turns a rounded −0.0 into 0.0.
        scaled = float(np.round(value / self.divisor, self.decimals)) + 0.0
        return f"{scaled:{'+' if signed and scaled else ''},.{self.decimals}f}"

    def text(self, value: float, signed: bool = False) -> str:
        """Return the printed number with its unit; 无数据 where it is missing."""
        printed = self.number(value, signed)
        return f"{printed}{self.unit}" if np.isfinite(value) else printed


RATE = Scale(0.01, "%", 1)


def money_scale(yuan: Iterable[float]) -> Scale:
    """Return 亿元 where the largest amount reaches it, else 万元."""
    return _scale(yuan, large=(1e8, "亿元"), small=(1e4, "万元"))


def area_scale(sqm: Iterable[float]) -> Scale:
    """Return 万㎡ where the largest area reaches it, else ㎡."""
    return _scale(sqm, large=(1e4, "万㎡"), small=(1.0, "㎡"))


def plain_scale(values: Iterable[float], unit: str) -> Scale:
    """Return the values' own unit with the decimals that their size asks for."""
    return _scale(values, large=(1.0, unit), small=(1.0, unit))


def plain_number(value: float) -> str:
    """Return a tick's number with thousands separators, a plain minus sign and no power of ten."""
    return f"{value:,.10g}"


def _scale(values: Iterable[float], large: tuple[float, str], small: tuple[float, str]) -> Scale:
    sizes = np.abs(np.asarray(list(values), dtype="float64"))
    largest = float(np.max(sizes[np.isfinite(sizes)], initial=0.0))
    divisor, unit = large if largest >= large[0] else small
    top = largest / divisor
    whole = unit == "㎡" or top >= 1000
    return Scale(divisor, unit, 0 if whole else 1 if top >= 10 else 2)
