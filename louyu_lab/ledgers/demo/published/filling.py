"""How full each building was at the end of 2020: what tenants look for, held to the published rates."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.optimize import brentq

from louyu_lab.ledgers.demo.published import margins
from louyu_lab.ledgers.demo.published.buildings import GRADE_STEP, is_unified

#: How well areas let, on the scale of a grade; 澜江口 holds most of the idle space, 望湖 hardly any.
_AREA_APPEAL = {"澜江口": -0.7, "书院里": -0.3, "望湖": 0.9, "东岭": 0.5}
#: What a single owner's building may lack in appeal, the likeliest first, see ``occupancy_rates``.
_UNIFIED_DISCOUNTS = (1.9, 1.6, 2.2, 1.3, 2.5, 1.0, 2.8, 0.7, 3.1, 0.4)


def occupancy_rates(buildings: pd.DataFrame, rng: np.random.Generator) -> pd.Series:
    """Return each building's occupancy rate (0–1) at the end of 2020, in the published bands.

    Buildings rank by what tenants look for; the fullest band then takes the level at which the
    area-weighted means are the published ones, of all buildings and of those of unified ownership.
    Scattered ownership goes with age and grade; how much less it weighs by itself is what the two
    means published say: the first discount for unified ownership that allows both is taken.
    Raises ValueError where none does.
    """
    appeal = _appeal(buildings, rng)
    within = [rng.uniform(0.2, 0.8, count) for _, _, count in margins.OCCUPANCY_BANDS]
    for discount in _UNIFIED_DISCOUNTS:
        ranked = (appeal - discount * is_unified(buildings)).mask(buildings["is_new_tower"], -np.inf)
        rates = _levelled_by_ownership(_in_order(ranked, within, buildings), buildings)
        if rates is not None:
            return rates
    raise ValueError("no discount for unified ownership meets both published rates")


def _appeal(buildings: pd.DataFrame, rng: np.random.Generator) -> pd.Series:
    """What tenants make of each building, grades counting half a point."""
    parking = buildings["parking_spaces"] / buildings["gross_area_sqm"] * 100
    modernised = buildings["refit_year"].fillna(buildings["completion_year"])
    return (
        0.5 * buildings["grade"].map(GRADE_STEP)
        - 0.35 * np.log(buildings["owners"])
        + 1.2 * (parking - 0.7)
        - 0.5 * (margins.YEARS[-1] - modernised) / 10
        - 0.3 * np.log(buildings["metro_distance_m"] / 500)
        + buildings["area"].map(_AREA_APPEAL).fillna(0.0)
        + 1.2 * buildings["tax_rank"].notna()
        + 0.8 * rng.standard_normal(len(buildings))
    )


def _in_order(appeal: pd.Series, within: list[np.ndarray], buildings: pd.DataFrame) -> pd.Series:
    """Rates by rank of appeal, spread over each band by ``within``; the two published towers in place."""
    order = appeal.sort_values(ascending=False, kind="stable").index
    rates, first = pd.Series(0.0, buildings.index), 0
    for (low, high, count), drawn in zip(margins.OCCUPANCY_BANDS, within, strict=True):
        place = (np.arange(count) + drawn) / count
        rates[order[first : first + count]] = high - 0.01 - (high - low - 0.015) * place
        first += count
    rates = _swapped_in(rates, buildings)
    tower = buildings["is_new_tower"]
    rates[tower] = 1 - margins.NEW_TOWER_VACANT_SQM / buildings.loc[tower, "rentable_area_sqm"]
    return rates


def _levelled_by_ownership(rates: pd.Series, buildings: pd.DataFrame) -> pd.Series | None:
    """Level unified and scattered ownership each to its published mean; None where one cannot be."""
    unified, rentable = is_unified(buildings), buildings["rentable_area_sqm"]
    of_unified = margins.UNIFIED_OCCUPANCY_RATE * rentable[unified].sum()
    scattered = (margins.OCCUPANCY_RATE * rentable.sum() - of_unified) / rentable[~unified].sum()
    groups = ((unified, margins.UNIFIED_OCCUPANCY_RATE), (~unified, scattered))
    levelled = [_levelled(rates[group], rentable[group], mean) for group, mean in groups]
    return None if any(part is None for part in levelled) else pd.concat(levelled).sort_index()


def _swapped_in(rates: pd.Series, buildings: pd.DataFrame) -> pd.Series:
    """Give the pandemic tower a rate of the second band, in exchange with whoever has the middle one."""
    tower = buildings.index[buildings["is_pandemic_tower"]][0]
    low, high, _ = margins.OCCUPANCY_BANDS[1]
    second = rates[(rates >= low) & (rates < high)].sort_values()
    other = second.index[len(second) // 2]
    rates = rates.copy()
    rates[[tower, other]] = rates[[other, tower]].to_numpy()
    return rates


def _levelled(rates: pd.Series, rentable: pd.Series, mean: float) -> pd.Series | None:
    """Move the rates of the fullest band until the area-weighted mean of all is ``mean``, if they can."""
    low, high, _ = margins.OCCUPANCY_BANDS[0]
    full = rates >= low
    wanted = (mean * rentable.sum() - (rates * rentable)[~full].sum()) / rentable[full].sum()
    share = (rates[full] - low) / (high - low)

    def missed(log_power: float) -> float:
        return np.average(_in_band(share, log_power), weights=rentable[full]) - wanted

    # A power keeps order and band, and takes the mean from one end of the band to the other.
    if missed(-4.0) < 0 or missed(4.0) > 0:
        return None
    return rates.where(~full, _in_band(share, brentq(missed, -4.0, 4.0)))


def _in_band(share: pd.Series, log_power: float) -> pd.Series:
    low, high, _ = margins.OCCUPANCY_BANDS[0]
    return low + 0.002 + (high - low - 0.002) * share ** np.exp(log_power)
