"""What is wrong with a structure or its forecasts, told all at once."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

#: Names an error message lists before it only counts.
_NAMED = 5


class ReconciliationError(ValueError):
    """A structure or forecasts that cannot be made to add up; the message is for the person who asked."""


def refuse(head: str, problems: Sequence[str | None]) -> None:
    """Raise one ``ReconciliationError`` with all ``problems`` that are not None."""
    told = [each for each in problems if each]
    if told:
        raise ReconciliationError(f"{head}：" + "；".join(told))


def named(names: Sequence[Hashable]) -> str:
    """Return the first few names as one text, with how many there are."""
    shown = "、".join("/".join(each) if isinstance(each, tuple) else str(each) for each in names[:_NAMED])
    return shown + (f" 等 {len(names)} 个" if len(names) > _NAMED else "")
