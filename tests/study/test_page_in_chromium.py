"""The demo's study as a reader sees it: a real browser at desktop and phone width."""

from __future__ import annotations

import base64
import re
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup
from fontTools.ttLib import TTFont

from louyu_lab.study.page import PageChapter, write_page

if TYPE_CHECKING:
    from conftest import Tab

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"

#: A table that no screen holds, so that the page is tried beyond what the demo shows.
WIDE = "<table><thead><tr>" + "<th>备注栏目(万元)</th>" * 80 + "</tr></thead><tbody><tr>" + "<td>一</td>" * 80


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of the committed chapters, which hold their outputs on the demonstration district."""
    target = tmp_path_factory.mktemp("study") / "study.html"
    chapters = [PageChapter(path.stem, path) for path in sorted(NOTEBOOKS.glob("[0-9]*.ipynb"))]
    chapters.append(PageChapter("没有的章", None, "skipped", "缺企业台账，未运行"))
    write_page(chapters, target, "和安区楼宇经济年度研究（2020）", "运行编号 示例")
    return target


@pytest.fixture(scope="module", params=[1280, 390], ids=["desktop", "phone"])
def shown(request: pytest.FixtureRequest, tab: Tab, study: Path) -> tuple[Tab, int]:
    """The page opened once at each width: a test that changes it puts it back."""
    tab.open(study, request.param)
    return tab, request.param


def test_nothing_pushes_the_page_wide(shown: tuple[Tab, int]) -> None:
    tab, width = shown
    assert tab.value("innerWidth") == width
    assert tab.value("document.documentElement.scrollWidth") <= width
    tab.value("kept = document.querySelector('.scroll').innerHTML")
    tab.value(f"document.querySelector('.scroll').innerHTML = {WIDE!r}")
    assert tab.value("document.querySelector('.scroll').scrollWidth") > width
    assert tab.value("document.documentElement.scrollWidth") <= width
    tab.value("document.querySelector('.scroll').innerHTML = kept")


def test_every_picture_is_there_and_whole(shown: tuple[Tab, int]) -> None:
    tab, width = shown
    seen = tab.value("[...document.images].map(i => [i.complete, i.naturalWidth, i.clientWidth])")
    assert len(seen) >= 15
    assert all(complete and natural > 0 for complete, natural, _ in seen)
    assert all(shown_width <= width for _, _, shown_width in seen)


def test_a_tap_makes_a_figure_legible_on_a_phone(shown: tuple[Tab, int]) -> None:
    tab, _ = shown
    tab.value("document.querySelectorAll('.zoom').forEach(label => label.click())")
    widths = tab.value("[...document.images].map(i => i.clientWidth)")
    # Figures are 720 px wide with letters of 14.6 px (10.5 points): at 560 px they have 11 px.
    assert min(widths) >= 560
    assert tab.value("document.documentElement.scrollWidth") <= tab.value("innerWidth")
    tab.value("document.querySelectorAll('.zoom').forEach(label => label.click())")


def test_the_page_asks_for_nothing(shown: tuple[Tab, int], study: Path) -> None:
    tab, _ = shown
    sent = [event for event in tab.events if event.get("method") == "Network.requestWillBeSent"]
    asked = {event["params"]["request"]["url"] for event in sent}
    assert {url for url in asked if not url.startswith("data:")} == {study.as_uri()}
    failed = [
        event for event in tab.events if event.get("method") in ("Network.loadingFailed", "Log.entryAdded")
    ]
    assert failed == []


def test_every_contents_link_leads_somewhere(shown: tuple[Tab, int]) -> None:
    tab, width = shown
    list_shown = "nav.side" if width > 1000 else "details.fold"
    links = tab.value(f"[...document.querySelectorAll('{list_shown} a')].map(a => a.getAttribute('href'))")
    assert len(links) >= 15
    assert tab.value(f"getComputedStyle(document.querySelector('{list_shown}')).display") != "none"
    missing = [link for link in links if not tab.value(f"!!document.getElementById({link[1:]!r})")]
    assert missing == []


def test_every_sign_of_the_page_is_in_its_font(study: Path) -> None:
    html = study.read_text(encoding="utf-8")
    encoded = re.search(r"data:font/woff;base64,([^\"]+)", html)[1]
    held = set(TTFont(BytesIO(base64.b64decode(encoded))).getBestCmap())
    text = BeautifulSoup(html, "html.parser").body.get_text()
    assert {sign for sign in text if not sign.isspace() and ord(sign) not in held} == set()


def test_headings_of_tables_fold_rather_than_widen(shown: tuple[Tab, int]) -> None:
    tab, width = shown
    tables = "[...document.querySelectorAll('.scroll')].filter(b => !b.closest('#dictionary'))"
    boxes = tab.value(f"{tables}.map(b => [b.innerText.slice(0, 20), b.scrollWidth, b.clientWidth])")
    too_wide = [name for name, inner, outer in boxes if inner > outer]
    # On a desktop every table of the demo fits; a phone scrolls those of more than a few columns.
    assert too_wide == [] if width > 1000 else len(too_wide) < len(boxes)
