"""What other districts report of the measures in table ``moments``, read from ``moments_reference.yaml``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources

import yaml

STATISTICS_ZH = {"mean": "均值", "median": "中位数", "pooled": "合计之比", "value": "全区值"}


@dataclass(frozen=True)
class Reference:
    """What one place reports: ``value`` in the measure's stored unit, comparable with ``statistic``."""

    value: float
    statistic: str
    place: str
    year: str
    source: str
    judged: bool = True

    @property
    def label(self) -> str:
        """Place and year, as printed."""
        return f"{self.place}，{self.year}"


@dataclass(frozen=True)
class Measure:
    """One measure of the page with its references, the one printed first."""

    name: str
    zh: str
    unit: str
    references: tuple[Reference, ...]

    @property
    def elsewhere(self) -> Reference | None:
        """The reference to set beside the printed one: the first from another place."""
        judged = [reference for reference in self.references if reference.judged]
        return next((other for other in judged if other.place != self.references[0].place), None)


@cache
def measures() -> dict[str, Measure]:
    """Return every measure by name, in printed order."""
    text = (resources.files(__package__) / "moments_reference.yaml").read_text(encoding="utf-8")
    return {
        name: Measure(
            name,
            entry["zh"],
            entry["unit"],
            tuple(Reference(**{**item, "year": str(item["year"])}) for item in entry["references"]),
        )
        for name, entry in yaml.safe_load(text).items()
    }
