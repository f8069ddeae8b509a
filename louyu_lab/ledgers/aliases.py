"""A cell of aliases: several names of one building."""

from __future__ import annotations

import re

_SIGNS = re.compile(r"[、;；,，/|]")


def alias_parts(text: str) -> list[str]:
    """Return the names in a cell of aliases."""
    return [part for part in _SIGNS.split(text) if part.strip()]
