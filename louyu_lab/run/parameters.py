"""The parameters of a run, typed and strict: a wrong one is refused before anything starts.

``SCHEMA`` is the one declaration: the dataclass, the command line's options, a parameter file and the
notebooks' own cells are all held to it.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from numbers import Integral
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    # The command line needs InputError before anything else: pandas is not loaded for its sake.
    from louyu_lab.ledgers.model import Ledgers

#: Years a study may be asked for; 0 stands for the latest year the ledgers hold.
FIRST_YEAR, LAST_YEAR = 1990, 2100

#: How alike two names must be (difflib's ratio) for one to be suggested in place of the other.
_ALIKE = 0.5

_WHOLE_NUMBER = re.compile(r"([+-]?[0-9]{1,99})(?:\.0+)?")


class InputError(ValueError):
    """Something the user gave cannot be run; the message says what, where and how to mend it."""


@dataclass(frozen=True)
class Parameter:
    """One parameter as declared: whole numbers lie within ``low`` and ``high``, or are the default."""

    name: str
    title_zh: str
    kind: type[str] | type[int]
    default: str | int
    unit_zh: str
    low: int | None
    high: int | None
    meaning_zh: str

    @property
    def range_zh(self) -> str:
        """What numbers are allowed, as in ``1–10 年``; "" for a text."""
        if self.low is None or self.high is None:
            return ""
        return f"{self.low}–{self.high}{f' {self.unit_zh}' if self.unit_zh else ''}"

    def allows(self, number: int) -> bool:
        """Whether a number is the default or lies in the range."""
        above, below = self.low is None or number >= self.low, self.high is None or number <= self.high
        return number == self.default or (above and below)


SCHEMA = (
    Parameter("data_dir", "台账文件夹", str, "", "", None, None, "存放台账的文件夹；空为演示城区 data/demo"),
    Parameter("year", "年份", int, 0, "年", FIRST_YEAR, LAST_YEAR, "研究哪一年；0 为台账里最近的一年"),
    # scikit-learn takes no larger seed.
    Parameter("seed", "随机种子", int, 0, "", 0, 2**32 - 1, "随机数的起点；同样的种子得到同样的结果"),
    Parameter("horizon_years", "预测年数", int, 3, "年", 1, 10, "从研究年份往后预测几年"),
)


@dataclass(frozen=True)
class Parameters:
    """What a run is asked for; what each field means and allows stands in ``SCHEMA``.

    The constructor takes right values only and raises InputError for any other;
    ``from_mapping`` reads what people write.
    """

    data_dir: str = ""
    year: int = 0
    seed: int = 0
    horizon_years: int = 3

    def __post_init__(self) -> None:
        """Refuse wrong types and ranges."""
        given = [(parameter, getattr(self, parameter.name)) for parameter in SCHEMA]
        refuse([_refusal(p, value, value if type(value) is p.kind else None) for p, value in given])

    @classmethod
    def from_mapping(cls, mapping: Mapping[Any, object], source_zh: str) -> Parameters:
        """Return the parameters that ``mapping`` names, by name or by Chinese title.

        A text that is a whole number ("2020", full-width digits, 2020.0) is taken as one. Raises
        InputError with every problem at once, each opened by ``source_zh``.
        """
        return cls.from_sources([(mapping, source_zh)])

    @classmethod
    def from_sources(cls, sources: Iterable[tuple[Mapping[Any, object], str]]) -> Parameters:
        """Return the parameters of several (mapping, source); what comes later wins.

        Raises InputError as ``from_mapping``, for what is wrong in any of them.
        """
        values: dict[str, Any] = {}
        problems: list[str] = []
        for mapping, source_zh in sources:
            read, wrong = _read(mapping)
            values |= read
            problems += [f"{source_zh}：{problem}" for problem in wrong]
        refuse(problems)
        return cls(**values)

    def recorded(self) -> dict[str, Any]:
        """Return the parameters as the manifest keeps them: the folder's name without its path."""
        return asdict(self) | {"data_dir": Path(self.data_dir).name}


def resolved_year(ledgers: Ledgers, year: int) -> int:
    """Return the year of the study: the one asked for, or for 0 the latest one the ledgers hold.

    Ledgers without any year are taken for the last full calendar year. Raises
    InputError for a year that the ledgers do not hold.
    """
    # Imported where it is used: the reader is heavy, and most commands have it only later, if at all.
    from louyu_lab.ledgers.reading import assumed_year

    held = ledgers.years
    if year == 0:
        return held[-1] if held else assumed_year()
    if not ledgers.holds(year):
        raise InputError(f"台账里没有 {year} 年。可选的年份：{'、'.join(map(str, held))}。")
    return year


def nearest_name(name: str, names: Iterable[str]) -> str:
    """Return the one of ``names`` most like ``name``, whatever their case and dashes; "" where none is."""
    by_form = {_form(known): known for known in names}
    close = get_close_matches(_form(name), by_form, n=1, cutoff=_ALIKE)
    return by_form[close[0]] if close else ""


def unknown_parameter(name: str, known: Sequence[str] = (), hints: Sequence[str] = ()) -> str:
    """Say that there is no parameter ``name``, which is like it, and which there are.

    ``known`` are the names there are, by default the schema's; ``hints`` are suggested too.
    """
    titles = {parameter.name: parameter.title_zh for parameter in SCHEMA}
    known = known or tuple(titles)
    near = nearest_name(name, [*known, *hints])
    listed = "、".join(f"{one}（{titles[one]}）" if one in titles else one for one in known)
    return f"没有参数 {name}{f'，是否想写 {near}？' if near else '。'}可用的参数：{listed}。"


def repaired(parameter: Parameter, value: object) -> str | int | None:
    """Return a value as the parameter's kind where it can only mean that; otherwise None."""
    if parameter.kind is str:
        return os.fspath(value) if isinstance(value, str | os.PathLike) else None
    if isinstance(value, bool):
        return None  # an integer to Python, not to a person
    if isinstance(value, Integral) or (isinstance(value, float) and value.is_integer()):
        return int(value)
    written = unicodedata.normalize("NFKC", value).strip() if isinstance(value, str) else ""
    number = _WHOLE_NUMBER.fullmatch(written)
    return int(number[1]) if number else None


def refuse(problems: Sequence[str]) -> None:
    """Raise InputError with all problems, one a line; blank ones are none."""
    if any(problems):
        raise InputError("\n".join(filter(None, problems)))


def _form(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold().strip(" -—–_").replace("-", "_")


def _read(mapping: Mapping[Any, object]) -> tuple[dict[str, Any], list[str]]:
    """Return the values by the schema's names, and what is wrong with the others."""
    by_name = {spelled: p for p in SCHEMA for spelled in (p.name, p.title_zh)}
    values: dict[str, Any] = {}
    problems = []
    for given, value in mapping.items():
        spelled = unicodedata.normalize("NFKC", str(given)).strip()
        parameter = by_name.get(spelled)
        if parameter is None:
            problems.append(unknown_parameter(spelled, hints=list(by_name)))
        elif parameter.name in values:
            problems.append(f"参数 {parameter.name}（{parameter.title_zh}）写了两次。请只留一处。")
        else:
            values[parameter.name] = repaired(parameter, value)
            problems.append(_refusal(parameter, value, values[parameter.name]))
    return values, [problem for problem in problems if problem]


def _refusal(parameter: Parameter, given: object, value: str | int | None) -> str:
    """Say why a value cannot be taken; "" where it can."""
    named = f"参数 {parameter.name}（{parameter.title_zh}）"
    now = "现为空" if given is None or given == "" else f"现为“{str(given)[:40]}”"
    if value is None and parameter.kind is str:
        return f"{named}应为文字，{now}。请给它加上引号；用 papermill 时把 -p 改成 -r。"
    if value is None:
        return f"{named}应为整数，{now}。请只写数字，不带单位和小数。"
    if isinstance(value, int) and not parameter.allows(value):
        between = f"{parameter.range_zh}{'' if parameter.unit_zh else ' '}之间"
        in_range = parameter.low <= parameter.default <= parameter.high
        allowed = between if in_range else f"{between}，或为 {parameter.default}"
        return f"{named}应在 {allowed}，{now}。{parameter.meaning_zh}。"
    return ""
