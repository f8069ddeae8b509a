"""The chapters of a run as a graph: what each needs, what it may look at, and what it makes.

``graph.yaml`` declares them. A run starts a chapter when those it comes after have ended, starts
independent ones side by side, and leaves a chapter alone when nothing it looks at has changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    # A rerun with nothing to do needs the chapters' names only: pandas is not loaded for its sake.
    from louyu_lab.ledgers.model import Ledgers


@dataclass(frozen=True)
class Stage:
    """One chapter: its notebook (without ``.ipynb``), its Chinese title, what goes in and what comes out.

    ``needs``: ledgers without which it cannot run, each a name or several of which any one will do.
    ``reads``: the ledgers, and side frames by their ``_name``, that it may look at; None for all.
    ``files``: patterns of further files in the data folder whose content counts.
    ``after``: the chapters whose tables, and what else they hand on, it may take.
    ``makes``: tables that must come out with rows. ``may_make``: tables that may; None for any.
    ``hands``: names, or patterns of names, of what it may hand on without publishing it.
    """

    name: str
    title: str
    needs: tuple[str | tuple[str, ...], ...] = ()
    reads: tuple[str, ...] | None = None
    files: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    makes: tuple[str, ...] = ()
    may_make: tuple[str, ...] | None = None
    hands: tuple[str, ...] = ()

    def missing(self, ledgers: Ledgers) -> tuple[tuple[str, ...], ...]:
        """Return the needs that are not met, each as its alternatives: all absent or without a row."""
        choices = ((need,) if isinstance(need, str) else need for need in self.needs)
        return tuple(choice for choice in choices if not any(map(ledgers.has, choice)))

    def reason_to_skip(self, ledgers: Ledgers) -> str:
        """Say in Chinese why the chapter cannot run on these ledgers; empty where it can."""
        from louyu_lab.ledgers.catalogue import catalogue

        missing = "、".join(
            "或".join(catalogue()[ledger].zh for ledger in choice) for choice in self.missing(ledgers)
        )
        return f"缺{missing}，未运行" if missing else ""


def in_order(stages: Sequence[Stage]) -> tuple[Stage, ...]:
    """Return the stages so that each stands behind those it comes after; otherwise as they were given.

    Raises ValueError for a stage that comes after one that is not there, and for a circle.
    """
    names, placed = {stage.name for stage in stages}, {}
    for stage in stages:
        lacking = [name for name in stage.after if name not in names]
        if lacking:
            raise ValueError(f"stage {stage.name} comes after {lacking}, which is no stage")
    waiting = list(stages)
    while waiting:
        ready = next((stage for stage in waiting if all(name in placed for name in stage.after)), None)
        if ready is None:
            raise ValueError(f"stages in a circle: {[stage.name for stage in waiting]}")
        placed[ready.name] = ready
        waiting.remove(ready)
    return tuple(placed.values())


def _stage(name: str, entry: dict[str, Any]) -> Stage:
    needs = tuple(tuple(need) if isinstance(need, list) else need for need in entry.get("needs", ()))
    lists = {
        key: tuple(entry.get(key, ())) for key in ("reads", "files", "after", "makes", "may_make", "hands")
    }
    return Stage(name=name, title=entry["title"], needs=needs, **lists)


def _stages() -> tuple[Stage, ...]:
    text = (resources.files(__package__) / "graph.yaml").read_text(encoding="utf-8")
    return tuple(_stage(name, entry) for name, entry in yaml.safe_load(text).items())


#: Every chapter, in the order of the study.
NOTEBOOKS = _stages()
