"""Tax histories with known growth."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from louyu_lab.analysis.tax.history import TaxHistory


@pytest.fixture(scope="session")
def history_of() -> Callable[..., TaxHistory]:
    """Return a maker of histories from a table of taxes (元); buildings lie in two streets by turns."""

    def make(tax_yuan: np.ndarray, first: int = 2013) -> TaxHistory:
        tax = np.asarray(tax_yuan, dtype="float64")
        count, years = tax.shape
        return TaxHistory(
            building_id=np.array([f"L{at:03d}" for at in range(count)]),
            street=np.array([("北街", "南街")[at % 2] for at in range(count)]),
            is_standing=np.ones(count, dtype=bool),
            years=np.arange(first, first + years),
            tax_yuan=tax,
        )

    return make


@pytest.fixture(scope="session")
def grown() -> Callable[..., np.ndarray]:
    """Return a maker of taxes that grow by ``rate`` a year, with a shock common to all and one of their own."""

    def make(
        rng: np.random.Generator, buildings: int = 60, years: int = 8,
        rate: float = 0.05, common: float = 0.02, own: float = 0.1,
    ) -> np.ndarray:  # fmt: skip
        steps = rate + rng.normal(0, common, years - 1) + rng.normal(0, own, (buildings, years - 1))
        start = rng.lognormal(17, 1.2, (buildings, 1))
        return start * np.exp(np.cumsum(np.hstack([np.zeros((buildings, 1)), steps]), axis=1))

    return make
