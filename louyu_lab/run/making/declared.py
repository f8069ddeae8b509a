"""A district's ledgers as one chapter may see them: what it did not declare is refused, not left out.

A run leaves a chapter alone when nothing it declared has changed, so a chapter that looked at more
would come out stale.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

import pandas as pd

from louyu_lab.ledgers.model import Ledgers

#: Frames that come with another: declaring that one declares them.
_WITH = {"stock": "buildings"}


class UndeclaredError(LookupError):
    """A chapter looked at something that graph.yaml does not list for it."""

    def __init__(self, name: str) -> None:
        """Name what was looked at."""
        super().__init__(f"{name} is not among what graph.yaml lets this chapter read or take")


class _Undeclared:
    """Stands in for a side frame that was not declared: any use of it is refused."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, _: str) -> Any:
        raise UndeclaredError(self._name)

    def __len__(self) -> int:
        raise UndeclaredError(self._name)

    def __getitem__(self, _: object) -> Any:
        raise UndeclaredError(self._name)


class _DeclaredFrames(dict[str, pd.DataFrame]):
    """The frames of the declared ledgers; asking for another by name is refused."""

    def __init__(self, frames: Mapping[str, pd.DataFrame], reads: frozenset[str]) -> None:
        super().__init__({name: frame for name, frame in frames.items() if _WITH.get(name, name) in reads})
        self._reads = reads

    def __contains__(self, name: object) -> bool:
        self._refuse_undeclared(name)
        return super().__contains__(name)

    def __getitem__(self, name: str) -> pd.DataFrame:
        self._refuse_undeclared(name)
        return super().__getitem__(name)

    def get(self, name: str, default: Any = None) -> Any:
        self._refuse_undeclared(name)
        return super().get(name, default)

    def _refuse_undeclared(self, name: object) -> None:
        if _WITH.get(str(name), name) not in self._reads:
            raise UndeclaredError(str(name))


@dataclass(frozen=True)
class DeclaredLedgers(Ledgers):
    """Ledgers of which only what was declared can be looked at; years are those of the ``whole``."""

    whole: Ledgers = field(default=None, repr=False)  # type: ignore[assignment]

    @property
    def years(self) -> list[int]:
        """Years the ledgers report on, ascending."""
        return self.whole.years

    def holds(self, year: int) -> bool:
        """Tell whether ``year`` can be studied."""
        return self.whole.holds(year)


def frames_read(names: Iterable[str], reads: Iterable[str] | None) -> list[str]:
    """Return, sorted, those of the stored frames that a chapter declaring ``reads`` may look at."""
    if reads is None:
        return sorted(names)
    declared = frozenset(reads)
    return sorted(name for name in names if _WITH.get(name, name) in declared)


def declared_only(ledgers: Ledgers, reads: Iterable[str]) -> DeclaredLedgers:
    """Return ``ledgers`` with everything else closed; ``reads`` as a stage declares it."""
    declared = frozenset(reads)
    given: dict[str, Any] = {part.name: getattr(ledgers, part.name) for part in fields(Ledgers)}
    for name, value in given.items():
        if isinstance(value, pd.DataFrame) and f"_{name}" not in declared:
            given[name] = _Undeclared(f"_{name}")
    frames = _DeclaredFrames(ledgers.frames, declared)
    return DeclaredLedgers(**given | {"frames": frames, "whole": ledgers})
