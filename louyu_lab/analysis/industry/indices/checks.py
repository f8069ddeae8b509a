"""What an index accepts: amounts that are known, finite and not negative; anything else is named."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set

import numpy as np
import pandas as pd


def amounts(x: object, name: str = "x", dimensions: int | None = None) -> np.ndarray:
    """Return ``x`` as float64. Raises ValueError naming the first missing, infinite or negative value.

    A missing value is not taken for zero: decide what it stands for before (fill or leave out). What is no
    number is refused as well, and with ``dimensions`` an array of any other number of axes.
    """
    try:
        values = np.asarray(x, dtype="float64")
    except (TypeError, ValueError) as refused:
        raise ValueError(f"{name} must be numbers: {refused}") from refused
    if values.ndim == 0 or (dimensions is not None and values.ndim != dimensions):
        raise ValueError(f"{name} has {values.ndim} axes, not {dimensions or 'one or more'}")
    for is_wrong, what in ((~np.isfinite(values), "missing or infinite"), (values < 0, "negative")):
        if is_wrong.any():
            count, first = int(is_wrong.sum()), _place(x, is_wrong)
            raise ValueError(f"{name} has {count} {what} values, first at {first}")
    return values


def labelled(table: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return a table of ``amounts``. Raises TypeError for what has no labels, ValueError as ``amounts``."""
    if not isinstance(table, pd.DataFrame):
        kind = type(table).__name__
        raise TypeError(f"{name} must be a DataFrame of regions by industries, not {kind}")
    return pd.DataFrame(amounts(table, name, dimensions=2), table.index, table.columns)


def same_length(**parts: object) -> None:
    """Raise ValueError unless all parts have one length."""
    lengths = {name: len(part) for name, part in parts.items()}
    if len(set(lengths.values())) > 1:
        raise ValueError(f"lengths differ: {', '.join(f'{name} {n}' for name, n in lengths.items())}")


def entries(x: object, name: str) -> object:
    """Return ``x`` with a length: an iterator is read. Raises TypeError for what is no list of entries."""
    ordered = isinstance(x, Iterable) and not isinstance(x, (str, bytes, Mapping, Set, pd.DataFrame))
    if not ordered or getattr(x, "ndim", 1) != 1:
        raise TypeError(f"{name} must be a Series, list or array of entries, not {type(x).__name__}")
    return x if hasattr(x, "__len__") else list(x)


def matched(**parts: object) -> tuple[object, ...]:
    """Return the parts with every Series in the order of the first one's index.

    What is no Series goes by place, and where there is such a part the Series must be in one order already.
    Raises ValueError for different lengths and for Series whose indexes do not hold the same labels, or
    the same ones in another order where some occur twice.
    """
    same_length(**parts)
    series = {name: part for name, part in parts.items() if isinstance(part, pd.Series)}
    if not series:
        return tuple(parts.values())
    first, index = next((name, part.index) for name, part in series.items())
    for name, part in series.items():
        if part.index.equals(index):
            continue
        if not index.is_unique or not part.index.is_unique or len(index.difference(part.index, sort=False)):
            raise ValueError(f"{first} and {name} are Series of different indexes: give them the same labels")
        if len(series) < len(parts):
            raise ValueError(f"{first} and {name} are Series in different orders beside what has no labels")
    return tuple(part.reindex(index) if name in series else part for name, part in parts.items())


def like(x: object, values: np.ndarray) -> float | np.ndarray | pd.Series:
    """Return ``values`` as ``x`` asks for: one number for a vector, a Series by row for a frame."""
    if isinstance(x, pd.DataFrame):
        return pd.Series(values, index=x.index)
    return float(values) if np.ndim(values) == 0 else values


def _place(x: object, is_wrong: np.ndarray) -> str:
    at = tuple(int(place) for place in np.argwhere(is_wrong)[0])
    if isinstance(x, (pd.Series, pd.DataFrame)):
        return ", ".join(str(names[place]) for names, place in zip(x.axes, at, strict=True))
    return ", ".join(map(str, at))
