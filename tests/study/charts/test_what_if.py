"""The small fan beside the sliders: a picture for every course, another for another course."""

from __future__ import annotations

from io import BytesIO

import pandas as pd
import pytest
from PIL import Image

from louyu_lab.study.charts.what_if import fan


def paths(code: str, values: list[float]) -> pd.DataFrame:
    rows = {"indicator": code, "year": range(2020, 2020 + len(values))}
    return pd.DataFrame(
        {**rows, "median": values, "lo80": [v * 0.9 for v in values], "hi80": [v * 1.1 for v in values]}
    )


def history(code: str, values: list[float]) -> pd.DataFrame:
    return pd.DataFrame({"indicator": code, "year": range(2021 - len(values), 2021), "value": values})


@pytest.mark.parametrize(
    ("code", "values"),
    [("occupancy_rate", [0.8, 0.82, 0.9]), ("tax_yuan", [5e9, 6e9]), ("tax_yuan", [0.0, 0.0])],
)
def test_it_is_one_picture_of_the_size_of_a_phone(code: str, values: list[float]) -> None:
    png = fan(code, history(code, values), paths(code, values), paths(code, values))
    # 3.6 × 2.5 inches at 180 dots.
    assert Image.open(BytesIO(png)).size == (648, 450)
    assert fan(code, history(code, values), paths(code, values), paths(code, values)) == png


def test_another_course_or_another_past_is_another_picture() -> None:
    base, past = paths("tax_yuan", [5e9, 6e9]), history("tax_yuan", [4e9, 5e9])
    pictures = {
        fan("tax_yuan", past, base, base),
        fan("tax_yuan", past, base, paths("tax_yuan", [5e9, 7e9])),
        fan("tax_yuan", history("tax_yuan", [4.5e9, 5e9]), base, base),
        fan("tax_yuan", history("tax_yuan", []), base, base),
    }
    assert len(pictures) == 4
