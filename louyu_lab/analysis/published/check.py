"""Figures already published, recomputed from the ledgers and compared: table ``published_check``.

The contradictions inside the source (勾稽) are evaluated among the published figures alone and
listed as such; a figure they cast doubt on is neither equal nor different.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from louyu_lab.analysis.outputs import TABLES, declared
from louyu_lab.analysis.published.places import Place, kind_of, placed, printed_of, ratio_kind
from louyu_lab.analysis.published.relations import (
    FAILS,
    MORE_DIGITS,
    MOST_DECIMALS,
    UNCHECKED,
    told_relations,
)
from louyu_lab.analysis.published.rows import Unplaced
from louyu_lab.analysis.published.values import Found, found_at, remark_on
from louyu_lab.analysis.study_tables import TablesOfYear
from louyu_lab.analysis.study_year import StudyYear
from louyu_lab.ledgers.model import Ledgers
from louyu_lab.ledgers.published.printed import PrintedFigure, as_printed

EQUAL, DIFFERS = "equal", "differs"
CONTRADICTS, OUT_OF_SCOPE = "source-contradicts", "out-of-scope"

#: What a figure without a place is told where it says nothing itself.
NO_PLACE = "没有写指标或表"

#: The order of the table: what needs looking at stands first.
ORDER = (DIFFERS, CONTRADICTS, EQUAL, OUT_OF_SCOPE)


def published_check(ledgers: Ledgers, year: int, seed: int = 0) -> pd.DataFrame:
    """Return table ``published_check``: every published figure beside what the ledgers give.

    ``published, computed`` are in the printed ``unit``; ``status`` is ``equal`` (rounds to the printed
    digits; 约, 以上 … as ``ledgers.printed_figures`` says), ``differs``, ``source-contradicts``, or
    ``out-of-scope`` (no place in the tables, or the ledgers lack it; ``note`` says which).
    ``computed`` has one digit more than was printed, or as many as the status needs to be seen. Figures
    without a year are those of ``year``. Relations that fail are rows of their own, of no year:
    ``published`` is the right side, ``computed`` the left; those that cannot be evaluated are
    ``out-of-scope``. Rows go by ``ORDER`` (figures whose place is a fault right after ``differs``), then
    as written.
    Empty without published figures.
    """
    ties = told_relations(ledgers)
    doubted = _doubted(ties)
    ties["status"] = ties["status"].map({FAILS: CONTRADICTS, UNCHECKED: OUT_OF_SCOPE})
    bench = _Bench(ledgers, seed)
    places, wrong = placed(ledgers)
    rows = []
    for figure in ledgers.published.to_dict("records"):
        at = int(figure["year"]) if pd.notna(figure["year"]) else year
        try:
            if figure["id"] in wrong:
                raise wrong[figure["id"]]
            found = _computed(figure, places, bench, at)
        except Unplaced as unplaced:
            rows.append(_row(figure, at, None, OUT_OF_SCOPE, str(unplaced)))
        else:
            row = _compared(figure, at, found, doubted.get(figure["id"], []))
            if row["status"] == DIFFERS:
                row["note"] = _joined(row["note"], remark_on(places[figure["id"]], bench[at]))
            rows.append(row)
    table = pd.DataFrame(rows + ties.to_dict("records"), columns=list(TABLES["published_check"].columns))
    kinds = dict.fromkeys(("figure", "unit", "status", "name_zh", "printed", "note"), "str")
    kinds |= {"published": "float64", "computed": "float64", "year": "Int64"}
    rank = table["status"].map({status: 2 * place for place, status in enumerate(ORDER)}).astype("float64")
    # A figure whose place is written wrong, or names a building the ledger lost, is looked at next.
    rank = rank.mask(table["figure"].isin(wrong) & (table["status"] == OUT_OF_SCOPE), 1.0)
    return declared("published_check", table.astype(kinds).iloc[rank.argsort(kind="stable")])


@dataclass
class _Bench:
    """The tables of every year a figure speaks of, each year set up once."""

    ledgers: Ledgers
    seed: int
    years: dict[int, TablesOfYear] = field(default_factory=dict)

    def __getitem__(self, year: int) -> TablesOfYear:
        return self.years.setdefault(year, TablesOfYear(StudyYear(self.ledgers, year, self.seed)))


def _computed(figure: Mapping, places: Mapping[str, Place], bench: _Bench, year: int) -> Found:
    """Return what the ledgers give for a figure; Unplaced where they do not."""
    if figure["id"] not in places:
        raise Unplaced(figure["note"] or NO_PLACE)
    below_at = _year_below(figure, places, year)
    now = _ratio(figure, places, bench, year, below_at)
    if pd.isna(figure["since"]):
        return now
    since = int(figure["since"])
    if since == year:
        raise Unplaced(f"“较”的年份与自己的年份（{year}）相同", "较")
    if below_at != year:
        raise Unplaced(f"除数是 {below_at} 年的，年份不同，不能再写“较”", "除以")
    then = _ratio(figure, places, bench, since, since)
    remark = "；".join(f"{at} 年：{one.remark}" for at, one in ((year, now), (since, then)) if one.remark)
    # A rate changes by points; an amount by an amount, or, told in %, by its rate of growth.
    if kind_of(figure, places) == "rate" and ratio_kind(figure, places) not in ("rate", "points"):
        if then.value <= 0:
            raise Unplaced(f"{since} 年的基数不为正，没有增长率")
        return Found(now.value / then.value - 1, remark)
    return Found(now.value - then.value, remark)


def _year_below(figure: Mapping, places: Mapping[str, Place], year: int) -> int:
    """Return the year of a figure's divisor: its own, or the figure's where it states none."""
    below = places.get(figure["divisor"])
    return year if below is None or below.year is None else below.year


def _ratio(figure: Mapping, places: Mapping[str, Place], bench: _Bench, year: int, below_at: int) -> Found:
    above = found_at(places[figure["id"]], bench[year])
    if not figure["divisor"]:
        return above
    below = found_at(places[figure["divisor"]], bench[below_at])
    if below.value == 0:
        raise Unplaced(f"除数“{figure['divisor']}”为 0")
    under = f"除数{below.remark}" if below.remark else ""
    return Found(above.value / below.value, _joined(above.remark, under))


def _compared(figure: Mapping, year: int, found: Found, doubts: Sequence[str]) -> dict[str, object]:
    note = _joined(figure["note"], found.remark)
    if doubts:
        return _row(figure, year, found.value, CONTRADICTS, _joined(note, f"存疑：{'；'.join(doubts)}"))
    status = EQUAL if printed_of(figure).agrees(found.value) else DIFFERS
    return _row(figure, year, found.value, status, note)


def _joined(*texts: str) -> str:
    return "；".join(text for text in texts if text)


def _row(figure: Mapping, year: int, stored: float | None, status: str, note: str) -> dict[str, object]:
    printed = printed_of(figure)
    return {
        "figure": figure["id"],
        "published": float(printed.number),
        "computed": math.nan if stored is None else _shown(printed, stored),
        "unit": printed.unit,
        "status": status,
        "name_zh": figure["name_zh"],
        "year": year,
        "printed": as_printed(figure["printed"], figure["unit"], figure["qualifier"]),
        "note": note,
    }


def _shown(printed: PrintedFigure, stored: float) -> float:
    """Return a computed value in the printed unit, rounded so that the figure's verdict can be read off it.

    Rounding 62.8496 to 62.85 would seem to agree with 62.9: then one more digit is kept.
    """
    value, per_stored = float(printed.in_unit(stored)), float(printed.in_unit(1.0))
    verdict = printed.agrees(stored)
    for places in range(printed.decimals + MORE_DIGITS, MOST_DECIMALS):
        rounded = round(value, places) + 0.0
        if printed.agrees(rounded / per_stored) == verdict:
            return rounded
    return value


def _doubted(ties: pd.DataFrame) -> dict[str, list[str]]:
    """Return, by figure, the names of the relations that cast doubt on it."""
    doubted: dict[str, list[str]] = {}
    for name, ids in zip(ties["name_zh"], ties["doubted"], strict=True):
        for figure in ids:
            doubted.setdefault(figure, []).append(name)
    return doubted
