"""What an index accepts: amounts that are known, finite and not negative; anything else is named."""

from __future__ import annotations

import numpy as np
import pandas as pd


def amounts(x: object, name: str = "x", dimensions: int | None = None) -> np.ndarray:
    """Return ``x`` as float64. Raises ValueError naming the first missing, infinite or negative value.

    A missing value is not taken for zero: decide what it stands for before (fill or leave out). With
    ``dimensions`` an array of any other number of axes is refused.
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


def same_length(**parts: object) -> None:
    """Raise ValueError unless all parts have one length."""
    lengths = {name: len(part) for name, part in parts.items()}
    if len(set(lengths.values())) > 1:
        raise ValueError(f"lengths differ: {', '.join(f'{name} {n}' for name, n in lengths.items())}")


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
