"""Where a gap in tax comes from: stock, occupancy, registration, mix of buildings, yield.

Tax = rentable area × occupancy rate × registration rate × share of each group in the occupied area × its tax
per occupied ㎡ ÷ registration rate; split by ``divisia``. Groups are the grades of the buildings, new
projects one of their own; towards a target nobody says what they shall be, and there is no part for the mix.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from louyu_lab.analysis.scenarios.answers.divisia import UNSPLIT, divisia
from louyu_lab.analysis.scenarios.answers.gap_sides import (
    MIX,
    OCCUPANCY,
    REGISTRATION,
    STOCK,
    YIELD,
    Side,
    base_side,
    groups_of,
    simulated_side,
)
from louyu_lab.analysis.scenarios.answers.indicator_draws import base_values
from louyu_lab.analysis.scenarios.answers.outcome import Outcome
from louyu_lab.analysis.scenarios.answers.spread import quantiles

OTHER = "无法分解"

#: Parts in the order they are printed -> unit of what changes.
PARTS = {STOCK: "㎡", OCCUPANCY: "比例", REGISTRATION: "比例", MIX: "", YIELD: "元/㎡", OTHER: ""}

#: What is set against what.
NOW_TO_TARGET, PATH_TO_TARGET, NOW_TO_PATH, BASELINE_TO_SCENARIO = (
    *("基年到目标", "推演到目标", "基年到推演"),
    "基准到情景",
)

GAP_COLUMNS = (
    *("comparison", "year", "part", "unit", "base", "value", "change_rate"),
    *("effect_yuan", "lo80_yuan", "hi80_yuan", "share_gap", "from_yuan", "to_yuan"),
)


def gap_between(before: Outcome, after: Outcome, year: int) -> pd.DataFrame:
    """Return ``GAP_COLUMNS``: the parts in the difference in tax between two outcomes, in a year simulated.

    Split draw by draw: ``effect_yuan`` is the mean of a part, and the means add up to the mean difference;
    the interval is the part's own. ``base, value`` are the means of stock, occupancy, registration and of tax
    per occupied ㎡ (÷ registration rate) on either side. No rows where nobody knows the tax.
    """
    if "tax_yuan" not in after.draws:
        return pd.DataFrame(columns=list(GAP_COLUMNS))
    at = after.courses.years.index(year)
    groups = sorted({*groups_of(before.courses.places), *groups_of(after.courses.places)})
    sides = [simulated_side(outcome, at, groups) for outcome in (before, after)]
    return _grouped(BASELINE_TO_SCENARIO, year, *sides)


def gap_since_base(outcome: Outcome, year: int) -> pd.DataFrame:
    """Return ``GAP_COLUMNS``: the parts in the growth of tax from the base year to a year simulated."""
    if "tax_yuan" not in outcome.draws:
        return pd.DataFrame(columns=list(GAP_COLUMNS))
    groups = sorted(set(groups_of(outcome.courses.places)))
    at = outcome.courses.years.index(year)
    return _grouped(
        NOW_TO_PATH, year, base_side(outcome.baseline, groups), simulated_side(outcome, at, groups)
    )


def gaps_to_targets(outcome: Outcome) -> pd.DataFrame:
    """Return ``GAP_COLUMNS``: what each coming target of tax asks for, from the base year and from the path.

    The path's medians are set against it where its year is simulated. The plan's own targets of that year
    for 可租售面积, 入驻率 (or 空置率) and 注册率 are the other end; without one, it stays as at the start.
    What remains is the unit tax that is needed: ``change_rate`` of 单位税收.
    """
    aims = outcome.baseline.targets
    aims = aims[aims["year"] > outcome.baseline.year].dropna(subset=["target"])
    base = base_values(outcome.baseline)
    parts = []
    for year, rows in aims.groupby("year"):
        plan = dict(zip(rows["indicator"], rows["target"].astype("float64"), strict=True))
        if "tax_yuan" not in plan:
            continue
        if "tax_yuan" in base:
            parts.append(target_gap(NOW_TO_TARGET, int(year), base, plan))
        if year in outcome.courses.years and "tax_yuan" in outcome.draws:
            at = outcome.courses.years.index(year)
            middle = {code: float(np.median(draws[:, at])) for code, draws in outcome.draws.items()}
            parts.append(target_gap(PATH_TO_TARGET, int(year), middle, plan))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(GAP_COLUMNS))


def target_gap(
    comparison: str, year: int, start: Mapping[str, float], plan: Mapping[str, float]
) -> pd.DataFrame:
    """Return ``GAP_COLUMNS`` from ``start`` to ``plan``, both indicator code → value, ``tax_yuan`` in both.

    With stock, occupancy and registration of the plan the yield is ``tax ÷ (stock × occupancy ×
    registration)``; a factor that the start does not know is left out of it on both sides.
    """
    before, after = _levels_of(start), {**_levels_of(start), **_known(_levels_of(plan))}
    after = {name: value if name in _known(before) else np.nan for name, value in after.items()}
    for side, tax in ((before, start["tax_yuan"]), (after, plan["tax_yuan"])):
        side[YIELD] = tax / np.prod(list(_known(side).values()))
    parts = divisia(
        {name: np.array([value]) for name, value in before.items()},
        {name: np.array([value]) for name, value in after.items()},
    )
    ends = (np.array([start["tax_yuan"]]), np.array([plan["tax_yuan"]]))
    arrays = [{name: np.array([value]) for name, value in side.items()} for side in (before, after)]
    table = _table(comparison, year, _named(parts), *arrays, *ends)
    table = table[table["part"] != MIX].reset_index(drop=True)
    return table.assign(lo80_yuan=np.nan, hi80_yuan=np.nan)


def _levels_of(values: Mapping[str, float]) -> dict[str, float]:
    """Return stock, occupancy and registration of indicators or targets, NaN where they do not say."""
    occupancy = values.get("occupancy_rate", 1 - values.get("vacancy_rate", np.nan))
    return {
        STOCK: values.get("rentable_area_sqm", np.nan),
        OCCUPANCY: occupancy,
        REGISTRATION: values.get("registration_rate", np.nan),
    }


def _known(values: Mapping[str, float]) -> dict[str, float]:
    return {name: value for name, value in values.items() if np.isfinite(value)}


def _grouped(comparison: str, year: int, before: Side, after: Side) -> pd.DataFrame:
    parts = {name: part.sum(axis=1) for name, part in divisia(before.factors(), after.factors()).items()}
    parts[UNSPLIT] = parts[UNSPLIT] + after.other - before.other
    return _table(comparison, year, _named(parts), before.levels(), after.levels(), before.whole, after.whole)


def _named(parts: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    return {OTHER if name == UNSPLIT else name: part for name, part in parts.items()}


def _table(
    comparison: str,
    year: int,
    parts: Mapping[str, np.ndarray],
    before: Mapping[str, np.ndarray],
    after: Mapping[str, np.ndarray],
    from_yuan: np.ndarray,
    to_yuan: np.ndarray,
) -> pd.DataFrame:
    """Return one row a part, 无法分解 only where there is something of it; arrays (draws,)."""
    start, end = float(from_yuan.mean()), float(to_yuan.mean())
    gap = end - start
    rows = []
    for name, unit in PARTS.items():
        part = parts.get(name, np.zeros(1))
        if name == OTHER and not part.any():
            continue
        base, value = (float(np.mean(side.get(name, np.nan))) for side in (before, after))
        effect = float(part.mean())
        rows.append(
            {
                "comparison": comparison,
                "year": year,
                "part": name,
                "unit": unit,
                "base": base,
                "value": value,
                "change_rate": value / base - 1 if base > 0 else np.nan,
                "effect_yuan": effect,
                **{f"{bound}_yuan": float(limit) for bound, limit in quantiles(part).items()},
                "share_gap": effect / gap if gap else np.nan,
                "from_yuan": start,
                "to_yuan": end,
            }
        )
    return pd.DataFrame(rows)[list(GAP_COLUMNS)]
