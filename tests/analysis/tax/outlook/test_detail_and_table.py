"""The split to enterprises and industries, and the table of all levels: everything adds up."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.summary import findings
from louyu_lab.analysis.tax.levels import TOO_MUCH, UNNAMED
from louyu_lab.analysis.tax.outlook.table import tax_forecast

LEVELS = ["district", "street", "building", "industry", "enterprise"]


def means(table: pd.DataFrame) -> pd.DataFrame:
    return table.groupby(["level", "year"])["mean_yuan"].sum().unstack("level")


def test_industries_are_the_district_in_every_draw(planted):
    drawn = planted.detail.industry_yuan
    assert np.allclose(drawn.sum(axis=1), planted.outlook.paths.yuan.sum(axis=1), rtol=1e-9)


def test_levels_add_up_and_enterprises_are_a_part(planted):
    sums = means(planted.table)
    for level in ("street", "building", "industry"):
        assert np.allclose(sums[level], sums["district"], rtol=1e-6)
    rows = planted.table[planted.table["level"] == "enterprise"]
    own = rows.groupby([rows["id"].str.partition("/")[0], "year"])["mean_yuan"].sum()
    whole = planted.table[planted.table["level"] == "building"].set_index(["id", "year"])["mean_yuan"]
    assert len(own)
    assert (own <= whole.reindex(own.index) * (1 + 1e-6)).all()


def test_the_table_is_in_order_and_tells_chances_of_buildings_only(planted):
    table = planted.table
    assert table["level"].drop_duplicates().tolist() == LEVELS
    for _, rows in table.groupby("level"):
        assert rows[["id", "year"]].apply(tuple, axis=1).is_monotonic_increasing
    is_building = table["level"] == "building"
    assert table.loc[is_building, "p_yi"].notna().all()
    assert table.loc[~is_building, ["p_yi", "p_up", "p_down"]].isna().all(axis=None)
    known = planted.chances.set_index(["building_id", "year"])["p_up"]
    rows = table[is_building].set_index(["id", "year"])["p_up"]
    assert np.array_equal(rows, known.reindex(rows.index), equal_nan=True)


def test_intervals_enclose_each_other(planted):
    bounds = planted.table[["lo95_yuan", "lo80_yuan", "hi80_yuan", "hi95_yuan"]].to_numpy()
    assert (np.diff(bounds, axis=1) >= 0).all()
    rows = planted.table[planted.table["level"].isin(["district", "street"])]
    assert rows["mean_yuan"].between(rows["lo80_yuan"], rows["hi80_yuan"]).all()


def test_bounds_of_the_district_are_quantiles_of_its_draws(planted):
    rows = planted.table[planted.table["level"] == "district"]
    drawn = planted.outlook.paths.yuan.sum(axis=1)
    assert rows["hi95_yuan"].tolist() == pytest.approx(np.quantile(drawn, 0.975, axis=0).tolist())


def test_other_readers_see_the_levels_they_know_only(planted):
    old = planted.table[planted.table["level"].isin(LEVELS[:3])]
    assert findings({"tax_forecast": planted.table}, 2020).equals(findings({"tax_forecast": old}, 2020))


def test_enterprises_of_one_building_by_hand(tell, panels_of, buildings, firms):
    made = tell(*panels_of(buildings, firms))
    rows = made.table[made.table["level"] == "enterprise"]
    assert sorted(rows["id"].unique()) == sorted(f"{home}/{name}" for home, name, _ in firms)
    assert sorted(made.detail.industry) == ["商贸", "金融"]
    past = made.detail.industry_past.groupby("year")["tax_yuan"].sum()
    assert np.allclose(past, np.sum(list(buildings.values()), axis=0))
    # Growth of 5 % and scatter of 10 % a year: next year every mean lies near today's tax, and with some
    # chance of leaving none is above it by more than two years' growth and scatter.
    first = rows[rows["year"] == 2021].set_index("id")["mean_yuan"]
    base = pd.Series({f"{home}/{name}": own[-1] for (home, name, _), own in firms.items()})
    assert (first / base).between(0.75, 1.3).all()


def test_who_has_left_pays_no_more_and_the_others_make_up_for_it(tell, panels_of, buildings, firms):
    panel, tenants = panels_of(buildings, firms)
    gone = (tenants["enterprise_id"] == "e21") & (tenants["year"] == 2020)
    made = tell(panel, tenants.assign(at_year_end=~gone))
    rows = made.table.set_index(["id", "year"])["mean_yuan"]
    assert rows["A/e21"].tolist() == [0.0, 0.0]
    # All of A's tax is that of named enterprises.
    others = [rows[f"A/{name}"] for home, name, _ in firms if home == "A" and name != "e21"]
    assert sum(others).tolist() == pytest.approx(rows["A"].tolist())


def test_an_enterprise_in_two_buildings_has_a_row_in_each(tell, panels_of, buildings, firms):
    twin = firms | {("B", "e00", "金融业"): firms["A", "e00", "金融业"]}
    more = buildings | {"B": np.add(buildings["B"], firms["A", "e00", "金融业"]).tolist()}
    ids = set(tell(*panels_of(more, twin)).table["id"])
    assert {"A/e00", "B/e00"} <= ids


def test_building_totals_alone(tell, panels_of, buildings):
    made = tell(*panels_of(buildings))
    assert made.table["level"].drop_duplicates().tolist() == LEVELS[:3]
    assert not len(made.detail.enterprises)
    assert made.detail.industry_yuan.shape == (1000, 0, 2)


def test_enterprises_beyond_their_building_leave_it_whole(tell, panels_of, buildings, firms):
    made = tell(*panels_of(buildings | {"A": [1e5] * 5}, firms))
    assert made.detail.unopened.to_dict("records") == [{"building_id": "A", "reason": TOO_MUCH}]
    assert not made.table["id"].str.startswith("A/").any()
    # It is in the industries as what is not told by enterprise.
    unnamed = made.table[(made.table["level"] == "industry") & (made.table["id"] == UNNAMED)]
    whole = made.table[(made.table["level"] == "building") & (made.table["id"] == "A")]
    assert np.allclose(unnamed["mean_yuan"], whole["mean_yuan"])


def test_one_year_of_tax(tell, panels_of):
    made = tell(*panels_of({"A": [3e7], "B": [1e7]}, {("A", "e1", "金融业"): [3e7]}, first=2020))
    # Too short for an enterprise of its own, but its industry is known.
    assert made.table["level"].drop_duplicates().tolist() == LEVELS[:4]
    assert made.detail.industry.tolist() == [UNNAMED, "金融"]
    assert np.isfinite(made.table["mean_yuan"]).all()


def test_nobody_pays(tell, panels_of):
    nothing = {("A", f"e{at}", "金融业"): [0.0] * 5 for at in range(3)}
    made = tell(*panels_of({"A": [0.0] * 5, "B": [0.0] * 5}, nothing))
    assert (made.table[["mean_yuan", "lo95_yuan", "hi95_yuan"]] == 0).all(axis=None)


def test_a_building_without_tax_is_not_forecast(tell, panels_of, buildings, firms):
    made = tell(*panels_of(buildings | {"D": [None] * 5}, firms))
    assert "D" not in set(made.table["id"])


def test_a_year_without_tax_at_the_end_moves_the_forecast_on(tell, panels_of, buildings, firms):
    late = {key: [*own[:4], None] if key[0] == "A" else own for key, own in firms.items()}
    made = tell(*panels_of(buildings | {"A": [*buildings["A"][:4], None]}, late))
    rows = made.table[made.table["level"] == "building"].set_index("id")
    assert rows.loc["A", "year"].tolist() == [2021, 2022]
    sums = means(made.table)
    assert np.allclose(sums["industry"], sums["district"], rtol=1e-6)


def test_refunds_stay_within_the_building(tell, panels_of, buildings, firms):
    key = ("A", "e99", "金融业")
    refund = [-2e5, -3e5, -2e5, -3e5, -2e5]
    made = tell(*panels_of(buildings | {"A": np.add(buildings["A"], refund).tolist()}, firms | {key: refund}))
    sums = means(made.table)
    assert np.allclose(sums["industry"], sums["district"], rtol=1e-6)
    rows = made.table[made.table["id"] == "A/e99"]
    # Between twice the largest refund and nothing.
    assert rows["mean_yuan"].between(-6e5, 0).all()


def test_no_building_at_all(tell, panels_of):
    made = tell(*panels_of({"A": [None] * 5}))
    assert not len(made.table)
    assert not len(tax_forecast(made.outlook.paths, made.detail, made.chances, "某区"))
