"""The areas and draws an attribution is asked for: as numbers, or every problem at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from louyu_lab.analysis.vacancy.drivers.problems import DriverError, few, not_numbers, rows_zh

#: One draw has no spread; some hundreds are needed for ends that hardly move.
FEWEST_REPLICATES = 2

#: ㎡ of vacant area beyond the whole that rounding to whole ㎡ on either side leaves.
_ROUNDING_SQM = 1.0

VACANT, AREA = "空置面积", "可招商面积"


def asked_areas(
    frame: pd.DataFrame,
    vacant_sqm: str | Sequence[float],
    area_sqm: str | Sequence[float],
    replicates: int,
    seed: int,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return vacant area, whole area (㎡) and whether a row has both and some area, each of shape (n,).

    The areas are columns of ``frame`` or values in its order; a blank is not known. Raises DriverError, all
    problems at once, for columns that are not there, texts that are no numbers (named with their rows),
    negative or infinite values, a column that is blank throughout, rows with more vacant than there
    is, and for draws that cannot be made: ``replicates`` is 0 or at least ``FEWEST_REPLICATES``, ``seed``
    a whole number from 0.
    """
    problems = _draw_problems(replicates, seed)
    read = []
    for given, what in ((vacant_sqm, VACANT), (area_sqm, AREA)):
        numbers, wrong = _numbers(frame, given, what)
        problems += wrong
        read.append(numbers)
    vacant, area = read
    if not problems:
        over = vacant > area + _ROUNDING_SQM
        if over.any():
            problems.append(
                f"{_named(vacant_sqm, VACANT)}大于{_named(area_sqm, AREA)}：{rows_zh(over)}；请更正或留空。"
            )
    if problems:
        raise DriverError(problems)
    # pandas compares missing with nothing, and a row without area has nothing to share out.
    return vacant, area, np.isfinite(vacant) & (area > 0)


def _numbers(frame: pd.DataFrame, given: str | Sequence[float], what: str) -> tuple[np.ndarray, list[str]]:
    """Return a column of ``frame``, or values of its length in its order, as ㎡ (n,), and what is wrong."""
    nothing, name = np.empty(0), _named(given, what)
    if isinstance(given, str):
        if given not in frame.columns:
            return nothing, [f"没有{what}列“{given}”；可选：{'、'.join(map(str, frame.columns))}。"]
        given = frame[given]
    if len(given) != len(frame):
        return nothing, [f"{what}有 {len(given)} 个值，表有 {len(frame)} 行；两者应一样多、同顺序。"]
    values = pd.Series(np.asarray(given))
    is_text = not_numbers(values)
    if is_text.any():
        texts = few([f"“{text}”" for text in values[is_text].astype("str").unique()], 3)
        return nothing, [
            f"{name}应为数值（㎡），{rows_zh(is_text)}是文字：{texts}。请只留数字（不写单位、千分号、“约”）或留空。"
        ]
    numbers = pd.to_numeric(values, errors="coerce").to_numpy("float64", na_value=np.nan)
    wrong = np.isinf(numbers) | (numbers < 0)
    if wrong.any():
        shown = few([f"{value:g}" for value in numbers[wrong]], 3)
        return nothing, [f"{name}应为不小于零的面积（㎡），{rows_zh(wrong)}是 {shown}；请更正或留空。"]
    if len(numbers) and np.isnan(numbers).all():
        return nothing, [f"{name}全部空白，没有面积可以按成因划分。请补填，或换一列。"]
    return numbers, []


def _named(given: str | Sequence[float], what: str) -> str:
    return f"{what}“{given}”列" if isinstance(given, str) else what


def _draw_problems(replicates: int, seed: int) -> list[str]:
    problems = []
    if not _is_whole(replicates) or (replicates != 0 and replicates < FEWEST_REPLICATES):
        problems.append(
            f"重抽样次数 replicates 应为 0（不要区间）或不小于 {FEWEST_REPLICATES} 的整数，"
            f"现为 {replicates!r}。"
        )
    if not _is_whole(seed) or seed < 0:
        problems.append(f"随机数起点 seed 应为不小于 0 的整数，现为 {seed!r}。")
    return problems


def _is_whole(value: object) -> bool:
    return isinstance(value, int | np.integer) and not isinstance(value, bool)
