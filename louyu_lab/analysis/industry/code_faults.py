"""Industry codes that GB/T 4754-2017 does not hold, each told once a sheet however many rows have it."""

from __future__ import annotations

import dataclasses

import pandas as pd

from louyu_lab.analysis.industry.sections import division_of_code, section_of_code, standard, unknown_codes
from louyu_lab.ledgers.faults import FaultLog, worst_first
from louyu_lab.ledgers.model import Ledgers


def with_codes_checked(ledgers: Ledgers) -> Ledgers:
    """Return the ledgers with a fault for each sheet and unknown code of the tenancies.

    A class of an older edition (6510) still counts by its division; of other codes (9999) the fault says that
    name and business scope tell the industry.
    """
    stays = ledgers["tenancies"]
    wrong = stays[unknown_codes(stays["industry_code"])]
    if wrong.empty:
        return ledgers
    log = FaultLog()
    counts = wrong.groupby(["file", "sheet", "industry_code"], dropna=False, sort=True).size().reset_index()
    read = _read_as(counts["industry_code"])
    for (file, sheet, code, rows), how in zip(counts.itertuples(index=False), read, strict=True):
        log.add(
            "industry-code-unknown", file, sheet, column="行业代码", values=f"{code}（{rows:,} 行，{how}）"
        )
    faults = pd.concat([ledgers.faults, log.faults()], ignore_index=True)
    return dataclasses.replace(ledgers, faults=worst_first(faults))


def _read_as(codes: pd.Series) -> list[str]:
    """How each code is read, in words."""
    names = standard().division_names
    divisions = division_of_code(codes).where(section_of_code(codes).notna())
    return [
        f"按大类 {division} {names[division]}计" if isinstance(division, str) else "按名称、经营范围判断"
        for division in divisions
    ]
