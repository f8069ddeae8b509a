"""Levers that cannot stand together, or not alone."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from louyu_lab.analysis.scenarios.levers.schema import levers
from louyu_lab.analysis.scenarios.levers.setting import Setting


def without_rivals(inherited: Mapping[str, Setting], own: Collection[str]) -> dict[str, Setting]:
    """Drop what a base says of levers that the file's ``own`` take the place of."""
    rivals = {rival for name in own for rival in levers()[name].excludes}
    return {name: setting for name, setting in inherited.items() if name not in rivals}


def contradictions(moved: Mapping[str, int | None], costs: Mapping[str, int]) -> list[str]:
    """Say which levers exclude each other, which lack another, and which unit costs are of no use.

    ``moved`` every lever that is changed, swept or sought, with the line it stands in (None in the base);
    ``costs`` lever → line.
    """
    problems = []
    for name, line in moved.items():
        lever = levers()[name]
        where = _where(line)
        rivals = [rival for rival in lever.excludes if rival in moved and name < rival]
        problems += [
            f"{_where(line or moved[rival])}{lever.title}与{levers()[rival].title}不能同时写，留一个"
            for rival in rivals
        ]
        if lever.refines and not set(lever.refines) & set(moved):
            wanted = "或".join(f"{other}（{levers()[other].title}）" for other in lever.refines)
            problems.append(f"{where}写了{lever.title}，但没有写 {wanted}，不会有作用")
        lacking = [other for other in lever.completed_by if other not in moved]
        problems += [
            f"{where}写了{lever.title}，还要写 {other}（{levers()[other].title}）" for other in lacking
        ]
    problems += [
        f"{_where(line)}写了{levers()[name].title}的单价，但改变、扫描、目标倒推里都没有它"
        for name, line in costs.items()
        if name not in moved
    ]
    return problems


def _where(line: int | None) -> str:
    return f"第 {line} 行：" if line else ""
