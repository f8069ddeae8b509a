"""A data folder read, and what only the study's own tables can tell of it checked."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from louyu_lab.ledgers.beside import SCORECARDS, scorecard_files
from louyu_lab.ledgers.model import Ledgers


def read_data(folder: Path, year: int | None = None) -> Ledgers:
    """Read a folder as ``ledgers.read_ledgers``, with what the analysis alone can tell.

    Industries decided in 复核.xlsx are taken in; industry codes outside the standard, published figures
    that no table knows, and scorecards that cannot be used, are faults too.
    """
    from louyu_lab.ledgers.reading import read_ledgers

    ledgers = _with_scorecards_checked(_with_industries(read_ledgers(folder, year)), folder)
    if ledgers.published.empty:
        return ledgers
    from louyu_lab.analysis.published.places import with_places_checked

    return with_places_checked(ledgers)


def _with_industries(ledgers: Ledgers) -> Ledgers:
    from louyu_lab.analysis.industry.code_faults import with_codes_checked
    from louyu_lab.analysis.industry.decisions import with_industries_decided

    return with_codes_checked(ledgers if ledgers.decisions.empty else with_industries_decided(ledgers))


def _with_scorecards_checked(ledgers: Ledgers, folder: Path) -> Ledgers:
    if not scorecard_files(folder):
        return ledgers
    import pandas as pd

    from louyu_lab.analysis.industry.scorecards.files import load_scorecards
    from louyu_lab.ledgers.faults import FaultLog, worst_first

    log = FaultLog()
    for refused in load_scorecards(folder).refused:
        for problem in refused.problems:
            log.add("scorecard-unreadable", f"{SCORECARDS}/{refused.file}", values=problem)
    faults = log.faults()
    return (
        replace(ledgers, faults=worst_first(pd.concat([ledgers.faults, faults]))) if len(faults) else ledgers
    )
