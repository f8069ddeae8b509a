"""Tax per ㎡ of each building, ranked: 单位面积税收, 亩均论英雄 at the scale of a floor."""

from __future__ import annotations

import pandas as pd

from louyu_lab.analysis.outputs import declared
from louyu_lab.analysis.stock import of_year

#: Classes by quarter of the ranking, best first.
CLASSES = ("A", "B", "C", "D")

#: Column of the result -> column of the panel it is divided by.
BASES = {
    "tax_per_gross_yuan_sqm": "gross_area_sqm",
    "tax_per_rentable_yuan_sqm": "rentable_area_sqm",
    "tax_per_occupied_yuan_sqm": "occupied_area_sqm",
}


def unit_tax(panel: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return table ``unit_tax`` (T16) from ``panel.building_years``, the highest yield first.

    Yields are 全口径税收 ÷ gross, rentable and occupied area (元/㎡), missing where either is unknown
    or the area is 0. ``rank`` goes by gross area, equal yields sharing the better rank; ``class`` is
    the quarter of the ranking (A the best). Buildings without a yield stand last, without rank.
    """
    rows = of_year(panel, year)
    yields = {name: rows["tax_yuan"] / rows[area].where(rows[area] > 0) for name, area in BASES.items()}
    table = rows.assign(**yields)
    rank = table["tax_per_gross_yuan_sqm"].rank(method="min", ascending=False)
    quarter = (rank - 1) * len(CLASSES) // max(int(rank.notna().sum()), 1)
    table = table.assign(rank=rank.astype("Int64"), **{"class": quarter.map(dict(enumerate(CLASSES)))})
    kept = [
        "rank",
        "building_id",
        "building",
        "street",
        "grade",
        "tax_yuan",
        "gross_area_sqm",
        *BASES,
        "class",
    ]
    return declared("unit_tax", table[kept].sort_values(["rank", "building_id"], na_position="last"))
