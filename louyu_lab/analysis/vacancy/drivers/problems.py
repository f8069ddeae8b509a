"""What can be wrong with a question to the driver model, told to the person who asked it."""

from __future__ import annotations

from collections.abc import Sequence


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
