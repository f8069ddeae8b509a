"""Which end of a stay a date of the registers makes it."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd

from louyu_lab.analysis.industry.moves.kinds import CLOSED, LEFT
from louyu_lab.analysis.industry.moves.origins import exit_kinds


def test_struck_off_by_the_end_of_the_next_year_counts_as_closed() -> None:
    nobody = pd.DataFrame({"enterprise_id": [], "year": [], "is_listed": pd.Series([], dtype="bool")})
    ends = SimpleNamespace(before=2018, after=2019)
    closed = pd.Series({"within": 2019, "next": 2020, "later": 2021})
    kinds = exit_kinds(pd.Series(["within", "next", "later", "never"]), ends, nobody, closed)
    assert kinds.tolist() == [CLOSED, CLOSED, LEFT, LEFT]
