"""The levers as declared, and the tables that show them."""

from __future__ import annotations

import pytest

from louyu_lab.analysis.scenarios.levers import levers
from louyu_lab.analysis.scenarios.levers.places import NEEDS
from louyu_lab.analysis.scenarios.levers.quantities import UNITS
from louyu_lab.analysis.scenarios.levers.schema import lever_called, unknown_lever
from louyu_lab.analysis.scenarios.levers.setting import SCOPES, Clause
from louyu_lab.analysis.scenarios.levers.tables import lever_table


def test_every_lever_states_where_it_comes_from_and_what_it_goes_with() -> None:
    for lever in levers().values():
        assert lever.provenance in ("估计", "先验", "用户")
        assert lever.title and lever.source and lever.meaning and lever.default and lever.theme
        assert lever.kind in UNITS
        assert {*lever.refines, *lever.completed_by, *lever.excludes} <= set(levers())
        assert set(lever.scopes) <= set(SCOPES) and set(lever.needs) <= set(NEEDS)
        # Rivals must exclude each other, or one order of writing them would pass.
        assert all(lever.name in levers()[rival].excludes for rival in lever.excludes)
        assert lever.kind in ("names", "year") or lever.low < lever.high


def test_defaults_lie_in_the_range_and_in_their_interval() -> None:
    for lever in levers().values():
        if lever.value is not None:
            assert lever.low <= lever.value <= lever.high
        if lever.interval is not None:
            assert lever.low <= lever.interval[0] <= lever.value <= lever.interval[1] <= lever.high
        # A prior without a number would leave the engine nothing to reckon with.
        assert lever.provenance != "先验" or lever.value is not None


def test_a_default_is_printed_as_it_is() -> None:
    # What a person reads begins with the very number that is used.
    for lever in levers().values():
        if lever.value not in (None, 0.0) and lever.name != "refit_vacancy_cut_rate":
            assert lever.default.startswith(lever.printed(lever.value)), lever.name


def test_titles_and_names_tell_levers_apart() -> None:
    titles = [lever.title for lever in levers().values()]
    assert len(set(titles)) == len(titles)
    assert not set(titles) & set(levers())


def test_what_is_paid_by_tax_is_marked_and_nothing_else() -> None:
    tied = {lever.name for lever in levers().values() if lever.is_tied_to_tax}
    assert tied == {"tax_rebate_rate", "tax_award_rate"}


def test_a_lever_goes_by_its_title_too_and_a_misspelt_one_finds_its_neighbour() -> None:
    assert lever_called("每年多消化空置面积") is levers()["absorption_sqm"]
    assert lever_called("absorbtion_sqm") is None
    assert "是否想写“absorption_sqm”" in unknown_lever("absorbtion_sqm")
    assert "是否想写“租金补贴”" in unknown_lever("租金补帖")


def test_the_table_keeps_the_order_and_the_themes_together() -> None:
    table = lever_table()
    assert table["lever"].tolist() == list(levers())
    assert (table["theme"] != table["theme"].shift()).sum() == table["theme"].nunique()
    rows = table.set_index("lever")
    assert rows.loc["absorption_sqm", "allowed"] == "0 ㎡至500 万㎡"
    assert rows.loc["exit_factor", "form"] == "可分年；可限街道、等级、楼宇、行业；几条都管到的以后写的为准"
    assert rows.loc["absorption_sqm", "form"] == "可分年；可限街道、等级、楼宇；范围不同的几条相加"
    assert rows.loc["discount_rate", "form"] == "一个值"


@pytest.mark.parametrize(
    ("name", "setting", "shown"),
    [
        ("absorption_sqm", (Clause(1e5),), "10 万㎡"),
        (
            "absorption_sqm",
            (Clause(5e4, (2021,)), Clause(1e5, (2022, 2023))),
            "2021 年 5 万㎡；2022、2023 年 10 万㎡",
        ),
        # Amounts of different scope add up; of the same scope the later holds, and rates never add up.
        (
            "absorption_sqm",
            (Clause(3e4), Clause(1e4, scope={"streets": ("南街",)})),
            "3 万㎡；南街 1 万㎡（各条相加）",
        ),
        ("swap_sqm", (Clause(3e4), Clause(1e4)), "3 万㎡；1 万㎡"),
        ("absorption_rate", (Clause(0.2), Clause(0.1, scope={"streets": ("南街",)})), "20%；南街 10%"),
        ("absorption_rate", (Clause(0.2, (2021, 2022, 2023)),), "2021–2023 年 20%"),
        (
            "exit_factor",
            (Clause(2.0, (2021,), {"industries": ("金融", "科技"), "grades": ("乙级",)}, 1.5, 2.5),),
            "2021 年 乙级，金融、科技 2 倍（80% 区间 1.5 倍至2.5 倍）",
        ),
        ("refit_buildings", ("甲大厦", "乙大厦"), "甲大厦、乙大厦"),
        ("refit_year", (Clause(2022.0),), "2022 年"),
        ("rent_subsidy_yuan_sqm_month", (Clause(30.0),), "30 元/㎡·月"),
        ("fixed_total_tax_yuan", (Clause(6e9),), "60 亿元"),
        ("growth_change_rate", (Clause(-0.03),), "-3 个百分点"),
    ],
)
def test_settings_are_printed_with_units_years_and_scopes(name: str, setting: tuple, shown: str) -> None:
    assert levers()[name].printed(setting) == shown
