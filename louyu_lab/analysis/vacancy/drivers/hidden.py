"""How strong a trait that no ledger shows would have to be to undo an effect."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.analysis.vacancy.drivers.result import DriverFit


def robustness(fit: DriverFit) -> pd.DataFrame:
    """Return ``driver, level, robustness`` (0–1): the robustness value of each effect.

    A hidden trait that explains this share of what is left of the driver, and the same share of what is
    left of the vacancy, would bring the effect to nothing: ``½ (√(f⁴ + 4f²) − f²)`` with ``f = |t| / √dof``
    (Cinelli & Hazlett 2020, for a linear model; here with the cluster-robust t and clusters less columns
    as degrees of freedom, which is on the careful side). 0 where nothing is left to undo.
    """
    dof = max(fit.diagnostics.clusters - fit.design.width, 1)
    f = fit.effects["effect_pp"] / fit.effects["se_pp"] / np.sqrt(dof)
    value = 0.5 * (np.sqrt(f**4 + 4 * f**2) - f**2)
    return fit.effects[["driver", "level"]].assign(robustness=value.fillna(0.0))
