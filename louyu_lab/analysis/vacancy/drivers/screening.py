"""Drivers that cannot stand as causes: consequences of emptiness, and those measured only where it suits.

A refused driver is set aside with its reason and the others go on; forcing one is the caller's word.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import chi2_contingency

from louyu_lab.analysis.vacancy.drivers.consequences import MISSING, judged
from louyu_lab.analysis.vacancy.drivers.design import is_text

CONSEQUENCE, MEASUREMENT, BLANK = "空置的结果", "测量依赖空置", "没有数据"

#: Share missing in a stratum from which a difference is looked at, how many times that of the other strata it
#: must be, and how sure.
MISSING_SHARE, MISSING_TIMES, MISSING_P = 0.10, 1.5, 0.01

#: Rows looked at: what separates the empty from the full shows as well in every so-manieth row.
SCREENED_ROWS = 25_000

_REMEDY = {
    CONSEQUENCE: "已从成因中去掉；确有把握它先于空置，可用 allow_consequences 强制保留。",
    MEASUREMENT: "已从成因中去掉；请补填后再用。",
}


@dataclass(frozen=True)
class Screened:
    """Drivers that may stay and those refused.

    ``refused`` has ``driver, kind, reason``; ``bounds`` (``driver, stratum, rows, lo_pp, hi_pp``) what
    can still be said of a driver where the outcome of some strata is missing: the stratum's mean less
    that of the other rows, with every missing outcome 0, or 1; ``suspicions`` what to ask of those that stay.
    """

    kept: tuple[str, ...]
    refused: pd.DataFrame
    bounds: pd.DataFrame
    suspicions: tuple[str, ...]


def screened(
    frame: pd.DataFrame,
    outcome: str,
    drivers: Sequence[str],
    cluster: str | None,
    allowed: Collection[str] = (),
) -> Screened:
    """Tell causes from consequences; ``allowed`` drivers stay whatever the rows say.

    ``frame`` holds every row there is, those without outcome or drivers too.
    """
    frame = frame.iloc[:: max(1, -(-len(frame) // SCREENED_ROWS))]
    known = frame[frame[outcome].notna()]
    units = known[cluster].nunique() if cluster else len(known)
    refused, bounds, suspicions = [], [], []
    for driver in drivers:
        if known[driver].isna().all():
            refused.append((driver, BLANK, f"“{driver}”列全部空白。请补填，或去掉这一列。"))
            continue
        if driver in allowed:
            continue
        reason, doubt = judged(known[driver], known[outcome].astype("float64"), units)
        if reason:
            refused.append((driver, CONSEQUENCE, f"{reason}。{_REMEDY[CONSEQUENCE]}"))
        elif reason := _blank_by_outcome(known, outcome, driver, cluster):
            refused.append((driver, MEASUREMENT, f"{reason}。{_REMEDY[MEASUREMENT]}"))
        elif reason := _outcome_blank_by(frame, outcome, driver, cluster):
            refused.append((driver, MEASUREMENT, f"{reason}。{_REMEDY[MEASUREMENT]}"))
            bounds += _bounds(frame, outcome, driver)
        elif doubt:
            suspicions.append(doubt)
    out = {driver for driver, _, _ in refused}
    return Screened(
        kept=tuple(driver for driver in drivers if driver not in out),
        refused=pd.DataFrame(refused, columns=["driver", "kind", "reason"]),
        bounds=pd.DataFrame(bounds, columns=["driver", "stratum", "rows", "lo_pp", "hi_pp"]),
        suspicions=tuple(suspicions),
    )


def strata(values: pd.Series) -> pd.Series:
    """Return each row's stratum: the levels of a text, the thirds of a number; blanks apart."""
    if is_text(values):
        return values.astype("str").where(values.notna(), MISSING)
    numbers = values.astype("float64")
    if numbers.nunique() <= 3:
        return numbers.map(lambda value: f"{value:g}", na_action="ignore").fillna(MISSING).astype("str")
    third = np.ceil(numbers.rank(method="average", pct=True) * 3).clip(upper=3)
    return (
        third.map({1.0: "低的三分之一", 2.0: "中间三分之一", 3.0: "高的三分之一"})
        .fillna(MISSING)
        .astype("str")
    )


def _blank_by_outcome(known: pd.DataFrame, outcome: str, driver: str, cluster: str | None) -> str:
    blank = known[driver].isna()
    if not blank.any():
        return ""
    worst = _uneven(blank, strata(known[outcome]), known[cluster] if cluster else None)
    return (
        f"“{driver}”在空置率“{worst[0]}”的行里有 {worst[1]:.0%} 空白，别处 {worst[2]:.0%}，填不填与空置有关"
        if worst
        else ""
    )


def _outcome_blank_by(frame: pd.DataFrame, outcome: str, driver: str, cluster: str | None) -> str:
    blank = frame[outcome].isna()
    if not blank.any():
        return ""
    worst = _uneven(blank, strata(frame[driver]), frame[cluster] if cluster else None)
    if not worst or worst[0] == MISSING:
        return ""
    return (
        f"“{driver}”为“{worst[0]}”的行里有 {worst[1]:.0%} 没有空置率，别处 {worst[2]:.0%}，"
        "比较的已不是全部楼宇"
    )


def _uneven(
    blank: pd.Series, stratum: pd.Series, groups: pd.Series | None
) -> tuple[str, float, float] | None:
    """Return the stratum with most blanks, its share and that of the others, where they differ beyond chance.

    Rows of a cluster are blank together: the test counts clusters in each stratum, not rows.
    """
    table = pd.DataFrame({"blank": blank.to_numpy(), "stratum": stratum.to_numpy()})
    shares = table.groupby("stratum")["blank"].mean()
    worst = shares.idxmax()
    others = table.loc[table["stratum"] != worst, "blank"]
    if len(others) == 0 or shares[worst] <= max(MISSING_SHARE, MISSING_TIMES * others.mean()):
        return None
    if groups is not None:
        table["group"] = groups.to_numpy()
        table = table.groupby(["group", "stratum"], as_index=False)["blank"].max()
    counts = pd.crosstab(table["stratum"] == worst, table["blank"]).to_numpy()
    if counts.shape != (2, 2) or chi2_contingency(counts).pvalue > MISSING_P:
        return None
    return str(worst), float(shares[worst]), float(others.mean())


def _bounds(frame: pd.DataFrame, outcome: str, driver: str) -> list[tuple[str, str, int, float, float]]:
    stratum = strata(frame[driver])
    lowest, highest = (
        frame[outcome].fillna(0.0).astype("float64"),
        frame[outcome].fillna(1.0).astype("float64"),
    )
    rows = []
    for name in sorted(set(stratum) - {MISSING}):
        inside = (stratum == name).to_numpy()
        if inside.all():
            continue
        low = lowest[inside].mean() - highest[~inside].mean()
        high = highest[inside].mean() - lowest[~inside].mean()
        rows.append((driver, name, int(inside.sum()), 100 * low, 100 * high))
    return rows
