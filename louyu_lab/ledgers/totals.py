"""A sheet's own 合计 row held against the sum of its rows; the row itself is never used."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from louyu_lab.ledgers.amounts import stated_unit
from louyu_lab.ledgers.catalogue import Column
from louyu_lab.ledgers.faults import FaultLog
from louyu_lab.ledgers.headings import Heading
from louyu_lab.ledgers.quantities import factor_of, read_quantities
from louyu_lab.ledgers.rows import DataRows

#: Printed totals are rounded: half a per cent, or one unit as printed, is no fault.
_SLACK = 0.005

_SUMMED_KINDS = ("area", "money", "count")


def compare_totals(rows: DataRows, columns: Sequence[tuple[Heading, Column]], log: FaultLog) -> None:
    """List each summed column whose stated total differs from its rows."""
    if rows.total is None:
        return
    for heading, column in columns:
        if column.kind not in _SUMMED_KINDS or column.name in ("star", "owners"):
            continue
        unit = stated_unit(column, (heading.unit, *rows.header.title_units))
        stated = read_quantities([rows.total[heading.index]], column, unit).values[0]
        cells = [row[heading.index] for row in rows.cells]
        added = float(np.nansum(read_quantities(cells, column, unit).values))
        slack = max(_SLACK * abs(added), factor_of(column.kind, unit) or 1.0)
        if np.isfinite(stated) and abs(stated - added) > slack:
            found = f"合计 {stated:,.6g}，明细之和 {added:,.6g}（{column.unit}）"
            log.add("total-differs", rows.raw.file, rows.raw.sheet, rows.total_number, heading.text, found)
