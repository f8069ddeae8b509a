"""Taking out of an executed notebook what differs from run to run, and what names this machine."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from louyu_lab.run.project import HOME

#: What Python adds to an object's name; it differs from run to run.
_MEMORY_ADDRESS = re.compile(r" at 0x[0-9a-f]+(?=>)")


def tidy_notebook(notebook: Path, run_dir: Path, parameters: Mapping[str, Any]) -> None:
    """Take times, random ids and this machine's paths out of a saved notebook.

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
            cell["source"] = _portable_parameters("".join(cell["source"]))
    content["metadata"].pop("papermill", None)
    for cell in content["cells"]:
        if "outputs" in cell:
            cell["outputs"] = [output for output in cell["outputs"] if output.get("name") != "stderr"]
    content = portable(content, paths_to_hide(run_dir, parameters))
    text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)
    notebook.write_text(text + "\n", encoding="utf-8")


def _is_papermill_error_mark(cell: Mapping[str, Any]) -> bool:
    return any(tag.startswith("papermill-error") for tag in cell["metadata"].get("tags", ()))


def _portable_parameters(source: str) -> str:
    source = re.sub(r"(?m)^run_dir = .*$", 'run_dir = ".."', source)
    return re.sub(r"(?m)^data_dir = .*$", 'data_dir = ""', source)


def paths_to_hide(run_dir: Path, parameters: Mapping[str, Any]) -> dict[str, str]:
    """Absolute folders that may stand in a message, longest first, and what replaces each."""
    # The ledgers' folder may be called anything without being other ledgers.
    named = {str(folder): folder.name for folder in (HOME, Path(sys.prefix), Path.home()) if folder.name}
    named |= {str(parameters["data_dir"]): "台账文件夹", str(run_dir): ".."}
    return {folder: named[folder] for folder in sorted(named, key=lambda folder: (-len(folder), folder))}


def portable(part: Any, names: Mapping[str, str]) -> Any:
    """Return a part of a notebook with folders renamed and addresses cut in every text but images."""
    if isinstance(part, str):
        for folder, name in names.items():
            # A folder ends where its name does: "/t" is no part of "</td>" nor of "/tmp".
            part = re.sub(rf"(?<![\w<]){re.escape(folder)}(?![\w.-])", lambda _, name=name: name, part)
        return _MEMORY_ADDRESS.sub("", part)
    if isinstance(part, list):
        return [portable(item, names) for item in part]
    if isinstance(part, dict):
        return {
            key: item if key.startswith("image/") else portable(item, names) for key, item in part.items()
        }
    return part
