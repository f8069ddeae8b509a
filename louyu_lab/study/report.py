"""A small report as one HTML file: sections of sentences, tables and figures, and nothing to load.

It looks like the study's page; the reader's own Chinese font serves, so that it is small and made at once.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from louyu_lab.study.page_tables import tidy_table

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

_TEMPLATES = Path(__file__).parent / "templates"

#: Dots per inch of a report's figures: sharp on a screen, and drawn at once.
_DPI = 110


@dataclass(frozen=True)
class Section:
    """One section: its heading and its parts, HTML made by the functions here; empty parts are left out."""

    title: str
    parts: tuple[str, ...]


def words(*texts: str) -> str:
    """Return prose, with the little Markdown it uses: paragraphs, lists with ``- `` and ``**bold**``."""
    parts = [part for text in texts for part in re.split(r"\n\s*\n", text.strip()) if part]
    said = "".join(map(_block, parts))
    return f'<div class="prose">{said}</div>' if said else ""


def _block(text: str) -> str:
    lines = text.split("\n")
    if all(line.startswith("- ") for line in lines):
        return f"<ul>{''.join(f'<li>{_bold(line[2:])}</li>' for line in lines)}</ul>"
    return f"<p>{'<br>'.join(map(_bold, lines))}</p>"


def _bold(text: str) -> str:
    return re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", escape(text))


def warning(text: str) -> str:
    """Return a paragraph that stands out; nothing for an empty one."""
    lines = "<br>".join(map(_bold, text.split("\n")))
    return f'<p class="note">{lines}</p>' if text else ""


def table(name: str, frame: pd.DataFrame, rows: int | None = None) -> str:
    """Return a declared table as it is printed; of more than ``rows`` the first; nothing without a row."""
    if not len(frame):
        return ""
    from bs4 import BeautifulSoup

    from louyu_lab.analysis.printing import display

    shown = frame if rows is None else frame.head(rows)
    styled = display(name, shown).to_html()
    soup = BeautifulSoup(styled.rpartition("</style>")[2], "html.parser")
    tidy_table(soup, soup.table)
    more = f"上表只列前 {rows} 行，全部 {len(frame)} 行见 {name}.csv。" if len(frame) > len(shown) else ""
    return str(soup) + words(more)


def figure(drawn: Figure, alt: str) -> str:
    """Return a figure inside the page, and close it; its bytes depend on nothing but the figure."""
    import matplotlib.pyplot as plt

    png = BytesIO()
    drawn.savefig(png, format="png", dpi=_DPI, bbox_inches="tight", metadata={"Software": None})
    plt.close(drawn)
    encoded = base64.b64encode(png.getvalue()).decode("ascii")
    return f'<figure><img src="data:image/png;base64,{encoded}" alt="{escape(alt)}"></figure>'


def write_report(target: Path, title: str, subtitle: str, sections: Sequence[Section]) -> None:
    """Write the report to ``target``; sections without any part are left out."""
    from jinja2 import Environment, FileSystemLoader

    environment = Environment(loader=FileSystemLoader(_TEMPLATES), autoescape=True)
    held = [Section(each.title, tuple(part for part in each.parts if part)) for each in sections]
    html = environment.get_template("report.html.j2").render(
        title=title,
        subtitle=subtitle,
        css=(_TEMPLATES / "page.css").read_text(encoding="utf-8"),
        sections=[each for each in held if each.parts],
    )
    target.write_text(html + "\n", encoding="utf-8", newline="\n")
