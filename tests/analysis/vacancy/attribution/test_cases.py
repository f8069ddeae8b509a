"""The buildings worth a card: the largest, with what their ledgers do not tell."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.analysis.vacancy.attribution import largest_cases


def causes(*buildings: tuple[str, float, float, float]) -> pd.DataFrame:
    rows = [
        ("building", own, cause, area)
        for own, *areas in buildings
        for cause, area in zip(
            ("参照水平", "产权", "年份", "未解释"), (*areas[:2], 0.0, areas[2]), strict=True
        )
    ]
    rows.append(("district", "全区", "参照水平", 9e9))
    table = pd.DataFrame(rows, columns=["level", "id", "cause", "area_sqm"])
    return table.assign(lo_sqm=table["area_sqm"] - 1, hi_sqm=table["area_sqm"] + 1)


def test_the_largest_with_their_parts() -> None:
    table = causes(("A", 500.0, -100.0, 50.0), ("B", 900.0, 200.0, -100.0), ("C", 10.0, 0.0, -10.0))
    frame = pd.DataFrame({"building_id": ["A", "B", "C"], "street": ["南街", None, "北街"]})
    frame = frame.assign(owners=[np.nan, 2.0, 3.0], age=[np.nan, np.nan, 1.0])
    found = largest_cases(table, frame, {"B": "乙大厦"}, {"owners": "产权户数", "age": "楼龄"})
    # 1,000 and 450 ㎡; C has nothing to let. The year, which adds nothing to anybody, is no cause.
    assert [(case.building, case.street, case.vacant_sqm) for case in found] == [
        ("乙大厦", "未填街道", 1000.0),
        ("A", "南街", 450.0),
    ]
    assert found[0].causes["cause"].tolist() == ["产权"]
    assert (found[0].reference_sqm, found[0].unexplained_sqm) == (900.0, -100.0)
    assert [case.lacking for case in found] == [("楼龄",), ("产权户数", "楼龄")]
    assert len(largest_cases(table, frame, {}, {}, most=1)) == 1
    assert largest_cases(table.iloc[:0], frame, {}, {}) == []
