"""Published figures and relations as they were written: the fields of one entry, and what is wrong in it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from louyu_lab.ledgers.faults import FaultLog
from louyu_lab.ledgers.published.formulas import folded_name
from louyu_lab.ledgers.texts import nearest

#: A year as it is written in a text or lies in a cell: 2020, 2020年度, 2020.0, 2020-12-31.
_YEAR = re.compile(r"((?:19|20)[0-9]{2})(?:\.0|年|年度|年末|年底|-[0-9]{2}-[0-9]{2})?")


@dataclass(frozen=True)
class Entry:
    """One figure or relation as written: fields by name (texts, or what the YAML nests), and its place.

    ``sheet`` is empty for the text file; ``row`` is its line. ``numbers`` names the cells of a workbook
    that held a number without a format of its own, ``decimals`` those whose format shows digits and no
    unit, ``unclear`` those whose format tells no digits. ``repeated`` names the fields that are written
    twice, ``repeated_conditions`` the columns that are so inside 条件.
    """

    fields: Mapping[str, object]
    file: str
    sheet: str
    row: int
    default_year: str = ""
    numbers: frozenset[str] = frozenset()
    decimals: frozenset[str] = frozenset()
    unclear: frozenset[str] = frozenset()
    repeated: tuple[str, ...] = ()
    repeated_conditions: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """The entry's id as formulas name it: 编号, or else 名称; empty where it has neither."""
        given = self.fields.get("编号") or self.fields.get("名称") or ""
        return folded_name(given) if isinstance(given, str) else ""


@dataclass
class EntryReading:
    """One entry being read: its fields as text, and everything that is wrong with it."""

    entry: Entry
    keys: Mapping[str, str]
    wrong: list[tuple[str, str]] = field(default_factory=list)

    def text(self, key: str) -> str:
        """Return a field as text; what is no plain text is wrong."""
        value = self.entry.fields.get(key, "")
        if isinstance(value, str):
            return value.strip()
        self.wrong.append((key, "应为文字或数字"))
        return ""

    def year(self, key: str, default: str = "") -> int | None:
        """Return a field that is a year, or ``default``; None where there is none."""
        text = unicodedata.normalize("NFKC", self.text(key) or default).strip()
        if read := _YEAR.fullmatch(text):
            return int(read[1])
        if text:
            self.wrong.append((key, f"“{text}”不是年份"))
        return None

    def check_keys(self, log: FaultLog) -> None:
        """List the fields nobody knows; those that show a number cut in two make the entry wrong."""
        entry = self.entry
        self.wrong += [(key, "写了两次") for key in entry.repeated]
        for key in sorted(set(entry.fields) - set(self.keys)):
            if not entry.sheet and re.match(r"[0-9]", key):
                # {公布: 3,130} is 公布 = 3 and a field 130.
                self.wrong.append(("公布", f"逗号把“{key}”断成了另一项：千分号请去掉，或给整个数加引号"))
                continue
            hint = nearest(key, self.keys)
            if not entry.sheet and entry.fields[key] == "":
                hint = f"（逗号后的“{key}”成了另一项，有逗号的文字请加引号）"
            # A column nobody knows is a fault of the sheet, not of each row.
            log.add("published-key", entry.file, entry.sheet, 1 if entry.sheet else entry.row, key, hint)

    def list_wrong(self, rule: str, log: FaultLog) -> None:
        """Add a fault of ``rule`` for everything that is wrong."""
        entry = self.entry
        name = str(entry.fields.get("编号") or entry.fields.get("名称") or "")
        for key, reason in self.wrong:
            log.add(rule, entry.file, entry.sheet, entry.row, key, f"{name}：{reason}" if name else reason)
