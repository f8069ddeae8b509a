"""All parameters of a scenario, one a line: two such files, laid side by side, show what differs."""

from __future__ import annotations

from collections.abc import Iterator

import yaml

from louyu_lab.analysis.scenarios.baseline.state import Baseline
from louyu_lab.analysis.scenarios.levers.ranges import default_text
from louyu_lab.analysis.scenarios.levers.scenario import Scenario
from louyu_lab.analysis.scenarios.levers.schema import levers


def parameter_text(baseline: Baseline, scenario: Scenario | None, draws: int, seed: int) -> str:
    """Return YAML of every lever as it holds, in the order of the schema; None for the baseline itself.

    The head, which names district and simulation, is the same for every scenario of a baseline.
    """
    lines = [
        f"# {baseline.district}，基准年 {baseline.year}，推演 {baseline.years[0]}–{baseline.years[-1]} 年；"
        f"抽样 {draws} 次，随机种子 {seed}"
    ]
    lines += _written(baseline, scenario)
    costs = {name: float(value) for name, value in scenario.costs.items()} if scenario else {}
    lines += ["# 单价（元）", *_mapping("costs", costs)]
    return "\n".join(lines) + "\n"


def _written(baseline: Baseline, scenario: Scenario | None) -> Iterator[str]:
    changes = scenario.changes if scenario else {}
    theme = ""
    for name, lever in levers().items():
        if lever.theme != theme:
            theme = lever.theme
            yield f"# {theme}"
        value = lever.printed(changes[name]) if name in changes else default_text(lever, baseline)
        yield from _mapping(name, value, lever.title)


def _mapping(name: str, value: object, title: str = "") -> list[str]:
    """Return one key and its value as lines of YAML."""
    text = yaml.safe_dump({name: value}, allow_unicode=True, width=1_000_000, sort_keys=False)
    lines = text.rstrip("\n").split("\n")
    return [f"{lines[0]}  # {title}" if title else lines[0], *lines[1:]]
