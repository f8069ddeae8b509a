"""The demonstration district says of itself what was published."""

from __future__ import annotations

import shutil
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from louyu_lab.analysis.outputs import TABLES
from louyu_lab.analysis.panel import building_years
from louyu_lab.analysis.printing import LEVELS_ZH
from louyu_lab.analysis.published.check import published_check
from louyu_lab.analysis.published.labels import misspelt
from louyu_lab.analysis.published.places import with_places_checked
from louyu_lab.analysis.published.rows import row_test, rows_meeting
from louyu_lab.analysis.study_tables import STUDY_TABLES, TablesOfYear
from louyu_lab.analysis.study_year import StudyYear
from louyu_lab.ledgers import Ledgers
from louyu_lab.ledgers.published.conditions import Condition
from louyu_lab.ledgers.reading import read_ledgers
from louyu_lab.run.project import data_folder

YEAR = 2020

#: The contradictions of the sources; see the notes in ``published.yaml``.
CONTRADICTIONS = {
    *("hp_tax_n5kw", "hp_idle_vs_rate", "hp_covid_unit", "yc_rentable_inc"),
    *(f"yc_unit_{by}_y{year}" for year in (1, 2, 3) for by in ("total", "occ")),
}


@pytest.fixture(scope="module")
def demo() -> Path:
    return data_folder("")


@pytest.fixture(scope="module")
def ledgers(demo: Path) -> Ledgers:
    return read_ledgers(demo)


@pytest.fixture(scope="module")
def tables(ledgers: Ledgers) -> TablesOfYear:
    return TablesOfYear(StudyYear(ledgers, YEAR))


@pytest.fixture(scope="module")
def checked(ledgers: Ledgers) -> pd.DataFrame:
    return published_check(ledgers, YEAR)


def test_nothing_differs_and_the_contradictions_are_named(checked: pd.DataFrame) -> None:
    assert checked.loc[checked["status"] == "differs", "figure"].tolist() == []
    assert (checked["status"] == "equal").sum() >= 45
    assert set(checked.loc[checked["year"].isna(), "figure"]) == CONTRADICTIONS


def test_only_thresholds_and_targets_are_out_of_scope(checked: pd.DataFrame) -> None:
    outside = checked.loc[checked["status"] == "out-of-scope", "figure"]
    own = {figure for figure in outside if not figure.startswith("yc_")}
    assert own == {"hp_idle_threshold", "hp_target_yi_to", "hp_target_idle_cut"}


def test_every_place_is_known(ledgers: Ledgers) -> None:
    assert with_places_checked(ledgers) is ledgers


@pytest.mark.parametrize("name", list(STUDY_TABLES))
def test_whatever_stands_in_a_table_can_be_asked_for(tables: TablesOfYear, name: str) -> None:
    """No condition that copies a row's own texts is taken for a misspelling, and it finds the row."""
    frame = tables[name]
    for column, (_, form) in TABLES[name].headings.items():
        for value in frame[column].dropna().unique()[:20] if form in ("text", "flag") else ():
            row = frame[frame[column] == value].iloc[0]
            said = (
                {True: "是", False: "否"}.get(value, value) if form == "flag" else LEVELS_ZH.get(value, value)
            )
            asked = [Condition(column, "=", (str(said),))]
            if "level" in frame and column != "level":
                asked.append(Condition("level", "=", (LEVELS_ZH[row["level"]],)))
            tests = [row_test(name, condition) for condition in asked]
            assert misspelt(tests, tables.study.ledgers) == ""
            assert len(rows_meeting(tests, frame)) >= 1


def test_without_one_building_the_check_differs(demo: Path, ledgers: Ledgers, tmp_path: Path) -> None:
    """Take out the 亿元楼 of the area that has just one: every margin it stands in must tell."""
    panel = building_years(ledgers, [YEAR])
    gone = panel[(panel["area"] == "书院里") & (panel["tax_yuan"] >= 1e8)]
    assert len(gone) == 1
    data = shutil.copytree(demo, tmp_path / "和安区")
    _remove_row(data / "楼宇台账.xlsx", gone["building_id"].iloc[0])
    status = published_check(read_ledgers(data), YEAR).set_index("figure")["status"]
    for figure in ("hp_buildings", "hp_area", "hp_tax_ge1yi_n", "hp_tax_ge1yi_sum", "hp_yi_zone_maluwan"):
        assert status[figure] == "differs", figure
    for figure in ("hp_zone_hunhe", "hp_yi_zone_nanhu", "hp_pipeline_area"):
        assert status[figure] == "equal", figure


def _remove_row(path: Path, building_id: str) -> None:
    book = openpyxl.load_workbook(path)
    for sheet in book.worksheets:
        for row in range(sheet.max_row, 0, -1):
            if building_id in [cell.value for cell in sheet[row]]:
                sheet.delete_rows(row)
    book.save(path)
