"""A structure told by attributes of its bottom series: their groups, level by level."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import sparse

from louyu_lab.analysis.tax.forecasting.reconciling.faults import named, refuse

#: Name of the node that holds everything, and of its level.
TOTAL = "合计"

#: Level of the bottom series.
BOTTOM = "底层"

_HEAD = "层级结构有误"


def grouped_structure(
    frame: pd.DataFrame, levels: Sequence[Sequence[str]]
) -> tuple[np.ndarray, np.ndarray, sparse.csr_array, np.ndarray]:
    """Return ``nodes, bottom, summing, level`` as in ``Hierarchy``.

    ``frame`` has a row a bottom series: ``unique_id`` and the grouping columns. ``levels`` lists the columns
    of each level of aggregates, ``[]`` the total; the bottom level is understood. A node's name is 列=值
    joined by /, e.g. ``街道=北街/行业=金融``, that of the total 合计; its level is the columns joined by /.
    Aggregates are sorted within their level, bottom nodes by name.

    Raises ``ReconciliationError`` with everything wrong: no series, a missing column, an empty cell, a
    name used twice, a level given twice.
    """
    levels = [list(columns) for columns in levels]
    _check_frame(frame, levels)
    frame = frame.sort_values("unique_id", ignore_index=True)
    at, parts, names, level = np.arange(len(frame)), [], [], []
    for columns in levels:
        member, labels = _grouped(frame, columns)
        shape = (len(labels), len(frame))
        parts.append(sparse.csr_array((np.ones(len(frame)), (member, at)), shape=shape))
        names += labels
        level += ["/".join(columns) or TOTAL] * len(labels)
    bottom = frame["unique_id"].astype("str").to_numpy(dtype="str")
    refuse(_HEAD, [_twice(pd.Series([*names, *bottom]), "节点重名")])
    summing = sparse.vstack([*parts, sparse.eye_array(len(frame))], format="csr")
    return np.array([*names, *bottom]), bottom, summing, np.array([*level, *[BOTTOM] * len(bottom)])


def _grouped(frame: pd.DataFrame, columns: list[str]) -> tuple[np.ndarray, list[str]]:
    """Return each bottom row's group number and the groups' names, sorted by the columns' values."""
    if not columns:
        return np.zeros(len(frame), dtype="int64"), [TOTAL]
    grouped = frame.groupby(columns, sort=True)
    keys = grouped.size().index.to_frame(index=False).astype("str")
    labels = keys.apply(lambda row: "/".join(f"{name}={row[name]}" for name in columns), axis=1)
    return grouped.ngroup().to_numpy(), labels.tolist()


def _check_frame(frame: pd.DataFrame, levels: list[list[str]]) -> None:
    wanted = ["unique_id", *dict.fromkeys(name for columns in levels for name in columns)]
    missing = [name for name in wanted if name not in frame.columns]
    refuse(
        _HEAD,
        [
            f"缺少列 {'、'.join(missing)}" if missing else None,
            None if len(frame) else "没有任何序列，至少要有一行",
            _twice(pd.Series([tuple(columns) for columns in levels], dtype="object"), "同一层级写了两次"),
        ],
    )
    empty = [name for name in wanted if frame[name].isna().any()]
    refuse(
        _HEAD,
        [
            f"列 {'、'.join(empty)} 有空格，请补上再汇总" if empty else None,
            _twice(frame["unique_id"], "unique_id 重复"),
        ],
    )


def _twice(values: pd.Series, problem: str) -> str | None:
    again = values[values.duplicated()].drop_duplicates().tolist()
    return f"{problem}：{named(again)}" if again else None
