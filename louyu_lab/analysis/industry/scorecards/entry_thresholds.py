"""准入门槛: what tenants of an industry pay per ㎡, by grade of building, and how many would pass each line.

Quantiles are those of tenants that pay and are not left out (see ``tenant_yields``); their intervals come
from the order statistics (Conover 1999, Practical Nonparametric Statistics, 3.2): no shape of the
distribution is assumed, coverage is at least the level; an end that the sample is too small for is missing.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.analysis.industry.scorecards.tenant_yields import PUBLIC
from louyu_lab.analysis.outputs import TABLES, declared

#: Fewest tenants a threshold is stated for.
MIN_TENANTS = 10

#: Quantiles stated, by the ending of their columns.
QUANTILES = {"p25": 0.25, "p50": 0.5, "p75": 0.75}

#: Level of the intervals.
LEVEL = 0.95

#: Row over every grade.
ALL_GRADES = "全部等级"

#: What a row without numbers says.
ENOUGH, TOO_FEW, NOT_ASKED = "可用", "样本不足", "公益类不设"


def entry_thresholds(yields: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return table ``entry_thresholds`` from ``tenant_yields``: by industry, then by grade within it.

    ``n`` paying tenants behind the quantiles (元/㎡, ``p25_yuan_sqm`` and so on, 95 % intervals
    ``lo_…, hi_…``), ``tenants`` all with known tax and area, whatever they pay and however new: of these
    ``pass_…_rate`` pay at least the line. An industry below ``MIN_TENANTS`` says 样本不足 and one of public
    purpose 公益类不设, without numbers; a grade that is too small has no row: it is in that of the industry.
    """
    everyone = yields[yields["tax_per_sqm_yuan"].notna()]
    both = pd.concat([everyone.assign(grade=ALL_GRADES), everyone[everyone["grade"].notna()]])
    rows = [
        {"industry": industry, "grade": grade, **_row(group)}
        for (industry, grade), group in both.groupby(["industry", "grade"], sort=True)
    ]
    columns = list(TABLES["entry_thresholds"].columns)
    table = pd.DataFrame(rows, columns=[column for column in columns if column != "year"]).assign(year=year)
    numbers = [column for column in columns if column.startswith(("p", "lo_", "hi_"))]
    table = table.astype(dict.fromkeys(numbers, "float64"))
    table = table[(table["grade"] == ALL_GRADES) | (table["status"] == ENOUGH)]
    whole = table[table["grade"] == ALL_GRADES].set_index("industry")["n"]
    table = table.assign(size=table["industry"].map(whole), is_part=table["grade"] != ALL_GRADES)
    order = ["size", "industry", "is_part", "n", "grade"]
    return declared(
        "entry_thresholds", table.sort_values(order, ascending=[False, True, True, False, True])[columns]
    )


def reference_yields(yields: pd.DataFrame) -> pd.DataFrame:
    """Return the tenants that the quantiles rest on: paying, and not left out for any reason."""
    return yields[yields["left_out"].isna() & (yields["tax_per_sqm_yuan"] > 0)]


def quantile_interval(values: np.ndarray, probability: float, level: float = LEVEL) -> tuple[float, float]:
    """Return the interval of a quantile from the order statistics of ``values`` (n,); NaN for no end.

    Ends X₍l₎ and X₍u₎ with P(Bin(n, p) < l) ≤ α/2 and P(Bin(n, p) ≥ u) ≤ α/2.
    """
    from scipy.stats import binom

    ordered, tail = np.sort(values), (1 - level) / 2
    low = int(binom.ppf(tail, len(ordered), probability))
    high = int(binom.ppf(1 - tail, len(ordered), probability)) + 1
    return (
        float(ordered[low - 1]) if low >= 1 else float("nan"),
        float(ordered[high - 1]) if high <= len(ordered) else float("nan"),
    )


def _row(group: pd.DataFrame) -> dict[str, object]:
    paid = reference_yields(group)["tax_per_sqm_yuan"].to_numpy("float64")
    row: dict[str, object] = {"n": len(paid), "tenants": len(group), "status": TOO_FEW}
    if (group["left_out"] == PUBLIC).all():
        row["status"] = NOT_ASKED
    if len(paid) < MIN_TENANTS:
        return row
    row["status"] = ENOUGH
    for name, probability in QUANTILES.items():
        line = float(np.quantile(paid, probability))
        row[f"{name}_yuan_sqm"] = line
        low, high = quantile_interval(paid, probability)
        row |= {f"lo_{name}_yuan_sqm": low, f"hi_{name}_yuan_sqm": high}
        row[f"pass_{name}_rate"] = float((group["tax_per_sqm_yuan"] >= line).mean())
    return row
