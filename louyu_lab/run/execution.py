"""Executing one chapter's notebook with papermill, and tidying what it leaves behind."""

from __future__ import annotations

import ast
import json
import os
import re
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from louyu_lab.run.graph import Stage
from louyu_lab.run.manifest import StageResult

#: What a kernel of a run is started with: one thread, so that sums come out the same on any number of
#: cores; fixed hashing; the kernel of the calling environment rather than one of the user's own.
KERNEL_ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    "JUPYTER_PREFER_ENV_PATH": "1",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}

#: Parameters without which a notebook would not know its run.
NEEDED_PARAMETERS = ("data_dir", "year", "run_dir")

_REASON_LENGTH = 200

#: What Python adds to an object's name; it differs from run to run.
_MEMORY_ADDRESS = re.compile(r" at 0x[0-9a-f]+(?=>)")


@contextmanager
def kernel_environment() -> Iterator[None]:
    """Set ``KERNEL_ENVIRONMENT`` for the kernels started inside, and put back what was there."""
    before = {name: os.environ.get(name) for name in KERNEL_ENVIRONMENT}
    os.environ.update(KERNEL_ENVIRONMENT)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def execute_stage(stage: Stage, source: Path, run_dir: Path, parameters: Mapping[str, Any]) -> StageResult:
    """Execute a chapter's notebook into ``run_dir/notebooks`` and say how it ended.

    Never raises for what happens in the notebook: a failure is named with its cell and error, and
    its traceback goes to ``run_dir/logs/<name>.log``.
    """
    target = run_dir / "notebooks" / source.name
    log = run_dir / "logs" / f"{stage.name}.log"
    for path in (target, log):
        path.parent.mkdir(parents=True, exist_ok=True)
    started = time.perf_counter()
    status, reason, trace = _attempt(source, target, parameters)
    seconds = round(time.perf_counter() - started, 1)
    printed = ""
    if target.is_file():
        printed = _tidy(target, run_dir, parameters)
    log.write_text("\n".join(part for part in (printed, trace) if part) or "没有输出。\n", encoding="utf-8")
    return StageResult(stage.name, status, reason, seconds)


def _attempt(source: Path, target: Path, parameters: Mapping[str, Any]) -> tuple[str, str, str]:
    """Run the notebook; return (status, reason, traceback)."""
    from papermill.exceptions import PapermillExecutionError

    if not source.is_file():
        return "failed", f"找不到笔记本 {source.name}", ""
    try:
        _execute(source, target, parameters)
    except PapermillExecutionError as error:
        if error.ename == "ChapterSkipped":
            return "skipped", str(error.evalue), ""
        return "failed", _failure(error.exec_count, error.ename, error.evalue), str(error)
    except Exception as error:
        reason = f"笔记本没能运行：{_short(f'{type(error).__name__}：{error}')}"
        return "failed", reason, traceback.format_exc()
    return "done", "", ""


def _execute(source: Path, target: Path, parameters: Mapping[str, Any]) -> None:
    """Run the notebook in a kernel of this interpreter's environment, in the present working folder."""
    import papermill
    from traitlets.config import Config

    declared = _declared_parameters(source)
    lacking = [name for name in NEEDED_PARAMETERS if name not in declared]
    if lacking:
        raise ValueError(f"参数单元里缺 {'、'.join(lacking)}")
    with _transport() as transport:
        papermill.execute_notebook(
            str(source),
            str(target),
            parameters={name: value for name, value in parameters.items() if name in declared},
            kernel_name="python3",
            language="python",
            progress_bar=False,
            request_save_on_cell_execute=False,
            # A kernel told to stop says so on the terminal as an error; what cells print is kept.
            extra_arguments=["--IPKernelApp.log_level=50"],
            config=Config({"KernelManager": transport}),
        )


@contextmanager
def _transport() -> Iterator[dict[str, str]]:
    """How to speak to the kernel so that nobody else on the machine can listen.

    Sockets in a private folder need no port, and cannot be mistaken for another run's, as Jupyter's
    default name in the working folder can; Windows has none, so there the port is encrypted.
    """
    if sys.platform == "win32":
        yield {"transport_encryption": "auto"}
        return
    with tempfile.TemporaryDirectory(prefix="louyu-") as sockets:
        yield {"transport": "ipc", "ip": f"{sockets}/kernel"}


def _declared_parameters(source: Path) -> set[str]:
    """Return the names assigned in the cell tagged ``parameters``."""
    cells = json.loads(source.read_text(encoding="utf-8"))["cells"]
    tagged = [cell for cell in cells if "parameters" in cell["metadata"].get("tags", ())]
    code = "\n".join("".join(cell["source"]) for cell in tagged)
    assigned = (node for node in ast.parse(code).body if isinstance(node, ast.Assign | ast.AnnAssign))
    targets = (node.targets if isinstance(node, ast.Assign) else [node.target] for node in assigned)
    return {target.id for group in targets for target in group if isinstance(target, ast.Name)}


def _failure(cell: int, error: str, message: str) -> str:
    return f"单元 In [{cell}] 出错：{_short(f'{error}：{message}')}"


def _short(message: str) -> str:
    line = " ".join(message.split())
    return line if len(line) <= _REASON_LENGTH else line[: _REASON_LENGTH - 1] + "…"


def _tidy(notebook: Path, run_dir: Path, parameters: Mapping[str, Any]) -> str:
    """Take times, random ids and this machine's paths out of a saved notebook; return what it printed.

    Warnings go too: they name the kernel's process and belong in the log. The saved notebook opens by
    hand in its place: the injected ``run_dir`` becomes "..".
    """
    content = json.loads(notebook.read_text(encoding="utf-8"))
    content["cells"] = [cell for cell in content["cells"] if not _is_papermill_error_mark(cell)]
    for cell in content["cells"]:
        for timing in ("papermill", "execution"):
            cell["metadata"].pop(timing, None)
        if "injected-parameters" in cell["metadata"].get("tags", ()):
            cell["id"] = "injected-parameters"
            cell["source"] = _portable_parameters("".join(cell["source"]), parameters)
    content["metadata"].pop("papermill", None)
    printed = _printed(content)
    for cell in content["cells"]:
        if "outputs" in cell:
            cell["outputs"] = [output for output in cell["outputs"] if output.get("name") != "stderr"]
    content = _portable(content, _paths_to_hide(run_dir, parameters))
    text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)
    notebook.write_text(text + "\n", encoding="utf-8")
    return printed


def _is_papermill_error_mark(cell: Mapping[str, Any]) -> bool:
    return any(tag.startswith("papermill-error") for tag in cell["metadata"].get("tags", ()))


def _portable_parameters(source: str, parameters: Mapping[str, Any]) -> str:
    name = Path(str(parameters["data_dir"])).name
    source = re.sub(r"(?m)^run_dir = .*$", 'run_dir = ".."', source)
    return re.sub(r"(?m)^data_dir = .*$", lambda _: f"data_dir = {name!r}", source)


def _paths_to_hide(run_dir: Path, parameters: Mapping[str, Any]) -> dict[str, str]:
    """Absolute folders that may stand in a message, longest first, and what replaces each."""
    project = Path(__file__).resolve().parents[2]
    folders = {str(parameters["data_dir"]), str(project), sys.prefix, str(Path.home())} - {str(run_dir)}
    longest_first = sorted(folders, key=lambda folder: (-len(folder), folder))
    named = {folder: Path(folder).name for folder in longest_first if Path(folder).name}
    return {str(run_dir): ".."} | named


def _portable(part: Any, names: Mapping[str, str]) -> Any:
    """Return a part of a notebook with folders renamed and addresses cut in every text but images."""
    if isinstance(part, str):
        for folder, name in names.items():
            part = part.replace(folder, name)
        return _MEMORY_ADDRESS.sub("", part)
    if isinstance(part, list):
        return [_portable(item, names) for item in part]
    if isinstance(part, dict):
        return {
            key: item if key.startswith("image/") else _portable(item, names) for key, item in part.items()
        }
    return part


def _printed(content: Mapping[str, Any]) -> str:
    streams = (
        "".join(output["text"])
        for cell in content["cells"]
        for output in cell.get("outputs", ())
        if output["output_type"] == "stream"
    )
    return "".join(streams)
