"""Natural vacancy (自然空置率): the rate at which rents neither rise nor fall (Rosen and Smith 1983).

Δln(rent_t) = a − b·v_{t−1} over the years of one district; v* = a ÷ b.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from louyu_lab.analysis.outputs import TABLES, declared
from louyu_lab.analysis.vacancy.accounting import split_vacancy
from louyu_lab.analysis.vacancy.certainty import LEVEL

#: Fewer years with rents give no estimate: two coefficients from a handful of points say nothing.
NEEDED_PERIODS = 8

#: Rates and log changes that differ by no more than this are the same but for rounding.
SAME = 1e-12

#: Why there is no estimate.
TOO_SHORT, NO_RESPONSE, OUT_OF_RANGE = "too_short", "no_response", "out_of_range"


@dataclass(frozen=True)
class NaturalVacancy:
    """The estimate, or why it was refused.

    ``periods`` counts the years with comparable rents. ``rate, lo, hi``
    (0–1) are NaN where ``refusal`` is one of ``TOO_SHORT, NO_RESPONSE, OUT_OF_RANGE``. ``slope`` is b
    (log points of rent for a vacancy 1 higher), ``slope_se`` its standard error, both NaN where there
    was no regression: too few years, or vacancy or rent change the same in all of them. ``low_seen,
    high_seen`` are the vacancy rates it rests on (0–1).
    """

    periods: int
    refusal: str = ""
    rate: float = np.nan
    lo: float = np.nan
    hi: float = np.nan
    slope: float = np.nan
    slope_se: float = np.nan
    low_seen: float = np.nan
    high_seen: float = np.nan

    @property
    def is_extrapolated(self) -> bool:
        """Whether the rate lies outside the vacancy rates seen."""
        return bool(np.isfinite(self.rate) and not self.low_seen <= self.rate <= self.high_seen)


def rent_response(panel: pd.DataFrame) -> pd.DataFrame:
    """Return table ``rent_response``: the yearly change of asking rent and the vacancy before it.

    One row a year whose predecessor the panel holds. ``rent_change`` = ln(Σ w·rent_t ÷ Σ w·rent_{t−1})
    over the ``buildings`` with a rent at both year ends, w their rentable area at t−1 (equal weights
    where nobody's is known): the same buildings on both sides, so that new ones do not pass for a rise.
    ``vacancy_rate_before`` (0–1) is the district's marketable vacancy at t−1: Σ vacant less 不可招商 ÷ Σ
    rentable less 不可招商. Rents are nominal.
    """
    rows = [
        _pair(panel, year) for year in sorted(panel["year"].unique()) if (panel["year"] == year - 1).any()
    ]
    table = pd.DataFrame(rows, columns=list(TABLES["rent_response"].columns))
    return declared("rent_response", table.dropna().reset_index(drop=True))


def natural_vacancy(response: pd.DataFrame, level: float = LEVEL) -> NaturalVacancy:
    """Return the natural vacancy rate from table ``rent_response``, with Fieller's interval, or a refusal.

    Ordinary least squares over the years. Refused with fewer than ``NEEDED_PERIODS`` years of comparable
    rents (a year counts at either side of a change), where vacancy or the change of rents is the same in
    every year, where b is not above zero at ``level`` (Fieller's interval of a ÷ b has no ends then), and
    where a ÷ b is no vacancy rate.
    """
    ends = set(response["year"]) | set(response["year"] - 1)
    periods = len(ends)
    vacancy = response["vacancy_rate_before"].to_numpy(dtype="float64")
    change = response["rent_change"].to_numpy(dtype="float64")
    if periods < NEEDED_PERIODS:
        return NaturalVacancy(periods, TOO_SHORT)
    seen = {"low_seen": float(vacancy.min()), "high_seen": float(vacancy.max())}
    if np.ptp(vacancy) <= SAME or np.ptp(change) <= SAME:
        return NaturalVacancy(periods, NO_RESPONSE, **seen)
    line = stats.linregress(vacancy, change)
    slope, slope_se = -float(line.slope), float(line.stderr)
    seen |= {"slope": slope, "slope_se": slope_se}
    reach = float(stats.t.ppf((1 + level) / 2, len(response) - 2))
    if not slope > reach * slope_se:
        return NaturalVacancy(periods, NO_RESPONSE, **seen)
    rate = float(line.intercept) / slope
    if not 0 < rate < 1:
        return NaturalVacancy(periods, OUT_OF_RANGE, **seen)
    # Cov(a, b) of the line a − b·v: the intercept and −b covary by −v̄·se², so a and b by +v̄·se².
    covariance = vacancy.mean() * slope_se**2
    lo, hi = fieller(
        float(line.intercept), slope, float(line.intercept_stderr) ** 2, slope_se**2, covariance, reach
    )
    return NaturalVacancy(periods, "", rate, max(lo, 0.0), min(hi, 1.0), **seen)


def fieller(
    top: float, below: float, top_var: float, below_var: float, covariance: float, reach: float
) -> tuple[float, float]:
    """Return the ends of Fieller's interval for ``top`` ÷ ``below``, ``reach`` the quantile.

    The ratios r with (top − r·below)² ≤ reach²·Var(top − r·below). Raises ValueError where ``below`` is
    not distinguishable from zero: the interval has no ends there.
    """
    square = below**2 - reach**2 * below_var
    if square <= 0:
        raise ValueError("分母与零无法区分，比值没有有界的区间")
    middle = (top * below - reach**2 * covariance) / square
    constant = (top**2 - reach**2 * top_var) / square
    half = np.sqrt(max(middle**2 - constant, 0.0))
    return float(middle - half), float(middle + half)


def _pair(panel: pd.DataFrame, year: int) -> tuple[int, int, float, float]:
    """Return year, buildings compared, log change of rent, and the vacancy rate of the year end before."""
    before = panel[panel["year"] == year - 1].set_index("building_id")
    now = panel[panel["year"] == year].set_index("building_id")["asking_rent_yuan"].reindex(before.index)
    rents = pd.DataFrame({"was": before["asking_rent_yuan"], "now": now, "area": before["rentable_area_sqm"]})
    rents = rents[(rents["was"] > 0) & (rents["now"] > 0)]
    weights = rents["area"] if rents["area"].notna().any() else rents["area"].fillna(1.0)
    weighted = rents[["was", "now"]].mul(weights, axis=0)[weights.notna()]
    change = np.log(weighted["now"].sum() / weighted["was"].sum()) if len(weighted) else np.nan
    known = split_vacancy(before).dropna(subset=["vacant"])
    lettable = known["lettable"].sum()
    vacancy = known["marketable"].sum() / lettable if lettable > 0 else np.nan
    return int(year), len(weighted), float(change), float(vacancy)
