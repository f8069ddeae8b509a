"""How the tenant model would have done in former years: one frame to weigh it against other forecasts."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.analysis.tax.tenants.forecast import tenant_forecast

#: Weight of the tenants' median in logarithms before anything is known. A compromise: in a synthetic district
#: the middle between tenants and drift erred least, in eight planted ones the tenants alone did.
USUAL_WEIGHT = 0.6

#: Pairs of years of tax by enterprise from which on the model is worth that. In six planted districts
#: with tax by enterprise of the last 2, 3, 4, 6, 8 years the best weight was 0.1, 0.15, 0.3, 0.6, 0.6.
_FULL_STEPS = 6

#: Weights tried, and the pairs of building and year after which the past has as much to say as that.
_WEIGHTS, _WORTH = np.linspace(0.0, 1.0, 11), 200.0

_COLUMNS = ("origin", "horizon", "building_id", "base_yuan", "median_yuan", "mean_yuan", "actual_yuan")


def origin_errors(
    tenants: pd.DataFrame,
    panel: pd.DataFrame,
    year: int,
    horizon: int,
    rng: np.random.Generator,
    draws: int = 300,
    most: int = 4,
) -> pd.DataFrame:
    """Forecast from up to ``most`` years before ``year``, the latest, and set the actual beside it.

    Columns ``origin, horizon, building_id, base_yuan`` (recurring tax of the origin, missing where not
    known), ``median_yuan, mean_yuan`` of the tenants' paths, ``actual_yuan`` recurring tax of the year
    aimed at. Buildings without an actual have no row; an origin at which the model is refused none.
    """
    table = panel.pivot(index="building_id", columns="year", values="recurring_tax_yuan")
    parts = []
    for origin in range(max(year - most, int(panel["year"].min())), year):
        made = tenant_forecast(tenants, panel, origin, min(horizon, year - origin), rng, draws).paths
        for step, aim in enumerate(made.years):
            rows = table.reindex(index=made.building_id, columns=[origin, aim])
            yuan = made.yuan[:, :, step]
            middle = np.median(yuan, axis=0) if len(made.building_id) else np.empty(0)
            columns = (
                origin, step + 1, made.building_id, rows[origin].to_numpy(), middle, yuan.mean(axis=0),
                rows[aim].to_numpy(),
            )  # fmt: skip
            parts.append(pd.DataFrame(dict(zip(_COLUMNS, columns, strict=True))))
    found = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(_COLUMNS))
    return found.dropna(subset=["actual_yuan"]).reset_index(drop=True)


def tenant_weight(
    actual_yuan: np.ndarray, tenants_yuan: np.ndarray, other_yuan: np.ndarray, steps: int
) -> float:
    """Return the weight (0–1) of the tenants' forecast against another one, averaged in logarithms.

    All three (n,) are of the same buildings, origins and horizons. The weight that makes Σ|error| least,
    drawn towards the usual one: n ÷ (n + 200) of the way. Usual is ``USUAL_WEIGHT``, and of it s ÷ 6
    where the model was learned from only s = ``steps`` pairs of years in a row: from a single pair nobody can
    tell a good year from lasting growth. Rows without a positive forecast on both sides are left out.
    """
    used = (tenants_yuan > 0) & (other_yuan > 0) & np.isfinite(actual_yuan)
    usual = USUAL_WEIGHT * min(1.0, steps / _FULL_STEPS)
    if not used.any():
        return usual
    tenants, other = np.log(tenants_yuan[used]), np.log(other_yuan[used])
    made = np.exp(np.outer(_WEIGHTS, tenants) + np.outer(1 - _WEIGHTS, other))
    best = _WEIGHTS[int(np.argmin(np.abs(made - actual_yuan[used]).sum(axis=1)))]
    known = used.sum() / (used.sum() + _WORTH)
    return float(known * best + (1 - known) * usual)
