"""Whether a question to the driver model can be asked at all: every problem at once, with its remedy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from louyu_lab.analysis.vacancy.drivers.design import is_text
from louyu_lab.analysis.vacancy.drivers.problems import DriverError, few, rows_zh

#: A text column in which this share or more of the cells are numbers was meant to hold numbers.
_MEANT_AS_NUMBERS = 0.5

#: Rates of which this share or more lie above 1 were meant as per cent.
_MEANT_AS_PERCENT = 0.5

#: Texts that are all numbers may well be levels (years, classes) as long as there are no more than these.
_MOST_NUMBERED_LEVELS = 60


def refuse_bad_columns(
    frame: pd.DataFrame,
    outcome: str,
    drivers: Sequence[str],
    named: Mapping[str, str | None],
    reference: Mapping[str, str],
) -> None:
    """Raise DriverError for columns that are missing, repeated or hold what they must not.

    ``named`` maps what a column is used as (weights, cluster, mundlak) to its name.
    """
    if not isinstance(frame, pd.DataFrame) or len(frame) == 0:
        raise DriverError(["没有数据：请给一张至少有几十行的表（DataFrame）。"])
    unnamed = [what for what, name in named.items() if name is not None and not isinstance(name, str)]
    if unnamed:
        raise DriverError([f'{what} 应写一个列名，如 {what}="building_id"。' for what in unnamed])
    if problems := _naming_problems(frame, outcome, drivers, [name for name in named.values() if name]):
        raise DriverError(problems)
    problems = _outcome_problems(frame, outcome)
    for name in drivers:
        problems += _driver_problems(frame[name], reference.get(name))
    problems += [
        f"参照类别里的“{name}”不是本次的分类成因。"
        for name in reference
        if name not in drivers or not is_text(frame[name])
    ]
    if named.get("weights"):
        problems += _weight_problems(frame[named["weights"]])
    if problems:
        raise DriverError(problems)


def refuse_too_little(frame: pd.DataFrame, outcome: str, cluster: str | None, dropped: str) -> None:
    """Raise DriverError where the rows left cannot tell anything: none, one cluster, no variation."""
    if len(frame) == 0:
        raise DriverError([f"没有一行同时有“{outcome}”和全部成因{dropped}。请补填，或去掉空白最多的成因。"])
    problems = []
    unit = cluster or ""
    groups = frame[cluster].nunique() if cluster else len(frame)
    if groups < 2:
        what = f"“{unit}”只有一个取值" if cluster else "只有一行"
        problems.append(f"{what}，一幢楼（一组）说不出成因：至少要两组，通常要几十组。")
    values = frame[outcome].to_numpy(dtype="float64")
    if values.max() == values.min():
        kind = {0.0: "全部无空置", 1.0: "全部空置"}.get(values[0], f"全部等于 {values[0]:g}")
        problems.append(f"“{outcome}”{kind}，没有差别可以解释。请换一个年份或范围。")
    if problems:
        raise DriverError(problems)


def refuse_constant(frame: pd.DataFrame, drivers: Sequence[str], dropped: str) -> None:
    """Raise DriverError for drivers that are the same in every row that can be used."""
    constant = [name for name in drivers if (frame[name] == frame[name].iloc[0]).all()]
    if constant:
        raise DriverError(
            [
                f"“{name}”在可用的 {len(frame)} 行里只有一个取值{dropped}，比较不出差别。请去掉这一列。"
                for name in constant
            ]
        )


def refuse_names(frame: pd.DataFrame, drivers: Sequence[str], cluster: str | None) -> None:
    """Raise DriverError for texts that name the units rather than say what they are like.

    With a level for every other unit or more nothing is left to compare, and no error would be told.
    """
    units = frame[cluster].nunique() if cluster else len(frame)
    problems = []
    for name in drivers:
        levels = frame[name].nunique() if is_text(frame[name]) else 0
        if levels > 2 and levels >= units / 2:
            problems.append(
                f"“{name}”列有 {levels} 类，数据只有 {units} 组：几乎一组一类，是名称或编号，不是特征。"
                "请去掉，或归成几类。"
            )
    if problems:
        raise DriverError(problems)


def refuse_collinear(z: np.ndarray, drivers: Sequence[str], groups: Mapping[str, np.ndarray]) -> None:
    """Raise DriverError where columns of ``z`` (n, k; mean 0, scale 1, intercept first) follow from others.

    ``groups`` maps each driver to the positions of its columns. Names all drivers in each dependence.
    """
    gram = z.T @ z / len(z)
    values, vectors = np.linalg.eigh(gram)
    # Columns have length 1: below this an eigenvalue is what rounding leaves of an exact dependence.
    lost = vectors[:, values < 1e-9]
    if lost.shape[1] == 0:
        return
    weight = (lost**2).sum(axis=1)
    involved = [name for name in drivers if weight[groups[name]].max() > 1e-4]
    raise DriverError(
        [
            f"{'、'.join(f'“{name}”' for name in involved)}共线：知道其中几项就能推出另一项"
            f"（重复 {lost.shape[1]} 列），各自的作用分不开。请去掉其中一项；"
            "楼龄与年份同用时，楼龄请改为竣工年代。"
        ]
    )


def _naming_problems(
    frame: pd.DataFrame, outcome: str, drivers: Sequence[str], others: Sequence[str]
) -> list[str]:
    """Say which columns are not there, there twice, or named for two things."""
    wanted = [outcome, *drivers, *others]
    problems = [
        f"表里没有“{name}”列；现有的列：{few(list(frame.columns), 12)}。"
        for name in wanted
        if name not in frame
    ]
    problems += [
        f"“{name}”列在表里出现不止一次，请改名。"
        for name in dict.fromkeys(wanted)
        if _is_repeated(frame, name)
    ]
    problems += [f"成因“{name}”列了两遍，请去掉一个。" for name in _doubled(drivers)]
    if not drivers:
        problems.append("没有给出任何成因，请至少给一列。")
    if outcome in drivers:
        problems.append(f"“{outcome}”是要解释的空置率，不能同时作成因。")
    return problems


def _outcome_problems(frame: pd.DataFrame, outcome: str) -> list[str]:
    column = frame[outcome]
    if pd.api.types.is_bool_dtype(column):
        return []
    if not pd.api.types.is_numeric_dtype(column):
        return [f"“{outcome}”列应为 0–1 的比率或 0/1，现有文字：{_texts(column)}。请改为数值。"]
    values = column.to_numpy(dtype="float64", na_value=np.nan)
    if np.isnan(values).all():
        return [f"“{outcome}”列全部空白，没有空置率可以解释。"]
    outside = np.isinf(values) | (values < 0) | (values > 1)
    if not outside.any():
        return []
    # One slip of 1.02 among rates is no percentage.
    are_percent = np.mean(values[~np.isnan(values)] > 1) >= _MEANT_AS_PERCENT and np.nanmax(values) <= 100
    hint = "看起来是百分数，请除以 100。" if are_percent and np.nanmin(values) >= 0 else "请更正或留空。"
    found = few([f"{value:g}" for value in values[outside]])
    return [f"“{outcome}”列有 {outside.sum()} 行不在 0–1 之间：{found}（{rows_zh(outside)}）。{hint}"]


def _driver_problems(column: pd.Series, reference: str | None) -> list[str]:
    name = column.name
    if pd.api.types.is_datetime64_any_dtype(column) or pd.api.types.is_timedelta64_dtype(column):
        return [f"“{name}”列是日期或时长，请先换算成年数（如楼龄），或改为文字分类。"]
    if column.isna().all():
        return []
    if not is_text(column):
        infinite = np.isinf(column.to_numpy(dtype="float64", na_value=np.nan))
        if infinite.any():
            return [
                f"“{name}”列有 {infinite.sum()} 行是无穷大（{rows_zh(infinite)}），"
                "多半是除以了 0 或对 0 取了对数。请更正或留空。"
            ]
        return []
    levels = column.dropna().astype("str")
    if reference is not None and str(reference) not in set(levels):
        return [f"“{name}”列没有参照类别“{reference}”；可选：{few(sorted(levels.unique()))}。"]
    numbers = pd.to_numeric(levels, errors="coerce").notna()
    texts = levels[~numbers].unique()
    if len(texts) and numbers.mean() >= _MEANT_AS_NUMBERS:
        return [f"“{name}”列大多是数值，却夹有文字：{few(list(texts))}。请改为数值，或留空。"]
    if not len(texts) and levels.nunique() > _MOST_NUMBERED_LEVELS:
        return [f"“{name}”列是以文字存放的数值（{few(list(levels.unique()), 3)}），请先转为数值。"]
    return []


def _weight_problems(weights: pd.Series) -> list[str]:
    if not pd.api.types.is_numeric_dtype(weights):
        return [f"权重“{weights.name}”列应为数值，现有文字：{_texts(weights)}。"]
    values = weights.to_numpy(dtype="float64", na_value=np.nan)
    wrong = np.isinf(values) | (values < 0)
    if wrong.any():
        return [f"权重“{weights.name}”列有 {wrong.sum()} 行为负或无穷大（{rows_zh(wrong)}）。请更正或留空。"]
    return [] if np.nansum(values) > 0 else [f"权重“{weights.name}”列合计为 0，没有可用的行。"]


def _is_repeated(frame: pd.DataFrame, name: str) -> bool:
    return name in frame and isinstance(frame[name], pd.DataFrame)


def _doubled(names: Sequence[str]) -> list[str]:
    return sorted({name for name in names if list(names).count(name) > 1})


def _texts(column: pd.Series) -> str:
    texts = column.dropna().astype("str")
    return few(list(texts[pd.to_numeric(texts, errors="coerce").isna()].unique()) or list(texts.unique()))
