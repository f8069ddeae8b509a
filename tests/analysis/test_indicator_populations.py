"""Who counts in the numerators and denominators of the indicators."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.analysis.indicator_populations import tenant_population
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
