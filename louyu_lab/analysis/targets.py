"""Targets against values: how much of the way from the base has been gone, and how much of the time.

A plain value ÷ target says 73 % for 11 of 15 on the day a plan begins; 增量完成率 says 0. Both are
given, and only the second is judged.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.analysis.indicator_catalogue import codes_by_name, indicator_catalogue
from louyu_lab.analysis.outputs import TABLES, declared

#: 序时进度差 from which a target counts as ahead, and below whose negative as behind.
AHEAD = 0.05

ACHIEVED, LEADING, ON_TRACK, BEHIND = "已达成", "领先", "正常", "滞后"
NO_TARGET, NO_VALUE, NO_BASE, UNKNOWN = "无目标", "无数据", "无基期", "指标名不认识"
NOT_BEGUN = "未开始"

#: Unit of the indicators that are rates.
RATE = "比例"

_COLUMNS = list(TABLES["core_indicators"].columns)


def core_indicators(
    indicators: pd.DataFrame, targets: pd.DataFrame, year: int, year_share: float = 1.0
) -> pd.DataFrame:
    """Return table ``core_indicators`` (T1): values, changes and progress towards each target.

    ``indicators`` is table ``indicators`` with ``year`` and, for changes and missing bases, the years
    before; ``targets`` comes from the ledgers. ``year_share`` is the part of ``year`` that is over
    (0–1, below 1 for a report within the year). One row an indicator and target year: this year's
    target and the later ones, or the last one where all are past; core indicators that have a value
    but no target stand as 无目标.

    ``completion_rate`` = (value − base) ÷ (target − base), 0 in the base year itself;
    ``change_rate`` is left out for rates: their change is in points.
    ``elapsed_rate`` = share of the years from base to target that have passed (0–1);
    ``progress_gap`` = completion − elapsed. ``plain_rate`` = value ÷ target, NaN for a target below
    its base, where it would mislead. Status: 未开始 before the base year; 已达成 at completion 1 and
    more; otherwise 滞后 when the target year is over, else by the gap: 领先 from +5 points, 滞后 below
    −5, 正常 between. A target that the base already meets (for what should rise: one not above it) asks
    to hold: no completion rate, 已达成 or 滞后 as the value still meets it or not.
    """
    rows = _targeted(targets, year).merge(_valued(indicators, year), on="indicator", how="outer")
    shown = rows["value"].notna() & rows["indicator"].map(_is_core).astype(bool)
    rows = rows[rows["target"].notna() | shown]
    rows = rows.assign(base=rows["base"].fillna(_base_values(rows, indicators)))
    table = _with_progress(rows, year - 1 + year_share)
    table["status"] = _status(table, year - 1 + year_share)
    order = {code: place for place, code in enumerate(indicator_catalogue())}
    table = table.assign(place=table["indicator"].map(order)).sort_values(
        ["place", "indicator", "target_year"]
    )
    return declared("core_indicators", table[_COLUMNS])


def nearest_target(core: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return one row an indicator of ``core_indicators``: the nearest target year not yet past.

    Where every target year is past the latest one stands; indicators without a target stay.
    """
    aims = core["target_year"].astype("float64")
    coming = aims.where(aims >= year)
    nearest = coming.groupby(core["indicator"]).transform("min")
    nearest = nearest.fillna(aims.groupby(core["indicator"]).transform("max"))
    return core[aims.isna() | (aims == nearest)].reset_index(drop=True)


def _targeted(targets: pd.DataFrame, year: int) -> pd.DataFrame:
    """Targets still to be met, by indicator code; a name that is not known stands for itself."""
    last = targets.groupby("indicator")["year"].transform("max")
    targets = targets[(targets["year"] >= year) | (targets["year"] == last)]
    codes = targets["indicator"].map(codes_by_name()).fillna(targets["indicator"])
    named = targets.assign(indicator=codes, named=targets["indicator"])
    named = named.rename(columns={"year": "target_year"})
    return named[["indicator", "named", "target_year", "target", "base_year", "base"]]


def _valued(indicators: pd.DataFrame, year: int) -> pd.DataFrame:
    """Every known indicator with its name, unit, value of the year and of the year before."""
    frame = pd.DataFrame(
        {"indicator": code, "name_zh": spec.zh, "unit": spec.unit}
        for code, spec in indicator_catalogue().items()
    )
    by_year = indicators.set_index(["indicator", "year"])["value"]
    for column, wanted in (("value", year), ("previous", year - 1)):
        values = by_year[by_year.index.get_level_values("year") == wanted].droplevel("year")
        frame[column] = frame["indicator"].map(values).astype("float64")
    return frame


def _is_core(code: str) -> bool:
    return code in indicator_catalogue() and indicator_catalogue()[code].core


def _base_values(rows: pd.DataFrame, indicators: pd.DataFrame) -> pd.Series:
    """Look up what the ledgers themselves say of the base year, for targets given without a base."""
    values = indicators[["indicator", "year", "value"]].rename(
        columns={"year": "base_year", "value": "found"}
    )
    values = values.astype({"base_year": "Int64"})
    both = rows[["indicator", "base_year"]].merge(values, on=["indicator", "base_year"], how="left")
    return both["found"].set_axis(rows.index)


def _with_progress(rows: pd.DataFrame, reached: float) -> pd.DataFrame:
    value, previous, base, target = (
        rows[c].astype("float64") for c in ("value", "previous", "base", "target")
    )
    base_year, target_year = (rows[column].astype("float64") for column in ("base_year", "target_year"))
    span = target_year - base_year
    way = (target - base).mask(_meets(rows, "base"))
    completion = ((value - base) / way).mask(base_year == reached, 0.0).where(way.notna())
    elapsed = ((reached - base_year) / span.where(span > 0)).clip(0, 1)
    started = base_year <= reached
    return rows.assign(
        name_zh=rows["name_zh"].fillna(rows["named"]),
        unit=rows["unit"].fillna(""),
        change=value - previous,
        # The growth of a rate is not its change in points, and is taken for it: 增减 says the points.
        change_rate=(value / previous.where(previous != 0) - 1).mask(rows["unit"] == RATE),
        plain_rate=(value / target.where(target != 0)).mask(target < base),
        completion_rate=completion.where(value.notna() & started),
        elapsed_rate=elapsed.where(started),
        progress_gap=(completion - elapsed).where(value.notna() & started),
    )


def _status(table: pd.DataFrame, reached: float) -> pd.Series:
    holds, steady = _meets(table, "value"), _meets(table, "base")
    gap = table["progress_gap"].round(9)
    over = table["target_year"].astype("float64") <= reached
    known = table["indicator"].isin(list(indicator_catalogue()))
    choices = [
        (~known, UNKNOWN),
        (table["target"].isna(), NO_TARGET),
        (table["value"].isna(), NO_VALUE),
        (table["base_year"].astype("float64") > reached, NOT_BEGUN),
        (table["base"].isna() | table["base_year"].isna(), NO_BASE),
        (steady & holds | (table["completion_rate"].round(9) >= 1), ACHIEVED),
        (steady | over | (gap < -AHEAD), BEHIND),
        (gap >= AHEAD, LEADING),
    ]
    conditions = [condition.fillna(False).to_numpy(dtype=bool) for condition, _ in choices]
    labels = np.select(conditions, [label for _, label in choices], ON_TRACK)
    return pd.Series(labels, index=table.index, dtype="str")


def _meets(table: pd.DataFrame, column: str) -> pd.Series:
    """Tell where ``column`` is at the target or beyond it, on the side that is better for the indicator."""
    falling = [code for code, spec in indicator_catalogue().items() if spec.falls]
    value, target = table[column].astype("float64"), table["target"].astype("float64")
    return (value <= target).where(table["indicator"].isin(falling), value >= target)
