"""Vacant ㎡ by cause: sums at every level, values by hand, intervals of known coefficients, faults named."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.outputs import declared
from louyu_lab.analysis.vacancy.attribution import attribute
from louyu_lab.analysis.vacancy.drivers.problems import DriverError

BETA = [-1.6, 0.5, 0.3, 0.2, 0.1, 0.4]
DRIVERS = ["owners", "age", "lifts", "year"]
GROUPS = {"产权": ["owners"], "设施": ["age", "lifts"]}
AREAS: dict[str, Any] = {"vacant_sqm": "vacant_sqm", "area_sqm": "area_sqm", "replicates": 0}

#: ㎡: adding ten-thousands of ㎡ in doubles leaves 1e-9.
EXACT = 1e-6


@pytest.fixture
def fit(known_fit: Callable, district: pd.DataFrame) -> Any:
    return known_fit(district, DRIVERS, BETA)


def wide(table: pd.DataFrame, level: str) -> pd.DataFrame:
    return table[table["level"] == level].pivot(index="id", columns="cause", values="area_sqm")


def test_causes_add_up_to_what_is_vacant_at_every_level(fit: Any, district: pd.DataFrame) -> None:
    table = attribute(fit, district, groups=GROUPS, **AREAS)
    assert list(table.columns) == ["level", "id", "cause", "area_sqm", "lo_sqm", "hi_sqm"]
    assert list(dict.fromkeys(table["cause"])) == ["参照水平", "产权", "设施", "其他因素", "未解释"]
    assert list(dict.fromkeys(table["level"])) == ["district", "street", "building"]
    for level, own in (("building", "building_id"), ("street", "street")):
        vacant = district.groupby(own)["vacant_sqm"].sum()
        assert wide(table, level).sum(axis=1).to_dict() == pytest.approx(vacant.to_dict(), abs=EXACT)
    # Cause by cause as well: streets and buildings add up to the district.
    whole = wide(table, "district").loc["全区"]
    for level in ("street", "building"):
        assert wide(table, level).sum().to_dict() == pytest.approx(whole.to_dict(), abs=EXACT)


def test_the_reference_is_the_mean_predicted_rate(fit: Any, district: pd.DataFrame) -> None:
    table = attribute(fit, district, groups=GROUPS, **AREAS)
    mean = np.average(fit.predict(district), weights=district["area_sqm"])
    assert wide(table, "district").loc["全区", "参照水平"] == pytest.approx(mean * district["area_sqm"].sum())
    # Against the district's own mean every cause cancels in the district.
    causes = wide(table, "district").loc["全区", ["产权", "设施", "其他因素"]]
    assert causes.abs().max() < EXACT
    assert abs(wide(table, "street")["产权"]).max() > 100


def test_two_buildings_by_hand(known_fit: Callable) -> None:
    # 10,000 and 30,000 ㎡ with odds 1 and 3: rates ½ and ¾, mean ¼·½ + ¾·¾ = 11/16.
    frame = pd.DataFrame({"x": [0.0, 1.0], "area": [1e4, 3e4], "vacant": [6e3, 2e4]}, index=["甲", "乙"])
    fit = known_fit(frame, ["x"], [0.0, np.log(3)])
    table = attribute(fit, frame, vacant_sqm="vacant", area_sqm="area", groups={"条件": ["x"]}, replicates=0)
    assert list(dict.fromkeys(table["level"])) == ["district", "building"]
    built = wide(table, "building")
    assert built.loc["甲"].to_dict() == pytest.approx({"参照水平": 6875, "条件": -1875, "未解释": 1000})
    assert built.loc["乙"].to_dict() == pytest.approx({"参照水平": 20625, "条件": 1875, "未解释": -2500})


def test_places_without_a_name_and_rows_without_an_area(fit: Any, district: pd.DataFrame) -> None:
    frame = district.assign(district="某区")
    frame.loc[frame["building_id"] == "L00", "street"] = None
    frame.loc[frame["building_id"] == "L01", "vacant_sqm"] = np.nan
    frame.loc[frame["building_id"] == "L02", "area_sqm"] = np.nan
    frame.loc[frame["building_id"] == "L03", ["area_sqm", "vacant_sqm"]] = 0.0
    table = attribute(fit, frame, groups=GROUPS, **AREAS)
    assert set(wide(table, "district").index) == {"某区"}
    assert set(wide(table, "street").index) == {"南街", "北街", "东街", "未填街道"}
    assert {"L01", "L02", "L03"}.isdisjoint(wide(table, "building").index)
    lost = frame[~frame["building_id"].isin(["L01", "L02", "L03"])]["vacant_sqm"].sum()
    assert wide(table, "street").sum(axis=None) == pytest.approx(lost, abs=EXACT)


def test_one_year_leaves_no_other_factors(fit: Any, district: pd.DataFrame) -> None:
    now = district[district["year"] == "2020"]
    table = attribute(fit, now, groups=GROUPS, **AREAS)
    assert "其他因素" not in set(table["cause"])
    # Nor is anything lost: the year is in the reference.
    rates = (
        wide(table, "building").drop(columns="未解释").sum(axis=1) / now.set_index("building_id")["area_sqm"]
    )
    assert rates.to_dict() == pytest.approx(dict(zip(now["building_id"], fit.predict(now), strict=True)))


def test_order_of_rows_and_groups_does_not_matter(fit: Any, district: pd.DataFrame) -> None:
    options = AREAS | {"replicates": 20, "seed": 4}
    straight = attribute(fit, district, groups=GROUPS, **options)
    shuffled = district.sample(frac=1, random_state=2)
    turned = attribute(fit, shuffled, groups=dict(reversed(GROUPS.items())), **options)
    key = ["level", "id", "cause"]
    pd.testing.assert_frame_equal(
        straight.sort_values(key, ignore_index=True), turned.sort_values(key, ignore_index=True)
    )
    # The same with areas given as values instead of names.
    given = attribute(
        fit,
        district,
        groups=GROUPS,
        **options | {name: district[name] for name in ("vacant_sqm", "area_sqm")},
    )
    pd.testing.assert_frame_equal(straight, given)


def test_planted_small_effects_are_found_in_square_metres(known_fit: Callable) -> None:
    # Rates 20 % ± effects of a few tenths of a point: μ(1 − μ) (x − x̄) β area, next order 1e-3 of it.
    rng = np.random.default_rng(5)
    frame = pd.DataFrame({"a": rng.normal(0, 1, 50), "b": rng.normal(0, 1, 50), "area": 1e4})
    fit = known_fit(frame, ["a", "b"], [np.log(0.25), 0.002, -0.001])
    frame["vacant"] = fit.predict(frame) * 1e4
    groups = {"甲": ["a"], "乙": ["b"]}
    table = attribute(fit, frame, vacant_sqm="vacant", area_sqm="area", groups=groups, replicates=0)
    built = wide(table, "building").loc[frame.index.astype("str")]
    slope = 0.2 * 0.8 * 1e4
    assert built["甲"].to_numpy() == pytest.approx(slope * 0.002 * (frame["a"] - frame["a"].mean()), abs=0.03)
    assert built["乙"].to_numpy() == pytest.approx(
        slope * -0.001 * (frame["b"] - frame["b"].mean()), abs=0.03
    )
    assert np.abs(built["未解释"]).max() < EXACT


def test_good_practice_as_reference(fit: Any, district: pd.DataFrame) -> None:
    now = district[district["year"] == "2020"].reset_index(drop=True)
    now.loc[0, ["owners", "age"]] = [-2.0, -1.0]
    table = attribute(fit, now, groups=GROUPS, reference={"owners": -2.0, "age": -1.0}, **AREAS)
    built = wide(table, "building")
    # Owners are good everywhere in the reference: a building there already gets 0, the others all more.
    assert built.loc["L00", "产权"] == pytest.approx(0, abs=EXACT)
    assert (built["产权"] > 0).sum() == (now["owners"] > -2.0).sum()
    ideal = fit.predict(now.assign(owners=-2.0, age=-1.0))
    expected = np.average(ideal, weights=now["area_sqm"]) * now["area_sqm"].sum()
    assert wide(table, "district").loc["全区", "参照水平"] == pytest.approx(expected)


def test_a_missing_driver_adds_next_to_nothing(fit: Any, district: pd.DataFrame) -> None:
    frame = district.copy()
    is_blank = frame["building_id"] == "L05"
    frame.loc[is_blank, "owners"] = np.nan
    table = attribute(fit, frame, groups=GROUPS, **AREAS)
    area = frame.loc[is_blank, "area_sqm"].sum()
    # Not 0: the mean of the rates lies above the rate of the mean. 0.5² / 2 × μ(1−μ)(1−2μ) ≈ 1 point.
    assert abs(wide(table, "building").loc["L05", "产权"]) < 0.015 * area
    assert (
        abs(attribute(fit, district, groups=GROUPS, **AREAS)["area_sqm"].sum() - table["area_sqm"].sum())
        < EXACT
    )


def test_intervals_of_known_errors(known_fit: Callable) -> None:
    # Around rates of 20 % the cause is slope × (x − x̄) × b, b normal with error 0.01: ± 1.645 × 0.01 of it.
    frame = pd.DataFrame({"x": [-1.0, 0.0, 1.0], "area": 1e4, "vacant": 2e3})
    fit = known_fit(frame, ["x"], [np.log(0.25), 0.02])
    object.__setattr__(fit, "se", np.array([0.0, 0.01]))
    options = {"vacant_sqm": "vacant", "area_sqm": "area", "groups": {"条件": ["x"]}}
    table = attribute(fit, frame, replicates=1000, **options).set_index(["level", "id", "cause"])
    row = table.loc[("building", "2", "条件")]
    # Standard error of a 5 % quantile of 1,000 normal draws: 2.06 σ/√1000 = 6.5 % of σ; allow three of them.
    assert row["lo_sqm"] == pytest.approx(1600 * (0.02 - 1.645 * 0.01), abs=1600 * 0.01 * 0.2)
    assert row["hi_sqm"] == pytest.approx(1600 * (0.02 + 1.645 * 0.01), abs=1600 * 0.01 * 0.2)
    # 未解释 is what the model leaves, at every level: no interval speaks of it.
    unexplained = table.index.get_level_values("cause") == "未解释"
    assert unexplained.sum() == 4
    assert table.loc[unexplained, ["lo_sqm", "hi_sqm"]].isna().all(axis=None)
    assert table.loc[~unexplained, ["lo_sqm", "hi_sqm"]].notna().all(axis=None)
    one, same, other = (attribute(fit, frame, replicates=20, seed=seed, **options) for seed in (0, 0, 1))
    pd.testing.assert_frame_equal(one, same)
    assert not one.equals(other)
    assert attribute(fit, frame, replicates=0, **options)[["lo_sqm", "hi_sqm"]].isna().all(axis=None)


def test_a_fit_that_cannot_be_repeated_has_no_intervals(
    fit: Any, district: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise DriverError(["重抽样后多数样本无法估计。"])

    monkeypatch.setattr(type(fit), "draws", refuse)
    table = attribute(fit, district, groups=GROUPS, **AREAS | {"replicates": 20})
    assert table[["lo_sqm", "hi_sqm"]].isna().all(axis=None)
    assert table["area_sqm"].notna().all()


def test_a_level_set_aside_counts_as_missing(known_fit: Callable, district: pd.DataFrame) -> None:
    fit = known_fit(district, DRIVERS, BETA, separated=(("year", "2030"),))
    frame = district.assign(year=district["year"].mask(district["building_id"] == "L00", "2030"))
    blank = district.assign(year=district["year"].mask(district["building_id"] == "L00"))
    table = attribute(fit, frame, groups=GROUPS, **AREAS)
    pd.testing.assert_frame_equal(table, attribute(fit, blank, groups=GROUPS, **AREAS))
    # One that nobody has seen is a fault of the frame.
    with pytest.raises(DriverError, match="2031"):
        attribute(fit, district.assign(year="2031"), groups=GROUPS, **AREAS)


def test_nothing_to_share_out(fit: Any, district: pd.DataFrame) -> None:
    empty = attribute(fit, district.assign(area_sqm=0.0, vacant_sqm=0.0), groups=GROUPS, **AREAS)
    assert len(empty) == 0
    declared("vacancy_causes", empty)


def test_a_refused_driver_is_passed_over(known_fit: Callable, district: pd.DataFrame) -> None:
    fit = known_fit(district, DRIVERS, BETA, refused=("parking",))
    groups = GROUPS | {"停车": ["parking"]}
    table = attribute(fit, district, groups=groups, **AREAS)
    # No row: a 0 would say that parking makes no difference.
    assert "停车" not in set(table["cause"])
    pd.testing.assert_frame_equal(table, attribute(fit, district, groups=GROUPS, **AREAS))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"groups": {"产权": ["owner"]}}, ["“owner”不在模型中", "owners、age"]),
        ({"groups": {"产权": ["owners"], "设施": ["owners"]}}, ["“owners”同时列在成因“产权”和“设施”"]),
        ({"groups": {"未解释": ["owners"], "设施": ["lift"]}}, ["不能叫“未解释”", "“lift”不在模型中"]),
        ({"groups": {f"第{at}种": [] for at in range(13)}}, ["最多 12 个，现为 13 个"]),
        ({"reference": "best"}, ["参照“best”不认识", "mean"]),
        ({"reference": {"owner": 1.0, "age": None}}, ["“owner”不在模型中", "“age”没有取值"]),
        ({"vacant_sqm": "vacancy"}, ["没有空置面积列“vacancy”", "vacant_sqm"]),
        ({"area_sqm": [1.0, 2.0]}, ["可招商面积有 2 个值，表有 120 行"]),
        ({"area_sqm": [-5.0] + [1e6] * 119}, ["可招商面积应为不小于零", "第 1 行是 -5；"]),
        ({"area_sqm": [np.inf] + [1e6] * 119}, ["可招商面积应为不小于零", "第 1 行是 inf；"]),
        ({"area_sqm": [None] * 120}, ["可招商面积全部空白"]),
        (
            {"vacant_sqm": [2.0, 3.0] + [0.0] * 118, "area_sqm": [1.0] * 120},
            ["空置面积大于可招商面积：第 2 行"],
        ),
        (
            {"vacant_sqm": ["约12000㎡", " ", "12,000"] + [1] * 117, "area_sqm": [-1.0] + [1.0] * 119},
            ["空置面积应为数值", "第 1、3 行是文字：“约12000㎡”、“12,000”", "第 1 行是 -1"],
        ),
        ({"replicates": 1}, ["replicates 应为 0（不要区间）或不小于 2 的整数，现为 1。"]),
        ({"replicates": -100}, ["现为 -100。"]),
        ({"replicates": 100.0}, ["现为 100.0。"]),
        ({"replicates": True, "seed": -1}, ["现为 True。", "seed 应为不小于 0 的整数，现为 -1。"]),
        ({"seed": 0.5}, ["seed 应为不小于 0 的整数，现为 0.5。"]),
    ],
)
def test_faults_are_named(fit: Any, district: pd.DataFrame, changed: dict[str, Any], said: list[str]) -> None:
    with pytest.raises(DriverError) as raised:
        attribute(fit, district, **{"groups": GROUPS, **AREAS, **changed})
    assert all(words in str(raised.value) for words in said)


def test_texts_in_columns_are_named_with_their_rows(fit: Any, district: pd.DataFrame) -> None:
    written = district["area_sqm"].astype("str")
    written.iloc[[2, 4]] = ["约12000㎡", "12,000"]
    with pytest.raises(
        DriverError, match=r"可招商面积“area_sqm”列应为数值.*第 3、5 行是文字：“约12000㎡”、“12,000”"
    ):
        attribute(fit, district.assign(area_sqm=written), groups=GROUPS, **AREAS)
    # Texts that are numbers all through, and blanks, are read as they are.
    blank = district.assign(
        area_sqm=district["area_sqm"].astype("str").where(district["building_id"] != "L00", " ")
    )
    table = attribute(fit, blank, groups=GROUPS, **AREAS)
    bare = attribute(fit, district[district["building_id"] != "L00"], groups=GROUPS, **AREAS)
    pd.testing.assert_frame_equal(table, bare)
    # A driver that the model knows as a number is asked for as one.
    ages = district["age"].astype("str").where(district["building_id"] != "L01", "不详")
    with pytest.raises(DriverError, match="“age”列在模型里是数值，第 4、5、6 行是文字：“不详”"):
        attribute(fit, district.assign(age=ages), groups=GROUPS, **AREAS)


def test_rows_that_share_an_index_are_not_one_building(fit: Any, district: pd.DataFrame) -> None:
    now = district[district["year"] == "2020"].drop(columns="building_id").reset_index(drop=True)
    table = attribute(fit, now, groups=GROUPS, **AREAS)
    twice = attribute(fit, now.set_axis([7] * len(now)), groups=GROUPS, **AREAS)
    assert wide(twice, "building").index.nunique() == len(now) == 40
    pd.testing.assert_frame_equal(twice, table)
    # Also where a number is missing here and there, and where rows are left out.
    part = now.assign(building_id=[None, None, *"甲" * 38], vacant_sqm=now["vacant_sqm"].where(now.index > 0))
    ids = wide(attribute(fit, part.set_axis([7] * 40), groups=GROUPS, **AREAS), "building").index
    assert set(ids) == {"1", "甲"}


def test_rounding_is_no_fault(fit: Any, district: pd.DataFrame) -> None:
    full = district.assign(vacant_sqm=district["area_sqm"] + 0.5)
    assert len(attribute(fit, full, groups=GROUPS, **AREAS))
