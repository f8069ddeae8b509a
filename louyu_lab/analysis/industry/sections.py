"""GB/T 4754-2017: sections (门类), divisions (大类), and the district's own industries.

The codes and names live in ``gbt4754.yaml``; the map to the district's industries in
``industries.yaml``, which a district may replace by its own file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

#: A code as users write it: a letter, two to four digits, or both; a spreadsheet may have added ".0".
_CODE = r"^([A-T])?(\d{2,4})?(?:\.0+)?$"

#: What an enterprise is called whose industry could not be told.
UNRECOGNISED = "未识别"


@dataclass(frozen=True)
class Standard:
    """Names of the sections and divisions, and the section of each division."""

    section_names: Mapping[str, str]
    division_names: Mapping[str, str]
    section_of_division: Mapping[str, str]


@dataclass(frozen=True)
class IndustryMap:
    """A district's industries in their order, and the sections or divisions each one holds.

    ``of_section`` and ``of_division`` give the industry of a section letter and of the divisions
    that leave their section; ``sections`` the sections of an industry; ``aliases`` other wordings.
    """

    names: tuple[str, ...]
    of_section: Mapping[str, str]
    of_division: Mapping[str, str]
    sections: Mapping[str, tuple[str, ...]]
    aliases: Mapping[str, str]

    @property
    def order(self) -> tuple[str, ...]:
        """Industries in the order tables print them, the unrecognised last."""
        return (*self.names, UNRECOGNISED)

    def industry_of(self, section: pd.Series, division: pd.Series | None = None) -> pd.Series:
        """Return the industry of each section letter (or of its division, where that is listed)."""
        industry = section.map(self.of_section)
        if division is not None and self.of_division:
            industry = division.map(self.of_division).fillna(industry)
        return industry.astype("str")


@cache
def standard() -> Standard:
    """Return the codes and names of GB/T 4754-2017 down to the divisions."""
    content = yaml.safe_load(_packaged("gbt4754.yaml"))
    divisions = {
        code: (letter, name) for letter, s in content.items() for code, name in s["divisions"].items()
    }
    return Standard(
        section_names={letter: section["name"] for letter, section in content.items()},
        division_names={code: name for code, (_, name) in divisions.items()},
        section_of_division={code: letter for code, (letter, _) in divisions.items()},
    )


@cache
def industry_map(path: Path | None = None) -> IndustryMap:
    """Return the district's industries from ``path``, or the 15 of the workbench.

    Raises ``ValueError`` when the file names an unknown section or division, or lists one twice.
    """
    content = yaml.safe_load(_packaged("industries.yaml") if path is None else path.read_text("utf-8"))
    industries: dict[str, dict[str, Any]] = content["industries"]
    of_section: dict[str, str] = {}
    of_division: dict[str, str] = {}
    for name, entry in industries.items():
        for code in map(str, entry["holds"]):
            target = _target(code, name, of_section, of_division)
            if code in target:
                raise ValueError(f"行业对照表里 {code} 同时列在“{target[code]}”和“{name}”下，请只留一处。")
            target[code] = name
    for letter in standard().section_names:
        of_section.setdefault(letter, _other(content))
    return IndustryMap(
        names=tuple(industries),
        of_section=of_section,
        of_division=of_division,
        sections={name: _sections_of(name, of_section, of_division) for name in industries},
        aliases={alias: name for name, entry in industries.items() for alias in (name, *entry["aliases"])},
    )


def division_of_code(codes: pd.Series) -> pd.Series:
    """Return the two-digit division of each code, missing where the code is a bare letter or invalid.

    Two to four digits are read from the left; a single digit is a division that lost its zero in a
    spreadsheet. Full-width characters, blanks, lower case and a trailing ``.0`` are accepted.
    """
    return _parsed(codes)["division"]


def section_of_code(codes: pd.Series) -> pd.Series:
    """Return the section letter A–T of each GB/T 4754-2017 code, missing where it is invalid.

    Accepts ``I``, ``65``, ``6510``, ``I65``, ``I6510``, full-width and numeric forms. A letter that
    contradicts its digits (``F6510``) is invalid.
    """
    return _parsed(codes)["section"]


def _parsed(codes: pd.Series) -> pd.DataFrame:
    distinct = codes.dropna().drop_duplicates()
    text = distinct.astype("str").str.normalize("NFKC").str.replace(r"\s", "", regex=True).str.upper()
    text = text.str.replace(r"^(\d)(\.0+)?$", r"0\1", regex=True)
    parts = text.str.extract(_CODE)
    division = parts[1].str[:2]
    by_digits = division.map(standard().section_of_division)
    section = by_digits.where(division.notna(), parts[0])
    agrees = section.notna() & (parts[0].isna() | (parts[0] == section))
    found = pd.DataFrame({"section": section.where(agrees), "division": division.where(agrees)})
    found.index = pd.Index(distinct)
    return pd.DataFrame(
        {column: codes.map(found[column]).astype("str") for column in found}, index=codes.index
    )


def _target(code: str, name: str, of_section: dict[str, str], of_division: dict[str, str]) -> dict[str, str]:
    if code in standard().section_names:
        return of_section
    if code in standard().division_names:
        return of_division
    raise ValueError(f"行业对照表“{name}”里的 {code} 不是门类字母 A–T，也不是大类 01–97（大类请加引号）。")


def _other(content: dict[str, Any]) -> str:
    other = content.get("other")
    if other not in content["industries"]:
        raise ValueError(f"行业对照表的 other 写的是“{other}”，应为表中已列的一个行业。")
    return other


def _sections_of(name: str, of_section: dict[str, str], of_division: dict[str, str]) -> tuple[str, ...]:
    whole = {letter for letter, industry in of_section.items() if industry == name}
    parts = {
        standard().section_of_division[code] for code, industry in of_division.items() if industry == name
    }
    return tuple(sorted(whole | parts))


def _packaged(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text("utf-8")
