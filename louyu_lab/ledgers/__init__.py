"""The ledgers floor: from a folder of a district's own workbooks to typed, checked frames."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from louyu_lab.ledgers.model import Ledgers
    from louyu_lab.ledgers.reading import read_ledgers

__all__ = ["Ledgers", "read_ledgers"]


def __getattr__(name: str) -> Any:
    """Load the reader when it is asked for: whoever only lists a folder does without pandas."""
    if name == "Ledgers":
        from louyu_lab.ledgers.model import Ledgers

        return Ledgers
    if name == "read_ledgers":
        from louyu_lab.ledgers.reading import read_ledgers

        return read_ledgers
    raise AttributeError(name)
