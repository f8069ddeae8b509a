"""A scenario: what differs from the baseline, what it costs, and what is asked of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from louyu_lab.analysis.scenarios.levers.setting import Setting


class ScenarioError(ValueError):
    """A scenario that cannot be computed: ``file`` names it, ``problems`` says everything that is wrong."""

    def __init__(self, file: str, problems: list[str]) -> None:
        """Make one message of all problems."""
        self.file, self.problems = file, tuple(problems)
        super().__init__(f"情景文件 {file} 没有计算：{'；'.join(problems)}。")


@dataclass(frozen=True)
class Goal:
    """What is to be reached: ``indicator`` (code) at ``target`` (stored units) in ``year``.

    ``probability`` (0–1) with which; ``bounds`` lever → least and most it may be moved, stored units.
    """

    indicator: str
    year: int
    target: float
    probability: float
    bounds: Mapping[str, tuple[float, float]]


@dataclass(frozen=True)
class Scenario:
    """One scenario; ``changes`` in stored units, in the order of ``levers()``, those of ``base`` included.

    ``file`` is the file's name; ``author`` is for the file alone and stands in no result. ``costs`` lever →
    元 per unit of its ``cost_unit``, those of ``base`` included; ``sweep`` one lever and its values, ``goal``
    what is to be reached: both the file's own. ``lines`` lever → line of the file, for its own changes,
    with ``sweep`` and ``goal`` likewise.
    """

    file: str
    title: str
    author: str
    reason: str
    base: str
    changes: Mapping[str, Setting]
    costs: Mapping[str, float] = field(default_factory=dict)
    sweep: tuple[str, tuple[float, ...]] | None = None
    goal: Goal | None = None
    lines: Mapping[str, int] = field(default_factory=dict)
