"""Known dates of policy breaks, and whether the common growth of that year differs from the others'."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from importlib import resources

import numpy as np
import pandas as pd
import yaml
from scipy import stats

from louyu_lab.analysis.outputs import TABLES, declared

#: A year is out of the ordinary where growth so far off would come about less often than this by chance.
UNUSUAL = 0.10

#: Other years needed to tell what is ordinary.
FEWEST_OTHERS = 3

#: Verdicts, as printed.
UNUSUAL_ZH, USUAL_ZH, UNTESTED_ZH = "明显异于其他年份", "与其他年份无明显差别", "年份太少，无法检验"


@dataclass(frozen=True)
class Break:
    """A known break: ``year``, ``title``, ``meaning`` as printed, ``returns`` see ``breaks.yaml``."""

    year: int
    title: str
    meaning: str
    returns: float


@functools.cache
def known_breaks() -> tuple[Break, ...]:
    """Return the breaks of ``breaks.yaml`` by year."""
    text = (resources.files(__package__) / "breaks.yaml").read_text(encoding="utf-8")
    return tuple(Break(year, **entry) for year, entry in sorted(yaml.safe_load(text).items()))


def tested_breaks(years: np.ndarray, shocks: np.ndarray) -> pd.DataFrame:
    """Hold the common log growth of every break year against that of all other years.

    ``years`` and ``shocks`` (NaN unknown) are parallel. Columns ``year, shock, usual, p_value, is_unusual,
    returns, title, meaning``; a break outside ``years`` has no row. The test is that of one new value
    against a sample: t = (c − m) ÷ (s√(1 + 1/n)), n − 1 degrees of freedom. With fewer than
    ``FEWEST_OTHERS`` others ``p_value`` is NaN and nothing is unusual.
    """
    known = np.isfinite(shocks)
    rows = []
    for item in known_breaks():
        own = known & (years == item.year)
        if not own.any():
            continue
        others = known & ~own
        p_value, usual = np.nan, float(shocks[others].mean()) if others.any() else np.nan
        if others.sum() >= FEWEST_OTHERS:
            n, spread = others.sum(), shocks[others].std(ddof=1)
            far = abs(shocks[own][0] - usual) / max(spread * np.sqrt(1 + 1 / n), 1e-9)
            p_value = float(2 * stats.t.sf(far, n - 1))
        rows.append((item.year, float(shocks[own][0]), usual, p_value, bool(p_value < UNUSUAL), item))
    table = pd.DataFrame(rows, columns=["year", "shock", "usual", "p_value", "is_unusual", "item"])
    for name in ("returns", "title", "meaning"):
        table[name] = [getattr(item, name) for item in table["item"]]
    return table.drop(columns="item").astype({"year": "int64", "is_unusual": "bool"})


def tax_breaks(years: np.ndarray, shocks: np.ndarray) -> pd.DataFrame:
    """Return table ``tax_breaks``: the known breaks of the years studied; growth as rates (0–1).

    Takes the common log growth of the tenants by year (``Shocks.years, Shocks.growth``).
    """
    found = tested_breaks(years, shocks)
    verdict = np.where(found["is_unusual"], UNUSUAL_ZH, USUAL_ZH)
    table = pd.DataFrame(
        {
            "year": found["year"],
            "title": found["title"],
            "meaning": found["meaning"],
            "growth_rate": np.expm1(found["shock"].astype("float64")),
            "usual_rate": np.expm1(found["usual"].astype("float64")),
            "p_value": found["p_value"].astype("float64"),
            "verdict": np.where(found["p_value"].isna(), UNTESTED_ZH, verdict),
            "is_left_out": found["is_unusual"].astype("bool"),
        }
    )
    return declared("tax_breaks", table[list(TABLES["tax_breaks"].columns)])
