"""What every test shares: its settings, and a headless Chromium told what to do in the DevTools protocol."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

# How long an example takes says more about the machine at that moment than about the code.
settings.register_profile("louyu", deadline=None)
settings.load_profile("louyu")

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

_SWITCHES = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run")
#: Nothing but this machine can be reached, whatever a page asks for.
_ALONE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
_QUIET = ("--disable-background-networking", "--disable-component-update", "--disable-sync")

#: The protocol wants its pipe at descriptors 3 and 4.
_LAUNCH = "import os, sys; os.dup2(int(sys.argv[1]), 3); os.dup2(int(sys.argv[2]), 4)"
_LAUNCH += "; os.execv(sys.argv[3], sys.argv[3:])"


class Tab:
    """One page of the browser; ``events`` holds what it reported while waiting for answers."""

    def __init__(self, requests: int, answers: int) -> None:
        self._requests, self._answers = os.fdopen(requests, "wb", 0), os.fdopen(answers, "rb")
        self._number, self._session, self.events = 0, {}, []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        attached = self.call("Target.attachToTarget", targetId=target, flatten=True)
        self._session = {"sessionId": attached["sessionId"]}
        for domain in ("Page", "Network", "Log"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        """Send one command and return its result."""
        self._number += 1
        command = {"id": self._number, "method": method, "params": params, **self._session}
        self._requests.write(json.dumps(command).encode() + b"\0")
        while True:
            message = json.loads(self._message())
            if message.get("id") != self._number:
                self.events.append(message)
            elif "error" in message:
                raise RuntimeError(f"{method}: {message['error']}")
            else:
                return message["result"]

    def _message(self) -> bytes:
        message = bytearray()
        while (byte := self._answers.read(1)) != b"\0":
            if not byte:
                raise EOFError("Chromium closed the pipe")
            message += byte
        return bytes(message)

    def widen(self, width: int) -> None:
        """Make the page ``width`` CSS pixels wide, a phone's below 600."""
        device = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
        self.call("Emulation.setDeviceMetricsOverride", **device)

    def open(self, page: Path | str, width: int) -> None:
        """Show a file, or an address, at ``width`` CSS pixels, loaded and with its fonts."""
        self.widen(width)
        self.events.clear()
        self.call("Page.navigate", url=page if isinstance(page, str) else page.as_uri())
        self.value("new Promise(done => document.readyState == 'complete' ? done() : onload = done)")
        self.value("document.fonts.ready.then(() => true)")

    def value(self, expression: str) -> Any:
        """Return what a JavaScript expression gives; promises are awaited."""
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(answer["exceptionDetails"])
        return answer["result"].get("value")


@pytest.fixture(scope="module")
def tab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    """A tab of a browser of its own, which ends with the module; skips where there is no Chromium."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed")
    # Clear of 3 and 4, so that moving one end does not overwrite the other.
    (their_in, our_out), (our_in, their_out) = os.pipe(), os.pipe()
    given = [fcntl.fcntl(end, fcntl.F_DUPFD, 10) for end in (their_in, their_out)]
    command = [sys.executable, "-c", _LAUNCH, *map(str, given), CHROMIUM, *_SWITCHES, _ALONE, *_QUIET]
    command += ["--remote-debugging-pipe", f"--user-data-dir={tmp_path_factory.mktemp('chromium')}"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    browser = subprocess.Popen(command, pass_fds=given, **quiet)
    for end in (their_in, their_out, *given):
        os.close(end)
    try:
        yield Tab(our_out, our_in)
    finally:
        browser.terminate()
        browser.wait(20)
