"""What can be wrong with a question to the driver model, told to the person who asked it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd


class DriverError(ValueError):
    """The drivers of vacancy cannot be estimated as asked; ``problems`` says all that is wrong, in Chinese.

    Each problem names the column, what is the matter and how to mend it.
    """

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


def few(names: Sequence[object], most: int = 5, unit: str = "个") -> str:
    """Join the first names, and say how many (of ``unit``) there are when there are more."""
    every = [str(name) for name in names]
    return "、".join(every[:most]) + (f" 等 {len(every)} {unit}" if len(every) > most else "")


def rows_zh(where: Sequence[bool]) -> str:
    """Name the rows where ``where`` (n,) holds, as a person counts them, from 1: 第 3、5 行."""
    numbers = [str(int(row) + 1) for row in np.flatnonzero(where)]
    return f"第 {few(numbers, unit='行')}" + ("" if len(numbers) > 5 else " 行")


def not_numbers(values: pd.Series) -> pd.Series:
    """Tell which cells hold something that is no number; blanks, also of spaces, are none of them."""
    if pd.api.types.is_numeric_dtype(values):
        return pd.Series(False, index=values.index)
    texts = values.astype("str").str.strip()
    return pd.to_numeric(values, errors="coerce").isna() & values.notna() & (texts != "")
