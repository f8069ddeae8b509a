"""Consequences of emptiness are refused by mark, by name and by what the rows say; plain traits never are."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.vacancy import DriverError, fit_drivers
from louyu_lab.analysis.vacancy.drivers.screening import CONSEQUENCE, MEASUREMENT, screened


@pytest.fixture(scope="module")
def register() -> pd.DataFrame:
    """A register of 6,000 units: one in eight empty, offices twice as often; reliefs as councils give them."""
    rng = np.random.default_rng(4)
    n = 6000
    use = rng.choice(["商铺", "办公", "车位", "厂房"], n, p=[0.45, 0.2, 0.05, 0.3])
    size = rng.normal(9, 1, n)
    rate = pd.Series(use).map({"商铺": 0.09, "办公": 0.22, "车位": 0.004, "厂房": 0.11}).to_numpy()
    empty = rng.random(n) < rate * np.exp(-0.3 * (size - 9))
    amount = np.where(~empty & (rng.random(n) < 0.5), rng.lognormal(7, 1, n), 0.0)
    slip = ~empty & (rng.random(n) < 0.002)
    return pd.DataFrame(
        {
            "empty": empty.astype(float),
            "use": use,
            "size": size,
            "q_amount": amount,
            "q_kind": np.where(empty & (rng.random(n) < 0.7) | slip, rng.choice(["A", "B", "C"], n), None),
            "q_flag": amount > 0,
            "q_meter": np.where(empty, rng.lognormal(0, 0.5, n), rng.lognormal(6, 1, n)),
            "q_date": pd.Series(np.where(empty, "2019-01-01", None)),
        }
    )


@pytest.mark.parametrize("name", ["q_amount", "q_kind", "q_flag", "q_meter", "q_date"])
def test_rows_give_a_consequence_away(register: pd.DataFrame, name: str) -> None:
    fit = fit_drivers(register, "empty", ["use", "size", name], reference={"use": "商铺"})
    assert fit.diagnostics.refused["driver"].tolist() == [name]
    assert fit.diagnostics.refused["kind"].tolist() == [CONSEQUENCE]
    assert name not in set(fit.effects["driver"])
    offices = fit.effects.set_index("level").loc["办公"]
    assert offices["lo_pp"] > 0


def test_one_driver_that_explains_most_and_forced_it_stays(register: pd.DataFrame) -> None:
    rng = np.random.default_rng(1)
    noisy = register.assign(x=np.where(register["empty"] == 1, 2.6, -2.6) + rng.normal(0, 1.5, 6000))
    assert fit_drivers(noisy, "empty", ["use", "x"]).diagnostics.refused["driver"].tolist() == ["x"]
    forced = fit_drivers(noisy, "empty", ["use", "x"], allow_consequences=["x"])
    assert "x" in set(forced.effects["driver"])
    assert len(forced.diagnostics.refused) == 0


@pytest.mark.parametrize(
    "name",
    [
        *(
            "relief",
            "MandatoryRelief",
            "relief_code",
            "Exempt",
            "exemption type",
            "empty_from",
            "DateVacated",
        ),
        *("小微减免额", "减税", "用电量", "energy_use_kwh", "停业日期", "企业户数", "tax_yuan", "闲置原因"),
    ],
)
def test_names_that_tell(register: pd.DataFrame, name: str) -> None:
    harmless = register.assign(**{name: register["size"]})
    assert screened(harmless, "empty", [name], None).refused["driver"].tolist() == [name]


@pytest.mark.parametrize(
    "name",
    [
        *(
            "relief_road_distance",
            "exempt_zone",
            "energy_rating",
            "electric_car_chargers",
            "evacuated_floors",
        ),
        *("用电容量(kVA)", "能耗等级", "绿色建筑能耗等级", "用水户数", "空置率上限"),
    ],
)
def test_names_that_do_not(register: pd.DataFrame, name: str) -> None:
    harmless = register.assign(**{name: register["size"]})
    assert len(screened(harmless, "empty", [name], None).refused) == 0


@pytest.mark.parametrize("noted", [0.0, 0.01, 0.03])
@pytest.mark.parametrize("form", ["flag", "amount", "percent"])
def test_a_relief_with_slips_is_caught(noted: float, form: str) -> None:
    """Held by 45 % of the occupied, noted on up to 3 % of the empty as well."""
    rng = np.random.default_rng(7)
    empty = rng.random(4000) < 0.11
    held = np.where(empty, rng.random(4000) < noted, rng.random(4000) < 0.45)
    forms = {
        "flag": np.where(held, "Y", "N"),
        "amount": held * rng.lognormal(7, 1, 4000),
        "percent": held * rng.choice([50.0, 80.0, 100.0], 4000),
    }
    frame = pd.DataFrame({"v": empty.astype(float), "q": forms[form]})
    assert screened(frame, "v", ["q"], None).refused["driver"].tolist() == ["q"]


def test_an_exemption_of_few_with_slips_is_caught() -> None:
    rng = np.random.default_rng(9)
    empty = rng.random(6000) < 0.11
    held = np.where(empty, rng.random(6000) < 0.4, rng.random(6000) < 0.003)
    frame = pd.DataFrame({"v": empty.astype(float), "q": np.where(held, "Y", "N")})
    assert screened(frame, "v", ["q"], None).refused["driver"].tolist() == ["q"]


def test_a_use_hardly_ever_empty_and_a_strong_slope_are_traits() -> None:
    rng = np.random.default_rng(12)
    use = rng.choice(["carpark", *(f"U{i}" for i in range(60))], 8000, p=[0.12, *np.full(60, 0.88 / 60)])
    size = rng.normal(0, 1, 8000)
    rate = np.where(use == "carpark", 0.002, 1 / (1 + np.exp(1.6 - 2.5 * size)))
    frame = pd.DataFrame({"v": (rng.random(8000) < rate).astype(float), "use": use, "size": size})
    found = screened(frame, "v", ["use", "size"], None)
    assert len(found.refused) == 0
    assert any("“size”" in doubt for doubt in found.suspicions)


def test_a_rate_told_all_but_exactly_is_asked_about() -> None:
    rng = np.random.default_rng(2)
    rate = rng.uniform(0.02, 0.6, 200)
    frame = pd.DataFrame(
        {"v": rate, "meter": (1 - rate) * 100 + rng.normal(0, 3, 200), "age": rng.normal(size=200)}
    )
    fit = fit_drivers(frame, "v", ["meter", "age"])
    assert any("“meter”与空置率几乎同升同降" in text for text in fit.diagnostics.cautions)


@pytest.mark.parametrize("name", ["use", "size"])
def test_plain_traits_stay(register: pd.DataFrame, name: str) -> None:
    # 车位 is next to always let, but rare: a trait.
    assert len(screened(register, "empty", [name], None).refused) == 0


def test_small_districts_are_not_accused() -> None:
    """Eighty buildings over six years with a strong trait and one quite full kind of building."""
    for seed in range(20):
        rng = np.random.default_rng(seed)
        grade = rng.choice(["超甲级", "甲级", "乙级", "丙级"], 80, p=[0.1, 0.3, 0.4, 0.2])
        rate = pd.Series(grade).map({"超甲级": 0.01, "甲级": 0.06, "乙级": 0.2, "丙级": 0.4}).to_numpy()
        vacancy = np.repeat(rate * rng.uniform(0.2, 1.8, 80), 6).clip(0, 1)
        frame = pd.DataFrame({"b": np.repeat(np.arange(80), 6), "grade": np.repeat(grade, 6), "v": vacancy})
        assert len(screened(frame, "v", ["grade"], "b").refused) == 0


def test_blanks_that_depend_on_the_outcome() -> None:
    rng = np.random.default_rng(2)
    frame = pd.DataFrame({"v": rng.uniform(0, 0.6, 300), "owners": rng.lognormal(2, 1, 300)})
    by_chance = frame.assign(owners=frame["owners"].mask(rng.random(300) < 0.15))
    assert len(screened(by_chance, "v", ["owners"], None).refused) == 0
    by_outcome = frame.assign(owners=frame["owners"].mask((frame["v"] > 0.4) & (rng.random(300) < 0.4)))
    refused = screened(by_outcome, "v", ["owners"], None).refused
    assert refused["kind"].tolist() == [MEASUREMENT]
    assert "填不填与空置有关" in refused["reason"].iloc[0]


def test_outcome_left_out_for_some_is_bounded() -> None:
    """分散产权 excluded from occupancy: their vacancy is not known, so owners cannot be compared, only bounded."""
    rng = np.random.default_rng(6)
    owners = rng.choice(["单一产权", "分散产权"], 200)
    vacancy = pd.Series(rng.uniform(0.1, 0.3, 200)).mask((owners == "分散产权") & (rng.random(200) < 0.5))
    frame = pd.DataFrame({"v": vacancy, "owners": owners, "age": rng.uniform(0, 30, 200)})
    fit = fit_drivers(frame, "v", ["owners", "age"])
    assert fit.diagnostics.refused["driver"].tolist() == ["owners"]
    bounds = fit.diagnostics.bounds.set_index("stratum").loc["分散产权"]
    share = frame.loc[owners == "分散产权", "v"].isna().mean()
    # With every unknown vacancy 0 or 1 the stratum's mean moves by exactly its share of unknowns.
    assert bounds["hi_pp"] - bounds["lo_pp"] == pytest.approx(100 * share, rel=1e-9)
    assert bounds["lo_pp"] < 0 < bounds["hi_pp"]


def test_nothing_left_is_an_error(register: pd.DataFrame) -> None:
    with pytest.raises(DriverError, match="q_meter"):
        fit_drivers(register, "empty", ["q_meter", "q_kind"])


def test_a_blank_column_is_set_aside(register: pd.DataFrame) -> None:
    fit = fit_drivers(register.assign(lifts=np.nan), "empty", ["use", "lifts"])
    assert fit.diagnostics.refused["reason"].iloc[0].startswith("“lifts”列全部空白")


def test_levels_all_empty_or_all_full_are_set_aside() -> None:
    rng = np.random.default_rng(3)
    frame = pd.DataFrame(
        {
            "v": rng.uniform(0.1, 0.5, 90),
            "street": rng.choice(["东", "西", "北"], 90),
            "age": rng.normal(size=90),
        }
    )
    frame.loc[:4, ["street", "v"]] = ["南", 1.0]
    frame.loc[5:8, ["street", "v"]] = ["中", 0.0]
    fit = fit_drivers(frame, "v", ["street", "age"])
    table = fit.diagnostics.separated.set_index("level")
    assert table["rows"].to_dict() == {"南": 5, "中": 4}
    assert table["rate"].to_dict() == {"南": 1.0, "中": 0.0}
    rest = fit_drivers(frame.iloc[9:], "v", ["street", "age"])
    pd.testing.assert_frame_equal(fit.effects, rest.effects)
    assert any("全部空置" in text for text in fit.diagnostics.cautions)


def test_overlap_and_scarcity_are_told() -> None:
    rng = np.random.default_rng(5)
    frame = pd.DataFrame({"v": rng.uniform(0.1, 0.5, 40), "a": rng.normal(size=40), "c": rng.normal(size=40)})
    frame["b"] = frame["a"] + rng.normal(0, 0.05, 40)
    for extra in "defg":
        frame[extra] = rng.normal(size=40)
    fit = fit_drivers(frame, "v", list("abcdefg"))
    vif = fit.diagnostics.vif.set_index("driver")["vif"]
    # By definition 1 / (1 − R²) of the driver on the others.
    x = np.column_stack([np.ones(40), frame[list("bcdefg")]])
    rest = frame["a"] - x @ np.linalg.lstsq(x, frame["a"], rcond=None)[0]
    assert vif["a"] == pytest.approx(frame["a"].var(ddof=0) / np.mean(rest**2), rel=1e-8)
    said = "".join(fit.diagnostics.cautions)
    assert "“a”与其他成因重叠严重" in said and "每个系数只有 5.7 行" in said
