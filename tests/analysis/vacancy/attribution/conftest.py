"""A fitted model whose coefficients are known, and a district it was fitted on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from louyu_lab.analysis.vacancy.drivers.design import Design, learn_design


@dataclass(frozen=True)
class KnownFit:
    """A fit with coefficients ``beta`` (k,) whose draws are normal with ``se`` (k,)."""

    design: Design
    beta: np.ndarray
    se: np.ndarray
    level: float = 0.90
    diagnostics: SimpleNamespace = field(default_factory=lambda: aside())

    def predict(self, frame: pd.DataFrame) -> np.ndarray:
        return expit(self.design.matrix(frame, fill=True) @ self.beta)

    def draws(self, replicates: int, rng: np.random.Generator) -> np.ndarray:
        return self.beta + self.se * rng.normal(size=(replicates, len(self.beta)))


def aside(refused: tuple[str, ...] = (), separated: tuple[tuple[str, str], ...] = ()) -> SimpleNamespace:
    """What a fit left out: drivers, and levels of a driver."""
    return SimpleNamespace(
        refused=pd.DataFrame({"driver": list(refused)}),
        separated=pd.DataFrame(list(separated), columns=["driver", "level"]),
    )


#: Coefficients of intercept, owners, age, lifts and of the years 2019 and 2020 against 2018.
BETA = np.array([-1.6, 0.5, 0.3, 0.2, 0.1, 0.4])


@pytest.fixture
def known_fit() -> Callable[..., KnownFit]:
    """Make a fit of numbers (and texts) of a frame with given coefficients, standard errors 0.1."""

    def make(frame: pd.DataFrame, drivers: list[str], beta: list[float], **left_out: tuple) -> KnownFit:
        design = learn_design(frame, drivers, {}, None)
        design = replace(design, fill=design.matrix(frame).mean(axis=0))
        se = np.full(len(beta), 0.1)
        return KnownFit(design, np.array(beta, dtype="float64"), se, diagnostics=aside(**left_out))

    return make


@pytest.fixture
def district() -> pd.DataFrame:
    """Forty buildings in three years, in three streets, their rates scattered around the model's."""
    rng = np.random.default_rng(11)
    buildings = pd.DataFrame(
        {
            "building_id": [f"L{at:02d}" for at in range(40)],
            "street": [("南街", "北街", "东街")[at % 3] for at in range(40)],
            "owners": rng.normal(0, 1, 40),
            "age": rng.normal(0, 1, 40),
            "lifts": rng.normal(0, 1, 40),
            "area_sqm": rng.uniform(5e3, 1.2e5, 40).round(),
        }
    )
    frame = buildings.merge(pd.DataFrame({"year": ["2018", "2019", "2020"]}), how="cross")
    years = frame["year"].map({"2018": 0.0, "2019": 0.1, "2020": 0.4})
    linear = -1.6 + frame[["owners", "age", "lifts"]].to_numpy() @ BETA[1:4] + years.to_numpy()
    rates = expit(linear + rng.normal(0, 0.5, len(frame)))
    return frame.assign(vacant_sqm=(rates * frame["area_sqm"]).round(1))
