"""A number as it was published: its digits, its unit, and what 约, 以上, 余 … allow.

What agrees with a published figure (v the number printed, u one unit of its last printed digit, w the
room that a rough word leaves):

========================================  ==========================================
wording                                   a computed value x agrees when
========================================  ==========================================
none                                      x rounded to u, half away from zero, is v
约 左右 大约 大概                         v − w ≤ x ≤ v + w
以上 （含）以上 不低于 不少于 至少 ≥      x ≥ v
超 超过 逾 高于 大于 突破 >               x > v
余 多                                     v < x < v + w
近 接近 将近                              v − w ≤ x ≤ v
以下 以内 不超过 不高于 至多 ≤            x ≤ v
不足 不到 低于 小于 <                     x < v
========================================  ==========================================

w is u, except that a whole number with noughts at its end is read as rounded there: then w is one unit
of its last digit that is not 0, and for 约 and 近 at most a tenth of v. So 1000余 means more than 1,000
and fewer than 2,000, 1200余 fewer than 1,300, 1.2万余家 fewer than 13,000; 约12000 allows ±1,000, 约300
only ±30, 近5000 begins at 4,500. For 约 and 近 of a rate w is u: 约80% means 79 % to 81 %.

Numbers are compared as decimals of twelve digits: what a division leaves behind the twelfth is no
difference.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from louyu_lab.ledgers.published.units import MAGNITUDES, split_unit, unit_of
from louyu_lab.ledgers.quantities import folded_units

ABOUT, AT_LEAST, OVER, ODD, NEARLY, AT_MOST, UNDER = "约", "以上", "超", "余", "近", "以下", "不足"

#: Wording before a number, and behind it or its unit -> the qualifier it means.
_BEFORE = {
    **dict.fromkeys(("约", "大约", "大概", "约为", "约占"), ABOUT),
    **dict.fromkeys(("不低于", "不少于", "至少", "≥", ">="), AT_LEAST),
    **dict.fromkeys(("超", "超过", "逾", "高于", "大于", "突破", ">"), OVER),
    **dict.fromkeys(("近", "接近", "将近"), NEARLY),
    **dict.fromkeys(("不超过", "不高于", "至多", "≤", "<="), AT_MOST),
    **dict.fromkeys(("不足", "不到", "低于", "小于", "<"), UNDER),
}
_BEHIND = {"左右": ABOUT, "余": ODD, "多": ODD}
_BEHIND |= {
    included + word: meaning
    for included in ("", "(含)", "及", "含")
    for word, meaning in (("以上", AT_LEAST), ("以下", AT_MOST), ("以内", AT_MOST))
}
_WORDINGS = _BEFORE | _BEHIND


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))))


_WORD_BEFORE, _WORD_BEHIND, _WORDING = _any_of(_BEFORE), _any_of(_BEHIND), _any_of(_WORDINGS)

#: Qualifiers that leave the room ``w``.
_ROUGH = (ABOUT, ODD, NEARLY)

#: Words before a number that say nothing of its size.
_FILLERS = re.compile(r"^(?:达到|多达|高达|达|共计|共有|合计|累计|共|计|为|占|平均|平均为)?$")

#: Words that tell a change upwards, and the like downwards, which a negative number tells.
_RISE = re.compile(r"^(?:同比|比上年|较上年)?(?:增长|上升|提高|增加)了?$")
_FALL = re.compile("下降|减少|降低|下滑")
_NUMBER = re.compile(r"[-−]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?")
_GAP = re.compile(r"[0-9.,]\s+[0-9.,]")

#: Signs with a digit in them that are no footnote marks, once ² behind m is gone.
_UNIT_SIGNS = "㎡㎢㎥"

#: Digits and decimals of a figure that a person would print, and that a double can hold.
_MOST_DIGITS, _MOST_DECIMALS = 15, 9


@dataclass(frozen=True)
class PrintedFigure:
    """A published figure: ``number`` in ``unit``, the last digit's ``step``, the qualifier or "".

    ``room`` is what the qualifier leaves open, see the module.
    """

    number: Decimal
    step: Decimal
    unit: str
    qualifier: str
    room: Decimal

    @property
    def kind(self) -> str:
        """What is measured: rate, points, times, area, money, yield or count."""
        return unit_of(self.unit)[0]

    @property
    def decimals(self) -> int:
        """Decimals that were printed."""
        return max(0, -int(self.step.as_tuple().exponent))

    @property
    def stored(self) -> float:
        """The number in the stored unit."""
        return float(self.number) * unit_of(self.unit)[1]

    def in_unit(self, stored: float) -> Decimal:
        """Return a value given in the stored unit (㎡, 元, 0–1, 元/㎡, a count) in the printed one."""
        factor = Decimal(repr(unit_of(self.unit)[1]))
        return _twelve_digits(float(Decimal(repr(float(stored))) / factor))

    def agrees(self, stored: float) -> bool:
        """Tell whether a value in the stored unit is what the figure says; see the module's table."""
        value, number, room = self.in_unit(stored), self.number, self.room
        rules = {
            "": _rounded(value, self.step) == number,
            ABOUT: abs(value - number) <= room,
            AT_LEAST: value >= number,
            OVER: value > number,
            ODD: number < value < number + room,
            NEARLY: number - room <= value <= number,
            AT_MOST: value <= number,
            UNDER: value < number,
        }
        return rules[self.qualifier]

    def bounds(self) -> tuple[float, float]:
        """Return the least and greatest value (printed unit) the figure can stand for; counts are exact.

        The ends of what ``agrees`` allows, with the open ones closed: a relation among figures fails
        only where no values near enough to print so can meet it.
        """
        number, room = float(self.number), float(self.room)
        half = 0.0 if self.kind == "count" and self.step == 1 else float(self.step) / 2
        rules = {
            "": (number - half, number + half),
            ABOUT: (number - room, number + room),
            AT_LEAST: (number, float("inf")),
            OVER: (number, float("inf")),
            ODD: (number, number + room),
            NEARLY: (number - room, number),
            AT_MOST: (float("-inf"), number),
            UNDER: (float("-inf"), number),
        }
        return rules[self.qualifier]


def read_printed(text: str, unit: str = "", qualifier: str = "") -> PrintedFigure:
    """Read a figure as printed; unit and qualifier may stand apart or in the text (``85%以上``).

    Raises ValueError with the reason in Chinese.
    """
    _refuse_marks(text, unit)
    folded = folded_units(str(text))
    found = _NUMBER.search(folded)
    if found is None:
        raise ValueError(f"“{text}”里没有数字")
    before, after = folded[: found.start()], folded[found.end() :]
    words = [*_WORD_BEFORE.findall(before), *_WORD_BEHIND.findall(after)]
    rest = _WORD_BEHIND.sub("", after)
    if _FALL.search(before):
        raise ValueError(f"“{text}”是下降的，请写负数，如 -{found[0]}")
    filler = _WORD_BEFORE.sub("", before)
    if not (_FILLERS.match(filler) or _RISE.match(filler)) or _NUMBER.search(rest):
        raise ValueError(f"“{text}”不是一个数字")
    stated = folded_units(str(qualifier))
    if stated and stated not in _WORDINGS:
        raise ValueError(f"限定“{qualifier}”不认识，可写约、以上、以下、超、余、近、不足")
    meant = {_WORDINGS[word] for word in words}
    # 超过85%以上 is said of 85 % and more.
    meant = {AT_LEAST} if meant == {OVER, AT_LEAST} else meant
    meant |= {_WORDINGS[stated]} if stated else set()
    if len(meant) > 1:
        raise ValueError(f"“{text}”的限定互相矛盾：{'、'.join(sorted(meant))}")
    scale, unit = split_unit(rest, folded_units(str(unit)), text)
    digits = Decimal(found[0].replace(",", "").replace("−", "-"))
    if len(digits.as_tuple().digits) > _MOST_DIGITS or int(digits.as_tuple().exponent) < -_MOST_DECIMALS:
        raise ValueError(f"“{text}”的位数太多")
    step = Decimal(1).scaleb(int(digits.as_tuple().exponent))
    meaning = meant.pop() if meant else ""
    # A rate is rounded to its last digit, nought or not: 约80% is no more than a point away from 80 %.
    is_rate = unit_of(unit)[0] in ("rate", "points")
    room = step if is_rate and meaning != ODD else _room(digits, step, meaning)
    return PrintedFigure(digits * scale, step * scale, unit, meaning, room * scale)


def tells_rise(text: str) -> bool:
    """Tell whether a printed text says 增长, 上升 …: then its number is a change, not a level."""
    before = re.split("[0-9]", folded_units(str(text)))[0].rstrip("-−")
    return _RISE.match(_WORD_BEFORE.sub("", before)) is not None


def as_printed(text: str, unit: str = "", qualifier: str = "") -> str:
    """Return the figure in the words it was published in: text, unit and qualifier together."""
    said = text.strip()
    behind = folded_units(re.split("[0-9０-９]", said, maxsplit=1)[-1])
    closed = _WORD_BEHIND.search(behind) and not said.endswith(("余", "多"))
    if unit and not folded_units(said).endswith(folded_units(unit)) and not closed:
        said += unit.removeprefix(said[-1]) if said[-1] in MAGNITUDES else unit
    if not qualifier or _WORDING.search(said):
        return said
    stands_behind = folded_units(qualifier) in _BEHIND
    return said + qualifier if stands_behind else qualifier + said


def _refuse_marks(text: str, unit: str) -> None:
    """Raise ValueError for footnote marks and blanks, which folding would make digits of the number."""
    for part in (str(text), str(unit)):
        bare = re.sub("(?<=[mM])²", "", part)
        if marks := [sign for sign in bare if _hides_digit(sign)]:
            raise ValueError(f"“{part}”里的“{marks[0]}”像是注释号，请去掉")
        if _GAP.search(unicodedata.normalize("NFKC", part).strip()):
            raise ValueError(f"“{part}”的数字中间有空格")


def _hides_digit(sign: str) -> bool:
    if sign.isascii() or sign in _UNIT_SIGNS or "０" <= sign <= "９":
        return False
    return any(folded.isdigit() for folded in unicodedata.normalize("NFKC", sign))


def _room(digits: Decimal, step: Decimal, qualifier: str) -> Decimal:
    """Return what a qualifier leaves open, in units of the digits as printed; see the module."""
    if qualifier not in _ROUGH or step != 1 or digits == 0:
        return step
    noughts = len(str(abs(digits))) - len(str(abs(digits)).rstrip("0"))
    room = Decimal(10) ** noughts
    return room if qualifier == ODD else max(step, min(room, abs(digits) / 10))


def _rounded(value: Decimal, step: Decimal) -> Decimal:
    """Round to a multiple of ``step`` (a power of ten), half away from zero."""
    return (value / step).quantize(Decimal(1), rounding=ROUND_HALF_UP) * step


def _twelve_digits(value: float) -> Decimal:
    return Decimal(f"{value:.12g}")
