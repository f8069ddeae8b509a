"""``published.yaml`` and ``已公布.xlsx``: figures and relations read as written, every slip listed."""

from __future__ import annotations

import json

import openpyxl
import pytest

from louyu_lab.ledgers import Ledgers
from louyu_lab.ledgers.model import no_published, no_relations
from louyu_lab.ledgers.published.conditions import Condition, from_text

GOOD = """
年份: 2020
数字:
  - {编号: n, 名称: 楼宇, 公布: 89, 单位: 座, 指标: 楼宇数, 原文: 达到89座}
  - {编号: share, 名称: 大楼占比, 公布: 12.40, 单位: '%', 表: 楼宇规模分档, 条件: {分档: 10万㎡以上}, 列: 楼宇数, 除以: n}
  - {名称: 目标, 公布: 15, 单位: 座, 年份: 2025, 说明: 目标值}
勾稽:
  - {名称: 占比, 左: 100 * 11 / n, 关系: '>=', 右: share, 容差: 0.1, 存疑: [n, share], 说明: 试}
"""


def test_figures_are_read_as_the_text_they_were_written_in(folder) -> None:
    folder.text("published.yaml", GOOD)
    ledgers = folder.read()
    figures = ledgers.published.set_index("id")
    # The zero of 12.40 is a digit that was printed.
    assert figures["printed"].to_dict() == {"n": "89", "share": "12.40", "目标": "15"}
    assert figures["year"].tolist() == [2020, 2020, 2025]
    assert from_text(figures.loc["share", "conditions"]) == (Condition("分档", "=", ("10万㎡以上",)),)
    assert figures["method"].tolist() == ["", "值", ""]
    assert figures["row"].tolist() == [4, 5, 6]
    tie = ledgers.relations.iloc[0]
    assert (tie["relation"], tie["tolerance"], json.loads(tie["doubted"])) == ("≥", 0.1, ["n", "share"])
    assert "published.yaml" in set(ledgers.inputs["path"])
    assert not (ledgers.faults["file"] == "published.yaml").any()


def test_without_a_file_everything_is_silent(folder) -> None:
    ledgers = folder.read()
    assert ledgers.published.equals(no_published())
    assert ledgers.relations.equals(no_relations())


def test_they_are_saved_and_loaded_with_the_ledgers(folder, tmp_path) -> None:
    folder.text("published.yaml", GOOD)
    ledgers = folder.read()
    ledgers.save(tmp_path / "state")
    again = Ledgers.load(tmp_path / "state")
    assert again.published.equals(ledgers.published)
    assert again.relations.equals(ledgers.relations)


def test_the_workbook_says_the_same(folder) -> None:
    folder.xlsx(
        "已公布.xlsx",
        {
            "数字": [
                ["某区已公布的数字"],
                ["编号", "名称", "公布", "单位", "年份", "指标", "表", "条件", "列", "除以", "说明"],
                ["n", "楼宇", 89, "座", 2020, "楼宇数"],
                ["share", "占比", 12.4, "%", 2020, None, "楼宇规模分档", "分档=10万㎡以上", "楼宇数", "n"],
                ["t", "目标", "约15", "座", None, None, None, None, None, None, "目标值"],
            ],
            "勾稽": [["名称", "左", "关系", "右", "存疑"], ["占比", "100*11/n", "=", "share", "n、share"]],
        },
    )
    ledgers = folder.read()
    figures = ledgers.published
    assert figures["printed"].tolist() == ["89", "12.4", "约15"]
    assert figures["sheet"].tolist() == ["数字"] * 3
    assert figures["row"].tolist() == [3, 4, 5]
    assert figures["year"].isna().tolist() == [False, False, True]
    assert json.loads(ledgers.relations.loc[0, "doubted"]) == ["n", "share"]
    assert not (ledgers.faults["file"] == "已公布.xlsx").any()


@pytest.mark.parametrize(
    ("entry", "column", "said"),
    [
        ("{名称: 楼宇, 公布: 很多}", "公布", "没有数字"),
        ("{名称: 楼宇, 单位: 座}", "公布", "没有写公布的数"),
        ("{公布: 5}", "名称", "缺名称"),
        ("{名称: 楼宇, 公布: 5, 单位: 光年}", "公布", "单位“光年”不认识"),
        ("{名称: 楼宇, 公布: 5, 年份: 去年}", "年份", "不是年份"),
        ("{名称: 楼宇, 公布: 5, 指标: 楼宇数, 表: 行业分布}", "指标", "只能写一种"),
        ("{名称: 楼宇, 公布: 5, 列: 楼宇数}", "表", "没有写表"),
        ("{名称: 楼宇, 公布: 5, 表: 行业分布, 取法: 平均, 列: 企业数}", "取法", "值、合计 或 行数"),
        ("{名称: 楼宇, 公布: 5, 表: 行业分布, 取法: 合计}", "列", "要写列"),
        ("{名称: 楼宇, 公布: 5, 指标: 楼宇数, 除以: 大楼}", "除以", "是否想写“大楼宇”"),
        ("{名称: 楼宇, 公布: 5, 指标: 楼宇数, 除以: 占比}", "除以", "本身又除以"),
        ("{名称: 楼宇, 公布: 5, 较: 2019}", "表", "没有写指标或表"),
        ("{名称: 楼宇, 公布: 5, 表: 行业分布, 条件: 商贸}", "条件", "应写成“列=值”"),
        ("{名称: [楼宇], 公布: 5}", "名称", "应为文字或数字"),
        # Unquoted, the comma ends the number: 公布 would be 3.
        ("{名称: 楼宇, 公布: 3,130, 单位: 座}", "公布", "逗号把“130”断成了另一项"),
        ("{名称: 楼宇, 公布: 12,373家}", "公布", "千分号请去掉"),
        ("{名称: 楼宇, 公布: 5, 公布: 6}", "公布", "写了两次"),
        ("{名称: 楼宇, 公布: 5, 指标: 楼宇数, 年份: 2020, 较: 2020年}", "较", "相同"),
        (
            "{名称: 楼宇, 公布: 5, 表: 行业分布, 条件: {税收: ≥5, 税收: <7}}",
            "条件",
            "“税收≥5000万元；税收<7000万元”",
        ),
        (
            "{名称: 楼宇, 公布: 5, 指标: 楼宇数, 年份: 2020, 除以: 大楼宇}",
            "除以",
            "年份不同；请给“大楼宇”写明年份",
        ),
        ("{名称: 楼宇, 公布: 5, 指标: 楼宇数, 除以: 增减}", "除以", "“增减”写了“较”"),
        (
            "{名称: 楼宇, 公布: 5, 指标: 楼宇数, 年份: 2020, 除以: 从前, 较: 2018}",
            "除以",
            "“从前”是 2019 年的，年份不同，不能再写“较”",
        ),
    ],
)
def test_a_figure_that_cannot_be_used_is_listed_and_left_out(folder, found, entry, column, said) -> None:
    others = "  - {名称: 大楼宇, 公布: 2}\n  - {名称: 占比, 公布: 2, 指标: 楼宇数, 除以: 大楼宇}\n"
    others += "  - {名称: 增减, 公布: 2, 指标: 楼宇数, 较: 2019}\n"
    others += "  - {名称: 从前, 公布: 2, 指标: 楼宇数, 年份: 2019}\n"
    folder.text("published.yaml", f"数字:\n  - {entry}\n{others}")
    ledgers = folder.read()
    faults = found(ledgers, "published-unreadable")
    assert faults["column"].tolist()[0] == column
    assert said in faults["value"].tolist()[0]
    assert set(faults["row"]) == {2}
    assert ledgers.published["id"].tolist() == ["大楼宇", "占比", "增减", "从前"]


def test_every_slip_of_one_figure_is_listed_at_once(folder, found) -> None:
    folder.text("published.yaml", "数字:\n  - {名称: 楼宇, 公布: 很多, 年份: 去年, 取法: 平均}\n")
    faults = found(folder.read(), "published-unreadable")
    assert sorted(faults["column"]) == ["公布", "年份", "表"]


def test_a_number_in_a_cell_is_read_as_the_cell_shows_it(folder, found) -> None:
    rows = [
        ["名称", "公布", "单位", "年份"],
        ["没有格式的占比", 0.629, "%", 2020.0],
        ["文字", "0.629", "%", "２０２０年度"],
        ["百分比格式", 0.629, "%", 2020],
        ["两位小数", 76, "%", 2020],
        ["带单位的格式", 3, None, 2020],
        ["科学记数", 30000, "家", 2020],
        ["零", 0, "%", 2020],
    ]
    path = folder.xlsx("已公布.xlsx", rows)
    book = openpyxl.load_workbook(path)
    for cell, form in {"B4": "0.0%", "B5": "0.00", "B6": '0"座"', "B7": "0.00E+00", "B8": "0%"}.items():
        book.active[cell].number_format = form
    book.save(path)
    ledgers = folder.read()
    faults = found(ledgers, "published-unreadable")
    assert faults["row"].tolist() == [2, 7]
    assert ["小数还是百分数" in faults["value"][0], "数字格式" in faults["value"][1]] == [True, True]
    # A text says what it says: 0.629 %.
    printed = ledgers.published.set_index("id")["printed"].to_dict()
    assert printed == {
        "文字": "0.629",
        "百分比格式": "62.9%",
        "两位小数": "76.00",
        "带单位的格式": "3座",
        "零": "0%",
    }
    assert set(ledgers.published["year"]) == {2020}


def test_notes_between_the_rows_are_no_figures(folder) -> None:
    rows = [["编号", "名称", "公布"], ["注：摘自规划"], ["n", "楼宇", 3], [None, "小计"]]
    folder.xlsx("已公布.xlsx", rows)
    ledgers = folder.read()
    assert ledgers.published["id"].tolist() == ["n"]
    assert not (ledgers.faults["severity"] == "error").any()


def test_two_headings_alike_are_a_fault_of_the_sheet(folder, found) -> None:
    folder.xlsx("已公布.xlsx", [["名称", "公布", "公布"], ["a", 3, 4]])
    ledgers = folder.read()
    assert found(ledgers, "published-unreadable")[["row", "column"]].values.tolist() == [[1, "公布"]]
    assert ledgers.published.empty


@pytest.mark.parametrize(
    ("tie", "column", "said"),
    [
        ("{名称: 和, 左: a + c, 关系: =, 右: b}", "左", "没有编号“c”"),
        ("{名称: 和, 左: a +, 关系: =, 右: b}", "左", "不是算式"),
        ("{名称: 和, 左: a, 关系: 大约, 右: b}", "关系", "应为 =、≥ 或 ≤"),
        ("{名称: 和, 左: a, 关系: =, 右: b, 容差: 一点}", "容差", "不是数字"),
        ("{名称: 和, 左: a, 关系: =, 右: b, 存疑: [d]}", "存疑", "没有编号“d”"),
        ("{名称: 和, 左: a, 关系: =, 右: b, 容差: nan}", "容差", "不是数字，或小于 0"),
        ("{名称: 和, 左: a, 关系: =, 右: b, 容差: -1}", "容差", "小于 0"),
        ("{名称: 和, 左: 1 + 1, 关系: =, 右: '3'}", "左", "都没有写数字的编号"),
    ],
)
def test_a_relation_that_cannot_be_read_is_listed(folder, found, tie, column, said) -> None:
    folder.text(
        "published.yaml", f"数字:\n  - {{名称: a, 公布: 1}}\n  - {{名称: b, 公布: 1}}\n勾稽:\n  - {tie}\n"
    )
    ledgers = folder.read()
    faults = found(ledgers, "published-relation")
    assert faults[["column", "row"]].values.tolist() == [[column, 5]]
    assert said in faults["value"].tolist()[0]
    assert ledgers.relations.empty


def test_an_id_that_arithmetic_would_take_apart_is_refused_where_it_is_used(folder, found) -> None:
    folder.text(
        "published.yaml",
        """数字:
  - {编号: 1, 公布: 40}
  - {编号: 2, 公布: 49}
  - {编号: ＡＢ, 公布: 89}
  - {编号: AB-1, 公布: 88}
勾稽:
  - {名称: 序号, 左: 1 + 2, 关系: =, 右: AB}
  - {名称: 减号, 左: AB-1, 关系: =, 右: '88'}
  - {名称: 全角, 左: AB - 100, 关系: ＝, 右: '-11'}
""",
    )
    ledgers = folder.read()
    faults = found(ledgers, "published-relation")
    assert faults["row"].tolist() == [7, 8]
    assert faults["value"].str.contains("不能写进算式").all()
    # Full-width letters are the same id, and a full-width = the same sign.
    assert ledgers.relations["id"].tolist() == ["全角"]


def test_a_relation_over_a_figure_that_cannot_be_read_is_kept(folder, found) -> None:
    folder.text("published.yaml", "数字:\n  - {名称: a, 公布: 三}\n勾稽:\n  - {左: a, 关系: =, 右: '3'}\n")
    ledgers = folder.read()
    assert len(found(ledgers, "published-unreadable")) == 1
    assert len(ledgers.relations) == 1


def test_repeated_ids_and_unknown_keys_are_listed(folder, found) -> None:
    folder.text(
        "published.yaml",
        "数字:\n  - {名称: a, 公布: 1}\n  - {名称: a, 公布: 2, 公部: 3}\n勾稽:\n  - {名称: a, 左: a, 关系: =, 右: '1'}\n",
    )
    ledgers = folder.read()
    assert ledgers.published["printed"].tolist() == ["1"]
    assert found(ledgers, "published-twice")["row"].tolist() == [3, 5]
    keys = found(ledgers, "published-key")
    assert keys[["column", "value"]].values.tolist() == [["公部", "（是否想写“公布”？）"]]


@pytest.mark.parametrize(
    "text", ["数字: [a", "数字: {a: 1}", "- a\n", "数字:\n  - 89座\n", "{a: [}", "数字:\n - {? [a] : 1}\n"]
)
def test_a_file_that_is_no_list_of_figures_is_listed(folder, found, text) -> None:
    folder.text("published.yaml", text)
    ledgers = folder.read()
    assert len(found(ledgers, "published-unreadable")) == 1
    assert ledgers.published.empty


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\n", "文件是空的"),
        (b"# \xe6\xb3\xa8\n", "文件是空的"),
        (b"\xff\xfe\xfa\x00abc", "编码认不出"),
        ("数字：没有".encode(), "冒号用半角"),
        ("年份: [2020]\n数字:\n  - {名称: a, 公布: 1}\n".encode(), "不是年份"),
        ("数字:\n  - {名称: b, 公布: 1}\n数字:\n  - {名称: a, 公布: 1}\n".encode(), "写了两次"),
        ("数字:\n\t- {名称: a, 公布: 1}\n".encode(), "制表符"),
    ],
)
def test_what_is_wrong_with_a_whole_file_is_said(folder, found, content, said) -> None:
    (folder.path / "published.yaml").write_bytes(content)
    faults = found(folder.read(), "published-unreadable")
    assert len(faults) == 1
    assert said in faults["value"][0]


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("published.yml", "published.yaml"),
        ("Published.yaml", "published.yaml"),
        ("已公布数字.xlsx", "已公布.xlsx"),
        ("已公布.xls", "已公布.xlsx"),
        ("已公布.csv", "已公布.xlsx"),
        ("资料/published.yaml", "放在数据文件夹里"),
    ],
)
def test_a_file_named_almost_so_is_pointed_out(folder, found, name, meant) -> None:
    folder.text(name, "数字:\n  - {名称: a, 公布: 1}\n")
    ledgers = folder.read()
    faults = found(ledgers, "published-file")
    assert faults["file"].tolist() == [name]
    assert meant in faults["value"][0]
    assert ledgers.published.empty


def test_a_sheet_that_is_neither_is_listed(folder, found) -> None:
    folder.xlsx("已公布.xlsx", {"说明": [["这是说明"]], "数字": [["名称", "公布"], ["a", 1]]})
    ledgers = folder.read()
    assert found(ledgers, "sheet-unknown")["sheet"].tolist() == ["说明"]
    assert len(ledgers.published) == 1


def test_a_broken_workbook_is_a_fault_like_any_other(folder, found) -> None:
    folder.text("已公布.xlsx", "")
    assert found(folder.read(), "file-empty")["file"].tolist() == ["已公布.xlsx"]


def test_a_cell_merged_downwards_says_the_same_of_every_row(folder, found) -> None:
    rows = [
        ["年份", "名称", "公布", "单位"],
        [2019, "a", 1, "座"],
        [None, "b", 2, None],
        [2020, "c", 3, "座"],
        [None, None, None, None],
        ["注：这是一条说明", None, None, None],
    ]
    path = folder.xlsx("已公布.xlsx", rows)
    book = openpyxl.load_workbook(path)
    for merged in ("A2:A3", "D2:D3", "A4:A5", "A6:D6"):
        book.active.merge_cells(merged)
    book.save(path)
    ledgers = folder.read()
    # Of a row with nothing of its own, and of a note across the table, no figure is made.
    assert ledgers.published["id"].tolist() == ["a", "b", "c"]
    assert ledgers.published["year"].tolist() == [2019, 2019, 2020]
    assert ledgers.published["unit"].tolist() == ["座"] * 3
    assert found(ledgers, "published-unreadable").empty


def test_a_fraction_shown_with_decimals_beside_a_percent_sign_is_asked_for_as_text(folder, found) -> None:
    rows = [
        ["名称", "公布", "单位"],
        ["a", 0.629, "%"],
        ["b", 0.5, "个百分点"],
        ["c", 0.5, "%"],
        ["d", 0.5, ""],
    ]
    path = folder.xlsx("已公布.xlsx", rows)
    book = openpyxl.load_workbook(path)
    for cell, form in {"B2": "0.00", "B3": "0.0", "B4": '0.0"%"', "B5": 'General"%"'}.items():
        book.active[cell].number_format = form
    book.save(path)
    ledgers = folder.read()
    # 0.5 个百分点 and a cell that shows its % are clear.
    assert found(ledgers, "published-unreadable")["row"].tolist() == [2]
    assert ledgers.published["printed"].tolist() == ["0.5", "0.5%", "0.5%"]


def test_a_relation_among_different_kinds_is_a_fault(folder, found) -> None:
    folder.text(
        "published.yaml",
        """
数字:
  - {编号: tax, 公布: 3, 单位: 亿元}
  - {编号: n, 公布: 3, 单位: 座}
  - {编号: rate, 公布: 62.9%}
  - {编号: then, 公布: 60.1%}
  - {编号: up, 公布: 2.8个百分点}
勾稽:
  - {名称: 混, 左: tax, 关系: =, 右: n}
  - {名称: 点, 左: rate - then, 关系: =, 右: up}
  - {名称: 比, 左: tax / n, 关系: =, 右: 1}
""",
    )
    ledgers = folder.read()
    assert "两边单位不同：亿元、座" in found(ledgers, "published-relation")["value"].item()
    assert ledgers.relations["id"].tolist() == ["点", "比"]
