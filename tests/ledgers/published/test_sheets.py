"""A number as its cell shows it."""

from __future__ import annotations

import pytest

from louyu_lab.ledgers.published.sheets import shown


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (76, "0.0", "76.0"),
        (1.0714, "0.0%", "107.1%"),
        (0.629, "0%", "63%"),
        (0, "0.00%", "0.00%"),
        (170000, "#,##0", "170000"),
        (170000.5, "#,##0.00_);[Red](#,##0.00)", "170000.50"),
        (3, '0"座"', "3座"),
        (75.8, '0.0"%"', "75.8%"),
        (12.4, "0.##", "12.4"),
        (12.0, "0.##", "12"),
        (12.4, "0.0#", "12.4"),
        # A literal stays on the side it stands on; General shows the number as it lies.
        (85, '"约"0"%"', "约85%"),
        (0.85, '"约"0%"以上"', "约85%以上"),
        (8, '"第10批"0"家"', "第10批8家"),
        (12, 'General"家"', "12家"),
        (0.5, '"近"General', "近0.5"),
        # Half away from zero, as Excel shows it.
        (0.125, "0.00", "0.13"),
        (-2.5, "0", "-3"),
        (0.1 + 0.2, "General", "0.3"),
        (89, "@", "89"),
        # Thousands, powers, fractions and dates: no digits to read off.
        (170000, "#,##0,", None),
        (30000, "0.00E+00", None),
        (0.5, "# ?/?", None),
        (44000, "yyyy-mm-dd", None),
    ],
)
def test_a_cell_shows_its_number_by_its_format(value: float, form: str, text: str | None) -> None:
    assert shown(value, form) == text
