"""The relations among published figures (勾稽), evaluated among the published numbers alone."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping

import pandas as pd

from louyu_lab.analysis.outputs import TABLES
from louyu_lab.analysis.published.places import printed_of
from louyu_lab.ledgers.model import Ledgers
from louyu_lab.ledgers.published.formulas import Formula, Span, folded_name, holds, is_known, read_formula
from louyu_lab.ledgers.published.units import MAGNITUDES, unit_of

#: Digits of a number shown beyond those its figures were printed with, and the most decimals tried.
MORE_DIGITS, MOST_DECIMALS = 1, 12

FAILS, UNCHECKED = "fails", "unchecked"


def told_relations(ledgers: Ledgers) -> pd.DataFrame:
    """Return the relations that fail, and those that cannot be evaluated, as rows of ``published_check``.

    Its columns but ``status`` (``FAILS`` or ``UNCHECKED``, with the reason as ``note``), and ``doubted``,
    the ids that a failing relation casts doubt on. What rounding, 约 or 以上 leave open counts as holding,
    unless the relation states its own tolerance.
    """
    spans = _spans(ledgers.published)
    rows = []
    for tie in ledgers.relations.to_dict("records"):
        left, right = read_formula(tie["left"]), read_formula(tie["right"])
        lacking = sorted((left.names | right.names) - set(spans))
        if lacking:
            rows.append(_unchecked(tie, f"没有读懂{'、'.join(f'“{name}”' for name in lacking)}"))
            continue
        unit = _unit_of_sides(tie, (left, right), ledgers.published)
        alike = _in_unit(unit, spans, ledgers.published) if left.is_sum and right.is_sum else spans
        sides = left.value(alike), right.value(alike)
        tolerance = None if pd.isna(tie["tolerance"]) else float(tie["tolerance"])
        if not all(map(is_known, sides)):
            rows.append(_unchecked(tie, "算不出：除数为 0，或者数太大"))
        elif not holds(sides[0], tie["relation"], sides[1], tolerance):
            rows.append(_failing(tie, (left, right), sides, alike, unit, ledgers.published))
    return pd.DataFrame(rows, columns=[*TABLES["published_check"].columns, "doubted"])


def _unchecked(tie: Mapping, reason: str) -> dict[str, object]:
    told = {"figure": tie["id"], "published": float("nan"), "computed": float("nan"), "unit": ""}
    formula = f"{tie['left']} {tie['relation']} {tie['right']}"
    told |= {"status": UNCHECKED, "name_zh": tie["name_zh"], "year": pd.NA, "printed": formula}
    return told | {"note": f"勾稽没有核对：{reason}", "doubted": []}


def _failing(
    tie: Mapping,
    formulas: tuple[Formula, Formula],
    sides: tuple[Span, Span],
    spans: Mapping[str, Span],
    unit: str,
    figures: pd.DataFrame,
) -> dict[str, object]:
    places = _decimals_of(formulas[0].names | formulas[1].names, figures)
    computed, published = _tidy(sides[0][1], sides[1][1], places)
    return {
        "figure": tie["id"],
        "published": published,
        "computed": computed,
        "unit": unit,
        "status": FAILS,
        "name_zh": tie["name_zh"],
        "year": pd.NA,
        "printed": _in_numbers(f"{tie['left']} {tie['relation']} {tie['right']}", spans),
        "note": tie["note"],
        "doubted": json.loads(tie["doubted"]),
    }


def _unit_of_sides(tie: Mapping, formulas: tuple[Formula, Formula], figures: pd.DataFrame) -> str:
    """Return the unit of a side that is one figure, the right first; for sums any of theirs; else none."""
    units = {figure["id"]: printed_of(figure).unit for figure in figures.to_dict("records")}
    asked = [folded_name(tie["right"]), folded_name(tie["left"])]
    if all(formula.is_sum for formula in formulas):
        asked += sorted(formulas[1].names) + sorted(formulas[0].names)
    return next((units[name] for name in asked if units.get(name)), "")


def _in_unit(unit: str, spans: Mapping[str, Span], figures: pd.DataFrame) -> dict[str, Span]:
    """Return the spans in one unit, so that 12000家 and 1.2万家 are alike.

    A figure without unit is taken to be in that unit, unless it carries a magnitude: 47.9亿.
    """
    scaled = dict(spans)
    for figure in figures.to_dict("records"):
        own, signs = printed_of(figure).unit, set(figure["printed"])
        if unit and (own or signs & set("".join(MAGNITUDES))):
            factor = unit_of(own)[1] / unit_of(unit)[1]
            low, value, high = spans[figure["id"]]
            scaled[figure["id"]] = (low * factor, value * factor, high * factor)
    return scaled


def _decimals_of(names: Collection[str], figures: pd.DataFrame) -> int:
    """Return the most decimals that any of the figures was printed with."""
    rows = figures[figures["id"].isin(names)].to_dict("records")
    return max((printed_of(figure).decimals for figure in rows), default=0)


def _spans(figures: pd.DataFrame) -> dict[str, Span]:
    """Return least, printed and greatest value of every published figure, in its printed unit."""
    spans = {}
    for figure in figures.to_dict("records"):
        printed = printed_of(figure)
        low, high = printed.bounds()
        spans[figure["id"]] = (low, float(printed.number), high)
    return spans


def _in_numbers(formula: str, spans: Mapping[str, Span]) -> str:
    """Return a formula with the published numbers in the place of their ids, as a reader checks it."""
    told = re.sub(
        r"[^\W\d]\w*",
        lambda name: f"{spans[name[0]][1]:.12g}" if name[0] in spans else name[0],
        folded_name(formula),
    )
    return told.replace("*", "×").replace("/", "÷")


def _tidy(left: float, right: float, places: int) -> tuple[float, float]:
    """Round both sides of a relation to one digit more than its figures have, or until they differ."""
    for digits in range(places + MORE_DIGITS, MOST_DECIMALS):
        sides = round(left, digits) + 0.0, round(right, digits) + 0.0
        if sides[0] != sides[1]:
            return sides
    return left, right
