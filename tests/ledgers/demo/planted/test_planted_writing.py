"""Files: equal plans give equal bytes, in parts or whole, and they are read back without an error."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from louyu_lab.ledgers import read_ledgers
from louyu_lab.ledgers.demo.planted import parts
from louyu_lab.ledgers.demo.planted.plan import DIFFICULTIES, PlantedPlan
from louyu_lab.ledgers.demo.planted.truth import read_truth
from louyu_lab.ledgers.demo.planted.writing import make_planted, write_planted


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_equal_plans_give_equal_bytes(tmp_path: Path, form: str) -> None:
    for name in ("one", "two"):
        write_planted(tmp_path / name, PlantedPlan(8, 2, 3), form)
    assert contents(tmp_path / "one") == contents(tmp_path / "two")
    write_planted(tmp_path / "other", PlantedPlan(8, 2, 4), form)
    assert contents(tmp_path / "other") != contents(tmp_path / "one")


@pytest.mark.parametrize("difficulty", [*DIFFICULTIES])
def test_the_reader_finds_no_error_and_the_same_values(tmp_path: Path, difficulty: str) -> None:
    plan = PlantedPlan(12, 3, 1, difficulty)
    write_planted(tmp_path, plan)
    ledgers = read_ledgers(tmp_path)
    assert set(ledgers.check()["severity"]) <= {"warning"}
    district, _ = make_planted(plan)
    for ledger, key in (
        ("tenancies", ["credit_code", "move_in_date"]),
        ("occupancy", ["building_id", "year"]),
    ):
        made = district.frames[ledger].sort_values(key, ignore_index=True)
        read = ledgers[ledger].sort_values(key, ignore_index=True)
        assert len(read) == len(made)
        for column in (
            "building_id",
            "area_sqm",
            "move_in_date",
            "occupied_area_sqm",
            "unmarketable_area_sqm",
        ):
            if column in made:
                assert read[column].tolist() == made[column].tolist(), column
    assert ledgers["taxes"]["tax_yuan"].sum() == pytest.approx(district.frames["taxes"]["tax_yuan"].sum())


def test_workbooks_and_tables_say_the_same(tmp_path: Path) -> None:
    plan = PlantedPlan(8, 2, 3)
    truths = {form: write_planted(tmp_path / form, plan, form) for form in ("csv", "xlsx")}
    assert truths["csv"].summary == truths["xlsx"].summary
    csv, xlsx = (read_ledgers(tmp_path / form) for form in ("csv", "xlsx"))
    for ledger in ("buildings", "occupancy", "tenancies", "taxes", "district", "policies"):
        shared = [column for column in csv[ledger] if column not in ("file", "sheet", "row")]
        pd.testing.assert_frame_equal(csv[ledger][shared], xlsx[ledger][shared])


def test_parts_are_added_one_after_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "PART_BUILDINGS", 8)
    plan = PlantedPlan(20, 2, 3)
    write_planted(tmp_path, plan)
    ledgers = read_ledgers(tmp_path)
    assert set(ledgers.check()["severity"]) <= {"warning"}
    district, truth = make_planted(plan)
    for ledger in ("buildings", "occupancy", "tenancies", "taxes", "policies", "district"):
        assert len(ledgers[ledger]) == len(district.frames[ledger]), ledger
    assert len(read_truth(tmp_path).buildings) == 20
    assert read_truth(tmp_path).summary == truth.summary


def test_the_studys_own_totals_agree_with_the_key(tmp_path: Path) -> None:
    """Read back, the panel's building taxes and vacancy are those the generator meant."""
    from louyu_lab.analysis.panel import building_years

    plan = PlantedPlan(12, 3, 7)
    truth = write_planted(tmp_path, plan)
    panel = building_years(read_ledgers(tmp_path), plan.ledger_years.tolist())
    district, _ = make_planted(plan)
    taxes = district.frames["taxes"].groupby("year")["tax_yuan"].sum()
    assert panel.groupby("year")["tax_yuan"].sum().to_numpy() == pytest.approx(taxes.to_numpy())
    marketable = panel["rentable_area_sqm"] - panel["unmarketable_area_sqm"]
    vacancy = 1 - panel["occupied_area_sqm"] / marketable
    by_building = vacancy.groupby(panel["building_id"]).mean()
    realised = truth.buildings.set_index("building_id")["vacancy_realised"]
    assert by_building.to_numpy() == pytest.approx(realised[by_building.index].to_numpy(), abs=1e-6)
