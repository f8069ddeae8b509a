"""Running the chapters: each when those before it have ended, independent ones side by side, none in vain."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from louyu_lab.run.graph import Stage
from louyu_lab.run.making.declared import frames_read
from louyu_lab.run.making.execution import execute_stage, kernel_environment
from louyu_lab.run.making.records import StageRecord, find_record, stage_key, write_record
from louyu_lab.run.making.staging import copy_outputs, move_outputs, new_staging, output_faults
from louyu_lab.run.manifest import StageResult
from louyu_lab.run.notebook_cells import declared_parameters
from louyu_lab.run.plan import Plan, stage_files

#: What a chapter that did not run through leaves in the run: the notebook, to see how far it came.
_LEFT_BY_FAILED = ("notebooks",)


@dataclass(frozen=True)
class Ended:
    """A chapter that ended: how, and what later ones may take from it (name -> SHA-256)."""

    result: StageResult
    tables: Mapping[str, str]


@dataclass(frozen=True)
class Workshop:
    """Where the chapters of one run are made, and what they are made from.

    ``frames`` are the digests of the ledgers kept in ``work``; ``earlier`` the runs whose chapters
    may be taken over.
    """

    plan: Plan
    work: Path
    frames: Mapping[str, str]
    earlier: Sequence[Path]
    time_limit_s: float

    def end(self, stage: Stage, before: Sequence[Ended]) -> Ended:
        """Bring a chapter to its end: skipped, taken over from an earlier run, or run."""
        reason = stage.reason_to_skip(self.plan.ledgers)
        if reason:
            return Ended(StageResult(stage.name, "skipped", reason, title=stage.title), {})
        key = self._key(stage, before)
        return self._taken_over(stage, key) or self._run(stage, key, before)

    def _key(self, stage: Stage, before: Sequence[Ended]) -> str:
        source = self.plan.source(stage)
        declared = declared_parameters(source) if source.is_file() else set()
        given = asdict(self.plan.parameters)
        reads = frames_read((name for name in self.frames if name != "_about"), stage.reads)
        return stage_key(
            stage.name,
            self.plan.asked.code.of_stage(stage.name),
            {name: given[name] for name in sorted(declared & given.keys()) if name != "data_dir"},
            # The run passes the year on whatever the notebook declares.
            {"about": self.frames.get("_about", ""), "years": self.plan.ledgers.years},
            {name: self.frames[name] for name in reads} | stage_files(self.plan.asked, stage.files),
            {each.result.name: [_plain(each.result), dict(each.tables)] for each in before},
        )

    def _taken_over(self, stage: Stage, key: str) -> Ended | None:
        found = find_record(self.earlier, stage.name, key)
        if not found:
            return None
        run, record = found
        if not copy_outputs(run, self.work, record.outputs):
            return None
        write_record(self.work, record)
        status = "up-to-date" if record.status == "done" else record.status
        return Ended(StageResult(stage.name, status, record.reason, title=stage.title), record.tables())

    def _run(self, stage: Stage, key: str, before: Sequence[Ended]) -> Ended:
        takes = _takes(self.plan.stages, stage)
        staging = new_staging(self.work, stage, takes, [_plain_result(each.result) for each in before])
        log = self.work / "logs" / f"{stage.name}.log"
        parameters = asdict(self.plan.parameters)
        source = self.plan.source(stage)
        result = execute_stage(stage, source, staging, log, parameters, self.time_limit_s)
        faults = output_faults(stage, staging) if result.status == "done" else []
        if faults:
            result = replace(result, status="failed", reason="；".join(faults))
        if result.status == "failed":
            move_outputs(staging, self.work, _LEFT_BY_FAILED)
            return Ended(result, {})
        outputs = move_outputs(staging, self.work) if result.status == "done" else {}
        record = StageRecord(stage.name, key, result.status, result.reason, outputs)
        write_record(self.work, record)
        return Ended(result, record.tables())


def run_stages(workshop: Workshop, jobs: int) -> list[StageResult]:
    """Bring every chapter to its end, at most ``jobs`` at a time; return how each ended, in their order.

    Threads suffice: the work is done in the kernels. What a chapter makes does not depend on which
    others run beside it.
    """
    stages, ended = workshop.plan.stages, dict[str, Ended]()
    waiting, running = list(stages), dict[Future[Ended], Stage]()
    with kernel_environment(), _bar(len(stages)) as bar, _pool(jobs) as pool:
        while waiting or running:
            ready = [stage for stage in waiting if all(name in ended for name in stage.after)]
            for stage in ready[: jobs - len(running)]:
                waiting.remove(stage)
                before = [ended[name] for name in stage.after]
                running[pool.submit(workshop.end, stage, before)] = stage
            bar.set_description_str("、".join(stage.title for stage in running.values()))
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                ended[running.pop(future).name] = future.result()
                bar.update()
        bar.set_description_str("完成")
    return [ended[stage.name].result for stage in stages]


@contextmanager
def _pool(jobs: int) -> Iterator[ThreadPoolExecutor]:
    """A pool of threads; whatever breaks the run off (Ctrl-C, a full disk) ends the kernels with it."""
    pool = ThreadPoolExecutor(max_workers=jobs)
    try:
        yield pool
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        _end_kernels()
        raise
    finally:
        pool.shutdown()


def _end_kernels() -> None:
    import psutil

    for child in psutil.Process().children(recursive=True):
        try:
            if any("ipykernel" in part for part in child.cmdline()):
                child.kill()
        except psutil.Error:
            continue


@contextmanager
def _bar(total: int) -> Iterator[Any]:
    from tqdm import tqdm

    layout = "{n_fmt}/{total_fmt} |{bar:24}| {desc}"
    with tqdm(total=total, file=sys.stderr, bar_format=layout) as bar:
        yield bar


def _takes(stages: Sequence[Stage], stage: Stage) -> list[str] | None:
    """Return names, or patterns, of what a chapter may take from those before it; None for anything."""
    before = [each for each in stages if each.name in stage.after]
    if any(each.may_make is None for each in before):
        return None
    return [name for each in before for name in (*each.makes, *(each.may_make or ()), *each.hands)]


def _plain_result(result: StageResult) -> StageResult:
    """Return the same for a chapter taken over as for one run: later ones cannot tell them apart."""
    return replace(result, status="done", seconds=0.0) if result.status == "up-to-date" else result


def _plain(result: StageResult) -> list[str]:
    return [_plain_result(result).status, result.reason]
