"""The folder of its own in which one chapter is made: what it is told, and what it leaves behind.

A chapter never writes into the run. What it made is looked over here, against what graph.yaml
declares, and only then moved to its place; what a killed run left is thrown away.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from louyu_lab.run.graph import Stage
from louyu_lab.run.manifest import HANDED_PART, StageResult, sha256_of

#: What a chapter writes; everything else in its folder is ours.
_MADE = ("tables", "figures", "notebooks", "state/tables", HANDED_PART)

_CARD = "stage.json"


@dataclass(frozen=True)
class StageCard:
    """What a chapter in a run is told: ``stage.json`` in its folder.

    ``run`` is the run's folder seen from there; ``reads`` as declared (None: all); ``takes`` names, or
    patterns, of what it may take from earlier chapters (None: anything); ``ended`` how those ended: title,
    status, reason.
    """

    stage: str
    run: str
    reads: list[str] | None
    takes: list[str] | None
    ended: list[list[str]]


def new_staging(work: Path, stage: Stage, takes: Sequence[str] | None, ended: Sequence[StageResult]) -> Path:
    """Make the folder for one attempt at a chapter inside ``work`` and leave its card in it."""
    making = work / "state" / "making"
    making.mkdir(parents=True, exist_ok=True)
    # A name of its own: a kernel left over from a killed run never writes into a new attempt.
    folder = Path(tempfile.mkdtemp(prefix=f"{stage.name}-", dir=making))
    card = StageCard(
        stage=stage.name,
        run=os.path.relpath(work, folder),
        reads=None if stage.reads is None else list(stage.reads),
        takes=None if takes is None else sorted(takes),
        ended=[[result.title, result.status, result.reason] for result in ended],
    )
    (folder / _CARD).write_text(json.dumps(asdict(card), ensure_ascii=False), encoding="utf-8")
    return folder


def read_card(folder: Path) -> StageCard | None:
    """Return what the chapter in ``folder`` is told; None where ``folder`` is no chapter's own."""
    path = folder / _CARD
    return StageCard(**json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else None


def output_faults(stage: Stage, staging: Path) -> list[str]:
    """Say in Chinese what of the declared outputs is missing or empty, and what was not declared."""
    import pandas as pd

    made = {path.stem: path for path in sorted((staging / "state" / "tables").glob("*.parquet"))}
    faults = []
    for name in stage.makes:
        if name not in made:
            faults.append(f"没有写出应有的表 {name}")
        elif not len(pd.read_parquet(made[name])):
            faults.append(f"表 {name} 是空的")
    if stage.may_make is not None:
        surplus = sorted(made.keys() - {*stage.makes, *stage.may_make})
        faults += [f"写出了 graph.yaml 没有声明的表 {name}" for name in surplus]
        handed = sorted(path.stem for path in (staging / HANDED_PART).glob("*.parquet"))
        strange = [name for name in handed if not is_declared(name, stage.hands)]
        faults += [f"交出了 graph.yaml 没有声明的数据 {name}" for name in strange]
    empty = [path for path in _files(staging) if path.stat().st_size == 0]
    return faults + [f"文件 {path.name} 是空的" for path in empty]


def is_declared(name: str, patterns: Iterable[str]) -> bool:
    """Tell whether a name is among those declared, of which some are patterns such as ``part_*``."""
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def move_outputs(staging: Path, work: Path, kept: Sequence[str] = _MADE) -> dict[str, str]:
    """Move what a chapter made into the run and throw its folder away; return relative path -> SHA-256."""
    moved = {}
    for path in _files(staging, kept):
        relative = path.relative_to(staging)
        (work / relative).parent.mkdir(parents=True, exist_ok=True)
        moved[relative.as_posix()] = sha256_of(path)
        os.replace(path, work / relative)
    shutil.rmtree(staging, ignore_errors=True)
    return moved


def copy_outputs(run: Path, work: Path, outputs: Mapping[str, str]) -> bool:
    """Take over what a chapter made in another run; False where that run is just being taken away."""
    try:
        for relative in outputs:
            (work / relative).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(run / relative, work / relative)
    except FileNotFoundError:
        return False
    return True


def _files(folder: Path, parts: Sequence[str] = _MADE) -> list[Path]:
    return sorted(path for part in parts for path in (folder / part).rglob("*") if path.is_file())
