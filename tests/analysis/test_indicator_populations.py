"""Who counts in the numerators and denominators of the indicators."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from louyu_lab.analysis.indicator_populations import building_population, tenant_population
from louyu_lab.ledgers.model import empty_frame


def test_a_taxpayer_without_an_amount_is_unknown_not_exempt() -> None:
    tenants = pd.DataFrame(
        {
            "enterprise_id": ["甲", "乙", "丙"],
            "building_id": "A",
            "year": 2020,
            "at_year_end": True,
            "in_taxes": [True, True, False],
            "tax_yuan": [5.0, np.nan, np.nan],
            "area_sqm": np.nan,
            "is_registered": pd.array([None] * 3, dtype="boolean"),
            "is_taxed_here": pd.array([None] * 3, dtype="boolean"),
        }
    )
    panel = pd.DataFrame({"building_id": ["A"], "year": [2020]})
    pays = tenant_population(tenants, panel, empty_frame("registrations")).set_index("enterprise_id")
    # 甲 pays, 丙 is in no tax list; 乙 is in it without the full amount.
    assert pays["is_taxpayer"][["甲", "丙"]].to_dict() == {"甲": 1, "丙": 0}
    assert np.isnan(pays.loc["乙", "is_taxpayer"])


def test_taxes_without_real_estate_need_taxes_by_enterprise(panel_of: Callable) -> None:
    # A: 100 of which 60 from a developer; B: no developer; C: a reported total alone.
    panel = panel_of(2020, building_id=list("ABC"), tax_yuan=[100.0, 30.0, 50.0])
    mix = pd.DataFrame(
        [
            ("building", "A", "房地产", 60.0),
            ("building", "A", "金融", 40.0),
            ("building", "B", "金融", 30.0),
            ("building", "C", "金融", np.nan),
            ("district", "某区", "房地产", 60.0),
        ],
        columns=["level", "id", "industry", "tax_yuan"],
    )
    found = building_population(empty_frame("buildings"), panel, {2020: mix}).set_index("building_id")
    assert found["tax_other_yuan"][["A", "B"]].to_dict() == {"A": 40, "B": 30}
    assert np.isnan(found.loc["C", "tax_other_yuan"])
    bare = building_population(empty_frame("buildings"), panel, {})
    assert bare["tax_other_yuan"].isna().all()
