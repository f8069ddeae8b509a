"""Groups of tenants large enough to speak of: industries joined where small, bands of size and of tenure."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd

from louyu_lab.analysis.bands import Bands

#: Industries too small to stand alone, together.
REST_SECTORS = "其余行业"

_SIZE_SQM = (100.0, 300.0, 1000.0)
_TENURE_YEARS = (1.0, 3.0, 5.0, 10.0)


def lumped(
    names: pd.Series, event: pd.Series, fewest_rows: int, fewest_exits: int, rest: str = REST_SECTORS
) -> pd.Series:
    """Return ``names`` with those of too few rows or exits replaced by ``rest``."""
    counts = event.groupby(names).agg(["size", "sum"])
    large = counts.index[(counts["size"] >= fewest_rows) & (counts["sum"] >= fewest_exits)]
    return names.where(names.isin(large) | names.isna(), rest)


def size_bands(area_sqm: pd.Series, event: pd.Series, fewest_rows: int, fewest_exits: int) -> Bands:
    """Return bands of rented area (㎡), neighbours joined until each has enough rows and exits."""
    return _wide_enough(_SIZE_SQM, "㎡", area_sqm, event, fewest_rows, fewest_exits)


def tenure_bands(years: pd.Series, event: pd.Series, fewest_rows: int, fewest_exits: int) -> Bands:
    """Return bands of years since moving in, neighbours joined until each has enough rows and exits."""
    return _wide_enough(_TENURE_YEARS, "年", years, event, fewest_rows, fewest_exits)


def _wide_enough(
    edges: tuple[float, ...],
    unit: str,
    values: pd.Series,
    event: pd.Series,
    fewest_rows: int,
    fewest_exits: int,
) -> Bands:
    """Take away, one at a time, the edge between the band with the fewest exits and its smaller neighbour."""
    known = values.notna()
    numbers, left = values[known].to_numpy("float64"), event[known].to_numpy("float64")
    kept = list(edges)
    while kept:
        place = np.searchsorted(kept, numbers, side="right")
        exits = np.bincount(place, left, len(kept) + 1)
        rows = np.bincount(place, minlength=len(kept) + 1)
        short = (exits < fewest_exits) | (rows < fewest_rows)
        if not short.any():
            break
        weak = int(np.argmin(np.where(short, exits, np.inf)))
        to_left = weak == len(kept) or (weak > 0 and exits[weak - 1] <= exits[weak + 1])
        kept.pop(weak - 1 if to_left else weak)
    return _bands(kept, unit)


def _bands(edges: list[float], unit: str) -> Bands:
    if not edges:
        return Bands(("全部",), (-np.inf,))
    inner = [f"{low:g}—{high:g}{unit}" for low, high in pairwise(edges)]
    labels = (f"{edges[0]:g}{unit}以下", *inner, f"{edges[-1]:g}{unit}及以上")
    return Bands(labels, (-np.inf, *edges))
