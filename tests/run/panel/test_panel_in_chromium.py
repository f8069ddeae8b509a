"""The page as a person at a meeting uses it: a real browser, a slider moved by the keyboard, no network."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Tab

SERVE = (
    "import sys\nfrom louyu_lab.run.panel.page import serve_page\n"
    "serve_page(sys.argv[1], 0, data_dir=sys.argv[2], draws=100, opens_browser=False)"
)

ANSWER = "document.querySelector('.louyu-answer')"
TEXT = "document.querySelector('.louyu-panel textarea').value"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, run: Path, data: Path, tab: Tab) -> Iterator[str]:
    """The page's address; its server ends with the module."""
    command = [sys.executable, "-c", SERVE, str(run), str(data)]
    folder = tmp_path_factory.mktemp("elsewhere")
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8", cwd=folder)
    try:
        first = server.stdout.readline()
        yield re.search(r"http://127\.0\.0\.1:\d+/", first)[0]
    finally:
        server.terminate()
        server.wait(20)
        server.stdout.close()


@pytest.fixture(scope="module")
def opened(tab: Tab, address: str) -> Tab:
    tab.open(address, 1280)
    until(tab, f"{ANSWER} && {ANSWER}.querySelectorAll('img').length == 2")
    return tab


def until(tab: Tab, expression: str) -> None:
    """Wait until an expression is true, a minute at most: a kernel starts in between."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        # While the page takes the place of the empty one there is nobody to answer.
        with suppress(RuntimeError):
            if tab.value(expression):
                return
        time.sleep(0.05)
    raise AssertionError(f"{expression} is not so: {tab.value('document.body.innerText')[:500]}")


def press(tab: Tab, key: str, code: int) -> None:
    for kind in ("keyDown", "keyUp"):
        tab.call("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code)


def test_a_slider_moved_by_the_keyboard_changes_the_answer_and_the_file(opened: Tab) -> None:
    opened.value(f"said = {ANSWER}.innerText; drawn = {ANSWER}.querySelector('img').src")
    assert "多消化" not in opened.value(TEXT)
    opened.value("document.querySelector('.louyu-panel .noUi-handle').focus()")
    press(opened, "ArrowRight", 39)
    until(opened, f"{ANSWER}.innerText != said && {ANSWER}.querySelector('img').src != drawn")
    assert "absorption_sqm: 5,000 ㎡  # 每年多消化空置面积" in opened.value(TEXT)


def test_a_file_is_started_from_and_all_is_put_back(opened: Tab) -> None:
    choose = "list = document.querySelector('.louyu-panel select'); list.selectedIndex = {}; "
    choose += "list.dispatchEvent(new Event('change', {{bubbles: true}}))"
    titles = opened.value("[...document.querySelectorAll('.louyu-panel option')].map(each => each.text)")
    assert titles == ["基准（什么都不改）", "多消化两万", "利税返点"]
    opened.value(choose.format(2))
    until(opened, f"{ANSWER}.innerText.includes('公平竞争审查条例')")
    assert "base: 返还" in opened.value(TEXT)
    opened.value(choose.format(0))
    until(opened, f"!{ANSWER}.innerText.includes('公平竞争审查条例')")
    assert opened.value(TEXT).endswith("changes: {}\n")


def test_every_control_has_a_name_and_can_be_reached(opened: Tab) -> None:
    nodes = opened.call("Accessibility.getFullAXTree")["nodes"]
    controls = [
        node
        for node in nodes
        if not node.get("ignored")
        and node["role"]["value"] in ("slider", "combobox", "button", "textbox", "link")
    ]
    unnamed = [node["role"]["value"] for node in controls if not node.get("name", {}).get("value")]
    assert unnamed == []
    assert sum(node["role"]["value"] == "slider" for node in controls) == 10


@pytest.mark.parametrize("width", [1280, 360])
def test_the_page_fits(opened: Tab, width: int) -> None:
    opened.widen(width)
    opened.value("new Promise(done => requestAnimationFrame(() => setTimeout(done, 100)))")
    assert opened.value("innerWidth") == width
    assert opened.value("document.querySelector('#rendered_cells').scrollWidth") <= width
    shown = opened.value(f"[...{ANSWER}.querySelectorAll('img')].map(each => each.clientWidth)")
    # Letters of 11.5 points on a figure of 3.6 inches: as large as the text from 250 px on.
    assert all(250 <= each <= width for each in shown)


def test_the_page_says_what_it_is_and_in_which_language(opened: Tab) -> None:
    assert opened.value("[document.title, document.documentElement.lang]") == ["情景推演：滑杆", "zh"]


def test_nothing_is_asked_of_any_other_machine(opened: Tab, address: str) -> None:
    sent = [event["params"] for event in opened.events if event["method"] == "Network.requestWillBeSent"]
    asked = {params["request"]["url"] for params in sent}
    assert any(url.endswith(".js") or ".js?" in url for url in asked)
    assert {url for url in asked if not url.startswith((address, "data:", "blob:"))} == set()
    refused = [event["params"]["entry"] for event in opened.events if event["method"] == "Log.entryAdded"]
    assert [entry["text"] for entry in refused if entry["level"] == "error"] == []
