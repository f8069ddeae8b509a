"""House numbers: where in a street a building stands."""

from __future__ import annotations

import numpy as np
import pandas as pd

#: House numbers from one building of a road to the next; the number drawn leaves room between them.
_NUMBERS_APART, _NUMBERS_DRAWN = 16, 8


def street_addresses(district: str, road: pd.Series, rng: np.random.Generator) -> pd.Series:
    """Return an even house number on each building's ``road``, no two alike: ``和安区江口路18号``."""
    drawn = rng.integers(1, _NUMBERS_DRAWN, len(road)) * 2
    number = road.groupby(road).cumcount() * _NUMBERS_APART + drawn
    return district + road + number.astype("str") + "号"
