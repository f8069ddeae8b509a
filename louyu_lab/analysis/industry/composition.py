"""Buildings by industry: the matrices that indices, types and targets start from."""

from __future__ import annotations

import pandas as pd

from louyu_lab.analysis.industry.sections import UNRECOGNISED

#: Measures of a mix that a composition can be made of.
MEASURES = ("firms", "area_sqm", "tax_yuan")


def building_composition(mix: pd.DataFrame, measure: str = "firms") -> pd.DataFrame:
    """Return ``measure`` by building and industry from ``industry_mix``.

    Index ``building_id`` (ascending), one column an industry in the order of the mix, float64. What is
    not known counts 0 here, refunds (negative tax) as no tax. 未识别 is left out: it is no industry, and a
    building with nobody else keeps its row of zeros. Raises ValueError for an unknown measure.
    """
    if measure not in MEASURES:
        raise ValueError(f"measure must be one of {', '.join(MEASURES)}, not {measure!r}")
    rows = mix[mix["level"] == "building"]
    order = [name for name in mix["industry"].drop_duplicates() if name != UNRECOGNISED]
    table = rows.pivot(index="id", columns="industry", values=measure).fillna(0.0).clip(lower=0.0)
    table = table.reindex(columns=order, fill_value=0.0).astype("float64").sort_index()
    return table.rename_axis(index="building_id", columns=None)
