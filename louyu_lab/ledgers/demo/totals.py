"""The district's own totals in the long form of their ledger."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd


def totals_ledger(region: str, series: Mapping[tuple[str, str, str], pd.Series]) -> pd.DataFrame:
    """Return ``region, indicator, year, value, unit, scope``, one row a year of each series.

    ``series`` maps (indicator, unit, scope) to values in that unit, indexed by year.
    """
    return pd.DataFrame(
        [
            (region, indicator, year, value, unit, scope)
            for (indicator, unit, scope), values in series.items()
            for year, value in values.items()
        ],
        columns=["region", "indicator", "year", "value", "unit", "scope"],
    )
