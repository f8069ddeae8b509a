"""The sentences of chapter 01 agree with the tables beside them."""

from __future__ import annotations

import pandas as pd

from louyu_lab.study.prose import quality as prose


def test_firms_outside_buildings_are_counted_once() -> None:
    table = pd.DataFrame(
        {
            "group": ["在驻、有税、已注册", "在驻、有税、已注册（楼外）", "在驻、有税、未注册"],
            "in_tenancies": [True, True, True],
            "in_taxes": [True, True, True],
            "in_registrations": [True, True, False],
            "firms": [772, 144, 47],
            "tax_yuan": [1.58e9, 1.1e8, 7.011e7],
        }
    )
    assert prose.reconciliation_words(table) == (
        "楼内企业三方一致的 772 家。需要核对的：在驻、有税、未注册 47 家（涉税 7,011 万元）。楼外企业 144 家，属正常。"
    )
