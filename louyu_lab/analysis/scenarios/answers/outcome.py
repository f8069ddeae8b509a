"""What one scenario comes to: its indicators by year, its targets, its buildings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from louyu_lab.analysis.indicator_catalogue import indicator_catalogue
from louyu_lab.analysis.printing import printed_value
from louyu_lab.analysis.scenarios.answers.indicator_draws import (
    base_values,
    indicator_draws,
    moved_indicators,
)
from louyu_lab.analysis.scenarios.answers.spread import QUANTILES, lacking, reached, summed_up
from louyu_lab.analysis.scenarios.answers.tiers import building_outcomes
from louyu_lab.analysis.scenarios.baseline.state import Baseline
from louyu_lab.analysis.targets import UNKNOWN

if TYPE_CHECKING:
    from louyu_lab.analysis.scenarios.engine.courses import Courses
    from louyu_lab.analysis.scenarios.levers.scenario import Scenario

#: Columns of ``Outcome.paths`` and ``Outcome.targets``.
PATH_COLUMNS = ("indicator", "year", "mean", *QUANTILES)
TARGET_COLUMNS = (
    *("indicator", "name_zh", "unit", "year", "target"),
    *("p_reached", "p_any", "median", "shortfall", "note"),
)

BEYOND = "超出推演年份"
RECURRING = "只计经常性税收"


@dataclass(frozen=True)
class Outcome:
    """One simulated scenario; ``scenario`` is None where nothing is changed.

    Everything else follows from the draws in ``courses`` and is computed when asked for.
    """

    title: str
    scenario: Scenario | None
    baseline: Baseline
    courses: Courses

    @cached_property
    def draws(self) -> Mapping[str, np.ndarray]:
        """Indicator code → values (draws, h)."""
        return indicator_draws(self.baseline, self.courses)

    @cached_property
    def paths(self) -> pd.DataFrame:
        """``PATH_COLUMNS``: a row an indicator and year, in stored units; the base year is one known value.

        Mean and quantiles are of the draws, each indicator's and year's own.
        """
        base = base_values(self.baseline)
        parts = [_path(code, self.draws[code], self.courses.years) for code in self.draws]
        known = [
            {"indicator": code, "year": self.baseline.year, **dict.fromkeys(PATH_COLUMNS[2:], base[code])}
            for code in self.draws
            if code in base
        ]
        order = {code: at for at, code in enumerate(self.draws)}
        rows = pd.concat([pd.DataFrame(known, columns=list(PATH_COLUMNS)), *parts], ignore_index=True)
        rows = rows.assign(at=rows["indicator"].map(order)).sort_values(["at", "year"])
        kinds = {"indicator": "str", "year": "int64", **dict.fromkeys(PATH_COLUMNS[2:], "float64")}
        return rows[list(PATH_COLUMNS)].astype(kinds).reset_index(drop=True)

    @cached_property
    def targets(self) -> pd.DataFrame:
        """``TARGET_COLUMNS``: a row a target after the base year, in the order of the catalogue.

        ``p_reached`` share of draws that are at the target in its year, ``p_any`` in that year or an earlier
        one; ``shortfall`` the mean over all draws of what is lacking, 0 in those that reach it (in the
        indicator's unit). NaN where the scenario says nothing, and ``note`` why.
        """
        aims = self.baseline.targets
        aims = aims[aims["year"] > self.baseline.year].dropna(subset=["target"])
        order = {code: at for at, code in enumerate(indicator_catalogue())}
        aims = aims.assign(at=aims["indicator"].map(order)).sort_values(["at", "indicator", "year"])
        rows = [
            self._target(str(row.indicator), int(row.year), float(row.target))
            for row in aims.itertuples(index=False)
        ]
        table = pd.DataFrame(rows, columns=list(TARGET_COLUMNS))
        texts = ("indicator", "name_zh", "unit", "note")
        kinds = {name: "str" if name in texts else "float64" for name in TARGET_COLUMNS}
        return table.astype(kinds | {"year": "int64"})

    @cached_property
    def buildings(self) -> pd.DataFrame:
        """A row a place and year, as ``tiers.building_outcomes`` says."""
        return building_outcomes(self.baseline, self.courses)

    def _target(self, code: str, year: int, target: float) -> dict[str, object]:
        spec = indicator_catalogue().get(code)
        row = {
            "indicator": code,
            "name_zh": spec.zh if spec else code,
            "unit": spec.unit if spec else "",
            "year": year,
            "target": target,
            **dict.fromkeys(("p_reached", "p_any", "median", "shortfall"), np.nan),
            "note": self._note(code, year),
        }
        if spec is None or code not in self.draws or year not in self.courses.years:
            return row
        upto = self.draws[code][:, : self.courses.years.index(year) + 1]
        is_met = reached(upto, target, spec.falls)
        middle = summed_up(upto[:, -1], spec.unit)["median"]
        short = lacking(upto[:, -1], target, spec.falls).mean()
        chances = {"p_reached": is_met[:, -1].mean(), "p_any": is_met.any(axis=1).mean()}
        return row | chances | {"median": middle, "shortfall": short}

    def _note(self, code: str, year: int) -> str:
        """Say why there is no chance, or what the chance leaves out; "" where nothing is to be said."""
        spec = indicator_catalogue().get(code)
        if spec is None:
            return UNKNOWN
        base = base_values(self.baseline)
        if code not in moved_indicators():
            now = f"，现值 {printed_value(base[code], spec.unit)}" if code in base else ""
            return f"情景不改变{now}"
        if code not in self.draws:
            return f"缺少{spec.lacking}"
        if year not in self.courses.years:
            return BEYOND
        whole, recurring = base.get("tax_yuan"), base.get("tax_yuan_recurring")
        is_tax = "tax_yuan" in (spec.numerator, spec.denominator) or spec.numerator == "is_yi"
        return RECURRING if is_tax and whole and recurring is not None and recurring != whole else ""


def _path(code: str, draws: np.ndarray, years: tuple[int, ...]) -> pd.DataFrame:
    values = summed_up(draws, indicator_catalogue()[code].unit)
    return pd.DataFrame({"indicator": code, "year": years, **values})
