"""The parameters of a run, typed and strict: a wrong one is refused before anything starts."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    # The command line needs InputError before anything else: pandas is not loaded for its sake.
    from louyu_lab.ledgers.model import Ledgers

#: Years a study may be asked for; 0 stands for the latest year the ledgers hold.
FIRST_YEAR, LAST_YEAR = 1990, 2100

_KIND_ZH = {"str": "文字", "int": "整数"}


class InputError(ValueError):
    """Something the user gave cannot be run; the message says what, where and how to mend it."""


@dataclass(frozen=True)
class Parameters:
    """What a run is asked for.

    ``data_dir`` is the ledgers' folder ("" for the demonstration district), ``year`` the year of the
    study (0 for the latest one the ledgers hold), ``seed`` the start of every random number.
    Raises InputError for a value of the wrong type or out of range.
    """

    data_dir: str = ""
    year: int = 0
    seed: int = 0

    def __post_init__(self) -> None:
        """Refuse wrong types and ranges."""
        for field in fields(self):
            value = getattr(self, field.name)
            if type(value).__name__ != field.type:
                raise InputError(f"参数 {field.name} 应为{_KIND_ZH[field.type]}，现为 {value!r}。")
        if self.year != 0 and not FIRST_YEAR <= self.year <= LAST_YEAR:
            allowed = f"{FIRST_YEAR}–{LAST_YEAR}"
            raise InputError(f"参数 year 应在 {allowed} 之间（0 表示最近一年），现为 {self.year}。")
        if self.seed < 0:
            raise InputError(f"参数 seed 应为非负整数，现为 {self.seed}。")

    def recorded(self) -> dict[str, Any]:
        """Return the parameters as the manifest keeps them: the folder's name without its path."""
        return {"data_dir": Path(self.data_dir).name, "year": self.year, "seed": self.seed}


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
