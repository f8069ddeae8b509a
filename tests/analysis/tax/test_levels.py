from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.tax.levels import NOT_ALWAYS, TOO_MUCH, UNNAMED, TaxLevels, tax_levels

YEARS = [2016, 2017, 2018, 2019, 2020]

TEXT = ["enterprise_id", "building_id", "industry_code", "industry", "business_scope", "enterprise"]


@pytest.fixture
def buildings() -> Callable[..., pd.DataFrame]:
    """Maker of ``building_years`` from {building: taxes of ``YEARS``}; None where it was not in the stock."""

    def make(taxes: dict[str, list], streets: dict[str, str] | None = None) -> pd.DataFrame:
        rows = [
            {"building_id": name, "year": year, "street": (streets or {}).get(name, "北街"), "tax_yuan": tax}
            for name, own in taxes.items()
            for year, tax in zip(YEARS, own, strict=True)
            if tax is not None
        ]
        table = pd.DataFrame(rows, columns=["building_id", "year", "street", "tax_yuan"])
        table = table.assign(zone="甲", area="乙", building=table["building_id"])
        text = ["building_id", "street", "zone", "area", "building"]
        return table.astype(dict.fromkeys(text, "str") | {"tax_yuan": "float64", "year": "int64"})

    return make


@pytest.fixture
def firms() -> Callable[..., pd.DataFrame]:
    """Maker of ``enterprise_years`` from {(building, enterprise, industry): taxes of ``YEARS``}."""

    def make(taxes: dict[tuple[str, str, str], list]) -> pd.DataFrame:
        rows = [
            {"building_id": home, "enterprise_id": name, "industry": industry, "year": year, "tax_yuan": tax}
            for (home, name, industry), own in taxes.items()
            for year, tax in zip(YEARS, own, strict=True)
            if tax is not None
        ]
        table = pd.DataFrame(rows, columns=[*TEXT, "year", "tax_yuan"])
        return table.astype(dict.fromkeys(TEXT, "str") | {"tax_yuan": "float64", "year": "int64"})

    return make


def y(levels: TaxLevels, node: str, column: str = "y") -> dict[int, float]:
    rows = levels.history[levels.history["unique_id"] == node]
    return dict(zip(rows["ds"], rows[column], strict=True))


def assert_adds_up(levels: TaxLevels) -> None:
    made = levels.hierarchy
    for column in ("y", "filled_yuan"):
        wide = levels.history.pivot(index="unique_id", columns="ds", values=column).reindex(made.nodes)
        values = wide.fillna(0.0).to_numpy()
        assert np.allclose(made.sums(values[-len(made.bottom) :]), values, rtol=1e-6, atol=0)


def test_enterprises_rests_and_industries_share_a_building(buildings, firms):
    levels = tax_levels(
        buildings({"L1": [10.0, 11, 12, 13, 14], "L2": [5.0, 5, 5, 5, 5]}, {"L2": "南街"}),
        firms(
            {
                ("L1", "e1", "金融业"): [4.0, 4, 5, 5, 6],
                # Gone: not forecast on its own, but what it paid stays in the industry's past.
                ("L1", "e2", "金融业"): [3.0, 3, 3, None, None],
                # Two years only.
                ("L1", "e3", "教育"): [None, None, None, 2.0, 2.0],
            }
        ),
        2020,
    )
    assert levels.hierarchy.bottom.tolist() == [
        "楼宇:L2",
        "企业:L1/e1",
        "其余:L1/教育",
        "其余:L1/金融",
        "其余:L1/未列企业",
    ]
    assert list(y(levels, "行业:金融").values()) == [7.0, 7.0, 8.0, 5.0, 6.0]
    assert list(y(levels, "其余:L1/未列企业").values()) == [3.0, 4.0, 4.0, 6.0, 6.0]
    # The whole of L2 is told by no enterprise.
    assert list(y(levels, "行业:未列企业").values()) == [8.0, 9.0, 9.0, 11.0, 11.0]
    assert list(y(levels, "街道:南街").values()) == [5.0] * 5
    assert list(y(levels, "全区").values()) == [15.0, 16.0, 17.0, 18.0, 19.0]
    assert_adds_up(levels)
    nodes = levels.nodes.set_index("unique_id")
    assert nodes.loc["企业:L1/e1"].tolist() == ["enterprise", "e1", "L1"]
    assert nodes.loc["其余:L1/教育"].tolist() == ["rest", "教育", "L1"]
    assert nodes.loc["行业:金融", ["level", "id"]].tolist() == ["industry", "金融"]
    assert nodes.loc["全区", ["level", "id"]].tolist() == ["district", "全区"]
    assert nodes.index.tolist() == levels.hierarchy.nodes.tolist()


def test_building_totals_alone_make_three_levels(buildings, firms):
    levels = tax_levels(buildings({"L1": [1.0] * 5, "L2": [2.0] * 5}), firms({}), 2020)
    assert levels.nodes["level"].tolist() == ["district", "street", "building", "building"]
    assert_adds_up(levels)


def test_a_building_is_filled_between_known_years_and_at_the_ends(buildings, firms):
    panel = buildings({"L1": [np.nan, 2.0, np.nan, 4.0, np.nan], "L2": [1.0] * 5})
    levels = tax_levels(panel, firms({}), 2020)
    assert y(levels, "楼宇:L1") == {2016: 2.0, 2017: 2.0, 2018: 3.0, 2019: 4.0, 2020: 4.0}
    assert y(levels, "全区", "filled_yuan") == {2016: 2.0, 2017: 0.0, 2018: 3.0, 2019: 0.0, 2020: 4.0}
    assert_adds_up(levels)


def test_before_its_opening_a_building_has_no_past(buildings, firms):
    levels = tax_levels(buildings({"L1": [None, None, 3.0, 4.0, 5.0], "L2": [1.0] * 5}), firms({}), 2020)
    assert list(y(levels, "楼宇:L1")) == [2018, 2019, 2020]
    assert list(y(levels, "全区").values()) == [1.0, 1.0, 4.0, 5.0, 6.0]


def test_a_building_that_has_gone_is_left_out(buildings, firms):
    panel = buildings({"L1": [1.0] * 5, "L2": [2.0, 2.0, None, None, None]})
    assert list(y(tax_levels(panel, firms({}), 2020), "全区").values()) == [1.0] * 5


def test_later_years_are_not_seen(buildings, firms):
    panel, tenants = buildings({"L1": [1.0, 2, 3, 4, 5]}), firms({("L1", "e1", "金融业"): [1.0, 2, 3, 4, 5]})
    levels = tax_levels(panel, tenants, 2018)
    assert list(y(levels, "全区")) == [2016, 2017, 2018]


def test_enterprises_are_filled_with_their_building(buildings, firms):
    panel = buildings({"L1": [10.0, 10.0, np.nan, 10.0, 10.0]})
    tenants = firms(
        {
            ("L1", "e1", "金融业"): [4.0, 4.0, None, 6.0, 6.0],
            ("L1", "e2", "教育"): [6.0, 6.0, None, None, None],
        }
    )
    levels = tax_levels(panel, tenants, 2020)
    # Halfway from 4 to 6; e2's 6 fades to 0, so 3; what nobody explains goes from 0 to 4.
    assert y(levels, "企业:L1/e1")[2018] == 5.0
    assert y(levels, "其余:L1/教育")[2018] == 3.0
    assert y(levels, "楼宇:L1")[2018] == pytest.approx(10.0)
    assert_adds_up(levels)


def test_an_enterprise_absent_on_both_sides_of_a_gap_has_no_row(buildings, firms):
    panel = buildings({"L1": [10.0, np.nan, 10.0, 10.0, 10.0]})
    tenants = firms(
        {
            ("L1", "e1", "金融业"): [10.0, None, 5.0, 5.0, 5.0],
            ("L1", "e2", "教育"): [None, None, 4.0, 4.0, 4.0],
        }
    )
    levels = tax_levels(panel, tenants, 2020)
    assert list(y(levels, "企业:L1/e1")) == YEARS
    assert list(y(levels, "企业:L1/e2")) == [2017, 2018, 2019, 2020]
    assert y(levels, "企业:L1/e2")[2017] == 2.0


@pytest.mark.parametrize(
    ("own", "reason"), [([4.0, 4, 4, 4, 20.0], TOO_MUCH), ([4.0, 4.0, None, 4.0, 4.0], NOT_ALWAYS)]
)
def test_a_building_its_enterprises_do_not_fit_stays_whole(buildings, firms, own, reason):
    levels = tax_levels(buildings({"L1": [10.0] * 5}), firms({("L1", "e1", "金融业"): own}), 2020)
    assert levels.hierarchy.bottom.tolist() == ["楼宇:L1"]
    assert levels.unopened.to_dict("records") == [{"building_id": "L1", "reason": reason}]


def test_a_building_is_open_from_the_first_year_with_enterprises(buildings, firms):
    tenants = firms(
        {
            ("L1", "e1", "金融业"): [None, None, 4.0, 4.0, 5.0],
            ("L1", "e2", "教育"): [None, None, None, 6.0, 4.0],
        }
    )
    levels = tax_levels(buildings({"L1": [10.0] * 5}), tenants, 2020)
    assert not len(levels.unopened)
    assert y(levels, "企业:L1/e1") == {2018: 4.0, 2019: 4.0, 2020: 5.0}
    # Two years are too few for a node of its own.
    assert y(levels, "其余:L1/教育") == {2018: 0.0, 2019: 6.0, 2020: 4.0}
    assert list(y(levels, f"其余:L1/{UNNAMED}").values()) == [10.0, 10.0, 6.0, 0.0, 1.0]
    assert_adds_up(levels)


@pytest.mark.parametrize("last", [None, np.nan])
def test_enterprises_missing_in_the_last_year_leave_the_building_whole(buildings, firms, last):
    levels = tax_levels(
        buildings({"L1": [10.0] * 5}), firms({("L1", "e1", "金融业"): [4.0] * 4 + [last]}), 2020
    )
    assert levels.unopened["reason"].tolist() == [NOT_ALWAYS]


@pytest.mark.parametrize("taxes", [{}, {"L1": [np.nan] * 5}])
def test_without_tax_everything_is_empty(buildings, firms, taxes):
    levels = tax_levels(buildings(taxes), firms({}), 2020)
    assert not len(levels.history) and not len(levels.nodes) and not len(levels.hierarchy.nodes)
    assert list(levels.history.columns) == ["unique_id", "ds", "y", "filled_yuan"]


def test_one_year_and_zeros_pass(buildings, firms):
    levels = tax_levels(buildings({"L1": [None, None, None, None, 0.0]}), firms({}), 2020)
    assert y(levels, "全区") == {2020: 0.0}


def test_a_random_district_adds_up(buildings, firms):
    rng = np.random.default_rng(9)
    taxes, total = {}, {f"L{at}": np.zeros(5) for at in range(12)}
    for at in range(300):
        own = rng.lognormal(10, 2, 5) * np.where(rng.random(5) < 0.3, np.nan, 1.0)
        home = f"L{at % 12}"
        taxes[home, f"e{at}", ["金融业", "教育", "批发和零售业"][at % 3]] = [
            None if np.isnan(x) else x for x in own
        ]
        total[home] += np.nan_to_num(own)
    reported = {name: own + rng.lognormal(10, 1, 5) for name, own in total.items()}
    for own in reported.values():
        own[rng.random(5) < 0.2] = np.nan
    levels = tax_levels(buildings({name: own.tolist() for name, own in reported.items()}), firms(taxes), 2020)
    assert_adds_up(levels)
    # Filling is linear, so it keeps the buildings' own sums.
    for name, own in reported.items():
        filled = pd.Series(own).interpolate(limit_direction="both")
        if filled.notna().all():
            assert np.allclose(list(y(levels, f"楼宇:{name}").values()), filled, rtol=1e-9)
    assert (levels.nodes["level"] == "enterprise").sum() > 50
