"""House numbers: where in an address the street and its number stand, in one spelling.

A number ends at its 号, and one number is one place: 54号, 54-1号, 54甲号 and 甲54号 are four; 90甲-5号 is
90甲5号, 54-甲号 is 54甲号, 54号之一 is 54-1号. What comes behind 号 is inside the place: 54号甲, 54号2门,
54号附3号, 54号楼, 54号院2号楼 and 54号-1203 are all 54号. The 甲 of 54号甲 is its block (see ``addresses``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

#: What ends the name of a street.
_STREET = r"(?:大街|大道|胡同|街|路|巷|道|里|弄|条|段|线|环|坊|渠)"

#: Behind a number: then it counts floors, rooms, distances or streets, not houses.
_UNIT = (
    r"(?:楼|层|室|门|单元|幢|栋|座|组|队|米|公里|路|街|线|巷|弄|条|里|段|房|厅|F|期|区|"
    r"号楼|号路|号街|号线|号门|号房|号库|世纪|#)"
)

#: What tells houses of one number apart.
STEMS = "甲乙丙丁戊己庚"
_STEM = f"[{STEMS}]"
#: What cannot follow the digits behind 甲: then they are a room's, 52甲309房间.
_NO_SUB = r"(?![-\d]*(?:[A-Z]|" + _UNIT + "))"
_SUB = rf"(?:-?(?P<sub>\d++(?:-\d++)?(?=号(?!楼))|\d{{1,2}}+(?!\d){_NO_SUB}))?"

_NUMBER = re.compile(
    rf"(?:(?P<lead>{_STEM})|(?P<letter>[A-Z])-?)?(?P<digits>\d++(?:-\d++)*+)"
    rf"(?:-?(?P<stem>{_STEM}){_SUB}|(?P<tail>-?[A-Z]\d{{0,3}})(?=号))?"
    rf"(?P<hao>号(?:之(?P<of>\d++|[一二三四五六七八九十]))?)?"
)
#: 十号路, 3经街, 54巷 and 1438弄 are digits within a street's name.
_WITHIN = r"\d++(?:(?:号|经|纬|国)?[^\W\dA-Z_]{0,3}?(?:大街|大道|街|路|道)|巷|弄|条|段|里|胡同)"
_RUN = re.compile(rf"(?P<run>[^\W\dA-Z_]*(?:{_WITHIN})*[^\W\dA-Z_]*)(?=[甲乙丙丁]?(?:[A-Z]-?)?\d)")
_ENDS_IN_STREET = re.compile(_STREET + "$")
_TWO_STREETS = re.compile(
    r"^.+?(?<![铁公马])(?:大街|大道|街|路|巷)(?P<last>[^\W\d]{2,}(?:街|路|巷|胡同|弄|大道))$"
)
#: 8号路 and 8街, but not 54巷.
_ORDINAL = re.compile(r"\d+(?=(?:号|经|纬)?[东西南北中]?(?:大街|大道|街|路))")
_CORNER = re.compile(r"(?:与|和).*(?:交叉口|交汇处|交界处)")

#: Names that a number follows without being a house's: 宁官市场16号楼.
_NO_STREET = re.compile(
    r"(?:号|楼|层|室|门|座|栋|幢|单元|(?<!开发)(?<!工业)(?<!产业)(?<!商务)(?<!风景)(?<!社)区|期|院|厅|市场|商场|商城|大厦|广场|中心|花园|家园|小区|公寓|新城|名城|园|城|铺|档口|摊位)$"
)

_DIGIT = {sign: value for value, sign in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
_SPELLED = re.compile(
    rf"(?:(?<=[路街巷道里段弄村])|(?<=[路街][东西南北]))(?P<number>[〇零一二三四五六七八九十百]+)(?=号(?![路街线])|{_STEM}\d*号|{_STEM}$)"
)


@dataclass(frozen=True)
class House:
    """A street and a number: ``number`` as 54号, 36-1号 or 90甲5号; ``start``, ``end`` in the text.

    ``is_street`` is false for a village or the like; ``is_plain`` where the number was written with 号.
    """

    street: str
    number: str
    start: int
    end: int
    is_street: bool
    is_plain: bool


def with_digits(text: str) -> str:
    """Return the text with house numbers in Chinese numerals as digits: 长江街八十八号 -> 长江街88号."""
    return _SPELLED.sub(lambda match: str(_value(match["number"])), text)


def _value(numeral: str) -> int:
    if not set(numeral) & set("十百"):
        return int("".join(str(_DIGIT[sign]) for sign in numeral))
    total, digit = 0, 0
    for sign in numeral:
        if sign in "十百":
            total += (digit or 1) * (10 if sign == "十" else 100)
            digit = 0
        else:
            digit = _DIGIT[sign]
    return total + digit


def first_house(text: str) -> House | None:
    """Return the first street with a number in a text without city and district; None where there is none."""
    for match in _RUN.finditer(text):
        run = _CORNER.sub("", match["run"])
        number = _NUMBER.match(text, match.end())
        if run and run[-1] in "甲乙丙丁" and not (number and number["lead"]):
            number = _NUMBER.match(text, match.end() - 1)
            run = run[:-1]
        house = number and _house(text, run, match.start(), number)
        if house:
            return house
    return None


def _house(text: str, run: str, start: int, number: re.Match[str]) -> House | None:
    is_street = bool(_ENDS_IN_STREET.search(run)) and not run.endswith("小区")
    has_sign = bool(number["hao"])
    street = _last_street(run)
    rest = text[number.end() :]
    if len(street) < 2 or (
        not is_street and (not has_sign or rest.startswith("楼") or _NO_STREET.search(run))
    ):
        return None
    if not has_sign and (re.match(_UNIT, rest) or len(number["digits"]) > 9):
        return _cut_before_room(number, street, start, is_street)
    return _written(text, number, street, start, is_street)


def _cut_before_room(number: re.Match[str], street: str, start: int, is_street: bool) -> House | None:
    """54-1203室 is room 1203 of number 54; 3楼 is no number at all."""
    first, _, rest = number["digits"].partition("-")
    if not rest or number["lead"] or number["letter"]:
        return None
    return House(street, f"{first}号", start, number.start("digits") + len(first), is_street, False)


def _written(text: str, number: re.Match[str], street: str, start: int, is_street: bool) -> House:
    digits, end = number["digits"], number.end()
    first, _, second = digits.partition("-")
    if not number["hao"] and (len(second.split("-")[-1]) >= 3 or second.count("-")):
        digits, end = first, number.start("digits") + len(first)
    digits = "-".join(part.lstrip("0") or "0" for part in digits.split("-"))
    stem, sub = number["stem"] or "", number["sub"] or ""
    if stem and number["hao"] is None and text.startswith("号", end):
        end += 1
    of = number["of"] or ""
    digits += f"-{_DIGIT.get(of, 10 if of == '十' else of)}" if of else ""
    letter = f"{number['letter']}-" if number["letter"] else ""
    written = f"{number['lead'] or ''}{letter}{digits}{stem}{sub}{number['tail'] or ''}号"
    return House(street, written, start, end, is_street, bool(number["hao"]))


def _last_street(run: str) -> str:
    """The street of two that the number belongs to: 沈大路珍珠巷 -> 珍珠巷; words before it are dropped."""
    run = re.sub(r"^(?:位于|坐落于|坐落在|地处|的)", "", run)
    while two := _TWO_STREETS.match(run):
        run = two["last"]
    return _ORDINAL.sub(lambda found: _numeral(int(found[0])), run)


def _numeral(value: int) -> str:
    """A street's ordinal as streets write it: 8号路 is 八号路."""
    if not 0 < value < 100:
        return str(value)
    tens, ones = divmod(value, 10)
    digits = "〇一二三四五六七八九"
    return (digits[tens] if tens > 1 else "") + ("十" if tens else "") + (digits[ones] if ones else "")
