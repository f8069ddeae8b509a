"""A data folder read, and what only the study's own tables can tell of it checked."""

from __future__ import annotations

from pathlib import Path

from louyu_lab.ledgers.model import Ledgers


def read_data(folder: Path, year: int | None = None) -> Ledgers:
    """Read a folder as ``ledgers.read_ledgers``, with what the analysis alone can tell.

    Industries decided in 复核.xlsx are taken in; published figures that no table knows are faults too.
    """
    from louyu_lab.ledgers.reading import read_ledgers

    ledgers = _with_industries(read_ledgers(folder, year))
    if ledgers.published.empty:
        return ledgers
    from louyu_lab.analysis.published.places import with_places_checked

    return with_places_checked(ledgers)


def _with_industries(ledgers: Ledgers) -> Ledgers:
    if ledgers.decisions.empty:
        return ledgers
    from louyu_lab.analysis.industry.decisions import with_industries_decided

    return with_industries_decided(ledgers)
