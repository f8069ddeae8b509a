"""Two states of one table: nothing is found where nothing differs, and what is found makes after of before."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from louyu_lab.analysis.changes import TableChanges, row_changes, table_changes

DTYPES = {
    "name": "str",
    "year": "Int64",
    "tax": "float64",
    "firms": "Int64",
    "kind": "str",
    "since": "datetime64[us]",
    "flag": "boolean",
}

#: Values that differ by far more than the tolerance, so that the change found is the whole change.
CELLS = {
    "tax": st.sampled_from([0.0, -1.5, 1e9, np.nan, np.inf]),
    "firms": st.sampled_from([0, 7, 10**9, 10**9 + 1, None]),
    "kind": st.sampled_from(["甲", "乙", "", None]),
    "since": st.sampled_from([pd.Timestamp(2020, 1, 1), pd.Timestamp(2021, 5, 6), None]),
    "flag": st.sampled_from([True, False, None]),
}


@st.composite
def frames(draw: st.DrawFn) -> pd.DataFrame:
    keys = draw(
        st.lists(
            st.tuples(st.sampled_from(["a", "b", None]), st.sampled_from([2019, 2020, None])),
            unique=True,
            max_size=6,
        )
    )
    rows = [[*key, *(draw(values) for values in CELLS.values())] for key in keys]
    return pd.DataFrame(rows, columns=list(DTYPES)).astype(DTYPES)


def applied(before: pd.DataFrame, changes: TableChanges) -> pd.DataFrame:
    """Return before with the changes made to it."""
    result = before.copy()
    for cell in changes.cells.to_dict("records"):
        place = result.columns.get_loc(cell["column"])
        result.iloc[cell["row_before"], place] = cell["after"]
    return pd.concat([result.drop(index=changes.gone.index), changes.new]).astype(before.dtypes)


def in_order(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.sort_values(list(frame.columns), ignore_index=True)


@given(frames(), st.randoms(use_true_random=False))
def test_a_table_does_not_differ_from_itself_in_any_order(frame: pd.DataFrame, random) -> None:
    places = list(range(len(frame)))
    random.shuffle(places)
    shuffled = frame.iloc[places, ::-1]
    assert table_changes(frame, shuffled, ["name", "year"]).is_empty
    assert row_changes(frame, shuffled).is_empty


@settings(max_examples=200)
@given(frames(), frames())
def test_the_changes_applied_to_before_give_after(before: pd.DataFrame, after: pd.DataFrame) -> None:
    changes = table_changes(before, after, ["name", "year"])
    pd.testing.assert_frame_equal(in_order(applied(before, changes)), in_order(after))
    # Each cell found does differ: nothing is listed twice or for nothing.
    assert not changes.cells.duplicated(["row_after", "column"]).any()
    back = table_changes(after, before, ["name", "year"])
    assert (len(back.new), len(back.gone), len(back.cells)) == (
        len(changes.gone),
        len(changes.new),
        len(changes.cells),
    )


@given(frames(), frames())
def test_lists_are_compared_as_multisets(before: pd.DataFrame, after: pd.DataFrame) -> None:
    doubled = pd.concat([before, before], ignore_index=True)
    changes = row_changes(doubled, before)
    assert (len(changes.gone), len(changes.new)) == (len(before), 0)
    changes = row_changes(before, after)
    made = pd.concat([before.drop(index=changes.gone.index), changes.new])
    pd.testing.assert_frame_equal(in_order(made.astype(DTYPES)), in_order(after))


def test_new_gone_and_changed_are_told_apart() -> None:
    before = pd.DataFrame({"id": ["A", "B", "C"], "tax": [100.0, 200.0, np.nan], "note": ["x", "y", None]})
    after = pd.DataFrame({"id": ["D", "C", "A"], "tax": [5.0, 300.0, 150.0], "note": ["", None, "x"]})
    changes = table_changes(before, after, ["id"])
    assert (list(changes.new["id"]), list(changes.gone["id"])) == (["D"], ["B"])
    # A: 150 − 100 = 50; C came from missing: a change, of no size. Positions: A 0 → 2, C 2 → 1.
    cells = changes.cells[["row_before", "row_after", "column", "change"]]
    expected = pd.DataFrame(
        {"row_before": [2, 0], "row_after": [1, 2], "column": ["tax", "tax"], "change": [np.nan, 50.0]}
    )
    pd.testing.assert_frame_equal(cells, expected.astype({"column": "str"}))


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        (1e8, 1e8 * (1 + 5e-9), True),  # within a relative 1e-8
        (1e8, 1e8 * (1 + 5e-8), False),
        (0.0, 5e-17, True),  # 0.3 − 0.3 on another machine
        (0.0, 1e-6, False),
        (np.inf, np.inf, True),
        (np.inf, 1.0, False),
        (np.nan, 0.0, False),
    ],
)
def test_numbers_are_equal_up_to_the_last_bits(old: float, new: float, same: bool) -> None:
    pair = [pd.DataFrame({"id": ["A"], "tax": [value]}) for value in (old, new)]
    assert table_changes(*pair, ["id"]).is_empty is same


def test_counts_are_compared_exactly_however_large() -> None:
    pair = [pd.DataFrame({"id": ["A"], "firms": [value]}) for value in (10**9, 10**9 + 1)]
    assert len(table_changes(*pair, ["id"]).cells) == 1


def test_new_columns_are_named_and_an_unknown_key_refused() -> None:
    before = pd.DataFrame({"id": ["A"], "old": [1]})
    after = pd.DataFrame({"id": ["A"], "new": [1]})
    changes = table_changes(before, after, ["id"])
    assert (changes.columns_new, changes.columns_gone) == (("new",), ("old",))
    assert not changes.is_empty
    with pytest.raises(ValueError, match="absent"):
        table_changes(before, after, ["old"])
    with pytest.raises(ValueError, match="repeated"):
        table_changes(before, pd.concat([before, before]), ["id"])


def test_empty_tables_are_compared_too() -> None:
    before = pd.DataFrame({"id": pd.Series(dtype="str"), "tax": pd.Series(dtype="float64")})
    after = pd.DataFrame({"id": ["A"], "tax": [1.0]})
    assert len(table_changes(before, after, ["id"]).new) == 1
    assert table_changes(before, before, ["id"]).is_empty
