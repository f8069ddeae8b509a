"""The tables of the tenant model add up and say what they should of hand-made buildings."""

import numpy as np
import pytest

from louyu_lab.analysis.concentration import tax_concentration
from louyu_lab.analysis.tax.history import TaxHistory, tax_history
from louyu_lab.analysis.tax.paths import TaxPaths
from louyu_lab.analysis.tax.tenants import one_off_taxes, tax_parts, tenant_forecast, top_taxpayer_loss
from louyu_lab.analysis.tax.tenants.parts import parts_of


@pytest.fixture(scope="module")
def panels(panels_of, steady):
    rows = steady(firms=40, years=4, buildings=3)
    rows += [{"firm": "boss", "building": "B0", "year": year, "tax": 2e8} for year in range(2017, 2021)]
    return panels_of(rows)


@pytest.fixture(scope="module")
def made(panels):
    return tenant_forecast(*panels, 2020, 2, np.random.default_rng(0), 100)


@pytest.fixture(scope="module")
def history(panels):
    return tax_history(panels[1], 2020)


def test_levels_add_up(made, history):
    parts = tax_parts(made, made.paths, history, "某区").set_index(["level", "year", "part"])["mean_yuan"]
    whole = parts["district"]
    for level in ("street", "building"):
        sums = parts[level].groupby(["year", "part"]).sum()
        assert sums.to_numpy() == pytest.approx(whole.reindex(sums.index).to_numpy(), abs=1.0)
    assert whole.groupby("year").sum().to_numpy() == pytest.approx(made.paths.yuan.mean(axis=0).sum(axis=0))
    # Nobody is unlisted, so there is no such part; moves cancel out exactly.
    assert "未列名企业增减" not in whole.index.get_level_values("part")
    assert (whole.xs("区内迁移", level="part") == 0).all()


def test_parts_are_those_of_the_forecast_told(made, history):
    told = TaxPaths(made.paths.building_id, made.paths.street, made.paths.years, made.paths.yuan * 0.9)
    own, scaled = (
        tax_parts(made, paths, history, "某区").query("level == 'district'") for paths in (made.paths, told)
    )
    assert scaled.groupby("year")["mean_yuan"].sum().to_numpy() == pytest.approx(
        told.yuan.mean(axis=0).sum(axis=0)
    )
    own, scaled = (rows.set_index(["part", "year"])["mean_yuan"] for rows in (own, scaled))
    for part in ("基年税收", "退出", "区内迁移"):
        assert scaled[part].to_numpy() == pytest.approx(own[part].to_numpy())
    missing = made.paths.yuan.mean(axis=0).sum(axis=0) * 0.1
    assert (own["存量企业同企增长"] - scaled["存量企业同企增长"] <= missing).all()
    assert (scaled["新入驻"] <= own["新入驻"]).all() and (scaled["新入驻"] >= 0).all()


def test_parts_in_every_draw_of_poor_buildings(made, history):
    yuan = made.paths.yuan.copy()
    yuan[:, 0], yuan[:, 1] = 0.0, -1e6
    ids = np.append(made.paths.building_id, "BX")
    street = np.append(made.paths.street, "北街")
    paths = TaxPaths(ids, street, made.paths.years, np.concatenate([yuan, yuan[:, [2]]], axis=1))
    known = TaxHistory(ids, street, np.ones(4, bool), history.years, np.vstack([history.tax_yuan, [5.0] * 4]))
    parts = parts_of(paths, known, made)
    assert parts.sum(axis=0) == pytest.approx(paths.yuan, abs=1e-3)
    # Nothing is known of BX's taxpayers.
    assert (parts[0, :, 3] == 5.0).all() and parts[5, :, 3] == pytest.approx(yuan[:, 2] - 5.0)
    assert not parts[1:5, :, 3].any()


def test_the_largest_taxpayer_by_hand(panels, made):
    tenants, panel = panels
    concentration = tax_concentration(tenants, panel, 2020, "某区")
    loss = top_taxpayer_loss(concentration, tenants, panel, 2020, made).set_index("building_id")
    row = loss.loc["B0"]
    assert loss.index[0] == "B0"
    assert (row["top1_enterprise"], row["tier"]) == ("企业boss", "亿元楼")
    assert row["tier_without"] in ("千万元楼", "准千万元楼", "其他")
    assert row["loss_if_top_leaves_yuan"] == 2e8
    leaving, unit = made.model.leaving, made.model.units.enterprise_id.tolist().index("boss")
    stays = (1 - leaving.exit_rate[unit]) * (1 - leaving.move_rate)
    assert row["p_leaves"] == pytest.approx(1 - stays**2)
    assert row["expected_loss_yuan"] == pytest.approx(row["p_leaves"] * 2e8)
    assert row["to_year"] == 2022


def test_one_off_taxes_by_hand(panels_of):
    rows = [
        {"firm": "a", "building": "B1", "year": 2019, "tax": 100.0, "one_off": 40.0},
        {"firm": "a", "building": "B1", "year": 2020, "tax": 100.0},
        {"firm": "b", "building": "B2", "year": 2021, "tax": 100.0, "one_off": 40.0},
    ]
    _, panel = panels_of(rows)
    table = one_off_taxes(panel, 2020)
    assert table[["year", "building_id", "one_off_yuan", "one_off_rate"]].to_numpy().tolist() == [
        [2019, "B1", 40.0, 0.4]
    ]


def test_without_enterprises_the_tables_are_empty(panels):
    tenants, panel = panels
    none = tenant_forecast(tenants.iloc[:0], panel, 2020, 2, np.random.default_rng(0), 10)
    history = tax_history(panel, 2020)
    series = TaxPaths(history.building_id, history.street, none.paths.years, np.ones((10, 3, 2)))
    assert len(tax_parts(none, series, history, "某区")) == 0
    empty = tax_concentration(tenants.iloc[:0], panel, 2020, "某区")
    assert len(top_taxpayer_loss(empty, tenants, panel, 2020, none)) == 0
    # Known taxpayers, but no past: the loss is known, the chance is not.
    concentration = tax_concentration(tenants, panel, 2020, "某区")
    assert top_taxpayer_loss(concentration, tenants, panel, 2020, none)["p_leaves"].isna().all()
