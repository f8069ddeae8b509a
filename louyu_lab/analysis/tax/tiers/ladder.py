"""The ladder: how far each building is from the next tier, what growth that asks for, and the chance."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.analysis.outputs import TABLES, declared
from louyu_lab.analysis.tax.history import TaxHistory, size_class
from louyu_lab.analysis.tax.tiers.chances import judged
from louyu_lab.analysis.tax.tiers.draws import YI, TierDraws
from louyu_lab.analysis.tiers import TIERS, YI_BUILDING

#: Past growths a size class needs to be compared with alone, and all of them together.
LEAST_CLASS, LEAST_PAST = 39, 10

#: A building of the lowest tier is listed from this chance of leaving it upwards.
LISTED_CHANCE = 0.05

STAY = f"保持{YI_BUILDING}"

#: The rungs shown: buildings from this tax (元) whose reach of 亿元楼, or stay there, is not all but sure.
SHOWN_YUAN, SURE = 5e7, 0.95


def tier_ladder(draws: TierDraws, history: TaxHistory) -> pd.DataFrame:
    """Return table ``tier_ladder``: a row a building and coming year, by tax.

    The aim of a building is the tier above that of its last known tax, of an 亿元楼 to stay one.
    ``gap_to_next_yuan`` is what it lacks, missing for 亿元楼; ``needed_rate`` the growth a year that leads
    to the aim's least tax by that year, (least ÷ tax)^(1/years) − 1, for 亿元楼 the fall a year that it can
    bear. ``past_rate`` is the share of the district's own past growths over as many years, of buildings of
    the size, that were at least that; NaN with fewer than ``LEAST_PAST`` (``past_growths`` of them). The
    years count from that of the last known tax. ``p_reach`` is the chance that the building is in a higher
    tier (亿元楼: in this one) in that year.
    """
    columns = list(TABLES["tier_ladder"].columns)
    listed = np.flatnonzero(_is_listed(draws))
    if not len(listed):
        return declared("tier_ladder", pd.DataFrame(columns=columns))
    base, tier = draws.base_yuan[listed], draws.base_tier[listed].astype("int64")
    aim = np.maximum(tier - 1, YI)
    least = np.asarray(TIERS.lows)[aim]
    names = [STAY if was == YI else TIERS.labels[to] for was, to in zip(tier, aim, strict=True)]
    objects = draws.objects().loc[listed].assign(next_tier=names)
    objects["gap_to_next_yuan"] = TIERS.gap_to_next(objects["tax_yuan"])
    parts = []
    for at, year in enumerate(draws.paths.years):
        years = year - draws.base_year[listed]
        with np.errstate(all="ignore"):
            needed = np.where(base > 0, (least / base) ** (1 / years) - 1, np.nan)
        past, number = _past_shares(history, base, least, years)
        share = (draws.tier[:, listed, at] <= aim).mean(axis=0)
        parts.append(
            objects.assign(
                year=year,
                needed_rate=needed,
                past_rate=past,
                past_growths=number,
                p_reach=share,
                outlook=judged(share),
            )
        )
    table = pd.concat(parts, ignore_index=True)
    table = table.sort_values(["tax_yuan", "building_id", "year"], ascending=[False, True, True])
    return declared("tier_ladder", table[columns])


def open_rungs(ladder: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of table ``tier_ladder`` to be shown: the last year's of those about 1亿元."""
    rows = ladder[(ladder["tax_yuan"] >= SHOWN_YUAN) & (ladder["p_reach"] < SURE)]
    return rows[rows["year"] == ladder["year"].max()].reset_index(drop=True)


def _is_listed(draws: TierDraws) -> np.ndarray:
    if not draws.tier.size:
        return np.zeros(len(draws.base_yuan), dtype=bool)
    lowest = len(TIERS.labels) - 1
    rises = (draws.tier < draws.base_tier[:, None]).mean(axis=0).max(axis=1) >= LISTED_CHANCE
    return (draws.base_tier >= 0) & ((draws.base_tier < lowest) | rises)


def _past_shares(
    history: TaxHistory, base: np.ndarray, least: np.ndarray, years: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the share of past growths over ``years`` that reached least ÷ base, and how many there were."""
    share, number = np.full(len(base), np.nan), np.zeros(len(base), dtype="int64")
    with np.errstate(all="ignore"):
        wanted = np.where(base > 0, least / base, np.inf)
    classes = size_class(base)
    for span in np.unique(years):
        before, after = history.tax_yuan[:, :-span], history.tax_yuan[:, span:]
        usable = (before > 0) & np.isfinite(after)
        ratios, of_ratio = after[usable] / before[usable], size_class(before[usable])
        for name in np.unique(classes):
            own = ratios[of_ratio == name]
            pool = np.sort(own if len(own) >= LEAST_CLASS else ratios)
            rows = (classes == name) & (years == span)
            number[rows] = len(pool)
            if len(pool) >= LEAST_PAST:
                share[rows] = 1 - np.searchsorted(pool, wanted[rows], side="left") / len(pool)
    return share, number
