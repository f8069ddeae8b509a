"""Tiny finished runs written by hand: two tables, a figure, the ledgers kept, a manifest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from louyu_lab.analysis.indicators import indicators
from louyu_lab.analysis.panel import building_years
from louyu_lab.analysis.stock import rollup
from louyu_lab.ledgers.model import CONVERSION_COLUMNS, FAULT_COLUMNS, Ledgers, typed_frame
from louyu_lab.run.chapter import Chapter
from louyu_lab.run.folder import run_name
from louyu_lab.run.making.kept_reading import keep_reading
from louyu_lab.run.manifest import StageResult, fingerprint_of, identity_of, write_manifest
from louyu_lab.run.parameters import Parameters

BUILDINGS = {"L1": "和安大厦", "L2": "云台中心", "L3": "长河广场"}

#: year -> building -> (occupied ㎡ of 10 000, tax 元)
STATE = {
    2019: {"L1": (9_000, 1.2e8), "L2": (8_000, 9e7), "L3": (5_000, 2e7)},
    2020: {"L1": (9_100, 1.3e8), "L2": (7_000, 6e7), "L3": (5_000, 2e7)},
}

#: enterprise -> (building, year) -> area; taxes are reported by building.
TENANTS = {
    "恒达公司": {("L1", 2019): 300, ("L1", 2020): 300},
    "远望公司": {("L1", 2019): 200},
    "新禾公司": {("L2", 2020): 400},
    "迁居公司": {("L2", 2019): 100, ("L3", 2020): 120},
}


def small_ledgers(state: dict = STATE, district: str = "和安区") -> Ledgers:
    """Three buildings and four firms over two years."""
    rows = [(year, id_, *values) for year, found in state.items() for id_, values in found.items()]
    occupancy = pd.DataFrame(rows, columns=["year", "building_id", "occupied_area_sqm", "tax_yuan"])
    occupancy["period"] = occupancy["year"].astype("str")
    buildings = pd.DataFrame({"building_id": list(BUILDINGS), "building": list(BUILDINGS.values())})
    buildings = buildings.assign(street="东街道", gross_area_sqm=20_000.0, rentable_area_sqm=10_000.0)
    stays = [
        {
            "enterprise_id": firm,
            "enterprise": firm,
            "building_id": place,
            "year": year,
            "period": str(year),
            "area_sqm": area,
        }
        for firm, spells in TENANTS.items()
        for (place, year), area in spells.items()
    ]
    frames = {
        "buildings": buildings,
        "occupancy": occupancy.drop(columns="tax_yuan"),
        "taxes": occupancy.drop(columns="occupied_area_sqm").assign(level="building"),
        "tenancies": pd.DataFrame(stays),
    }
    return Ledgers(
        district,
        {name: typed_frame(name, frame) for name, frame in frames.items()},
        pd.DataFrame(columns=list(FAULT_COLUMNS)).astype({"row": "Int64"}),
        pd.DataFrame(columns=list(CONVERSION_COLUMNS)),
        pd.DataFrame({"path": ["楼宇台账.xlsx"], "sha256": ["0" * 64]}),
    )


@pytest.fixture(scope="session")
def finish_run() -> Callable[..., Path]:
    """Return a maker of finished runs: ``make(folder, year, ledgers, inputs=…, change=…)``."""

    def make(
        folder: Path,
        year: int = 2020,
        ledgers: Ledgers | None = None,
        *,
        inputs: list[tuple[str, str]] | None = None,
        change: Callable[[pd.DataFrame], pd.DataFrame] = lambda frame: frame,
        change_indicators: Callable[[pd.DataFrame], pd.DataFrame] = lambda frame: frame,
        figure: bytes = b"png",
    ) -> Path:
        ledgers = ledgers or small_ledgers()
        parameters = Parameters(str(folder), year)
        chapter = Chapter(parameters, folder)
        inputs = inputs or [("楼宇台账.csv", "0" * 64)]
        ledgers = replace(ledgers, inputs=pd.DataFrame(inputs, columns=["path", "sha256"]))
        keep_reading(folder, "k" * 64, ledgers, None)
        panel = building_years(ledgers, [2019, 2020])
        chapter.publish("rollup", change(rollup(panel, year, ledgers.district)))
        years = [held for held in (2019, 2020) if held <= year]
        chapter.publish("indicators", change_indicators(indicators(ledgers, years)))
        faults = [("a.xlsx", "", 3, "入驻率", "约7成", "不是数字", "改为数字", "warning")] * 2
        chapter.publish("faults", pd.DataFrame(faults, columns=list(FAULT_COLUMNS)).astype({"row": "Int64"}))
        (folder / "figures").mkdir()
        (folder / "figures" / "a.png").write_bytes(figure)
        (folder / "study.html").write_text("<p>", encoding="utf-8")
        (folder / "notebooks").mkdir()
        (folder / "notebooks" / "02_baseline.ipynb").write_text("{}", encoding="utf-8")
        recorded = parameters.recorded()
        code = "c" * 64
        fingerprint = fingerprint_of(identity_of(ledgers.district, recorded), inputs, code)
        write_manifest(
            folder,
            run_id=run_name(ledgers.district, str(year), fingerprint),
            district=ledgers.district,
            fingerprint=fingerprint,
            code=code,
            parameters=recorded,
            inputs=inputs,
            stages=[StageResult("02_baseline", "done", "", 1.0, "楼宇现状")],
        )
        return folder

    return make
