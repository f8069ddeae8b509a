"""The files in a data folder: whoever asks what lies there gets the same answer."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path


def files_below(folder: Path) -> Iterator[Path]:
    """Yield every file below ``folder``, sorted; hidden folders are passed over.

    Linked folders are gone into, as bureaus link a shared one, but none twice: a link back to where it
    came from comes to an end.
    """
    seen: set[str] = set()
    found = []
    for place, folders, names in os.walk(folder, followlinks=True):
        real = os.path.realpath(place)
        folders[:] = [] if real in seen else sorted(name for name in folders if not name.startswith("."))
        if real not in seen:
            found += [path for path in (Path(place, name) for name in names) if path.is_file()]
        seen.add(real)
    yield from sorted(found)
