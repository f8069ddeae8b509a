"""What tenants tell, by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.industry.sections import UNRECOGNISED
from louyu_lab.analysis.vacancy.measures import tenancy
from louyu_lab.analysis.vacancy.measures.declared import Shock


def mix(**areas: dict[str, float]) -> pd.DataFrame:
    """A year's mix: building=industry -> ㎡."""
    rows = [
        {"level": "building", "id": building, "industry": industry, "firms": 1.0, "area_sqm": area}
        for building, by_industry in areas.items()
        for industry, area in by_industry.items()
    ]
    return pd.DataFrame(
        [*rows, {"level": "district", "id": "区", "industry": "科技", "firms": 9.0, "area_sqm": 9.0}]
    )


def test_top_tenant_share() -> None:
    tenants = pd.DataFrame(
        {
            "building_id": ["A", "A", "A", "B", "B", None],
            "year": [2019] * 6,
            "at_year_end": [True, True, False, True, True, True],
            "area_sqm": [300.0, 100, 5000, 100, np.nan, 900],
        }
    )
    found = tenancy.top_tenant_tenths(tenants)
    # Who left does not count: 300 of 400. Half of B's tenants tell no area: not known.
    assert found["A", 2019] == pytest.approx(7.5)
    assert np.isnan(found["B", 2019])


def test_shares_leave_out_the_unrecognised_and_whoever_is_mostly_that() -> None:
    shares = tenancy.mix_shares(
        {
            2019: mix(
                A={"科技": 600.0, "金融": 300.0, UNRECOGNISED: 100.0}, B={"科技": 700.0, UNRECOGNISED: 300.0}
            )
        }
    )
    assert shares.index.tolist() == [("A", 2019)]
    assert shares.loc[("A", 2019)].to_dict() == pytest.approx({"科技": 2 / 3, "金融": 1 / 3})
    assert tenancy.industry_hhi_tenths(shares)["A", 2019] == pytest.approx(10 * 5 / 9)


def test_shares_go_by_firms_where_nobody_tells_areas() -> None:
    bare = mix(A={"科技": 1.0, "金融": 1.0}).assign(area_sqm=np.nan)
    assert tenancy.mix_shares({2019: bare}).loc[("A", 2019)].tolist() == [0.5, 0.5]


def test_growth_of_the_mix_elsewhere_by_hand() -> None:
    mixes = {
        2018: mix(A={"科技": 50.0, "金融": 50.0}, B={"科技": 100.0, "金融": 100.0}),
        2019: mix(A={"科技": 90.0, "金融": 10.0}, B={"科技": 300.0, "金融": 100.0}, C={"科技": 999.0}),
    }
    amounts, shares = tenancy.mix_amounts(mixes), tenancy.mix_shares(mixes)
    found = tenancy.mix_growth_tenths(amounts, shares)
    # A: half of its mix is 科技, which grew from 100 to 300 elsewhere, (300 − 100) / 200 = 1; 金融 stood still.
    assert found["A", 2019] == pytest.approx(10 * 0.5)
    # B sees A alone: 科技 40 / 70, 金融 −40 / 30. C, known in one year only, counts for nobody.
    assert found["B", 2019] == pytest.approx(10 * (0.5 * 40 / 70 - 0.5 * 40 / 30))
    assert ("C", 2019) not in found.index


def test_growth_leaves_the_building_itself_out() -> None:
    def growth(own: float) -> float:
        mixes = {
            2018: mix(A={"科技": 50.0}, B={"科技": 100.0}),
            2019: mix(A={"科技": own}, B={"科技": 120.0}),
        }
        return tenancy.mix_growth_tenths(tenancy.mix_amounts(mixes), tenancy.mix_shares(mixes))["A", 2019]

    assert growth(1.0) == growth(5000.0)


def test_exposure_is_of_the_year_before_and_counts_in_the_shock_only() -> None:
    shock = Shock(2020, 2021, ("文化",))
    shares = tenancy.mix_shares(
        {2019: mix(A={"文化": 30.0, "金融": 70.0}), 2020: mix(A={"文化": 90.0, "金融": 10.0})}
    )
    exposure = tenancy.exposure_tenths(shares, shock)
    panel = pd.DataFrame({"building_id": ["A", "A", "A", "B", "B"], "year": [2019, 2020, 2022, 2019, 2020]})
    found = tenancy.in_shock(exposure, panel, shock)
    # B was not there at the end of 2019: nothing to be exposed in 2019, unknown in 2020.
    assert found.tolist() == pytest.approx([0.0, 3.0, 0.0, 0.0, np.nan], nan_ok=True)
    assert tenancy.in_shock(exposure.iloc[:0], panel, shock).isna().all()


def test_without_mixes_there_is_nothing() -> None:
    assert tenancy.mix_amounts({}).empty
    assert tenancy.mix_growth_tenths(tenancy.mix_amounts({}), tenancy.mix_shares({})).empty
