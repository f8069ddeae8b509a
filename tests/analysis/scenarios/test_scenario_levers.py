"""The levers: their schema, and values as people write them."""

from __future__ import annotations

import pytest

from louyu_lab.analysis.scenarios.levers import lever_called, lever_table, levers, read_setting, unknown_lever


def test_every_lever_states_where_it_comes_from_and_what_it_goes_with() -> None:
    for lever in levers().values():
        assert lever.provenance in ("先验", "用户")
        assert lever.title and lever.source and lever.meaning and lever.default
        assert set(lever.refines) <= set(levers())
        # Rivals must exclude each other, or one order of writing them would pass.
        assert not lever.excludes or levers()[lever.excludes].excludes == lever.name
        assert lever.kind == "names" or lever.low < lever.high
    assert lever_table()["lever"].tolist() == list(levers())


@pytest.mark.parametrize(
    ("name", "raw", "value"),
    [
        ("absorption_sqm", 50000, 50000.0),
        ("absorption_sqm", "10万㎡", 1e5),
        ("absorption_sqm", "50,000 平方米", 5e4),
        ("absorption_sqm", {2021: "5万㎡", 2023: 0}, {2021: 5e4, 2023: 0.0}),
        ("absorption_rate", "20%", 0.2),
        ("absorption_rate", 0.2, 0.2),
        ("new_tenant_yield_ratio", "0.5倍", 0.5),
        ("supply_delay_years", 1.0, 1.0),
        ("absorption_streets", "南街", ("南街",)),
        ("absorption_streets", ["南街", " 北街", "南街"], ("南街", "北街")),
    ],
)
def test_values_are_read_in_stored_units(name: str, raw: object, value: object) -> None:
    read, problems = read_setting(levers()[name], raw)
    assert problems == []
    assert read == pytest.approx(value) if not isinstance(value, tuple) else read == value


@pytest.mark.parametrize(
    ("name", "raw", "said"),
    [
        ("absorption_sqm", "10亿元", "应为平方米数"),
        ("absorption_sqm", True, "应为平方米数"),
        ("absorption_sqm", float("nan"), "应为平方米数"),
        ("absorption_sqm", -1, "应在0 ㎡至500 万㎡之间"),
        ("absorption_sqm", {}, "没有写年份"),
        ("absorption_sqm", {"明年": 1}, "“明年”不是年份"),
        ("absorption_sqm", {2021: "多"}, "（2021 年）"),
        # 20 is not taken for 20 %: it would be twenty times all there is.
        ("absorption_rate", 20, "应在0%至100%之间"),
        ("supply_delay_years", 1.5, "应为整数年"),
        ("supply_delay_years", {2021: 1}, "不能分年写"),
        ("absorption_streets", 3, "应为名称"),
        ("absorption_streets", [], "应为名称"),
    ],
)
def test_what_cannot_be_right_is_refused_with_what_is_allowed(name: str, raw: object, said: str) -> None:
    _, problems = read_setting(levers()[name], raw)
    assert len(problems) == 1
    assert said in problems[0]


def test_a_lever_goes_by_its_title_too_and_a_misspelt_one_finds_its_neighbour() -> None:
    assert lever_called("每年多消化空置面积") is levers()["absorption_sqm"]
    assert lever_called("absorbtion_sqm") is None
    assert "是否想写“absorption_sqm”" in unknown_lever("absorbtion_sqm")
