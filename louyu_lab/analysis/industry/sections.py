"""GB/T 4754-2017: sections (门类), divisions (大类), and the district's own industries.

The codes and names live in ``gbt4754.yaml`` and ``gbt4754_classes.csv``; the map to the district's industries
in ``industries.yaml``, which a district replaces by its own 行业对照.yaml (``Ledgers.industries``).
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

import pandas as pd
import yaml

from louyu_lab.ledgers.district_industries import industry_rows
from louyu_lab.ledgers.model import Ledgers, industry_frame
from louyu_lab.ledgers.packaged import packaged_yaml

#: A code as users write it: a letter, two to four digits, or both; a spreadsheet may have added ".0", and
#: behind digits the name may follow (6513应用软件开发).
_CODE = r"^([A-T])?(\d{2,4})?(?:\.0+)?(?:(?<=\d)[^A-Z\d.].*)?$"

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
    that leave their section; ``sections`` the sections of an industry; ``aliases`` other wordings;
    ``rest`` is the industry of whatever is listed nowhere.
    """

    names: tuple[str, ...]
    of_section: Mapping[str, str]
    of_division: Mapping[str, str]
    sections: Mapping[str, tuple[str, ...]]
    aliases: Mapping[str, str]
    rest: str

    @property
    def order(self) -> tuple[str, ...]:
        """Industries in the order tables print them, the unrecognised last."""
        return (*self.names, UNRECOGNISED)

    def made_of(self, sections: Collection[str]) -> tuple[str, ...]:
        """Return the industries that hold these sections, or parts of them, and nothing else."""
        return tuple(name for name in self.names if self.sections[name] and self._within(name, sections))

    def mixed_with(self, sections: Collection[str]) -> tuple[str, ...]:
        """Return the industries that hold these sections, or parts of them, among others."""
        touched = (name for name in self.names if set(self.sections[name]) & set(sections))
        return tuple(name for name in touched if not self._within(name, sections))

    def _within(self, name: str, sections: Collection[str]) -> bool:
        return set(self.sections[name]) <= set(sections)

    def industry_of(self, section: pd.Series, division: pd.Series | None = None) -> pd.Series:
        """Return the industry of each section letter (or of its division, where that is listed)."""
        industry = section.map(self.of_section)
        if division is not None and self.of_division:
            industry = division.map(self.of_division).fillna(industry)
        return industry.astype("str")


@cache
def standard() -> Standard:
    """Return the codes and names of GB/T 4754-2017 down to the divisions."""
    content = packaged_yaml(__package__, "gbt4754.yaml")
    divisions = {
        code: (letter, name) for letter, s in content.items() for code, name in s["divisions"].items()
    }
    return Standard(
        section_names={letter: section["name"] for letter, section in content.items()},
        division_names={code: name for code, (_, name) in divisions.items()},
        section_of_division={code: letter for code, (letter, _) in divisions.items()},
    )


@cache
def class_names() -> Mapping[str, str]:
    """Return code -> name of the groups (中类, three digits) and classes (小类, four) of the standard.

    A group of a single class stands only as that class, whose code ends in 0.
    """
    rows = csv.DictReader(_packaged("gbt4754_classes.csv").splitlines())
    return {row["code"]: row["name"] for row in rows}


@cache
def industry_map() -> IndustryMap:
    """Return the 15 industries of the workbench."""
    problems: list[str] = []
    node = yaml.compose(_packaged("industries.yaml"), Loader=yaml.SafeLoader)
    rows = industry_frame(industry_rows(node, problems))
    if problems:
        raise ValueError("industries.yaml: " + "；".join(problems))
    return _map_of(rows)


def industry_map_of(ledgers: Ledgers) -> IndustryMap:
    """Return the industries the district counts in (行业对照.yaml), or the 15 of the workbench."""
    return _map_of(ledgers.industries) if len(ledgers.industries) else industry_map()


def _map_of(rows: pd.DataFrame) -> IndustryMap:
    """Build the map from rows of ``INDUSTRY_COLUMNS``.

    A section listed nowhere belongs to the one industry that holds all its divisions, else to the rest; so
    do, there, firms whose division is not known.
    """
    table = standard()
    by_kind = {kind: part for kind, part in rows.groupby("kind")}
    names = tuple(by_kind["name"]["industry"])
    rest = by_kind["other"]["industry"].iloc[0]
    codes = dict(zip(*_pair(by_kind.get("code")), strict=True))
    of_division = {code: name for code, name in codes.items() if code in table.division_names}
    of_section = {code: name for code, name in codes.items() if code in table.section_names}
    for letter in table.section_names:
        parts = {
            of_division.get(code) for code, owner in table.section_of_division.items() if owner == letter
        }
        whole = next(iter(parts)) if len(parts) == 1 else None
        of_section.setdefault(letter, whole or rest)
    aliases = {name: name for name in names} | dict(zip(*_pair(by_kind.get("alias")), strict=True))
    sections = {name: _sections_of(name, of_section, of_division) for name in names}
    return IndustryMap(names, of_section, of_division, sections, aliases, rest)


def _pair(part: pd.DataFrame | None) -> tuple[list[str], list[str]]:
    return ([], []) if part is None else (part["value"].tolist(), part["industry"].tolist())


def division_of_code(codes: pd.Series) -> pd.Series:
    """Return the two-digit division of each code, missing where the code is a bare letter or invalid.

    Two to four digits are read from the left; a single digit is a division that lost its zero in a
    spreadsheet. Full-width characters, blanks, lower case and a trailing ``.0`` are accepted.
    """
    return _parsed(codes)["division"]


def section_of_code(codes: pd.Series) -> pd.Series:
    """Return the section letter A–T of each GB/T 4754-2017 code, missing where it is invalid.

    Accepts ``I``, ``65``, ``6510``, ``I65``, ``I6510``, full-width and numeric forms, digits with the name
    behind them. A letter that contradicts its digits (``F6510``) is invalid.
    """
    return _parsed(codes)["section"]


def unknown_codes(codes: pd.Series) -> pd.Series:
    """Tell the codes that are given but not in the standard: unreadable, or digits of no group or class."""
    distinct = codes.dropna().drop_duplicates()
    known = {*class_names(), *(code[:3] for code in class_names())}
    digits = distinct.astype("str").str.normalize("NFKC").str.extract(r"^\D*(\d{3,4})(?!\d)", expand=False)
    is_unknown = section_of_code(distinct).isna() | ~(digits.isna() | digits.isin(known))
    blank = distinct.astype("str").str.strip() == ""
    is_unknown = (is_unknown & ~blank).set_axis(pd.Index(distinct))
    return codes.map(is_unknown).astype("object").eq(True).astype("bool")


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


def _sections_of(name: str, of_section: dict[str, str], of_division: dict[str, str]) -> tuple[str, ...]:
    whole = {letter for letter, industry in of_section.items() if industry == name}
    parts = {
        standard().section_of_division[code] for code, industry in of_division.items() if industry == name
    }
    return tuple(sorted(whole | parts))


def _packaged(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text("utf-8")
