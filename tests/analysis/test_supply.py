from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.supply import supply
from louyu_lab.ledgers.model import typed_frame


def _pipeline(**columns: list) -> pd.DataFrame:
    return typed_frame("pipeline", pd.DataFrame(columns))


def test_heping_builds_79_per_cent_of_its_stock(panel_of) -> None:
    # 335万㎡ under construction against 422.7万㎡ standing.
    pipeline = _pipeline(
        gross_area_sqm=[200e4, 135e4], planned_completion_year=[2022, 2023], street=["东", "东"]
    )
    table = supply(pipeline, panel_of(gross_area_sqm=[222.7e4, 200e4]), 2020)
    assert round(table["share_stock"].sum(), 2) == 0.79
    assert table["office_area_sqm"].isna().all()


def test_projects_add_up_by_year_and_street(panel_of) -> None:
    pipeline = _pipeline(
        gross_area_sqm=[10e4, 20e4, 5e4, 7e4, 9e4, 1e4],
        office_rate=[0.5, 0.25, np.nan, 1.0, 1.0, 1.0],
        planned_completion_year=[2022, 2022, 2022, None, 2020, 2021],
        street=["东", "东", None, "西", "西", "西"],
        stage=["在建", "停工", None, "封顶", "已竣工", "未竣工"],
    )
    table = supply(pipeline, panel_of(gross_area_sqm=[50e4, np.nan]), 2020)
    assert table["planned_completion_year"].astype("float64").fillna(-1).tolist() == [2021, 2022, 2022, -1]
    assert table["street"].tolist() == ["西", "东", "未填街道", "西"]
    assert table["projects"].tolist() == [1, 2, 1, 1]
    # 10 × 0.5 + 20 × 0.25 = 10万㎡ of offices; unknown where the share is.
    assert table["office_area_sqm"].tolist()[:2] == [1e4, 10e4]
    assert np.isnan(table.loc[2, "office_area_sqm"])
    assert table.loc[1, "share_stock"] == pytest.approx(0.6)


def test_no_projects_no_rows(panel_of) -> None:
    assert len(supply(_pipeline(project=[]), panel_of(gross_area_sqm=[1e4]), 2020)) == 0
