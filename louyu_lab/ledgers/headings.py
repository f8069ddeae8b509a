"""Finding a sheet's header: title rows, one to three header rows, merged cells, units, wide years."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise

from louyu_lab.ledgers.catalogue import catalogue, header_names, normalise_header
from louyu_lab.ledgers.files import RawSheet

#: How far down a header is looked for, and how many rows it may have.
_SEARCHED_ROWS = 30
_DEEPEST_HEADER = 3

#: What a block that cuts a merged heading loses: more than a row more costs, less than a known column.
_CUT_PENALTY = 5

#: A year in a heading; January to December is the year, fewer months are not.
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?:年(?:1[-—–~至到]12月份?|全年|[度末底])?|(?!\d))")
_BRACKET = re.compile(r"[(\[【]\s*(?:单位[::]?)?\s*([^()\[\]【】]*?)\s*[)\]】]")
_BARE_UNIT = re.compile(r"[\s/_,:-]*((?:[万亿]?元|万?(?:平方米|平米|m2|㎡)|%)(?:/.*)?)$")
#: What a row of units holds beside units of measure.
_COUNTED = frozenset("-—–/户家个幢栋座") | {"--", "——"}
_LIKE_UNIT = re.compile(r"元|米|里|㎡|m2|m²|平方|亩|公顷|%|‰|百分|^[万亿]$|^k?m$")

#: A unit stated above the table; 填报单位, 编制单位 and the like name an office.
_TITLE_UNIT = re.compile(r"(?<![报制送])单位[:：]?\s*([^\s()单]+)")

#: Below a heading: not its amount but how it changed, a share or a part of it, or another year's.
_ASPECT = re.compile(
    r"同比|环比|增[长幅减速]|占比|比重|其中|地[上下]|增值税|所得税|月|季|半年|上年|去年|上期"
)

#: Texts that stand in data rows and never in headings: dates, credit codes, prose.
_DATA_TEXT = re.compile(
    r"-?\d+(\.\d+)?%?|\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?.*|[0-9A-Z]{15,18}|.{41,}", re.S
)


@dataclass(frozen=True)
class Heading:
    """One column's heading.

    ``text`` as the user wrote it (parts joined by ``/``); ``names`` the normalised forms to look up,
    most specific first; ``unit`` as written in brackets, empty when there is none; ``year`` for the
    columns of a wide table.
    """

    index: int
    text: str
    names: tuple[str, ...]
    unit: str = ""
    year: int | None = None


@dataclass(frozen=True)
class Header:
    """Where the header ends and what it says; ``title`` is the text above it."""

    first_data_row: int
    headings: tuple[Heading, ...]
    title: str = ""

    @property
    def title_units(self) -> tuple[str, ...]:
        """Units stated above the header, such as 单位：万元、㎡."""
        stated = _TITLE_UNIT.findall(unicodedata.normalize("NFKC", self.title))
        return tuple(
            unit.replace("m2", "㎡") for text in stated for unit in (text, *re.split(r"[、,/;]", text))
        )


def find_header(raw: RawSheet, mapped: dict[str, str]) -> Header | None:
    """Return the header of a sheet, or None when no row looks like one.

    ``mapped`` is the user's own ``columns.yaml`` (header as written -> column). Every block of one to
    three rows near the top is tried; the one in which most headings are known to a single ledger wins,
    fewer rows before more.
    """
    best: tuple[int, Header] | None = None
    for top in range(min(_SEARCHED_ROWS, len(raw.cells))):
        if not any(_is_text(cell) for cell in raw.cells[top]):
            continue
        for depth in range(1, _DEEPEST_HEADER + 1):
            block = _block(raw, top, depth)
            if block is None:
                break
            headings = _headings(block, mapped)
            score = known_columns(headings) * 10 - depth + 2 * _only_units(block[-1])
            score -= _CUT_PENALTY * _cuts_a_merge(raw, top, depth)
            if best is None or score > best[0]:
                title = " ".join(str(cell) for row in raw.cells[:top] for cell in row if _is_text(cell))
                best = score, Header(top + depth, headings, title)
    if best is None or best[0] < 10 * 2 - _DEEPEST_HEADER:
        return None
    return best[1]


def known_columns(headings: tuple[Heading, ...]) -> int:
    """Number of different columns (and years) that one ledger knows, the best ledger counting."""
    years = [heading.year for heading in headings]
    return max(
        len({pair for pair in zip(columns_of(ledger, headings), years, strict=True) if pair[0] is not None})
        for ledger in catalogue()
    )


def headings_in(row: list[object]) -> tuple[Heading, ...] | None:
    """Read a row as headings of one line; None when data stands in it."""
    if any(_is_data(cell) for cell in row):
        return None
    return _headings([["" if cell is None else str(cell).strip() for cell in row]], {})


def _cuts_a_merge(raw: RawSheet, top: int, depth: int) -> bool:
    """Whether a heading merged downwards reaches below the block: the header is deeper."""
    return any(top <= first < top + depth <= last for first, _, last, _ in raw.merges)


def _only_units(row: list[str]) -> bool:
    """Whether a row holds nothing but units, as some tables have below their headings."""
    filled = {unicodedata.normalize("NFKC", text) for text in row if text}
    units = [_split_unit(text) for text in filled - _COUNTED]
    return bool(units) and all(not rest and unit for rest, unit in units)


def columns_of(ledger: str, headings: tuple[Heading, ...]) -> list[str | None]:
    """Return for each heading the ledger's column it names, or None.

    A heading that is only a year, or a year with an unknown remainder, names the wide column.
    """
    names = header_names(ledger)
    wide = next((column.name for column in catalogue()[ledger].columns if column.wide), None)
    return [_column_of(heading, names, wide) for heading in headings]


def _column_of(heading: Heading, names: dict[str, str], wide: str | None) -> str | None:
    for name in heading.names:
        if name in names:
            return names[name]
    only_year = heading.year is not None and not heading.names
    return wide if only_year else None


def _block(raw: RawSheet, top: int, depth: int) -> list[list[str]] | None:
    """Return ``depth`` rows from ``top`` as texts with merged cells filled; None when data lies in them."""
    rows = raw.cells[top : top + depth]
    if len(rows) < depth or any(_is_data(cell) for row in rows[1:] for cell in row):
        return None
    block = [["" if cell is None else str(_whole(cell)).strip() for cell in row] for row in rows]
    for first, left, last, right in raw.merges:
        if first < top or last >= top + depth or (first == last and left == right):
            continue
        text = block[first - top][left]
        for row in range(first, last + 1):
            for column in range(left, min(right, len(block[row - top]) - 1) + 1):
                block[row - top][column] = text
    if depth > 1 and not any(top <= first < top + depth for first, *_ in raw.merges):
        _fill_unmerged(block)
    return block


def _fill_unmerged(block: list[list[str]]) -> None:
    """Carry an upper heading over the blanks to its right where a lower heading stands (no merges in CSV)."""
    for upper, lower in pairwise(block):
        for column in range(1, len(upper)):
            if not upper[column] and lower[column] and lower[column - 1]:
                upper[column] = upper[column - 1]


def _headings(block: list[list[str]], mapped: dict[str, str]) -> tuple[Heading, ...]:
    headings = []
    for index, parts in enumerate(zip(*block, strict=True)):
        unique = [part for place, part in enumerate(parts) if part and part not in parts[:place]]
        if unique:
            headings.append(_heading(index, unique, mapped))
    return tuple(headings)


def _heading(index: int, parts: list[str], mapped: dict[str, str]) -> Heading:
    text = "/".join(" ".join(part.split()) for part in parts)
    told = mapped.get(text) or mapped.get(parts[-1]) or mapped.get(normalise_header(parts[-1]))
    spoken = [told] if told else parts
    unit, year, rests = "", None, []
    for part in spoken:
        folded, stated = _split_unit(unicodedata.normalize("NFKC", part).strip())
        # NFKC writes ㎡ as m2; the user wrote ㎡ and is shown it.
        unit = stated.replace("m2", "㎡") or unit
        found = _YEAR.search(folded)
        if found:
            year = int(found.group(1))
            folded = (folded[: found.start()] + folded[found.end() :]).strip()
        rests.append(folded)
    if told and year is None:
        # A column the user renamed may still be a year of a wide table.
        found = _YEAR.search(text)
        year = int(found.group(1)) if found and not told.startswith(found.group(0)) else None
    names = _candidate_names(rests)
    return Heading(index, text, names, unit, year)


def _split_unit(text: str) -> tuple[str, str]:
    """Cut the unit off a heading: in brackets anywhere, or bare at the end; empty when there is none."""
    for bracket in _BRACKET.finditer(text):
        units = [word for word in re.split(r"[,、;]", bracket.group(1)) if _LIKE_UNIT.search(word)]
        if units:
            return text[: bracket.start()] + text[bracket.end() :], units[-1]
    bare = _BARE_UNIT.search(text)
    return (text[: bare.start()], bare.group(1)) if bare else (text, "")


def _candidate_names(rests: list[str]) -> tuple[str, ...]:
    """The lowest part, the whole from top to bottom, then the upper parts unless it is an aspect of them."""
    rests = [rest for rest in rests if normalise_header(rest)]
    upper = [] if rests and _ASPECT.search(rests[-1]) else reversed(rests[:-1])
    ordered = [*rests[-1:], "".join(rests), *upper]
    names = [normalise_header(rest) for rest in ordered]
    return tuple(dict.fromkeys(name for name in names if name))


def _is_text(cell: object) -> bool:
    return isinstance(cell, str) and bool(cell.strip())


def _is_data(cell: object) -> bool:
    """A number that is no year, a date, a code or prose cannot stand in a header."""
    if isinstance(cell, bool) or cell is None:
        return False
    if isinstance(cell, str):
        plain = cell.strip().replace(",", "")
        return bool(_DATA_TEXT.fullmatch(plain)) and not re.fullmatch(r"(19|20)\d\d", plain)
    if isinstance(cell, (int, float)):
        return not (float(cell).is_integer() and 1900 <= cell <= 2100)
    return True


def _whole(cell: object) -> object:
    return int(cell) if isinstance(cell, float) and cell.is_integer() else cell
