"""Industries that somebody decided on (复核.xlsx, sheet 行业), taken into the tenancy ledger."""

from __future__ import annotations

import dataclasses

import pandas as pd

from louyu_lab.analysis.industry.sections import IndustryMap, industry_map_of, section_of_code, standard
from louyu_lab.ledgers.faults import FaultLog, worst_first
from louyu_lab.ledgers.identity import WITH_ENTERPRISES
from louyu_lab.ledgers.model import DECISION_COLUMNS, Ledgers
from louyu_lab.ledgers.review.decisions import INDUSTRIES, Decision, Undecided, settled
from louyu_lab.ledgers.texts import folded, nearest

#: Signs that people leave out of the names of industries.
_SIGNS = str.maketrans("", "", "、,，和")


def with_industries_decided(ledgers: Ledgers) -> Ledgers:
    """Return the ledgers with ``industry_code`` of the tenancies set where somebody decided it, in all years.

    An enterprise is told by its code, or else by its name. What is no industry, or an enterprise of a
    name that several bear, becomes a fault; a decision that meets nobody is left unused.
    """
    rows = ledgers.decisions[ledgers.decisions["kind"] == INDUSTRIES]
    if rows.empty:
        return ledgers
    given = [_decision(row) for row in rows[list(DECISION_COLUMNS[:-1])].to_dict("records")]
    log, known, industries = FaultLog(), _known(ledgers), industry_map_of(ledgers)
    met = {decision: ids for decision in given if (ids := _enterprises(decision, known))}
    by_enterprise = [
        dataclasses.replace(decision, subject=name, code="")
        for decision, ids in met.items()
        for name in (ids if len(ids) == 1 else [decision.subject])
    ]
    several = {decision.subject for decision, ids in met.items() if len(ids) > 1}
    codes = settled(by_enterprise, lambda decision: _code(decision, several, industries), log)
    # What nobody bears the name of is looked at all the same: a slip of the pen is told at once.
    settled(
        [decision for decision in given if decision not in met],
        lambda one: _code(one, set(), industries),
        log,
    )
    stays = ledgers["tenancies"]
    decided = {entry.subject: codes[entry.key] for entry in by_enterprise if entry.key in codes}
    code = stays["enterprise_id"].map(decided).astype("str")
    frames = dict(ledgers.frames)
    if "tenancies" in frames:
        frames["tenancies"] = stays.assign(industry_code=code.fillna(stays["industry_code"]))
    places = {(decision.sheet, decision.row) for decision in met}
    used = [
        bool(row["used"]) or (row["sheet"], row["row"]) in places
        for row in ledgers.decisions.to_dict("records")
    ]
    faults = worst_first(pd.concat([ledgers.faults, log.faults()], ignore_index=True))
    decisions = ledgers.decisions.assign(used=used)
    return dataclasses.replace(ledgers, frames=frames, faults=faults, decisions=decisions)


def industry_code(text: str, industries: IndustryMap) -> str | None:
    """Return the GB/T 4754-2017 code of an industry given by code or name; None for any other text.

    Names are those of the sections and divisions, with or without 业 and 、, and of the district's
    industries that are one section.
    """
    plain = text.strip()
    if section_of_code(pd.Series([plain], dtype="str")).notna().iloc[0]:
        return plain.upper()
    return _names(industries).get(_plain(plain))


def _names(industries: IndustryMap) -> dict[str, str]:
    table = standard()
    whole = [*table.division_names.items(), *table.section_names.items()]
    names = {_plain(name): code for code, name in whole}
    for alias, industry in industries.aliases.items():
        held = industries.sections[industry]
        parts = [code for code, owner in industries.of_division.items() if owner == industry]
        if len(held) == 1 and len(parts) <= 1:
            names.setdefault(_plain(alias), *parts or held)
    return names


def _plain(name: str) -> str:
    return folded(name).translate(_SIGNS).removesuffix("业")


def _code(decision: Decision, several: set[str], industries: IndustryMap) -> str:
    if decision.subject in several:
        raise Undecided("；有几家同名企业，请写统一社会信用代码")
    code = industry_code(decision.decision, industries)
    if code is None:
        table = standard()
        raise Undecided(
            nearest(decision.decision, [*table.section_names.values(), *table.division_names.values()])
        )
    return code


def _decision(row: dict[str, object]) -> Decision:
    return Decision(**{name: row[name] for name in DECISION_COLUMNS[:-1]})


def _known(ledgers: Ledgers) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """Return the enterprises by code and by folded name, over all ledgers of enterprises."""
    by_code: dict[str, set[str]] = {}
    by_name: dict[str, set[str]] = {}
    columns = ["enterprise_id", "credit_code", "enterprise"]
    every = pd.concat([ledgers[name][columns] for name in WITH_ENTERPRISES]).drop_duplicates()
    for name, code, spelled in every.itertuples(index=False):
        for table, text in ((by_code, code), (by_name, spelled)):
            if isinstance(text, str):
                table.setdefault(folded(text), set()).add(name)
    return by_code, by_name


def _enterprises(decision: Decision, known: tuple[dict[str, set[str]], dict[str, set[str]]]) -> list[str]:
    by_code, by_name = known
    found = by_code.get(folded(decision.code)) if decision.code else None
    return sorted(found or by_name.get(folded(decision.subject), set()))
