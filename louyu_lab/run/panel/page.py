"""The panel as a page without code, served to this machine alone.

Voila runs the notebook and shows its widgets. Everything comes from 127.0.0.1: the template fetches
nothing from elsewhere, and the page's own policy would let it fetch nothing.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import socket
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from louyu_lab.run.parameters import InputError
from louyu_lab.run.project import notebooks_folder
from louyu_lab.study.fonts import font_path

#: The only address the page is served at.
LOOPBACK = "127.0.0.1"

DEFAULT_PORT = 8866

#: Ports tried from the one asked for, where that is taken.
_PORTS_TRIED = 20

#: Folder of Jupyter's data that holds the page's template, below this package.
_TEMPLATE = Path(__file__).resolve().parent / "template"

#: The page's kernel: the Python that serves it, whatever others are installed.
_KERNEL = "louyu"

#: What the page says where the notebook breaks off.
_FAILED = "页面没有打开，详情在运行 louyu what-if --page 的窗口里。"

#: What the browser may load: this server's own files, what stands in the page itself, nothing else.
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' ws: data:; frame-ancestors 'none'"
)


def serve_page(
    run: Path | str = "",
    port: int = DEFAULT_PORT,
    *,
    data_dir: Path | str = "",
    draws: int = 500,
    opens_browser: bool = True,
) -> None:
    """Serve the panel on 127.0.0.1 until it is interrupted.

    ``run`` a finished run, "" for the latest; ``data_dir`` the ledgers whose scenarios can be started
    from, "" for the folder the run names. ``port`` 0 takes any that is free; of another the next free one
    is taken, and the address printed. Raises InputError where no port is free, and for a run that is none.
    """
    from louyu_lab.run.panel.opening import chosen
    from louyu_lab.run.what_if.choosing import baseline_of_run

    found, data = chosen(str(run), str(data_dir))
    if found is not None:
        # What is wrong with the run is said here, not on the page.
        baseline_of_run(found)
    # The page's kernel has a working folder of its own.
    given = {"run": str(found or ""), "data_dir": str(data or ""), "draws": draws}
    address = f"http://{LOOPBACK}:{(port := free_port(port))}/"
    with TemporaryDirectory(prefix="louyu-") as folder:
        notebook = _with_parameters(Path(folder), given)
        _jupyter_data(Path(folder))
        print(f"滑杆页面：{address}\n只在本机能打开；按 Ctrl-C 结束。", flush=True)
        before = os.environ.get("JUPYTER_PATH")
        os.environ["JUPYTER_PATH"] = os.pathsep.join(filter(None, [folder, before]))
        try:
            _serve(notebook, port, opens_browser)
        finally:
            if before is None:
                del os.environ["JUPYTER_PATH"]
            else:
                os.environ["JUPYTER_PATH"] = before


def free_port(port: int) -> int:
    """Return ``port`` where it is free on 127.0.0.1, else the next that is; 0 asks for any.

    Raises InputError where none of the next ones is free either, and for a number that is no port.
    """
    if not 0 <= port <= 65535:
        raise InputError(f"端口应在 0–65535 之间，现为 {port}。不写则用 {DEFAULT_PORT}。")
    for candidate in range(port, min(port + _PORTS_TRIED, 65536)) if port else (0,):
        with socket.socket() as tried:
            # As the server itself will bind it: a port just left may be taken again, one in use may not.
            if os.name == "posix":
                tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                tried.bind((LOOPBACK, candidate))
            except OSError:
                continue
            return int(tried.getsockname()[1])
    raise InputError(f"端口 {port} 及其后 {_PORTS_TRIED} 个都被占用。请用 --port 换一个。")


def _with_parameters(folder: Path, given: dict[str, Any]) -> Path:
    """Return a copy of the notebook in ``folder`` with its parameters set."""
    import papermill
    from papermill.iorw import load_notebook_node, write_ipynb

    source = notebooks_folder() / "what_if.ipynb"
    notebook = papermill.parameterize.parameterize_notebook(load_notebook_node(str(source)), given)
    notebook.metadata.kernelspec = {"name": _KERNEL, "display_name": _KERNEL, "language": "python"}
    write_ipynb(notebook, str(folder / source.name))
    return folder / source.name


def _jupyter_data(folder: Path) -> None:
    """Lay out what Jupyter looks for: the page's template with the Chinese font, and this very Python."""
    kernel = folder / "kernels" / _KERNEL
    kernel.mkdir(parents=True)
    started = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    about = {"argv": [*started, "--IPKernelApp.log_level=50"], "display_name": _KERNEL, "language": "python"}
    (kernel / "kernel.json").write_text(json.dumps(about), encoding="utf-8")
    shutil.copytree(_TEMPLATE, folder, dirs_exist_ok=True)
    static = folder / "voila" / "templates" / "louyu" / "static"
    static.mkdir()
    shutil.copyfile(font_path(), static / "louyu.otf")


def _serve(notebook: Path, port: int, opens_browser: bool) -> None:
    from traitlets.config import Config
    from voila.app import Voila

    settings = Config()
    settings.Voila.update(ip=LOOPBACK, port=port, port_retries=0, open_browser=opens_browser)
    # A page of another site that names itself as this one is turned away, and nothing is fetched from any.
    headers = {"Content-Security-Policy": _POLICY, "X-Content-Type-Options": "nosniff"}
    settings.Voila.tornado_settings = {"allow_remote_access": False, "headers": headers}
    settings.VoilaConfiguration.update(template="louyu", allow_template_override="NO")
    settings.VoilaConfiguration.update(allow_theme_override="NO", file_allowlist=[])
    settings.VoilaExecutor.cell_error_instruction = _FAILED
    settings.VoilaExporter.language_code = "zh"
    # Settings of the user's own for other pages are no part of this one.
    app = Voila(config=settings, config_file_paths=[], log_level=logging.ERROR)
    app.initialize([str(notebook)])
    app.start()
