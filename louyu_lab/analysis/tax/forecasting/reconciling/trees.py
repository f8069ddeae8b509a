"""A structure told by each parent's children: order, levels, summing matrix, and what can be wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

import numpy as np
from scipy import sparse

from louyu_lab.analysis.tax.forecasting.reconciling.faults import named, refuse


def tree_structure(
    children: Mapping[str, Sequence[str]], level: Mapping[str, str] | None = None
) -> tuple[np.ndarray, np.ndarray, sparse.csr_array, np.ndarray]:
    """Return ``nodes, bottom, summing, level`` as in ``Hierarchy``.

    ``level`` names nodes' levels; else they are 第1层, 第2层 … by the longest distance from a top.

    Aggregates stand in the order of ``children``, bottom nodes in that of their first mention; several
    tops and any depth are allowed. A node may have several parents (a building and an industry), as long
    as none of its ancestors reaches it in two ways: that would count it twice.

    Raises ``ReconciliationError`` with everything wrong: nothing given, a parent without children, a child
    named twice by its parent, a circle, a node counted twice, levels of unknown nodes.
    """
    children = {str(parent): [str(child) for child in each] for parent, each in children.items()}
    _check(children)
    order = _parents_first(children)
    bottom = list(
        dict.fromkeys(child for each in children.values() for child in each if child not in children)
    )
    nodes = [*children, *bottom]
    summing = _summing(children, order, nodes, bottom)
    doubled = np.unique(np.array(nodes)[np.unique(summing.nonzero()[0][summing.data > 1])])
    strange = sorted(set(level or ()) - set(nodes))
    refuse(
        "层级结构有误",
        [
            f"下级经由两条路重复计入：{named(doubled.tolist())}；交叉分组请各立顶层"
            if len(doubled)
            else None,
            f"层级名称所指的节点不存在：{named(strange)}" if strange else None,
        ],
    )
    depth = _depths(children, order)
    named_level = [(level or {}).get(name, f"第{depth[name] + 1}层") for name in nodes]
    return np.array(nodes), np.array(bottom), summing, np.array(named_level)


def _check(children: Mapping[str, Sequence[str]]) -> None:
    barren = [parent for parent, each in children.items() if not each]
    again = [parent for parent, each in children.items() if len(set(each)) < len(each)]
    refuse(
        "层级结构有误",
        [
            None if children else "没有任何节点",
            f"没有下级的上级节点：{named(barren)}" if barren else None,
            f"同一下级写了两次的节点：{named(again)}" if again else None,
        ],
    )


def _parents_first(children: Mapping[str, Sequence[str]]) -> list[str]:
    try:
        # The sorter returns what a node depends on first: children before parents.
        return list(TopologicalSorter(children).static_order())[::-1]
    except CycleError as error:
        circle = " → ".join(error.args[1][::-1])
        refuse("层级结构有误", [f"上下级成了环：{circle}"])
        raise


def _summing(
    children: Mapping[str, Sequence[str]], order: list[str], nodes: list[str], bottom: list[str]
) -> sparse.csr_array:
    """Return S; an entry above 1 tells that a bottom node is reached in several ways."""
    place = {name: at for at, name in enumerate(bottom)}
    member = {name: {at: 1} for name, at in place.items()}
    for parent in reversed([name for name in order if name in children]):
        reached: dict[int, int] = {}
        for child in children[parent]:
            for at, times in member[child].items():
                reached[at] = reached.get(at, 0) + times
        member[parent] = reached
    row = np.repeat(np.arange(len(nodes)), [len(member[name]) for name in nodes])
    column = [at for name in nodes for at in sorted(member[name])]
    value = [float(member[name][at]) for name in nodes for at in sorted(member[name])]
    return sparse.csr_array((value, (row, column)), shape=(len(nodes), len(bottom)))


def _depths(children: Mapping[str, Sequence[str]], order: list[str]) -> dict[str, int]:
    """Return each node's longest distance from a top."""
    depth = dict.fromkeys(order, 0)
    for parent in order:
        for child in children.get(parent, ()):
            depth[child] = max(depth[child], depth[parent] + 1)
    return depth
