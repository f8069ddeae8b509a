"""The annual run: ledgers in, chapters as a graph, a study and its manifest out."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import pandas as pd

from louyu_lab.ledgers.model import Ledgers
from louyu_lab.run.chapter import tables_state
from louyu_lab.run.folder import earlier_runs, making, refuse_among_ledgers
from louyu_lab.run.graph import NOTEBOOKS, Stage
from louyu_lab.run.making.execution import TIME_LIMIT_S
from louyu_lab.run.making.kept_reading import keep_reading, read_or_kept
from louyu_lab.run.making.schedule import Workshop, run_stages
from louyu_lab.run.manifest import StageResult, write_manifest
from louyu_lab.run.notebook_cells import parameter_faults
from louyu_lab.run.parameters import InputError, Parameters
from louyu_lab.run.plan import Asked, Plan, asked_for, decided
from louyu_lab.run.project import OUTPUTS, notebooks_folder
from louyu_lab.run.unchanged import note_request
from louyu_lab.run.workbooks import write_tables_workbook
from louyu_lab.study.page import PageChapter, write_page


def run_annual(
    asked: Parameters | None = None,
    out: str | Path | None = None,
    *,
    replace: bool = False,
    jobs: int | None = None,
    time_limit_s: float = TIME_LIMIT_S,
    notebooks_dir: Path | None = None,
    stages: Sequence[Stage] = NOTEBOOKS,
) -> Path:
    """Run the chapters on a folder of ledgers and return the run's folder.

    ``out`` None is a folder of its own under ``outputs/``; ``jobs`` chapters run side by side (None:
    one a processor). A chapter whose ledgers are missing is skipped, one that fails or takes longer
    than ``time_limit_s`` is named, and the rest still run: see ``stages`` in ``manifest.json``. A
    chapter that an earlier run made from the same things is taken over. The folder appears under its
    name when everything is in it.
    Raises InputError where the input cannot be run at all: no such folder, a fatal fault, a year the
    ledgers do not hold, a folder that may not be written over or is being written by another run.
    """
    notebooks = notebooks_dir or notebooks_folder()
    _refuse_faulty_cells(notebooks, stages)
    request = asked_for(asked or Parameters(), notebooks, [stage.name for stage in stages])
    beside = Path(out).resolve() if out else (OUTPUTS / "any").resolve()
    ledgers, kept = read_or_kept(earlier_runs(beside), request.reading, lambda: _read(request))
    plan = decided(request, ledgers, notebooks, stages)
    run_dir = Path(out).resolve() if out else (OUTPUTS / plan.run_id).resolve()
    refuse_among_ledgers(run_dir, plan.asked.data, "结果")
    with making(run_dir, plan.fingerprint, replace) as work:
        frames = keep_reading(work, request.reading, ledgers, kept)
        workshop = Workshop(plan, work, frames, earlier_runs(run_dir), time_limit_s)
        results = run_stages(workshop, jobs or os.cpu_count() or 1)
        write_tables_workbook(_published(work), work / "表格.xlsx")
        _write_study(plan, results, work)
        _write_manifest(plan, results, work)
        note_request(work, request.request)
    return run_dir


def _refuse_faulty_cells(notebooks: Path, stages: Sequence[Stage]) -> None:
    """Raise InputError with all in the notebooks' parameter cells that would not do what was asked for."""
    faults = []
    for path in (notebooks / f"{stage.name}.ipynb" for stage in stages):
        # What is no notebook at all fails as a chapter: the rest can still run.
        with suppress(OSError, ValueError):
            faults += parameter_faults(path)
    if faults:
        raise InputError("\n".join(faults))


def _read(request: Asked) -> Ledgers:
    from louyu_lab.run.reading import read_data

    return read_data(request.data, request.parameters.year or None)


def _write_manifest(plan: Plan, results: Sequence[StageResult], run_dir: Path) -> None:
    write_manifest(
        run_dir,
        run_id=plan.run_id,
        district=plan.ledgers.district,
        fingerprint=plan.fingerprint,
        code=plan.asked.code.digest,
        parameters=plan.parameters.recorded(),
        inputs=plan.inputs,
        stages=results,
    )


def _write_study(plan: Plan, results: Sequence[StageResult], run_dir: Path) -> None:
    chapters = []
    for stage, result in zip(plan.stages, results, strict=True):
        executed = run_dir / "notebooks" / f"{stage.name}.ipynb"
        kept = executed if executed.is_file() and result.status != "skipped" else None
        chapters.append(PageChapter(stage.title, kept, result.status, result.reason))
    write_page(
        chapters,
        run_dir / "study.html",
        title=f"{plan.ledgers.district}楼宇经济年度研究（{plan.parameters.year}）",
        subtitle=f"运行编号 {plan.run_id}",
    )


def _published(run_dir: Path) -> dict[str, pd.DataFrame]:
    folder = tables_state(run_dir)
    return {path.stem: pd.read_parquet(path) for path in sorted(folder.glob("*.parquet"))}
