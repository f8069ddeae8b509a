"""The study's page: self-contained, readable on desktop and phone, honest about what did not run."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from louyu_lab.study.page import PageChapter, write_page
from louyu_lab.study.page_tables import tidy_table

#: One transparent dot.
PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="

WIDE_TABLE = (
    "<style>#T_x {color: red}</style><table id='T_x' border='1' class='dataframe'>"
    "<caption>楼宇清单</caption><thead>"
    "<tr><th class='col0'>楼宇</th><th>税收(万元)</th><th>入驻率(%)</th>"
    + "<th>备注栏目</th>"
    * 20
    + "</tr></thead><tbody>"
    "<tr><td id='a'>和安大厦</td><td>1,234</td><td>75.0</td>" + "<td>一段说明文字</td>" * 20 + "</tr>"
    "<tr><td>2020</td><td>-5.6</td><td>—</td>" + "<td></td>" * 20 + "</tr></tbody></table>"
)

HOSTILE = (
    "<p onclick='alert(1)'>留下的话</p><script src='https://example.org/x.js'>alert(2)</script>"
    "<img src='https://example.org/x.png'><iframe src='//example.org'></iframe>"
    "<link rel='stylesheet' href='https://example.org/x.css'>"
)


def output(mime: str, content: str, **metadata: dict) -> nbformat.NotebookNode:
    return new_output("display_data", data={mime: content, "text/plain": "plain"}, metadata=metadata)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page of a full chapter, a failed, a skipped and one that never was."""
    folder = tmp_path_factory.mktemp("page")
    shown = [
        output("text/html", WIDE_TABLE),
        output("image/png", PNG, **{"image/png": {"alt": "入驻率分布", "width": 2000}}),
        output("text/html", HOSTILE),
        new_output("stream", name="stdout", text="共 <2> 幢"),
        new_output("stream", name="stderr", text="FutureWarning: secret"),
        new_output("error", ename="ValueError", evalue="bad", traceback=["Traceback secret"]),
    ]
    cells = [
        new_markdown_cell("# 一、楼宇现状\n\n正文“引号”与`代码`。\n\n## 规模\n\n### 分档\n\n## 规模"),
        new_code_cell("secret_code = 1", outputs=shown),
    ]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), folder / "02.ipynb")
    chapters = [
        PageChapter("楼宇现状", folder / "02.ipynb"),
        PageChapter("坏章", folder / "02.ipynb", "failed", "单元 In [4] 出错：ValueError：bad"),
        PageChapter("产业集聚", None, "skipped", "缺企业台账，未运行"),
        PageChapter("无", None, "failed", "找不到笔记本 06.ipynb"),
    ]
    write_page(chapters, folder / "study.html", "和安区楼宇经济年度研究（2020）", "运行编号 a<b")
    return folder / "study.html"


@pytest.fixture(scope="module")
def soup(page: Path) -> BeautifulSoup:
    return BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")


def test_nothing_is_loaded_from_anywhere(page: Path, soup: BeautifulSoup) -> None:
    loads = [element[name] for name in ("src", "href") for element in soup.find_all(attrs={name: True})]
    assert all(target.startswith(("data:", "#")) for target in loads)
    assert soup.find_all(["script", "link", "iframe"]) == []
    css = "".join(style.string for style in soup.find_all("style"))
    assert re.findall(r"url\((?!\"data:)|@import", css) == []
    assert (
        "default-src 'none'" in soup.find("meta", attrs={"http-equiv": "Content-Security-Policy"})["content"]
    )
    assert "example.org" not in page.read_text(encoding="utf-8")


def test_code_warnings_and_tracebacks_are_not_shown(soup: BeautifulSoup) -> None:
    text = soup.get_text()
    assert "secret" not in text
    assert "共 <2> 幢" in text
    assert "留下的话" in text


def test_every_contents_entry_leads_somewhere(soup: BeautifulSoup) -> None:
    ids = [element["id"] for element in soup.find_all(id=True)]
    assert len(ids) == len(set(ids))
    side = [link["href"] for link in soup.select("nav.side a")]
    assert {target.removeprefix("#") for target in side} <= set(ids)
    # Two headings of the same words are two places.
    titles = [link.get_text() for link in soup.select("nav.side > ol > li:first-of-type a")]
    assert titles == ["一、楼宇现状", "规模", "规模"]
    assert side == [link["href"] for link in soup.select("details.fold a")]


def test_headings_stand_below_the_pages_own(soup: BeautifulSoup) -> None:
    assert [heading.get_text() for heading in soup.find_all("h1")] == ["和安区楼宇经济年度研究（2020）"]
    first = soup.select("section.chapter")[0]
    levels = [(heading.name, heading.get_text()) for heading in first.find_all(re.compile("^h[2-6]$"))]
    assert levels == [("h2", "一、楼宇现状"), ("h3", "规模"), ("h4", "分档"), ("h3", "规模")]


def test_chapters_that_did_not_run_say_why(soup: BeautifulSoup) -> None:
    notes = [note.get_text() for note in soup.select("p.note")]
    assert notes == [
        "本章没有完成，以下内容不完整：单元 In [4] 出错：ValueError：bad。",
        "本章未运行：缺企业台账。",
        "本章没有完成：找不到笔记本 06.ipynb。",
    ]
    assert [state.get_text() for state in soup.select("nav.side .state")] == [
        "没有完成",
        "未运行",
        "没有完成",
    ]


def test_columns_of_numbers_stand_to_the_right(soup: BeautifulSoup) -> None:
    table = soup.select("section.chapter table")[0]
    heads = [head.get_text() for head in table.select("thead .num")]
    # 楼宇 holds a name beside "2020" and is text; "—" stands for a missing number.
    assert heads == ["税收(万元)", "入驻率(%)"]
    assert [cell.get_text() for cell in table.select("td.num")] == ["1,234", "75.0", "-5.6", "—"]
    assert [str(part) for part in table.select("thead th")[1].contents] == [
        *("<span>税收</span>", "<wbr/>", "<span>(万元)</span>")
    ]
    assert table.parent["class"] == ["scroll"]
    assert table.attrs == {}


def test_a_figure_can_be_heard(soup: BeautifulSoup) -> None:
    assert soup.find("img")["alt"] == "入驻率分布"


def test_the_data_dictionary_is_an_appendix(soup: BeautifulSoup) -> None:
    appendix = soup.find(id="dictionary")
    assert appendix.details is not None
    assert "统一社会信用代码" in appendix.get_text()


def test_the_same_notebooks_give_the_same_page(page: Path) -> None:
    chapters = [PageChapter("楼宇现状", page.parent / "02.ipynb")]
    for name in ("a.html", "b.html"):
        write_page(chapters, page.parent / name, "研究")
    assert (page.parent / "a.html").read_bytes() == (page.parent / "b.html").read_bytes()


def test_the_column_that_names_the_rows_is_held() -> None:
    rows = [("1", "HA019", "沅峤广场", "北苑街道"), ("2", "HA031", "岚珀国际贸易中心北楼", "北苑街道")]
    body = "".join("<tr>" + "".join(f"<td>{text}</td>" for text in row) + "</tr>" for row in rows)
    soup = BeautifulSoup(
        "<table><thead><tr><th>名次</th><th>编号</th><th>楼宇名称</th><th>街道</th></tr></thead>"
        f"<tbody>{body}</tbody></table>",
        "html.parser",
    )
    tidy_table(soup, soup.table)
    # Neither the rank, nor the code, nor what two rows share.
    assert [head.get_text() for head in soup.select("th.name")] == ["楼宇名称"]
    assert [cell.get_text() for cell in soup.select("td.name")] == ["沅峤广场", "岚珀国际贸易中心北楼"]


def test_a_number_keeps_its_unit_on_the_line(tmp_path: Path) -> None:
    cells = [new_markdown_cell("占比提高 1.1 个百分点，税收 1,000 万元以上 12 家，70%–85%的 25 幢。`6 幢`")]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "a.ipynb")
    write_page([PageChapter("章", tmp_path / "a.ipynb")], tmp_path / "a.html", "研究")
    soup = BeautifulSoup((tmp_path / "a.html").read_text(encoding="utf-8"), "html.parser")
    whole = [span.get_text() for span in soup.select(".whole")]
    assert whole == ["1.1 个百分点", "1,000 万元", "12 家", "70%–85%", "25 幢"]
