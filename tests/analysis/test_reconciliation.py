from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.panel import enterprise_years
from louyu_lab.analysis.reconciliation import reconciliation, reconciliation_list
from louyu_lab.ledgers.model import FAULT_COLUMNS, Ledgers, typed_frame

TENANCIES = pd.DataFrame(
    [
        ("all", "L1", True),
        ("unregistered", "L1", False),
        ("untaxed", "L2", True),
        ("lost", "L2", False),
        ("unsaid", "L2", None),
    ],
    columns=["enterprise_id", "building_id", "is_registered"],
).assign(year=2020)

TAXES = pd.DataFrame(
    [
        ("all", None, 100.0),
        ("unregistered", None, 50.0),
        ("outside", None, 900.0),
        ("outside too", None, -100.0),
        ("forgotten", "L2", 30.0),
    ],
    columns=["enterprise_id", "building_id", "tax_yuan"],
).assign(year=2020, level="enterprise")

REGISTER = pd.DataFrame(
    {
        "enterprise_id": ["all", "untaxed", "outside", "empty", "gone", "later"],
        "enterprise": ["甲", "乙", "丙", "丁", "戊", "己"],
        "registered_date": pd.to_datetime(
            [None, "2010-01-01", None, "2020-12-31", "2010-01-01", "2021-01-01"]
        ),
        "cancelled_date": pd.to_datetime([None, None, None, None, "2019-12-31", None]),
    }
)


def _tenants(tenancies: pd.DataFrame | None = TENANCIES, taxes: pd.DataFrame | None = TAXES) -> pd.DataFrame:
    given = {"tenancies": tenancies, "taxes": taxes}
    frames = {name: typed_frame(name, frame) for name, frame in given.items() if frame is not None}
    empty = pd.DataFrame(columns=list(FAULT_COLUMNS))
    return enterprise_years(Ledgers("和安区", frames, empty, empty, empty), [2020])


def _register(frame: pd.DataFrame | None = None) -> pd.DataFrame:
    return typed_frame("registrations", pd.DataFrame() if frame is None else frame)


def test_all_combinations_with_the_register() -> None:
    table = reconciliation(_tenants(), _register(REGISTER), 2020).set_index("group")
    assert table["firms"].to_dict() == {
        "在驻、有税、已注册": 1,
        "在驻、有税、未注册": 1,
        "在驻、无税、已注册": 1,
        "在驻、无税、未注册": 2,
        "不在台账、有税、已注册（楼外）": 1,
        "不在台账、有税、未注册（楼外）": 1,
        "不在台账、有税、未注册（楼内）": 1,
        "不在台账、无税、已注册": 1,
    }
    assert table.loc["不在台账、有税、已注册（楼外）", "meaning"] == "楼外纳税企业，属正常"
    assert "补登" in table.loc["不在台账、有税、未注册（楼内）", "meaning"]
    assert "虚注册" in table.loc["不在台账、无税、已注册", "meaning"]
    assert "税源流失" in table.loc["在驻、无税、未注册", "meaning"]
    # Refunds stay in; a firm the tax ledger does not name has unknown tax, not 0.
    assert table.loc["不在台账、有税、未注册（楼外）", "tax_yuan"] == -100.0
    assert np.isnan(table.loc["在驻、无税、已注册", "tax_yuan"])
    assert table["tax_yuan"].sum() == pytest.approx(TAXES["tax_yuan"].sum())


def test_without_a_register_the_flag_stands_in_and_other_firms_stay_open() -> None:
    firms = reconciliation_list(_tenants(), _register(), 2020).set_index("enterprise_id")
    assert firms["group"].to_dict() == {
        "outside": "不在台账、有税（楼外）",
        "all": "在驻、有税、已注册",
        "unregistered": "在驻、有税、未注册",
        "forgotten": "不在台账、有税（楼内）",
        "outside too": "不在台账、有税（楼外）",
        "lost": "在驻、无税、未注册",
        "unsaid": "在驻、无税",
        "untaxed": "在驻、无税、已注册",
    }
    assert firms.loc["outside", "in_registrations"] is pd.NA
    assert firms.index[0] == "outside"


def test_a_ledger_that_is_missing_accuses_nobody() -> None:
    untaxed = reconciliation_list(_tenants(taxes=None), _register(), 2020)
    assert untaxed["in_taxes"].isna().all()
    assert set(untaxed["group"]) == {"在驻、已注册", "在驻、未注册", "在驻"}
    unhoused = reconciliation_list(_tenants(tenancies=None), _register(REGISTER), 2020)
    assert unhoused["in_tenancies"].isna().all()
    assert "补登台账" not in set(unhoused["meaning"])


def test_a_firm_with_two_stays_is_one_firm_with_its_whole_tax() -> None:
    twice = pd.DataFrame(
        {"enterprise_id": ["all"] * 2, "building_id": ["L1", "L2"], "year": 2020, "area_sqm": [1, 3]}
    )
    firms = reconciliation_list(_tenants(twice, TAXES.head(1)), _register(), 2020)
    assert firms[["enterprise_id", "tax_yuan"]].values.tolist() == [["all", 100.0]]


def test_tenants_outside_buildings_are_a_normal_group() -> None:
    tenancies = pd.DataFrame(
        {"enterprise_id": ["x", "y"], "building_id": [None, "L1"], "is_registered": [False, True]}
    )
    firms = reconciliation_list(_tenants(tenancies.assign(year=2020), None), _register(), 2020)
    assert firms["group"].tolist() == ["在驻、未注册（楼外）", "在驻、已注册"]
    assert firms.loc[0, "meaning"] == "企业台账中的楼外企业，属正常"


def test_ledgers_that_name_no_building_tell_nothing_about_inside_and_outside() -> None:
    tenancies = pd.DataFrame({"enterprise_id": ["x"], "year": [2020]})
    firms = reconciliation_list(_tenants(tenancies, TAXES.head(1)), _register(), 2020)
    assert firms["group"].tolist() == ["不在台账、有税", "在驻、无税"]
    assert firms.loc[0, "meaning"] == "有税收而企业台账没有：核对是否在楼内"


def test_every_firm_has_a_meaning_of_its_own_group() -> None:
    for register in (_register(), _register(REGISTER)):
        firms = reconciliation_list(_tenants(), register, 2020)
        assert (firms.groupby("group")["meaning"].nunique() == 1).all()
        assert firms["enterprise_id"].is_unique
        assert not firms["meaning"].str.contains("情况不明").any() or not len(register)
