"""How two studies stand to each other, which decides what a difference between them means."""

from __future__ import annotations

#: The same district and year made again: differences are corrections of data or method, nothing happened.
REVISION = "revision"

#: The same district in another year: differences are what happened.
ANOTHER_YEAR = "another year"

#: Another district: only totals and shares can be set side by side.
ELSEWHERE = "elsewhere"


def relation_of(district_before: str, year_before: int, district_after: str, year_after: int) -> str:
    """Return one of ``REVISION``, ``ANOTHER_YEAR`` and ``ELSEWHERE``."""
    if district_before != district_after:
        return ELSEWHERE
    return REVISION if year_before == year_after else ANOTHER_YEAR
