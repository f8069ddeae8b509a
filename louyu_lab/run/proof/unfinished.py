"""What is no finished run: why, and how to mend it."""

from __future__ import annotations

from pathlib import Path

from louyu_lab.run.folder import UNFINISHED
from louyu_lab.run.manifest import read_manifest

_KEYS = (
    *("run_id", "district", "fingerprint", "results", "code"),
    *("parameters", "inputs", "outputs", "stages"),
)


def is_under_way(run: Path) -> bool:
    """Whether this is the name of a run that is being made, or was broken off, and never was finished."""
    if run.name.endswith(UNFINISHED):
        return run.is_dir()
    is_finished = (run / "manifest.json").is_file()
    return bool(run.name) and not is_finished and run.with_name(run.name + UNFINISHED).is_dir()


def unfinished_message(run: Path) -> str:
    """Say why a folder holds no finished run and how to mend it; empty where it holds one."""
    run = run.resolve()
    if is_under_way(run):
        return (
            f"“{run.name.removesuffix(UNFINISHED)}”的运行还没有完成。"
            "还在运行就等它结束；中断了就用同样的参数再运行一次，会接着做完。"
        )
    if not run.is_dir():
        return f"找不到运行文件夹“{run}”。请给出 louyu run 最后一行打印的文件夹。"
    if not (run / "manifest.json").is_file():
        return f"“{run.name}”里没有完成的运行（没有 manifest.json）。请核对路径，或重新运行 louyu run。"
    try:
        absent = [key for key in _KEYS if key not in dict(read_manifest(run))]
    except (OSError, ValueError, TypeError):
        return f"“{run.name}”的清单 manifest.json 读不出，已被改坏。请从备份恢复，或重新运行。"
    if absent:
        return f"“{run.name}”的清单 manifest.json 缺 {'、'.join(absent)}，是旧版写的或被改过。请重新运行。"
    return ""
