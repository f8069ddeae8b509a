"""What counts of buildings × industries may be, refused once for types and targets alike."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.industry.composition import checked_counts
from louyu_lab.analysis.industry.types import cluster_buildings, target_industries

COUNTS = pd.DataFrame({"商贸": [6, 30], "科技": [3, 10]}, index=["A", "B"])
CALLS = [checked_counts, cluster_buildings, lambda counts: target_industries(counts, 3)]


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("given", [COUNTS.to_numpy(), [[1, 2]], COUNTS["商贸"], None])
def test_what_is_no_frame_is_refused(call, given: object) -> None:
    kind = type(given).__name__
    with pytest.raises(TypeError, match=f"counts must be a DataFrame of buildings by industries, not {kind}"):
        call(given)


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize(
    ("counts", "said"),
    [
        (COUNTS.replace(10, -1), "not a number ≥ 0: B × 科技$"),
        (COUNTS.replace(10, np.inf), "not a number ≥ 0: B × 科技$"),
        (COUNTS.astype("float64").replace(10.0, np.nan), "not a number ≥ 0: B × 科技$"),
        (COUNTS.astype("Int64").replace(10, pd.NA), "not a number ≥ 0: B × 科技$"),
        (COUNTS.rename_axis("building_id").reset_index(), "not a number ≥ 0: 0 × building_id, 1 × building_id$"),
        (COUNTS.set_axis(["A", "A"]), "building listed twice: A$"),
        (COUNTS.set_axis(["a", "a"], axis=1), "industry listed twice: a$"),
        (-COUNTS.set_axis(["A", "A"]), "building listed twice: A; not a number ≥ 0: A × 商贸, A × 科技"),
    ],
)  # fmt: skip
def test_everything_wrong_is_named(call, counts: pd.DataFrame, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        call(counts)


def test_of_many_faults_ten_are_named() -> None:
    with pytest.raises(ValueError, match=r"(\d × \w+, ){9}\d × \w+ …$"):
        checked_counts(pd.DataFrame(-1.0, index=range(6), columns=["a", "b"]))


def test_numbers_of_any_kind_become_float64() -> None:
    given = pd.DataFrame({"a": pd.array([1, 2], dtype="Int64"), "b": [True, False], "c": ["3", 4]})
    pd.testing.assert_frame_equal(
        checked_counts(given), pd.DataFrame({"a": [1.0, 2.0], "b": [1.0, 0.0], "c": [3.0, 4.0]})
    )
    assert checked_counts(pd.DataFrame()).empty
