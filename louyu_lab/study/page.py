"""The study as one HTML file: prose, tables and figures of the executed notebooks, and nothing to load.

The page needs no network, no script and no Chinese font of the reader's; its own policy forbids the
browser to fetch anything.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from louyu_lab.analysis.endings import ENDED_ZH
from louyu_lab.ledgers.catalogue import data_dictionary
from louyu_lab.study.fonts import font_face_css
from louyu_lab.study.page_tables import tidy_table

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

_TEMPLATES = Path(__file__).parent / "templates"

#: Elements an output may bring along that have no place in the page.
_UNWANTED = ("script", "style", "link", "iframe", "object", "embed", "form", "base", "meta")

#: A number with its unit, or a range: never parted at the end of a line.
_FIGURE = r"[-−]?\d[\d,.]*%?"
_UNIT = r"[万亿]?(?:元/㎡|个百分点|[㎡元幢户家个处项行种年])"
_WHOLE = re.compile(rf"({_FIGURE}(?:[–—]{_FIGURE})?(?: ?{_UNIT})?)")


@dataclass(frozen=True)
class PageChapter:
    """One chapter as the run left it.

    ``notebook`` is the executed notebook, missing where nothing ran; ``status`` and ``reason`` are
    those of the manifest; ``title`` stands in where the notebook has no heading of its own.
    """

    title: str
    notebook: Path | None
    status: str = "done"
    reason: str = ""


@dataclass(frozen=True)
class _Heading:
    anchor: str
    title: str


@dataclass(frozen=True)
class _Rendered:
    """A chapter ready for the template; its own sections are listed in the contents."""

    anchor: str
    title: str
    state: str
    body: str
    has_heading: bool
    sections: tuple[_Heading, ...]


def write_page(chapters: Sequence[PageChapter], target: Path, title: str, subtitle: str = "") -> None:
    """Write the study to ``target``: contents, every chapter in order, the data dictionary.

    A chapter that was skipped or failed stands in its place with the reason.
    """
    from jinja2 import Environment, FileSystemLoader

    environment = Environment(loader=FileSystemLoader(_TEMPLATES), autoescape=True)
    template = environment.get_template("page.html.j2")
    content = {
        "title": title,
        "subtitle": subtitle,
        "css": (_TEMPLATES / "page.css").read_text(encoding="utf-8"),
        "chapters": [_rendered(chapter, f"c{number}") for number, chapter in enumerate(chapters, start=1)],
        "dictionary": _dictionary(),
    }
    # The font holds just the signs of the page, so the page is rendered once to learn which.
    signs = "".join(sorted(set(template.render(font_face="", **content))))
    html = template.render(font_face=font_face_css(signs), **content)
    target.write_text(html + "\n", encoding="utf-8", newline="\n")


def _rendered(chapter: PageChapter, anchor: str) -> _Rendered:
    """Turn a chapter's notebook into a piece of the page with its headings listed."""
    soup = _soup(_notebook_html(chapter.notebook) if chapter.notebook else "")
    _drop_unwanted(soup)
    for table in soup.find_all("table"):
        tidy_table(soup, table)
    _keep_together(soup)
    own, sections = _tidy_headings(soup, anchor)
    _insert_note(soup, chapter)
    return _Rendered(
        anchor=anchor,
        title=own or chapter.title,
        state=ENDED_ZH[chapter.status] if chapter.status in ("skipped", "failed") else "",
        body=str(soup),
        has_heading=bool(own),
        sections=tuple(sections),
    )


def _notebook_html(notebook: Path) -> str:
    from nbconvert import HTMLExporter

    exporter = HTMLExporter(
        template_name="chapter", extra_template_basedirs=[str(_TEMPLATES)], exclude_anchor_links=True
    )
    html, _ = exporter.from_filename(str(notebook))
    return html


def _note(chapter: PageChapter) -> str:
    if chapter.status == "skipped":
        said = ENDED_ZH["skipped"]
        return f"本章{said}：{chapter.reason.removesuffix(f'，{said}')}。"
    if chapter.status == "failed":
        extent = "，以下内容不完整" if chapter.notebook else ""
        return f"本章{ENDED_ZH['failed']}{extent}：{chapter.reason}。"
    return ""


def _insert_note(soup: BeautifulSoup, chapter: PageChapter) -> None:
    """Say under the chapter's heading what became of it, where it did not run to its end."""
    text = _note(chapter)
    if text:
        note = soup.new_tag("p", attrs={"class": f"note {chapter.status}"})
        note.string = text
        heading = soup.find("h2")
        if heading:
            heading.insert_after(note)
        else:
            soup.insert(0, note)


def _drop_unwanted(soup: BeautifulSoup) -> None:
    """Take out what could run or load something; text and pictures inside the file stay."""
    for element in soup.find_all(_UNWANTED):
        element.decompose()
    for element in soup.find_all(True):
        handlers = [name for name in element.attrs if name.startswith("on") or name == "style"]
        for name in handlers:
            del element[name]
        if not str(element.get("src", "data:")).startswith("data:"):
            element.decompose()


def _tidy_headings(soup: BeautifulSoup, anchor: str) -> tuple[str, list[_Heading]]:
    """Move headings one level down under the page's own, give them ids; return title and sections."""
    title, sections = "", []
    for number, heading in enumerate(soup.find_all(re.compile(r"^h[1-5]$"))):
        level = int(heading.name[1])
        heading.name = f"h{level + 1}"
        heading["id"] = f"{anchor}-{number}"
        if level == 1 and not title:
            title = heading.get_text(" ", strip=True)
        elif level == 2:
            sections.append(_Heading(heading["id"], heading.get_text(" ", strip=True)))
    return title, sections


def _keep_together(soup: BeautifulSoup) -> None:
    """Keep a number and its unit, and the two ends of a range, on one line of the prose."""
    for piece in soup.find_all(string=_WHOLE):
        if piece.find_parent(class_="prose") and not piece.find_parent(["code", "pre"]):
            parts = [_whole(soup, part) if at % 2 else part for at, part in enumerate(_WHOLE.split(piece))]
            piece.replace_with(*parts)


def _whole(soup: BeautifulSoup, text: str) -> Tag | str:
    if text.isdigit():
        return text
    span = soup.new_tag("span", attrs={"class": "whole"})
    span.string = text
    return span


def _dictionary() -> str:
    soup = _soup(data_dictionary().to_html(index=False, na_rep=""))
    tidy_table(soup, soup.table)
    return str(soup)


def _soup(html: str) -> BeautifulSoup:
    from bs4 import BeautifulSoup

    return BeautifulSoup(html, "html.parser")
