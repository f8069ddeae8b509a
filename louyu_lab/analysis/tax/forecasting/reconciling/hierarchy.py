"""What adds up to what: the nodes of a hierarchy or grouped structure and its summing matrix."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse

from louyu_lab.analysis.tax.forecasting.reconciling.faults import named, refuse
from louyu_lab.analysis.tax.forecasting.reconciling.groups import grouped_structure
from louyu_lab.analysis.tax.forecasting.reconciling.trees import tree_structure


@dataclass(frozen=True)
class Hierarchy:
    """Nodes and how they add up: y = S · (y of the bottom nodes).

    ``nodes`` (m,) the aggregates first, then the ``bottom`` nodes (n,); ``summing`` S (m, n) sparse, 1 where
    a bottom node belongs to a node; ``level`` (m,) each node's level by name. Aggregates may overlap:
    a building and an industry share enterprises.
    """

    nodes: np.ndarray
    bottom: np.ndarray
    summing: sparse.csr_array
    level: np.ndarray

    @classmethod
    def from_frame(cls, frame: pd.DataFrame, levels: Sequence[Sequence[str]]) -> Hierarchy:
        """Return the grouped structure of bottom series with attributes, see ``groups.grouped_structure``."""
        return cls(*grouped_structure(frame, levels))

    @classmethod
    def from_children(
        cls, children: Mapping[str, Sequence[str]], *, level: Mapping[str, str] | None = None
    ) -> Hierarchy:
        """Return the structure given by each parent's children, see ``trees.tree_structure``."""
        return cls(*tree_structure(children, level))

    @property
    def aggregating(self) -> sparse.csr_array:
        """The rows of S that belong to aggregates, (m − n, n)."""
        return self.summing[: len(self.nodes) - len(self.bottom)]

    def sums(self, bottom: np.ndarray) -> np.ndarray:
        """Return all nodes' values (m, …) from those of the bottom nodes (n, …)."""
        bottom = np.asarray(bottom, dtype="float64")
        rest = bottom.shape[1:]
        flat = bottom.reshape(len(self.bottom), math.prod(rest))
        return (self.summing @ flat).reshape(len(self.nodes), *rest)

    def aggregate(self, panel: pd.DataFrame) -> pd.DataFrame:
        """Return the history of every node from that of the bottom nodes.

        ``panel`` long frame ``unique_id, ds, y``; so is the result, sorted by node and ``ds``. A bottom node
        without a value in a period adds nothing to it; a period in which no member has one is left out.
        """
        panel = panel.astype({"unique_id": "str"})
        strange = sorted(set(panel["unique_id"]) - set(self.bottom.tolist()))
        refuse("历史有误", [f"不是最下层的节点：{named(strange)}" if strange else None])
        wide = panel.pivot(index="unique_id", columns="ds", values="y").reindex(self.bottom)
        values = wide.to_numpy(dtype="float64")
        y = self.sums(np.nan_to_num(values))
        y[self.sums(np.isfinite(values).astype("float64")) == 0] = np.nan
        table = pd.DataFrame(y, index=pd.Index(self.nodes, name="unique_id"), columns=wide.columns)
        return table.stack().rename("y").dropna().sort_index().reset_index()
