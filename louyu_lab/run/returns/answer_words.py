"""What a clerk's words in 核实结果 come to: confirmed, mended, to be deleted, or an explanation."""

from __future__ import annotations

import re
import unicodedata

#: Words that confirm a row, that only say it was mended, and that ask for it to be taken out.
_CONFIRMS = re.compile(
    r"(经|已)*(核实|核对|核查|查)?(后|过)?(情况|数据|内容)?(确实|确|均|都)?"
    r"(属实|无误|属实无误|没有?问题|没有?错|没有?错误|正确|准确|真实|是对的|对的?|是的?|ok)"
)
_CHANGED = re.compile(
    r"(已|已经)?(改正|更正|修改|更改|订正|调整|改)(了|好|好了|过|完|完毕)?"
    r"([为成]\d[\d.,]*(%|[万亿]?元|万?(m2|平方米|平米)|年|月|日|层|个)?)?"
)
_DELETES = re.compile(
    r"(重复[,、]?)?(请|应|需|可|已)?(予以)?(把)?(删除|删去|删掉|删)(此|这|该|本)?一?[行条]?"
)


def confirms(words: str) -> bool:
    """Whether the words say that a row is right as it is."""
    return _is(_CONFIRMS, words)


def says_changed(words: str) -> bool:
    """Whether the words say no more than that cells were mended."""
    return _is(_CHANGED, words)


def says_delete(words: str) -> bool:
    """Whether the words ask for the row to be taken out."""
    return _is(_DELETES, words)


def _is(pattern: re.Pattern[str], words: str) -> bool:
    plain = "".join(unicodedata.normalize("NFKC", words).lower().split())
    return bool(pattern.fullmatch(plain.rstrip("。.!;,")))
