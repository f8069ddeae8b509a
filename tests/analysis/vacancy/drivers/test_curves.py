"""Effect curves against the formula written out, and their bounds against the coefficients' own spread."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from louyu_lab.analysis.vacancy.drivers.curves import BEYOND, POINTS, effect_curves
from louyu_lab.analysis.vacancy.drivers.fit import fit_drivers
from louyu_lab.analysis.vacancy.drivers.result import DriverFit


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    rng = np.random.default_rng(4)
    age, parking = rng.uniform(0, 4, 80), rng.normal(0, 1, 80)
    rows = pd.DataFrame(
        {
            "building_id": np.repeat([f"B{i:02d}" for i in range(80)], 3),
            "year": np.tile(["2018", "2019", "2020"], 80),
            "age": np.repeat(age, 3),
            "parking": np.repeat(parking, 3),
        }
    )
    eta = -1.5 + 0.5 * rows["age"] + 0.0 * rows["parking"] + np.repeat(rng.normal(0, 0.3, 80), 3)
    return rows.assign(vacancy=expit(eta + rng.normal(0, 0.2, len(rows))))


@pytest.fixture(scope="module")
def fit(frame: pd.DataFrame) -> DriverFit:
    return fit_drivers(frame, "vacancy", ["age", "parking", "year"], cluster="building_id", level=0.90)


def test_a_point_is_the_mean_rate_with_everybody_there(frame: pd.DataFrame, fit: DriverFit) -> None:
    curve = effect_curves(fit, frame, ["age"], replicates=20)
    assert len(curve) == POINTS
    ends = np.quantile(frame["age"], [BEYOND, 1 - BEYOND])
    assert curve["value"].iloc[[0, -1]].to_numpy() == pytest.approx(ends)
    for row in curve.iloc[[0, 12, 24]].itertuples():
        assert row.rate == pytest.approx(fit.predict(frame.assign(age=row.value)).mean(), rel=1e-12)


def test_the_slope_is_the_effect(frame: pd.DataFrame, fit: DriverFit) -> None:
    # Over a range around the mean the curve rises by about the average partial effect a unit.
    curve = effect_curves(fit, frame, ["age"], replicates=2)
    rise = 100 * np.ptp(curve["rate"]) / np.ptp(curve["value"])
    assert rise == pytest.approx(fit.effects.set_index("driver").loc["age", "effect_pp"], rel=0.1)


def test_bounds_hold_the_line_and_are_those_of_the_level(frame: pd.DataFrame, fit: DriverFit) -> None:
    curve = effect_curves(fit, frame, ["age", "parking"], replicates=400, seed=1)
    assert (curve["lo"] <= curve["rate"]).all() and (curve["rate"] <= curve["hi"]).all()
    draws = fit.draws(400, np.random.default_rng(1))
    x = fit.design.matrix(frame)
    value = curve.loc[curve["driver"] == "age", "value"].iloc[0]
    x[:, fit.design.columns_of("age")[0]] = value
    rates = expit(x @ draws.T).mean(axis=0)
    bounds = curve[curve["driver"] == "age"].iloc[0][["lo", "hi"]].to_numpy(dtype="float64")
    assert bounds == pytest.approx(np.quantile(rates, [0.05, 0.95]), rel=1e-9)


def test_blanks_stand_at_the_mean(frame: pd.DataFrame, fit: DriverFit) -> None:
    blank = frame.assign(parking=frame["parking"].mask(frame.index % 5 == 0))
    filled = frame.assign(parking=frame["parking"].where(frame.index % 5 != 0, frame["parking"].mean()))
    one, other = (effect_curves(fit, rows, ["age"], replicates=5) for rows in (blank, filled))
    pd.testing.assert_frame_equal(one, other)


def test_equal_seeds_equal_curves_and_none_is_an_empty_table(frame: pd.DataFrame, fit: DriverFit) -> None:
    one, other, third = (effect_curves(fit, frame, ["age"], 10, seed) for seed in (2, 2, 3))
    pd.testing.assert_frame_equal(one, other)
    assert not np.allclose(one["lo"], third["lo"])
    assert list(effect_curves(fit, frame, []).columns) == ["driver", "value", "rate", "lo", "hi"]
