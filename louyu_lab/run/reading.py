"""A data folder read, and what only the study's own tables can tell of it checked."""

from __future__ import annotations

from pathlib import Path

from louyu_lab.ledgers.model import Ledgers


def read_data(folder: Path, year: int | None = None) -> Ledgers:
    """Read a folder as ``ledgers.read_ledgers``; published figures that no table knows are faults too."""
    from louyu_lab.ledgers.reading import read_ledgers

    ledgers = read_ledgers(folder, year)
    if ledgers.published.empty:
        return ledgers
    from louyu_lab.analysis.published.places import with_places_checked

    return with_places_checked(ledgers)
