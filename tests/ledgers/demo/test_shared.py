"""What both generators share: house numbers, what is kept of taxes, totals in long form."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.ledgers.demo.addresses import street_addresses
from louyu_lab.ledgers.demo.tax_rows import retained_yuan, to_100_yuan
from louyu_lab.ledgers.demo.totals import totals_ledger


def test_no_two_buildings_of_a_road_share_a_number() -> None:
    made = street_addresses("某区", pd.Series(["甲路"] * 300 + ["乙路"]), np.random.default_rng(1))
    assert made.is_unique
    # Even numbers from 2 to 14, then 16 further on for each building.
    assert made[0] in {f"某区甲路{n}号" for n in range(2, 15, 2)}
    assert made[299] in {f"某区甲路{299 * 16 + n}号" for n in range(2, 15, 2)}


def test_the_district_keeps_more_of_one_off_taxes_to_100_yuan() -> None:
    rows = pd.DataFrame(
        {"tax_yuan": [1_234_500.0, 1_234_500.0, -10_000.0], "is_one_off": [False, True, False]}
    )
    # 28 % are 345,660, 40 % are 493,800, 28 % of a refund come back.
    assert retained_yuan(rows).tolist() == [345_700, 493_800, -2_800]
    assert to_100_yuan(pd.Series([149.0, 151.0])).tolist() == [100, 200]


def test_totals_are_one_row_a_year_and_series() -> None:
    made = totals_ledger("某区", {("税收", "亿元", "全口径"): pd.Series([1.5, 2.0], [2019, 2020])})
    assert made.to_dict("list") == {
        "region": ["某区"] * 2, "indicator": ["税收"] * 2, "year": [2019, 2020],
        "value": [1.5, 2.0], "unit": ["亿元"] * 2, "scope": ["全口径"] * 2,
    }  # fmt: skip
