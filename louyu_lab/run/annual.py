"""The annual run: ledgers in, chapters one after another, a study and its manifest out."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from louyu_lab.ledgers.model import Ledgers
from louyu_lab.run.chapter import Chapter, tables_state
from louyu_lab.run.execution import execute_stage, kernel_environment
from louyu_lab.run.fault_report import fatal_message
from louyu_lab.run.folder import claim_folder, refuse_among_ledgers, run_name
from louyu_lab.run.graph import NOTEBOOKS, Stage
from louyu_lab.run.manifest import StageResult, code_digest, fingerprint_of, write_manifest
from louyu_lab.run.parameters import InputError, Parameters, resolved_year
from louyu_lab.run.project import data_folder, notebooks_folder
from louyu_lab.run.workbooks import write_tables_workbook
from louyu_lab.study.page import PageChapter, write_page


@dataclass(frozen=True)
class Plan:
    """What a run is going to do: decided before anything is written."""

    data: Path
    ledgers: Ledgers
    parameters: Parameters
    fingerprint: str
    notebooks: Path
    stages: tuple[Stage, ...]

    @property
    def run_id(self) -> str:
        """``<district>-<year>-<8 hex of the fingerprint>``."""
        return run_name(self.ledgers.district, str(self.parameters.year), self.fingerprint)

    @property
    def inputs(self) -> list[tuple[str, str]]:
        """Relative name and SHA-256 of every file read."""
        return _inputs(self.ledgers)


def run_annual(
    data_dir: str | Path | None = None,
    year: int | None = None,
    out: str | Path | None = None,
    *,
    replace: bool = False,
    notebooks_dir: Path | None = None,
    stages: Sequence[Stage] = NOTEBOOKS,
) -> Path:
    """Run the chapters on a folder of ledgers and return the run's folder.

    ``data_dir`` None is the demonstration district, ``year`` None the latest year the ledgers hold,
    ``out`` None a folder of its own under ``outputs/``. A chapter whose ledgers are missing is
    skipped, one that fails is named, and the rest still run: see ``stages`` in ``manifest.json``.
    Raises InputError where the input cannot be run at all: no such folder, a fatal fault, a year the
    ledgers do not hold, a folder that may not be written over.
    """
    plan = plan_run(data_dir, year, notebooks_dir or notebooks_folder(), stages)
    run_dir = Path(out or Path("outputs") / plan.run_id).resolve()
    refuse_among_ledgers(run_dir, plan.data, "结果")
    claim_folder(run_dir, plan.fingerprint, replace)
    Chapter(plan.parameters, run_dir).keep_ledgers(plan.ledgers)
    results = _execute_all(plan, run_dir)
    write_tables_workbook(_published(run_dir), run_dir / "表格.xlsx")
    _write_study(plan, results, run_dir)
    write_manifest(
        run_dir,
        run_id=plan.run_id,
        fingerprint=plan.fingerprint,
        parameters=plan.parameters.recorded(),
        inputs=plan.inputs,
        stages=results,
    )
    return run_dir


def plan_run(
    data_dir: str | Path | None, year: int | None, notebooks: Path, stages: Sequence[Stage] = NOTEBOOKS
) -> Plan:
    """Read the ledgers and decide year and fingerprint. Raises InputError as ``run_annual``."""
    from louyu_lab.run.reading import read_data

    asked = Parameters(data_dir=str(data_dir or ""), year=0 if year is None else year)
    data = data_folder(asked.data_dir)
    ledgers = read_data(data, asked.year or None)
    fatal = fatal_message(ledgers.check())
    if fatal:
        raise InputError(fatal)
    parameters = Parameters(str(data), resolved_year(ledgers, asked.year), asked.seed)
    if not ledgers.years and not asked.year:
        print(f"台账里没有年份，按 {parameters.year} 年研究；不对请用 --year 指定。", file=sys.stderr)
    package = Path(__file__).resolve().parents[1]
    sources = [path for stage in stages if (path := _source(notebooks, stage)).is_file()]
    code = code_digest(package, sources, package.parent / "uv.lock")
    # The district's name counts, the folder's path does not.
    identity = {"district": ledgers.district, "year": parameters.year, "seed": parameters.seed}
    fingerprint = fingerprint_of(identity, _inputs(ledgers), code)
    return Plan(data, ledgers, parameters, fingerprint, notebooks.resolve(), tuple(stages))


def _execute_all(plan: Plan, run_dir: Path) -> list[StageResult]:
    """Execute the stages in order, with one bar on stderr; absolute paths only."""
    from tqdm import tqdm

    passed = {
        "data_dir": str(plan.data),
        "year": plan.parameters.year,
        "run_dir": str(run_dir),
        "seed": plan.parameters.seed,
    }
    results = []
    layout = "{n_fmt}/{total_fmt} |{bar:24}| {desc}"
    with kernel_environment(), tqdm(total=len(plan.stages), file=sys.stderr, bar_format=layout) as bar:
        for stage in plan.stages:
            bar.set_description_str(stage.title)
            reason = stage.reason_to_skip(plan.ledgers)
            if reason:
                results.append(StageResult(stage.name, "skipped", reason))
            else:
                results.append(execute_stage(stage, _source(plan.notebooks, stage), run_dir, passed))
            bar.update()
        bar.set_description_str("完成")
    return results


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


def _source(notebooks: Path, stage: Stage) -> Path:
    return notebooks / f"{stage.name}.ipynb"


def _inputs(ledgers: Ledgers) -> list[tuple[str, str]]:
    paths = ledgers.inputs["path"].str.replace("\\", "/", regex=False)
    return sorted(zip(paths, ledgers.inputs["sha256"], strict=True))
