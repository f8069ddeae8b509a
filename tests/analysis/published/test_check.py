"""Published figures recomputed from a district small enough to add up by hand."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pandas as pd
import pytest

from louyu_lab.analysis.published.check import published_check
from louyu_lab.analysis.published.places import with_places_checked
from louyu_lab.ledgers.faults import rules
from louyu_lab.ledgers.model import Ledgers
from louyu_lab.ledgers.reading import read_ledgers

BUILDINGS = """楼宇编号,楼宇名称,街道,片区,地区,建筑面积(㎡),可租售面积(㎡),竣工年份
L1,望云大厦,东街道,东片,湖东,110000,80000,2010
L2,和顺中心,东街道,东片,湖东,40000,30000,2011
L3,启明广场,西街道,西片,湖西,20000,10000,2012
"""
# Occupied 60,000 of 80,000 (75 %), 27,000 of 30,000 (90 %), 4,000 of 10,000 (40 %): 91,000 of 120,000.
OCCUPANCY = """楼宇编号,年份,入驻面积(㎡)
L1,2020,60000
L2,2020,27000
L3,2020,4000
L1,2019,64000
L2,2019,27000
L3,2019,4000
"""
TAXES = """楼宇编号,年份,税收(万元)
L1,2020,22000
L2,2020,7500
L3,2020,500
L1,2019,20000
L2,2019,7500
L3,2019,500
"""
IDLE = """闲置编号,资源名称,地区,闲置面积(㎡),年份
X1,旧厂房,湖东,5000,2020
X2,老商场,湖西,4000,2020
X3,小门面,湖西,500,2020
"""


@pytest.fixture
def district(tmp_path: Path) -> Callable[..., Ledgers]:
    """Return a function: the hand-made district with the figures given, its places checked."""
    return partial(_district, tmp_path)


def _district(
    folder: Path, figures: str = "", relations: str = "", without: str = "", **files: str
) -> Ledgers:
    ledgers = {"楼宇台账": BUILDINGS, "运营台账": OCCUPANCY, "税收台账": TAXES, "闲置资源台账": IDLE}
    for name, text in (ledgers | files).items():
        if name != without:
            (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    lines = [f"  - {{{line}}}" for line in figures.strip().splitlines()]
    ties = [f"  - {{{line}}}" for line in relations.strip().splitlines()]
    content = "\n".join(["年份: 2020", "数字:", *lines, *(["勾稽:"] if ties else []), *ties])
    (folder / "published.yaml").write_text(content, encoding="utf-8")
    return with_places_checked(read_ledgers(folder))


def _checked(ledgers: Ledgers) -> pd.DataFrame:
    return published_check(ledgers, 2020).set_index("figure")


def _places_wrong(ledgers: Ledgers) -> pd.DataFrame:
    return ledgers.faults[ledgers.faults["rule"] == rules()["published-place"].zh]


#: Figures, what the ledgers give for them, the verdict.
FIGURES = [
    ("公布: 3, 单位: 座, 指标: 楼宇数", 3, "equal"),
    ("公布: 4, 单位: 座, 指标: 楼宇数", 3, "differs"),
    ("公布: 17, 单位: 万㎡, 指标: gross_area_sqm", 17, "equal"),
    # 91,000 ÷ 120,000 = 75.83 %
    ("公布: 75.8, 单位: '%', 指标: 入驻率", 75.83, "equal"),
    ("公布: 75%以上, 指标: 入驻率", 75.8, "equal"),
    ("公布: 76%以上, 指标: 入驻率", 75.8, "differs"),
    # 3.0 亿元 of 170,000 ㎡ = 1,764.7 元/㎡
    ("公布: 1765, 单位: 元/㎡, 指标: 单位面积税收", 1764.7, "equal"),
    ("公布: 1, 单位: 座, 表: 楼宇规模分档, 条件: {分档: 10万㎡以上}, 列: 楼宇数", 1, "equal"),
    (
        "公布: 33.3, 单位: '%', 表: 楼宇规模分档, 条件: {分档: 10万㎡以上}, 列: 楼宇占比(%)",
        33.33,
        "equal",
    ),
    (
        "公布: 33.3, 单位: '%', 表: size_bands, 条件: {band: 10万㎡以上}, 列: share_buildings",
        33.33,
        "equal",
    ),
    ("公布: 0, 单位: 座, 表: 楼宇规模分档, 条件: {分档: 5—10万m2}, 列: 楼宇数", 0, "equal"),
    # Buildings of 7000万元 and more: 2.2亿 and 7500万.
    (
        "公布: 2, 单位: 座, 表: 税收分档, 条件: {分档: [亿元楼, 准亿元楼]}, 列: 楼宇数, 取法: 合计",
        2,
        "equal",
    ),
    ("公布: 2.95亿, 单位: 亿元, 表: 亿元楼与准亿元楼清单, 列: 税收, 取法: 合计", 2.95, "equal"),
    ("公布: 2, 单位: 座, 表: 单位面积税收排名, 条件: {税收: ≥7500}, 取法: 行数", 2, "equal"),
    ("公布: 1, 单位: 座, 表: 单位面积税收排名, 条件: {税收: '>0.75亿元'}, 取法: 行数", 1, "equal"),
    ("公布: 2, 单位: 个, 表: 重点闲置清单, 取法: 行数", 2, "equal"),
    (
        "公布: 5000, 单位: 平方米, 表: 重点闲置清单, 条件: {地区: 湖东}, 列: 闲置面积, 取法: 合计",
        5000,
        "equal",
    ),
    # 湖西's 4,000 ㎡ is let alone by the other condition: a known place without rows is a true 0.
    (
        "公布: 0, 单位: 个, 表: 重点闲置清单, 条件: {地区: 湖西, 闲置面积: 0.45万㎡以上}, 取法: 行数",
        0,
        "equal",
    ),
    # 5000万元以上 in a condition is ≥, 超 >, 不足 <: L1 with 2.2亿, L2 with 7500万, L3 with 500万.
    ("公布: 2, 单位: 座, 表: 单位面积税收排名, 条件: {税收: 7500万元以上}, 取法: 行数", 2, "equal"),
    ("公布: 1, 单位: 座, 表: 单位面积税收排名, 条件: {税收: 超7500万元}, 取法: 行数", 1, "equal"),
    ("公布: 1, 单位: 座, 表: 单位面积税收排名, 条件: 税收＝不足7500万元, 取法: 行数", 1, "equal"),
    ("公布: 2.0, 单位: 万㎡, 表: 三级汇总, 条件: {层级: 楼宇, 对象: L1}, 列: 空置面积", 2.0, "equal"),
    # The change of a rate is in points: 75.83 − 79.17 = −3.33; of an amount an amount or a growth rate.
    ("公布: -3.3, 单位: 个百分点, 指标: 入驻率, 较: 2019", -3.33, "equal"),
    ("公布: 2000, 单位: 万元, 指标: 楼宇税收, 较: 2019", 2000, "equal"),
    # 30,000 ÷ 28,000 − 1 = 7.14 %
    ("公布: 7.1, 单位: '%', 指标: 楼宇税收, 较: 2019", 7.14, "equal"),
    (
        "公布: 20000, 单位: 万元, 年份: 2019, 表: 三级汇总, 条件: {层级: 楼宇, 对象: L1}, 列: 税收",
        20000,
        "equal",
    ),
]


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> tuple[Ledgers, pd.DataFrame]:
    """The district with all of FIGURES, and the check of them by their place in the list."""
    written = "\n".join(f"名称: 数{at}, {figure}" for at, (figure, *_) in enumerate(FIGURES))
    ledgers = _district(tmp_path_factory.mktemp("many"), written)
    return ledgers, _checked(ledgers)


@pytest.mark.parametrize("at", range(len(FIGURES)), ids=[figure for figure, *_ in FIGURES])
def test_a_figure_is_found_computed_and_compared(many: tuple[Ledgers, pd.DataFrame], at: int) -> None:
    _, computed, status = FIGURES[at]
    ledgers, checked = many
    assert _places_wrong(ledgers).empty
    row = checked.loc[f"数{at}"]
    # Computed numbers carry one digit more than was printed.
    assert row["computed"] == pytest.approx(computed, rel=1e-12)
    assert row["status"] == status


def test_a_share_is_one_figure_by_another(district) -> None:
    table = _checked(
        district(
            """编号: n, 公布: 3, 单位: 座, 指标: 楼宇数
编号: east, 公布: 66.7, 单位: '%', 表: 片区、街道、地区概况, 条件: {层级: 片区, 对象: 东片}, 列: 楼宇数, 除以: n
编号: area, 公布: 17, 单位: 万㎡, 指标: 楼宇总建筑面积
编号: each, 公布: 5.67, 单位: 万㎡, 指标: 楼宇总建筑面积, 除以: n
编号: yield, 公布: 1765, 单位: 元/㎡, 指标: 楼宇税收, 除以: area"""
        )
    )
    # 2 of 3 buildings; 17 ÷ 3 万㎡; 3.0亿 ÷ 17万㎡.
    assert set(table["status"]) == {"equal"}
    assert table["computed"].to_dict() == pytest.approx(
        {"n": 3, "east": 66.67, "area": 17, "each": 5.667, "yield": 1764.7}, rel=1e-12
    )


#: Figures with a place that nothing is called by, the field that is wrong, and why.
MISPLACED = [
    ("指标: 入驻律", "指标", "没有指标“入驻律”（是否想写“入驻率”？）"),
    ("表: 楼宇规模, 列: 楼宇数", "表", "没有表“楼宇规模”（是否想写“楼宇规模分档”？）"),
    ("表: 楼宇规模分档, 列: 楼宇个数", "列", "没有列“楼宇个数”（是否想写“楼宇数”？）"),
    ("表: 楼宇规模分档, 条件: {档: 大}, 列: 楼宇数", "条件", "没有列“档”"),
    ("表: 楼宇规模分档, 列: 分档", "列", "不是数字"),
    ("表: 楼宇规模分档, 条件: {分档: ≥5}, 取法: 行数", "条件", "不能用 ≥"),
    ("表: 楼宇规模分档, 条件: {楼宇数: 很多}, 取法: 行数", "条件", "没有数字"),
    ("表: 楼宇规模分档, 条件: {楼宇数: 5%}, 取法: 行数", "条件", "单位与这一列不合"),
    ("表: 三级汇总, 条件: {税收: 约5000万元}, 取法: 行数", "条件", "没有确切的界限"),
    ("表: 三级汇总, 条件: {税收: ≥5000万元以上}, 取法: 行数", "条件", "不能再写"),
    ("表: 三级汇总, 条件: {入驻率: ≥0.85}, 取法: 行数", "条件", "不知是小数还是百分数"),
    ("表: 三级汇总, 条件: {层级: 大楼}, 取法: 行数", "条件", "层级可写 全区、街道、楼宇"),
    ("表: 三级汇总, 条件: {层级: building}, 取法: 行数", "条件", "没有“building”"),
    ("表: 三级汇总, 条件: {层级: 楼宇, 对象: L1、L2}, 取法: 行数", "条件", "几个值之间用“|”隔开"),
    # 湖东 is an area, no zone: its rows would count 0.
    (
        "表: 片区、街道、地区概况, 条件: {层级: 片区, 对象: 湖东}, 取法: 行数",
        "条件",
        "没有“湖东”（是否想写“东片”？）",
    ),
    ("表: 重点闲置清单, 条件: {地区: 胡东}, 取法: 行数", "条件", "没有“胡东”（是否想写“湖东”？）"),
    ("表: 楼宇规模分档, 条件: {分档: 10万平米以上}, 列: 楼宇数", "条件", "没有“10万平米以上”"),
    ("表: 三级汇总, 列: 入驻率, 取法: 合计", "取法", "不能相加"),
    ("指标: 楼宇数, 除以: 读不懂", "除以", "没有读懂"),
    ("表: 迁入迁出, 条件: {年份: 去年}, 取法: 行数", "条件", "不是年份"),
    ("指标: 楼宇总建筑面积", "单位", "单位“座”与要核对的面积不合"),
    ("指标: 楼宇数, 除以: 另一个", "除以", "没有写指标或表"),
    ("指标: 楼宇数, 除以: 面积", "除以", "没有单位可写"),
    ("表: 在建供应, 取法: 行数", "取法", "请写 列: 项目数，取法: 合计"),
    ("表: 闲置按地区与原因, 取法: 行数", "取法", "请写 列: 处数，取法: 合计"),
    ("表: 重点闲置清单, 列: 闲置月数, 取法: 合计", "取法", "“闲置月数”不能相加"),
    ("表: 楼宇税源集中度, 列: 税收集中指数, 取法: 合计", "取法", "“税收集中指数”不能相加"),
    (
        "表: 三级汇总, 条件: {层级: 楼宇, 对象: 望云大厦}, 列: 空置面积",
        "条件",
        "没有“望云大厦”；楼宇请写编号 L1",
    ),
]


@pytest.fixture(scope="module")
def misplaced(tmp_path_factory: pytest.TempPathFactory) -> tuple[Ledgers, pd.DataFrame]:
    """The district with all of MISPLACED and the divisors they name, and the check of them."""
    written = [f"名称: 数{at}, 公布: 3, 单位: 座, {figure}" for at, (figure, *_) in enumerate(MISPLACED)]
    divisors = (
        "名称: 另一个, 公布: 4\n名称: 面积, 公布: 1, 单位: ㎡, 指标: 可租售面积\n名称: 读不懂, 公布: 三"
    )
    ledgers = _district(tmp_path_factory.mktemp("misplaced"), "\n".join([*written, divisors]))
    return ledgers, _checked(ledgers)


@pytest.mark.parametrize("at", range(len(MISPLACED)), ids=[figure for figure, *_ in MISPLACED])
def test_a_place_that_nothing_is_called_by_is_a_fault_and_out_of_scope(
    misplaced: tuple[Ledgers, pd.DataFrame], at: int
) -> None:
    _, field, reason = MISPLACED[at]
    ledgers, checked = misplaced
    faults = _places_wrong(ledgers)
    assert len(faults) == len(MISPLACED)
    # The figures stand from line 3 on, a line each.
    own = faults[faults["row"] == 3 + at]
    assert own[["file", "column"]].values.tolist() == [["published.yaml", field]]
    assert reason in own["value"].iloc[0]
    row = checked.loc[f"数{at}"]
    assert (row["status"], math.isnan(row["computed"])) == ("out-of-scope", True)
    assert reason in row["note"]


@pytest.mark.parametrize(
    ("figure", "without", "reason"),
    [
        ("公布: 5, 单位: 座, 说明: 目标值", "", "目标值"),
        ("公布: 5, 单位: 座", "", "没有写指标或表"),
        ("公布: 5, 单位: 座, 表: 税收分档, 列: 楼宇数, 取法: 合计", "税收台账", "缺税收台账"),
        ("公布: 5, 单位: '%', 指标: 楼宇税收贡献率", "", "缺少区级总量的全区税收或楼宇税收"),
        ("公布: 5, 单位: 座, 指标: 楼宇数, 年份: 2031", "", "台账没有 2031 年"),
        ("公布: 5, 单位: 座, 表: 税收分档, 列: 楼宇数", "", "行符合条件；只取一行请加条件"),
        (
            "公布: 5, 单位: 座, 表: 片区、街道、地区概况, 条件: {层级: 片区, 对象: 东区}, 列: 楼宇数",
            "",
            "没有“东区”（是否想写“东片”？）",
        ),
        ("公布: 5, 单位: 家, 表: 三级汇总, 条件: {层级: 楼宇, 对象: L1}, 列: 企业数", "", "台账里没有这个数"),
    ],
)
def test_what_the_ledgers_do_not_hold_is_out_of_scope_with_the_reason(
    district, figure, without, reason
) -> None:
    row = _checked(district(f"名称: 数, {figure}", without=without)).loc["数"]
    assert row["status"] == "out-of-scope"
    assert reason in row["note"]


def test_contradictions_of_the_source_are_named_and_never_forced(district) -> None:
    table = _checked(
        district(
            """编号: yi, 公布: 1, 单位: 座, 表: 税收分档, 条件: {分档: 亿元楼}, 列: 楼宇数
编号: quasi, 公布: 1, 单位: 座, 表: 税收分档, 条件: {分档: 准亿元楼}, 列: 楼宇数
编号: both, 公布: 5, 单位: 座, 表: 税收分档, 条件: {分档: [亿元楼, 准亿元楼]}, 列: 楼宇数, 取法: 合计
编号: goal, 公布: 9, 单位: 座, 说明: 目标值""",
            """名称: 七千万以上, 左: yi + quasi, 关系: =, 右: both, 存疑: [both, goal], 说明: 一加一
名称: 成立的, 左: yi, 关系: =, 右: quasi""",
        )
    )
    # The relation's own row: left 1 + 1, right 5, in the unit of the figure that stands alone.
    tie = table.loc["七千万以上"]
    assert (tie["computed"], tie["published"], tie["unit"], tie["status"]) == (
        2,
        5,
        "座",
        "source-contradicts",
    )
    assert (tie["printed"], tie["note"], tie["year"] is pd.NA) == ("1 + 1 = 5", "一加一", True)
    # Doubted, yet both values stand there; a figure out of scope stays so.
    assert table.loc["both", ["published", "computed", "status"]].tolist() == [5, 2, "source-contradicts"]
    assert "存疑：七千万以上" in table.loc["both", "note"]
    assert table["status"].to_dict() == {
        "both": "source-contradicts",
        "七千万以上": "source-contradicts",
        "yi": "equal",
        "quasi": "equal",
        "goal": "out-of-scope",
    }


def test_a_unit_that_says_something_else_is_refused(district) -> None:
    figures = """编号: points, 公布: 7.1个百分点, 指标: 楼宇税收, 较: 2019
编号: level, 公布: 75.8个百分点, 指标: 入驻率
编号: times, 公布: 3倍, 指标: 楼宇数
编号: money, 公布: 3个亿, 指标: 楼宇数
编号: bare, 公布: 75.8, 指标: 入驻率"""
    table = _checked(district(figures))
    assert set(table["status"]) == {"out-of-scope"}
    # The unit as it was read, wherever it was written.
    assert table["note"].str.extract("“(.*)”")[0].tolist() == ["个百分点", "个百分点", "倍", "亿元", "（空）"]


def test_a_known_word_without_rows_is_a_true_nothing_and_named(district) -> None:
    figure = "名称: 数, 公布: 1, 表: 重点闲置清单, 条件: {地区: 湖东}, 取法: 行数"
    ledgers = district(figure, 闲置资源台账=IDLE.replace("湖东,5000", "湖西,5000"))
    row = _checked(ledgers).loc["数"]
    assert (row["computed"], row["status"], row["note"]) == (0, "differs", "表里没有“湖东”")


#: Zeros and thresholds that a table without a row of the year would seem to confirm.
_NOTHING = """编号: band, 公布: 0座, 表: 税收分档, 条件: {分档: 亿元楼}, 列: 楼宇数
编号: ladder, 公布: 0座, 表: 亿元楼与准亿元楼清单, 取法: 行数
编号: sum, 公布: 不足1亿元, 表: 亿元楼与准亿元楼清单, 列: 税收, 取法: 合计
编号: firms, 公布: 0户, 表: 重点税源楼内外对比, 列: 企业数, 取法: 合计
编号: moved, 公布: 0座, 表: 梯次转移矩阵, 列: 楼宇数, 条件: {原梯次: 亿元楼}, 取法: 合计
编号: let, 公布: 0座, 表: 入驻率分档, 条件: {分档: 85%以上}, 列: 楼宇数
编号: idle, 公布: 0个, 年份: 2019, 表: 重点闲置清单, 取法: 行数"""


def test_a_year_that_a_ledger_lacks_is_no_nought(district) -> None:
    def of_2019(text: str) -> str:
        return "".join(line for line in text.splitlines(True) if ",2020," not in line)

    both = {
        "税收台账": of_2019(TAXES),
        "企业台账": "企业名称,楼宇编号,行业,租用面积(㎡),年份\n甲,L1,商贸,,2020\n",
    }
    table = _checked(district(_NOTHING, 运营台账=of_2019(OCCUPANCY), **both))
    assert set(table["status"]) == {"out-of-scope"}
    reasons = table["note"].str.extract(r"(.*台账没有 20\d\d 年|台账没有 20\d\d 年)")[0]
    assert reasons.to_dict() == {
        **dict.fromkeys(("band", "ladder", "sum", "firms", "moved"), "税收台账没有 2020 年"),
        **{"let": "台账没有 2020 年", "idle": "闲置资源台账没有 2019 年"},
    }


def test_what_the_ledgers_tell_in_part_is_said_beside_the_verdict(district) -> None:
    figures = """编号: sum, 公布: 2.3万㎡, 表: 三级汇总, 条件: {层级: 楼宇}, 列: 空置面积, 取法: 合计
编号: rate, 公布: 79.1%, 指标: 入驻率
编号: since, 公布: -0.1个百分点, 指标: 入驻率, 较: 2019
编号: whole, 公布: 8.7万㎡, 表: 三级汇总, 条件: {层级: 全区}, 列: 入驻面积
编号: band, 公布: 1座, 表: 入驻率分档, 条件: {分档: 85%以上}, 列: 楼宇数
编号: count, 公布: 1座, 表: 三级汇总, 条件: {层级: 楼宇, 入驻率: ≥85%}, 取法: 行数
编号: n, 公布: 3座, 指标: 楼宇数"""
    table = _checked(district(figures, 运营台账=OCCUPANCY.replace("L3,2020,4000\n", "")))
    # 20,000 + 3,000 vacant, 87,000 of 110,000 let, 79.09 − 79.17 points.
    assert set(table.drop("since")["status"]) == {"equal"}
    assert table["note"].to_dict() == {
        "sum": "3 行中 1 行没有数",
        "rate": "3 幢中 2 幢有入驻数据",
        "since": "2020 年：3 幢中 2 幢有入驻数据",
        "whole": "3 幢中 1 幢没有数",
        "band": "另有 1 幢无数据",
        "count": "另有 1 行的“入驻率”没有数",
        "n": "",
    }


@pytest.mark.parametrize(
    ("figure", "reason"),
    [
        ("表: 三级汇总, 列: 楼宇数, 取法: 合计", "各层级的行有重复"),
        ("表: 三级汇总, 条件: {层级: ≠楼宇}, 取法: 行数", "各层级的行有重复"),
        ("表: 梯次转移矩阵, 条件: {止年: 2018}, 取法: 行数", "没有 2018 年；要哪一年请写在“年份”里"),
        ("指标: 楼宇数, 较: 2020", "相同"),
    ],
)
def test_what_would_add_up_wrongly_is_out_of_scope(district, tmp_path, figure, reason) -> None:
    district(f"名称: 数, 公布: 3, 单位: 座, {figure}")
    path = tmp_path / "published.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("年份: 2020\n", ""), encoding="utf-8")
    row = _checked(read_ledgers(tmp_path)).loc["数"]
    assert row["status"] == "out-of-scope"
    assert reason in row["note"]


def test_the_growth_of_a_ratio_goes_by_its_own_kind(district) -> None:
    table = _checked(
        district(
            """编号: area, 公布: 17万㎡, 指标: 楼宇总建筑面积
编号: n, 公布: 3座, 指标: 楼宇数
编号: growth, 公布: 7.1%, 指标: 楼宇税收, 除以: area, 较: 2019
编号: each, 公布: 7.1%, 指标: 楼宇税收, 除以: n, 较: 2019
编号: more, 公布: 118元/㎡, 指标: 楼宇税收, 除以: area, 较: 2019
编号: share, 公布: 0.0个百分点, 表: 片区、街道、地区概况, 条件: {层级: 片区, 对象: 东片}, 列: 楼宇数, 除以: n, 较: 2019
编号: times, 公布: 1倍, 指标: 楼宇数, 除以: n"""
        )
    )
    # 30,000 ÷ 28,000 − 1 = 7.14 %; (30,000 − 28,000)万 ÷ 17万㎡ = 117.6 元/㎡.
    assert set(table["status"]) == {"equal"}
    assert table.loc[["growth", "each", "more", "share"], "computed"].tolist() == pytest.approx(
        [7.14, 7.14, 117.6, 0], abs=0.05
    )


def test_relations_that_cannot_be_evaluated_are_listed_with_the_reason(district) -> None:
    table = _checked(
        district(
            "编号: a, 公布: 3座\n编号: b, 公布: 三座",
            "名称: 零, 左: a / (a - 3), 关系: =, 右: '5'\n名称: 读不懂, 左: a, 关系: =, 右: b",
        )
    )
    ties = table.loc[["零", "读不懂"]]
    assert set(ties["status"]) == {"out-of-scope"}
    assert ["除数为 0" in ties.loc["零", "note"], "没有读懂“b”" in ties.loc["读不懂", "note"]] == [True, True]
    assert ties["year"].isna().all()


def test_a_building_the_ledger_lost_is_a_fault_and_stands_behind_what_differs(district) -> None:
    figures = """编号: goal, 公布: 9, 单位: 座
编号: west, 公布: 1, 单位: 座, 表: 片区、街道、地区概况, 条件: {层级: 片区, 对象: 西片}, 列: 楼宇数
编号: own, 公布: 2.0, 单位: 万㎡, 表: 三级汇总, 条件: {层级: 楼宇, 对象: L1}, 列: 空置面积
编号: n, 公布: 3, 单位: 座, 指标: 楼宇数"""
    fewer = "\n".join(line for line in BUILDINGS.splitlines() if not line.startswith("L1")) + "\n"
    ledgers = district(figures, 楼宇台账=fewer)
    faults = _places_wrong(ledgers)
    # L2 is another building, not a misspelt L1.
    assert faults["value"].tolist() == ["own：表“三级汇总”的“对象”没有“L1”"]
    table = _checked(ledgers)
    assert table.index.tolist() == ["n", "own", "west", "goal"]
    assert table["status"].tolist() == ["differs", "out-of-scope", "equal", "out-of-scope"]


def test_what_needs_looking_at_stands_first(district) -> None:
    table = published_check(
        district("名称: a, 公布: 1\n名称: b, 公布: 3, 指标: 楼宇数\n名称: c, 公布: 4, 指标: 楼宇数"), 2020
    )
    assert table["figure"].tolist() == ["c", "b", "a"]


def test_without_one_building_the_check_differs_where_it_must(district) -> None:
    figures = """编号: n, 公布: 3, 单位: 座, 指标: 楼宇数
编号: big, 公布: 1, 单位: 座, 表: 楼宇规模分档, 条件: {分档: 10万㎡以上}, 列: 楼宇数
编号: yi, 公布: 1, 单位: 座, 表: 亿元楼与准亿元楼清单, 条件: {地区: 湖东, 梯次: 亿元楼}, 取法: 行数
编号: west, 公布: 1, 单位: 座, 表: 片区、街道、地区概况, 条件: {层级: 片区, 对象: 西片}, 列: 楼宇数"""
    assert set(_checked(district(figures))["status"]) == {"equal"}
    fewer = "\n".join(line for line in BUILDINGS.splitlines() if not line.startswith("L1")) + "\n"
    status = _checked(district(figures, 楼宇台账=fewer))["status"].to_dict()
    assert status == {"n": "differs", "big": "differs", "yi": "differs", "west": "equal"}


def test_a_district_without_published_figures_is_not_compared(tmp_path: Path) -> None:
    (tmp_path / "楼宇台账.csv").write_text(BUILDINGS, encoding="utf-8")
    ledgers = read_ledgers(tmp_path)
    assert published_check(ledgers, 2020).empty
    assert with_places_checked(ledgers) is ledgers


def test_figures_without_a_year_are_those_of_the_study(district, tmp_path: Path) -> None:
    district("名称: 数, 公布: 2.8, 单位: 亿元, 指标: 楼宇税收")
    path = tmp_path / "published.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("年份: 2020\n", ""), encoding="utf-8")
    ledgers = read_ledgers(tmp_path)
    by_year = {year: published_check(ledgers, year).iloc[0] for year in (2019, 2020)}
    assert {year: row["status"] for year, row in by_year.items()} == {2019: "equal", 2020: "differs"}
    assert [row["year"] for row in by_year.values()] == [2019, 2020]


def test_rounding_never_shows_another_verdict_than_the_number_has(district) -> None:
    # 80,451 of 120,000 ㎡ let = 67.0425 %, which rounds to 67.04, not to the 67.1 published: 67.04 tells it.
    # 80,459.9 of 120,000 = 67.04992 % would show as 67.05, as if it rounded to 67.1: a third digit is kept.
    for occupied, shown in ((53_451, 67.04), (53_459.9, 67.0499)):
        occupancy = f"楼宇编号,年份,入驻面积(㎡)\nL1,2020,{occupied}\nL2,2020,27000\nL3,2020,0\n"
        row = _checked(district("名称: 数, 公布: 67.1, 单位: '%', 指标: 入驻率", 运营台账=occupancy)).loc[
            "数"
        ]
        assert row["status"] == "differs"
        assert row["computed"] == pytest.approx(shown, rel=1e-12)


def test_the_sides_of_a_relation_are_rounded_until_they_differ(district) -> None:
    figures = "编号: a, 公布: 9, 单位: 亿元\n编号: b, 公布: 230, 单位: 万㎡\n编号: c, 公布: 2600, 单位: 元/㎡"
    relations = """名称: 一, 左: 10000 * a / b, 关系: =, 右: c, 容差: 50
名称: 二, 左: a + 0.0004, 关系: ≤, 右: a, 容差: 0"""
    table = _checked(district(figures, relations))
    # 90,000 ÷ 230 = 391.304: whole numbers are compared with one digit more.
    assert table.loc["一", ["published", "computed"]].tolist() == [2600, 391.3]
    assert table.loc["二", ["published", "computed"]].tolist() == [9, 9.0004]


def test_a_divisor_is_of_the_year_it_states(district, tmp_path: Path) -> None:
    district(
        """编号: before, 公布: 2.8, 单位: 亿元, 年份: 2019, 指标: 楼宇税收
编号: ratio, 公布: 107.1%, 指标: 楼宇税收, 除以: before
编号: growth, 公布: 7.1%, 指标: 楼宇税收, 除以: before, 较: 2018"""
    )
    path = tmp_path / "published.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("年份: 2020\n", ""), encoding="utf-8")
    table = _checked(read_ledgers(tmp_path))
    # 30,000 ÷ 28,000 = 107.14 %.
    assert table["status"].to_dict() == {"before": "equal", "ratio": "equal", "growth": "out-of-scope"}
    assert "不能再写“较”" in table.loc["growth", "note"]


def test_growth_needs_a_positive_base_and_a_rise_another_year(district) -> None:
    none = TAXES.replace("2019,20000", "2019,0").replace("2019,7500", "2019,0").replace("2019,500", "2019,-9")
    table = _checked(
        district(
            """编号: growth, 公布: 增长7.1%, 指标: 楼宇税收, 较: 2019
编号: rise, 公布: 增长2亿元, 指标: 楼宇税收""",
            税收台账=none,
        )
    )
    assert set(table["status"]) == {"out-of-scope"}
    assert "基数不为正，没有增长率" in table.loc["growth", "note"]
    assert "请写“较”哪一年" in table.loc["rise", "note"]
    assert (
        _checked(district("编号: growth, 公布: 增长7.1%, 指标: 楼宇税收, 较: 2019")).loc["growth", "status"]
        == "equal"
    )


def test_counts_by_a_count_are_told_in_their_unit(district) -> None:
    table = _checked(
        district(
            """编号: n, 公布: 3座, 指标: 楼宇数
编号: spaces, 公布: 1个, 表: 重点闲置清单, 取法: 行数, 除以: n
编号: big, 公布: 0.7个, 表: 重点闲置清单, 取法: 行数, 除以: n"""
        )
    )
    # 2 ÷ 3 = 0.667
    assert set(table["status"]) == {"equal"}


def test_shares_of_different_wholes_are_not_added(district) -> None:
    firms = "企业名称,楼宇编号,行业,租用面积(㎡),年份\n甲,L1,商贸,100,2020\n乙,L2,商贸,100,2020\n"
    figure = "公布: 200%, 表: 行业构成, 列: 企业占比(%), 取法: 合计, 条件"
    table = _checked(
        district(
            f"编号: two, {figure}: {{层级: 楼宇}}\n编号: one, {figure}: {{层级: 楼宇, 对象: L1}}",
            企业台账=firms,
        )
    )
    assert table["status"].to_dict() == {"one": "differs", "two": "out-of-scope"}
    assert "不是同一个整体" in table.loc["two", "note"]


def test_relations_compare_one_unit_with_its_multiples(district) -> None:
    table = _checked(
        district(
            """编号: bare, 公布: 47.9亿
编号: full, 公布: 47.9亿元
编号: other, 公布: 48.2亿元
编号: plain, 公布: 47.9
编号: apart, 公布: 1.2, 单位: 万家
编号: inside, 公布: 1.2万家
编号: ten, 公布: 479000万元""",
            """名称: 亿, 左: bare, 关系: =, 右: full
名称: 亿反, 左: full, 关系: =, 右: bare
名称: 无单位, 左: plain, 关系: =, 右: full
名称: 家, 左: apart, 关系: =, 右: inside
名称: 万元, 左: ten, 关系: =, 右: full
名称: 真错, 左: bare, 关系: =, 右: other""",
        )
    )
    ties = table[table["status"] == "source-contradicts"]
    assert ties.index.tolist() == ["真错"]
    assert ties[["computed", "published", "unit"]].values.tolist() == [[47.9, 48.2, "亿元"]]
