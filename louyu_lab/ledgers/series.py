"""Unit breaks in time: a series that jumps a thousandfold from one year to the next has changed its unit."""

from __future__ import annotations

import numpy as np
import pandas as pd

#: A change of unit is a factor of 10⁴ (万) or more; growth itself stays below a thousandfold.
BREAK_FACTOR = 1000.0

#: Share of a table's series that must jump together before the year, not the series, is blamed.
_TOGETHER = 0.5


def jumps(frame: pd.DataFrame, by: list[str], value: str) -> pd.DataFrame:
    """Return consecutive observations of one series whose ratio exceeds ``BREAK_FACTOR`` either way.

    ``frame`` has ``by``, ``year`` and ``value``; the result has the later observation's index, with
    ``year, before_year, before, after, ratio``. Zeros, negatives and blanks are no observations.
    """
    known = frame[frame[value] > 0].sort_values([*by, "year"], kind="stable")
    same = np.ones(len(known), dtype=bool)
    for column in by:
        texts = known[column].fillna("").astype(str).to_numpy()
        same &= np.r_[False, texts[1:] == texts[:-1]]
    values = known[value].to_numpy(dtype=float)
    ratio = np.r_[np.nan, values[1:] / values[:-1]] if len(values) else values
    jumped = same & ((ratio > BREAK_FACTOR) | (ratio < 1 / BREAK_FACTOR))
    before = np.roll(values, 1) if len(values) else values
    years = known["year"].to_numpy()
    return pd.DataFrame(
        {
            **{column: known[column].to_numpy()[jumped] for column in by},
            "year": years[jumped],
            "before_year": (np.roll(years, 1) if len(years) else years)[jumped],
            "before": before[jumped],
            "after": values[jumped],
            "ratio": ratio[jumped],
        },
        index=known.index[jumped],
    )


def shorter_side(years: pd.Series, breaks: list[int]) -> pd.Series:
    """Tell which observations to set aside: all but the longest unbroken stretch, the latest on a tie."""
    segment = np.searchsorted(np.sort(np.array(breaks)), years.to_numpy(dtype=int), side="right")
    counts = pd.Series(segment).value_counts()
    kept = counts[counts == counts.max()].index.max()
    return pd.Series(segment != kept, index=years.index)


def broken_years(frame: pd.DataFrame, by: list[str], value: str) -> list[int]:
    """Return the years in which at least half of the series jump the same way: the unit changed."""
    found = jumps(frame, by, value)
    if found.empty:
        return []
    observed = frame[frame[value] > 0].groupby("year")[by[0]].nunique()
    broken = []
    for year, part in found.groupby("year"):
        upward = max((part["ratio"] > 1).sum(), (part["ratio"] < 1).sum())
        comparable = min(observed.get(year, 0), observed.get(part["before_year"].iloc[0], 0))
        # One series alone proves nothing about the ledger.
        if upward >= 2 and upward >= _TOGETHER * comparable:
            broken.append(int(year))
    return broken


def jump_texts(found: pd.DataFrame) -> list[str]:
    """Return each jump in words, as ``jumps`` found it."""
    return [
        f"{int(row.before_year)} 年 {_plain(row.before)} → {int(row.year)} 年 {_plain(row.after)}"
        f"（{_times(row.ratio)}）"
        for row in found.itertuples()
    ]


def _plain(value: float) -> str:
    return f"{value:,.0f}" if value >= 1e5 else f"{value:,.6g}"


def _times(ratio: float) -> str:
    return f"约 {ratio:,.0f} 倍" if ratio >= 1 else f"约 1/{1 / ratio:,.0f}"
