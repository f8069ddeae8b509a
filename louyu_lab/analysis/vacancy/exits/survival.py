"""How long tenants stay: Kaplan–Meier curves with delayed entry, by industry and by size."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import norm
from statsmodels.duration.survfunc import SurvfuncRight

from louyu_lab.analysis.bands import NO_DATA
from louyu_lab.analysis.outputs import TABLES, declared
from louyu_lab.analysis.vacancy.certainty import LEVEL
from louyu_lab.analysis.vacancy.exits.groups import REST_SECTORS, lumped, size_bands
from louyu_lab.analysis.vacancy.exits.spells import FEWEST_EXITS, Spells

#: Groups with fewer spells or exits are joined, or left out.
FEWEST_SPELLS = 30

#: A curve is cut where fewer tenants are under observation: one exit would move it by 10 points and more.
FEWEST_AT_RISK = 10

EVERYBODY, BY_SECTOR, BY_SIZE = "全部", "行业", "面积"

#: Years of tenancy for which the table gives the share still there.
HORIZONS = (1, 3, 5)


def kaplan_meier(
    entry: np.ndarray, duration: np.ndarray, event: np.ndarray, level: float = LEVEL
) -> pd.DataFrame:
    """Return the product-limit curve: ``years, at_risk, exits, survival, se, lo, hi``, a row an exit time.

    A spell is at risk in (entry, duration]; arrays (n,) in years. ``S(t) = Π (1 − d/n)``, ``se`` after
    Greenwood; the interval is the log-log one, ``S^exp(± z·se / (S ln S))`` (Kalbfleisch and Prentice),
    which stays inside 0–1. It takes tenants as independent. No bounds where S is 0.
    """
    # Spells that end as they begin to be observed tell nothing, and upset the counting.
    seen = duration > entry
    curve = SurvfuncRight(duration[seen], event[seen].astype("int64"), entry=entry[seen])
    survival, se = np.asarray(curve.surv_prob), np.asarray(curve.surv_prob_se)
    inside = (survival > 0) & (survival < 1)
    safe = np.where(inside, survival, 0.5)
    step = norm.ppf((1 + level) / 2) * se / (safe * np.log(safe))
    bounds = [np.where(inside, safe ** np.exp(sign * step), np.nan) for sign in (-1, 1)]
    return pd.DataFrame(
        {
            "years": curve.surv_times,
            "at_risk": np.asarray(curve.n_risk).astype("int64"),
            "exits": np.asarray(curve.n_events).astype("int64"),
            "survival": survival,
            "se": se,
            "lo": np.minimum(*bounds),
            "hi": np.maximum(*bounds),
        }
    )


def survival_curves(spells: Spells, level: float = LEVEL) -> pd.DataFrame:
    """Return the curves: ``grouping, group, years, at_risk, survival, lo, hi``, each from (0, 1) on.

    ``grouping`` is 全部, 行业 or 面积. Each ends where fewer than ``FEWEST_AT_RISK`` are observed, with a
    last row at the last such time. Groups too small are joined as in ``groups``, or absent.
    """
    parts = [
        _curve(rows, level).assign(grouping=grouping, group=group)
        for grouping, group, rows in _grouped(spells)
    ]
    columns = ["grouping", "group", "years", "at_risk", "survival", "lo", "hi"]
    parts = [part for part in parts if len(part) > 1]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)


def exit_survival(spells: Spells, level: float = LEVEL) -> pd.DataFrame:
    """Return table ``exit_survival``: spells, exits, median stay and the shares still there, by group.

    ``median_years`` is the first time at which no more than half are left, missing where the curve does
    not get there; ``observed_years`` how far it reaches. ``rate_1, rate_3, rate_5`` (0–1) with
    ``lo_…, hi_…``; missing beyond the curve.
    """
    rows = [
        {"grouping": grouping, "group": group, "spells": len(part), "exits": int(part["event"].sum())}
        | _read_off(_curve(part, level))
        for grouping, group, part in _grouped(spells)
    ]
    return declared("exit_survival", pd.DataFrame(rows, columns=list(TABLES["exit_survival"].columns)))


def _usable(spells: Spells) -> pd.DataFrame:
    return spells.frame.dropna(subset=["entry_years", "duration_years"])


def _grouped(spells: Spells) -> list[tuple[str, str, pd.DataFrame]]:
    """Return (grouping, group, spells) of the groups large enough, largest industry first."""
    rows = _usable(spells)
    groups = [(EVERYBODY, EVERYBODY, rows)]
    sector = lumped(rows["sector"], rows["event"], FEWEST_SPELLS, FEWEST_EXITS)
    size = size_bands(rows["area_sqm"], rows["event"], FEWEST_SPELLS, FEWEST_EXITS).of(rows["area_sqm"])
    order = [name for name in sector.value_counts(sort=True).index if name != REST_SECTORS]
    groups += [(BY_SECTOR, name, rows[sector == name]) for name in [*order, REST_SECTORS]]
    groups += [(BY_SIZE, name, rows[size == name]) for name in size.cat.categories if name != NO_DATA]
    whole = len(rows)
    return [
        (grouping, group, part)
        for grouping, group, part in groups
        if len(part) >= FEWEST_SPELLS
        and part["event"].sum() >= FEWEST_EXITS
        and (grouping == EVERYBODY or len(part) < whole)
    ]


def _curve(rows: pd.DataFrame, level: float) -> pd.DataFrame:
    """Return one curve from (0, 1) on, cut where too few are observed; only (0, 1) where that is at once."""
    entry, duration = (rows[name].to_numpy("float64") for name in ("entry_years", "duration_years"))
    curve = kaplan_meier(entry, duration, rows["event"].to_numpy(), level)
    start = pd.DataFrame({"years": [0.0], "at_risk": [0], "survival": [1.0], "lo": [1.0], "hi": [1.0]})
    end = _observed_until(entry, duration, curve)
    kept = curve[curve["years"] <= end]
    last = pd.concat([start, kept]).iloc[[-1]].assign(years=end)
    parts = [start, kept, last] if end > 0 else [start]
    return pd.concat(parts, ignore_index=True).drop_duplicates("years")


def _observed_until(entry: np.ndarray, duration: np.ndarray, curve: pd.DataFrame) -> float:
    """Return the time up to which at least ``FEWEST_AT_RISK`` are observed without a break."""
    thin = curve.loc[curve["at_risk"] < FEWEST_AT_RISK, "years"]
    before = curve.loc[curve["years"] < thin.min(), "years"].max() if len(thin) else np.inf
    if np.isnan(before) or len(duration) < FEWEST_AT_RISK:
        return 0.0
    # Past the last exit the curve holds as long as enough are watched.
    return float(min(before, np.sort(duration)[-FEWEST_AT_RISK]))


def _read_off(curve: pd.DataFrame) -> dict[str, float]:
    end = curve["years"].iloc[-1]
    # The product of fractions may miss one half by a rounding.
    below = curve.loc[curve["survival"] <= 0.5 + 1e-9, "years"]
    read = {"median_years": below.iloc[0] if len(below) else np.nan, "observed_years": end}
    for years in HORIZONS:
        row = curve[curve["years"] <= years].iloc[-1] if years <= end else pd.Series(dtype="float64")
        if row.get("survival") == 1.0:
            # Nobody has left yet: the log-log interval is not defined.
            row = row.drop(["lo", "hi"])
        for name, column in (("rate", "survival"), ("lo", "lo"), ("hi", "hi")):
            read[f"{name}_{years}"] = row.get(column, np.nan)
    return read
