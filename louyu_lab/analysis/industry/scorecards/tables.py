"""The published tables of the scorecards: results, conditions one by one, and each card in a line."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd

from louyu_lab.analysis.industry.scorecards import conditions, scoring
from louyu_lab.analysis.industry.scorecards.cards import Requirement, Scorecard
from louyu_lab.analysis.industry.scorecards.catalogue import NO, YES
from louyu_lab.analysis.outputs import TABLES, declared

#: Answer where the ledgers do not tell.
UNKNOWN = "待补"

#: Grade of a building that fails a requirement, and of one of which too little is known.
VETOED, TOO_LITTLE = "未达必备条件", "数据不足"

#: Shortfall, as a part of the threshold, below which a building is near to qualifying.
NEAR = 0.1

_ANSWERS = {True: YES, False: NO}


def scorecard_results(
    cards: Sequence[Scorecard], measures: pd.DataFrame, stock: pd.DataFrame, buildings: pd.DataFrame
) -> pd.DataFrame:
    """Return table ``scorecards``: every card's buildings in scope, best first.

    ``measures`` from ``building_measures``; ``stock`` gives ``building_id, building, street`` of the
    year, ``buildings`` (the building ledger) ``feature_year, star``, the recognitions there are.
    ``passes`` 是, 否 or 待补: whether all requirements hold. ``grade``: by score; ``VETOED`` where a
    requirement fails, ``TOO_LITTLE`` without a score, a range where missing values leave it open.
    ``unmet, unknown`` count requirements; ``worst_gap_rate`` is the largest shortfall among the unmet ones
    as a part of the threshold, ``shortfall`` says each in words, what is 待补 included. A building whose
    scope is unknown is in the table and never 是.
    """
    parts = [_of_card(card, measures) for card in cards]
    table = _joined(parts, "scorecards", ("building", "street", "feature_year", "star"))
    names = stock.drop_duplicates("building_id").set_index("building_id")
    listed = buildings.drop_duplicates("building_id").set_index("building_id")
    for column, source in (
        ("building", names),
        ("street", names),
        ("feature_year", listed),
        ("star", listed),
    ):
        table[column] = table["building_id"].map(source[column])
    order = pd.Series({card.name: at for at, card in enumerate(cards)}, dtype="int64")
    table = table.assign(order=table["scorecard"].map(order)).sort_values(
        ["order", "rank", "building_id"], na_position="last"
    )
    return declared("scorecards", table[list(TABLES["scorecards"].columns)])


def scorecard_conditions(
    cards: Sequence[Scorecard], measures: pd.DataFrame, stock: pd.DataFrame
) -> pd.DataFrame:
    """Return table ``scorecard_conditions``: each requirement of each card by building in scope.

    ``requirement`` in words, ``number`` its place in the card, ``met`` 是, 否 or 待补, ``gap_rate`` the
    nearest alternative's shortfall as a part of the threshold (0 where met, NaN where unknown),
    ``lacking`` what is missing in words.
    """
    parts = []
    for card in cards:
        own = in_scope(card, measures)
        for number, requirement in enumerate(card.requirements, start=1):
            met = conditions.requirement_met(requirement, own)
            row = pd.DataFrame({"met": _answers(met), "lacking": conditions.lacking(requirement, own)})
            row["gap_rate"] = (1 - conditions.attainment(requirement, own) / 100).clip(lower=0.0)
            parts.append(
                row.reset_index().assign(scorecard=card.name, number=number, requirement=requirement.text)
            )
    table = _joined(parts, "scorecard_conditions", ("building",))
    names = stock.drop_duplicates("building_id").set_index("building_id")["building"]
    table["building"] = table["building_id"].map(names)
    return declared("scorecard_conditions", table[list(TABLES["scorecard_conditions"].columns)])


def scorecard_summary(
    cards: Sequence[Scorecard], measures: pd.DataFrame, results: pd.DataFrame
) -> pd.DataFrame:
    """Return table ``scorecard_summary``: one row a card with its source and how many buildings pass.

    ``buildings`` in scope, ``outside`` those the scope leaves out; passing, failing and 待补 add up to
    ``buildings``. ``near`` lack one requirement only, by less than a tenth of its threshold.
    """
    rows = []
    for card in cards:
        own = results[results["scorecard"] == card.name]
        answer = own["passes"].value_counts()
        near = (own["passes"] == NO) & (own["unmet"] == 1) & (own["unknown"] == 0)
        row = {
            "scorecard": card.name,
            "kind": card.kind,
            "source": card.source,
            "is_example": card.is_example,
            "buildings": len(own),
            "outside": len(measures) - len(own),
            "passing": int(answer.get(YES, 0)),
            "failing": int(answer.get(NO, 0)),
            "unknown": int(answer.get(UNKNOWN, 0)),
            "near": int((near & (own["worst_gap_rate"] < NEAR)).sum()),
        }
        rows.append(row)
    return declared(
        "scorecard_summary", pd.DataFrame(rows, columns=list(TABLES["scorecard_summary"].columns))
    )


def in_scope(card: Scorecard, measures: pd.DataFrame) -> pd.DataFrame:
    """Return the measures of the buildings that the card is for, those of unknown scope included."""
    return measures[conditions.all_met(card.scope, measures).fillna(True).astype(bool)]


def _of_card(card: Scorecard, measures: pd.DataFrame) -> pd.DataFrame:
    """Return the results of one card by building, without names and recognitions."""
    own = in_scope(card, measures)
    asked = (*card.scope, *card.requirements)
    met = _by_requirement(asked, own, conditions.requirement_met)
    words = _by_requirement(asked, own, conditions.lacking)
    gaps = 1 - _by_requirement(asked, own, conditions.attainment) / 100
    passes = conditions.all_met(asked, own)
    table = scoring.scores(card, own)
    return table.assign(
        scorecard=card.name,
        kind=card.kind,
        passes=_answers(passes),
        grade=_grades(card, table, passes),
        unmet=(~met).sum(axis=1).astype("int64"),
        unknown=met.isna().sum(axis=1).astype("int64"),
        worst_gap_rate=gaps.where(gaps > 0).max(axis=1),
        shortfall=["；".join(filter(None, row)) for row in words.to_numpy().tolist()],
    ).reset_index()


def _by_requirement(
    asked: Sequence[Requirement],
    measures: pd.DataFrame,
    answer: Callable[[Requirement, pd.DataFrame], pd.Series],
) -> pd.DataFrame:
    """Return one column a requirement, in their order."""
    return pd.DataFrame({at: answer(one, measures) for at, one in enumerate(asked)}, index=measures.index)


def _grades(card: Scorecard, table: pd.DataFrame, passes: pd.Series) -> pd.Series:
    """Return the grade as printed; two grades with 至 between where missing values leave it open."""
    low, high = (scoring.grades_of(card, table[end]) for end in ("lo_score", "hi_score"))
    grade = low.where(low == high, low + "至" + high)
    if not card.grades:
        return grade
    return grade.mask(table["score"].isna(), TOO_LITTLE).mask((~passes).fillna(False).astype(bool), VETOED)


def _answers(met: pd.Series) -> pd.Series:
    return met.astype("object").map(_ANSWERS).astype("str").fillna(UNKNOWN)


def _joined(parts: Sequence[pd.DataFrame], name: str, later: tuple[str, ...]) -> pd.DataFrame:
    """Return the parts one below the other; empty, with the columns but for ``later``, without any."""
    filled = [part for part in parts if len(part)]
    if filled:
        return pd.concat(filled, ignore_index=True)
    return pd.DataFrame(columns=[column for column in TABLES[name].columns if column not in later])
