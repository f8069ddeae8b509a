"""Making a whole planted district, in memory or straight into a folder."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pandas as pd

from louyu_lab.ledgers.demo.csvfiles import write_csv
from louyu_lab.ledgers.demo.frames import District
from louyu_lab.ledgers.demo.planted.ledgers import district_ledger
from louyu_lab.ledgers.demo.planted.parts import Part, make_parts
from louyu_lab.ledgers.demo.planted.places import CITY, DISTRICT
from louyu_lab.ledgers.demo.planted.plan import PlantedPlan
from louyu_lab.ledgers.demo.planted.truth import FILE, Truth, assemble, truth_text
from louyu_lab.ledgers.demo.workbooks import write_workbooks


def make_planted(plan: PlantedPlan) -> tuple[District, Truth]:
    """Return the district of ``plan`` with its truth, all in memory."""
    parts = list(make_parts(plan))
    names = dict.fromkeys(name for part in parts for name in part.frames)
    frames = {
        name: pd.concat([part.frames[name] for part in parts if name in part.frames], ignore_index=True)
        for name in names
    }
    frames["district"] = _totals(plan, parts)
    return District(DISTRICT, CITY, plan.last_year, frames), assemble(plan, parts)


def write_planted(folder: Path, plan: PlantedPlan, form: str = "csv") -> Truth:
    """Write the ledgers of the district of ``plan`` and ``truth.yaml`` into ``folder``; return the truth.

    Files of the same name are replaced; equal plans give files equal to the byte. ``form`` is one of
    ``plan.FORMS``; as ``csv`` only a part of the district is in memory at a time.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if form == "xlsx":
        district, truth = make_planted(plan)
        write_workbooks(folder, district)
    else:
        truth = _write_parts(folder, plan)
    (folder / FILE).write_text(truth_text(truth), encoding="utf-8", newline="\n")
    return truth


def _write_parts(folder: Path, plan: PlantedPlan) -> Truth:
    parts: list[Part] = []
    for part in make_parts(plan):
        write_csv(folder, District(DISTRICT, CITY, plan.last_year, part.frames), append=bool(parts))
        # The frames are on disk now; what is kept of a part is small.
        parts.append(dataclasses.replace(part, frames={}))
    write_csv(folder, District(DISTRICT, CITY, plan.last_year, {"district": _totals(plan, parts)}))
    return assemble(plan, parts)


def _totals(plan: PlantedPlan, parts: list[Part]) -> pd.DataFrame:
    tax_yuan: np.ndarray = sum(part.tax_yuan for part in parts)
    return district_ledger(plan, tax_yuan, sum(part.payers for part in parts))
