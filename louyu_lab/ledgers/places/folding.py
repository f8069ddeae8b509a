"""An address in one spelling: half-width, one kind of dash and bracket, no blanks."""

from __future__ import annotations

import re
import unicodedata

_SIGNS = str.maketrans(
    {
        **dict.fromkeys("－—–―‐‑−─~～_", "-"),
        **dict.fromkeys("〔［【[{《<", "("),
        **dict.fromkeys("〕］】]}》>", ")"),
        **dict.fromkeys("、；;。", ","),
        "號": "号",
    }
)
_LABEL = re.compile(r"^(?:注册|经营|办公|企业|公司|详细)?(?:地址|住所|场所)[:：]")

#: 文化路19 508室 would become number 19508; 5 4号 is one number.
_APART = re.compile(r"(?<=\d)\s+(?=\d+(?!\d*\s*号))")


def fold(text: str) -> str:
    """Return an address half-width, upper case, without blanks; brackets, dashes and stops each of one kind.

    Blanks between two runs of digits become a comma unless the second ends in 号.
    """
    plain = unicodedata.normalize("NFKC", text).translate(_SIGNS)
    plain = "".join(_APART.sub(",", plain.strip()).split()).upper()
    return _LABEL.sub("", re.sub("-{2,}", "-", plain))
