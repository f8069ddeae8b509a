"""What is said of distributions far from their references."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.analysis.moments import far_from_references
from louyu_lab.study.prose import moments as prose

NO_SINGLE = pd.DataFrame({"measure": pd.Series(dtype="str"), "value": pd.Series(dtype="float64")})


def members(measure: str, values) -> pd.DataFrame:
    values = np.asarray(values, dtype="float64")
    return pd.DataFrame({"measure": measure, "value": values, "numerator": values, "denominator": 1.0})


def said(rows: pd.DataFrame, single: pd.DataFrame = NO_SINGLE) -> str:
    return prose.far_words(far_from_references(rows, single), rows, single)


def test_a_factor_is_said_with_both_values_and_the_nearest_reference() -> None:
    # 1429 ㎡ a building: ten times below the smallest reference, 海门's 14,290 ㎡.
    assert said(members("gross_area_sqm", [1429.0] * 12)) == (
        "- 单幢建筑面积均值 0.14 万㎡/幢，参照 1.43 万㎡/幢（海门开发区，2021），相差 10.0 倍，请核对单位或口径。"
    )


def test_a_reference_beside_the_spread_is_said_with_the_spread() -> None:
    words = said(members("occupancy_rate", np.linspace(0.40, 0.50, 11)))
    assert "入驻率 45.0%，参照 76.7%（嘉兴市秀洲区，2019）" in words
    assert "10%—90% 分位（41.0%—49.0%）之外，请核对单位或口径" in words


def test_nothing_far_and_nothing_known() -> None:
    assert "没有相差悬殊的" in said(members("gross_area_sqm", [3e4, 5e4]))
    assert said(members("gross_area_sqm", [])) == "没有可比的数据。"


def test_a_reference_is_called_no_standard() -> None:
    assert "不是标准" in prose.scope_words()


def test_another_place_is_set_beside_the_first() -> None:
    # 和平区 (47,500 ㎡) stands first; 海曙's 23,760 ㎡ is the first from elsewhere.
    rows = members("gross_area_sqm", [47_500.0] * 12)
    words = prose.elsewhere_words(rows, NO_SINGLE)
    assert words == (
        "换一个地方比，能比的有 1 项。"
        "都在 3 倍以内：单幢建筑面积均值 4.75 万㎡/幢，宁波市海曙区（2013）均值 2.38 万㎡/幢。"
    )
    # Four times as large is named apart, though 和平区 is within the factor.
    far = prose.elsewhere_words(members("gross_area_sqm", [95_040.0] * 12), NO_SINGLE)
    assert "相差 3 倍以上的 1 项：单幢建筑面积" in far and "以内" not in far
    note = prose.elsewhere_note(["gross_area_sqm", "firms"], rows)
    assert note == "别处：单幢建筑面积，宁波市海曙区（2013）均值 2.38 万㎡/幢。"


def test_a_measure_with_references_of_one_place_has_none_from_elsewhere() -> None:
    assert prose.elsewhere("area_per_firm_sqm") is None
    assert prose.elsewhere("top10_firms_rate") is None
    # What measures only something akin is not set beside.
    assert prose.elsewhere("tenure_years") is None
    assert prose.elsewhere_words(members("area_per_firm_sqm", [290.0]), NO_SINGLE) == ""


def test_the_table_tells_the_other_place_behind_the_first() -> None:
    table = pd.DataFrame(
        {
            "measure": ["gross_area_sqm", "area_per_firm_sqm", "top10_firms_rate"],
            "place": pd.array(["沈阳市和平区，2020", "沈阳市和平区，2020", None], dtype="str"),
        }
    )
    first, second, third = prose.with_elsewhere(table)["place"]
    assert first == "沈阳市和平区，2020；另宁波市海曙区（2013）均值 2.38 万㎡/幢"
    assert second == "沈阳市和平区，2020"
    assert pd.isna(third)


def test_regular_taxes_are_said_and_asked_about_where_there_are_many() -> None:
    def said(even: float) -> str:
        names = ["same_tax_rate", "round_tax_rate", "even_tax_rate"]
        return prose.regularity_words(pd.DataFrame({"measure": names, "n": 62, "value": [0.0, 0.0, even]}))

    assert said(0.01).startswith(
        "税收千万元以上的 62 户中，税额相同的占 0.0%、整十万元的占 0.0%、前后等距的占 1.0%"
    )
    assert "没有异常" in said(0.01)
    assert said(0.9).endswith("前后等距的偏多，请核对是否为估数。")
    assert prose.regularity_words(NO_SINGLE.assign(n=0)) == ""
