"""A baseline kept in a finished run: the names under which it is handed on, and reading it back."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pandas as pd

from louyu_lab.analysis.handed import HANDED, read_handed
from louyu_lab.analysis.scenarios.baseline.frames import from_frames, to_frames
from louyu_lab.analysis.scenarios.baseline.state import Baseline

#: What the name of each part handed on begins with.
PREFIX = "scenario_baseline_"

#: The chapter that makes the baseline.
_CHAPTER = "06_scenarios"


class NoBaselineError(ValueError):
    """A folder from which no baseline can be read; the message says why and how to mend it."""

    def __init__(self, folder: Path, why: str) -> None:
        """Name the folder as its user knows it."""
        super().__init__(f"“{folder.resolve().name}”{why}")


def handed_frames(baseline: Baseline) -> dict[str, pd.DataFrame]:
    """Return the parts of a baseline under the names by which a chapter hands them on."""
    return {f"{PREFIX}{part}": frame for part, frame in to_frames(baseline).items()}


def load_baseline(run: Path | str) -> Baseline:
    """Return the baseline of a finished run, as its chapter 06 handed it on.

    Raises NoBaselineError for a folder that holds no finished run, a run without that chapter, and parts
    that are not those the run's manifest lists.
    """
    folder = Path(run)
    manifest = _manifest(folder)
    found = _digests(folder)
    if not found:
        raise NoBaselineError(folder, _why_none(manifest))
    if found != _listed(manifest):
        raise NoBaselineError(
            folder, "里情景推演的基准已被改动，与运行完成时不同。请从备份恢复，或重新运行。"
        )
    try:
        return from_frames(read_handed(folder, PREFIX))
    except (KeyError, IndexError, TypeError, ValueError) as error:
        why = "里情景推演的基准是别的版本写的，读不出。请重新运行 louyu run。"
        raise NoBaselineError(folder, why) from error


def _manifest(folder: Path) -> dict[str, Any]:
    if not folder.is_dir():
        raise NoBaselineError(folder, "不是运行文件夹，找不到它。请给出 louyu run 最后一行打印的文件夹。")
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        why = "里没有完成的运行（没有 manifest.json）。请核对路径，或重新运行 louyu run。"
        raise NoBaselineError(folder, why) from None
    except (OSError, ValueError):
        manifest = None
    if not isinstance(manifest, dict):
        raise NoBaselineError(folder, "的清单 manifest.json 读不出，已被改坏。请从备份恢复，或重新运行。")
    return manifest


def _why_none(manifest: dict[str, Any]) -> str:
    ended = {stage["name"]: stage for stage in manifest.get("stages", ())}.get(_CHAPTER)
    if ended and ended["status"] in ("skipped", "failed"):
        how = "没有运行" if ended["status"] == "skipped" else "没有完成"
        why = ended["reason"].removesuffix("，未运行")
        return f"里“情景推演”一章{how}（{why}），没有可以推演的基准。请补齐或改正后重新运行 louyu run。"
    return "没有留下情景推演的基准，多半是旧版写的，或 state 文件夹被删了。请重新运行 louyu run。"


def _digests(folder: Path) -> dict[str, str]:
    """Return relative path -> SHA-256 of the parts that lie in the run folder."""
    paths = sorted((folder / HANDED).glob(f"{PREFIX}*.parquet"))
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths
    }


def _listed(manifest: dict[str, Any]) -> dict[str, str]:
    """Return relative path -> SHA-256 of the parts as the manifest lists them."""
    outputs = {entry["path"]: entry["sha256"] for entry in manifest.get("outputs", ())}
    own = f"{HANDED.as_posix()}/{PREFIX}"
    return {path: sha256 for path, sha256 in outputs.items() if path.startswith(own)}
