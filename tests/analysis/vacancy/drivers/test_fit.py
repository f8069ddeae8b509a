"""The driver model against statsmodels, against its own formulas written out, and against planted truth."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import fractional_matrix_power
from scipy.special import expit

from louyu_lab.analysis.vacancy import DriverFit, fit_drivers
from louyu_lab.analysis.vacancy.drivers import sandwich

DRIVERS = ["age", "parking", "grade"]


def district(buildings: int = 60, years: int = 5, seed: int = 3, spread: float = 0.5) -> pd.DataFrame:
    """A panel whose vacancy follows a logit of age, parking and grade, with a fixed trait by building."""
    rng = np.random.default_rng(seed)
    n = buildings * years
    building = np.repeat(np.arange(buildings), years)
    frame = pd.DataFrame(
        {
            "building_id": [f"B{number:03d}" for number in building],
            "year": np.tile([str(2016 + i) for i in range(years)], buildings),
            "age": np.repeat(rng.uniform(0, 3, buildings), years),
            "parking": np.repeat(rng.normal(0.6, 0.2, buildings), years),
            "grade": np.repeat(rng.choice(["甲级", "乙级", "丙级"], buildings), years),
            "area": np.repeat(rng.uniform(5e3, 8e4, buildings), years),
            "rent": rng.normal(60, 10, n),
        }
    )
    eta = -1.8 + 0.3 * frame["age"] - 1.0 * frame["parking"] + 0.4 * (frame["grade"] == "丙级")
    eta += np.repeat(rng.normal(0, spread, buildings), years) + rng.normal(0, 0.3, n)
    frame["vacancy"] = expit(eta)
    return frame


def peer(frame: pd.DataFrame, fit: DriverFit, weights: str | None, cluster: str | None) -> object:
    """The same regression by statsmodels."""
    x = fit.design.matrix(frame)
    w = None if weights is None else frame[weights].to_numpy() / frame[weights].mean()
    model = sm.GLM(frame["vacancy"].to_numpy(), x, family=sm.families.Binomial(), var_weights=w)
    groups = pd.factorize(frame[cluster])[0] if cluster else np.arange(len(frame))
    return model.fit(cov_type="cluster", cov_kwds={"groups": groups}, tol=1e-14, maxiter=100)


@pytest.mark.filterwarnings("ignore:cov_type not fully supported")
@pytest.mark.parametrize("weights", [None, "area"])
@pytest.mark.parametrize("cluster", [None, "building_id"])
def test_statsmodels_finds_the_same(weights: str | None, cluster: str | None) -> None:
    frame = district()
    fit = fit_drivers(frame, "vacancy", [*DRIVERS, "rent", "year"], weights=weights, cluster=cluster)
    other = peer(frame, fit, weights, cluster)
    # 1e-6 is what is promised; both solve the same equations in doubles.
    assert fit.beta == pytest.approx(other.params, rel=1e-6, abs=1e-9)
    assert fit.coefficients["coefficient"].to_numpy() == pytest.approx(other.params, rel=1e-6, abs=1e-9)
    assert fit.coefficients["se_cr1"].to_numpy() == pytest.approx(other.bse, rel=1e-6)
    assert fit.predict(frame) == pytest.approx(other.fittedvalues, rel=1e-6)


def test_effects_are_those_of_statsmodels() -> None:
    frame = district()
    fit = fit_drivers(frame, "vacancy", DRIVERS, cluster="building_id")
    other = peer(frame, fit, None, "building_id")
    slopes = other.get_margeff(dummy=False).margeff
    effects = fit.effects.set_index(["driver", "level"])["effect_pp"]
    assert effects["age", ""] == pytest.approx(100 * slopes[0], rel=1e-8)
    assert effects["parking", ""] == pytest.approx(100 * slopes[1], rel=1e-8)
    # A level: everybody put into it, against everybody in the reference (丙级 sorts first).
    assert fit.design.columns[2].reference == "丙级"
    apart = [fit.predict(frame.assign(grade=grade)).mean() for grade in ("甲级", "丙级")]
    assert effects["grade", "甲级"] == pytest.approx(100 * (apart[0] - apart[1]), rel=1e-10)


def test_reference_turns_the_sign() -> None:
    frame = district()
    one = fit_drivers(frame, "vacancy", DRIVERS, reference={"grade": "甲级"}).effects
    other = fit_drivers(frame, "vacancy", DRIVERS, reference={"grade": "丙级"}).effects
    up = one.loc[one["level"] == "丙级", "effect_pp"].iloc[0]
    down = other.loc[other["level"] == "甲级", "effect_pp"].iloc[0]
    assert up == pytest.approx(-down, rel=1e-9)


def test_a_yes_or_no_is_the_step_and_a_flag_the_same() -> None:
    frame = district().assign(metro=lambda rows: (rows["area"] > 3e4).astype("int64"))
    number = fit_drivers(frame, "vacancy", ["age", "metro"], cluster="building_id").effects.iloc[1]
    flag = fit_drivers(
        frame.assign(metro=frame["metro"] == 1), "vacancy", ["age", "metro"], cluster="building_id"
    )
    fit = fit_drivers(frame, "vacancy", ["age", "metro"])
    step = fit.predict(frame.assign(metro=1)).mean() - fit.predict(frame.assign(metro=0)).mean()
    assert number["effect_pp"] == pytest.approx(100 * step, rel=1e-9)
    told = flag.effects.iloc[1]
    assert (told["driver"], told["level"]) == ("metro", "True")
    assert told[["effect_pp", "se_pp", "p_value"]].tolist() == pytest.approx(
        number[["effect_pp", "se_pp", "p_value"]].tolist(), rel=1e-7
    )


@pytest.mark.parametrize("power", [sandwich.CR2, sandwich.CR3])
@pytest.mark.parametrize("clustered", [True, False])
def test_standard_errors_written_out(power: float, clustered: bool) -> None:
    """Bell & McCaffrey (2002) with the n × n hat matrix, as the papers have it."""
    frame = district(buildings=12, years=3)
    y, x = frame["vacancy"].to_numpy(), np.column_stack([np.ones(36), frame["age"], frame["parking"]])
    beta = fit_drivers(frame, "vacancy", ["age", "parking"]).beta
    mu = expit(x @ beta)
    curve = mu * (1 - mu)
    wx = x * np.sqrt(curve)[:, None]
    bread = np.linalg.inv(wx.T @ wx)
    hat = wx @ bread @ wx.T
    codes = pd.factorize(frame["building_id"])[0] if clustered else np.arange(36)
    target = np.array([[0.0, 1.0, 0.0], [0.2, -1.0, 3.0]])
    seen = []
    for group in range(codes.max() + 1):
        own = codes == group
        lever = fractional_matrix_power(np.eye(own.sum()) - hat[np.ix_(own, own)], -power)
        half = np.zeros((36, len(target)))
        half[own] = lever @ wx[own] @ bread @ target.T
        seen.append(half)
    working = (y - mu) / np.sqrt(curve)
    draws = np.stack([half.T @ working for half in seen])
    variance = (draws**2).sum(axis=0)
    if power == sandwich.CR3:
        variance *= codes.max() / (codes.max() + 1)
    rows = sandwich.Rows(x, y - mu, curve, x.T @ (x * curve[:, None]), codes if clustered else None)
    found = sandwich.uncertainty(rows, target, power)
    assert found.se == pytest.approx(np.sqrt(variance), rel=1e-8)
    left = np.eye(36) - hat
    for contrast in range(len(target)):
        sides = np.stack([half[:, contrast] for half in seen])
        form = sides @ left @ sides.T
        assert found.dof[contrast] == pytest.approx(np.trace(form) ** 2 / (form**2).sum(), rel=1e-8)


def test_cr3_is_the_jackknife() -> None:
    frame = district(buildings=40)
    fit = fit_drivers(frame, "vacancy", DRIVERS, cluster="building_id")
    ids = frame["building_id"].unique()
    without = np.stack(
        [fit_drivers(frame[frame["building_id"] != one], "vacancy", DRIVERS).beta for one in ids]
    )
    exact = np.sqrt(39 / 40 * ((without - fit.beta) ** 2).sum(axis=0))
    # One Newton step from the optimum against going all the way: the difference is of second order.
    assert fit.coefficients["se_cr3"].to_numpy() == pytest.approx(exact, rel=0.06)
    assert (fit.coefficients["se_cr3"] > fit.coefficients["se"]).all()
    worst = fit.diagnostics.influence.set_index("driver").loc["age"]
    refit = fit_drivers(frame[frame["building_id"] != worst["cluster"]], "vacancy", DRIVERS)
    # The effects of the whole frame and of the rest average over slightly other rows.
    assert worst["without_pp"] == pytest.approx(refit.effects["effect_pp"].iloc[0], rel=0.05)


@settings(max_examples=15, deadline=None)
@given(
    scale=st.sampled_from([1e-6, 0.1, 1e6]),
    shift=st.sampled_from([0.0, -50.0, 2000.0]),
    seed=st.integers(0, 99),
)
def test_units_and_order_change_nothing(scale: float, shift: float, seed: int) -> None:
    frame = district(buildings=30, years=3)
    plain = fit_drivers(frame, "vacancy", DRIVERS, cluster="building_id").effects
    other = frame.assign(age=frame["age"] * scale + shift * scale).sample(frac=1, random_state=seed)
    moved = fit_drivers(other, "vacancy", DRIVERS[::-1], cluster="building_id").effects
    both = plain.merge(moved, on=["driver", "level"], suffixes=("", "_moved"))
    factor = np.where(both["driver"] == "age", scale, 1.0)
    for column in ("effect_pp", "se_pp", "lo_pp", "hi_pp"):
        # Columns are brought to one scale first; 1e-6 leaves room for a shift of 2,000 times the spread.
        assert both[f"{column}_moved"].to_numpy() * factor == pytest.approx(both[column].to_numpy(), rel=1e-6)
    assert both["p_value_moved"].to_numpy() == pytest.approx(both["p_value"].to_numpy(), rel=1e-5, abs=1e-12)


def test_bootstrap_is_a_loop_of_fits() -> None:
    frame = district(buildings=25, years=3)
    fit = fit_drivers(frame, "vacancy", DRIVERS, weights="area", cluster="building_id")
    drawn = fit.bootstrap(4, np.random.default_rng(5))
    counts = np.random.default_rng(5).multinomial(25, np.full(25, 1 / 25), size=4)
    codes = pd.factorize(frame["building_id"], sort=True)[0]
    for draw, count in zip(drawn, counts, strict=True):
        times = count[codes]
        again = fit_drivers(
            frame.loc[frame.index.repeat(times)],
            "vacancy",
            DRIVERS,
            weights="area",
            reference={"grade": "丙级"},
        )
        assert draw == pytest.approx(again.beta, rel=1e-6)


def test_bootstrap_spread_agrees_with_the_errors() -> None:
    fit = fit_drivers(district(), "vacancy", DRIVERS, cluster="building_id")
    spread = fit.bootstrap(600, np.random.default_rng(1)).std(axis=0)
    # 600 draws tell a spread to 3 %; the bootstrap of 60 clusters itself is off by some 10 %.
    assert spread == pytest.approx(fit.coefficients["se"].to_numpy(), rel=0.25)


def test_mundlak_finds_the_change_within() -> None:
    """Buildings with high rents have a trait that fills them; within a building rent empties it."""
    rng = np.random.default_rng(11)
    trait = np.repeat(rng.normal(0, 1, 150), 6)
    frame = pd.DataFrame({"building_id": np.repeat(np.arange(150), 6), "rent": trait + rng.normal(0, 1, 900)})
    frame["vacancy"] = expit(-1.5 + 0.4 * frame["rent"] - 1.2 * trait + rng.normal(0, 0.2, 900))
    pooled = fit_drivers(frame, "vacancy", ["rent"], cluster="building_id")
    within = fit_drivers(frame, "vacancy", ["rent"], cluster="building_id", mundlak="building_id")
    density = np.mean(frame["vacancy"] * (1 - frame["vacancy"]))
    assert pooled.effects["effect_pp"].iloc[0] < 0
    # Truth: the derivative 0.4 times the mean of v(1 − v), in points; sampling error about 3 %.
    assert within.effects["effect_pp"].iloc[0] == pytest.approx(40 * density, rel=0.10)
    assert within.coefficients["is_mean"].tolist() == [False, False, True]
    assert len(within.effects) == 1


def test_mundlak_means_are_those_of_the_panel() -> None:
    frame = district()
    fit = fit_drivers(frame, "vacancy", ["rent", "age"], cluster="building_id", mundlak="building_id")
    now = frame["year"] == "2018"
    assert fit.predict(frame[now]) == pytest.approx(fit.predict(frame)[now], rel=1e-12)
    unknown = frame[now].assign(building_id="X")
    assert np.isfinite(fit.predict(unknown)).all()


def test_draws_have_the_spread_of_cr2_whatever_the_units() -> None:
    frame = district(buildings=30)
    plain = fit_drivers(frame, "vacancy", DRIVERS, cluster="building_id")
    # A driver far from zero: the intercept and its slope nearly cancel, and must go on cancelling.
    moved_frame = frame.assign(age=frame["age"] * 10 + 500)
    moved = fit_drivers(moved_frame, "vacancy", DRIVERS, cluster="building_id")
    one, other = (fit.draws(200, np.random.default_rng(3)) for fit in (plain, moved))
    rates = [
        expit(fit.design.matrix(rows) @ drawn.T)
        for fit, rows, drawn in ((plain, frame, one), (moved, moved_frame, other))
    ]
    assert rates[0] == pytest.approx(rates[1], rel=1e-6)
    # The draws' own covariance is mapped onto CR2's, each direction widened by the same factor for its t.
    ratio = one.std(axis=0, ddof=1)[1:] / plain.coefficients["se"].to_numpy()[1:]
    assert ratio == pytest.approx(np.full(len(ratio), ratio[0]), rel=1e-6)
    assert 1.0 < ratio[0] < 1.2


def test_mundlak_leaves_fixed_traits_alone() -> None:
    frame = district()
    plain = fit_drivers(frame, "vacancy", DRIVERS, cluster="building_id")
    panel = fit_drivers(frame, "vacancy", DRIVERS, cluster="building_id", mundlak="building_id")
    pd.testing.assert_frame_equal(plain.effects, panel.effects)


def test_intervals_hold_their_level_where_cr1_does_not() -> None:
    """Twenty clusters of unequal leverage: 90 % intervals from CR2 against those from CR1."""
    from scipy.stats import t as student

    held = np.zeros(2)
    rounds = 150
    for seed in range(rounds):
        rng = np.random.default_rng(seed)
        trait, size = rng.exponential(1, 20), rng.normal(0, 0.7, 20)
        x = np.repeat(trait, 4)
        # Normal heterogeneity flattens the logit; a null effect is exactly null all the same.
        frame = pd.DataFrame({"b": np.repeat(np.arange(20), 4), "x": x})
        frame["vacancy"] = expit(-1 + np.repeat(size, 4) + rng.normal(0, 0.2, 80))
        fit = fit_drivers(frame, "vacancy", ["x"], cluster="b", level=0.9)
        held[0] += fit.effects["lo_pp"].iloc[0] <= 0 <= fit.effects["hi_pp"].iloc[0]
        row = fit.coefficients.iloc[1]
        held[1] += abs(row["coefficient"]) <= student.ppf(0.95, 19) * row["se_cr1"]
    coverage = held / rounds
    # Monte Carlo error of 150 rounds is √(0.9 · 0.1 / 150) = 2.4 points: two of them around the nominal level.
    assert 0.85 <= coverage[0] <= 0.95
    assert coverage[1] < coverage[0] - 0.02


def test_rows_that_lack_something_are_counted() -> None:
    frame = district()
    frame.loc[[0, 1], "age"] = np.nan
    frame.loc[[2], "grade"] = None
    frame.loc[[3, 4, 5], "vacancy"] = np.nan
    fit = fit_drivers(frame, "vacancy", DRIVERS, cluster="building_id")
    assert (fit.diagnostics.rows, fit.diagnostics.rows_without_outcome) == (294, 3)
    assert fit.diagnostics.rows_per_driver_missing.to_dict("records") == [
        {"driver": "age", "rows": 2},
        {"driver": "grade", "rows": 1},
    ]
    predicted = fit.predict(frame)
    assert np.isnan(predicted[[0, 1, 2]]).all()
    assert np.isfinite(predicted[3:]).all()
    assert np.isfinite(fit.design.matrix(frame, fill=True)).all()
    assert set(fit.effects.loc[fit.effects["driver"] != "grade", "n"]) == {294}
