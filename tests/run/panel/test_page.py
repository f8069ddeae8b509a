"""The page is served to this machine alone, and only where there is something to serve."""

from __future__ import annotations

import json
import re
import socket
from pathlib import Path

import pytest

from louyu_lab.run.panel import page
from louyu_lab.run.panel.page import LOOPBACK, free_port, serve_page
from louyu_lab.run.parameters import InputError

TEMPLATE = Path(page.__file__).parent / "template"


def test_a_free_port_is_taken_as_it_is() -> None:
    port = free_port(0)
    assert 0 < port < 65536
    assert free_port(port) == port


def test_a_taken_port_gives_way_to_the_next() -> None:
    with socket.socket() as taken:
        taken.bind((LOOPBACK, 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert port < free_port(port) <= port + 20


@pytest.mark.parametrize("port", [-1, 65536])
def test_what_is_no_port_is_refused(port: int) -> None:
    with pytest.raises(InputError, match="端口应在 0–65535 之间"):
        free_port(port)


def test_a_run_that_is_none_is_refused_before_anything_is_served(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "_serve", lambda *_: pytest.fail("served"))
    with pytest.raises(InputError, match="没有完成的运行"):
        serve_page(tmp_path, 0, data_dir=tmp_path)


def test_what_is_served_is_the_notebook_on_that_run(
    run: Path, data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("JUPYTER_PATH", raising=False)
    seen = {}

    def served(notebook: Path, port: int, opens_browser: bool) -> None:
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        seen["given"] = "".join("".join(cell["source"]) for cell in cells)
        seen["template"] = (notebook.parent / "voila" / "templates" / "louyu" / "conf.json").is_file()
        seen["folder"], seen["port"] = notebook.parent, port

    monkeypatch.setattr(page, "_serve", served)
    serve_page(run, 0, data_dir=data, draws=50)
    assert f"run = {json.dumps(str(run))}" in seen["given"] and "draws = 50" in seen["given"]
    assert seen["template"]
    assert f"http://127.0.0.1:{seen['port']}/" in capsys.readouterr().out
    assert not seen["folder"].exists()


def test_the_template_names_no_other_machine() -> None:
    texts = [path.read_text(encoding="utf-8") for path in TEMPLATE.rglob("*") if path.is_file()]
    assert texts
    assert not [found for text in texts for found in re.findall(r"(?:https?:)?//[a-z]\S*", text)]
