"""A setting as a person reads it."""

from __future__ import annotations

from collections.abc import Sequence

from louyu_lab.analysis.scenarios.levers.quantities import printed_number
from louyu_lab.analysis.scenarios.levers.setting import SCOPES, Clause, Setting

#: Of lists no longer than this a message names every member.
_LISTED = 20


def allowed_names(names: Sequence[str]) -> str:
    """Return "；可用的：…" with the names that may be written; of many how many there are, "" for none."""
    if not names:
        return ""
    return f"；可用的：{'、'.join(names)}" if len(names) <= _LISTED else f"；可用的有 {len(names)} 个"


def printed_setting(kind: str, setting: Setting, adds_up: bool = False) -> str:
    """Return a setting's clauses in the order written, or its names.

    ``adds_up``: clauses of different scope are amounts that add up, which is said where there are such.
    """
    names = [part for part in setting if isinstance(part, str)]
    clauses = [part for part in setting if isinstance(part, Clause)]
    several = adds_up and len({tuple(sorted(clause.scope.items())) for clause in clauses}) > 1
    shown = "；".join(printed_clause(kind, clause) for clause in clauses)
    return "、".join(names) or shown + ("（各条相加）" if several else "")


def printed_clause(kind: str, clause: Clause) -> str:
    """Return one clause: years, whom it is for, value, 80 % interval."""
    where = "，".join("、".join(clause.scope[scope]) for scope in SCOPES if scope in clause.scope)
    value = printed_number(kind, clause.value)
    if clause.low is not None and clause.high is not None:
        value += f"（80% 区间 {printed_number(kind, clause.low)}至{printed_number(kind, clause.high)}）"
    return " ".join(part for part in (printed_years(clause.years), where, value) if part)


def printed_years(years: Sequence[int]) -> str:
    """Return years, those on end as a span; empty for none."""
    if not years:
        return ""
    ordered = sorted(years)
    if len(ordered) > 2 and ordered[-1] - ordered[0] == len(ordered) - 1:
        return f"{ordered[0]}–{ordered[-1]} 年"
    return f"{'、'.join(map(str, ordered))} 年"
