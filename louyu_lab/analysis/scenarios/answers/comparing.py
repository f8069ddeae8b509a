"""Two outcomes side by side: what was set otherwise, and what comes of it draw by draw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from louyu_lab.analysis.indicator_catalogue import indicator_catalogue
from louyu_lab.analysis.scenarios.answers.gap_causes import gap_between
from louyu_lab.analysis.scenarios.answers.indicator_draws import without_rounding
from louyu_lab.analysis.scenarios.answers.money import Money, money
from louyu_lab.analysis.scenarios.answers.outcome import Outcome
from louyu_lab.analysis.scenarios.answers.spread import summed_up
from louyu_lab.analysis.scenarios.answers.tiers import tier_moves
from louyu_lab.analysis.scenarios.levers.ranges import default_text
from louyu_lab.analysis.scenarios.levers.schema import levers

#: Columns of ``Comparison.paths``, ``.parameters`` and ``.differences``.
DIFFERENCE_COLUMNS = (
    *("indicator", "name_zh", "unit", "year", "median_before", "median_after"),
    *("mean", "median", "lo80", "hi80", "p_greater", "p_smaller"),
)
PARAMETER_COLUMNS = ("lever", "title", "before", "after", "provenance")
CELL_COLUMNS = ("table", "object", "year", "column", "before", "after")

#: The tables of an outcome that are laid side by side -> what tells their rows apart beside the year.
_TABLES = {"paths": "indicator", "targets": "indicator", "buildings": "building_id"}


class IncomparableError(ValueError):
    """Two outcomes that cannot be set against each other; the text says why, in Chinese."""


@dataclass(frozen=True)
class Comparison:
    """``after`` against ``before``, which share their random numbers: differences are taken draw by draw."""

    before: Outcome
    after: Outcome

    @cached_property
    def paths(self) -> pd.DataFrame:
        """``DIFFERENCE_COLUMNS``: a row an indicator and year simulated, in the indicator's unit.

        ``mean, median, lo80, hi80`` of the difference after − before within a draw; ``p_greater`` and
        ``p_smaller`` the shares of draws in which it is above and below 0.
        """
        codes = [code for code in self.after.draws if code in self.before.draws]
        parts = [self._differences(code) for code in codes]
        empty = pd.DataFrame(columns=list(DIFFERENCE_COLUMNS))
        return pd.concat(parts, ignore_index=True) if parts else empty

    @cached_property
    def buildings(self) -> pd.DataFrame:
        """Places that are of another tier in the last year, as ``tiers.tier_moves`` says."""
        return tier_moves(self.before.baseline, self.before.courses, self.after.courses)

    @cached_property
    def gap(self) -> pd.DataFrame:
        """Where the difference in tax comes from, as ``gap_causes.gap_between`` says, for the last year."""
        return gap_between(self.before, self.after, self.after.courses.years[-1])

    @cached_property
    def fiscal(self) -> Money | None:
        """What ``after`` costs and brings in beyond the baseline; None where ``after`` changes nothing.

        Raises IncomparableError where ``before`` changes something: its own cost would be left out of a
        difference of which its tax is taken off.
        """
        if self.before.scenario is not None and self.before.scenario.changes:
            raise IncomparableError(
                f"“{self.before.title}”自己也改变了一些做法，花费只能与基准对比：两个情景各自与基准对比，再看差别。"
            )
        if self.after.scenario is None or not self.after.scenario.changes:
            return None
        return money(self.after.baseline, self.after.scenario, self.before.courses, self.after.courses)

    @cached_property
    def parameters(self) -> pd.DataFrame:
        """``PARAMETER_COLUMNS``: a row a lever that one of the two sets, each side as a person reads it.

        Where a side does not set it stands what holds in its baseline, in the district's own figures.
        """
        sides = [outcome.scenario.changes if outcome.scenario else {} for outcome in self._sides]
        names = [name for name in levers() if any(name in changes for changes in sides)]
        rows = [
            {
                "lever": name,
                "title": levers()[name].title,
                "before": _held(name, self.before),
                "after": _held(name, self.after),
                "provenance": "用户" if name in sides[1] else levers()[name].provenance,
            }
            for name in names
        ]
        return pd.DataFrame(rows, columns=list(PARAMETER_COLUMNS)).astype("str")

    @cached_property
    def differences(self) -> pd.DataFrame:
        """``CELL_COLUMNS``: every number of ``paths``, ``targets`` and ``buildings`` that is not the same."""
        parts = [_different_cells(name, key, *self._tables(name)) for name, key in _TABLES.items()]
        return pd.concat(parts, ignore_index=True)

    @property
    def _sides(self) -> tuple[Outcome, Outcome]:
        return self.before, self.after

    def _tables(self, name: str) -> list[pd.DataFrame]:
        return [getattr(outcome, name) for outcome in self._sides]

    def _differences(self, code: str) -> pd.DataFrame:
        spec = indicator_catalogue()[code]
        before, after = self.before.draws[code], self.after.draws[code]
        change = without_rounding(after - before, before)
        spread = summed_up(change, spec.unit)
        row = {
            "indicator": code,
            "name_zh": spec.zh,
            "unit": spec.unit,
            "year": np.asarray(self.after.courses.years, dtype="int64"),
            "median_before": summed_up(before, spec.unit)["median"],
            "median_after": summed_up(after, spec.unit)["median"],
            **{name: spread[name] for name in ("mean", "median", "lo80", "hi80")},
            "p_greater": (change > 0).mean(axis=0),
            "p_smaller": (change < 0).mean(axis=0),
        }
        return pd.DataFrame(row)[list(DIFFERENCE_COLUMNS)]


def compare(before: Outcome, after: Outcome) -> Comparison:
    """Set one outcome against another.

    Raises IncomparableError, in Chinese and with everything that differs, unless both are of the same
    district, base year, years, buildings and number of draws.
    """
    checks: Mapping[str, list[object]] = {
        "区": [outcome.baseline.district for outcome in (before, after)],
        "基年": [outcome.baseline.year for outcome in (before, after)],
        "推演年份": ["、".join(map(str, outcome.courses.years)) for outcome in (before, after)],
        "模拟次数": [outcome.courses.draws for outcome in (before, after)],
        "楼宇数": [len(outcome.baseline.buildings) for outcome in (before, after)],
    }
    wrong = [f"{name}不同（{one} 与 {other}）" for name, (one, other) in checks.items() if one != other]
    ids = [outcome.baseline.buildings["building_id"].tolist() for outcome in (before, after)]
    if not wrong and ids[0] != ids[1]:
        wrong.append("楼宇不同")
    if wrong:
        remedy = "请用同一次运行、同样的模拟次数重新推演"
        raise IncomparableError(f"“{before.title}”与“{after.title}”不能对比：{'；'.join(wrong)}。{remedy}。")
    return Comparison(before, after)


def _held(name: str, outcome: Outcome) -> str:
    """Return what holds of a lever in an outcome: as it is set, else where it rests."""
    changes = outcome.scenario.changes if outcome.scenario else {}
    lever = levers()[name]
    return lever.printed(changes[name]) if name in changes else default_text(lever, outcome.baseline)


def _different_cells(name: str, key: str, before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Return the numbers of two tables that differ, a row a cell; a row that one lacks has NaN there."""
    numbers = [column for column in before.select_dtypes("number") if column != "year"]
    long = [table.melt(id_vars=[key, "year"], value_vars=numbers) for table in (before, after)]
    both = long[0].merge(long[1], on=[key, "year", "variable"], how="outer", suffixes=("_before", "_after"))
    one, other = both["value_before"], both["value_after"]
    both = both[(one != other) & ~(one.isna() & other.isna())]
    both = both.rename(
        columns={key: "object", "variable": "column", "value_before": "before", "value_after": "after"}
    )
    return both.assign(table=name)[list(CELL_COLUMNS)]
