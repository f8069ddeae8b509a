"""A district of four buildings, small enough to work out by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from louyu_lab.analysis.study_year import StudyYear
from louyu_lab.ledgers.model import Ledgers, typed_frame

NO = pd.DataFrame()

#: Building, firms of it as (industry code, ㎡, tax 2019, tax 2020, registered, taxed here, hq); 万元.
TENANTS = {
    "A": [
        ("6600", 100, 500, 600, 1, 1, 1),
        ("6600", 100, 100, 400, 1, 1, 0),
        ("5100", 200, 0, None, 0, 1, 0),
    ],
    "B": [("5100", 50, 10, 12, 1, 1, 0), ("6500", 50, 10, 8, 1, 0, 0)],
    "C": [("5100", 80, 5, 4, None, None, None)],
    "D": [],
}


def district(**frames: pd.DataFrame) -> Ledgers:
    """Ledgers of the given frames, typed."""
    return Ledgers("和安区", {name: typed_frame(name, frame) for name, frame in frames.items()}, NO, NO, NO)


def buildings_frame() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "building_id": ["A", "B", "C", "D"],
            "building": ["甲楼", "乙楼", "丙楼", "丁楼"],
            "street": ["南街", "南街", "北街", "北街"],
            "grade": ["甲级", "A级", None, "乙级"],
            "gross_area_sqm": [20000.0, 10000.0, 5000.0, None],
            "rentable_area_sqm": [10000.0, 8000.0, 4000.0, 3000.0],
            "completion_year": [2000, 2010, None, 1990],
            "parking_spaces": [100, 100, None, 10],
            "lifts": [5, None, 2, 1],
            "has_party_org": [True, False, None, True],
            "star": [4, None, None, None],
            "feature_year": [2018, None, None, None],
            "since_year": [2001, 2011, 2001, 1991],
        }
    )


def tenant_frames(moved_in: str = "2010-01-01") -> dict[str, pd.DataFrame]:
    stays, taxes = [], []
    for building, firms in TENANTS.items():
        for number, (code, area, before, now, registered, here, hq) in enumerate(firms):
            firm = f"{building}{number}"
            flags = {"is_registered": registered, "is_taxed_here": here, "is_hq": hq}
            place = {"enterprise_id": firm, "enterprise": f"{firm}公司", "building_id": building}
            stays.append(
                {**place, "industry_code": code, "area_sqm": area, "move_in_date": moved_in, **flags}
            )
            for year, tax in ((2019, before), (2020, now)):
                if tax is not None:
                    taxes.append({**place, "year": year, "tax_yuan": tax * 1e4, "level": "enterprise"})
    stay = pd.DataFrame(stays)
    stay["move_in_date"] = pd.to_datetime(stay["move_in_date"])
    return {"tenancies": stay, "taxes": pd.DataFrame(taxes)}


def occupancy_frame() -> pd.DataFrame:
    rows = [
        (b, y, occupied) for y in (2019, 2020) for b, occupied in (("A", 7000.0), ("B", 4000.0), ("C", None))
    ]
    return pd.DataFrame(rows, columns=["building_id", "year", "occupied_area_sqm"])


@pytest.fixture(scope="session")
def study() -> StudyYear:
    """The district in 2020."""
    ledgers = district(buildings=buildings_frame(), occupancy=occupancy_frame(), **tenant_frames())
    return StudyYear(ledgers, 2020)
