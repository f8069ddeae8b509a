"""Simulated tax of the buildings: what everything leaders read is counted from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


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
