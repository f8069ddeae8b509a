"""How fast vacancy answers to what changes around a building: half of the way a year.

At a yearly letting rate of some 60 % and an exit rate of some 10 % a vacancy has about half of its way to
rest behind it after a year. Opening, refit and policy all show in it at this pace.
"""

from __future__ import annotations

import pandas as pd

#: Share of its way to rest that a vacancy still has before it after a year.
REST_OF_A_YEAR = 0.5


def rest_after(years: pd.Series) -> pd.Series:
    """Return what is left of a change so many years after it (1 at once, falling to 0)."""
    return REST_OF_A_YEAR**years


def done_by_year_end(year: pd.Series, since: pd.Series) -> pd.Series:
    """Return how much of a change in the middle of year ``since`` shows at the end of ``year`` (0–1).

    0 before it, and where there was none (NaN).
    """
    return (1 - rest_after(year - since + 0.5)).where(since <= year, 0.0)
