"""Scorecards as people write them: right, and wrong in many ways, every fault at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from louyu_lab.analysis.industry.scorecards.cards import Condition, Criterion
from louyu_lab.analysis.industry.scorecards.files import load_scorecards, packaged_scorecards
from louyu_lab.ledgers.beside import scorecard_files, side_files
from louyu_lab.run.graph import NOTEBOOKS

DEMO = Path(__file__).resolve().parents[4] / "data" / "demo"

GOOD = "name: 甲\nsource: 本区办法\nrequirements:\n  - {indicator: 入驻率, at_least: 70%}\n"


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str, str], Path]:
    """Write one scorecard into a data folder's scorecards/, and return the data folder."""

    def write(text: str, name: str = "甲.yaml") -> Path:
        (tmp_path / "scorecards").mkdir(exist_ok=True)
        (tmp_path / "scorecards" / name).write_text(text, encoding="utf-8")
        return tmp_path

    return write


def problems(folder: Path) -> str:
    loaded = load_scorecards(folder)
    assert loaded.cards == ()
    return str(loaded.refused[0])


def test_units_names_and_alternatives(written) -> None:
    text = (
        "名称: 甲\n类别: 特色\n依据: 办法\n示例: 是\n适用范围:\n  - {指标: 建筑面积, 不低于: 1万㎡}\n"
        "必备条件:\n  - {indicator: tax_yuan, at_least: 5000万元}\n"
        "  - any_of:\n      - {indicator: concentration_firms, at_least: 0.7}\n      - {指标: 等级, 为: [甲级, 超甲级]}\n"
        "  - {indicator: 党组织, one_of: 是}\n"
    )
    (card,) = load_scorecards(written(text)).cards
    assert (card.name, card.kind, card.is_example, card.file) == ("甲", "特色", True, "甲.yaml")
    assert card.scope[0].any_of == (Condition("gross_area_sqm", at_least=1e4),)
    assert [one.any_of for one in card.requirements] == [
        (Condition("tax_yuan", at_least=5e7),),
        (Condition("concentration_firms", at_least=0.7), Condition("grade", one_of=("甲级", "超甲级"))),
        (Condition("has_party_org", one_of=("是",)),),
    ]
    assert card.requirements[1].text == "集聚度（按户数）不低于 70%，或等级为甲级或超甲级"
    assert card.requirements[0].text == "税收不低于 5,000 万元"


def test_criteria_and_grades(written) -> None:
    text = (
        "name: 乙\nsource: 办法\nindicators:\n"
        "  - {indicator: 税收, weight: 2, bands: {1亿元: 100, 0: 20, 1000万元: 60}}\n"
        "  - {indicator: 入驻率, weight: 1, linear: {zero: 50%, full: 0.95}}\n"
        "  - {indicator: 党组织, weight: 1, points: {是: 100, 否: 0}}\n"
        "grades: {三星: 60, 五星: 85}\n"
    )
    (card,) = load_scorecards(written(text)).cards
    assert card.criteria == (
        Criterion("tax_yuan", 2.0, bands=((0.0, 20.0), (1e7, 60.0), (1e8, 100.0))),
        Criterion("occupancy_rate", 1.0, linear=(0.5, 0.95)),
        Criterion("has_party_org", 1.0, points=(("是", 100.0), ("否", 0.0))),
    )
    assert card.grades == (("五星", 85.0), ("三星", 60.0))
    assert card.weights == [0.5, 0.25, 0.25]


def test_every_problem_is_said_at_once_with_its_line(written) -> None:
    said = problems(
        written(
            "nmae: 错\nkind: 明星\nrequirements:\n  - {indicator: 入住率, at_least: 70%}\n"
            "  - {indicator: 税收, at_least: 很多}\n  - {indicator: 注册率, at_least: 70}\n"
            "indicators:\n  - {indicator: 税收, weight: 0, bands: {0: 10}}\n"
            "  - {indicator: 等级, weight: 1, linear: {zero: 1, full: 2}}\n"
        )
    )
    for text in (
        "第 1 行：没有“nmae”这一项（是否想写“name”？）",
        "缺 name（名称）",
        "缺 source（依据）",
        "第 2 行：kind（类别）应为特色、星级、产业园、其他之一",
        "第 4 行：没有指标“入住率”（是否想写“入驻率”？）；可用的指标：建筑面积、",
        "第 5 行：税收应为金额，如 5000万元 或 1亿元，现为 '很多'",
        "第 6 行：注册率应为百分数或小数，如 70% 或 0.7，现为 70",
        "第 8 行：weight（权重）应为大于 0 的数，现为 0",
        "第 9 行：等级应写 points（得分）",
    ):
        assert text in said, text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name: 甲\nsource: 乙\n", "缺 requirements（必备条件）或 indicators（评分指标）"),
        ("name: 甲\nsource: 乙\nrequirements: {indicator: 税收}\n", "下应是一条条以“- ”开头的内容"),
        ("name: 甲\nsource: 乙\nrequirements: [税收]\n", "应写成“indicator: 指标名”"),
        ("name: 甲\nsource: 乙\nrequirements: [{at_least: 1}]\n", "缺 indicator（指标）"),
        ("name: 甲\nsource: 乙\nrequirements: [{indicator: 税收}]\n", "应写 at_least（不低于）或 at_most"),
        ("name: 甲\nsource: 乙\nrequirements: [{indicator: 等级, at_least: 甲级}]\n", "应写 one_of（为）"),
        ("name: 甲\nsource: 乙\nrequirements: [{indicator: 党组织, one_of: 也许}]\n", "应为是或否"),
        (
            "name: 甲\nsource: 乙\nrequirements: [{indicator: 楼龄, at_least: 9, at_most: 5}]\n",
            "下限高于上限",
        ),
        ("name: 甲\nsource: 乙\nrequirements: [{any_of: []}]\n", "any_of（任一）下应是"),
        (GOOD + "grades: {五星: 85}\n", "写了 grades（等级），却没有可用的评分指标"),
        (
            GOOD + "indicators: [{indicator: 税收, weight: 1, bands: {0: 120}}]\n",
            "税收的分数应在 0 至 100 之间",
        ),
        (GOOD + "indicators: [{indicator: 税收, weight: 1}]\n", "要写其中一样"),
        (
            GOOD + "indicators: [{indicator: 入驻率, weight: 1, linear: {zero: 1, full: 1}}]\n",
            "不能是同一个值",
        ),
        (
            GOOD + "indicators: [{indicator: 入驻率, weight: 1, linear: {zero: 1}}]\n",
            "要写 zero（零分）和 full",
        ),
        (
            GOOD + "indicators: [{indicator: 税收, weight: 1, bands: {0: 1}}, "
            "{indicator: tax_yuan, weight: 2, bands: {0: 1}}]\ngrades: {甲: 50, 乙: 50}\n",
            "两个等级的最低分相同",
        ),
        ("名称: 甲\nname: 乙\nsource: 丙\nrequirements: [{indicator: 税收, at_least: 1}]\n", "写了两次"),
        ("- 甲\n", "应写成"),
        ("", "应写成"),
        ("name：甲\n", "冒号用半角"),
        ("name: 甲\nsource:\n\t- 1\n", "缩进不能用制表符"),
        ("name: !!python/name:os.system 甲\nsource: 乙\n", "“name”的值读不懂"),
    ],
)
def test_faulty_files(written, text: str, said: str) -> None:
    assert said in problems(written(text))


def test_the_others_are_used_and_names_are_kept_apart(written) -> None:
    written(GOOD, "1.yaml")
    written(GOOD, "2.yml")
    folder = written("name: 丙\n", "3.yaml")
    written(GOOD.replace("甲", "藏"), ".4.yaml")
    written(GOOD.replace("甲", "丁"), "4.YAML")
    loaded = load_scorecards(folder)
    assert [card.file for card in loaded.cards] == ["1.yaml", "4.YAML"]
    assert [error.file for error in loaded.refused] == ["2.yml", "3.yaml"]
    assert "名称与 1.yaml 相同" in str(loaded.refused[0])
    assert not loaded.are_packaged


def test_without_scorecards_the_examples_are_used_and_it_is_known(tmp_path: Path) -> None:
    loaded = load_scorecards(tmp_path)
    assert loaded.are_packaged
    assert loaded == load_scorecards(None) == packaged_scorecards()
    assert len(loaded.cards) == 5
    assert all(card.is_example and "示例" in card.name for card in loaded.cards)
    assert {card.kind for card in loaded.cards} == {"特色", "星级", "产业园"}
    wuchang, siming = loaded.cards[0], loaded.cards[1]
    # The thresholds as published: 70 % four times, 5000万; 50 % by count and area, 1000万, 1万㎡.
    assert [one.any_of[0].at_least for one in wuchang.requirements] == [0.7, 0.7, 0.7, 0.7, 5e7]
    assert len(wuchang.requirements[3].any_of) == 3
    assert [one.any_of[0].at_least for one in siming.requirements] == [0.5, 0.5, 1e7]
    assert siming.scope[0].any_of[0].at_least == 1e4


def test_the_demo_shows_the_examples_and_a_card_of_its_own() -> None:
    loaded = load_scorecards(DEMO)
    assert loaded.refused == ()
    assert loaded.cards[:5] == packaged_scorecards().cards
    own = loaded.cards[5]
    assert not own.is_example and own.scope and own.requirements and own.grades
    # It shows every way of writing a criterion, and alternatives.
    assert {"bands", "linear", "points"} <= {
        way for one in own.criteria for way in ("bands", "linear", "points") if getattr(one, way)
    }
    assert max(len(one.any_of) for one in own.requirements) == 2


def test_scorecards_count_among_the_inputs(written) -> None:
    folder = written(GOOD)
    assert [path.name for path in scorecard_files(folder)] == ["甲.yaml"]
    assert scorecard_files(folder)[0] in side_files(folder)
    stage = next(stage for stage in NOTEBOOKS if stage.name == "05_industry_clusters")
    assert {"scorecards/*.yaml", "scorecards/*.yml"} <= set(stage.files)
