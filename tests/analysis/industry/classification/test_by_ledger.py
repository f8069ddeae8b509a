"""The section of an enterprise from its code, its given industry, its name and its business scope."""

from __future__ import annotations

import pandas as pd
import pytest

from louyu_lab.analysis.industry.classification import classify_enterprises


def sections(*firms: tuple[str | None, str | None]) -> list[str]:
    answer = classify_enterprises(pd.DataFrame(firms, columns=["enterprise", "business_scope"]))
    return answer["section"].fillna("-").tolist()


def test_a_given_code_comes_first() -> None:
    row = {
        "industry_code": "6510",
        "industry": "餐饮",
        "enterprise": "某某商贸有限公司",
        "business_scope": "钢材销售",
    }
    answer = classify_enterprises(pd.DataFrame([row])).iloc[0]
    assert answer.to_dict() == {
        "section": "I",
        "division": "65",
        "industry": "科技",
        "confidence": 1.0,
        "source": "行业代码",
    }


def test_an_invalid_code_gives_way_to_the_given_industry_and_then_to_the_words() -> None:
    rows = pd.DataFrame(
        {
            "industry_code": ["F6510", "999", None],
            "industry": ["餐饮业", None, "数字经济"],
            "enterprise": ["甲商贸有限公司", "乙商贸有限公司", "丙"],
        }
    )
    answer = classify_enterprises(rows)
    assert answer["section"].fillna("-").tolist() == ["H", "F", "-"]
    assert answer["source"].tolist() == ["行业文字", "名称与经营范围", "未识别"]


@pytest.mark.parametrize(
    ("given", "section", "industry"),
    [
        ("批发和零售业", "F", "商贸"),
        ("批发零售", "F", "商贸"),
        ("信息传输、软件和信息技术服务业", "I", "科技"),
        ("I 软件和信息技术服务业", "I", "科技"),
        ("I65", "I", "科技"),
        ("商业", "F", "商贸"),
        ("房地产", "K", "房地产"),
        ("律师", "L", "商务服务"),
        # Industries of several sections tell the industry, not the section.
        ("科技", "-", "科技"),
        ("IT", "-", "科技"),
        ("其他", "-", "其他"),
    ],
)
def test_a_given_industry_text(given: str, section: str, industry: str) -> None:
    answer = classify_enterprises(pd.DataFrame({"industry": [given]})).fillna({"section": "-"}).iloc[0]
    assert (answer["section"], answer["industry"]) == (section, industry)


def test_goods_that_are_made_and_goods_that_are_sold() -> None:
    assert sections(
        ("某机械厂", "机床制造、销售"),
        ("某有限公司", "塑料制品、橡胶制品生产、销售；钢材批发、零售"),
        ("某有限公司", "生产塑料制品、橡胶制品"),
        ("某商贸有限公司", "钢材、五金、建筑材料批发、零售"),
        ("某有限公司", "办公自动化设备、电子印刷设备、装饰材料销售"),
        ("某科技有限公司", "电子产品、办公用品销售"),
        ("某体育用品有限公司", "教学及实验设备销售"),
    ) == ["C", "C", "C", "F", "F", "F", "F"]


def test_letting_of_rooms_and_of_things() -> None:
    assert sections(("甲", "自有房屋出租"), ("甲", "机械设备租赁"), ("甲", "汽车租赁")) == ["K", "L", "L"]


def test_building_work_and_building_materials() -> None:
    assert sections(
        ("某工程有限公司", "建筑工程施工；建材销售"),
        ("某建材有限公司", "建筑材料、装饰材料销售；建筑装饰工程施工"),
        ("某装饰有限公司", "室内外装饰装修工程设计及施工"),
    ) == ["E", "F", "E"]


def test_services_of_offices() -> None:
    assert sections(
        ("甲", "软件开发"),
        ("甲", "计算机软件技术开发、技术咨询、技术服务"),
        ("甲", "技术开发、技术咨询"),
        ("甲", "设计、制作、发布、代理国内外各类广告"),
        ("甲", "文化艺术交流策划"),
        ("甲", "物业管理"),
        ("甲", "普通货运；仓储服务"),
        ("甲", "餐饮服务"),
    ) == ["I", "I", "M", "L", "R", "K", "G", "H"]


def test_earlier_items_outweigh_later_ones() -> None:
    assert sections(("甲", "软件开发；餐饮服务"), ("甲", "餐饮服务；软件开发")) == ["I", "H"]


def test_headings_and_reservations_are_not_read() -> None:
    bare, _ = sections(("甲", "物业管理"), ("甲", None))
    wrapped = sections(
        (
            "甲",
            "许可经营项目：无一般经营项目：物业管理（凭资质证经营）。（依法须经批准的项目，经相关部门批准后方可开展经营活动。）",
        )
    )
    assert wrapped == [bare]


def test_branches_go_with_their_name() -> None:
    assert sections(
        ("某银行股份有限公司沈阳和平支行", None),
        ("某财产保险股份有限公司沈阳市和平支公司", None),
        ("某国际旅行社有限公司南京北街第二门市部", None),
        ("某石油股份有限公司沈阳某某加油站", None),
        ("某餐饮有限公司机场店", None),
        ("某幼儿园", None),
    ) == ["J", "J", "L", "F", "H", "P"]


def test_what_tells_nothing_is_unrecognised() -> None:
    rows = [
        ("某实业公司", "仅供处理企业内部事务"),
        ("某实业公司", "N/A"),
        ("John Smith Ltd", ""),
        (None, None),
    ]
    answer = classify_enterprises(pd.DataFrame(rows, columns=["enterprise", "business_scope"]))
    assert answer["section"].isna().all()
    assert (answer["industry"] == "未识别").all()
    assert (answer["confidence"] == 0).all()


def test_index_and_row_order_are_kept() -> None:
    rows = pd.DataFrame({"enterprise": ["某银行", "某酒店有限公司", "某银行"]}, index=[7, 3, 5])
    answer = classify_enterprises(rows)
    assert answer.index.tolist() == [7, 3, 5]
    assert answer["section"].tolist() == ["J", "H", "J"]
    assert answer["confidence"].between(0, 1).all()
    assert len(classify_enterprises(rows.iloc[:0])) == 0
