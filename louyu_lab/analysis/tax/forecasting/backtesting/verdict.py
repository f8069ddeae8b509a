"""Is the simple method as good? The rule by which the study says so."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from louyu_lab.analysis.tax.forecasting.backtesting.scores import wape

BETTER, AS_GOOD, WORSE, UNKNOWN = "更准", "同样好", "更差", "无从判断"

#: Words for a difference that chance may have made: a small and a large one. Neither is called equal.
NEAR, UNSURE = "相近", "不能排除偶然"

#: A difference must be this part of the rival's WAPE to be called one, whatever its interval.
CLEAR_GAIN = 0.02

#: From this part of the rival's WAPE on a difference is worth telling even where it is not clear.
LARGE_GAIN = 0.1

#: A smaller difference of WAPE is rounding.
_NOTHING = 1e-9

#: Level of the interval of the difference, and the origins it needs. On simulated districts whose shocks are
#: common to all buildings, two equally good methods were told apart wrongly in 3 to 10 % of the cases.
LEVEL, LEAST_ORIGINS = 0.95, 3


@dataclass(frozen=True)
class Verdict:
    """Ours against the best of the others.

    ``rival`` the method with the lowest WAPE of the others, ``wape`` and ``rival_wape`` pooled over origins
    and horizons, ``low`` and ``high`` the interval of (ours − rival) in WAPE (NaN unknown), ``word`` one of
    ``BETTER``, ``AS_GOOD``, ``NEAR``, ``UNSURE``, ``WORSE``, ``UNKNOWN``, ``origins`` how many there were.
    """

    word: str
    rival: str
    wape: float
    rival_wape: float
    low: float
    high: float
    origins: int

    @property
    def gain(self) -> float:
        """The part of the rival's error that ours spares; negative where ours is worse."""
        return 1 - self.wape / self.rival_wape if self.rival_wape > 0 else np.nan

    @property
    def is_behind(self) -> bool:
        """Whether ours errs by ``LARGE_GAIN`` more than the rival, clearly or not."""
        return bool(self.wape > self.rival_wape * (1 + LARGE_GAIN) + _NOTHING)


def verdict(errors: pd.DataFrame, ours: str) -> Verdict:
    """Return the verdict on ``ours``: 更准 or 更差 only where it is clear.

    同样好 is a difference of pooled WAPE of less than ``CLEAR_GAIN`` of the rival's; what lies between is
    ``NEAR``, from ``LARGE_GAIN`` on ``UNSURE``: not to be able to tell is not to be equal. Clear is a
    difference of at least ``CLEAR_GAIN`` whose interval at ``LEVEL`` leaves zero out. Forecasts from
    one origin share that time's surprises, and those of one series its own, so the standard error is the
    larger of the one clustered by origin and the one clustered by series (jackknife), the former widened for
    what neighbouring origins have in common (``_overlap``), with t quantiles of origins − 1 degrees of
    freedom. With fewer than ``LEAST_ORIGINS`` origins, or without another method, it is 无从判断.
    """
    # Of equally good ones the simplest is the rival: methods stand in that order in the errors.
    pooled = wape(errors, ["method"]).reindex(errors["method"].unique()).dropna()
    others = pooled.drop(ours, errors="ignore").sort_values(kind="stable")
    origins = int(errors["origin"].nunique())
    if ours not in pooled.index or not len(others):
        return Verdict(UNKNOWN, "", np.nan, np.nan, np.nan, np.nan, origins)
    rival = str(others.index[0])
    low, high = _interval(_paired(errors, ours, rival))
    difference = pooled[ours] - pooled[rival]
    word = _word(difference, pooled[rival], low, high)
    return Verdict(word, rival, float(pooled[ours]), float(pooled[rival]), low, high, origins)


def _word(difference: float, rival_wape: float, low: float, high: float) -> str:
    """Return the word for a difference of WAPE (ours − rival) with its interval."""
    if not np.isfinite(low):
        return UNKNOWN
    if abs(difference) < max(CLEAR_GAIN * rival_wape, _NOTHING):
        return AS_GOOD
    if high < 0 or low > 0:
        return BETTER if high < 0 else WORSE
    return UNSURE if abs(difference) >= LARGE_GAIN * rival_wape else NEAR


def _paired(errors: pd.DataFrame, ours: str, rival: str) -> pd.DataFrame:
    """Return ``origin, horizon, unique_id, gap, size``: |e| of ours less that of the rival, and |actual|."""
    keys = ["origin", "horizon", "unique_id"]
    missed = errors.assign(missed=(errors["actual"] - errors["forecast"]).abs()).set_index(keys)
    own, other = missed[missed["method"] == ours], missed[missed["method"] == rival]
    gap = own["missed"] - other["missed"].reindex(own.index)
    return pd.DataFrame({"gap": gap, "size": own["actual"].abs()}).reset_index()


def _interval(paired: pd.DataFrame) -> tuple[float, float]:
    """Return the interval of Σgap ÷ Σsize; NaN with too few origins."""
    count = paired["origin"].nunique()
    if count < LEAST_ORIGINS:
        return np.nan, np.nan
    middle = paired["gap"].sum() / paired["size"].sum()
    by_origin = _jackknife(paired, "origin") * np.sqrt(_overlap(int(paired["horizon"].max())))
    error = max(by_origin, _jackknife(paired, "unique_id"))
    reach = float(stats.t.ppf((1 + LEVEL) / 2, count - 1)) * error
    return float(middle - reach), float(middle + reach)


def _overlap(horizon: int) -> float:
    """Return how much larger the variance of a mean over origins is than if the origins were independent.

    The errors of a random walk ``horizon`` periods ahead, summed over the horizons, hold the coming shocks
    with weights w = horizon … 1, and the next origin's the same shocks one place on: (Σw)² ÷ Σw².
    """
    return 3 * horizon * (horizon + 1) / (2 * (2 * horizon + 1))


def _jackknife(paired: pd.DataFrame, cluster: str) -> float:
    """Return the standard error of Σgap ÷ Σsize with one cluster left out at a time; 0 with one cluster."""
    sums = paired.groupby(cluster)[["gap", "size"]].sum()
    left = sums.sum() - sums
    values = (left["gap"] / left["size"].where(left["size"] > 0)).dropna()
    count = len(values)
    return float(np.sqrt((count - 1) / count * ((values - values.mean()) ** 2).sum())) if count > 1 else 0.0
