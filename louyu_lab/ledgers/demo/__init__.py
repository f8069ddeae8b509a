"""A fictional district to try the workbench on: seeded, with planted structure, written as workbooks."""

from __future__ import annotations

from pathlib import Path

from louyu_lab.ledgers.demo.plan import DEMO, DistrictPlan

__all__ = ["DEMO", "DistrictPlan", "write_demo"]


def write_demo(folder: Path, plan: DistrictPlan = DEMO) -> None:
    """Write the ledgers of the district of ``plan`` and its ``targets.yaml`` into ``folder``.

    Files of the same name are replaced. Equal plans give files equal to the byte.
    """
    from louyu_lab.ledgers.demo.district import make_district
    from louyu_lab.ledgers.demo.sheets import district_workbooks
    from louyu_lab.ledgers.demo.targets import targets_text
    from louyu_lab.ledgers.demo.workbooks import write_workbook

    folder.mkdir(parents=True, exist_ok=True)
    for name, sheets in district_workbooks(make_district(plan)).items():
        write_workbook(folder / name, sheets)
    (folder / "targets.yaml").write_text(targets_text(plan), encoding="utf-8")
