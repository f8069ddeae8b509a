"""Draws as a frame: what one building may pay in one year, ascending."""

from __future__ import annotations

import numpy as np

from louyu_lab.analysis.tax.paths import TaxPaths, draws_frame


def test_each_building_year_has_its_draws_ascending():
    # Three draws of two buildings in two years; building B2 comes first in the paths.
    yuan = np.array([[[3, 30], [1, 10]], [[1, 20], [2, 40]], [[2, 10], [3, 20]]], dtype="float64")
    paths = TaxPaths(np.array(["B2", "B1"]), np.array(["东街", "西街"]), np.array([2021, 2022]), yuan)
    frame = draws_frame(paths)
    assert frame["building_id"].tolist() == ["B1"] * 6 + ["B2"] * 6
    assert frame["year"].tolist() == [2021, 2021, 2021, 2022, 2022, 2022] * 2
    assert frame["draw"].tolist() == [0, 1, 2] * 4
    assert frame["yuan"].tolist() == [1, 2, 3, 10, 20, 40, 1, 2, 3, 10, 20, 30]
    assert frame.dtypes.astype(str).to_dict() == {
        "building_id": "str", "year": "int64", "draw": "int64", "yuan": "float64",
    }  # fmt: skip


def test_no_draws_keep_columns_and_types():
    nothing = TaxPaths(np.array([]), np.array([]), np.array([], dtype="int64"), np.zeros((0, 0, 0)))
    frame = draws_frame(nothing)
    assert list(frame) == ["building_id", "year", "draw", "yuan"] and len(frame) == 0
