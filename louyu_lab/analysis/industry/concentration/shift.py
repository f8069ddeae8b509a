"""Table ``industry_shift_share``: how a place grew, and what the district, its industries and itself gave."""

from __future__ import annotations

import pandas as pd

from louyu_lab.analysis.industry.composition import MEASURES_ZH
from louyu_lab.analysis.industry.indices import shift_share
from louyu_lab.analysis.outputs import TABLES, declared

#: Parts of the shift-share -> columns of the table.
_PARTS = {"growth": "growth", "national": "district_part", "mix": "mix_part", "regional": "local_part"}


def industry_shift_share(
    mix_before: pd.DataFrame, mix_after: pd.DataFrame, from_year: int, to_year: int
) -> pd.DataFrame:
    """Return table ``industry_shift_share`` of two mixes (``industry_mix``), by street and building.

    By firms, area (㎡) and tax (元): ``before, after``, their difference ``growth`` and its three parts,
    which add up to it exactly (see ``indices.shift_share``, the whole is the district's buildings
    together): ``district_part`` 全区增长, ``mix_part`` 行业结构, ``local_part`` 本地竞争力; ``…_rate`` the
    same ÷ ``before``, NaN where that is 0. 未识别 counts as an industry here, so that the parts add up to
    the place's growth; a place missing in one year counts 0 in it, refunds as no tax. A measure unknown
    in one of the years is left out; empty where all are.
    """
    parts = []
    for measure in MEASURES_ZH:
        for level in ("street", "building"):
            before, after = (_matrix(mix, level, measure) for mix in (mix_before, mix_after))
            if before.to_numpy().sum() > 0 and after.to_numpy().sum() > 0:
                parts.append(_parts(before, after).assign(level=level, measure=MEASURES_ZH[measure]))
    if not parts:
        return declared("industry_shift_share", pd.DataFrame(columns=list(_columns())))
    table = pd.concat(parts, ignore_index=True).assign(from_year=from_year, to_year=to_year)
    return declared("industry_shift_share", table)


def _parts(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    table = shift_share(before, after).rename(columns=_PARTS)
    table["before"] = before.sum(axis=1).reindex(table.index).fillna(0.0)
    table["after"] = after.sum(axis=1).reindex(table.index).fillna(0.0)
    held = table["before"].where(table["before"] > 0)
    for column in _PARTS.values():
        table[f"{column.removesuffix('_part')}_rate"] = table[column] / held
    return table.rename_axis("id").reset_index()


def _matrix(mix: pd.DataFrame, level: str, measure: str) -> pd.DataFrame:
    rows = mix[mix["level"] == level]
    table = rows.pivot(index="id", columns="industry", values=measure).astype("float64")
    return table.fillna(0.0).clip(lower=0.0)


def _columns() -> tuple[str, ...]:
    return TABLES["industry_shift_share"].columns
