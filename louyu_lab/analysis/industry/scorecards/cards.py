"""What a scorecard says: whom it is for, what must hold, what is scored, and the grades."""

from __future__ import annotations

from dataclasses import dataclass

from louyu_lab.analysis.industry.scorecards.catalogue import BuildingIndicator, building_indicators

#: Kinds of scorecards.
KINDS = ("特色", "星级", "产业园", "其他")

#: What stands between the alternatives of a requirement.
OR = "，或"

#: Grade of a score below the lowest grade.
UNGRADED = "未达等级"


@dataclass(frozen=True)
class Condition:
    """One condition on one indicator: at least, at most (stored units), or one of some labels."""

    code: str
    at_least: float | None = None
    at_most: float | None = None
    one_of: tuple[str, ...] = ()

    @property
    def indicator(self) -> BuildingIndicator:
        """The indicator it is about."""
        return building_indicators()[self.code]

    @property
    def text(self) -> str:
        """The condition in words."""
        zh = self.indicator.zh
        if self.indicator.unit == "是/否":
            return f"{zh}（{'或'.join(self.one_of)}）"
        if self.one_of:
            return f"{zh}为{'或'.join(self.one_of)}"
        bounds = ((self.at_least, "不低于"), (self.at_most, "不高于"))
        said = [f"{word} {self.indicator.printed(value)}" for value, word in bounds if value is not None]
        return f"{zh}{'、'.join(said)}"


@dataclass(frozen=True)
class Requirement:
    """What must hold: any one of ``any_of``."""

    any_of: tuple[Condition, ...]

    @property
    def text(self) -> str:
        """The requirement in words."""
        return OR.join(condition.text for condition in self.any_of)


@dataclass(frozen=True)
class Criterion:
    """How one indicator is scored, 0–100, and its weight in the card.

    By one of: ``bands``, (lower bound, points) rising; ``linear``, the values that earn 0 and 100;
    ``points``, (label, points), any other label earning 0.
    """

    code: str
    weight: float
    bands: tuple[tuple[float, float], ...] = ()
    linear: tuple[float, float] | None = None
    points: tuple[tuple[str, float], ...] = ()

    @property
    def indicator(self) -> BuildingIndicator:
        """The indicator it is about."""
        return building_indicators()[self.code]


@dataclass(frozen=True)
class Scorecard:
    """One scorecard as read; ``grades`` are (label, least score), highest first, none where it has none."""

    file: str
    name: str
    kind: str
    source: str
    is_example: bool
    scope: tuple[Requirement, ...]
    requirements: tuple[Requirement, ...]
    criteria: tuple[Criterion, ...]
    grades: tuple[tuple[str, float], ...] = ()

    @property
    def weights(self) -> list[float]:
        """The weights of the criteria, adding up to 1; equal weights of the requirements without criteria."""
        given = [criterion.weight for criterion in self.criteria] or [1.0] * len(self.requirements)
        return [weight / sum(given) for weight in given]
