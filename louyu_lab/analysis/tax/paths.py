"""Simulated tax of the buildings: what everything leaders read is counted from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class TaxPaths:
    """Draws of coming tax of the buildings that stand in the base year.

    ``building_id`` and ``street`` (buildings,), ``years`` (horizon,) the coming years, ``yuan``
    (draws, buildings, horizon) in 元. A draw is one course of events for the whole district: sums over
    buildings are taken draw by draw.
    """

    building_id: np.ndarray
    street: np.ndarray
    years: np.ndarray
    yuan: np.ndarray


def draws_frame(paths: TaxPaths) -> pd.DataFrame:
    """Return the draws as ``building_id, year, draw, yuan`` (元), each building-year's ascending.

    Sorted by building, year and amount, ``draw`` counted from 0 within: what one building may pay in one
    year, whatever the others pay in the same course of events.
    """
    draws, buildings, horizon = paths.yuan.shape
    order = np.argsort(paths.building_id, kind="stable")
    ascending = np.sort(paths.yuan, axis=0)[:, order]
    return pd.DataFrame(
        {
            "building_id": pd.Series(np.repeat(paths.building_id[order], horizon * draws), dtype="str"),
            "year": np.tile(np.repeat(paths.years, draws), buildings),
            "draw": np.tile(np.arange(draws), buildings * horizon),
            "yuan": ascending.transpose(1, 2, 0).ravel(),
        }
    )
