"""Simulated tax read as tiers: the draws every table of this package is counted from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from louyu_lab.analysis.stock import of_year
from louyu_lab.analysis.tax.history import TaxHistory, carried, last_known
from louyu_lab.analysis.tax.paths import TaxPaths
from louyu_lab.analysis.tiers import TIERS, YI_BUILDING

#: Position of 亿元楼 among the tiers, and of a building whose tax nobody knows.
YI, UNKNOWN = TIERS.labels.index(YI_BUILDING), -1

#: A thousand draws cannot tell a smaller chance from none: tables hold the share of draws as it is, and what
#: is nearer to 0 or 1 than this is told as less than it, or more than 1 less it.
LEAST_CHANCE = 0.001


@dataclass(frozen=True)
class TierDraws:
    """Draws of coming tiers beside the tier of today.

    ``paths`` as simulated; ``building`` (n,) names, the number where there is none; ``base_yuan`` (n,) the
    last known tax (元), NaN where none is; ``base_year`` (n,) its year, 0 where none is; ``base_tier``
    (n,) and ``tier`` (draws, n, h) positions in ``TIERS.labels``: 0 is the highest; ``known_years`` how
    many years have any tax.
    """

    paths: TaxPaths
    building: np.ndarray
    base_yuan: np.ndarray
    base_year: np.ndarray
    base_tier: np.ndarray
    tier: np.ndarray
    known_years: int

    @property
    def is_yi(self) -> np.ndarray:
        """Whether each building is 亿元楼 by draw and year; shape (draws, n, h)."""
        return self.tier == YI

    @property
    def was_yi(self) -> np.ndarray:
        """Whether each building is 亿元楼 by its last known tax; shape (n,)."""
        return self.base_tier == YI

    def tier_names(self) -> list[str]:
        """Return each building's tier; one of a former year says so, as 亿元楼（2019 年）."""
        latest = self.base_year.max(initial=0)
        names = [*TIERS.labels, "无数据"]
        return [
            names[tier] + (f"（{year} 年）" if 0 < year < latest else "")
            for tier, year in zip(self.base_tier, self.base_year, strict=True)
        ]

    def objects(self) -> pd.DataFrame:
        """Return ``building_id, building, street, tax_yuan, tier``: one row a building."""
        return pd.DataFrame(
            {
                "building_id": pd.Series(self.paths.building_id, dtype="str"),
                "building": pd.Series(self.building, dtype="str"),
                "street": pd.Series(self.paths.street, dtype="str"),
                "tax_yuan": self.base_yuan,
                "tier": pd.Series(self.tier_names(), dtype="str"),
            }
        )


def tier_draws(paths: TaxPaths, history: TaxHistory, panel: pd.DataFrame) -> TierDraws:
    """Return the draws as tiers, beside the last known tax of ``history``.

    ``panel`` is ``panel.building_years``, which knows the buildings' names. Raises ValueError where a draw
    is not a number.
    """
    if not np.isfinite(paths.yuan).all():
        raise ValueError("simulated tax must be finite")
    at = pd.Index(history.building_id).get_indexer(paths.building_id)
    base = np.where(at >= 0, np.append(last_known(history.tax_yuan), np.nan)[at], np.nan)
    former = carried(history, panel).set_index("building_id")["year"]
    year = pd.Series(paths.building_id).map(former).fillna(history.years[-1] if len(history.years) else 0)
    names = of_year(panel, int(history.years[-1])).set_index("building_id")["building"]
    ids = pd.Series(paths.building_id, dtype="str")
    return TierDraws(
        paths=paths,
        building=ids.map(names).fillna(ids).to_numpy(dtype="str"),
        base_yuan=base,
        base_year=np.where(np.isfinite(base), year.to_numpy(dtype="int64"), 0),
        base_tier=tier_positions(base),
        tier=tier_positions(paths.yuan),
        known_years=int(np.isfinite(history.tax_yuan).any(axis=0).sum()),
    )


def tier_positions(tax_yuan: np.ndarray) -> np.ndarray:
    """Return the position in ``TIERS.labels`` of each amount (元), ``UNKNOWN`` of NaN; any shape."""
    rising = np.sort(TIERS.lows)
    place = np.searchsorted(rising, np.round(tax_yuan, TIERS.decimals), side="right")
    return np.where(np.isnan(tax_yuan), UNKNOWN, len(rising) - place).astype("int8")
