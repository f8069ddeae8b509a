"""Panels for the tests of the analysis, of the same shape as ``analysis.panel`` makes them."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

_BUILDING_TEXT = ["building_id", "building", "street", "zone", "area", "grade", "carrier_type"]
_BUILDING_NUMBERS = [
    *("gross_area_sqm", "rentable_area_sqm", "occupied_area_sqm", "vacant_area_sqm"),
    *("unmarketable_area_sqm", "occupancy_rate", "asking_rent_yuan", "firms"),
    *("tax_yuan", "recurring_tax_yuan", "retained_yuan"),
]


@pytest.fixture(scope="session")
def panel_of() -> Callable[..., pd.DataFrame]:
    """Return a maker of ``building_years`` panels from columns; what is left out is missing."""

    def make(year: int | list[int] = 2020, **columns: list) -> pd.DataFrame:
        frame = pd.DataFrame(columns).assign(year=year)
        if "building_id" not in frame:
            frame["building_id"] = [f"L{number:03d}" for number in range(1, len(frame) + 1)]
        frame = frame.reindex(columns=["year", *_BUILDING_TEXT, *_BUILDING_NUMBERS])
        frame = frame.astype(
            dict.fromkeys(_BUILDING_TEXT, "str") | dict.fromkeys(_BUILDING_NUMBERS, "float64")
        )
        derived = frame["occupied_area_sqm"] / frame["rentable_area_sqm"]
        frame["occupancy_rate"] = frame["occupancy_rate"].fillna(derived)
        vacant = (frame["rentable_area_sqm"] - frame["occupied_area_sqm"]).clip(lower=0)
        frame["vacant_area_sqm"] = frame["vacant_area_sqm"].fillna(vacant)
        return frame.sort_values(["year", "building_id"], ignore_index=True)

    return make
