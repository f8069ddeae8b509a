"""The robustness value against Cinelli and Hazlett's own definition."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.vacancy.drivers.hidden import robustness


def fit(effects: list[float], errors: list[float], clusters: int = 60, width: int = 10) -> SimpleNamespace:
    table = pd.DataFrame({"driver": [f"x{i}" for i in range(len(effects))], "level": ""})
    return SimpleNamespace(
        effects=table.assign(effect_pp=effects, se_pp=errors),
        diagnostics=SimpleNamespace(clusters=clusters),
        design=SimpleNamespace(width=width),
    )


def test_by_hand() -> None:
    # Cinelli and Hazlett (2020), Darfur: t = 4.18 on 783 degrees of freedom, RV = 13.9 %.
    found = robustness(fit([4.18], [1.0], clusters=793, width=10))
    assert found["robustness"].iloc[0] == pytest.approx(0.139, abs=5e-4)


def test_such_a_trait_just_undoes_the_effect() -> None:
    # R² of the trait with driver and outcome both RV: the bias in standard errors, √(RV·RV/(1−RV)·dof), is t.
    for t in (0.5, 2.0, 6.0):
        value = robustness(fit([t], [1.0]))["robustness"].iloc[0]
        assert np.sqrt(value**2 / (1 - value) * 50) == pytest.approx(t)


def test_sign_does_not_matter_and_surer_effects_are_harder_to_undo() -> None:
    values = robustness(fit([-3.0, 3.0, 6.0, 0.0], [1.0, 1.0, 1.0, 1.0]))["robustness"].to_numpy()
    assert values[0] == values[1] < values[2] < 1
    assert values[3] == 0.0


def test_fewer_clusters_than_columns_and_no_error_at_all() -> None:
    assert robustness(fit([1.0], [1.0], clusters=5, width=10))["robustness"].between(0, 1).all()
    assert robustness(fit([0.0], [0.0]))["robustness"].tolist() == [0.0]
