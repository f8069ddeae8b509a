"""A chance reads the same in a sentence and in a table."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.printing import in_print_units
from louyu_lab.study.charts.chances import chance_text


@pytest.mark.parametrize("draws", [1000, 2000, 4000])
def test_a_share_of_the_draws_is_rounded_as_the_tables_round(draws: int) -> None:
    # Of 2,000 draws every second share is half-way between two printed ones, as 0.5945 is.
    shares = pd.Series(np.arange(draws // 200, draws - draws // 200) / draws)
    printed, _ = in_print_units(shares, "chance")
    assert [chance_text(p) for p in shares] == [f"{value:.1f}%" for value in printed]
