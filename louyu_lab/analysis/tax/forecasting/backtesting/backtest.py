"""Rolling-origin back-test of the panel forecast beside its simple rivals."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from louyu_lab.analysis.tax.forecasting.backtesting.errors import (
    Forecasts,
    Origin,
    empty_errors,
    errors_at,
)
from louyu_lab.analysis.tax.forecasting.backtesting.origins import (
    aligned,
    chosen_origins,
    origin_at,
    seen_frame,
    timeline,
)
from louyu_lab.analysis.tax.forecasting.backtesting.regret import by_origin, most_regret
from louyu_lab.analysis.tax.forecasting.backtesting.rivals import RIVALS, rival
from louyu_lab.analysis.tax.forecasting.backtesting.scores import scores
from louyu_lab.analysis.tax.forecasting.backtesting.verdict import Verdict, verdict
from louyu_lab.analysis.tax.forecasting.forecasting import forecast_panel

#: The name under which the forecast of this package stands beside the simple methods.
OURS = "本章方法"

#: Makes the forecasts from one origin: ``forecaster(origin)`` → frame ``unique_id, ds, median, mean`` and the
#: bounds it knows of ``lo-80, hi-80, lo-95, hi-95``, from what was known then and nothing later.
Forecaster = Callable[[object], pd.DataFrame]


@dataclass(frozen=True)
class Backtest:
    """What every method would have said, and how right it was.

    ``errors`` as ``errors.empty_errors``, ``scores`` as ``scores.scores``, ``origins`` (WAPE and regret by
    origin) as ``regret.by_origin``, ``regret`` as ``regret.most_regret``; ``best`` the method of the lowest
    WAPE ("" without any), ``verdict`` on ours. ``reason`` says in words why there are no errors, else "".
    """

    errors: pd.DataFrame
    scores: pd.DataFrame
    origins: pd.DataFrame
    regret: pd.DataFrame
    best: str
    verdict: Verdict
    reason: str


def backtest(
    panel: pd.DataFrame,
    horizon: int,
    origins: int | Sequence,
    *,
    season: int = 1,
    groups: Mapping | pd.Series | None = None,
    seed: int = 0,
    methods: Sequence[str] | None = None,
    forecaster: Forecaster | None = None,
) -> Backtest:
    """Return how ``forecast_panel`` and the simple ``methods`` (all of ``RIVALS`` unless named) did.

    ``panel`` long ``unique_id, ds, y``; ``origins`` that many last possible ones, or their dates. At each
    origin nobody sees a later value; forecasts reach up to ``horizon`` periods ahead, as far as values
    are known. ``forecaster`` takes the place of ``forecast_panel``. Too short a panel gives empty frames.
    Raises ForecastError for a panel that ``read_panel`` refuses and ValueError for origins, a horizon or
    methods that cannot be.
    """
    names = _checked(horizon, methods)
    line = timeline(panel)
    parts = []
    for position in chosen_origins(line, origins, season):
        origin = origin_at(line, int(position), horizon)
        if forecaster is None:
            seen = seen_frame(line, origin)
            given = _known_groups(groups, origin.unique_id)
            made = forecast_panel(seen, horizon, season=season, groups=given, seed=seed)
        else:
            made = forecaster(origin.ds)
        ours = {OURS: aligned(line, origin, made)}
        parts.append(errors_at(origin, ours | rival_forecasts(origin, names, season), season))
    reason = "" if parts else _why_none(line.y)
    return judged(pd.concat(parts, ignore_index=True) if parts else empty_errors(), [OURS, *names], reason)


def rival_forecasts(origin: Origin, names: Sequence[str], season: int = 1) -> dict[str, Forecasts]:
    """Return the forecasts of the simple methods ``names`` from ``origin``."""
    ahead = int(origin.steps.max(initial=0))
    made = {name: rival(name, origin.seen, ahead, season)[:, origin.steps - 1] for name in names}
    return {name: Forecasts(values, values) for name, values in made.items()}


def judged(errors: pd.DataFrame, methods: Sequence[str], reason: str = "") -> Backtest:
    """Return the scores, the regret and the verdict of ``errors``, methods in the order given."""
    if not len(errors) and not reason:
        reason = "起点之后没有已知的数，无法回测"
    table, behind = scores(errors, methods), by_origin(errors, methods)
    pooled = table[table["horizon"] == "all"].dropna(subset=["wape"])
    best = str(pooled.loc[pooled["wape"].idxmin(), "method"]) if len(pooled) else ""
    return Backtest(errors, table, behind, most_regret(behind), best, verdict(errors, OURS), reason)


def _checked(horizon: int, methods: Sequence[str] | None) -> list[str]:
    if isinstance(horizon, bool) or not isinstance(horizon, (int, np.integer)) or horizon < 1:
        raise ValueError(f"预测期数应为不小于 1 的整数，现为 {horizon}")
    names = list(RIVALS) if methods is None else list(methods)
    unknown = [str(name) for name in names if name not in RIVALS]
    if unknown:
        raise ValueError(f"没有这样的简单方法：{'、'.join(unknown)}；可用的是 {'、'.join(RIVALS)}")
    return names


def _known_groups(groups: Mapping | pd.Series | None, ids: np.ndarray) -> Mapping | None:
    """Return the groups of the series that are there yet; ``forecast_panel`` may refuse others."""
    if groups is None:
        return None
    given = dict(groups)
    return {each: given[each] for each in ids if each in given}


def _why_none(y: np.ndarray) -> str:
    known = int(np.isfinite(y).any(axis=0).sum()) if y.size else 0
    return f"只有 {known} 期数据，至少 3 期才能回测"
