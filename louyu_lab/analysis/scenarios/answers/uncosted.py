"""Which levers of a scenario bring something without costing anything in its figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from louyu_lab.analysis.scenarios.answers.costs import priced_levers
from louyu_lab.analysis.scenarios.levers.schema import Lever, levers
from louyu_lab.analysis.scenarios.levers.setting import Clause, Setting

if TYPE_CHECKING:
    from louyu_lab.analysis.scenarios.levers.scenario import Scenario

#: Levers that nobody pays for: what befalls the district, and how money is reckoned.
_NOT_MEASURES = (
    *("largest_payers_leaving", "leaving_enterprises", "tax_factor", "tax_type_factor"),
    *("fixed_total_tax_yuan", "local_share_rate", "discount_rate"),
)


def uncosted(scenario: Scenario | None) -> list[str]:
    """Return the titles of changed levers that have no cost while others have.

    Their gain is in the additional tax, their cost in none of the figures. Empty where nothing costs
    anything. Levers that stand at their default, that only say how another works, or that are no measure
    anybody would pay for are not meant.
    """
    priced = priced_levers(scenario) if scenario else set()
    if scenario is None or not priced:
        return []
    return [
        levers()[name].title
        for name, setting in scenario.changes.items()
        if name not in priced and _is_measure(levers()[name], setting)
    ]


def _is_measure(lever: Lever, setting: Setting) -> bool:
    if lever.refines or lever.name in _NOT_MEASURES:
        return False
    values = [clause.value for clause in setting if isinstance(clause, Clause)]
    if lever.name == "exit_factor":  # More leaving befalls a district; keeping them takes doing.
        return any(value < 1 for value in values)
    return not values or any(value != lever.value for value in values)
