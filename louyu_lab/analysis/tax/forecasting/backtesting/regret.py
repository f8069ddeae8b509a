"""How far each method fell behind the best one, origin by origin."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from louyu_lab.analysis.tax.forecasting.backtesting.scores import wape


def by_origin(errors: pd.DataFrame, methods: Sequence[str]) -> pd.DataFrame:
    """Return ``method, origin, n, wape, regret``, in the order of ``methods`` and of time.

    ``regret`` = WAPE − the least WAPE of any method at that origin, pooled over horizons.
    """
    found = wape(errors, ["origin", "method"]).rename("wape").reset_index()
    found["regret"] = found["wape"] - found.groupby("origin")["wape"].transform("min")
    found["n"] = found.set_index(["origin", "method"]).index.map(errors.groupby(["origin", "method"]).size())
    place = found["method"].map({name: at for at, name in enumerate(methods)})
    found = found.assign(place=place).sort_values(["place", "origin"], ignore_index=True)
    return found[["method", "origin", "n", "wape", "regret"]]


def most_regret(origins: pd.DataFrame) -> pd.DataFrame:
    """Return ``method, max_regret, origin``: each method's largest regret and where it was, in given order.

    Takes the frame of ``by_origin``; of equal ones the first.
    """
    known = origins.dropna(subset=["regret"])
    at = known.groupby("method", sort=False)["regret"].idxmax()
    worst = known.loc[at, ["method", "regret", "origin"]].rename(columns={"regret": "max_regret"})
    return worst.reset_index(drop=True)
