"""Random grouped structures and the textbook formula to hold the sparse one against."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.tax.forecasting.reconciling import Hierarchy


@pytest.fixture(scope="session")
def grouped() -> Callable[..., Hierarchy]:
    """Return a maker of total, street, industry and street × industry over ``count`` bottom series."""

    def make(rng: np.random.Generator, count: int) -> Hierarchy:
        frame = pd.DataFrame(
            {
                "unique_id": [f"e{at:03d}" for at in range(count)],
                "street": rng.choice(list("abc"), count),
                "industry": rng.choice(list("xy"), count),
            }
        )
        return Hierarchy.from_frame(frame, [[], ["street"], ["industry"], ["street", "industry"]])

    return make


@pytest.fixture(scope="session")
def textbook() -> Callable[[Hierarchy, np.ndarray, np.ndarray], np.ndarray]:
    """Return S (S′W⁻¹S)⁻¹ S′W⁻¹ ŷ with dense matrices (FPP3 §11.3)."""

    def project(hierarchy: Hierarchy, covariance: np.ndarray, base: np.ndarray) -> np.ndarray:
        s = hierarchy.summing.toarray()
        weighted = s.T @ np.linalg.inv(covariance)
        return s @ np.linalg.solve(weighted @ s, weighted @ base)

    return project


@pytest.fixture(scope="session")
def frame_of() -> Callable[..., pd.DataFrame]:
    """Return a maker of forecast tables from means (nodes, periods); bounds 10 and 20 around, median 1 below."""

    def make(nodes: np.ndarray, mean: np.ndarray) -> pd.DataFrame:
        mean = np.asarray(mean, dtype="float64").reshape(len(nodes), -1)
        h = mean.shape[1]
        table = pd.DataFrame(
            {"unique_id": np.repeat(nodes, h), "ds": np.tile(np.arange(2021, 2021 + h), len(nodes))}
        )
        table["mean"] = mean.ravel()
        table["median"] = table["mean"] - 1
        for level, width in ((80, 10.0), (95, 20.0)):
            table[f"lo-{level}"], table[f"hi-{level}"] = table["mean"] - width, table["mean"] + width
        return table.assign(method="试用").sort_values(["unique_id", "ds"], ignore_index=True)

    return make


@pytest.fixture(scope="session")
def residuals_of() -> Callable[..., pd.DataFrame]:
    """Return a maker of residual tables from errors (nodes, points of time)."""

    def make(nodes: np.ndarray, errors: np.ndarray) -> pd.DataFrame:
        count = errors.shape[1]
        key = {"unique_id": np.repeat(nodes, count), "ds": np.tile(np.arange(count), len(nodes))}
        return pd.DataFrame({**key, "residual": errors.ravel()})

    return make
