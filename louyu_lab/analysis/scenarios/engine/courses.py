"""What one simulated scenario comes to, draw by draw, place by place and year by year."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class Courses:
    """Simulated courses of events of one scenario; axes (draws, places, h) unless said.

    ``places`` a row a place: ``building_id, building, street, grade, is_new``: the baseline's buildings in
    their order, then projects and other new supply. ``years`` the h years.

    Areas in ㎡ at the year's end. ``gross_sqm, rentable_sqm, unmarketable_sqm`` (places, h); ``occupied_sqm``
    NaN where nobody knows the occupancy of the base year; vacant = rentable − occupied. ``let_sqm`` let to
    newcomers in the year; ``exits_sqm`` left by who leaves the district; ``moved_sqm`` (draws, h) let to
    movers inside the district: the district gains nothing by them. ``asked_sqm`` (draws, h) what the
    scenario's levers asked for beyond the demand of the market, ``taken_sqm`` what there was of it.
    ``supported_sqm`` (draws, h) new lettings with a right to a rent subsidy, ``additional_sqm`` (draws, h)
    those of them that come for its sake; ``support_yuan`` what is paid for them (元),
    ``idle_support_yuan`` the part for who would have come anyway; ``swapped_sqm`` (draws, h) tenants
    replaced; ``unlocked_sqm`` (h,) made marketable in the year; ``refit_sqm``, ``merged_sqm`` (h,) gross area
    refitted or brought into one hand in the year.

    ``tax_yuan`` recurring tax (元), without NaN, 0 where the baseline has none; ``entrants_tax_yuan`` what
    those pay who came after the base year. ``firms, registered, paying`` (draws, h) numbers of enterprises,
    NaN where unknown.
    """

    places: pd.DataFrame
    years: tuple[int, ...]
    gross_sqm: np.ndarray
    rentable_sqm: np.ndarray
    unmarketable_sqm: np.ndarray
    unlocked_sqm: np.ndarray
    refit_sqm: np.ndarray
    merged_sqm: np.ndarray
    occupied_sqm: np.ndarray
    let_sqm: np.ndarray
    exits_sqm: np.ndarray
    tax_yuan: np.ndarray
    entrants_tax_yuan: np.ndarray
    moved_sqm: np.ndarray
    asked_sqm: np.ndarray
    taken_sqm: np.ndarray
    supported_sqm: np.ndarray
    additional_sqm: np.ndarray
    support_yuan: np.ndarray
    idle_support_yuan: np.ndarray
    swapped_sqm: np.ndarray
    firms: np.ndarray
    registered: np.ndarray
    paying: np.ndarray

    @property
    def draws(self) -> int:
        """The number of draws."""
        return len(self.tax_yuan)
