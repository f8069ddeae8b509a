"""How tables are printed: units, headings, codes."""

from __future__ import annotations

import re
from html import unescape

import pandas as pd
import pytest

from louyu_lab.analysis.outputs import SENSITIVITIES, TABLES, declared
from louyu_lab.analysis.printing import display, printed

NAN = float("nan")


def test_every_table_is_declared_in_full() -> None:
    for table in TABLES.values():
        assert table.sensitivity in SENSITIVITIES
        assert set(table.key) <= set(table.columns)
        # Headings tell columns apart, in Excel too.
        assert len({zh for zh, _ in table.headings.values()}) == len(table.columns), table.name


def test_tables_that_may_tell_of_one_taxpayer_are_internal() -> None:
    for table in TABLES.values():
        names_firm = {"enterprise", "enterprise_id", "top1_enterprise", "first_enterprise"} & set(
            table.columns
        )
        taxes_building = {"building_id", "tax_yuan"} <= set(table.columns)
        if names_firm or taxes_building:
            assert table.sensitivity == "internal", table.name
    # An industry, a type of buildings or the end of a quantile's interval may be a single taxpayer.
    for name in ("industry_summary", "type_summary", "type_profiles", "entry_thresholds"):
        assert TABLES[name].sensitivity == "internal", name


def test_declared_orders_columns_and_refuses_others() -> None:
    frame = pd.DataFrame({"share_area": [1.0], "band": ["a"], "buildings": [1]})
    with pytest.raises(ValueError, match="missing"):
        declared("size_bands", frame)
    frame = frame.assign(share_buildings=1.0, gross_area_sqm=2e4)
    assert tuple(declared("size_bands", frame)) == TABLES["size_bands"].columns
    with pytest.raises(ValueError, match="repeated"):
        declared("size_bands", pd.concat([frame, frame]))
    with pytest.raises(KeyError):
        declared("no_such_table", frame)


def test_stored_units_become_print_units() -> None:
    frame = pd.DataFrame(
        {
            "band": ["x"],
            "buildings": [3],
            "share_buildings": [0.6292],
            "gross_area_sqm": [4_227_000.0],
            "share_area": [1.0],
        }
    )
    row = printed("size_bands", frame).iloc[0]
    assert row["楼宇占比(%)"] == 62.9
    assert row["建筑面积(万㎡)"] == 422.7


def test_indicators_are_printed_by_their_own_unit() -> None:
    frame = pd.DataFrame(
        {
            "indicator": ["occupancy_rate", "tax_yuan", "gross_area_sqm", "buildings"],
            "name_zh": ["入驻率", "楼宇税收", "面积", "楼宇数"],
            "value": [0.8523, 5.79e9, 4_227_000.0, 89.0],
            "unit": ["比例", "元", "㎡", "幢"],
            "numerator": NAN,
            "denominator": NAN,
            "scope": "",
            "year": 2020,
        }
    )
    table = printed("indicators", frame)
    assert table["数值"].tolist() == [85.2, 57.9, 422.7, 89.0]
    assert table["单位"].tolist() == ["%", "亿元", "万㎡", "幢"]
    shown = display("indicators", frame)
    # The code and columns without any value are for machines, not for the page.
    assert not {"指标代码", "分子", "分母"} & set(shown.data.columns)


def test_codes_are_spelled_out() -> None:
    columns = TABLES["faults"].columns
    frame = pd.DataFrame([dict.fromkeys(columns, "x") | {"row": 3, "severity": "error"}])
    assert printed("faults", frame)["程度"].tolist() == ["错误"]


def test_published_figures_keep_their_own_unit_and_digits() -> None:
    frame = pd.DataFrame(
        {
            "figure": ["idle"],
            "published": [5000.0],
            "computed": [5012.25],
            "unit": ["㎡"],
            "status": ["differs"],
            "name_zh": ["闲置面积"],
            "year": [2020],
            "printed": ["5000㎡"],
            "note": [""],
        }
    )
    row = printed("published_check", frame).iloc[0]
    assert row[["公布数", "计算数", "单位", "核对结果"]].tolist() == [5000, 5012.25, "㎡", "不一致"]
    html = display("published_check", frame).to_html()
    assert "5,012.25" in html
    # The name stands first, in the place of the code.
    assert next(iter(display("published_check", frame).data.columns)) == "名称"


def test_chances_are_never_shown_as_none_or_sure() -> None:
    shares = [0.0, 0.0004, 0.25, 0.9996, 1.0, NAN]
    frame = pd.DataFrame({column: 1.0 for column in TABLES["yi_count"].columns}, index=range(6))
    frame = frame.assign(year=range(2021, 2027), now=1, p_more=shares)
    # The file keeps what was counted; the page says no more than a thousand draws can.
    assert printed("yi_count", frame)["增加的可能性(%)"].tolist()[:5] == [0.0, 0.0, 25.0, 100.0, 100.0]
    cells = re.findall(r"data row\d+ col5. >([^<]*)</td>", display("yi_count", frame).to_html())
    assert [unescape(cell) for cell in cells] == ["<0.1", "<0.1", "25.0", ">99.9", ">99.9", "—"]
