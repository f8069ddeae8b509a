"""Which drivers are a consequence of emptiness rather than a cause: by mark, by name, by what the rows say.

A relief that only occupied units get, or an exemption that only empty ones get, explains vacancy perfectly
and teaches nothing. The ledgers' catalogue marks its own such columns; others give themselves away by
separating the empty from the full.
"""

from __future__ import annotations

import re
from functools import cache

import numpy as np
import pandas as pd
from scipy.special import xlogy

from louyu_lab.analysis.vacancy.drivers.design import is_text
from louyu_lab.analysis.vacancy.drivers.problems import few
from louyu_lab.ledgers.catalogue import catalogue, normalise_header

#: A part of the rows is separated when it holds no more than this share of the empties (or of the full) that
#: it would hold at the average rate. Honest registers have slips: 10 of 1,832 exempt units were let.
SLIPS = 0.03

#: A separated part says something of the driver as a whole only when it holds this share of all rows (of all
#: vacancy, where it is the empty part): a rare use that happens to be always let is a trait.
COVERED = 0.10

#: Empties (or full units) that must be missing from the separated part, so that chance does not make one.
LEAST_EXPECTED = 10.0

#: One driver that alone explains so much of whether single units are empty was filled in by that.
EXPLAINED = 0.35

#: Names of what follows from emptiness and stands in no ledger: reliefs, exemptions, meters, empty dates.
_TELLING = re.compile(
    r"减免|免征|免税|豁免|退税|能耗|用电|耗电|电费|用水|水费|用气|燃气费|空置起|闲置起|腾空"
    r"|relief|exempt|energy|electric|kwh|consumption|empty_?(from|since|date)|vacant_?(from|since|date)",
    re.IGNORECASE,
)

MISSING = "（空白）"


def consequence_reason(values: pd.Series, outcome: pd.Series, units: float) -> str:
    """Return why a driver is taken for a consequence, in Chinese; empty where it is not.

    ``values`` as they stand, blanks included; ``outcome`` the vacancy (0–1) of the same rows; ``units`` the
    number of independent units among them (clusters, or rows).
    """
    name = str(values.name)
    if is_marked(name):
        return f"“{name}”按台账含义是空置的结果，不是成因"
    if _TELLING.search(name):
        return f"“{name}”从名称看是空置之后才有的（减免、豁免、能耗一类），不是成因"
    y = outcome.to_numpy(dtype="float64")
    if len(y) == 0 or y.min() == y.max():
        return ""
    levels = _levels(values)
    filled = np.where(values.isna(), MISSING, "有填写")
    return (
        _separated_levels(name, levels, y, units / len(y))
        or _separated_levels(name, filled, y, units / len(y))
        or ("" if is_text(values) else _separated_tail(values, y, units / len(y)))
        or _explains_too_much(name, values, levels, y)
    )


def is_marked(name: str) -> bool:
    """Tell whether the catalogue of ledgers marks a column of this name as a consequence of emptiness."""
    return normalise_header(name) in _marked_names()


@cache
def _marked_names() -> frozenset[str]:
    marked = [column for ledger in catalogue().values() for column in ledger.columns if column.is_consequence]
    return frozenset(normalise_header(text) for column in marked for text in (column.name, column.zh))


def _levels(values: pd.Series) -> np.ndarray:
    """Levels with blanks as one of their own; of a number only whether it is filled in, and whether 0."""
    if is_text(values):
        return values.astype("str").where(values.notna(), MISSING).to_numpy(dtype=object)
    filled = values.to_numpy(dtype="float64", na_value=np.nan)
    return np.where(np.isnan(filled), MISSING, np.where(filled == 0, "0", "非零"))


def _separated_levels(name: str, levels: np.ndarray, y: np.ndarray, independent: float) -> str:
    codes, names = pd.factorize(levels, sort=True)
    if len(names) < 2:
        return ""
    sizes, sums = np.bincount(codes), np.bincount(codes, weights=y)
    for is_empty_side in (False, True):
        kept = _separated(sizes, sums, y, independent, is_empty_side)
        if _is_telling(sizes[kept].sum(), sums[kept].sum(), y, independent, is_empty_side):
            return _told(name, few(list(names[kept]), 3), int(sizes[kept].sum()), sums[kept].sum(), y)
    return ""


def _separated_tail(values: pd.Series, y: np.ndarray, independent: float) -> str:
    """Try the rows above and below every value of a number for one side that is separated."""
    x = values.to_numpy(dtype="float64", na_value=np.nan)
    known = ~np.isnan(x)
    if not known.any():
        return ""
    for sign, word in ((-1.0, "不小于"), (1.0, "不大于")):
        order = np.argsort(sign * x[known], kind="stable")
        tail, sums = x[known][order], np.cumsum(y[known][order])
        sizes = np.arange(1, len(tail) + 1)
        ends = np.append(np.flatnonzero(np.diff(tail) != 0), len(tail) - 1)
        for is_empty_side in (False, True):
            fits = ends[_separated(sizes[ends], sums[ends], y, independent, is_empty_side)]
            if len(fits) and _is_telling(sizes[fits[-1]], sums[fits[-1]], y, independent, is_empty_side):
                label = f"{word} {tail[fits[-1]]:g}"
                return _told(str(values.name), label, int(sizes[fits[-1]]), sums[fits[-1]], y)
    return ""


def _separated(
    sizes: np.ndarray, sums: np.ndarray, y: np.ndarray, independent: float, is_empty_side: bool
) -> np.ndarray:
    """Tell which parts hold next to none of the vacancy (of the occupancy, on the empty side) due to them."""
    missing, mean = (sizes - sums, 1 - y.mean()) if is_empty_side else (sums, y.mean())
    due = sizes * mean
    return (missing <= SLIPS * due) & (due * independent >= LEAST_EXPECTED / 2)


def _is_telling(size: float, held: float, y: np.ndarray, independent: float, is_empty_side: bool) -> bool:
    mean = 1 - y.mean() if is_empty_side else y.mean()
    share = held / y.sum() if is_empty_side else size / len(y)
    return size * mean * independent >= LEAST_EXPECTED and share >= COVERED


def _told(name: str, which: str, size: int, held: float, y: np.ndarray) -> str:
    return (
        f"“{name}”为“{which}”的 {size:,} 行平均空置 {held / size:.1%}，全部行平均 {y.mean():.1%}，"
        "几乎把空置与在用分开，多半是空置的结果而不是成因"
    )


def _explains_too_much(name: str, values: pd.Series, levels: np.ndarray, y: np.ndarray) -> str:
    """Only of single units, empty or not: rates of whole buildings leave less to chance."""
    if not np.isin(y, (0.0, 1.0)).all():
        return ""
    if not is_text(values):
        ranked = values.rank(method="average", pct=True).to_numpy()
        levels = np.where(np.isnan(ranked), -1, np.ceil(np.nan_to_num(ranked) * 20))
    codes = pd.factorize(levels)[0]
    sizes, sums = np.bincount(codes), np.bincount(codes, weights=y)
    common = sizes >= 50
    if sizes[common].sum() < len(y) / 2:
        return ""
    sizes, sums = (np.append(part[common], part[~common].sum()) for part in (sizes, sums))
    explained = 1 - _entropy(sizes, sums) / _entropy(np.array([len(y)]), np.array([y.sum()]))
    if explained < EXPLAINED:
        return ""
    return f"“{name}”一项就解释了空置与否的 {explained:.0%}，多半是空置的结果而不是成因"


def _entropy(sizes: np.ndarray, sums: np.ndarray) -> float:
    sizes, sums = sizes[sizes > 0], sums[sizes > 0]
    rates = sums / sizes
    return float(-(sizes * (xlogy(rates, rates) + xlogy(1 - rates, 1 - rates))).sum())
