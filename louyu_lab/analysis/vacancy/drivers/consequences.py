"""Which drivers are a consequence of emptiness rather than a cause: by mark, by name, by what the rows say.

A relief that only occupied units get, or an exemption that only empty ones get, explains vacancy perfectly
and teaches nothing. The ledgers' catalogue marks its own such columns; others give themselves away by
parting the empty from the full: at a level, at blank or zero, or at one cut of a number. A strong but gradual
relation is no sign of it, only a reason to ask.
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

#: A level is separated when it holds no more than this share of the empties (or of the full) that it would
#: hold at the average rate: of single units, where registers have slips, and of rates, which leave none.
SLIPS, SLIPS_OF_RATES = 0.12, 0.03

#: Separated levels say something of the driver as a whole only when they hold this share of all rows, or,
#: where they are the empty ones, of all vacancy: a rare use that happens to be always let is a trait.
COVERED_ROWS, COVERED_VACANCY = 0.25, 0.10

#: Empties (or full units) that must be missing from the separated levels, so that chance does not make one.
LEAST_EXPECTED = 10.0

#: A cut of a number parts the empty from the full when no more than this share of either is on the wrong
#: side.
WRONG_SIDE = 0.03

#: Share of whether single units are empty that one driver explains: refused from the second on, asked about
#: from the first. Of rates a squared rank correlation is asked about.
SUSPECT, EXPLAINED, SUSPECT_RANK = 0.30, 0.60, 0.70

#: Names of what follows from emptiness and stands in no ledger: reliefs, meters, dates of emptying.
_TELLING_ZH = re.compile(
    r"(减免|免征|免税|豁免|退税|减税)(额|金额|情况|类型|代码|比例)?$"
    r"|(能耗|用电|耗电|用水|用气)(量|度数)?$|(电费|水费|燃气费)$|(空置|闲置|腾空|停业)(起始|开始)?(日期|时间)$"
)
_TELLING_WORDS = {"relief", "reliefs", "exemption", "exemptions", "exempt"}
_HARMLESS_AFTER = re.compile(
    r"type|code|amount|value|rate|flag|percent|pct|desc|description|category|name|reason"
)
_TELLING_EN = re.compile(
    r"(energy|electricity|power|gas|water)_(use|used|consumption|kwh|bill)|_kwh$|^kwh$"
    r"|(empty|vacant|vacated|idle)_(from|since|date)|date_(empty|emptied|vacant|vacated)"
)

MISSING = "（空白）"
_NUMBER_LEVELS = np.array(["0", "非零", MISSING], dtype=object)
_FILLED = np.array(["有填写", MISSING], dtype=object)

#: Numbers with no more values than this have ties rather than an order.
_FEW_VALUES = 10


def judged(values: pd.Series, outcome: pd.Series, units: float) -> tuple[str, str]:
    """Return why a driver is taken for a consequence, and else what makes it look like one; both in Chinese.

    ``values`` as they stand, blanks included; ``outcome`` the vacancy (0–1) of the same rows; ``units`` the
    number of independent units among them (clusters, or rows). "" where there is nothing to say.
    """
    name = str(values.name)
    if is_marked(name):
        return f"“{name}”按台账含义是空置的结果，不是成因", ""
    if has_telling_name(name):
        return f"“{name}”从名称看是空置之后才有的（减免、豁免、能耗一类），不是成因", ""
    y = outcome.to_numpy(dtype="float64")
    if len(y) == 0 or y.min() == y.max():
        return "", ""
    are_units = bool(np.isin(y, (0.0, 1.0)).all())
    parted = _parted(values, y, units / len(y), SLIPS if are_units else SLIPS_OF_RATES)
    if parted:
        return parted, ""
    if not are_units:
        return "", _same_order(values, outcome)
    share = explained(values, y)
    if share >= EXPLAINED:
        return f"“{name}”一项就说明了空置与否的 {share:.0%}，多半是空置的结果而不是成因", ""
    doubt = f"“{name}”一项就说明了空置与否的 {share:.0%}，请确认它先于空置，而不是空置的结果。"
    return "", doubt if share >= SUSPECT else ""


def _parted(values: pd.Series, y: np.ndarray, independent: float, slips: float) -> str:
    filled = values.isna().to_numpy()
    return (
        _separated_levels(str(values.name), *_levels(values), y, independent, slips)
        or _separated_levels(str(values.name), filled.astype("int64"), _FILLED, y, independent, slips)
        or ("" if is_text(values) else _parting_cut(values, y))
    )


def _same_order(values: pd.Series, outcome: pd.Series) -> str:
    """Of rates: rates of whole buildings leave less to chance, so that this is asked about, not refused."""
    if is_text(values) or values.nunique() <= _FEW_VALUES:
        return ""
    rank = values.corr(outcome, method="spearman") ** 2
    if not rank >= SUSPECT_RANK:
        return ""
    return f"“{values.name}”与空置率几乎同升同降，请确认它先于空置，而不是空置的结果。"


def is_marked(name: str) -> bool:
    """Tell whether the catalogue of ledgers marks a column of this name as a consequence of emptiness."""
    return normalise_header(name) in _marked_names()


def has_telling_name(name: str) -> bool:
    """Tell whether a column's name says that it follows from emptiness."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
    tokens = [word for word in re.split(r"[^a-z]+", words) if word]
    for at, word in enumerate(tokens):
        if word in _TELLING_WORDS and all(_HARMLESS_AFTER.fullmatch(after) for after in tokens[at + 1 :]):
            return True
    return bool(_TELLING_ZH.search(normalise_header(name)) or _TELLING_EN.search("_".join(tokens)))


@cache
def _marked_names() -> frozenset[str]:
    marked = [column for ledger in catalogue().values() for column in ledger.columns if column.is_consequence]
    return frozenset(normalise_header(text) for column in marked for text in (column.name, column.zh))


def _levels(values: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Return each row's level and the levels' names, blanks one of them; of a number blank, 0 or not."""
    if is_text(values):
        texts = values.astype("str").where(values.notna(), MISSING)
        return pd.factorize(texts.to_numpy(dtype=object), sort=True)
    numbers = values.to_numpy(dtype="float64", na_value=np.nan)
    return np.where(np.isnan(numbers), 2, np.where(numbers == 0, 0, 1)), _NUMBER_LEVELS


def _separated_levels(
    name: str, codes: np.ndarray, names: np.ndarray, y: np.ndarray, independent: float, slips: float
) -> str:
    sizes, sums = (np.bincount(codes, weights=w, minlength=len(names)) for w in (None, y))
    if (sizes > 0).sum() < 2:
        return ""
    for is_empty_side in (False, True):
        held, mean = (sizes - sums, 1 - y.mean()) if is_empty_side else (sums, y.mean())
        due = sizes * mean
        kept = (held <= slips * due) & (due * independent >= LEAST_EXPECTED / 2)
        share = sums[kept].sum() / y.sum() if is_empty_side else sizes[kept].sum() / len(y)
        enough = share >= (COVERED_VACANCY if is_empty_side else COVERED_ROWS)
        if enough and due[kept].sum() * independent >= LEAST_EXPECTED:
            size, rate = int(sizes[kept].sum()), sums[kept].sum() / sizes[kept].sum()
            return (
                f"“{name}”为“{few(list(names[kept]), 3)}”的 {size:,} 行平均空置 {rate:.1%}，"
                f"全部行平均 {y.mean():.1%}，几乎把空置与在用分开，多半是空置的结果而不是成因"
            )
    return ""


def _parting_cut(values: pd.Series, y: np.ndarray) -> str:
    """Look for one cut of a number with the empty on one side of it and the full on the other."""
    x = values.to_numpy(dtype="float64", na_value=np.nan)
    known = ~np.isnan(x)
    if known.sum() < 2 * LEAST_EXPECTED:
        return ""
    order = np.argsort(x[known], kind="stable")
    x, y = x[known][order], y[known][order]
    ends = np.flatnonzero(np.diff(x) != 0)
    empty, full = np.cumsum(y) / y.sum(), np.cumsum(1 - y) / (1 - y).sum()
    for below, above in ((empty, full), (full, empty)):
        wrong = np.maximum(1 - below[ends], above[ends])
        if len(ends) and wrong.min() <= WRONG_SIDE:
            cut = x[ends[np.argmin(wrong)]]
            side = "空置" if below is empty else "在用"
            return (
                f"“{values.name}”不大于 {cut:g} 的几乎都是{side}的，以上的几乎都不是，"
                "多半是空置的结果而不是成因"
            )
    return ""


def explained(values: pd.Series, y: np.ndarray) -> float:
    """Return the share of the uncertainty of ``y`` (0 or 1) that the driver alone takes away (0–1).

    By the levels of a text, blanks among them, or twenty equal groups of a number; rare levels together.
    """
    codes = _levels(values)[0]
    if not is_text(values):
        ranked = values.rank(method="average", pct=True).to_numpy()
        codes = np.where(np.isnan(ranked), 0, np.ceil(np.nan_to_num(ranked) * 20)).astype("int64")
    sizes, sums = np.bincount(codes), np.bincount(codes, weights=y)
    common = sizes >= 50
    if sizes[common].sum() < len(y) / 2:
        return 0.0
    sizes, sums = (np.append(part[common], part[~common].sum()) for part in (sizes, sums))
    return 1 - _entropy(sizes, sums) / _entropy(np.array([len(y)]), np.array([y.sum()]))


def _entropy(sizes: np.ndarray, sums: np.ndarray) -> float:
    sizes, sums = sizes[sizes > 0], sums[sizes > 0]
    rates = sums / sizes
    return float(-(sizes * (xlogy(rates, rates) + xlogy(1 - rates, 1 - rates))).sum())
