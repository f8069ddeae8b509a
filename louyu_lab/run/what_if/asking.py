"""Putting scenario files to a finished run: reading them, and telling all that is wrong with them."""

from __future__ import annotations

import os
from pathlib import Path

from louyu_lab.analysis.scenarios.levers.files import load_scenario
from louyu_lab.analysis.scenarios.levers.scenario import Scenario, ScenarioError
from louyu_lab.run.parameters import InputError
from louyu_lab.run.what_if.answering import Answer, answer
from louyu_lab.run.what_if.choosing import baseline_of_run
from louyu_lab.study.fonts import use_chinese_font


def asked(run: Path, given: Path, against: Path | None, *, draws: int, seed: int) -> Answer:
    """Return the answer to a scenario file on a finished run, beside the baseline or another file.

    Raises InputError, with every fault of either file, where nothing can be computed.
    """
    baseline = baseline_of_run(run)
    if against and against.samefile(given):
        raise InputError(
            f"--against 与要推演的是同一个文件“{given.name}”。请给出另一个情景，或去掉 --against 与基准对比。"
        )
    files = [given, *([against] if against else [])]
    scenarios, wrong = [], []
    for path in files:
        try:
            scenarios.append(load_scenario(path))
        except ScenarioError as error:
            wrong.append(told(error))
    if wrong:
        raise InputError("\n".join(wrong))
    use_chinese_font()
    other: Scenario | None = scenarios[1] if against else None
    jobs = min(os.cpu_count() or 1, 4)
    try:
        found = answer(baseline, scenarios[0], other, draws=draws, seed=seed, jobs=jobs)
        # A goal that cannot be sought is the file's fault too: it is told before anything is written.
        _ = found.goal
    except ScenarioError as error:
        raise InputError(told(error)) from error
    return found


def told(error: ScenarioError) -> str:
    """Return a faulty file's problems, one a line."""
    return "\n".join(
        [
            f"情景文件 {error.file} 有 {len(error.problems)} 处问题，没有推演：",
            *(f"  {each}" for each in error.problems),
        ]
    )
