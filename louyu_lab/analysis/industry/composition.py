"""Buildings by industry: the matrices that indices, types and targets start from."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.analysis.industry.sections import UNRECOGNISED

#: Measures of a mix -> their name in the tables.
MEASURES_ZH = {"firms": "企业数", "area_sqm": "面积", "tax_yuan": "税收"}

#: Measures of a mix -> the ending of the columns that go by them (share_…).
ENDINGS = {"firms": "firms", "area_sqm": "area", "tax_yuan": "tax"}

#: Firms below which the mix of a building, street or industry says too little.
ENOUGH_FIRMS = 10

#: Faulty cells named in one message.
_CELLS_NAMED = 10


def building_composition(mix: pd.DataFrame, measure: str = "firms") -> pd.DataFrame:
    """Return ``measure`` by building and industry from ``industry_mix``.

    Index ``building_id`` (ascending), one column an industry in the order of the mix, float64. What is
    not known counts 0 here, refunds (negative tax) as no tax. 未识别 is left out: it is no industry, and a
    building with nobody else keeps its row of zeros. Raises ValueError for an unknown measure.
    """
    if measure not in MEASURES_ZH:
        raise ValueError(f"measure must be one of {', '.join(MEASURES_ZH)}, not {measure!r}")
    rows = mix[mix["level"] == "building"]
    order = [name for name in mix["industry"].drop_duplicates() if name != UNRECOGNISED]
    table = rows.pivot(index="id", columns="industry", values=measure).fillna(0.0).clip(lower=0.0)
    table = table.reindex(columns=order, fill_value=0.0).astype("float64").sort_index()
    return table.rename_axis(index="building_id", columns=None)


def checked_counts(counts: pd.DataFrame) -> pd.DataFrame:
    """Return ``counts`` (buildings × industries) as float64, if that is what they are.

    Raises TypeError for anything but a DataFrame, and ValueError naming all the buildings and industries that
    stand there twice and the cells that are no number ≥ 0 (missing ones too: what is not known must be 0).
    """
    if not isinstance(counts, pd.DataFrame):
        kind = type(counts).__name__
        raise TypeError(f"counts must be a DataFrame of buildings by industries, not {kind}")
    wrong = []
    for what, names in (("building", counts.index), ("industry", counts.columns)):
        twice = sorted({str(name) for name in names[names.duplicated()]})
        wrong += [f"{what} listed twice: {', '.join(twice)}"] if twice else []
    values = counts.apply(pd.to_numeric, errors="coerce").to_numpy(dtype="float64")
    bad = np.argwhere(~np.isfinite(values) | (values < 0))
    cells = ", ".join(f"{counts.index[i]} × {counts.columns[j]}" for i, j in bad[:_CELLS_NAMED])
    wrong += [f"not a number ≥ 0: {cells}{' …' if len(bad) > _CELLS_NAMED else ''}"] if cells else []
    if wrong:
        raise ValueError("; ".join(wrong))
    return pd.DataFrame(values, index=counts.index, columns=counts.columns)
